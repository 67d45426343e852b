"""Templates: whose file wins, and where a mistake is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import ConfigError
from bridge.wording.judging import oddities
from bridge.wording.templates import Templates
from tests.papers.many import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    return folder


def blocks(own: Path, **facts: object) -> dict[str, tuple[str, ...]]:
    """The blocks of a quotation that says ``facts``."""
    return Templates.of((own, SHIPPED)).blocks("angebot", "de", facts)


def test_the_workspace_s_own_file_wins(own: Path) -> None:
    text = (
        "{% extends 'brief.de.jinja' %}{% block opening %}Ahoi!{% endblock %}"
    )
    (own / "angebot.de.jinja").write_text(text, "utf-8")

    found = blocks(
        own, paper={"closing": "", "intro": ""}, firm={"company": "A"}
    )

    assert ("Ahoi!",) == found["opening"]
    assert "A" == found["closing"][-1]  # what it does not say its parent says


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("{% block opening %}\n{{ paper.\n{% endblock %}", 3, "expected"),
        (
            "{% block opening %}\n\n{{ papier.number }}\n{% endblock %}",
            3,
            "papier",
        ),
        ("{% block opening %}\n{% endblok %}", 2, "endblok"),
        ("{% block opening %}{{ ().__class__ }}{% endblock %}", 1, "unsafe"),
        (
            (
                "{% block opening %}\n{% for i in range(1000000000) %}"
                "{% endfor %}{% endblock %}"
            ),
            2,
            "steps",
        ),
        (
            (
                "{% block opening %}\n{% for i in range(9000) %}"
                "{% for j in range(9) %}{% endfor %}{% endfor %}{% endblock %}"
            ),
            2,
            "steps",
        ),
        ("{% block opening %}\n{{ 1 / 0 }}{% endblock %}", 2, "division"),
        (
            (
                "{% block opening %}\n{% macro a() %}{{ a() }}{% endmacro %}"
                "{{ a() }}{% endblock %}"
            ),
            2,
            "recursion",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(
    own: Path, text: str, line: int, reason: str
) -> None:
    (own / "angebot.de.jinja").write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        blocks(own, paper={"number": "1"})

    where = caught.value.where
    assert where is not None
    assert ("angebot.de.jinja", line) == (where.source, where.line)
    assert "papers.template" == caught.value.code
    assert reason in str(caught.value.facts["reason"])


def test_a_mistake_quotes_nobody(own: Path) -> None:
    text = "{% block opening %}{{ [].index(paper.name) }}{% endblock %}"
    (own / "angebot.de.jinja").write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        blocks(own, paper={"name": "Erika Kunde"})

    assert "Erika" not in caught.value.told("en")
    assert "ValueError" in str(caught.value.facts["reason"])


def test_a_parent_that_is_not_there_is_told(own: Path) -> None:
    (own / "angebot.de.jinja").write_text("{% extends 'x.jinja' %}", "utf-8")

    with pytest.raises(ConfigError) as caught:
        blocks(own)

    assert "x.jinja" in caught.value.told("en")


def test_a_text_without_an_end_is_a_mistake(own: Path) -> None:
    text = (
        "{% block opening %}{% for i in range(999) %}"
        "{{ '%1000d' % i }}{% endfor %}{% endblock %}"
    )
    (own / "angebot.de.jinja").write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        blocks(own)

    assert "signs" in str(caught.value.facts["reason"])


def test_a_template_in_another_encoding_is_told_with_its_line(
    own: Path,
) -> None:
    text = "{% block opening %}\nGrüße\n{% endblock %}"
    (own / "brief.de.jinja").write_text(text, "windows-1252")

    with pytest.raises(ConfigError) as caught:
        blocks(own, paper={"closing": ""}, firm={"company": "A"})
    [found] = Templates.of((own, SHIPPED)).mistakes()

    assert "brief.de.jinja:2" == str(caught.value.where)
    assert "papers.template_encoding" == caught.value.code == found.code
    assert 2 == found.line


def test_a_mark_of_the_encoding_is_no_text(own: Path) -> None:
    text = "{% block opening %}Grüße{% endblock %}"
    (own / "angebot.de.jinja").write_text(text, "utf-8-sig")

    assert ("Grüße",) == blocks(own)["opening"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "rechnung.de.jinja",
            (
                "{% extends 'brief.de.jinja' %}\n"
                "{% block eroeffnung %}A{% endblock %}"
            ),
            [("papers.template_block", 2, "eroeffnung")],
        ),
        (
            "rechnung.de.jinja",
            "{% block opening %}A{% endblock %}",
            [("papers.template_lacks", None, "closing, payment")],
        ),
        (
            "rechnungen.de.jinja",
            "{% extends 'brief.de.jinja' %}",
            [("papers.template_unused", None, "rechnungen.de.jinja")],
        ),
        ("mail_rechnung.de.html.jinja", "<p>{{ subject }}</p>", []),
        (
            "rechnung.de.jinja",
            (
                "{% extends 'brief.de.jinja' %}{% block opening %}"
                "{% block hello %}A{% endblock %}{% endblock %}"
            ),
            [],
        ),
        ("mail.de.html.jinja", "<p>{{ subject }}</p>", []),
    ],
)
def test_what_of_a_template_no_reader_sees_is_told(
    own: Path, name: str, text: str, told: list[tuple[str, int | None, str]]
) -> None:
    (own / name).write_text(text, "utf-8")

    found = list(oddities(own, SHIPPED))

    assert told == [(one.code, one.line, one.value) for one in found]
    assert all("warn" == one.severity for one in found)
    assert all(one.message("de") and one.hint("de") for one in found)


def test_a_template_that_another_one_uses_is_used(own: Path) -> None:
    (own / "kopf.de.jinja").write_text("{% extends 'brief.de.jinja' %}")
    (own / "rechnung.de.jinja").write_text("{% extends 'kopf.de.jinja' %}")

    assert [] == list(oddities(own, SHIPPED))


def test_the_shipped_templates_are_in_order() -> None:
    assert [] == list(oddities(SHIPPED, SHIPPED))

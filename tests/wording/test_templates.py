"""Templates: whose file wins, and where a mistake is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import ConfigError
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


def test_a_parent_that_is_not_there_is_told(own: Path) -> None:
    (own / "angebot.de.jinja").write_text("{% extends 'x.jinja' %}", "utf-8")

    with pytest.raises(ConfigError) as caught:
        blocks(own)

    assert "x.jinja" in caught.value.told("en")

"""The ledger is the bridge's alone, and a table has one writer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bridge.app import owners
from bridge.app.wiring import book_of
from bridge.app.wiring import check_book
from bridge.app.wiring import database_url
from bridge.config.loading import load
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.errors import Finding

TABLE = """
[[table]]
name = "{name}"
url = "{url}"
mapping = "{mapping}"
table = "{table}"
"""


def table(
    name: str = "a",
    url: str = "sqlite:///staging.sqlite",
    mapping: str = "bestellung",
    table: str = "bestellung",
) -> str:
    return TABLE.format(name=name, url=url, mapping=mapping, table=table)


def told(tmp_path: Path, text: str) -> list[Finding]:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")
    settings = load(tmp_path)
    return list(
        owners.mistakes(
            settings,
            book_of(tmp_path),
            lambda url: database_url(settings, url),
        )
    )


def places(found: list[Finding]) -> list[str]:
    return [f"{item.line}:{item.column} {item.code}" for item in found]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///state/ledger.sqlite",
        "sqlite+pysqlite:///state/ledger.sqlite",
        "sqlite:///./state/../state/ledger.sqlite",
        "sqlite:///state/jobs.sqlite",
        "sqlite:///{here}/state/ledger.sqlite",
        "sqlite:///linked/ledger.sqlite",
        "env:OTHER_URL",
    ],
)
@pytest.mark.parametrize("section", ["table", "source"])
def test_the_ledger_is_nobody_elses_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, section: str
) -> None:
    monkeypatch.setenv("OTHER_URL", "sqlite:///state/ledger.sqlite")
    (tmp_path / "state").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "state")
    text = table(url=url.format(here=tmp_path))
    text = text.replace("[[table]]", f"[[{section}]]")

    assert ["4:7 databases.own_ledger"] == places(told(tmp_path, text))


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("postgresql+psycopg://x@server/bridge", True),
        ("postgresql://x@SERVER:5432/bridge?sslmode=require", True),
        ("postgresql+psycopg://x@server/staging", False),
        ("postgresql+psycopg://x@other/bridge", False),
        ("mssql+pyodbc://x@server/bridge", False),
    ],
)
def test_a_server_may_hold_other_databases(
    tmp_path: Path, url: str, *, same: bool
) -> None:
    own = '[database]\nurl = "postgresql+psycopg://bridge@server/bridge"\n'

    found = places(told(tmp_path, own + table(url=url)))

    assert same == (["6:7 databases.own_ledger"] == found)


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (table("b"), True),
        (table("b", mapping="bestellaenderung"), True),
        (table("b", table="Bestellung"), True),
        (table("b", table="main.bestellung"), True),
        (table("b", table="bestellung_positionen"), True),
        (table("b", table="kunden", mapping="kundenanlage"), False),
        (table("b", url="sqlite:///other.sqlite"), False),
        (table("b", table="sonst.bestellung"), False),
    ],
)
def test_two_sections_never_write_into_one_table(
    tmp_path: Path, other: str, *, clash: bool
) -> None:
    found = told(tmp_path, table() + other)

    assert clash == (["12:9 databases.same_table"] == places(found)[:1])
    assert clash or not found


def test_lists_and_rehearsal_make_names_longer(tmp_path: Path) -> None:
    found = told(tmp_path, table(table="b" * 50))

    assert [("6:9 config.long_table", 67)] == [
        (f"{item.line}:{item.column} {item.code}", len(item.value or ""))
        for item in found
    ]


def test_nothing_begins_with_a_table_in_the_ledger(tmp_path: Path) -> None:
    text = table(url=f"sqlite:///{os.fspath(tmp_path)}/state/ledger.sqlite")
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        check_book(load(tmp_path), book_of(tmp_path))

    found = [item.code for item in caught.value.findings]
    assert ["databases.own_ledger"] == found

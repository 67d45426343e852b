"""What a clerk sees who never said which language: German, and readable."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

#: Words of the program that a German screen must not show.
ENGLISH = re.compile(
    r"\b(accepted|refused|partly|waiting|same|present|records?|mapping|line"
    r"|rows?|state|status|files?|marketplace|available|findings?|delivery"
    r"|submissions?|published|article|price|stock|content|purchased_at"
    r"|total|currency|acknowledged|message|outcome|issues|None|True|False)\b"
)
#: Names that are no words: of files, folders, fields, codes and commands.
NAMES = re.compile(
    r"`[^`]*`|\S*[/_.]\S*|\bbridge [^\n]*|^ {4}\w+:|\[\w+\]"
    r"|\bmissing:|\bin StockLevel\b",
    re.MULTILINE,
)


def english(text: str) -> list[str]:
    return ENGLISH.findall(NAMES.sub("", text))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the demo has run, German as it comes."""
    folder = tmp_path_factory.mktemp("house") / "demo"
    assert 0 == main(["demo", str(folder)])
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "delivery list",
        "delivery show 2",
        "offer list",
        "offer show 0010010",
        "offer show 0020900",
        "order list",
        "order show 302-0000001-0000001",
        "submission list",
        "submission show 1",
        "transfer list",
        "transfer run products --dry-run",
        "mapping check",
        "mapping test bestand",
        "status",
        "check",
        "find 0010010",
        "find Artikelstamm",
        "once --wait 1s",
    ],
)
def test_a_command_speaks_german(
    demo: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--workspace", str(demo), *words.split()])

    said = capsys.readouterr()
    assert said.out
    assert [] == english(said.out + said.err)


@pytest.mark.parametrize(
    ("words", "key", "value"),
    [
        ("delivery list", "state", "accepted"),
        ("order list", "status", "UNSHIPPED"),
        ("submission list", "kind", "call"),
        ("transfer list", "does", "articles, prices and stock to Amazon"),
    ],
)
def test_json_is_the_same_in_every_language(
    demo: Path,
    words: str,
    key: str,
    value: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--workspace", str(demo), "--json", *words.split()])

    rows = json.loads(capsys.readouterr().out)
    assert value == rows[0][key]


def test_the_demo_speaks_german_and_keeps_every_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["demo", str(tmp_path / "demo")])

    said = capsys.readouterr().out
    assert "== Eingegangene Dateien ==" in said
    assert "24,90 (19,92) / B2B 24,90 EUR" in said
    assert "42,27 EUR" in said
    assert [] == english(said)


def test_an_offer_shows_prices_and_measures_as_people_write_them(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--workspace", str(demo), "offer", "show", "0010010"])

    said = capsys.readouterr().out
    assert "24,90 EUR, Aktion 19,92 EUR" in said
    assert "item_weight: 0,42 kg" in said


def test_a_preview_shows_measures_as_people_write_them(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = demo.glob("archive/*/*/2_Artikelstamm*.csv")

    words = ["mapping", "preview", "artikelstamm", str(path)]
    main(["--workspace", str(demo), *words])

    said = capsys.readouterr().out
    assert "    weight: 0,42 kg\n" in said
    assert "{" not in said
    assert [] == english(said)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("order list", "302-0000001-0000001"),
        ("delivery list", "Artikelstamm_geaendert_"),
        ("submission list", "putListingsItem"),
        ("find 0010010", "PROBE_Bestellung_302-0000001-0000001_"),
        ("delivery show 2", "Prüfziffer"),
    ],
)
def test_a_narrow_screen_cuts_nothing_off(
    demo: Path,
    words: str,
    whole: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")

    main(["--workspace", str(demo), *words.split()])

    lines = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()
    assert whole in "\n".join(lines)
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if "…" in line and "Buch…" not in line]


def test_a_warning_is_marked_in_the_language_of_the_reader(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    order = "Referenznummer;Status;Belegnummer\n1;angelegt;2\n"
    house.drop("Auftragsrueckmeldung.csv", order)
    house.once()

    main(["--workspace", str(house.path), "delivery", "show", "1"])

    assert "(warning) " in capsys.readouterr().out


def test_what_is_not_there_is_a_dash(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.drop("Urlaub.csv", "a;b\n1;2\n")
    house.once()

    main(["--workspace", str(house.path), "delivery", "show", "1"])

    said: Any = capsys.readouterr().out
    assert re.search(r"^mapping +-$", said, re.MULTILINE)

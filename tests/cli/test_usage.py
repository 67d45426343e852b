"""A slip on the command line is told in the reader's language, as JSON too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bridge.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

SLIPS = {
    "": "cli.no_command",
    "delivery": "cli.no_command",
    "nonsense": "cli.no_such_command",
    "delivery lst": "cli.no_such_command",
    "--foo": "cli.no_such_option",
    "offer list --problm": "cli.no_such_option",
    "once --wait": "cli.option_needs_value",
    "delivery show": "cli.missing_argument",
    "mapping preview artikelstamm": "cli.missing_argument",
    "delivery show x": "cli.number_expected",
    "delivery show 0": "cli.number_expected",
    "submission show -- -1": "cli.number_expected",
    "once a b": "cli.too_many_arguments",
    "once --wait 5x": "config.not_a_duration",
}
ENGLISH = ("No such", "Missing", "Invalid", "requires", "Usage", "Input")


@pytest.mark.parametrize(("words", "code"), SLIPS.items())
def test_a_slip_is_a_json_document_with_json(
    words: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--workspace", str(tmp_path), "--json", *words.split()]

    assert 2 == main(given)

    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert code == error["code"]
    assert {"code", "message", "where", "hint", "findings"} == set(error)
    assert "" == said.err


@pytest.mark.parametrize("words", [words for words in SLIPS if " " in words])
def test_a_slip_is_told_in_german(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--workspace", str(tmp_path), *words.split()]

    assert 2 == main(given)

    said = capsys.readouterr()
    assert "" == said.out
    assert "itte" in said.err or "Gemeint" in said.err
    assert not [word for word in ENGLISH if word in said.err]


def test_the_nearest_word_is_offered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["offer", "list", "--problm"])
    option = capsys.readouterr().err
    main(["delivry", "list"])
    command = capsys.readouterr().err

    assert "„--problem“" in option
    assert "„delivery“" in command


def test_a_call_as_it_should_be_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["mapping", "preview", "artikelstamm"])

    assert "bridge mapping preview NAME FILE" in capsys.readouterr().err


def test_without_a_command_the_help_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 2 == main([])

    said = capsys.readouterr()
    assert "Commands:" in said.err
    assert "Es fehlt, was zu tun ist." in said.err


@pytest.mark.parametrize("text", ["", "  "])
def test_a_search_for_nothing_says_what_to_give(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(["--workspace", str(tmp_path), "find", text])

    said = capsys.readouterr()
    assert "" == said.out
    assert "SKU, EAN" in said.err
    assert not (tmp_path / "state").exists()


def test_a_slip_is_told_in_the_language_of_the_workspace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[bridge]\nlanguage = "en"\nmandnat = 1\n'
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    main([f"--workspace={tmp_path}", "nonsense"])
    slip = capsys.readouterr().err
    main(["status", "--workspace", str(tmp_path)])
    settings = capsys.readouterr().err

    assert "There is no command 'nonsense'." in slip
    assert "There is no setting of this name." in settings

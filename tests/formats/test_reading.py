from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import InputError
from bridge.formats import source
from bridge.formats.reading import detect
from bridge.formats.reading import open_file
from bridge.messages import catalogue
from bridge.model.record import Profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drop = Callable[[str, bytes | str], Path]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "x", "csv"),
        ("a.TXT", "x", "txt"),
        ("a.xml", "x", "xml"),
        ("a.json", "x", "json"),
        ("a.jsonl", "x", "json"),
        ("a.ndjson", "x", "json"),
        ("a.xlsx", "x", "xlsx"),
        ("a.dat", "<A/>", "xml"),
        ("a", '\ufeff {"a": 1}', "json"),
        ("a.asc", "[1]", "json"),
        ("a.asc", b"PK\x03\x04", "xlsx"),
        ("a.asc", "A;B\n1;2", "csv"),
        ("a.asc", "A\tB\n1\t2", "txt"),
    ],
)
def test_extension_then_content_say_the_format(
    drop: Drop, name: str, content: str | bytes, expected: str
) -> None:
    assert expected == detect(drop(name, content))


@pytest.mark.parametrize("content", ["no idea", b"\0\1;\2", ""])
def test_an_unknown_format_is_refused(
    drop: Drop, content: str | bytes
) -> None:
    with pytest.raises(InputError) as caught:
        detect(drop("a.bin", content))

    assert "formats.unknown" == caught.value.code


@pytest.mark.parametrize("name", ["csv", "txt", "xml", "json", "xlsx"])
def test_a_file_beyond_the_limit_is_not_opened(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(source, "LARGEST_FILE", 3)
    path = drop(f"a.{name}", "1234")
    profile = Profile(format=detect(path), record="A")

    with pytest.raises(InputError) as caught:
        open_file(path, profile)

    assert "formats.size" == caught.value.code


def test_both_languages_know_every_code_with_a_hint() -> None:
    english = _formats("en")

    assert english == _formats("de")
    for code in english:
        assert catalogue.advice(code, {}, "en")
        assert catalogue.advice(code, {}, "de")


def _formats(language: str) -> set[str]:
    known = catalogue.codes(language)
    return {code for code in known if code.startswith("formats.")}

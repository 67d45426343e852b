from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files.inbox import safe_name
from bridge.model.filenames import allowed
from bridge.model.filenames import ignored
from bridge.model.filenames import readable


@pytest.mark.parametrize(
    ("dangerous", "safe"),
    [
        ("Artikel für Köln.csv", "Artikel für Köln.csv"),
        (unicodedata.normalize("NFD", "Müller.csv"), "Müller.csv"),
        ("a\x00b\x1b[31m\n.csv", "ab[31m.csv"),
        ("bill\u202evsc.exe", "billvsc.exe"),
        ("preise.csv. . ", "preise.csv"),
        ("CON", "_CON"),
        ("nul.csv", "_nul.csv"),
        ("Com1 .txt", "_Com1 .txt"),
        ("console.csv", "console.csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\x.csv", "_.._x.csv"),
        ("a:b.csv", "a_b.csv"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("x" * 300 + ".csv", "x" * 146 + ".csv"),
        ("ü" * 300 + ".csv", "ü" * 98 + ".csv"),
        ("x." + "y" * 300, "x." + "y" * 148),
    ],
)
def test_a_dangerous_name_gets_a_safe_one(dangerous: str, safe: str) -> None:
    assert safe == safe_name(dangerous)


@given(st.text())
def test_a_safe_name_is_safe_whatever_it_was(name: str) -> None:
    safe = safe_name(name)

    assert safe == safe_name(safe)
    assert allowed(safe)
    assert 0 < len(safe) <= 150
    assert len(safe.encode()) <= 200


def test_bytes_that_are_not_utf8_are_read_as_cp1252() -> None:
    assert readable(os.fsdecode("Müller.csv".encode("cp1252"))) == "Müller.csv"


@pytest.mark.parametrize(
    "name",
    [
        ".verborgen",
        "~$Preise.xlsx",
        "a.tmp",
        "a.TMP",
        "a.part",
        "a.filepart",
        "a.crdownload",
        "a.csv.protokoll.csv",
    ],
)
def test_what_is_hidden_or_in_the_making_is_ignored(name: str) -> None:
    assert ignored(name)


@pytest.mark.parametrize("name", ["a.csv", "protokoll.csv", "~a", "part"])
def test_other_names_are_not_ignored(name: str) -> None:
    assert not ignored(name)

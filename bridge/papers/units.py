"""Sage's units become codes of UN/ECE Recommendation 20.

``mappings/einheiten.csv`` is kept by a person; rows of the workspace's own
file win over those that are shipped. A unit nobody translated is never
guessed: ``STK`` would be a code too, for sticks of cigarettes (documents.md
D4).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from dataclasses import field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

FILE = "einheiten.csv"
WORD, CODE, ENGLISH = "Mengeneinheit", "Code", "Englisch"
PIECE = "C62"
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """What a quantity counts.

    Attributes:
        word: As Sage writes it.
        code: UN/ECE Recommendation 20.
        english: For papers in English.
    """

    word: str
    code: str
    english: str = ""

    def said(self, language: str) -> str:
        """The word on a paper."""
        return self.word if language == "de" else self.english or self.word


PIECES = Unit("", PIECE)


@dataclass(frozen=True)
class Units:
    """The table of units, by Sage's word in small letters."""

    rows: Mapping[str, Unit] = field(default_factory=dict)

    def find(self, word: str | None) -> Unit | None:
        """A unit; no word means pieces."""
        if not word:
            return PIECES
        found = self.rows.get(word.strip().casefold())
        return found and Unit(word.strip(), found.code, found.english)

    def near(self, word: str) -> str:
        """The known words that look most like one, else the first few."""
        known = [unit.word for unit in self.rows.values()]
        near = get_close_matches(word, known, MOST_NEAR, 0.4)
        return ", ".join(near or known[:MOST_NEAR])


def read_units(folders: Iterable[Path]) -> Units:
    """The units of a workspace.

    Args:
        folders: Where ``einheiten.csv`` may lie; earlier ones win.
    """
    rows: dict[str, Unit] = {}
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                word, code = (row.get(WORD) or "").strip(), row.get(CODE)
                if word and code:
                    unit = Unit(word, code.strip(), row.get(ENGLISH) or "")
                    rows.setdefault(word.casefold(), unit)
    return Units(rows)

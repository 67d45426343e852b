"""Carriers in the merchant's words become Amazon's codes.

``mappings/versender.csv`` is kept by a person; rows of the workspace's own
file win over those that are shipped. Upper case, spaces and hyphens do not
matter. Amazon's codes themselves (``carriers.txt``) are always understood.

The link of a carrier's page stands once for each of Amazon's codes; a row of
another word for it needs none.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

FILE = "versender.csv"
WORD, CODE, METHOD, NAME, LINK = (
    *("Frachtfuehrer", "CarrierCode"),
    *("ShippingMethod", "CarrierName", "Sendungslink"),
)
TRACKING = "{tracking}"  # where a link has the number
SAFE = "https://"
OTHER = "Other"  # Amazon wants a carrierName with it
LONGEST_METHOD = 50  # characters (amazon.md M6)
NEAR, MOST_NEAR = 0.5, 3
CODES = tuple(
    (Path(__file__).parent / "carriers.txt").read_text("utf-8").splitlines()
)


@dataclass(frozen=True)
class Carrier:
    """Who brings a parcel, as Amazon calls it.

    Attributes:
        code: One of Amazon's carrier codes.
        name: Only with ``Other``: what the carrier is called.
        method: Amazon's shippingMethod, where one is known.
        link: The page that shows where a parcel is; ``{tracking}`` stands
            for its number.
    """

    code: str
    name: str = ""
    method: str = ""
    link: str = ""

    def page_of(self, tracking: str) -> str:
        """The page of one parcel; empty where none is known."""
        return self.link.replace(TRACKING, quote(tracking, safe=""))


@dataclass(frozen=True)
class Carriers:
    """The table of carriers.

    Attributes:
        rows: By the merchant's word, made plain.
        words: How the words are written.
        problems: Rows whose code Amazon does not know, or whose link is
            none.
        links: By Amazon's code.
    """

    rows: Mapping[str, Carrier] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def find(self, word: str) -> Carrier | None:
        """A carrier by the merchant's word for it."""
        found = self.rows.get(_plain(word)) or _of_amazon(word)
        if found is None:
            return None
        if not found.link and found.code != OTHER:
            found = replace(found, link=self.links.get(found.code, ""))
        if found.code != OTHER or found.name:
            return found
        return replace(found, name=word)

    def near(self, word: str) -> list[str]:
        """The known words that look most like one."""
        known = {_plain(name): name for name in (*CODES, *self.words)}
        near = get_close_matches(_plain(word), known, MOST_NEAR, NEAR)
        return [known[name] for name in near]


def read_carriers(folders: Iterable[Path]) -> Carriers:
    """The table of several folders; an earlier folder's row wins."""
    rows: dict[str, Carrier] = {}
    words: dict[str, str] = {}
    links: dict[str, str] = {}
    problems: list[Finding] = []
    for path in (folder / FILE for folder in folders):
        for line, row in _rows(path):
            plain = _plain(row[WORD])
            found = _carrier(row)
            if found is None:
                facts = {"near": ", ".join(Carriers().near(row[CODE]))}
                problems.append(_unknown(path, line, row[CODE], facts))
                continue
            if found.link and not _is_link(found.link):
                problems.append(_no_link(path, line, found.link))
            if plain not in rows:
                rows[plain], words[plain] = found, row[WORD]
            if found.link:
                links.setdefault(found.code, found.link)
    return Carriers(rows, tuple(words.values()), tuple(problems), links)


def _is_link(text: str) -> bool:
    """Whether a customer may be sent there; a page need not take numbers."""
    rest = text.replace(TRACKING, "")
    return text.startswith(SAFE) and not set(rest) & set('{} "<>')


def _no_link(path: Path, line: int, value: str) -> Finding:
    code = "shipments.bad_link"
    return Finding(code, line, LINK, value, turn="mapping", source=str(path))


def _unknown(
    path: Path, line: int, value: str, facts: dict[str, str]
) -> Finding:
    code = "shipments.bad_carrier_code"
    return Finding(
        code, line, CODE, value, turn="mapping", facts=facts, source=str(path)
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file that say something, with their lines."""
    if not path.is_file():
        return
    reader = csv.DictReader(_text(path).splitlines(), delimiter=";")
    for row in reader:
        said = {
            name: " ".join((row.get(name) or "").split())
            for name in (WORD, CODE, METHOD, NAME, LINK)
        }
        if said[WORD]:
            yield reader.line_num, said


def _text(path: Path) -> str:
    """A table a person keeps in Excel: UTF-8, or Windows-1252."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", errors="replace")


def _carrier(row: Mapping[str, str]) -> Carrier | None:
    known = _of_amazon(row[CODE])
    if known is None:
        return None
    method = row[METHOD][:LONGEST_METHOD]
    return Carrier(known.code, row[NAME], method, row[LINK])


def _of_amazon(word: str) -> Carrier | None:
    """A carrier by Amazon's code, as it is or nearly so."""
    return Carrier(word) if word in CODES else _CODES.get(_plain(word))


def _plain(word: str) -> str:
    """A word without what people write one way or another."""
    return "".join(sign for sign in word.casefold() if sign.isalnum())


#: By their plain form; of two that differ in writing only, the first.
_CODES = {_plain(code): Carrier(code) for code in reversed(CODES)}

"""Reports in text: a row a line, a tab between cells, names on top.

What stands on top depends on the account: another language, another order,
columns without a meaning. Cells are known by their names only.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    Row = Mapping[str, str]

LONGEST = 1 << 20  # characters of a cell


@contextmanager
def open_rows(
    path: Path,
    encoding: str,
    synonyms: Mapping[str, Sequence[str]],
    needed: Sequence[str],
) -> Iterator[Iterator[Row]]:
    """The rows of a report, each a cell by the name of its column.

    Args:
        path: The document.
        encoding: Of its text; what does not decode becomes a sign for it.
        synonyms: The names a column has been seen under, by ours.
        needed: Ours that must be there.

    Raises:
        InputError: ``reports.no_column``: one that is needed is not.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        csv.field_size_limit(LONGEST)
        rows = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(rows, [])
        places = _places(head, synonyms)
        for name in needed:
            if name not in places:
                raise InputError(
                    "reports.no_column",
                    value=name,
                    found=", ".join(filter(None, head)),
                )
        yield (_row(row, places) for row in rows if any(row))


def _places(
    head: Sequence[str], synonyms: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Where each column stands; of two of one name the first counts."""
    seen: dict[str, int] = {}
    for number, cell in enumerate(head):
        seen.setdefault(_plain(cell), number)
    return {
        name: seen[_plain(one)]
        for name, others in synonyms.items()
        for one in reversed((name, *others))
        if _plain(one) in seen
    }


def _plain(cell: str) -> str:
    return cell.strip().strip('"').casefold()


def _row(row: Sequence[str], places: Mapping[str, int]) -> Row:
    """The cells of a row; a short row lacks its last ones."""
    return {
        name: row[place].strip() if place < len(row) else ""
        for name, place in places.items()
    }

"""What is known of the files that articles name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.ledger.mediatables import media_file
from bridge.ledger.writing import marks
from bridge.ledger.writing import put
from bridge.ledger.writing import run
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

    from bridge.ledger.engine import Transaction

PICTURE = "picture"

_NAMED = """
SELECT DISTINCT article, variant, key FROM document
WHERE mandant = ? AND kind = 'Media' AND NOT gone
  AND (article, variant, key) > (?, ?, ?)
ORDER BY article, variant, key LIMIT ?
"""


class Named(NamedTuple):
    """A file as an article names it: as a picture, or as a paper."""

    article: str
    variant: int
    file: str
    picture: bool


class Looked(NamedTuple):
    """A file as it was when it was last looked at.

    Attributes:
        size: Bytes; nothing if there was no such file.
        longest: Pixels of the longest side of a picture.
        fault: What is wrong with it, the code of a message.
        published: Under which name Amazon may fetch it: the last content
            without a fault, even if the file is gone since.
        asked: The address that was asked, where the bridge does not see
            the file itself.
        asked_at: When, UTC microseconds.
    """

    article: str
    variant: int
    file: str
    picture: bool
    size: int | None = None
    mtime_ns: int | None = None
    longest: int | None = None
    fault: str | None = None
    published: str | None = None
    asked: str | None = None
    asked_at: int | None = None

    @property
    def named(self) -> Named:
        """Whose file it is."""
        return Named(*self[:4])

    def differs(self, was: Looked | None) -> bool:
        """Whether a listing would say anything else than before."""
        mine = (self.longest, self.fault, self.published)
        return was is None or mine != (was.longest, was.fault, was.published)

    def is_as(self, size: int, mtime_ns: int) -> bool:
        """Whether a file of this size and age is the one that was seen."""
        return (self.size, self.mtime_ns) == (size, mtime_ns)


#: A place in the order of what is named, and where that begins.
Mark = tuple[str, int, str]
START: Mark = ("", -1, "")


def named(
    tx: Transaction, mandant: int, after: Mark, most: int
) -> tuple[list[Named], Mark | None]:
    """The next files that articles name, in the order of the articles.

    Returns:
        They, and where to go on; nothing at the end.
    """
    rows: Any = run(tx, _NAMED, (mandant, *after, most)).all()
    found = []
    for article, variant, key in rows:
        kind, file = key.split(KEY_SEPARATOR)[2:4]
        found.append(Named(article, variant, file, kind == PICTURE))
    last = (*rows[-1],) if len(rows) == most else None
    return list(dict.fromkeys(found)), last


def of_articles(
    tx: Transaction, mandant: int, articles: Iterable[str]
) -> dict[Named, Looked]:
    """What is known of the files of some articles."""
    names = sorted(set(articles))
    rows: Any = run(
        tx,
        f"SELECT {', '.join(Looked._fields)} FROM media_file"  # noqa: S608 - our own names
        f" WHERE mandant = ? AND article IN ({marks(len(names))})",
        (mandant, *names),
    )
    made = [Looked._make(row) for row in rows.all()]
    return {one.named: one for one in made}


def keep(tx: Transaction, mandant: int, files: Sequence[Looked]) -> None:
    """Write down files as they are now; twice is harmless."""
    rows = [
        {"mandant": mandant, **one._asdict(), "picture": int(one.picture)}
        for one in files
    ]
    put(tx, media_file, rows)

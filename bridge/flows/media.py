"""The files that articles name are looked at, and shown to Amazon.

What lies in the folder of media changes without a word of Sage's: a look
compares size and age, and reads what differs. A picture or paper without a
fault is copied to the web server under a name that changes with its bytes:
Amazon may not read an address again that it knows (amazon.md, attribute
table: Images). Composing reads only what is written down here.

Twice is harmless: what is as it was is not read again. A crash in a lot
repeats the lot; what was copied already has its name.
"""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import door
from bridge.flows.raising import raise_compose
from bridge.formats.pdfdoc import pdf_fault
from bridge.formats.picturefile import picture_of
from bridge.ledger import dues
from bridge.ledger import mediafiles
from bridge.ledger import touches
from bridge.ledger.mediafiles import Looked
from bridge.model.filenames import allowed

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.config.media import Media
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.mediafiles import Named
    from bridge.ports import Desk

ERRAND, ASKED = "media", "addresses"
DOCUMENT = "Media"
LOT = 500  # files of one commit
MB = 1_000_000  # bytes
#: Of a PDF. Amazon publishes no limit of the address; so much its own upload
#: of such papers is said to take.
LARGEST_PAPER = 10 * MB
LARGEST_PICTURE = 100 * MB  # read whole; 10,000 pixels as a PNG are less
SMALLEST, WIDEST = 500, 10_000  # pixels (amazon.md, attribute table: Images)
PAPER_FAULTS = {
    "no_pdf": "media.no_pdf",
    "cut": "media.cut",
    "encrypted": "media.encrypted",
}


@dataclass(frozen=True)
class Places:
    """Where files lie, and where a web server shows them."""

    folder: Path
    publish: Path | None
    desk: Desk

    def reach(self) -> None:
        """See that both are there: an empty mount point is no empty folder.

        Raises:
            PlaceError: One of them cannot be reached.
        """
        for folder in filter(None, (self.folder, self.publish)):
            with door(folder):
                folder.stat()

    def shows(self, was: Looked) -> bool:
        """Whether a file is shown as these settings want it."""
        if was.fault is not None:
            return True
        if self.publish is None or was.published is None:
            return was.published == was.file
        named_anew = was.published != was.file
        return named_anew and (self.publish / was.published).exists()

    def show(self, file: str, content: bytes) -> str:
        """Let Amazon see the bytes; the name under which it does.

        Twice is harmless: a name belongs to its bytes.
        """
        if self.publish is None:
            return file
        name = published_name(file, content)
        self.desk.replace_whole(self.publish / name, content)
        return name


def errand_of(parts: Parts) -> str | None:
    """How files are checked: in their folder, else at their address.

    Only live addresses are asked; without either nothing is checked.
    """
    settings = parts.settings.media
    if settings.folder is not None:
        return ERRAND
    asks = parts.web is not None and settings.base_url.startswith("http")
    return ASKED if asks else None


def raise_media(parts: Parts, tx: Transaction) -> None:
    """Have the files checked that articles name, if anybody does."""
    errand = errand_of(parts)
    if errand is not None:
        at = parts.clock.now()
        dues.raise_due(tx, errand, str(parts.mandant), lane=errand, at=at)


def media(parts: Parts, key: str, generation: int) -> None:
    """Look at every file that an article names; compose what changed.

    Raises:
        PlaceError: A folder cannot be reached; nothing changes meanwhile.
    """
    places = _places(parts.settings.media, parts.desk)
    mark: mediafiles.Mark | None = mediafiles.START if places else None
    while places is not None and mark is not None:
        places.reach()
        with parts.ledger.read() as tx:
            names, mark = mediafiles.named(tx, parts.mandant, mark, LOT)
            articles = {one.article for one in names}
            known = mediafiles.of_articles(tx, parts.mandant, articles)
        looked = [look(places, one, known.get(one)) for one in names]
        seen = [one for one in looked if one is not None]
        keep(parts, known, seen)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _places(settings: Media, desk: Desk) -> Places | None:
    if settings.folder is None:
        return None
    return Places(settings.folder, settings.publish, desk)


def keep(
    parts: Parts, known: Mapping[Named, Looked], seen: Sequence[Looked]
) -> None:
    """What was seen, and its articles to be composed, in one commit.

    Args:
        parts: The pieces.
        known: What was written down before.
        seen: What it is like now.
    """
    other = [one for one in seen if one != known.get(one.named)]
    if not other:
        return
    news = [one for one in other if one.differs(known.get(one.named))]
    with parts.ledger.write() as tx:
        mediafiles.keep(tx, parts.mandant, other)
        for place in {(one.article, one.variant) for one in news}:
            touches.touch(tx, parts.mandant, *place)
        if news:
            raise_compose(parts, tx)
    parts.log.info("media.looked", files=len(other))


def look(places: Places, named: Named, was: Looked | None) -> Looked | None:
    """What a file is like now; nothing while somebody writes it.

    Args:
        places: Where it lies.
        named: As what an article names it.
        was: How it was last time.
    """
    last = (was or Looked(*named))._replace(asked=None, asked_at=None)
    if not allowed(named.file):
        return last._replace(fault="media.bad_name")
    path = places.folder / named.file
    try:
        seen = path.stat()
        if last.is_as(seen.st_size, seen.st_mtime_ns) and places.shows(last):
            return last
        return _read(places, path, seen, last)
    except FileNotFoundError:
        return _away(last, "media.missing")
    except OSError:
        return _away(last, "media.unreadable")


def _away(last: Looked, fault: str) -> Looked:
    """What Amazon saw of it stays: nothing is taken back by a lost file."""
    return last._replace(size=None, mtime_ns=None, fault=fault)


def _read(
    places: Places, path: Path, seen: os.stat_result, last: Looked
) -> Looked | None:
    """A file that differs; what is still written to is left as it was."""
    now = last._replace(size=seen.st_size, mtime_ns=seen.st_mtime_ns)
    if not stat.S_ISREG(seen.st_mode):
        return _away(last, "media.missing")
    if seen.st_size > LARGEST_PICTURE:
        return now._replace(fault="media.too_large")
    content = path.read_bytes()
    again = path.stat()
    if not now.is_as(again.st_size, again.st_mtime_ns):
        return None
    picture = picture_of(content) if last.picture else None
    now = now._replace(longest=picture.longest if picture else None)
    fault = picture_fault(content) if last.picture else paper_fault(content)
    if fault is not None:
        return now._replace(fault=fault)
    shown = places.show(last.file, content)
    return now._replace(fault=None, published=shown)


def picture_fault(content: bytes) -> str | None:
    """Why Amazon would not take a picture, as the code of a message."""
    if not content:
        return "media.empty"
    picture = picture_of(content)
    if picture is None:
        return "media.no_picture"
    if not picture.whole:
        return "media.cut"
    if picture.longest is not None and picture.longest < SMALLEST:
        return "media.too_small"
    if picture.longest is not None and picture.longest > WIDEST:
        return "media.too_wide"
    return None


def paper_fault(content: bytes) -> str | None:
    """Why Amazon would not take a paper, as the code of a message."""
    if not content:
        return "media.empty"
    if len(content) > LARGEST_PAPER:
        return "media.too_large"
    fault = pdf_fault(content)
    return None if fault is None else PAPER_FAULTS[fault]


def published_name(file: str, content: bytes) -> str:
    """The name of a file on the web server: other bytes, another name."""
    path, digest = Path(file), hashlib.sha256(content).hexdigest()
    return f"{path.stem}.{digest[:8]}{path.suffix}"

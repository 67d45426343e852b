"""Whether the addresses of files show what they should, live only.

Where the bridge does not see the files themselves it asks their addresses, as
Amazon will: a few a second, each once a day. Nobody is asked in rehearsal.
What was good stays told while a server is away. Twice is harmless.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.flows import media
from bridge.formats.pdfdoc import HEAD
from bridge.formats.picturefile import picture_of
from bridge.ledger import dues
from bridge.ledger import mediafiles
from bridge.ledger.mediafiles import Looked
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.ledger.mediafiles import Named
    from bridge.ports.web import Answer
    from bridge.ports.web import Web

    Known = dict[Named, Looked]

MOST = 50  # addresses of one errand: a few seconds, then others have a turn
PAUSE = timedelta(milliseconds=250)  # between two: no server is stormed
AGAIN = timedelta(days=1)
SOON = timedelta(hours=1)  # where nobody answered
NO_ANSWER = "media.no_answer"
SHOWN = 200


def ask(parts: Parts, key: str, generation: int) -> None:
    """Ask the addresses whose time has come; the rest is due again."""
    left = MOST
    for names, known in _lots(parts) if parts.web is not None else ():
        ripe = [one for one in names if _is_ripe(parts, known.get(one), one)]
        asked = [_asked(parts, one, known.get(one)) for one in ripe[:left]]
        media.keep(parts, known, asked)
        left -= len(ripe)
        if left < 0:
            break
    with parts.ledger.write() as tx:
        dues.done(tx, media.ASKED, key, generation)
        if left < 0:
            media.raise_media(parts, tx)


def _lots(parts: Parts) -> Iterator[tuple[list[Named], Known]]:
    mark: mediafiles.Mark | None = mediafiles.START
    while mark is not None:
        with parts.ledger.read() as tx:
            names, mark = mediafiles.named(tx, parts.mandant, mark, media.LOT)
            articles = {one.article for one in names}
            known = mediafiles.of_articles(tx, parts.mandant, articles)
        yield names, known


def _is_ripe(parts: Parts, was: Looked | None, named: Named) -> bool:
    """Never asked, asked long ago, or called otherwise since."""
    address = parts.settings.media.address(named.file)
    if was is None or was.asked != address or was.asked_at is None:
        return True
    pause = SOON if was.fault == NO_ANSWER else AGAIN
    since = micros(parts.clock.now()) - was.asked_at
    return since >= pause / timedelta(microseconds=1)


def _asked(parts: Parts, named: Named, was: Looked | None) -> Looked:
    """What an address shows now; the last good answer stays told."""
    web: Web | None = parts.web
    address = parts.settings.media.address(named.file)
    parts.clock.sleep(PAUSE)
    answer = web.ask(address) if web is not None else None
    fault = NO_ANSWER if answer is None else fault_of(answer, named)
    good = was is not None and was.asked == address and was.published
    return Looked(
        *named,
        fault=fault,
        published=named.file if good or fault is None else None,
        asked=address,
        asked_at=micros(parts.clock.now()),
    )


def fault_of(answer: Answer, named: Named) -> str | None:
    """Why Amazon would not take what it finds, as the code of a message."""
    if not answer.status:
        return NO_ANSWER
    if answer.status != SHOWN:
        return "media.not_public"
    if answer.size == 0:
        return "media.empty"
    return _picture_fault(answer) if named.picture else _paper_fault(answer)


def _paper_fault(answer: Answer) -> str | None:
    if answer.type != "application/pdf":
        return "media.other_type"
    if answer.size is not None and answer.size > media.LARGEST_PAPER:
        return "media.too_large"
    if answer.start and HEAD not in answer.start:
        return "media.no_pdf"
    return None


def _picture_fault(answer: Answer) -> str | None:
    if not answer.type.startswith("image/"):
        return "media.other_type"
    if answer.start and picture_of(answer.start) is None:
        return "media.no_picture"
    return None

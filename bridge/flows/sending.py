"""One submission on its way to Amazon, whatever happens halfway.

A document is brought once. A feed that may have arrived is looked for before
it is sent again: twice would be two feeds (decisions 19).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.ledger import submissions

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.submissions import Submission
    from bridge.ports import Feed

CLOCKS = timedelta(seconds=60)  # Amazon's clock and ours may differ
SURE = timedelta(minutes=5)  # a feed Amazon does not list by then is not there
LOOK = timedelta(minutes=1)  # between two looks


def send_feed(parts: Parts, row: Submission, feed: Feed) -> str:
    """Bring a feed to Amazon, at most once.

    Returns:
        Amazon's receipt. The caller writes it down.

    Raises:
        ThrottledError: Not now, or it is not known yet whether the feed
            arrived; neither spends an attempt.
        TransientError: Nobody can say whether it arrived; the next attempt
            looks first.
        RefusedError: Amazon declined it; nothing was made of it.
    """
    found = _arrived(parts, row, feed)
    if found is not None:
        return found
    document = row.document
    if document is None:
        document = parts.marketplace.upload(feed)
        with parts.ledger.write() as tx:
            submissions.uploaded(tx, row.id, document)
    with parts.ledger.write() as tx:
        submissions.asked(tx, row.id, parts.clock.now())
    try:
        return parts.marketplace.submit(feed, document)
    except (ThrottledError, RefusedError):
        with parts.ledger.write() as tx:
            submissions.asked(tx, row.id, None)  # it surely did not arrive
        raise


def _arrived(parts: Parts, row: Submission, feed: Feed) -> str | None:
    """The receipt of an earlier attempt that nobody heard of.

    Raises:
        ThrottledError: It is too early to be sure that there is none.
    """
    if row.asked_at is None:
        return None
    listed = parts.marketplace.find(feed, row.asked_at - CLOCKS)
    with parts.ledger.read() as tx:
        known = submissions.receipts(tx, parts.side, row.operation)
    unknown = [one for one in listed if one not in known]
    if unknown:
        return unknown[-1]  # Amazon lists the newest first
    if parts.clock.now() - row.asked_at < SURE:
        raise ThrottledError("offers.looking", retry_after=LOOK)
    return None

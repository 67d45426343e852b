"""One submission on its way to Amazon, whatever happens halfway.

A document is brought once. A feed that may have arrived is looked for before
it is sent again: twice would be two feeds (decisions 19).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import submissions
from bridge.ledger import tellings
from bridge.mapping.orderfeeds import MOST_MESSAGES
from bridge.ports import Feed
from bridge.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.accounts import Errand
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.submissions import Message
    from bridge.ledger.submissions import Submission
    from bridge.ledger.tellings import Telling
    from bridge.ports import Call

    Refused = dict[int, list[dict[str, Any]]]
    Land = Callable[[Parts, Transaction, "Landing"], None]

T = TypeVar("T")
CLOCKS = timedelta(seconds=60)  # Amazon's clock and ours may differ
SURE = timedelta(minutes=5)  # a feed Amazon does not list by then is not there
LOOK = timedelta(minutes=1)  # between two looks
LINES = 2  # calls under way; more arrive too close together
#: What moves money is never sent again by itself (decisions 19).
MONEY = frozenset({"POST_PAYMENT_ADJUSTMENT_DATA"})
IN_DOUBT = "refunds.in_doubt"
OUTAGE = 3  # errors in a row that are not the fault of what was sent


@dataclass(frozen=True)
class Landing:
    """What Amazon made of a submission.

    Attributes:
        row: The submission.
        messages: What it was made of.
        refused: Issues by the number of a refused message.
        warned: Issues by the number of an accepted message.
    """

    row: Submission
    messages: Sequence[Message]
    refused: Refused
    warned: Mapping[int, list[dict[str, Any]]]


class Errors:
    """What could not be sent: a few do not stop the rest.

    Several in a row are not the fault of what was sent.
    """

    def __init__(self) -> None:
        self._last: TransientError | None = None
        self._in_a_row = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep an error for later, unless it looks like more than one."""
        try:
            yield
        except ThrottledError:
            raise
        except TransientError as error:
            self._last = error
            self._in_a_row += 1
            if self._in_a_row == OUTAGE:
                raise
        else:
            self._in_a_row = 0

    def told(self) -> None:
        """Raise what was kept."""
        if self._last is not None:
            raise self._last


def send_each(
    errors: Errors, send: Callable[[T], None], items: Iterable[T]
) -> None:
    """Send calls two at a time: an answer takes longer than a plan's pause.

    Five a second are allowed where an answer takes a third of one.

    Args:
        errors: Keeps what a few of them meet.
        send: Sends one, and keeps what Amazon says in a commit of its own.
        items: What is sent.

    Raises:
        ThrottledError: The others have to wait as well.
        TransientError: It looks like more than a few.
    """
    every = list(items)
    if len(every) == 1:
        with errors.held():
            send(every[0])
        return
    pool = ThreadPoolExecutor(LINES)
    try:
        for sent in [pool.submit(send, item) for item in every]:
            with errors.held():
                sent.result()
    finally:
        pool.shutdown(cancel_futures=True)


def begin_feed(
    parts: Parts,
    tx: Transaction,
    operation: str,
    ready: Sequence[Telling],
    action: Callable[[Telling], str],
) -> int | None:
    """Write down a feed of what is to be told, of one marketplace.

    Args:
        parts: The pieces.
        tx: The transaction.
        operation: The feed's type.
        ready: What may go, of any marketplace; the first one's goes.
        action: What a message says of it.

    Returns:
        The submission; none if nothing is to be told.
    """
    told = [one for one in ready if one.marketplace == ready[0].marketplace]
    told = told[:MOST_MESSAGES]
    if not told:
        return None
    number = submissions.begin(
        tx,
        parts.side,
        kind=submissions.FEED,
        operation=operation,
        marketplace=told[0].marketplace,
        subject=None,
        messages=[
            submissions.Message(place, one.order_id, action(one))
            for place, one in enumerate(told, 1)
        ],
        now=parts.clock.now(),
    )
    tellings.send(tx, told, number)
    return number


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
        RefusedError: ``refunds.in_doubt``: none was found, but money would
            move twice if that were wrong: a person has to say so.
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
    if row.operation in MONEY:
        raise RefusedError(IN_DOUBT)
    return None


def await_feed(  # noqa: PLR0913 - a feed and who hears of it
    parts: Parts,
    row: Submission,
    body: bytes,
    errand: str,
    land: Land,
    *,
    options: Mapping[str, str] | None = None,
) -> None:
    """Bring a feed to Amazon and have its outcome asked for.

    Args:
        parts: The pieces.
        row: The submission, as it was written down.
        body: The feed, the same bytes at every attempt.
        errand: Who asks for the outcome.
        land: Keeps what Amazon made of it, where it declined the feed.
        options: What Amazon gets beside the body.
    """
    feed = Feed(
        number=row.number,
        type=row.operation,
        marketplace=row.marketplace,
        body=body,
        options=options or {},
        subject=row.subject or "",
    )
    try:
        receipt = send_feed(parts, row, feed)
    except RefusedError as error:
        finish(parts, row.id, declined(parts, error), land)
        return
    with parts.ledger.write() as tx:
        now = parts.clock.now()
        submissions.sent(tx, row.id, receipt, now)
        lane = f"{errand}:{row.id}"
        key = key_of(parts, str(row.id))
        dues.raise_due(tx, errand, key, lane=lane, at=now)
    parts.log.info("submission.sent", submission=row.id, messages=row.messages)


def hear(parts: Parts, number: int, land: Land) -> None:
    """Take up the outcome of a feed, once there is one.

    Raises:
        ThrottledError: Not yet; waiting spends no attempt.
    """
    with parts.ledger.read() as tx:
        row = submissions.get(tx, number)
    if row is None or row.state != submissions.SENT or not row.receipt:
        return
    outcome = parts.marketplace.outcome(row.receipt)
    if outcome is None:
        wait = parts.settings.amazon.poll_feeds
        raise ThrottledError("offers.not_yet", retry_after=wait)
    finish(parts, row.id, outcome, land)


def outcome_of(name: str, land: Land) -> Errand:
    """The errand that takes up what Amazon made of a feed, once it says so.

    Waiting for it spends no attempt.

    Args:
        name: Of the errand.
        land: Keeps what Amazon made of the feed.
    """

    def taken_up(parts: Parts, key: str, generation: int) -> None:
        hear(parts, int(about(key)), land)
        with parts.ledger.write() as tx:
            dues.done(tx, name, key, generation)

    return taken_up


def finish(parts: Parts, number: int, outcome: Outcome, land: Land) -> None:
    """Keep the outcome of every message in one commit; twice is harmless."""
    now = parts.clock.now()
    with parts.ledger.write() as tx:
        row = submissions.get(tx, number)
        if row is None or row.state == submissions.DONE:
            return
        messages = submissions.carried(tx, number)
        refused = _refused_of(outcome, messages)
        land(parts, tx, Landing(row, messages, refused, outcome.warned))
        issues = outcome.issues
        submissions.finish(tx, number, refused=refused, issues=issues, now=now)
        facts.know(tx, f"contact:{parts.side.mode}", now.isoformat())
    parts.log.info("submission.done", submission=number, refused=len(refused))


def _refused_of(outcome: Outcome, messages: Sequence[Message]) -> Refused:
    """Issues by the number of a message; of all, if the whole was refused."""
    if outcome.accepted:
        return dict(outcome.refused)
    everything = [dict(issue) for issue in outcome.issues]
    return {
        item.number: outcome.refused.get(item.number, everything)
        for item in messages
    }


def called(parts: Parts, call: Call) -> Outcome:
    """Make one call; that Amazon declines it is an outcome as well."""
    try:
        return parts.marketplace.call(call)
    except RefusedError as error:
        return declined(parts, error)


def declined(parts: Parts, error: RefusedError) -> Outcome:
    """What Amazon said no to as a whole, in its own words as well."""
    language = parts.settings.bridge.language
    words = (error.message(language), str(error.facts.get("said", "")))
    issue = {
        "code": error.code,
        "severity": "ERROR",
        "message": " ".join(filter(None, words)),
    }
    return Outcome(accepted=False, issues=(issue,))

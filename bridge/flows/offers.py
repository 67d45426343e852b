"""Waiting facets travel to Amazon; what it says decides what is accepted.

1. presence: SKUs Amazon was never asked about are asked about.
2. one commit: a submission is written down, its facets are in flight.
3. the call or the feed is sent.
4. one commit: outcome per message, facets accepted or refused.

A crash after 2: the same submission is sent again, byte for byte. After 3:
likewise (a PATCH repeats harmlessly; a feed is found by its receipt).
"""

from __future__ import annotations

from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import DefectError
from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.flows.shop import the_mapping
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import flight
from bridge.ledger import offers
from bridge.ledger import submissions
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import FEED
from bridge.ledger.submissions import SENDING
from bridge.ledger.submissions import Message
from bridge.mapping import envelope
from bridge.mapping.envelope import Part
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports import Call
from bridge.ports import Feed
from bridge.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.flight import Travelling
    from bridge.ledger.submissions import Submission

SUBMIT, RESULT = "submit", "result"
ASK = 5_000  # SKUs asked about together
CALLS_AT_ONCE = 50  # submissions written down in one commit
REMEMBERED = 10_000  # differences of two bodies
OPERATIONS = (envelope.FEED_TYPE, "patchListingsItem", "putListingsItem")
LOCALE = "de_DE"


@dataclass(frozen=True)
class Packed:
    """A submission with what it carries.

    Attributes:
        id: The submission.
        body: Of a feed, as it travels.
        message: Of a call.
    """

    id: int
    body: bytes = b""
    message: Mapping[str, Any] = field(default_factory=dict)


def submit(parts: Parts, key: str, generation: int) -> None:
    """Send everything that waits for one marketplace."""
    _finish_begun(parts, key)
    _ask_presence(parts, key)
    limit = parts.settings.amazon.patch_up_to
    with parts.ledger.read() as tx:
        few = len(flight.due_skus(tx, parts.side, key, limit + 1)) <= limit
    pack = _pack_calls if few else _pack_feed
    while _any_due(parts, key):
        with parts.ledger.write() as tx:
            packed = pack(parts, tx, key)
        for item in packed:
            _send(parts, item)
    with parts.ledger.write() as tx:
        dues.done(tx, SUBMIT, key, generation)


def _any_due(parts: Parts, market: str) -> bool:
    with parts.ledger.read() as tx:
        return flight.any_due(tx, parts.side, market)


def result(parts: Parts, key: str, generation: int) -> None:
    """Take up the outcome of a feed, once there is one.

    Raises:
        ThrottledError: Not yet; waiting spends no attempt.
    """
    with parts.ledger.read() as tx:
        row = submissions.get(tx, int(key))
    if row is not None and row.state == submissions.SENT and row.receipt:
        outcome = parts.marketplace.outcome(row.receipt)
        if outcome is None:
            raise ThrottledError(
                "offers.not_yet", retry_after=parts.settings.amazon.poll_feeds
            )
        _land(parts, row.id, outcome)
    with parts.ledger.write() as tx:
        if row and flight.any_due(tx, parts.side, row.marketplace):
            lane, now = f"{SUBMIT}:{parts.side.account}", parts.clock.now()
            dues.raise_due(tx, SUBMIT, row.marketplace, lane=lane, at=now)
        dues.done(tx, RESULT, key, generation)


def _finish_begun(parts: Parts, market: str) -> None:
    """What a crash left between writing down and sending."""
    with parts.ledger.read() as tx:
        begun = [
            row
            for row in submissions.in_state(
                tx, parts.side, SENDING, OPERATIONS
            )
            if row.marketplace == market
        ]
    for row in begun:
        with parts.ledger.read() as tx:
            packed = _repacked(parts, tx, row)
        _send(parts, packed)


def _repacked(parts: Parts, tx: Transaction, row: Submission) -> Packed:
    """The messages of a submission, made again from what was frozen."""
    found = dict(_messages(parts, flight.flying(tx, row.id)))
    body = _Body(parts)
    for item in submissions.carried(tx, row.id):
        message = found.get(item.sku)
        if message and row.kind == CALL:
            return Packed(row.id, message=message)
        if not message or not body.add(item.number, message):
            raise DefectError("offers.lost_message", sku=item.sku)
    return Packed(row.id, body.whole())


class _Body:
    """The bytes of a feed; a message is in it or not at all."""

    def __init__(self, parts: Parts) -> None:
        seller = parts.settings.amazon.seller_id
        self._bytes = bytearray(envelope.feed_start(seller, LOCALE))
        self._between = b""

    def add(self, number: int, message: Mapping[str, Any]) -> bool:
        """Whether the message has found room."""
        made = envelope.dumps({"messageId": number, **message})
        size = len(self._bytes) + len(self._between) + len(made)
        if size + len(envelope.FEED_END) > envelope.MOST_BYTES:
            return False
        self._bytes += self._between
        self._bytes += made  # which had 4 KiB of memory, however small
        self._between = envelope.BETWEEN
        return True

    def whole(self) -> bytes:
        """The feed."""
        return bytes(self._bytes + envelope.FEED_END)


def _ask_presence(parts: Parts, market: str) -> None:
    while True:
        with parts.ledger.read() as tx:
            skus = flight.unasked(tx, parts.side, market, ASK)
        if not skus:
            return
        present = parts.marketplace.present(market, skus)
        with parts.ledger.write() as tx:
            flight.answer_presence(tx, parts.side, market, skus, present)


def _messages(
    parts: Parts, rows: Iterable[Travelling]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The message of each SKU; ``None``: there is nothing to be told."""
    between = _differences(the_mapping(parts).cleared)
    for sku, group in groupby(rows, key=itemgetter(0)):
        facets = list(group)
        first = facets[0]
        if len(facets) > 1:
            facets.sort(key=lambda row: _ORDER[row.facet])
        kind = first.product_type or envelope.GENERIC
        if first.presence == offers.ABSENT:
            travelling = [
                Part(row.facet, _load(row.desired), _load(row.accepted))
                for row in facets
            ]
            yield sku, envelope.create_message(sku, kind, travelling)
            continue
        content = any(row.facet == "content" for row in facets)
        patches = [
            patch
            for row in facets
            for patch in between(row.facet, row.desired, row.accepted)
        ]
        made = envelope.patch_message(
            sku, kind if content else envelope.GENERIC, patches
        )
        yield sku, made if patches else None


def _load(body: bytes | None) -> dict[str, Any]:
    loaded: dict[str, Any] = orjson.loads(body) if body else {}
    return loaded


_ORDER = {facet: number for number, facet in enumerate(offers.FACETS)}


def _differences(
    cleared: frozenset[str],
) -> Callable[[str, bytes, bytes | None], list[dict[str, Any]]]:
    """The patches from one body to another, remembered: stocks are alike."""

    @lru_cache(maxsize=REMEMBERED)
    def between(
        facet: str, desired: bytes, accepted: bytes | None
    ) -> list[dict[str, Any]]:
        part = Part(facet, _load(desired), _load(accepted))
        return envelope.patches(part, cleared)

    return between


def _pack_calls(parts: Parts, tx: Transaction, market: str) -> list[Packed]:
    """One call a SKU, some of them written down together."""
    packed = []
    with _due_messages(parts, tx, market, CALLS_AT_ONCE) as due:
        messages = list(due)
    for sku, message in messages:
        operation, _ = envelope.call_body(message)
        only = Message(1, sku, message["operationType"])
        number = _begin(parts, tx, market, CALL, operation, [only])
        flight.send(tx, parts.side, market, [sku], number)
        packed.append(Packed(number, message=message))
    return packed


@contextmanager
def _due_messages(
    parts: Parts, tx: Transaction, market: str, most: int
) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """The messages of waiting SKUs, made as they are asked for.

    Those of which there is nothing to be told are settled at the end.
    """
    skus = flight.due_skus(tx, parts.side, market, most)
    nothing: list[str] = []

    def told() -> Iterator[tuple[str, dict[str, Any]]]:
        for sku, message in _messages(parts, rows):
            if message is None:
                nothing.append(sku)
            else:
                yield sku, message

    with closing(flight.due_rows(tx, parts.side, market, skus)) as rows:
        yield told()
    if nothing:
        flight.settle(tx, parts.side, market, nothing)


def _pack_feed(parts: Parts, tx: Transaction, market: str) -> list[Packed]:
    """One feed of as many SKUs as Amazon takes."""
    chosen: list[Message] = []
    body = _Body(parts)
    with _due_messages(parts, tx, market, envelope.MOST_MESSAGES) as due:
        for sku, message in due:
            number = len(chosen) + 1
            if not body.add(number, message):
                break
            chosen.append(Message(number, sku, message["operationType"]))
    if not chosen:
        return []
    number = _begin(parts, tx, market, FEED, envelope.FEED_TYPE, chosen)
    flight.send(tx, parts.side, market, [item.sku for item in chosen], number)
    return [Packed(number, body.whole())]


def _begin(  # noqa: PLR0913, PLR0917 - the columns of a row
    parts: Parts,
    tx: Transaction,
    market: str,
    kind: str,
    operation: str,
    messages: Sequence[Message],
) -> int:
    return submissions.begin(
        tx,
        parts.side,
        kind=kind,
        operation=operation,
        marketplace=market,
        subject=messages[0].sku if kind == CALL else None,
        messages=messages,
        now=parts.clock.now(),
    )


def _send(parts: Parts, packed: Packed) -> None:
    """Send one submission and keep what Amazon says."""
    with parts.ledger.read() as tx:
        row = submissions.get(tx, packed.id)
    if row is None or row.state != SENDING:
        return
    if row.kind == CALL:
        _land(parts, row.id, _call(parts, row, packed.message))
        return
    feed = Feed(
        number=row.number,
        type=row.operation,
        marketplace=row.marketplace,
        body=packed.body,
    )
    receipt = parts.marketplace.submit(feed)
    with parts.ledger.write() as tx:
        now = parts.clock.now()
        submissions.sent(tx, row.id, receipt, now)
        dues.raise_due(
            tx, RESULT, str(row.id), lane=f"{RESULT}:{row.id}", at=now
        )
    parts.log.info("submission.sent", submission=row.id, messages=row.messages)


def _call(
    parts: Parts, row: Submission, message: Mapping[str, Any]
) -> Outcome:
    operation, body = envelope.call_body(message)
    place = MARKETPLACES[row.marketplace]
    call = Call(
        number=row.number,
        operation=operation,
        marketplace=row.marketplace,
        subject=message["sku"],
        query={"marketplaceIds": [place.id], "issueLocale": LOCALE},
        body=body,
    )
    try:
        return parts.marketplace.call(call)
    except RefusedError as error:
        issue = {
            "code": error.code,
            "severity": "ERROR",
            "message": error.message("de"),
        }
        return Outcome(accepted=False, refused={1: [issue]})


def _land(parts: Parts, number: int, outcome: Outcome) -> None:
    """Keep the outcome of every message, and what follows, in one commit."""
    now = parts.clock.now()
    with parts.ledger.write() as tx:
        row = submissions.get(tx, number)
        if row is None or row.state == submissions.DONE:
            return
        rows = submissions.carried(tx, number)
        refused_numbers = dict(outcome.refused)
        if not outcome.accepted and not refused_numbers:
            everything = [dict(issue) for issue in outcome.issues]
            refused_numbers = {item.number: everything for item in rows}
        skus = {item.number: item.sku for item in rows}
        refused = {skus[n]: said for n, said in refused_numbers.items()}
        warned = {skus[n]: said for n, said in outcome.warned.items()}
        flight.land(tx, number, refused, warned)
        created = [
            item.sku
            for item in rows
            if item.operation == envelope.UPDATE
            and item.number not in refused_numbers
        ]
        flight.made_present(tx, parts.side, row.marketplace, created)
        submissions.finish(
            tx,
            number,
            refused=refused_numbers,
            issues=outcome.issues,
            now=now,
        )
        facts.know(tx, f"contact:{parts.side.mode}", now.isoformat())
    parts.log.info(
        "submission.done", submission=number, refused=len(outcome.refused)
    )

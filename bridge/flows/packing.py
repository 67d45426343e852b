"""Waiting facets become messages, calls and feeds.

A submission is written down with what it carries; made again after a crash
it has the same bytes.
"""

from __future__ import annotations

from collections import deque
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
from bridge.flows.judging import Judge
from bridge.flows.shop import the_mapping
from bridge.ledger import flight
from bridge.ledger import offers
from bridge.ledger import submissions
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import FEED
from bridge.ledger.submissions import Message
from bridge.mapping import envelope
from bridge.mapping.envelope import Part
from bridge.model.marketplaces import LOCALES
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports import Call

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

CALLS_AT_ONCE = 50  # submissions written down in one commit
REMEMBERED = 10_000  # differences of two bodies


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


def repacked(parts: Parts, tx: Transaction, row: Submission) -> Packed:
    """The messages of a submission, made again from what was frozen."""
    if row.operation == envelope.DELETION:
        gone = {"sku": row.subject, "operationType": envelope.DELETE}
        return Packed(row.id, message=gone)
    found = dict(messages(parts, flight.flying(tx, row.id)))
    body = _Body(parts)
    for item in submissions.carried(tx, row.id):
        message = found.get(item.sku)
        if message and row.kind == CALL:
            return Packed(row.id, message=message)
        if not message or not body.add(item.number, message):
            raise DefectError("offers.lost_message", sku=item.sku)
    return Packed(row.id, body.whole())


def as_call(
    parts: Parts,
    number: int,
    market: str,
    message: Mapping[str, Any],
    **query: str,
) -> Call:
    """One message as a call of its own, answered in the language set."""
    operation, body = envelope.call_body(message)
    place = MARKETPLACES[market]
    locale = LOCALES[parts.settings.bridge.language]
    return Call(
        number=number,
        operation=operation,
        marketplace=market,
        subject=message["sku"],
        query={"marketplaceIds": [place.id], "issueLocale": locale, **query},
        body=body,
    )


class _Body:
    """The bytes of a feed; a message is in it or not at all."""

    def __init__(self, parts: Parts) -> None:
        seller = parts.settings.amazon.seller_id
        locale = LOCALES[parts.settings.bridge.language]
        self._bytes = bytearray(envelope.feed_start(seller, locale))
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


def pack_calls(
    parts: Parts, tx: Transaction, market: str, lane: str
) -> list[Packed]:
    """One call a SKU, some of them written down together."""
    packed = []
    with _due_messages(parts, tx, market, lane, CALLS_AT_ONCE) as due:
        made = list(due)
    for sku, message in made:
        operation, _ = envelope.call_body(message)
        only = Message(1, sku, message["operationType"])
        number = _begin(parts, tx, market, lane, operation, [only])
        flight.send(tx, parts.side, market, lane, [sku], number)
        packed.append(Packed(number, message=message))
    return packed


@contextmanager
def _due_messages(
    parts: Parts, tx: Transaction, market: str, lane: str, most: int
) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """The messages of waiting SKUs, made as they are asked for.

    Those of which there is nothing to be told are settled at the end, and
    what Amazon would refuse is refused.
    """
    skus = flight.due_skus(tx, parts.side, market, lane, most)
    nothing: list[str] = []
    judge = Judge(parts.rulebook, market)

    def told() -> Iterator[tuple[str, dict[str, Any]]]:
        for sku, message in messages(parts, rows, judge):
            if message is None:
                nothing.append(sku)
            else:
                yield sku, message

    with closing(flight.due_rows(tx, parts.side, market, lane, skus)) as rows:
        yield told()
    judge.keep(tx, parts)
    if nothing:
        flight.settle(tx, parts.side, market, lane, nothing)


def judge_ahead(parts: Parts, market: str, lane: str) -> None:
    """Judge what a feed would hold before it is packed.

    Five milliseconds a new listing are long for a ledger that is being
    written to; the rulebook remembers what it said.
    """
    most = envelope.MOST_MESSAGES
    with parts.ledger.read() as tx:
        skus = flight.due_skus(tx, parts.side, market, lane, most)
        judge = Judge(parts.rulebook, market)
        due = flight.due_rows(tx, parts.side, market, lane, skus)
        with closing(due) as rows:
            deque(messages(parts, rows, judge), maxlen=0)


def pack_feed(
    parts: Parts, tx: Transaction, market: str, lane: str
) -> list[Packed]:
    """One feed of as many SKUs as Amazon takes."""
    chosen: list[Message] = []
    body = _Body(parts)
    most = envelope.MOST_MESSAGES
    with _due_messages(parts, tx, market, lane, most) as due:
        for sku, message in due:
            number = len(chosen) + 1
            if not body.add(number, message):
                break
            chosen.append(Message(number, sku, message["operationType"]))
    if not chosen:
        return []
    number = _begin(parts, tx, market, lane, envelope.FEED_TYPE, chosen)
    skus = [item.sku for item in chosen]
    flight.send(tx, parts.side, market, lane, skus, number)
    return [Packed(number, body.whole())]


def _begin(  # noqa: PLR0913, PLR0917 - the columns of a row
    parts: Parts,
    tx: Transaction,
    market: str,
    lane: str,
    operation: str,
    messages: Sequence[Message],
) -> int:
    kind = FEED if operation == envelope.FEED_TYPE else CALL
    return submissions.begin(
        tx,
        parts.side,
        kind=kind,
        lane=lane,
        operation=operation,
        marketplace=market,
        subject=messages[0].sku if kind == CALL else None,
        messages=messages,
        now=parts.clock.now(),
    )


def messages(
    parts: Parts, rows: Iterable[Travelling], judge: Judge | None = None
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The message of each SKU; ``None``: there is nothing to be told.

    Args:
        parts: The pieces.
        rows: Facets, those of a SKU together.
        judge: Keeps facets back; nobody does where a crash left off.
    """
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
            made = envelope.create_message(sku, kind, travelling)
            if judge is None or judge.takes_listing(made, facets):
                yield sku, made
            continue
        of_content = kind if facets[-1].facet not in offers.OFFERED else None
        patches = []
        for row in facets:
            differing = between(row.facet, row.desired, row.accepted)
            if judge is not None:
                differing = judge.fitting(row, differing, of_content)
            patches += differing
        made = envelope.patch_message(
            sku, of_content or envelope.GENERIC, patches
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

"""Waiting facets travel to Amazon; what it says decides what is accepted.

1. presence: SKUs Amazon was never asked about are asked about, very many
   of them by a listings report, and rules of product types.
2. one commit: a submission is written down, its facets are in flight.
3. the call or the feed is sent.
4. one commit: outcome per message, facets accepted or refused.

A crash after 2: the same submission is sent again, byte for byte. After 3:
likewise (a PATCH repeats harmlessly; a feed is looked for first).

Where few offers changed, each is a call with all its facets. Else stock and
price go first, and what is large goes as a feed: nothing that must be quick
stands behind a product feed (amazon.md 3.4).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bridge.errors import ThrottledError
from bridge.flows.accounts import about
from bridge.flows.ending import deleted
from bridge.flows.ending import taken_away
from bridge.flows.judging import anything_known
from bridge.flows.judging import refresh
from bridge.flows.matching import match
from bridge.flows.packing import as_call
from bridge.flows.packing import judge_ahead
from bridge.flows.packing import pack_calls
from bridge.flows.packing import pack_feed
from bridge.flows.packing import repacked
from bridge.flows.raising import raise_submit
from bridge.flows.reporting import want
from bridge.flows.sending import Errors
from bridge.flows.sending import await_feed
from bridge.flows.sending import called
from bridge.flows.sending import finish
from bridge.flows.sending import hear
from bridge.flows.sending import send_each
from bridge.ledger import dues
from bridge.ledger import flight
from bridge.ledger import judging
from bridge.ledger import presence
from bridge.ledger import reports
from bridge.ledger import submissions
from bridge.ledger.snapshots import Place
from bridge.ledger.snapshots import answer_presence
from bridge.ledger.submissions import CALL
from bridge.ledger.submissions import SENDING
from bridge.mapping import envelope
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.flows.packing import Packed
    from bridge.flows.parts import Parts
    from bridge.flows.sending import Landing
    from bridge.ledger.engine import Transaction

    Packer = Callable[[Parts, Transaction, str, str], list[Packed]]

SUBMIT, RESULT = "submit", "result"
FRESH = timedelta(hours=1)  # a listing may be made in Seller Central any time
BETWEEN_FEEDS = timedelta(minutes=20)
OPERATIONS = (
    *(envelope.FEED_TYPE, "patchListingsItem", "putListingsItem"),
    envelope.DELETION,
)


def submit(parts: Parts, key: str, generation: int) -> None:
    """Send everything that waits for one marketplace.

    Raises:
        ThrottledError: Something has to wait for a plan of Amazon's.
        TransientError: Some of it could not be sent; it stays due.
    """
    errors, market = Errors(), about(key)
    _finish_begun(parts, market, errors)
    _ask_presence(parts, market)
    unmatched = match(parts, market)
    refresh(parts, market)
    with parts.ledger.write() as tx:
        judging.rejoin(tx, parts.side, market)
    limit = parts.settings.amazon.patch_up_to
    if _is_few(parts, market, flight.ALL, limit):
        _send_lane(parts, market, flight.ALL, pack_calls, errors)
    else:
        for lane in (flight.OFFER, flight.CONTENT):
            if _is_few(parts, market, lane, limit):
                _send_lane(parts, market, lane, pack_calls, errors)
            else:
                _wait_for_room(parts, market, lane)
                _send_lane(parts, market, lane, pack_feed, errors)
    errors.told()
    if unmatched is not None:
        raise unmatched
    with parts.ledger.write() as tx:
        dues.done(tx, SUBMIT, key, generation)


def _is_few(parts: Parts, market: str, lane: str, limit: int) -> bool:
    with parts.ledger.read() as tx:
        due = flight.due_skus(tx, parts.side, market, lane, limit + 1)
    return len(due) <= limit


def _send_lane(
    parts: Parts, market: str, lane: str, pack: Packer, errors: Errors
) -> None:
    ahead = pack is pack_feed and anything_known(parts, market)
    while _any_due(parts, market, lane):
        if ahead:
            judge_ahead(parts, market, lane)
        with parts.ledger.write() as tx:
            packed = pack(parts, tx, market, lane)
        send_each(errors, partial(_send, parts), packed)


def _any_due(parts: Parts, market: str, lane: str) -> bool:
    with parts.ledger.read() as tx:
        return flight.any_due(tx, parts.side, market, lane)


def _wait_for_room(parts: Parts, market: str, lane: str) -> None:
    """Amazon asks for 20 minutes between large product feeds.

    Raises:
        ThrottledError: They are not over yet.
    """
    amazon = parts.settings.amazon
    if lane != flight.CONTENT or amazon.mode != "live":
        return
    with parts.ledger.read() as tx:
        last = submissions.last_large(
            tx, parts.side, market, lane, amazon.patch_up_to
        )
    if last is not None:
        left = last + BETWEEN_FEEDS - parts.clock.now()
        if timedelta(0) < left <= BETWEEN_FEEDS:
            raise ThrottledError("offers.spaced", retry_after=left)


def result(parts: Parts, key: str, generation: int) -> None:
    """Take up the outcome of a feed, once there is one.

    Raises:
        ThrottledError: Not yet; waiting spends no attempt.
    """
    number = int(about(key))
    hear(parts, number, _land)
    with parts.ledger.write() as tx:
        row = submissions.get(tx, number)
        if row and flight.any_due(tx, parts.side, row.marketplace):
            raise_submit(parts, tx, row.marketplace)
        dues.done(tx, RESULT, key, generation)


def _finish_begun(parts: Parts, market: str, errors: Errors) -> None:
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
            packed = repacked(parts, tx, row)
        with errors.held():
            _send(parts, packed)


def _ask_presence(parts: Parts, market: str) -> None:
    """Learn which listings are there already.

    Of very many the last listings report says it; one is asked for if it is
    old, and until it is read only what is known travels.
    """
    amazon = parts.settings.amazon
    with parts.ledger.read() as tx:
        many = amazon.search_up_to + 1
        unasked = presence.unasked(tx, parts.side, market, many)
    is_many = amazon.mode == "live" and len(unasked) == many
    if is_many and _is_reported(parts, market):
        return
    _search_presence(parts, market)


def _is_reported(parts: Parts, market: str) -> bool:
    """Whether a report has answered, or is going to.

    One that was given up, or says nothing, never answers: the caller asks
    by search.
    """
    wanted, now = Wanted(LISTINGS, market), parts.clock.now()
    with parts.ledger.write() as tx:
        last = reports.last(tx, parts.side, wanted)
        if last is None or now - last.created_at > FRESH:
            want(parts, tx, wanted, [SUBMIT])
            return True
        if last.state in reports.OPEN:
            want(parts, tx, wanted, [SUBMIT])
            return True
        if last.state == reports.DONE and last.rows:
            answer_presence(tx, Place(parts.side, market))
            return True
    return False


def _search_presence(parts: Parts, market: str) -> None:
    most = parts.marketplace.most_present
    while True:
        with parts.ledger.read() as tx:
            skus = presence.unasked(tx, parts.side, market, most)
        if not skus:
            return
        present = parts.marketplace.present(market, skus)
        with parts.ledger.write() as tx:
            presence.answer_presence(tx, parts.side, market, skus, present)


def _send(parts: Parts, packed: Packed) -> None:
    """Send one submission and keep what Amazon says."""
    with parts.ledger.read() as tx:
        row = submissions.get(tx, packed.id)
    if row is None or row.state != SENDING:
        return
    if row.operation == envelope.DELETION:
        call = as_call(parts, row.number, row.marketplace, packed.message)
        finish(parts, row.id, deleted(parts, call), taken_away)
    elif row.kind == CALL:
        call = as_call(parts, row.number, row.marketplace, packed.message)
        finish(parts, row.id, called(parts, call), _land)
    else:
        await_feed(parts, row, packed.body, RESULT, _land)


def _land(parts: Parts, tx: Transaction, landing: Landing) -> None:
    """Facets are accepted or refused; what was made is there from now on."""
    skus = {item.number: item.sku for item in landing.messages}
    refused = {skus[n]: said for n, said in landing.refused.items()}
    warned = {skus[n]: said for n, said in landing.warned.items()}
    now = parts.clock.now()
    flight.land(tx, landing.row.id, refused, warned, now)
    created = [
        item.sku
        for item in landing.messages
        if item.operation == envelope.UPDATE
        and item.number not in landing.refused
    ]
    market = landing.row.marketplace
    presence.made_present(tx, parts.side, market, created)

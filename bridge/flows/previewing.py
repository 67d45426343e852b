"""What would be sent now, judged by Amazon and by ourselves, and not sent.

Everything is composed in transactions that are taken back. Amazon is asked
with ``mode=VALIDATION_PREVIEW`` (amazon.md 4), which changes nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import ThrottledError
from bridge.flows.compose import compose_touched
from bridge.flows.judging import Judge
from bridge.flows.judging import bring_up_to_date
from bridge.flows.packing import as_call
from bridge.flows.packing import messages
from bridge.flows.sending import called
from bridge.ledger import flight
from bridge.ledger import judging
from bridge.ledger import offers
from bridge.ledger import transferring
from bridge.mapping import envelope
from bridge.ports.rules import ERROR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.flight import Travelling
    from bridge.ledger.judging import Waiting
    from bridge.ports import Outcome

VALID, REFUSED, UNCHECKED = "valid", "refused", "unchecked"
LOT = 200  # articles of one transaction: some tenths of a second
BEFORE_ALL = ("", -1)  # the place no article has
MODE = {"mode": "VALIDATION_PREVIEW"}


@dataclass(frozen=True)
class Previewed:
    """What is said of one offer.

    Attributes:
        account: The seller account.
        article: Whose offer it is, and ``variant`` of it.
        operation: What would be called.
        state: ``valid``, ``refused``, or ``unchecked``: nobody could say.
        issues: Of our own check and of Amazon's.
    """

    sku: str
    account: str
    marketplace: str
    article: str
    variant: int
    operation: str
    state: str
    issues: tuple[Mapping[str, Any], ...]


def preview(parts: Parts) -> Iterator[Previewed]:
    """Every offer that would be sent now; Amazon is asked in live mode only.

    Nothing is changed, neither in the ledger nor at Amazon.

    Raises:
        TransientError: Amazon cannot be asked now.
        ConfigError: A definition a person put there cannot be read.
    """
    for account, market, waiting in _composed(parts):
        yield from _of_market(parts.of_account(account), market, waiting)


def _composed(parts: Parts) -> list[tuple[str, str, list[Waiting]]]:
    """What would wait by account and marketplace, all compared anew.

    Lot by lot: each is a transaction of its own, so that a running service
    writes in between and never waits for the whole of it.
    """
    found: dict[tuple[str, str], list[Waiting]] = {}
    after = BEFORE_ALL
    while True:
        with parts.ledger.dry() as tx:
            lot = transferring.touch_some(tx, parts.mandant, after, LOT)
            if not lot:
                break
            for place, waiting in _lot(parts, tx, lot):
                found.setdefault(place, []).extend(waiting)
        after = lot[-1]
    return [
        (account, market, sorted(rows, key=lambda row: row.facet.sku))
        for (account, market), rows in found.items()
    ]


def _lot(
    parts: Parts, tx: Transaction, lot: Sequence[tuple[str, int]]
) -> Iterator[tuple[tuple[str, str], list[Waiting]]]:
    """What of some articles would wait, by account and marketplace."""
    for one in parts.everyone:
        flight.forget_refusals(tx, one.side)
    compose_touched(parts, tx)
    (first, _), (last, _), meant = lot[0], lot[-1], set(lot)
    for own in parts.everyone:
        for market in own.settings.amazon.marketplaces:
            rows = judging.waiting(tx, own.side, market, first, last)
            yield (
                (own.side.account, market),
                [row for row in rows if (row.article, row.variant) in meant],
            )


def _of_market(
    parts: Parts, market: str, waiting: Sequence[Waiting]
) -> Iterator[Previewed]:
    types = {row.facet.product_type for row in waiting}
    bring_up_to_date(parts, market, types)
    about = {row.facet.sku: row for row in waiting}
    judge = Judge(parts.rulebook, market, bars=False)
    rows = _travelling(parts, market, waiting)
    for sku, message in messages(parts, rows, judge):
        if message is not None:
            asked = _asked(parts, market, message)
            account = parts.side.account
            yield _previewed(account, judge, about[sku], message, asked)


def _travelling(
    parts: Parts, market: str, waiting: Sequence[Waiting]
) -> list[Travelling]:
    """The facets that would travel, with what Amazon has of their listing."""
    unknown = dict.fromkeys(
        row.facet.sku
        for row in waiting
        if row.facet.presence == offers.UNKNOWN
    )
    present = _present(parts, market, list(unknown))
    found = []
    for row in waiting:
        facet = row.facet
        if facet.sku in unknown:
            known = facet.sku in present
            now = offers.PRESENT if known else offers.ABSENT
            facet = facet._replace(presence=now)
        if facet.presence == offers.PRESENT or row.ready:
            found.append(facet)
    return found


def _present(parts: Parts, market: str, skus: Sequence[str]) -> set[str]:
    most = parts.marketplace.most_present
    found: set[str] = set()
    for start in range(0, len(skus), most):
        part = skus[start : start + most]
        found |= parts.marketplace.present(market, part)
    return found


def _asked(
    parts: Parts, market: str, message: Mapping[str, Any]
) -> Outcome | None:
    """Amazon's answer, however long its plan makes us wait for it."""
    if parts.settings.amazon.mode != "live":
        return None
    call = as_call(parts, 0, market, message, **MODE)
    while True:
        try:
            return called(parts, call)
        except ThrottledError as error:
            parts.clock.sleep(error.retry_after)


def _previewed(
    account: str,
    judge: Judge,
    row: Waiting,
    message: Mapping[str, Any],
    asked: Outcome | None,
) -> Previewed:
    sku = row.facet.sku
    own = judge.said_of(sku)
    issues = own if asked is None else [*own, *_issues(asked)]
    state = VALID if judge.knows(message) else UNCHECKED
    if asked is not None:
        state = VALID if asked.accepted else REFUSED
    elif any(one["severity"] == ERROR for one in own):
        state = REFUSED
    return Previewed(
        sku,
        account,
        judge.market,
        row.article,
        row.variant,
        envelope.call_body(message)[0],
        state,
        tuple(issues),
    )


def _issues(outcome: Outcome) -> list[Mapping[str, Any]]:
    said = [*outcome.refused.values(), *outcome.warned.values()]
    return [*outcome.issues, *(one for issues in said for one in issues)]

"""Why something is not at Amazon, for whoever looks at an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.ledger import dues
from bridge.ledger import offers
from bridge.ledger import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

SUBMIT = "submit"


def whys(
    tx: Transaction, side: Side, sku: str, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """What keeps an offer from being at Amazon as it should, by marketplace.

    What is wrong with the offer itself stands among its findings and issues.

    Args:
        tx: The transaction.
        side: Whose offer.
        sku: Its SKU.
        now: The time.

    Returns:
        Codes of sentences with their facts.
    """
    facets = offers.facets_of(tx, side, sku)
    return {
        row.marketplace: list(_whys(tx, side, row, facets, now))
        for row in offers.listings_of(tx, side, sku)
    }


def _whys(
    tx: Transaction,
    side: Side,
    listing: Any,  # noqa: ANN401 - a row
    facets: Sequence[Any],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    own = [row for row in facets if row.marketplace == listing.marketplace]
    states = {row.state for row in own}
    if not listing.sellable:
        yield _why("offers.why_ended")
    flying = {row.submission_id for row in own if row.state == offers.SENT}
    rows = [submissions.get(tx, number) for number in sorted(flying)]
    for row in rows:
        if row is not None and row.state == submissions.SENT:
            yield _why("offers.why_sent", number=str(row.id))
    restored = [row.facet for row in own if row.undone_hash is not None]
    if restored:
        yield _why("offers.why_restored", facets=", ".join(restored))
    if offers.REFUSED in states:
        yield _why("offers.why_refused")
    begun = any(row and row.state == submissions.SENDING for row in rows)
    may_go = listing.ready or listing.presence == offers.PRESENT
    if begun or (offers.WAITING in states and may_go):
        key = dues.key_of(side.account, listing.marketplace)
        yield _not_yet(dues.known(tx, SUBMIT, key), now)


def _not_yet(due: Due | None, now: datetime) -> dict[str, Any]:
    """What the errand that would send it waits for."""
    if due is None:
        return _why("offers.why_idle")
    if due.error is not None:
        facts = {k: str(v) for k, v in due.error.get("facts", {}).items()}
        return {"code": due.error["code"], "facts": facts}
    if due.not_before > now:
        return _why("offers.why_later", at=due.not_before.isoformat())
    return _why("offers.why_next")


def _why(code: str, **facts: str) -> dict[str, Any]:
    return {"code": code, "facts": facts}

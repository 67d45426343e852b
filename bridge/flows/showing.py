"""All that Amazon shows, for files and tables that bring it back to Sage.

Two views of it: a ``Snapshot`` is one SKU, a ``ShownPrice`` one of its
prices. Sage's number stands with each, where Sage knows the SKU.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.ledger import snapshots
from bridge.ledger.snapshots import Place
from bridge.model.coding import code
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts

CONSUMERS, ACTIVE = "ALL", "active"
LONGEST = 31  # characters of KHKArtikel.Artikelnummer


def shown(parts: Parts) -> Iterator[dict[str, Any]]:
    """Every SKU at each account's home marketplace, by its name.

    The report is younger than what was read in full, where both say it.
    """
    for one in parts.everyone:
        yield from _of_account(one)


def _of_account(parts: Parts) -> Iterator[dict[str, Any]]:
    home = parts.settings.home
    with (
        parts.ledger.read() as tx,
        closing(snapshots.every(tx, Place(parts.side, home))) as rows,
    ):
        for row in rows:
            said = {
                "mandant": parts.mandant,
                "account": parts.side.account,
                "sku": row.sku,
                "marketplace": home,
                "article": row.article or _number(row.sku),
                "variant": row.variant or 0,
                "known": row.article is not None,
                "quantity": row.quantity,
                "channel": row.channel,
                "status": row.status,
                "active": row.status in {None, ACTIVE},
            }
            body = orjson.loads(row.body) if row.body else {}
            if row.asin:
                body["asin"] = row.asin
            body["prices"] = list(_prices(row, body.get("prices") or (), home))
            told = {**body, **said}
            yield {k: v for k, v in told.items() if v is not None}


def _number(sku: str) -> str | None:
    """The number of an article Sage does not have yet, if it can be one."""
    return sku if len(sku) <= LONGEST else None


def prices(parts: Parts) -> Iterator[dict[str, Any]]:
    """Every price of every SKU."""
    names = ("mandant", "account", "sku", "marketplace", "article", "variant")
    for snapshot in shown(parts):
        of = {name: snapshot[name] for name in names if name in snapshot}
        for price in snapshot["prices"]:
            yield of | price


def _prices(row: Any, known: Any, home: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """The prices that are known; the first is that of the report."""
    others = [price for price in known if not _is_base(price)]
    bases = [price["amount"] for price in known if _is_base(price)]
    amount = [code(row.price)] if row.price is not None else bases[:1]
    if amount:
        yield {
            "audience": CONSUMERS,
            "from_quantity": "0",
            "amount": amount[0],
            "currency": MARKETPLACES[home].currency,
            "gross": True,
        }
    yield from others


def _is_base(price: dict[str, Any]) -> bool:
    """Whether it is what a consumer pays for one piece, ever."""
    to_all = price.get("audience", CONSUMERS) == CONSUMERS
    return (
        to_all and price["from_quantity"] == "0" and "promotion" not in price
    )


#: What Amazon shows, by the kind a mapping writes.
SHOWN = {"Snapshot": shown, "ShownPrice": prices}

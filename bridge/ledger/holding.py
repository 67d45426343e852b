"""Offers of which something is held back, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text
from sqlalchemy import and_
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import not_
from sqlalchemy import or_
from sqlalchemy import select

from bridge.ledger import pages
from bridge.ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import ColumnElement

    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

#: Findings for which a price, or pictures and papers, are not sent.
FAULTS = {
    "price": (
        *("offers.no_price", "offers.no_tax_rate", "offers.other_currency"),
        *("offers.several_lists", "offers.business_above"),
        *("offers.sale_not_cheaper", "offers.sale_backwards"),
        *("offers.list_price_low", "offers.list_price_currency"),
    ),
    "media": (
        *("offers.no_media_address", "media.bad_name", "media.cut"),
        *("media.empty", "media.encrypted", "media.missing", "media.no_pdf"),
        *("media.no_picture", "media.too_large", "media.too_small"),
        *("media.too_wide", "media.unreadable"),
        *("media.no_answer", "media.not_public", "media.other_type"),
    ),
}
_EVERY = frozenset(code for codes in FAULTS.values() for code in codes)


def holds_back(findings: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a price or a file is not sent for one of them."""
    return any(item["code"] in _EVERY for item in findings)


def counts(tx: Transaction, sides: Sequence[Side]) -> dict[str, int]:
    """How many offers are incomplete, or of which something is held back.

    Returns:
        ``incomplete``; ``price`` and ``media`` for a fault of theirs;
        ``page``: an A+ page that waits for a person.
    """
    table = tables.listing
    text = cast(table.c.findings, Text)
    kinds: dict[str, ColumnElement[bool]] = {
        "incomplete": and_(table.c.sellable, not_(table.c.ready))
    }
    for name, codes in FAULTS.items():
        kinds[name] = or_(*(text.contains(f'"{code}"') for code in codes))
    counted = (func.count().filter(kind) for kind in kinds.values())
    query = select(*counted).where(
        table.c.mode == sides[0].mode,
        table.c.account.in_([side.account for side in sides]),
        table.c.sellable,
    )
    found = dict(zip(kinds, tx.execute(query).one(), strict=True))
    return {**found, "page": pages.held(tx, sides)}

"""Which promotion lowers a price now, or next (decisions 20)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bridge.flows.priced import label
from bridge.flows.pricelists import is_promotion
from bridge.flows.pricelists import rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.settings import Settings
    from bridge.flows.priced import Customer
    from bridge.flows.priced import Priced

    Entry = Mapping[str, Any]
    Lists = Mapping[int, list[Entry]]


class Sale(NamedTuple):
    """A promotion of one article: its first and its last instant."""

    begins: datetime
    ends: datetime
    entry: Entry


def sale(
    settings: Settings,
    customer: Customer,
    lists: Lists,
    now: datetime,
    made: Priced,
) -> Sale | None:
    """The active promotion, else the next one; what ended is none.

    Of several that are active the one that began first. When one begins or
    ends, the price is looked at again.
    """
    sales = list(_sales(settings, customer, lists, now, made))
    for one in sales:
        for edge in one[:2]:
            if edge > now:
                made.wake(edge + timedelta(seconds=1))
    return min(sales, key=lambda one: one[:2], default=None)


def _sales(
    settings: Settings,
    customer: Customer,
    lists: Lists,
    now: datetime,
    made: Priced,
) -> Iterator[Sale]:
    zone = ZoneInfo(settings.bridge.timezone)
    for number, entries in lists.items():
        if not is_promotion(entries) or not _may(settings, customer, number):
            continue
        for entry in entries:
            currency = entry.get("currency") or customer.currency
            found = _window(entry, zone)
            if found is None or currency != customer.currency:
                continue
            if found.ends > now and _stands(entry, found, made):
                yield found


def _stands(entry: Entry, found: Sale, made: Priced) -> bool:
    """Whether Amazon can have it; if not, it is told."""
    if Decimal(entry["from_quantity"]) > 1:
        pieces = str(entry["from_quantity"])
        made.note("offers.no_sale_tiers", pieces, list=label(entry))
        return False
    if found.begins > found.ends:
        facts = {"last": str(entry["valid_to"]), "list": label(entry)}
        made.note("offers.sale_backwards", str(entry["valid_from"]), **facts)
        return False
    return True


def _may(settings: Settings, customer: Customer, number: int) -> bool:
    allowed = [
        rule.promotions
        for rule in rules(settings, customer)
        if rule.promotions is not None
    ]
    return not allowed or any(number in numbers for numbers in allowed)


def _window(entry: Entry, zone: ZoneInfo) -> Sale | None:
    """Whole days on the seller's clock; the last one counts."""
    first, last = entry.get("valid_from"), entry.get("valid_to")
    if not first or not last:
        return None
    begins = datetime.combine(date.fromisoformat(first), time(0), zone)
    ends = datetime.combine(date.fromisoformat(last), time(23, 59, 59), zone)
    return Sale(begins, ends, entry)

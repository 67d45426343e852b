"""What single customers pay: never in public but what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from bridge.flows.priced import COMMON
from bridge.flows.priced import ONE
from bridge.flows.priced import Amount
from bridge.flows.priced import in_cents
from bridge.flows.tiers import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    Entry = Mapping[str, Any]

NONE, SAME, HIGHEST = "none", "same", "highest"
LEAST = 2  # customers: what one alone pays is nobody else's business
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What a customer's price is reckoned with.

    Attributes:
        currency: Of the marketplace.
        rate: Percent of tax, for net prices.
        business: The list a discount is taken from, by pieces.
    """

    currency: str
    rate: Decimal | None
    business: Mapping[int, Amount]


class Refusal(NamedTuple):
    """Why there is no price: a message code, and the value it quotes."""

    code: str
    value: str


class Common(NamedTuple):
    """A price in common, and when that may change by itself."""

    amount: Amount | None
    changes: datetime | None


def amount_of(entry: Entry, terms: Terms) -> Amount | Refusal:
    """What one customer pays for a piece, rounded once.

    Args:
        entry: A coded CustomerPrice: a price, a discount upon it, or a
            discount alone, which is taken from the list for business.
        terms: What it is reckoned with.
    """
    discount = Decimal(entry.get("discount") or 0)
    factor = 1 - discount / 100
    if entry.get("amount") is None:
        return _discounted(entry, discount, factor, terms)
    currency = entry.get("currency") or terms.currency
    if currency != terms.currency:
        return Refusal("offers.customer_currency", str(currency))
    stated, rate = Decimal(entry["amount"]) * factor, None
    if entry.get("gross") is False:
        rate = terms.rate
        if rate is None:
            return Refusal("offers.customer_no_rate", str(stated))
    return _priced(stated, ONE, rate, entry)


def _discounted(
    entry: Entry, discount: Decimal, factor: Decimal, terms: Terms
) -> Amount | Refusal:
    quantity = _pieces(entry)
    known = [number for number in terms.business if number <= quantity]
    if not known:
        return Refusal("offers.no_discount_base", str(discount))
    base = terms.business[max(known)]
    return _priced(base.stated * factor, base.per, base.rate, base.entry)


def _priced(
    stated: Decimal, per: Decimal, rate: Decimal | None, of: Entry
) -> Amount | Refusal:
    gross = in_cents(stated, per, rate)
    if gross <= 0:
        return Refusal("offers.customer_no_price", str(stated))
    return Amount(gross, stated, per, rate, of)


def _pieces(entry: Entry) -> int:
    return max(pieces(Decimal(entry.get("from_quantity") or 0)), 1)


def current(entries: Iterable[Entry], today: date) -> list[Entry]:
    """What is valid today: of one customer and quantity the youngest."""
    valid = [
        entry for entry in entries if _first(entry) <= today <= _last(entry)
    ]
    found: dict[tuple[str, int], Entry] = {}
    for entry in sorted(valid, key=_age):
        found[str(entry["customer"]), _pieces(entry)] = entry
    return [found[key] for key in sorted(found)]


def _age(entry: Entry) -> tuple[object, ...]:
    return _first(entry), Decimal(entry.get("from_quantity") or 0)


def _first(entry: Entry) -> date:
    return date.fromisoformat(entry.get("valid_from") or "0001-01-01")


def _last(entry: Entry) -> date:
    return date.fromisoformat(entry.get("valid_to") or "9999-12-31")


def common(
    rule: str, entries: Sequence[Entry], terms: Terms, now: datetime
) -> Common:
    """The price of one piece that customers have in common, if they do.

    Args:
        rule: ``same`` or ``highest``.
        entries: What customers pay for one article.
        terms: What their prices are reckoned with.
        now: On the seller's clock.
    """
    today = now.date()
    valid = current(entries, today)
    bases = [entry for entry in valid if _pieces(entry) == 1]
    changes = _changes(entries, now)
    found = [amount_of(entry, terms) for entry in bases]
    amounts = [one for one in found if isinstance(one, Amount)]
    if len(amounts) < max(LEAST, len(_customers(valid))):
        return Common(None, changes)
    highest = max(amounts, key=lambda one: one.gross)
    differ = any(one.gross != highest.gross for one in amounts)
    if rule == SAME and differ:
        return Common(None, changes)
    return Common(highest._replace(entry={"list": COMMON}), changes)


def _customers(entries: Iterable[Entry]) -> list[str]:
    return [name for name, _ in groupby(e["customer"] for e in entries)]


def _changes(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """The next midnight at which a price begins, or one has ended."""
    today = now.date()
    days = [_first(entry) for entry in entries]
    days += [_last(e) + DAY for e in entries if e.get("valid_to")]
    coming = [day for day in days if day > today]
    if not coming:
        return None
    return datetime.combine(min(coming), time(0), now.tzinfo)

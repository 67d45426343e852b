"""What an article costs whom: price lists become complete offers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.errors import Finding
from bridge.mapping.verbs import rounded
from bridge.model.listing import Offer
from bridge.model.listing import Tier
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.config.settings import Settings

MOST_TIERS = 5  # amazon.md M12
CONSUMERS, BUSINESS = "ALL", "B2B"

Entry = "Mapping[str, Any]"


@dataclass
class Priced:
    """The offers of one SKU in one marketplace.

    Attributes:
        offers: One for consumers, perhaps one for business.
        findings: What a person should know.
        boundary: When a sale begins or ends next.
    """

    offers: list[Offer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    boundary: datetime | None = None


@dataclass(frozen=True)
class Customer:
    """For whom a price is wanted."""

    marketplace: str
    audience: str
    currency: str


def offers(
    settings: Settings,
    marketplace: str,
    entries: Iterable[Mapping[str, Any]],
    *,
    tax_rate: Decimal | None,
    now: datetime,
) -> Priced:
    """The complete offers of one article (contract, section 3).

    Args:
        settings: ``[[price]]`` says which list is whose.
        marketplace: Country code.
        entries: Its coded PriceEntries.
        tax_rate: Percent, for lists that are net.
        now: Decides which sale is the active one.
    """
    made = Priced()
    lists = _by_list(entries)
    currency = MARKETPLACES[marketplace].currency
    base: Decimal | None = None
    for audience in (CONSUMERS, BUSINESS):
        customer = Customer(marketplace, audience, currency)
        chosen = _list_of(settings, customer, lists, made)
        if chosen is None:
            continue
        offer = _offer(settings, customer, chosen, tax_rate, made)
        if offer is None or _above(offer, base, made):
            continue
        if audience == CONSUMERS:
            base = offer.amount
            offer = _with_sale(settings, offer, lists, tax_rate, now, made)
        made.offers.append(offer)
    return made


def audiences(
    settings: Settings,
    marketplace: str,
    entries: Iterable[Mapping[str, Any]],
) -> dict[int, str]:
    """Whose price each list is; nothing of a list that is nobody's.

    Args:
        settings: ``[[price]]`` says which list is whose.
        marketplace: Country code.
        entries: Coded PriceEntries of one article.
    """
    lists = _by_list(entries)
    currency = MARKETPLACES[marketplace].currency
    found: dict[int, str] = {}
    for audience in (CONSUMERS, BUSINESS):
        customer = Customer(marketplace, audience, currency)
        for entry in _list_of(settings, customer, lists, Priced()) or ():
            found.setdefault(int(entry["list"]), audience)
    return found


def _by_list(
    entries: Iterable[Mapping[str, Any]],
) -> dict[int, list[Mapping[str, Any]]]:
    lists: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        lists[int(entry["list"])].append(entry)
    return lists


def _note(made: Priced, code: str, value: str, **facts: str) -> None:
    made.findings.append(
        Finding(code, None, "price", value, "warn", "operator", facts)
    )


def _is_promotion(entries: Iterable[Mapping[str, Any]]) -> bool:
    return any(entry.get("promotion") for entry in entries)


def _rules(settings: Settings, customer: Customer) -> list[Any]:
    return [
        rule
        for rule in settings.price
        if customer.marketplace in rule.marketplaces
        and rule.audience == customer.audience
        and rule.account in {"", settings.amazon.account}
    ]


def _list_of(
    settings: Settings,
    customer: Customer,
    lists: Mapping[int, list[Mapping[str, Any]]],
    made: Priced,
) -> list[Mapping[str, Any]] | None:
    """The list of a customer: as set, by its label, or the only one."""
    if any(
        rule.account in {"", settings.amazon.account}
        for rule in settings.price
    ):
        for rule in _rules(settings, customer):
            if rule.list in lists:
                return lists[rule.list]
        return None
    regular = {k: v for k, v in lists.items() if not _is_promotion(v)}
    middle = "B2B " if customer.audience == BUSINESS else ""
    label = f"Amazon {middle}{customer.marketplace}"
    named = [v for v in regular.values() if v[0].get("list_name") == label]
    if named:
        return named[0]
    if customer.audience == BUSINESS or not regular:
        return None
    other = [v for v in regular.values() if not _is_amazons(v)]
    if len(other) == 1:
        return other[0]
    if other:
        known = ", ".join(str(number) for number in sorted(regular))
        _note(made, "offers.several_lists", known, label=label)
    return None


def _is_amazons(entries: list[Mapping[str, Any]]) -> bool:
    """A list labelled for another marketplace or audience is not for all."""
    return str(entries[0].get("list_name") or "").startswith("Amazon ")


def _offer(
    settings: Settings,
    customer: Customer,
    entries: list[Mapping[str, Any]],
    tax_rate: Decimal | None,
    made: Priced,
) -> Offer | None:
    currency = entries[0].get("currency") or customer.currency
    if currency != customer.currency:
        _note(
            made, "offers.other_currency", currency, wanted=customer.currency
        )
        return None
    amounts = {
        Decimal(entry["from_quantity"]): amount
        for entry in entries
        if (amount := _gross(entry, tax_rate, made)) is not None
    }
    base = [amounts[q] for q in sorted(amounts) if q <= 1]
    if not base:
        return None
    tiers = {int(q): a for q, a in amounts.items() if q > 1}
    kept: tuple[Tier, ...] = ()
    if tiers and customer.audience == BUSINESS:
        kept = _tiers(tiers, base[-1], made)
    elif tiers and not settings.amazon.tiers_to_b2b:
        _note(made, "offers.no_consumer_tiers", str(len(tiers)))
    return Offer(
        audience=customer.audience,
        currency=customer.currency,
        amount=base[-1],
        tiers=kept,
    )


def _gross(
    entry: Mapping[str, Any], tax_rate: Decimal | None, made: Priced
) -> Decimal | None:
    """The gross price of one piece, in cents, rounded once, half up."""
    if entry.get("amount") is None:
        return None
    amount = Decimal(entry["amount"]) / Decimal(entry.get("per") or 1)
    if entry.get("gross") is False:
        if tax_rate is None:
            _note(made, "offers.no_tax_rate", str(entry["amount"]))
            return None
        amount *= 1 + tax_rate / 100
    cents = rounded(amount, 2)
    if cents <= 0:
        _note(made, "offers.no_price", str(entry["amount"]))
        return None
    return cents


def _tiers(
    tiers: Mapping[int, Decimal], base: Decimal, made: Priced
) -> tuple[Tier, ...]:
    """At most five levels, each cheaper than the one before."""
    kept: list[Tier] = []
    last = base
    for quantity in sorted(tiers):
        if tiers[quantity] < last:
            kept.append(Tier(from_quantity=quantity, amount=tiers[quantity]))
            last = tiers[quantity]
        else:
            _note(made, "offers.tier_not_cheaper", str(quantity))
    if len(kept) > MOST_TIERS:
        _note(made, "offers.too_many_tiers", str(len(kept)))
    return tuple(kept[:MOST_TIERS])


def _above(offer: Offer, base: Decimal | None, made: Priced) -> bool:
    """A business price above the consumer's is deactivated by Amazon."""
    if offer.audience == CONSUMERS or base is None or offer.amount <= base:
        return False
    _note(made, "offers.business_above", str(offer.amount), consumer=str(base))
    return True


def _with_sale(  # noqa: PLR0913, PLR0917 - all that decides a sale
    settings: Settings,
    offer: Offer,
    lists: Mapping[int, list[Mapping[str, Any]]],
    tax_rate: Decimal | None,
    now: datetime,
    made: Priced,
) -> Offer:
    """The active promotion, else the next one (decisions 20)."""
    zone = ZoneInfo(settings.bridge.timezone)
    sales = []
    for number, entries in lists.items():
        if not _is_promotion(entries) or not _may(settings, offer, number):
            continue
        for entry in entries:
            window = _window(entry, zone)
            same = (entry.get("currency") or offer.currency) == offer.currency
            if window is not None and same and window[1] > now:
                sales.append((*window, entry))
    if not sales:
        return offer
    begins, ends, entry = min(sales, key=lambda sale: sale[:2])
    boundaries = [edge for sale in sales for edge in sale[:2] if edge > now]
    made.boundary = min(boundaries) + timedelta(seconds=1)
    amount = _gross(entry, tax_rate, made)
    if amount is None:
        return offer
    if amount >= offer.amount:
        _note(
            made,
            "offers.sale_not_cheaper",
            str(amount),
            price=str(offer.amount),
        )
        return offer
    return Offer(
        audience=offer.audience,
        currency=offer.currency,
        amount=offer.amount,
        sale=amount,
        sale_from=begins,
        sale_to=ends,
        tiers=offer.tiers,
    )


def _may(settings: Settings, offer: Offer, number: int) -> bool:
    allowed = [
        rule.promotions
        for rule in settings.price
        if rule.audience == offer.audience and rule.promotions is not None
    ]
    return not allowed or any(number in numbers for numbers in allowed)


def _window(
    entry: Mapping[str, Any], zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """First and last instant of a promotion: whole Berlin days, inclusive."""
    first, last = entry.get("valid_from"), entry.get("valid_to")
    if not first or not last or Decimal(entry["from_quantity"]) > 1:
        return None
    begins = datetime.combine(date.fromisoformat(first), time(0), zone)
    ends = datetime.combine(date.fromisoformat(last), time(23, 59, 59), zone)
    return begins, ends

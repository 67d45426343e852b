"""What an article costs whom: price lists become complete offers.

What is wrong with a price is told, and that price is not sent. If it is the
consumers' own, no price of the article is: Amazon keeps what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.flows import customerprices
from bridge.flows import tiers
from bridge.flows.customerprices import NONE
from bridge.flows.customerprices import Terms
from bridge.flows.priced import BUSINESS
from bridge.flows.priced import CONSUMERS
from bridge.flows.priced import ONE
from bridge.flows.priced import PRICE
from bridge.flows.priced import SALE
from bridge.flows.priced import TIER
from bridge.flows.priced import Amount
from bridge.flows.priced import Customer
from bridge.flows.priced import Priced
from bridge.flows.priced import Reason
from bridge.flows.priced import in_cents
from bridge.flows.priced import label
from bridge.flows.pricelists import by_list
from bridge.flows.pricelists import list_of
from bridge.flows.pricelists import rules
from bridge.flows.sales import sale
from bridge.model.listing import Offer
from bridge.model.listing import Tier
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import datetime

    from bridge.config.settings import Settings

    Entry = Mapping[str, Any]

Amounts = Mapping[int, Amount]  # of one list, by number of pieces


def offers(  # noqa: PLR0913 - all that decides a price
    settings: Settings,
    marketplace: str,
    entries: Iterable[Entry],
    *,
    tax_rate: Decimal | None,
    now: datetime,
    list_price: str | None = None,
    customer_prices: Iterable[Entry] = (),
) -> Priced:
    """The complete offers of one article (contract, section 3).

    Args:
        settings: ``[[price]]`` says which list is whose.
        marketplace: Country code.
        entries: Its coded PriceEntries.
        tax_rate: Percent, for lists that are net.
        now: Decides which sale is the active one.
        list_price: What Sage recommends (UVP), in the home currency.
        customer_prices: What customers pay: nothing of it is shown unless
            ``[[price]] customers`` asks for what they have in common.
    """
    desk = _Desk(settings, marketplace, entries, tax_rate, now)
    amounts = desk.amounts(CONSUMERS)
    if amounts is not None and 1 not in amounts:
        return desk.made
    consumers = None if amounts is None else desk.consumers(amounts)
    business = desk.business(consumers, amounts or {}, customer_prices)
    desk.made.offers += [one for one in (consumers, business) if one]
    if consumers is not None:
        desk.recommend(list_price, consumers)
    return desk.made


def more_kinds(settings: Settings) -> tuple[str, ...]:
    """Kinds of documents that some settings make part of prices."""
    asked = any(rule.customers != NONE for rule in settings.price)
    return ("CustomerPrice",) if asked else ()


def terms(
    settings: Settings,
    entries: Iterable[Entry],
    tax_rate: Decimal | None,
    now: datetime,
) -> Terms:
    """What customers' prices of an article are reckoned with, at home.

    Their discounts are taken from the list for business alone.
    """
    desk = _Desk(settings, settings.home, entries, tax_rate, now)
    currency = MARKETPLACES[settings.home].currency
    return Terms(currency, tax_rate, desk.amounts(BUSINESS) or {})


class _Desk:
    """One article's prices in one marketplace, while they are made."""

    def __init__(
        self,
        settings: Settings,
        marketplace: str,
        entries: Iterable[Entry],
        tax_rate: Decimal | None,
        now: datetime,
    ) -> None:
        self._settings = settings
        self._marketplace = marketplace
        self._currency = MARKETPLACES[marketplace].currency
        self._lists = by_list(entries)
        self._rate = tax_rate
        self._now = now
        self.made = Priced(self._currency)

    def _customer(self, audience: str) -> Customer:
        return Customer(self._marketplace, audience, self._currency)

    def amounts(self, audience: str) -> Amounts | None:
        """What the list of an audience says by pieces; 1 is the base.

        Returns:
            Nothing if there is no list of its own.
        """
        customer = self._customer(audience)
        chosen = list_of(self._settings, customer, self._lists, self.made)
        if chosen is None:
            return None
        return dict(self._by_pieces(chosen))

    def _by_pieces(
        self, entries: Iterable[Entry]
    ) -> Iterator[tuple[int, Amount]]:
        """Of several thresholds of one number of pieces the highest wins."""
        others: dict[str, str] = {}
        for entry in entries:
            currency = entry.get("currency") or self._currency
            if currency != self._currency:
                others[currency] = label(entry)
                continue
            amount = self._amount(entry)
            if amount is not None:
                quantity = tiers.pieces(Decimal(entry["from_quantity"]))
                yield max(quantity, 1), amount
        for currency, where in others.items():
            facts = {"wanted": self._currency, "list": where}
            self.made.note("offers.other_currency", currency, **facts)

    def _amount(self, entry: Entry) -> Amount | None:
        if entry.get("amount") is None:
            return None
        stated, rate = Decimal(entry["amount"]), None
        per = Decimal(entry["per"]) if entry.get("per") else ONE
        if entry.get("gross") is False:
            if self._rate is None:
                self._note("offers.no_tax_rate", stated, list=label(entry))
                return None
            rate = self._rate
        gross = in_cents(stated, per, rate)
        if gross <= 0:
            self._note("offers.no_price", stated, list=label(entry))
            return None
        return Amount(gross, stated, per, rate, entry)

    def _note(self, code: str, value: Decimal, **facts: str) -> None:
        self.made.note(code, str(value), **facts)

    def consumers(self, amounts: Amounts) -> Offer:
        """The price of one piece, and perhaps a sale's."""
        others = len(_more(amounts))
        if others and not self._settings.amazon.tiers_to_b2b:
            where = amounts[1].list
            self.made.note("offers.no_consumer_tiers", str(others), list=where)
        return self._with_sale(self._offer(CONSUMERS, amounts[1]))

    def _offer(self, audience: str, base: Amount) -> Offer:
        self.made.reasons.append(Reason(audience, PRICE, base))
        return Offer(
            audience=audience, currency=self._currency, amount=base.gross
        )

    def business(
        self,
        consumers: Offer | None,
        shared: Amounts,
        of_customers: Iterable[Entry],
    ) -> Offer | None:
        """The price to Amazon Business with its tiers.

        Args:
            consumers: Their offer; Amazon takes no business price above it.
            shared: The consumers' list, whose tiers may serve.
            of_customers: What customers pay, who may have it in common.
        """
        amounts = self._of_business(shared)
        common = self._common(amounts, of_customers)
        if common is not None:
            amounts = {**amounts, 1: common}
        if not amounts:
            return None
        base = amounts[1]
        if consumers is not None and base.gross > consumers.amount:
            facts = {"consumer": str(consumers.amount), "list": base.list}
            self._note("offers.business_above", base.gross, **facts)
            return None
        offer = self._offer(BUSINESS, base)
        kept = tiers.levels(_more(amounts), base, self.made)
        self.made.reasons += [
            Reason(BUSINESS, TIER, amount, number) for number, amount in kept
        ]
        made = (Tier(from_quantity=n, amount=one.gross) for n, one in kept)
        return replace(offer, tiers=tuple(made))

    def _of_business(self, shared: Amounts) -> Amounts:
        """Business prices by pieces, with the consumers' tiers if set so."""
        own = self.amounts(BUSINESS)
        if own is not None and 1 not in own:
            return {}
        if not self._settings.amazon.tiers_to_b2b or _more(own or {}):
            return own or {}
        if own is None and not _more(shared):
            return {}
        return {**shared, **(own or {})}

    def _common(
        self, amounts: Amounts, of_customers: Iterable[Entry]
    ) -> Amount | None:
        """What customers have in common, where it is asked for and lower."""
        asked = rules(self._settings, self._customer(BUSINESS))
        rule = next((one.customers for one in asked), NONE)
        if rule == NONE:
            return None
        zone = ZoneInfo(self._settings.bridge.timezone)
        terms = Terms(self._currency, self._rate, amounts)
        found = customerprices.common(
            rule, list(of_customers), terms, self._now.astimezone(zone)
        )
        if found.changes is not None:
            self.made.wake(found.changes)
        amount = found.amount
        if amount is None or 1 not in amounts:
            return amount
        return amount if amount.gross < amounts[1].gross else None

    def _with_sale(self, offer: Offer) -> Offer:
        customer = self._customer(offer.audience)
        found = sale(
            self._settings, customer, self._lists, self._now, self.made
        )
        amount = None if found is None else self._amount(found.entry)
        if found is None or amount is None:
            return offer
        if amount.gross >= offer.amount:
            facts = {"price": str(offer.amount), "list": amount.list}
            self._note("offers.sale_not_cheaper", amount.gross, **facts)
            return offer
        self.made.reasons.append(Reason(offer.audience, SALE, amount))
        return replace(
            offer,
            sale=amount.gross,
            sale_from=found.begins,
            sale_to=found.ends,
        )

    def recommend(self, stated: str | None, consumers: Offer) -> None:
        """The recommended price, if it can stand beside the price."""
        if stated is None:
            return
        home = MARKETPLACES[self._settings.home].currency
        if self._currency != home:
            facts = {"wanted": self._currency, "currency": home}
            self.made.note("offers.list_price_currency", stated, **facts)
        elif Decimal(stated) <= consumers.amount:
            price = str(consumers.amount)
            self.made.note("offers.list_price_low", stated, price=price)
        else:
            self.made.list_price = stated


def _more(amounts: Amounts) -> dict[int, Amount]:
    """What is cheaper from several pieces on."""
    return {number: one for number, one in amounts.items() if number > 1}

"""Price sheets of customers, for a person to upload in Seller Central.

Amazon takes what a seller agreed with one business customer by hand only
(amazon.md M21). A sheet holds what is valid today; what cannot be reckoned is
told to who asks for the sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bridge.flows import joining
from bridge.flows import pricing
from bridge.flows.articleprices import of_articles
from bridge.flows.customerprices import Refusal
from bridge.flows.customerprices import amount_of
from bridge.flows.customerprices import current
from bridge.flows.tiers import pieces
from bridge.ledger.customerprices import by_customer
from bridge.model.kinds import KEY_SEPARATOR
from bridge.model.marketplaces import MARKETPLACES
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import datetime

    from bridge.config.settings import Settings
    from bridge.flows.customerprices import Terms
    from bridge.flows.parts import Parts
    from bridge.ledger.documents import Body
    from bridge.ledger.engine import Transaction
    from bridge.mapping.book import Book

    Entry = Mapping[str, Any]
    Place = tuple[str, int]

DOCUMENT = "PriceSheet"


class Left(NamedTuple):
    """A price that is on no sheet, and why."""

    customer: str
    article: str
    code: str
    value: str


class Tag(NamedTuple):
    """What is known of an article whatever the customer."""

    sku: str
    terms: Terms


@dataclass
class Clerk:
    """Who writes sheets.

    Attributes:
        now: Decides what is valid.
        left: What was left out so far.
    """

    tx: Transaction
    book: Book
    settings: Settings
    now: datetime
    left: list[Left] = field(default_factory=list)
    _tags: dict[Place, Tag | None] = field(default_factory=dict)

    def sheets(self) -> Iterator[dict[str, Any]]:
        """A coded PriceSheet of each customer who has a price today."""
        mandant = self.settings.bridge.mandant
        bodies = by_customer(self.tx, mandant)
        for customer, own in groupby(bodies, _customer):
            lines = list(self._lines(own))
            if lines:
                yield {
                    "mandant": mandant,
                    "customer": customer,
                    "marketplace": self.settings.home,
                    "prices": sorted(lines, key=_place),
                }

    def _lines(self, bodies: Iterable[Body]) -> Iterator[dict[str, Any]]:
        zone = ZoneInfo(self.settings.bridge.timezone)
        today = self.now.astimezone(zone).date()
        for place, own in groupby(bodies, _article):
            for entry in current(self._merged(own), today):
                line = self._line(place, entry)
                if line is not None:
                    yield line

    def _merged(self, bodies: Iterable[Body]) -> Iterator[Entry]:
        for _, stated in groupby(bodies, lambda body: body.key):
            yield joining.merge(list(stated), self.book)

    def _tag(self, place: Place) -> Tag | None:
        """What is known of an article, if it is offered; asked for once."""
        if place not in self._tags:
            found = of_articles(self.tx, self.book, self.settings, [place])
            article = found.get(place)
            self._tags[place] = None
            if article is not None and article.sellable:
                terms = pricing.terms(
                    self.settings, article.prices, article.tax_rate, self.now
                )
                self._tags[place] = Tag(article.sku, terms)
        return self._tags[place]

    def _line(self, place: Place, entry: Entry) -> dict[str, Any] | None:
        customer, article = str(entry["customer"]), place[0]
        tag = self._tag(place)
        if tag is None:
            why = Refusal("offers.customer_not_offered", article)
            self.left.append(Left(customer, article, *why))
            return None
        amount = amount_of(entry, tag.terms)
        if isinstance(amount, Refusal):
            self.left.append(Left(customer, article, *amount))
            return None
        quantity = Decimal(entry.get("from_quantity") or 0)
        line = {
            "sku": tag.sku,
            "article": article,
            "variant": place[1],
            "from_quantity": max(pieces(quantity), 1),
            "amount": canonical(amount.gross),
            "currency": MARKETPLACES[self.settings.home].currency,
            "valid_from": entry.get("valid_from"),
            "valid_to": entry.get("valid_to"),
        }
        return {k: v for k, v in line.items() if v is not None}


def _customer(body: Body) -> str:
    return body.key.split(KEY_SEPARATOR)[0]


def _place(line: dict[str, Any]) -> tuple[Any, ...]:
    return line["sku"], line["from_quantity"]


def _article(body: Body) -> Place:
    return body.article, body.variant


def sheets(parts: Parts) -> Iterator[dict[str, Any]]:
    """The sheets of the account of ``[amazon]``, at its home."""
    with parts.ledger.read() as tx:
        clerk = Clerk(tx, parts.book, parts.settings, parts.clock.now())
        yield from clerk.sheets()

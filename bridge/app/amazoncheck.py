"""What Amazon says when it is asked who we are; nothing is changed."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon.warehouse import LiveWarehouse
from bridge.app.amazon import selling_partner
from bridge.errors import BridgeError
from bridge.errors import RefusedError
from bridge.ledger import orders
from bridge.ledger.offers import Side
from bridge.model.marketplaces import BY_ID
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from bridge.amazon.session import SellingPartner
    from bridge.config.settings import Settings
    from bridge.ledger.engine import Ledger
    from bridge.ports import Clock

SELLER = re.compile(r"A[A-Z0-9]{9,15}").fullmatch  # a Merchant Token
SETTLED = timedelta(minutes=3)  # a window of orders ends in the past
UPLOADED, BY_MESSAGE = "upload", "message"  # of [invoices] way
UPLOAD = "UPLOAD_VAT_INVOICE"
NOBODYS = "bridge-check"  # a SKU and an order nobody has


@dataclass
class AmazonVisit:
    """What a visit found.

    Attributes:
        marketplaces: Where the seller sells, as country codes.
        errors: Everything that stands in the way, each with its next step.
    """

    marketplaces: list[str] = field(default_factory=list)
    errors: list[BridgeError] = field(default_factory=list)


def visit_amazon(
    settings: Settings,
    ledger: Ledger,
    clock: Clock,
    log: Any,  # noqa: ANN401 - structlog's bound logger
    *,
    ships: bool = False,
) -> AmazonVisit:
    """Ask Amazon one question for each role the bridge needs.

    Args:
        settings: In live mode, of one account.
        ledger: The plans are kept in it, so that a visit breaks none.
        clock: The time.
        log: For answers that were errors.
        ships: Whether the account's stock at Amazon is shipped for Sage.
    """
    found = AmazonVisit()
    if not SELLER(settings.amazon.seller_id):
        found.errors.append(
            RefusedError("amazon.odd_seller", value=settings.amazon.seller_id)
        )
    with ExitStack() as files:
        try:
            partner = selling_partner(settings, ledger, clock, log, files)
            answer = partner.ask("getMarketplaceParticipations")
        except BridgeError as error:
            found.errors.append(error)  # the other questions would say it too
            return found
        found.marketplaces = list(_selling(answer.get("payload") or []))
        found.errors += _missing(settings, found.marketplaces)
        questions = [
            *_questions(settings, clock, partner.ask),
            *_of_papers(settings, ledger, partner.ask),
            *((partial(_warehouse, partner),) if ships else ()),
        ]
        for question in questions:
            try:
                question()
            except BridgeError as error:
                found.errors.append(error)
    return found


def _selling(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The marketplaces the seller takes part in, as country codes."""
    for row in rows:
        place = BY_ID.get(row["marketplace"]["id"])
        if place and row["participation"]["isParticipating"]:
            yield place.code


def _missing(settings: Settings, selling: list[str]) -> Iterator[BridgeError]:
    for code in settings.amazon.marketplaces:
        if code not in selling:
            known = ", ".join(selling) or "-"
            yield RefusedError("amazon.not_selling", value=code, known=known)


def _questions(
    settings: Settings, clock: Clock, ask: Callable[..., Any]
) -> Iterator[Callable[[], Any]]:
    """One question for each role."""
    home = MARKETPLACES[settings.amazon.marketplaces[0]].id
    until = clock.now() - SETTLED
    yield lambda: ask(
        "searchListingsItems",
        settings.amazon.seller_id,
        query={
            "marketplaceIds": [home],
            "identifiers": [NOBODYS],
            "identifiersType": "SKU",
            "pageSize": 1,
        },
    )
    yield lambda: ask(
        "searchOrders",
        query={
            "lastUpdatedAfter": f"{until - SETTLED:%Y-%m-%dT%H:%M:%SZ}",
            "lastUpdatedBefore": f"{until:%Y-%m-%dT%H:%M:%SZ}",
            "marketplaceIds": [home],
            "maxResultsPerPage": 1,
        },
    )


def _of_papers(
    settings: Settings, ledger: Ledger, ask: Callable[..., Any]
) -> Iterator[Callable[[], Any]]:
    """The question for the role that invoices need, as they go to Amazon.

    Messages are asked for of an order, and only one of ours tells a missing
    role from somebody else's order: without any nothing is asked.
    """
    amazon, way = settings.amazon, settings.invoices.way
    if way == UPLOADED:
        home = MARKETPLACES[amazon.marketplaces[0]].id
        query = {"feedTypes": [UPLOAD], "marketplaceIds": [home]}
        yield partial(ask, "getFeeds", query={**query, "pageSize": 1})
    if way == BY_MESSAGE:
        with ledger.read() as tx:
            order = orders.newest(tx, Side(amazon.mode, amazon.account))
        if order is not None:
            number, code = order
            market = {"marketplaceIds": [MARKETPLACES[code].id]}
            yield partial(
                ask, "getMessagingActionsForOrder", number, query=market
            )


def _warehouse(partner: SellingPartner) -> None:
    """Ask Amazon's warehouse for an order it does not know."""
    LiveWarehouse(partner).look(NOBODYS)

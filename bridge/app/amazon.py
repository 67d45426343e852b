"""Amazon, or who stands in for it: chosen by ``[amazon] mode``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from bridge.amazon import definitions
from bridge.amazon.courier import LiveCourier
from bridge.amazon.courier import RehearsedCourier
from bridge.amazon.pages import LivePages
from bridge.amazon.pages import RehearsedPages
from bridge.amazon.rehearsal import Rehearsal
from bridge.amazon.rehearsedreports import RehearsedReports
from bridge.amazon.showcase import LiveShowcase
from bridge.amazon.showcase import RehearsedShowcase
from bridge.amazon.warehouse import LiveWarehouse
from bridge.amazon.warehouse import RehearsedWarehouse
from bridge.app import credentials
from bridge.config.secrets import secret
from bridge.ledger.buckets import LedgerBuckets
from bridge.model.marketplaces import LOCALES

if TYPE_CHECKING:
    from contextlib import ExitStack

    from bridge.amazon.session import SellingPartner
    from bridge.amazon.tokens import Keys
    from bridge.config.settings import Settings
    from bridge.ledger.engine import Ledger
    from bridge.ports import Clock
    from bridge.ports import Desk
    from bridge.ports import Marketplace
    from bridge.ports import OrderBook
    from bridge.ports.courier import Courier
    from bridge.ports.issues import Reviews
    from bridge.ports.pages import Pages
    from bridge.ports.reports import Reports
    from bridge.ports.rules import Rulebook
    from bridge.ports.showcase import Showcase
    from bridge.ports.warehouse import Warehouse

LIVE = "live"
TYPES = "state/product-types"


@dataclass(frozen=True)
class Counterpart:
    """Everything that is asked of Amazon.

    Attributes:
        marketplace: Listings and feeds.
        order_book: Orders.
        rulebook: What product types demand.
        reports: Reports Amazon makes.
        showcase: SKUs in full.
        warehouse: The stock Amazon holds.
        courier: Who brings papers to a buyer.
        pages: A+ pages of brand owners.
        reviews: Issues that are read back; none in rehearsal.
    """

    marketplace: Marketplace
    order_book: OrderBook
    rulebook: Rulebook
    reports: Reports
    showcase: Showcase
    warehouse: Warehouse
    courier: Courier
    pages: Pages
    reviews: Reviews | None = None


def counterpart(  # noqa: PLR0913, PLR0917 - the pieces it is made of
    settings: Settings,
    account: str,
    ledger: Ledger,
    clock: Clock,
    desk: Desk,
    log: Any,  # noqa: ANN401 - structlog's bound logger
    files: ExitStack,
) -> Counterpart:
    """Who is asked, as the settings say.

    Args:
        settings: With ``[amazon]`` and every ``[[account]]``.
        account: Whose counterpart it is.
        ledger: Where the plans are shared.
        clock: The time.
        desk: Who writes what is rehearsed.
        log: For answers that were errors.
        files: Closes the connections at the end.

    Raises:
        ConfigError: A secret is missing.
    """
    drawer = settings.drawer(account)
    bodies = settings.folder("outbox/amazon") / drawer
    recorded = settings.folder("rehearsal") / drawer
    settings = settings.of_account(account)
    rulebook = partial(
        definitions.Definitions,
        settings.folder(TYPES),
        settings.amazon.definitions_every,
        clock,
        desk,
        log,
    )
    if settings.amazon.mode == LIVE:
        from bridge.amazon.live import Live  # noqa: PLC0415 - httpx: 15 MiB
        from bridge.amazon.reports import LiveReports  # noqa: PLC0415
        from bridge.amazon.reviews import LiveReviews  # noqa: PLC0415

        partner = selling_partner(settings, ledger, clock, log, files)
        seller = settings.amazon.seller_id
        live = Live(
            seller,
            settings.amazon.marketplaces,
            partner,
            settings.bridge.language,
        )
        ask = definitions.Amazon(seller, partner)
        reviews = LiveReviews(
            seller, partner, LOCALES[settings.bridge.language]
        )
        return Counterpart(
            live,
            live,
            rulebook(ask),
            LiveReports(partner),
            LiveShowcase(seller, partner),
            LiveWarehouse(partner),
            LiveCourier(partner),
            LivePages(partner),
            reviews,
        )
    rehearsal = Rehearsal(bodies, recorded, desk)
    return Counterpart(
        rehearsal,
        rehearsal,
        rulebook(None),
        RehearsedReports(recorded / "reports"),
        RehearsedShowcase(recorded / "listings"),
        RehearsedWarehouse(bodies, recorded, desk),
        RehearsedCourier(bodies, desk),
        RehearsedPages(bodies, desk),
    )


def selling_partner(
    settings: Settings,
    ledger: Ledger,
    clock: Clock,
    log: Any,  # noqa: ANN401 - structlog's bound logger
    files: ExitStack,
) -> SellingPartner:
    """The conversation with Amazon for the account of the settings.

    Raises:
        ConfigError: A secret is missing.
    """
    from bridge.amazon import session  # noqa: PLC0415
    from bridge.amazon.operations import HOSTS  # noqa: PLC0415
    from bridge.amazon.operations import TOKEN_URL  # noqa: PLC0415
    from bridge.amazon.throttle import Throttle  # noqa: PLC0415
    from bridge.amazon.tokens import Tokens  # noqa: PLC0415

    amazon = settings.amazon
    with ledger.write() as tx:
        credentials.remember(tx, settings, clock.now())
    http = files.enter_context(session.connections())
    tokens = Tokens(
        _keys(settings), amazon.token_url or TOKEN_URL, clock, http
    )
    place = session.Place(
        amazon.endpoint or HOSTS[amazon.region], amazon.region
    )
    throttle = Throttle(
        f"{amazon.account}:{amazon.region}", LedgerBuckets(ledger), clock
    )
    return session.SellingPartner(place, tokens, throttle, http, log)


def _keys(settings: Settings) -> Keys:
    from bridge.amazon import tokens  # noqa: PLC0415

    amazon = settings.amazon
    return tokens.Keys(
        secret(amazon.client_id, settings.workspace),
        secret(amazon.client_secret, settings.workspace),
        secret(amazon.refresh_token, settings.workspace),
    )

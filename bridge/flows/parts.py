"""What an errand may use; ``bridge.app`` chooses the pieces."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

from bridge.errors import ConfigError
from bridge.ledger.offers import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.config.settings import Settings
    from bridge.flows.lettering import Study
    from bridge.ledger.engine import Ledger
    from bridge.mapping.book import Book
    from bridge.mapping.carriers import Carriers
    from bridge.ports import Clock
    from bridge.ports import Desk
    from bridge.ports import Inbox
    from bridge.ports import Marketplace
    from bridge.ports import OrderBook
    from bridge.ports import Outbox
    from bridge.ports import Source
    from bridge.ports import Table
    from bridge.ports.courier import Courier
    from bridge.ports.issues import Reviews
    from bridge.ports.mailer import Mailer
    from bridge.ports.pages import Pages
    from bridge.ports.partners import Partner
    from bridge.ports.reports import Readings
    from bridge.ports.reports import Reports
    from bridge.ports.rules import Rulebook
    from bridge.ports.showcase import Showcase
    from bridge.ports.warehouse import Warehouse
    from bridge.ports.web import Web


class Safe(Protocol):
    """Who turns personal data into an opaque blob and back."""

    @property
    def key_id(self) -> str:
        """Which key it uses now."""
        ...

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every key it can open with."""
        ...

    def add_key(self) -> None:
        """Lock with a new key from now on."""
        ...

    def drop_old_keys(self) -> None:
        """Forget the keys of earlier times."""
        ...

    def lock(self, content: bytes) -> bytes:
        """The opaque blob."""
        ...

    def fingerprint(self, text: str) -> str:
        """A keyed digest of a text: the same text, the same digest."""
        ...

    def unlock(self, blob: bytes, key_id: str) -> bytes:
        """What was locked."""
        ...


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The pieces of one running bridge.

    Attributes:
        paper_box: Where papers that are printed appear.
        study: Where letters are written.
        mailer: Who brings mails.
        inboxes: By name; those of partners hold what was fetched.
        pickups: Folders whose files are brought to partners, by path.
        readings: Who reads what stands in reports.
        showcase: Where SKUs are looked at in full.
        reviews: Who reads issues back; nobody in rehearsal.
        web: Who asks addresses of files; nobody in rehearsal.
        others: The pieces of every ``[[account]]``; what is not Amazon's
            is shared.
    """

    settings: Settings
    ledger: Ledger
    clock: Clock
    book: Book
    carriers: Carriers
    marketplace: Marketplace
    order_book: OrderBook
    rulebook: Rulebook
    reports: Reports
    readings: Readings
    showcase: Showcase
    warehouse: Warehouse
    courier: Courier
    mailer: Mailer
    pages: Pages
    inboxes: Mapping[str, Inbox]
    outboxes: Mapping[str, Outbox]
    paper_box: Outbox
    study: Study
    partners: Mapping[str, Partner]
    pickups: Mapping[str, Inbox]
    desk: Desk
    safe: Safe
    log: Any
    reviews: Reviews | None = None
    web: Web | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    files: ExitStack = field(default_factory=ExitStack)
    others: Mapping[str, Parts] = field(default_factory=dict)

    def close(self) -> None:
        """Let the database and open files go."""
        self.ledger.close()
        self.files.close()

    @property
    def side(self) -> Side:
        """Whose Amazon state this is."""
        amazon = self.settings.amazon
        return Side(amazon.mode, amazon.account)

    @property
    def everyone(self) -> tuple[Parts, ...]:
        """The pieces of each seller account; that of ``[amazon]`` first."""
        return (self, *self.others.values())

    @property
    def sides(self) -> tuple[Side, ...]:
        """The Amazon state of each seller account."""
        return tuple(one.side for one in self.everyone)

    def of_account(self, name: str) -> Parts:
        """The pieces of one seller account.

        Raises:
            ConfigError: ``config.box_gone``: it was taken out of the
                settings before its things were done.
        """
        for one in self.everyone:
            if one.side.account == name:
                return one
        raise ConfigError("config.box_gone", name=name)

    def inbox(self, name: str) -> Inbox:
        """Where files of an inbox, a partner or a table come in.

        Raises:
            ConfigError: ``config.box_gone``: it was taken out of the
                settings before its files were done.
        """
        found = self.inboxes.get(name)
        if found is None:
            raise ConfigError("config.box_gone", name=name)
        return found

    @property
    def mandant(self) -> int:
        """Whose Sage state this is."""
        return self.settings.bridge.mandant

    def context(self, **more: str) -> dict[str, str]:
        """What mappings may ask by ``context:``."""
        settings = self.settings
        known = {
            "mandant": str(settings.bridge.mandant),
            "timezone": settings.bridge.timezone,
            "seller": settings.amazon.seller_id,
            "now": self.clock.now().isoformat(),
        }
        own = {f"setting.{k}": v for k, v in settings.values.items()}
        return known | own | more

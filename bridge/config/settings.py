"""The shape of bridge.toml; every default is said here and only here."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from decimal import InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Literal
from typing import TypeVar
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator
from pydantic import BeforeValidator
from pydantic import Field

from bridge.config.mail import Mail
from bridge.config.media import Media
from bridge.config.names import Encoding
from bridge.config.names import TableName
from bridge.config.names import WrittenName
from bridge.config.papers import Letterhead
from bridge.config.papers import Papers
from bridge.config.papers import Terms
from bridge.config.partners import Partner
from bridge.config.prices import Price
from bridge.config.secrets import FORMS
from bridge.config.secrets import Secret
from bridge.config.section import Duration
from bridge.config.section import Section
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PERSONAL = timedelta(days=30)
LONGEST_ACCOUNT = 20  # KHKKontokorrent.Kto
PLACEHOLDER = re.compile(r"\{(\w*)\}")  # of a number's form
PASSWORD = re.compile(r"[\w+]+://[^/@:]*:[^/@]+@")  # user:password@host


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("config.unknown_zone") from None
    return text


def _loopback(text: str) -> str:
    hosts = ("http://127.", "http://localhost", "http://[::1]")
    if text and not text.startswith(("https://", *hosts)):
        raise ValueError("config.plain_http")
    return text


def _share(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
        fits = 0 <= number <= 1
    except InvalidOperation:
        fits, number = False, Decimal(0)
    if not fits:
        raise ValueError("config.not_a_share")
    return number


def _without_password(text: str) -> str:
    """A password in bridge.toml would lie open to every reader."""
    if PASSWORD.match(text):
        raise ValueError("config.plain_password")
    if not text.startswith(FORMS) and "://" not in text:
        raise ValueError("config.not_a_url")
    return text


def _at_most_30(kept: timedelta) -> timedelta:
    """Amazon's Data Protection Policy allows 30 days after delivery."""
    if kept > MOST_PERSONAL:
        raise ValueError("config.too_long")
    return kept


def _numbered(text: str) -> str:
    """New accounts are counted up from the first one."""
    if text and not text[-1].isdigit():
        raise ValueError("config.not_counted")
    if len(text) > LONGEST_ACCOUNT:
        raise ValueError("config.long_account")
    return text


Url = Annotated[str, AfterValidator(_loopback)]
DatabaseUrl = Annotated[str, AfterValidator(_without_password)]
Share = Annotated[Decimal, BeforeValidator(_share)]


SOURCE = "@"  # before the name of the inbox a table is read into


class Bridge(Section):
    """``[bridge]``: whose house this is."""

    mandant: int = Field(default=1, ge=0)
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    language: Literal["de", "en"] = "de"
    article_language: str = Field(default="de", pattern="^[a-z]{2}$")


class Database(Section):
    """``[database]``: where the ledger and the engine keep their rows."""

    url: str = "sqlite:///state/ledger.sqlite"
    jobs_url: str = "sqlite:///state/jobs.sqlite"


class Amazon(Section):
    """``[amazon]``: the account, and how carefully it is treated."""

    mode: Literal["rehearsal", "live"] = "rehearsal"
    account: str = Field(
        default="main", min_length=1, max_length=40, pattern=r"^[\w-]+$"
    )
    region: Literal["eu", "na", "fe"] = "eu"
    seller_id: str = "A1EXAMPLESELLER"
    marketplaces: tuple[str, ...] = Field(default=("DE",), min_length=1)
    client_id: Secret = ""
    client_secret: Secret = ""
    refresh_token: Secret = ""
    endpoint: Url = ""
    token_url: Url = ""
    poll_feeds: Duration = timedelta(seconds=60)
    orders: Literal["auto", "api", "reports"] = "auto"
    poll_orders: Duration = timedelta(minutes=3)
    first_orders: Duration = timedelta(days=14)
    definitions_every: Duration = timedelta(days=7)
    patch_up_to: int = Field(default=300, ge=0)
    confirm_up_to: int = Field(default=50, ge=0)
    search_up_to: int = Field(default=5_000, ge=0)
    confirm_above_share: Share = Decimal("0.2")
    confirm_at_least: int = Field(default=10, ge=1)
    confirm_price_change: int = Field(default=30, ge=1)
    rehearsal_prefix: str = Field(default="PROBE_", pattern=r"^[\w-]*$")
    fallback_article: str = "AMAZON"
    tiers_to_b2b: bool = False
    brand_owner: bool = False


class Account(Section):
    """``[[account]]``: a further seller account; all else as ``[amazon]``."""

    name: str = Field(min_length=1, max_length=40, pattern=r"^[\w-]+$")
    region: Literal["eu", "na", "fe"] = "eu"
    seller_id: str = "A1EXAMPLESELLER"
    marketplaces: tuple[str, ...] = Field(default=("DE",), min_length=1)
    client_id: Secret = ""
    client_secret: Secret = ""
    refresh_token: Secret = ""
    endpoint: Url = ""
    token_url: Url = ""
    brand_owner: bool = False


class Inbox(Section):
    """``[[inbox]]``: a folder files are dropped into."""

    name: str = "sage"
    folder: Path
    settle: Duration = timedelta(seconds=2)
    recursive: bool = False
    marker: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    encoding: Encoding = ""


class Outbox(Section):
    """``[[outbox]]``: a folder a Sage job fetches files from."""

    name: str = "sage"
    folder: Path
    mappings: tuple[str, ...] = ("bestellung",)
    changes: str = "bestellaenderung"
    format: Literal["csv", "xml", "json", "txt"] = "xml"
    pick_up_within: Duration = timedelta(hours=4)
    account: str = ""
    encoding: Encoding = ""


class Stock(Section):
    """``[[stock]]``: which warehouses count."""

    warehouses: tuple[str, ...] = ()
    channel: Literal["MFN"] = "MFN"
    reserve: int = Field(default=0, ge=0)
    lead_time: int | None = Field(default=None, ge=0, le=30)
    account: str = ""


class Customers(Section):
    """``[customers]``: whose account an order of Amazon goes to."""

    from_orders: Literal["collective", "each"] = "collective"
    collective: dict[str, str] = Field(default_factory=dict)
    first_account: Annotated[str, AfterValidator(_numbered)] = ""


def _names_number(text: str) -> str:
    """Two invoices must not be called alike."""
    names = set(PLACEHOLDER.findall(text))
    if "number" not in names or not names <= {"code", "year", "number"}:
        raise ValueError("config.no_number")
    return text


class Invoices(Section):
    """``[invoices]``: Sage's invoices and credit notes, for Amazon."""

    way: Literal["upload", "message", "none"] = "upload"
    number: Annotated[str, AfterValidator(_names_number)] = (
        "{code}-{year}-{number}"
    )
    largest_mib: int = Field(default=1, ge=1)


class Warehouse(Section):
    """``[warehouse]``: orders of Sage that Amazon ships from its stock."""

    account: str = ""
    confirm: bool = True
    speed: Literal["Standard", "Expedited", "Priority"] = "Standard"
    policy: Literal["FillOrKill", "FillAll", "FillAllAvailable"] = "FillOrKill"
    comment: str = Field(
        default="Vielen Dank für Ihre Bestellung.",
        min_length=1,
        max_length=750,
    )


class Retention(Section):
    """``[retention]``: how long what is kept."""

    personal_data: Annotated[Duration, AfterValidator(_at_most_30)] = (
        timedelta(days=30)
    )
    archive: Duration = timedelta(days=90)
    offers: Duration = timedelta(days=90)
    log: Duration = timedelta(days=400)


class Table(Section):
    """``[[table]]``: a table documents are written into, one to one."""

    name: str = Field(min_length=1, pattern=r"^[\w-]+$")
    url: DatabaseUrl
    mapping: str
    table: WrittenName
    create: bool = False
    key: tuple[str, ...] = Field(default=(), min_length=1)


class Source(Section):
    """``[[source]]``: a table or view that is read like a file."""

    name: str = Field(min_length=1, pattern=r"^[\w-]+$")
    url: DatabaseUrl
    mapping: str
    table: TableName
    changed: str = ""
    every: Duration = timedelta(minutes=5)
    overlap: Duration = timedelta(minutes=2)


Named = TypeVar("Named", Account, Inbox, Outbox, Table, Source)


def named(sections: Iterable[Named], name: str) -> Named:
    """The section of that name.

    Raises:
        ConfigError: ``config.box_gone``: it was taken out of bridge.toml
            while something of it was not done.
    """
    for section in sections:
        if section.name == name:
            return section
    raise ConfigError("config.box_gone", name=name)


class Settings(Section):
    """All of bridge.toml.

    Attributes:
        workspace: The folder that holds bridge.toml; never written in it.
        values: Texts that ``context: setting.NAME`` reads in mappings.
    """

    workspace: Path
    bridge: Bridge = Bridge()
    database: Database = Database()
    amazon: Amazon = Amazon()
    account: tuple[Account, ...] = ()
    inbox: tuple[Inbox, ...] = ()
    outbox: tuple[Outbox, ...] = ()
    stock: tuple[Stock, ...] = ()
    price: tuple[Price, ...] = ()
    customers: Customers = Customers()
    invoices: Invoices = Invoices()
    warehouse: Warehouse = Warehouse()
    retention: Retention = Retention()
    letterhead: Letterhead = Letterhead()
    papers: Papers = Papers()
    terms: tuple[Terms, ...] = ()
    media: Media = Media()
    mail: Mail = Mail()
    partner: tuple[Partner, ...] = ()
    table: tuple[Table, ...] = ()
    source: tuple[Source, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)

    @property
    def home(self) -> str:
        """The home marketplace: stock is kept and sent under it."""
        return self.amazon.marketplaces[0]

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every seller account by name; that of ``[amazon]`` first."""
        return (self.amazon.account, *(one.name for one in self.account))

    def of_account(self, name: str) -> Settings:
        """The settings as one account has them.

        Args:
            name: Of an ``[[account]]``, or that of ``[amazon]``.

        Raises:
            ConfigError: ``config.box_gone``: it was taken out of
                bridge.toml while something of it was not done.
        """
        if name == self.amazon.account:
            return self
        own = named(self.account, name).model_dump(exclude={"name"})
        amazon = self.amazon.model_copy(update={**own, "account": name})
        return self.model_copy(update={"amazon": amazon, "account": ()})

    def drawer(self, account: str) -> str:
        """The account's folder below those for Amazon; the first needs none.

        So a bridge with one account looks as if there were no others.
        """
        return "." if account == self.amazon.account else account

    @property
    def boxes(self) -> tuple[Inbox, ...]:
        """All inboxes, and where partners' files and readings are laid."""
        return (
            *self.inbox,
            *map(self._staging, self.partner),
            *map(self._readings, self.source),
        )

    def _readings(self, source: Source) -> Inbox:
        return Inbox.model_validate(
            {
                "name": f"{SOURCE}{source.name}",
                "folder": self.folder("state") / "source" / source.name,
                "settle": "0s",
                "files": {"*": source.mapping},
            }
        )

    def folder(self, name: str) -> Path:
        """A folder of the workspace, such as ``outbox/amazon``."""
        return self.workspace / name

    def box(self, source: str) -> Inbox:
        """Where files of an inbox, partner or table lie before a claim.

        Raises:
            ConfigError: ``config.box_gone``: nothing is called so any more.
        """
        return named(self.boxes, source)

    def with_area(self, name: str) -> Partner | None:
        """The partner of that name, if there is one."""
        return next((one for one in self.partner if one.name == name), None)

    def _staging(self, partner: Partner) -> Inbox:
        return Inbox(
            name=partner.name,
            folder=self.folder(f"state/partners/{partner.name}"),
            encoding=partner.encoding,
        )

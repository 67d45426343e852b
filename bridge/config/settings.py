"""The shape of bridge.toml; every default is said here and only here."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from decimal import InvalidOperation
from pathlib import Path
from typing import Annotated
from typing import Literal
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field

from bridge.config.durations import duration
from bridge.config.partners import Partner
from bridge.config.secrets import Secret

Duration = Annotated[timedelta, BeforeValidator(duration)]


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


Url = Annotated[str, AfterValidator(_loopback)]
Share = Annotated[Decimal, BeforeValidator(_share)]


class Section(BaseModel):
    """A table of bridge.toml: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bridge(Section):
    """``[bridge]``: whose house this is."""

    mandant: int = Field(default=1, ge=0)
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    language: Literal["de", "en"] = "de"


class Database(Section):
    """``[database]``: where the ledger and the engine keep their rows."""

    url: str = "sqlite:///state/ledger.sqlite"
    jobs_url: str = "sqlite:///state/jobs.sqlite"


class Amazon(Section):
    """``[amazon]``: the account, and how carefully it is treated."""

    mode: Literal["rehearsal", "live"] = "rehearsal"
    account: str = Field(default="main", min_length=1, pattern=r"^[\w-]+$")
    region: Literal["eu", "na", "fe"] = "eu"
    seller_id: str = "A1EXAMPLESELLER"
    marketplaces: tuple[str, ...] = Field(default=("DE",), min_length=1)
    client_id: Secret = ""
    client_secret: Secret = ""
    refresh_token: Secret = ""
    endpoint: Url = ""
    token_url: Url = ""
    poll_feeds: Duration = timedelta(seconds=60)
    poll_orders: Duration = timedelta(minutes=3)
    first_orders: Duration = timedelta(days=14)
    patch_up_to: int = Field(default=300, ge=0)
    confirm_above_share: Share = Decimal("0.2")
    confirm_at_least: int = Field(default=10, ge=1)
    rehearsal_prefix: str = Field(default="PROBE_", pattern=r"^[\w-]*$")
    fallback_article: str = "AMAZON"
    tiers_to_b2b: bool = False


class Inbox(Section):
    """``[[inbox]]``: a folder files are dropped into."""

    name: str = "sage"
    folder: Path
    settle: Duration = timedelta(seconds=2)
    recursive: bool = False
    marker: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    encoding: str = ""


class Outbox(Section):
    """``[[outbox]]``: a folder a Sage job fetches files from."""

    name: str = "sage"
    folder: Path
    mappings: tuple[str, ...] = ("bestellung",)
    format: Literal["csv", "xml", "json", "txt"] = "xml"
    pick_up_within: Duration = timedelta(hours=4)
    account: str = ""
    encoding: str = ""


class Stock(Section):
    """``[[stock]]``: which warehouses count."""

    warehouses: tuple[str, ...] = ()
    channel: Literal["MFN"] = "MFN"
    reserve: int = Field(default=0, ge=0)
    account: str = ""


class Price(Section):
    """``[[price]]``: which list is whose price."""

    list: int
    marketplaces: tuple[str, ...] = ("DE",)
    audience: Literal["ALL", "B2B"] = "ALL"
    promotions: tuple[int, ...] | None = None
    account: str = ""


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
    inbox: tuple[Inbox, ...] = ()
    outbox: tuple[Outbox, ...] = ()
    stock: tuple[Stock, ...] = ()
    price: tuple[Price, ...] = ()
    partner: tuple[Partner, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)

    @property
    def home(self) -> str:
        """The home marketplace: stock is kept and sent under it."""
        return self.amazon.marketplaces[0]

    def folder(self, name: str) -> Path:
        """A folder of the workspace, such as ``outbox/amazon``."""
        return self.workspace / name

    def box(self, source: str) -> Inbox:
        """Where the files of an inbox or a partner lie before a claim."""
        return next(box for box in self.sources if box.name == source)

    def with_area(self, name: str) -> Partner | None:
        """The partner of that name, if there is one."""
        return next((one for one in self.partner if one.name == name), None)

    @property
    def sources(self) -> tuple[Inbox, ...]:
        """All inboxes, and for each partner where its files are laid."""
        return (*self.inbox, *map(self._staging, self.partner))

    def _staging(self, partner: Partner) -> Inbox:
        return Inbox(
            name=partner.name,
            folder=self.folder(f"state/partners/{partner.name}"),
            encoding=partner.encoding,
        )

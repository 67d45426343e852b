"""Settings become a running bridge: which of two implementations, once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from bridge.amazon.readings import AmazonReadings
from bridge.app import owners
from bridge.app import sharing
from bridge.app.amazon import LIVE
from bridge.app.amazon import counterpart
from bridge.app.clock import SystemClock
from bridge.app.databases import sink
from bridge.app.databases import source
from bridge.app.disks import refuse_full
from bridge.app.disks import refuse_network
from bridge.app.logbook import open_logbook
from bridge.app.mail import mailer_of
from bridge.app.mappingnames import unknown_mappings
from bridge.app.study import study_of
from bridge.config.loading import load
from bridge.config.secrets import FORMS
from bridge.config.secrets import secret
from bridge.databases.sink import TableSink
from bridge.databases.source import TableSource
from bridge.errors import ConfigError
from bridge.errors import Where
from bridge.errors import door
from bridge.files import outbox as writing
from bridge.files.inbox import Inbox
from bridge.files.outbox import Outbox
from bridge.files.web import WebServers
from bridge.flows.parts import Parts
from bridge.ledger import facts
from bridge.ledger import rekey
from bridge.ledger.engine import Ledger
from bridge.ledger.safe import KeySafe
from bridge.mapping.book import open_book
from bridge.mapping.carriers import read_carriers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from typing import TextIO

    from bridge.config.settings import Settings
    from bridge.errors import Finding
    from bridge.mapping.book import Book
    from bridge.mapping.carriers import Carriers
    from bridge.ports import Clock
    from bridge.ports import Desk
    from bridge.ports.partners import Partner

T = TypeVar("T", TableSink, TableSource)
PACKAGE = Path(__file__).parent.parent
FOLDERS = (
    *("inbox", "outbox/sage", "outbox/documents", "outbox/mail"),
    *("archive", "quarantine", "state", "mappings"),
    "reports",
)
REHEARSED = ("orders", "answers", "listings", "reports")


def defaults(name: str) -> Path:
    """A folder the package ships: ``mappings`` or ``xsd``.

    Installed it lies inside the package, in a checkout beside it.
    """
    inside = PACKAGE / "defaults" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def mapping_folders(workspace: Path) -> tuple[Path, ...]:
    """Where mappings are looked for; the workspace's own win."""
    own = workspace / "mappings"
    return (
        (own, defaults("mappings"))
        if own.is_dir()
        else (defaults("mappings"),)
    )


@dataclass(frozen=True)
class FileDesk:
    """The port Desk on this disk."""

    def write_whole(self, path: Path, content: bytes) -> None:
        """A file appears whole; the same bytes twice are harmless."""
        path.parent.mkdir(parents=True, exist_ok=True)
        writing.write_whole(path, content)

    def replace_whole(self, path: Path, content: bytes) -> None:
        """A file changes from one whole content to another."""
        path.parent.mkdir(parents=True, exist_ok=True)
        writing.replace_whole(path, content)


def make_folders(settings: Settings) -> None:
    """The workspace's own folders; those of others are never made.

    Raises:
        PlaceError: There is no room for them, or no right to make them.
    """
    own = [settings.folder(name) for name in FOLDERS]
    for drawer in map(settings.drawer, settings.accounts):
        own.append(settings.folder("outbox/amazon") / drawer)
        recorded = settings.folder("rehearsal") / drawer
        own += [recorded / name for name in REHEARSED]
    boxes = [box.folder for box in settings.boxes]
    boxes += [box.folder for box in settings.outbox]
    boxes += filter(None, (settings.media.folder, settings.media.publish))
    own += [one for one in boxes if settings.workspace in one.parents]
    with door(settings.workspace):
        for folder in own:
            folder.mkdir(parents=True, exist_ok=True)


def book_of(workspace: Path) -> Book:
    """Every mapping of a workspace, good and broken."""
    return open_book(mapping_folders(workspace))


def carriers_of(workspace: Path) -> Carriers:
    """The carriers of a workspace, as Amazon calls them."""
    return read_carriers(mapping_folders(workspace))


def ledger_of(settings: Settings) -> Ledger:
    """The ledger; its tables are brought up to date by ``migrate``."""
    return Ledger(database_url(settings, settings.database.url))


def database_url(settings: Settings, url: str) -> str:
    """A URL of the settings: references followed, SQLite made absolute.

    Raises:
        ConfigError: ``config.no_secret``: nothing stands there.
    """
    if url.startswith(FORMS):
        url = secret(url, settings.workspace)
    start, slashes, path = url.partition(":///")
    if start.startswith("sqlite") and path and path != ":memory:":
        return f"{start}{slashes}{settings.workspace / path}"
    return url


def check_book(settings: Settings, book: Book) -> None:
    """See that the mappings are good and the settings name real ones.

    Raises:
        ConfigError: With every mistake.
    """
    found = list(mapping_mistakes(book))
    if found:
        names = ", ".join(book.problems)
        raise ConfigError("mapping.broken", findings=found, name=names)
    missing = [
        *unknown_mappings(settings, book),
        *carriers_of(settings.workspace).problems,
        *_partner_mistakes(settings, book),
        *owners.mistakes(settings, book, partial(database_url, settings)),
        *sharing.mistakes(settings, book),
    ]
    if missing:
        raise ConfigError(
            "config.broken", where=Where("bridge.toml"), findings=missing
        )


def mapping_mistakes(book: Book) -> Iterator[Finding]:
    """Every mistake of every broken mapping, with its file."""
    for name, problems in book.problems.items():
        source = str(book.paths[name])
        yield from (replace(item, source=source) for item in problems)


def open_safe(settings: Settings, ledger: Ledger) -> KeySafe:
    """The safe; a key that is lost is never replaced without a word.

    Raises:
        ConfigError: ``ledger.lost_key``, ``ledger.other_key`` or
            ``ledger.bad_key``: the key this ledger is used with is not there.
    """
    path = settings.folder("state") / "person.key"
    with ledger.read() as tx:
        used = facts.known(tx, rekey.PRESENT)
    if used and not path.exists():
        raise ConfigError("ledger.lost_key", path=str(path), wanted=used)
    safe = KeySafe(path)
    if used and used not in safe.key_ids:
        raise ConfigError("ledger.other_key", wanted=used, found=safe.key_id)
    if used != safe.key_id:
        with ledger.write() as tx:
            facts.know(tx, rekey.PRESENT, safe.key_id)
    return safe


def _closing(files: ExitStack, thing: T) -> T:
    """Have a connection closed at the end."""
    files.callback(thing.close)
    return thing


def _partner_mistakes(settings: Settings, book: Book) -> Iterable[Finding]:
    if not settings.partner:
        return ()
    from bridge.app import partnercheck  # noqa: PLC0415 - paramiko: 10 MiB

    return partnercheck.partner_mistakes(settings, book)


def _partners(
    settings: Settings, clock: Clock
) -> tuple[dict[str, Partner], dict[str, Inbox]]:
    """Who has an area, and the folders whose files are brought there."""
    if not settings.partner:
        return {}, {}
    from bridge.app import partners  # noqa: PLC0415 - likewise

    reached: dict[str, Partner] = {
        one.name: partners.partner_of(settings, one)
        for one in settings.partner
    }
    return reached, partners.pickups_of(settings, clock)


def assemble(
    workspace: Path,
    *,
    clock: Clock | None = None,
    log: Any = None,  # noqa: ANN401
    echo: TextIO | None = None,
) -> Parts:
    """The pieces of a bridge, joined; nothing runs yet.

    Args:
        workspace: The folder with bridge.toml.
        clock: Another clock, for tests.
        log: Another logger; default: ``state/bridge.log.jsonl``.
        echo: Where the default logger shows its lines as well.

    Raises:
        ConfigError: Settings or mappings have mistakes; all are named.
        PlaceError: The workspace lies on a full disk.
    """
    settings = load(workspace)
    refuse_network(settings)
    refuse_full(settings)
    book = book_of(workspace)
    check_book(settings, book)
    make_folders(settings)
    ledger = ledger_of(settings)
    ledger.migrate()
    safe = open_safe(settings, ledger)
    time: Clock = clock or SystemClock()
    desk: Desk = FileDesk()
    state = settings.folder("state")
    partners, pickups = _partners(settings, time)
    files = ExitStack()
    if log is None:
        log, close = open_logbook(state / "bridge.log.jsonl", echo)
        files.callback(close)
    address = partial(database_url, settings)
    speaks = {
        name: counterpart(settings, name, ledger, time, desk, log, files)
        for name in settings.accounts
    }
    amazon = speaks.pop(settings.amazon.account)
    parts = Parts(
        settings=settings,
        ledger=ledger,
        clock=time,
        book=book,
        carriers=carriers_of(workspace),
        marketplace=amazon.marketplace,
        order_book=amazon.order_book,
        rulebook=amazon.rulebook,
        reports=amazon.reports,
        readings=AmazonReadings(),
        showcase=amazon.showcase,
        reviews=amazon.reviews,
        warehouse=amazon.warehouse,
        courier=amazon.courier,
        mailer=mailer_of(settings, desk),
        pages=amazon.pages,
        web=WebServers() if settings.amazon.mode == LIVE else None,
        inboxes={
            box.name: Inbox(
                box.name,
                box.folder,
                box.settle,
                clock=time,
                spill=state / "inbox" / box.name,
                recursive=box.recursive,
                marker=box.marker,
            )
            for box in settings.boxes
        },
        tables={
            table.name: _closing(files, sink(settings, book, table, address))
            for table in settings.table
        },
        sources={
            asked.name: _closing(files, source(settings, asked, address))
            for asked in settings.source
        },
        outboxes={box.name: Outbox(box.folder) for box in settings.outbox},
        paper_box=Outbox(settings.folder("outbox/documents")),
        study=study_of(
            settings, mapping_folders(workspace), defaults("templates")
        ),
        partners=partners,
        pickups=pickups,
        desk=desk,
        safe=safe,
        log=log,
        files=files,
    )
    others = {
        name: replace(
            parts,
            settings=settings.of_account(name),
            marketplace=own.marketplace,
            order_book=own.order_book,
            rulebook=own.rulebook,
            reports=own.reports,
            showcase=own.showcase,
            reviews=own.reviews,
            warehouse=own.warehouse,
            courier=own.courier,
            pages=own.pages,
        )
        for name, own in speaks.items()
    }
    return replace(parts, others=others)

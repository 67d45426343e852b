"""The commands of the whole house: init, check, run, once, status, demo."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

import typer

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.app.credentials import expiring
from bridge.app.health import problems
from bridge.app.health import unfetched
from bridge.app.service import Service
from bridge.app.service import once_there_is_room
from bridge.cli import posting
from bridge.cli.restoring import instant
from bridge.cli.session import Session
from bridge.cli.session import sides_of
from bridge.cli.tour import tour
from bridge.cli.visiting import visit_amazon
from bridge.cli.visiting import visit_mail
from bridge.cli.visiting import visit_partners
from bridge.config.durations import duration
from bridge.config.loading import load
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.ledger import standing
from bridge.ledger.search import search
from bridge.samples import write_samples

if TYPE_CHECKING:
    from datetime import datetime

TEMPLATE = """\
# Settings of the bridge; every setting is in docs/reference/settings.md.

[bridge]
mandant = 1
timezone = "Europe/Berlin"
language = "de"                # language of findings: de | en

[amazon]
mode = "rehearsal"             # nothing reaches Amazon
seller_id = "A1EXAMPLESELLER"
marketplaces = ["DE"]

[[inbox]]
name = "sage"
folder = "inbox"
settle = "{settle}"

[[outbox]]
name = "sage"
folder = "outbox/sage"
mappings = ["bestellung"]
format = "xml"

[values]                       # what mappings read by `context: setting.NAME`
sammeldebitor = "D99001"
belegkennzeichen = "VVA"
"""
ZONE, EVENING = "Europe/Berlin", timedelta(hours=20)  # of the sample
SETTLE, QUICK = "2s", "200ms"
TOLD = frozenset({"refused", "partly", "held"})
#: How the ledger writes where a thing came from and went.
ORIGIN = re.compile(
    r"delivery (?P<delivery>\d+) line (?P<line>\d+), (?P<mapping>.*)"
)
ERRAND = re.compile(
    r"submission (?P<submission>\d+) (?P<operation>\S+): (?P<outcome>\S+)"
)
STATED = re.compile(r"(?P<name>.*) \((?P<state>[a-z]+)\)")
SOLD = re.compile(r"(?P<status>[A-Z_]+); (?P<names>.*)")
INPUT = 3  # exit code: something was refused
COUNTED = "deliveries offers orders documents papers mails jobs"


def add_to(app: typer.Typer) -> None:
    """Register the commands that stand alone."""
    for command in (init, check, run, once, worker, status, find, demo):
        app.command(command.__name__)(command)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The new workspace.")],
    *,
    sample: Annotated[
        bool, typer.Option("--sample", help="With sample files to try.")
    ] = False,
    day: Annotated[
        str, typer.Option("--day", help="The day of the sample's orders.")
    ] = "",
) -> None:
    r"""Make a workspace in rehearsal mode.

    Example: bridge init C:\bridge --sample
    """
    session: Session = context.obj
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError("cli.not_empty", value=str(folder))
    now = SystemClock().now()
    at = min(now, instant(day, ZONE, now) + EVENING) if day else now
    _make(folder, settle=SETTLE, sample=at if sample else None)
    if session.as_json:
        session.data({"workspace": str(folder.resolve())})
    else:
        session.say(f"{folder.resolve()}")
        command = f"bridge --workspace {folder} once"
        session.say(session.line("next", command=command))


def _make(folder: Path, *, settle: str, sample: datetime | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.format(settle=settle)
    (folder / "bridge.toml").write_text(text, encoding="utf-8")
    wiring.make_folders(load(folder.resolve()))
    if sample is not None:
        write_samples(folder / "inbox", folder / "rehearsal", sample)


def check(
    context: typer.Context,
    *,
    live: Annotated[
        bool,
        typer.Option("--live", help="Also ask Amazon, partners, SMTP."),
    ] = False,
) -> None:
    """Check settings, mappings, schemas, folders and database.

    Example: bridge check
    """
    session: Session = context.obj
    settings = session.settings()
    if live and settings.amazon.mode != "live":
        session.note(session.line("nobody_to_ask"))
    partners = visit_partners(session) if live else []
    mail = visit_mail(session) if live else None
    amazon = visit_amazon(session) if live else None
    book = wiring.book_of(settings.workspace)
    wiring.make_folders(settings)
    every = list(problems(settings, book))
    for item in every:
        if item.severity == "warn":
            session.note(item.told("bridge.toml", session.language))
    found = [item for item in every if item.severity == "refuse"]
    if found and all(item.source for item in found):  # of other files
        raise ConfigError("config.not_ready", findings=found)
    if found:
        raise ConfigError(
            "config.broken", where=Where("bridge.toml"), findings=found
        )
    wiring.check_book(settings, book)
    _, ledger = session.ledger()
    wiring.open_safe(settings, ledger)
    if session.as_json:
        said = {"ok": not session.code, "mappings": sorted(book.plans)}
        asked = {"partners": partners, "mail": mail, "amazon": amazon}
        session.data(said | (asked if live else {}))
    elif not session.code:
        mode = session.state(settings.amazon.mode)
        number = len(book.plans)
        session.say(session.line("checked", number=number, mode=mode))


def run(context: typer.Context) -> None:
    """Watch, work and keep the timetable until stopped.

    Example: bridge run
    """
    session: Session = context.obj
    parts = once_there_is_room(session.assemble, session.warn)
    if parts is None:
        return
    mode = session.state(parts.side.mode)
    workspace = session.workspace
    session.note(session.line("running", mode=mode, workspace=workspace))
    with closing(parts):
        session.code = Service(parts, tell=session.warn).run()


def once(
    context: typer.Context,
    wait: Annotated[
        str, typer.Option(help="How long retries and outcomes are waited for.")
    ] = "60s",
) -> None:
    """Do everything that is there and due, then stop.

    Example: bridge once --wait 10s
    """
    session: Session = context.obj
    limit = _wait(wait)
    parts = session.assemble()
    with closing(parts):
        started = parts.clock.now()
        service = Service(parts)
        session.code = service.once(limit)
        with parts.ledger.read() as tx:
            report = standing.since(
                tx, parts.sides, started, service.taken_in()
            )
    if session.as_json:
        session.data({**report, "exit_code": session.code})
        return
    _report(session, report)


def _report(session: Session, report: dict[str, Any]) -> None:
    """What ``once`` did, for a person."""
    for row in report["deliveries"]:
        said = f"{row['accepted']}/{row['records']}"
        state = session.state(row["state"])
        session.say(f"{row['id']:>5} {state:12} {said:>9}  {row['name']}")
        if row["state"] in TOLD:
            command = f"bridge delivery show {row['id']}"
            session.say(f"      {session.line('why', command=command)}")
    session.say(session.line("did", **report))
    if report["printed"] or report["not_printed"]:
        session.say(session.line("printed", **report))
    for error in report["waiting"]:
        session.say(_told(error, session.language))
    for text in report["warnings"]:
        session.say(text)
    if report["parked"]:
        number, command = report["parked"], "bridge status"
        session.say(session.line("parked", number=number, command=command))
    if session.code:
        meaning = session.term("exit", session.code)
        session.say(session.line("exit", code=session.code, meaning=meaning))


def _wait(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise ConfigError(str(error), value=text) from None


def worker(context: typer.Context) -> None:
    """Only work on what is due; several of them on PostgreSQL.

    Example: bridge worker
    """
    session: Session = context.obj
    parts = once_there_is_room(session.assemble, session.warn)
    if parts is not None:
        with closing(parts):
            session.code = Service(parts, tell=session.warn).work()


def status(context: typer.Context) -> None:
    """Show counts, the oldest waiting things and warnings.

    Example: bridge status --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        found = standing.status(tx, sides_of(settings))
        ending = expiring(tx, settings, SystemClock().now())
    found["warnings"] += unfetched(settings, SystemClock().now())
    found["warnings"] += [
        item.told("bridge.toml", session.language) for item in ending
    ]
    if session.as_json:
        session.data(found)
        return
    _show(session, found)


def _show(session: Session, found: dict[str, Any]) -> None:
    """The state of the house, for a person."""
    reader, language = session.reader, session.language
    rows: list[tuple[str, object]] = [("mode", session.state(found["mode"]))]
    for name in COUNTED.split():
        counts = [
            session.line("count", number=n, state=session.state(state))
            for state, n in found[name].items()
            if n
        ]
        rows.append((name, ", ".join(counts) or "-"))
    rows += [
        ("warning", session.term("held_offers", kind, count=number))
        for kind, number in found["offers_held"].items()
        if number
    ]
    for item in found["papers_refused"]:
        facts = {name: item[name] for name in ("count", "order")}
        said = session.term("refused_papers", item["kind"], **facts)
        rows.append(("warning", said))
    if number := found["documents"].get("refused"):
        rows.append(("warning", session.line("not_printed", number=number)))
    rows += [("warning", said) for said in posting.troubles(session, found)]
    for name, one in found["partners"].items():
        facts = {"partner": name, "number": one["waiting"]}
        at = reader.moment(one["contact"]) or "-"
        rows.append(("partner", session.line("at_partner", at=at, **facts)))
    for one in found["compared"]:
        number = sum(one["different"].values())
        said = session.line("differ", **{**one, "different": number})
        rows.append(("compared", said))
    rows.append(("last_contact", reader.moment(found["last_contact"]) or "-"))
    if found["oldest_waiting"]:
        waits = reader.moment(found["oldest_waiting"])
        rows.append(("oldest_waiting", waits))
    for item in found["parked"]:
        told = _told(item["error"] or {}, language)
        rows.append(("parked", f"{item['job']}\n  {told}"))
    rows += [("waiting", _told(one, language)) for one in found["waiting"]]
    rows += [("warning", text) for text in found["warnings"]]
    session.pairs(rows)


def _told(error: dict[str, Any], language: str) -> str:
    """Why a job failed, and the next move, as the ledger keeps it."""
    said = Finding(error.get("code", ""), facts=error.get("facts", {}))
    return f"{said.message(language)}\n  {said.hint(language)}"


def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="SKU, EAN, order, file name …")],
) -> None:
    """Tell the biography of a thing: where it came from, where it went.

    Example: bridge find 4009988770017
    """
    session: Session = context.obj
    if not text.strip():
        raise ConfigError("cli.nothing_sought")
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        hits = search(tx, sides_of(settings), text.strip())
    if session.as_json:
        session.data(hits)
        return
    session.table(
        ("kind", "key", "says"),
        [
            [
                session.term("kind", hit["kind"]),
                hit["key"],
                _in_words(session, hit["says"]),
            ]
            for hit in hits
        ],
    )


def _in_words(session: Session, said: str) -> str:
    """What the ledger says of a hit, in the language of the person."""
    if found := ORIGIN.fullmatch(said):
        return session.line("from_delivery", **found.groupdict())
    if found := ERRAND.fullmatch(said):
        facts = found.groupdict()
        facts["outcome"] = session.state(facts["outcome"]) or ""
        return session.line("in_submission", **facts)
    if found := STATED.fullmatch(said):
        return f"{found['name']} ({session.state(found['state'])})"
    if found := SOLD.fullmatch(said):
        return f"{session.state(found['status'])}; {found['names']}"
    return said


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A scratch folder.")] = Path(
        "demo"
    ),
) -> None:
    """Run the main job on real sample files and show what happened.

    Example: bridge demo
    """
    session: Session = context.obj
    if (folder / "bridge.toml").is_file() or not folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    elif any(folder.iterdir()):
        raise ConfigError("cli.not_empty", value=str(folder))
    _make(folder, settle=QUICK, sample=SystemClock().now())
    session.workspace = folder.resolve()
    with closing(session.assemble()) as parts:
        session.code = Service(parts).once(timedelta(seconds=30))
        tour(session, parts)
    if session.code == INPUT:
        session.code = 0  # the sample holds faults on purpose

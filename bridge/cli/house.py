"""The commands of the whole house: init, check, run, once, status, demo."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.app.health import problems
from bridge.app.health import unfetched
from bridge.app.service import Service
from bridge.cli.session import Session
from bridge.cli.session import side_of
from bridge.cli.tour import tour
from bridge.config.durations import duration
from bridge.config.loading import load
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.ledger import views
from bridge.ledger.search import search
from bridge.samples import write_samples

TEMPLATE = """\
# Settings of the bridge; every setting is in docs/reference/settings.md.

[bridge]
mandant = 1
timezone = "Europe/Berlin"
language = "de"                # language of findings: de | en

[amazon]
mode = "rehearsal"             # nothing reaches the network
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
SETTLE, QUICK = "2s", "200ms"
EXITS = {
    2: "a setting or mapping is wrong",
    3: "files or rows were refused",
    4: "something waits: a held file, a retry or an outcome",
    5: "Amazon refused something: bridge offer list --problem",
    70: "a job is parked: bridge status",
}
TOLD = frozenset({"refused", "partly", "held"})
INPUT = 3  # exit code: something was refused


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
) -> None:
    r"""Make a workspace in rehearsal mode.

    Example: bridge init C:\bridge --sample
    """
    session: Session = context.obj
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError("cli.not_empty", value=str(folder))
    _make(folder, settle=SETTLE, sample=sample)
    if session.as_json:
        session.data({"workspace": str(folder.resolve())})
    else:
        session.say(f"{folder.resolve()}")
        session.say("Next: bridge --workspace " + f"{folder} once")


def _make(folder: Path, *, settle: str, sample: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.format(settle=settle)
    (folder / "bridge.toml").write_text(text, encoding="utf-8")
    wiring.make_folders(load(folder.resolve()))
    if sample:
        now = SystemClock().now()
        write_samples(folder / "inbox", folder / "rehearsal", now)


def check(
    context: typer.Context,
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask Amazon and partners.")
    ] = False,
) -> None:
    """Check settings, mappings, schemas, folders and database.

    Example: bridge check
    """
    session: Session = context.obj
    settings = session.settings()
    if live and settings.amazon.mode != "live":
        session.note("mode = rehearsal: there is nobody to ask.")
    book = wiring.book_of(settings.workspace)
    found = list(problems(settings, book))
    if found:
        raise ConfigError(
            "config.broken", where=Where("bridge.toml"), findings=found
        )
    wiring.check_book(settings, book)
    session.ledger()
    if session.as_json:
        session.data({"ok": True, "mappings": sorted(book.plans)})
    else:
        session.say(f"ok: {len(book.plans)} mappings, {settings.amazon.mode}")


def run(context: typer.Context) -> None:
    """Watch, work and keep the timetable until stopped.

    Example: bridge run
    """
    session: Session = context.obj
    parts = session.assemble()
    session.note(
        f"bridge: {parts.side.mode}, {session.workspace}; Ctrl-C stops"
    )
    with closing(parts):
        session.code = Service(parts).run()


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
            report = views.since(tx, parts.side, started, service.taken_in())
    if session.as_json:
        session.data({**report, "exit_code": session.code})
        return
    for row in report["deliveries"]:
        said = f"{row['accepted']}/{row['records']}"
        session.say(
            f"{row['id']:>5} {row['state']:9} {said:>9}  {row['name']}"
        )
        if row["state"] in TOLD:
            session.say(f"      why: bridge delivery show {row['id']}")
    session.say(
        f"{report['submissions']} submissions, {report['refused']} refused; "
        f"{report['published']} files published"
    )
    if session.code:
        session.say(f"exit {session.code}: {EXITS[session.code]}")


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
    with closing(session.assemble()) as parts:
        session.code = Service(parts).work()


def status(context: typer.Context) -> None:
    """Show counts, the oldest waiting things and warnings.

    Example: bridge status --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        found = views.status(tx, side_of(settings))
    found["warnings"] += unfetched(settings, SystemClock().now())
    if session.as_json:
        session.data(found)
        return
    session.say(f"mode          {found['mode']}")
    for name in ("deliveries", "offers", "orders", "jobs"):
        counts = ", ".join(
            f"{n} {state}" for state, n in found[name].items() if n
        )
        session.say(f"{name:13} {counts or '-'}")
    session.say(f"last contact  {found['last_contact'] or '-'}")
    for item in found["parked"]:
        error = item["error"] or {}
        said = Finding(error.get("code", ""), facts=error.get("facts", {}))
        language = settings.bridge.language
        session.say(f"parked        {item['job']}")
        session.say(f"  {said.message(language)}\n  {said.hint(language)}")
    for text in found["warnings"]:
        session.say(f"warning       {text}")


def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="SKU, EAN, order, file name …")],
) -> None:
    """Tell the biography of a thing: where it came from, where it went.

    Example: bridge find 4009988770017
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        hits = search(tx, side_of(settings), text)
    if session.as_json:
        session.data(hits)
        return
    session.table(
        ("kind", "key", "says"),
        [[hit[name] for name in ("kind", "key", "says")] for hit in hits],
    )


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
    _make(folder, settle=QUICK, sample=True)
    session.workspace = folder.resolve()
    with closing(session.assemble()) as parts:
        session.code = Service(parts).once(timedelta(seconds=30))
        tour(session, parts)
    if session.code == INPUT:
        session.code = 0  # the sample holds faults on purpose

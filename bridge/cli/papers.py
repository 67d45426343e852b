"""``bridge document``: the papers that are printed, and any other one."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path
from typing import Annotated
from typing import Any

import typer

from bridge.app import wiring
from bridge.cli import posting
from bridge.cli.reading import told
from bridge.cli.session import Session
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.papering import FIXED
from bridge.flows.trialprints import trial_prints
from bridge.ledger import mails
from bridge.ledger import papers
from bridge.ledger.mails import Mail
from bridge.ledger.papers import Paper

app = typer.Typer(
    help="Papers: letters, invoices, payment requests.", no_args_is_help=True
)
MAPPING = "belege"  # whose columns are named
COLUMNS = ("id", "kind", "issued", "customer", "total", "state", "file")


@app.command("list")
def document_list(
    context: typer.Context,
    *,
    customer: Annotated[
        str | None, typer.Option(help="Only those of a customer.")
    ] = None,
) -> None:
    """List the papers, the youngest first.

    Example: bridge document list --customer D10042
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        rows = list(papers.listed(tx, settings.bridge.mandant, customer))
    if session.as_json:
        session.data([row_of(row) for row in rows])
        return
    if not settings.letterhead.company:
        session.note(session.line("no_letterhead"))
    session.table(COLUMNS, [_cells(session, row) for row in rows])


@app.command("show")
def document_show(context: typer.Context, name: str) -> None:
    """Show one paper: its files and mails, and why it is not printed.

    By its tracking number a parcel shows its mails.

    Example: bridge document show RE_2026_100456
    """
    session: Session = context.obj
    row, posted = _known(session, name)
    language = session.language
    if row is None:
        posting.show(session, posted)
        return
    found = [told(item, language) for item in row.issues or ()]
    if session.as_json:
        said_of = posting.rows_of(session, posted)
        session.data({**row_of(row), "findings": found, "mails": said_of})
        return
    names = (*COLUMNS[:-1], "order", "form", "delivery")
    said = dict(zip(COLUMNS, _cells(session, row), strict=True))
    said |= {
        "order": row.order_id,
        "form": session.term("form", row.form) if row.form else None,
        "delivery": str(row.delivery_id),
    }
    rows = [(one, said[one]) for one in names]
    if row.lacks:
        rows.append(("waits_for", row.wanted))
    session.pairs(rows)
    folder = session.settings().folder("outbox/documents")
    for file in filter(None, (row.file, row.xml)):
        session.say(str(folder / file))
    for item in found:
        session.say(f"{item['message']}\n  {item['hint']}".rstrip())
    posting.say(session, posted)


@app.command("again")
def document_again(
    context: typer.Context,
    name: str,
    *,
    mail: Annotated[
        bool,
        typer.Option("--mail", help="Mail it once more, as it was printed."),
    ] = False,
) -> None:
    """Print a paper that was refused, or that Sage changed, once more.

    An invoice that was printed, and whose file is not there any more, is laid
    there again as it was.

    Example: bridge document again AN_2026_100012
    """
    session: Session = context.obj
    row, posted = _known(session, name)
    if mail:
        if not posted and (row is None or not row.there):
            raise InputError("mail.unknown", value=name)
        session.wish("document.mail", name)
        return
    if row is None:
        raise InputError("papers.unknown", value=name)
    if row.there and row.kind in FIXED and _lies(session, row):
        raise InputError("papers.fixed", value=name)
    session.wish("document.again", name)


@app.command("render")
def document_render(
    context: typer.Context,
    file: Path,
    *,
    to: Annotated[
        Path, typer.Option(help="The folder for what is printed.")
    ] = Path(),
) -> None:
    """Print the papers of a file of Sage's into a folder; keep nothing.

    Example: bridge document render inbox/Belege_20260115_080000.csv --to out
    """
    session: Session = context.obj
    if not file.is_file():
        raise InputError("cli.no_file", value=str(file))
    parts = session.assemble()
    session.closing.callback(parts.close)
    _make(to)
    made: list[dict[str, Any]] = []
    for one in trial_prints(parts, file):
        for name, content in one.files.items():
            (to / name).write_bytes(content)
        made.append({"id": one.name, "files": list(one.files)})
        for item in one.findings:
            session.note(item.told(file.name, session.language))
        if not one.files:
            session.code = 3
    if session.as_json:
        session.data(made)
        return
    for row in filter(itemgetter("files"), made):
        session.say(", ".join(str(to / name) for name in row["files"]))


@app.command("check")
def document_check(context: typer.Context, file: Path) -> None:
    """Look at a PDF or an e-invoice: what it is, and which rules it breaks.

    Example: bridge document check outbox/documents/RE_2026_100456.pdf
    """
    session: Session = context.obj
    if not file.is_file():
        raise InputError("cli.no_file", value=str(file))
    # Reading PDFs costs every other command a tenth of a second.
    from bridge.flows.inspecting import inspected  # noqa: PLC0415

    seen = inspected(file.read_bytes(), _plan(session))
    if any(item.severity == "refuse" for item in seen.found):
        session.code = 3
    if session.as_json:
        told_ = [_as_row(item, session.language) for item in seen.found]
        session.data({**seen.facts, "findings": told_})
        return
    session.pairs(
        [
            (name, session.term("inspection", value))
            for name, value in seen.facts.items()
        ]
    )
    for item in seen.found:
        session.say(item.told(file.name, session.language))


def _lies(session: Session, row: Paper) -> bool:
    """Whether every file of a paper lies where it was printed."""
    folder = session.settings().folder("outbox/documents")
    files = filter(None, (row.file, row.xml))
    return all((folder / name).exists() for name in files)


def plan(session: Session, *, requests: bool) -> None:
    """Show what would be printed now: what waits, and what was refused."""
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        every = papers.listed(tx, settings.bridge.mandant)
        rows = [
            row
            for row in every
            if not row.there and (row.kind == papers.REQUEST) == requests
        ]
    if session.as_json:
        session.data([row_of(row) for row in rows])
        return
    session.table(COLUMNS[:-1], [_cells(session, row)[:-1] for row in rows])


def row_of(row: Paper) -> dict[str, Any]:
    """One paper as JSON says it."""
    return {
        "id": row.name,
        "kind": row.kind,
        "customer": row.customer,
        "order": row.order_id,
        "issued": row.issued,
        "total": row.total,
        "currency": row.currency,
        "state": row.state,
        "lacks": row.lacks,
        "form": row.form,
        "files": [one for one in (row.file, row.xml) if one],
        "delivery": row.delivery_id,
        "drawn_at": row.drawn_at and row.drawn_at.isoformat(),
    }


def _make(folder: Path) -> None:
    """The folder for what is printed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError("cli.no_folder", value=str(folder)) from None


def _as_row(item: Finding, language: str) -> dict[str, Any]:
    return {
        "code": item.code,
        "field": item.field,
        "value": item.value,
        "severity": item.severity,
        "message": item.message(language),
        "hint": item.hint(language),
    }


def _cells(session: Session, row: Paper) -> list[str | None]:
    total = None
    if row.total is not None:
        total = session.reader.money(row.total, row.currency or "")
    return [
        row.name,
        session.term("letter", row.kind),
        session.reader.day(row.issued),
        row.customer,
        total,
        session.state(row.lacks or row.state),
        row.file,
    ]


def _known(session: Session, name: str) -> tuple[Paper | None, list[Mail]]:
    """The paper of a name, and the mails about it; or those of a parcel."""
    settings, ledger = session.ledger()
    mandant, mode = settings.bridge.mandant, settings.amazon.mode
    with ledger.read() as tx:
        found = papers.named(tx, mandant, name)
        posted = mails.named(tx, mode, mandant, name)
    if not found and not posted:
        raise InputError("papers.unknown", value=name)
    return found[0] if found else None, posted


def _plan(session: Session) -> Any:  # noqa: ANN401 - a plan, or none
    try:
        book = wiring.book_of(session.workspace)
    except ConfigError:
        return None
    return book.plans.get(MAPPING)

"""``bridge delivery``: the files that came in."""

from __future__ import annotations

from typing import Annotated

import typer

from bridge.cli import pointers
from bridge.cli import restoring
from bridge.cli.session import Session
from bridge.cli.session import sides_of
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.restoring import USUAL
from bridge.ledger import deliveries
from bridge.ledger import views
from bridge.ledger.offers import FACETS

app = typer.Typer(help="Incoming files.", no_args_is_help=True)

COUNTED = ("records", "accepted", "refused", "filtered", "unchanged")
Number = Annotated[
    int, typer.Argument(help="The delivery's number.", min=1, max=2**62)
]


def _session(context: typer.Context) -> Session:
    session: Session = context.obj
    return session


@app.command("list")
def list_all(context: typer.Context) -> None:
    """List the files that came in, the newest first.

    Example: bridge delivery list --json
    """
    session = _session(context)
    _, ledger = session.ledger()
    with ledger.read() as tx:
        warned = deliveries.warned(tx)
        rows = [
            {**views.delivery_row(row), "warnings": warned.get(row.id, 0)}
            for row in deliveries.listed(tx)
        ]
    if session.as_json:
        session.data(rows)
        return
    names = (
        "id",
        "name",
        "mapping",
        "state",
        "records",
        "accepted",
        "refused",
        "warnings",
    )
    shown = [{**row, "state": session.state(row["state"])} for row in rows]
    session.table(names, [[row[name] for name in names] for row in shown])


@app.command()
def show(context: typer.Context, number: Number) -> None:
    """Show one file with every finding and what to do about it.

    Example: bridge delivery show 41
    """
    session = _session(context)
    settings, ledger = session.ledger()
    language = settings.bridge.language
    with ledger.read() as tx:
        delivery = deliveries.get(tx, number)
        if delivery is None:
            raise InputError("cli.no_delivery", value=number)
        row = views.delivery_row(delivery)
        found = list(deliveries.findings(tx, number))
        found += pointers.of_delivery(session, tx, number)
        row["findings"] = views.finding_rows(found, language)
    if session.as_json:
        session.data(row)
        return
    reader = session.reader
    row["state"] = session.state(row["state"])
    for key in ("received_at", "as_of"):
        row[key] = reader.moment(row[key]) or None
    keys = ("id", "name", "mapping", "state", "received_at", "as_of")
    session.pairs([(key, row[key]) for key in keys])
    counts = {name: row[name] for name in COUNTED}
    session.say(session.line("counts", **counts))
    if row["same_content_as"]:
        number = row["same_content_as"]
        session.say(session.line("same_content", number=number))
    _why(session, delivery, found)


def _why(
    session: Session, delivery: deliveries.Delivery, found: list[Finding]
) -> None:
    """Why a file is held, and every finding with its place."""
    language = session.language
    if delivery.hold:
        facts = {k: str(v) for k, v in delivery.hold.items()}
        held = Finding(facts.pop("code"), facts=facts)
        session.say(held.message(language))
        for change in delivery.hold.get("examples", ()):
            session.say(_repriced(session, change))
        session.say("  " + held.hint(language))
    for item in found:
        text = item.told(delivery.name, language)
        warns = item.severity != "refuse"
        session.say(session.line("warning", text=text) if warns else text)


def _repriced(session: Session, change: dict[str, str]) -> str:
    """A price that would be another."""
    money = session.reader.money
    told = {
        name: money(change[name], change["currency"])
        for name in ("old", "new")
    }
    return session.line("reprice", **(change | told))


@app.command()
def again(context: typer.Context, number: Number) -> None:
    """Read a file again, as old as it was (after correcting a mapping).

    Example: bridge delivery again 41
    """
    _existing(context, number)
    _session(context).wish("delivery.again", str(number))


@app.command()
def confirm(context: typer.Context, number: Number) -> None:
    """Let a held file go on.

    Example: bridge delivery confirm 41
    """
    _held(context, number)
    _session(context).wish("delivery.confirm", str(number))


@app.command()
def discard(context: typer.Context, number: Number) -> None:
    """Put a held file aside; nothing of it is taken.

    Example: bridge delivery discard 41
    """
    _held(context, number)
    _session(context).wish("delivery.discard", str(number))


@app.command()
def undo(
    context: typer.Context,
    number: Number,
    *,
    stock: Annotated[
        bool,
        typer.Option("--stock", help="Stock as well: it must still be there."),
    ] = False,
) -> None:
    """Prepare offers to be again as before a file; then confirm it.

    Example: bridge delivery undo 41
    """
    _existing(context, number)
    session = _session(context)
    facets = FACETS if stock else USUAL
    restoring.undo(session, sides_of(session.settings()), number, facets)


def _existing(context: typer.Context, number: int) -> deliveries.Delivery:
    _, ledger = _session(context).ledger()
    with ledger.read() as tx:
        delivery = deliveries.get(tx, number)
    if delivery is None:
        raise InputError("cli.no_delivery", value=number)
    return delivery


def _held(context: typer.Context, number: int) -> None:
    if _existing(context, number).state != "held":
        raise InputError("cli.not_held", value=number)

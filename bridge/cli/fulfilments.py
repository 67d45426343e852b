"""``bridge fulfilment``: orders of Sage that Amazon ships from its stock."""

from __future__ import annotations

from typing import Any

import typer

from bridge.cli.session import Session
from bridge.cli.session import sides_of
from bridge.errors import InputError
from bridge.flows.fulfilment import CANCELLED
from bridge.ledger import tellings
from bridge.ledger.parcels import ACCEPTED
from bridge.ledger.parcels import REFUSED
from bridge.ledger.parcels import WAITING
from bridge.ledger.tellings import FULFILMENT
from bridge.ledger.tellings import PERSON
from bridge.ledger.tellings import Telling
from bridge.ledger.toldviews import fulfilment_row
from bridge.messages import numbers

#: Why nothing can follow from a word of a person any more.
OVER = {
    ACCEPTED: "warehouse.shipped",
    CANCELLED: "warehouse.cancelled",
    REFUSED: "warehouse.refused",
}
UNCONFIRMED = {**OVER, WAITING: "warehouse.nothing_asked"}
app = typer.Typer(
    help="Orders that Amazon ships from its stock.", no_args_is_help=True
)


@app.command("list")
def fulfilment_list(context: typer.Context) -> None:
    """List orders for Amazon's warehouse: fees, state and parcels.

    Example: bridge fulfilment list --json
    """
    session: Session = context.obj
    rows = [fulfilment_row(item) for item in _items(session)]
    if session.as_json:
        session.data(rows)
        return
    session.table_of_accounts(
        ("id", "state", "fees", "parcels", "issues"),
        [(row["account"], _cells(session, row)) for row in rows],
    )


def _cells(session: Session, row: dict[str, Any]) -> list[str | None]:
    parcels = [f"{x['tracking']} ({x['carrier']})" for x in row["parcels"]]
    return [
        row["id"],
        session.state(row["lacks"] or row["status"] or row["state"]),
        _fees(session, row),
        ", ".join(parcels),
        "; ".join(str(one.get("message")) for one in row["issues"]),
    ]


@app.command("confirm")
def fulfilment_confirm(context: typer.Context, number: str) -> None:
    """Have Amazon ship an order whose fees you have seen.

    Example: bridge fulfilment confirm 1-VVA-2026-4711
    """
    session: Session = context.obj
    item = _named(session, number)
    if item.lacks != PERSON:
        code = UNCONFIRMED.get(item.state, "warehouse.under_way")
        raise InputError(code, value=number)
    session.wish("fulfilment.confirm", number)


@app.command("cancel")
def fulfilment_cancel(context: typer.Context, number: str) -> None:
    """Call an order back, if Amazon has not shipped it.

    Example: bridge fulfilment cancel 1-VVA-2026-4711
    """
    session: Session = context.obj
    item = _named(session, number)
    if item.state in OVER:
        raise InputError(OVER[item.state], value=number)
    if item.body.get("cancel"):
        raise InputError("warehouse.calling_back", value=number)
    session.wish("fulfilment.cancel", number)


def _named(session: Session, number: str) -> Telling:
    """The order a person means.

    Raises:
        InputError: ``warehouse.unknown``.
    """
    for item in _items(session):
        if item.order_id == number:
            return item
    raise InputError("warehouse.unknown", value=number)


def _items(session: Session) -> list[Telling]:
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        return [
            item
            for side in sides_of(settings)
            for item in tellings.of_kind(tx, side, FULFILMENT)
        ]


def _fees(session: Session, row: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {numbers.money(fee, row['currency'], session.language)}"
        for name, fee in row["fees"].items()
    )

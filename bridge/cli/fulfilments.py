"""``bridge fulfilment``: orders of Sage that Amazon ships from its stock."""

from __future__ import annotations

from typing import Any

import typer

from bridge.cli.session import Session
from bridge.cli.session import sides_of
from bridge.errors import InputError
from bridge.ledger import tellings
from bridge.ledger.tellings import FULFILMENT
from bridge.ledger.toldviews import fulfilment_row
from bridge.messages import numbers

app = typer.Typer(
    help="Orders that Amazon ships from its stock.", no_args_is_help=True
)


@app.command("list")
def fulfilment_list(context: typer.Context) -> None:
    """List orders for Amazon's warehouse: fees, state and parcels.

    Example: bridge fulfilment list --json
    """
    session: Session = context.obj
    rows = _rows(session)
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
    _wish(context.obj, "fulfilment.confirm", number)


@app.command("cancel")
def fulfilment_cancel(context: typer.Context, number: str) -> None:
    """Call an order back, if Amazon has not shipped it.

    Example: bridge fulfilment cancel 1-VVA-2026-4711
    """
    _wish(context.obj, "fulfilment.cancel", number)


def _wish(session: Session, kind: str, number: str) -> None:
    if all(row["id"] != number for row in _rows(session)):
        raise InputError("warehouse.unknown", value=number)
    session.wish(kind, number)


def _rows(session: Session) -> list[dict[str, Any]]:
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        return [
            fulfilment_row(item)
            for side in sides_of(settings)
            for item in tellings.of_kind(tx, side, FULFILMENT)
        ]


def _fees(session: Session, row: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {numbers.money(fee, row['currency'], session.language)}"
        for name, fee in row["fees"].items()
    )

"""``bridge order``: what customers ordered, and what became of it."""

from __future__ import annotations

from typing import Annotated
from typing import Any

import orjson
import typer

from bridge.cli import refunding
from bridge.cli.reading import told
from bridge.cli.session import Session
from bridge.cli.session import sides_of
from bridge.errors import InputError
from bridge.flows.acknowledging import REFUSED
from bridge.ledger import orders as order_rows
from bridge.ledger import views
from bridge.ledger.offers import Side
from bridge.mapping.orderfeeds import REASONS
from bridge.mapping.orderfeeds import REFUND_REASONS
from bridge.messages import numbers
from bridge.model.kinds import KEY_SEPARATOR

orders = typer.Typer(help="What customers ordered.", no_args_is_help=True)


@orders.command("list")
def order_list(context: typer.Context) -> None:
    """List the orders and the files they became.

    Example: bridge order list --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        rows = views.order_rows(tx, sides_of(settings))
    if session.as_json:
        session.data(rows)
        return
    names = ("id", "marketplace", "status", "purchased_at", "total")
    session.table_of_accounts(
        (*names, "currency", "files", "acknowledged", "shipped", "findings"),
        [(row["account"], _cells(session, row)) for row in rows],
    )


def _cells(session: Session, row: dict[str, Any]) -> list[str | None]:
    return [
        row["id"],
        row["marketplace"],
        session.state(row["status"]),
        session.reader.moment(row["purchased_at"]),
        _total(session, row),
        row["currency"],
        ", ".join(item["name"] for item in row["files"]),
        session.state("yes" if row["acknowledged"] else "no"),
        session.state("yes" if row["shipped"] else "no"),
        ", ".join(sorted({one["code"] for one in row["findings"]})),
    ]


def _total(session: Session, row: dict[str, Any]) -> str | None:
    if row["total"] is None:
        return None
    return numbers.amount(row["total"], row["currency"], session.language)


@orders.command("show")
def order_show(context: typer.Context, number: str) -> None:
    """Show one order: its files, Sage's answer, what did not add up.

    Example: bridge order show 302-1234567-1234567
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        row = order_rows.held_by(tx, sides_of(settings), number)
        if row is None:
            raise InputError("orders.unknown", order=number)
        found = views.order_row(tx, Side(row.mode, row.account), row)
    language = settings.bridge.language
    found["findings"] = [told(item, language) for item in found["findings"]]
    if session.as_json:
        session.data(found)
        return
    found["status"] = session.state(found["status"])
    found["total"] = _total(session, found)
    found["purchased_at"] = session.reader.moment(found["purchased_at"])
    keys = ("id", "status", "purchased_at", "total", "currency")
    files = ", ".join(
        f"{item['outbox']}: {item['name']} ({session.state(item['state'])})"
        for item in found["files"]
    )
    rows: list[tuple[str, object]] = [(key, found[key]) for key in keys]
    rows.append(("files", files or None))
    if found["purged_at"]:
        rows.append(("purged_at", session.reader.moment(found["purged_at"])))
    session.pairs(rows)
    _say_reply(session, found["reply"] or {})
    _say_told(session, found["told"])
    _say_parcels(session, found["parcels"])
    _say_papers(session, found["papers"])
    for item in found["findings"]:
        session.say(f"{item['message']}\n  {item['hint']}")


def _say_reply(session: Session, reply: dict[str, Any]) -> None:
    """What Sage made of an order, once it said so."""
    if not reply:
        return
    status, number = session.state(reply.get("status")), reply.get("number")
    said = session.line("sage", status=status or "", number=number or "")
    session.say(said.rstrip())
    if reply.get("reason"):
        session.say(str(reply["reason"]))


def _say_told(session: Session, said: dict[str, Any] | None) -> None:
    """What Amazon was told of taking the order."""
    if said is None:
        return
    known = session.state(said["state"]) or ""
    why = said["number"] or said["reason"] or ""
    session.say(
        session.line("told", status=said["status"], why=why, state=known)
    )
    _say_issues(session, said["issues"])


def _say_parcels(session: Session, parcels: list[dict[str, Any]]) -> None:
    """What left, and what Amazon says of it."""
    for one in parcels:
        facts = {key: one[key] for key in ("reference", "tracking")}
        said = session.line(
            "parcel",
            **facts,
            carrier=one["carrier"] or "",
            state=session.state(one["state"]) or "",
            pieces=sum(item["quantity"] for item in one["items"]),
        )
        session.say(said)
        _say_issues(session, one["issues"])


def _say_papers(session: Session, papers: list[dict[str, Any]]) -> None:
    """Invoices and credit notes, and what Amazon says of them."""
    for one in papers:
        amount = numbers.money(one["total"], one["currency"], session.language)
        said = session.line(
            one["kind"],
            paper=session.term("paper", one["paper"]),
            number=one["number"],
            amount=amount,
            state=session.state(one["lacks"] or one["state"]) or "",
        )
        session.say(said)
        for item in one["items"]:
            shown = ", ".join(
                f"{name} {numbers.money(x, one['currency'], session.language)}"
                for name, x in item["amounts"].items()
            )
            session.say(f"  {item['item']}: {shown}")
        _say_issues(session, one["issues"])


def _say_issues(session: Session, issues: list[dict[str, Any]]) -> None:
    for issue in issues:
        said = f"{issue.get('code', '')} {issue.get('message', '')}"
        ours = "bridge" if refunding.is_ours(issue) else "Amazon"
        session.say(f"  {ours}: {said}")


@orders.command("again")
def order_again(context: typer.Context, number: str) -> None:
    """Write an order once more, as a further file.

    Example: bridge order again 302-1234567-1234567
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        if order_rows.held_by(tx, sides_of(settings), number) is None:
            raise InputError("orders.unknown", order=number)
    session.wish("order.again", number)


@orders.command("refuse")
def order_refuse(
    context: typer.Context,
    number: str,
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in Amazon's word.")
    ],
) -> None:
    """Have Amazon cancel an order that Sage refused.

    Example: bridge order refuse 302-1234567-1234567 --reason NoInventory
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        row = order_rows.held_by(tx, sides_of(settings), number)
    if row is None:
        raise InputError("orders.unknown", order=number)
    if reason not in REASONS:
        known = ", ".join(REASONS)
        raise InputError("orders.no_reason", value=reason, known=known)
    if (row.reply or {}).get("status") != REFUSED:
        raise InputError("orders.not_refused", order=number)
    session.wish("order.refuse", f"{number}|{reason}")


@orders.command("refund")
def order_refund(  # noqa: PLR0913 - options of a command
    context: typer.Context,
    number: str,
    *,
    paper: Annotated[
        str, typer.Option("--paper", help="Number of the credit note.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in Amazon's word.")
    ] = REFUND_REASONS[0],
    again: Annotated[
        bool,
        typer.Option("--again", help="Amazon did nothing: I have looked."),
    ] = False,
    alone: Annotated[
        bool,
        typer.Option("--alone", help="Only this one of those that clash."),
    ] = False,
) -> None:
    """Have Amazon give back what a credit note of Sage says.

    Example: bridge order refund 302-1234567-1234567 --paper 600001
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        row = order_rows.held_by(tx, sides_of(settings), number)
        if row is None:
            raise InputError("orders.unknown", order=number)
        found = views.order_row(tx, Side(row.mode, row.account), row)
    if reason not in REFUND_REASONS:
        known = ", ".join(REFUND_REASONS)
        raise InputError("orders.no_reason", value=reason, known=known)
    one = refunding.asked_for(found["papers"], number, paper, again=again)
    wish = {
        "order": number,
        "key": KEY_SEPARATOR.join(one["key"]),
        "total": one["total"],
        "reason": reason,
        "again": again,
        "alone": alone,
    }
    refunding.see_that_it_may(session, row.account, wish)
    _say_papers(session, [one])
    session.wish("order.refund", orjson.dumps(wish).decode())

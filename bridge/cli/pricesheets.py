"""``bridge transfer run customer-prices``: what a person uploads by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.negotiated import DOCUMENT
from bridge.flows.negotiated import Clerk

if TYPE_CHECKING:
    from bridge.cli.session import Session
    from bridge.config.settings import Settings
    from bridge.flows.negotiated import Left
    from bridge.mapping.book import Book

NAME = "customer-prices"
COLUMNS = ("customer", "sku", "from_quantity", "amount")
REFUSED = 3


def run(session: Session, *, dry_run: bool) -> None:
    """Show what is on the sheets, or have them written.

    What cannot be reckoned is told either way, and is the exit code.

    Raises:
        InputError: ``cli.no_sheets``: no outbox would take them.
    """
    settings, ledger = session.ledger()
    book = wiring.book_of(session.workspace)
    if not dry_run:
        _outbox(settings, book)
    with ledger.read() as tx:
        clerk = Clerk(tx, book, settings, SystemClock().now())
        sheets = list(clerk.sheets())
    if dry_run and session.as_json:
        left = [_left(session, one) for one in clerk.left]
        session.data({"sheets": sheets, "left": left})
    elif dry_run:
        _table(session, sheets)
    else:
        session.wish("transfer.run", NAME)
    _tell(session, sheets, clerk.left)


def _outbox(settings: Settings, book: Book) -> None:
    for box in settings.outbox:
        for mapping in box.mappings:
            if book.plan(mapping).document == DOCUMENT:
                return
    raise InputError("cli.no_sheets")


def _table(session: Session, sheets: list[dict[str, Any]]) -> None:
    money = session.reader.money
    session.table(
        COLUMNS,
        [
            (
                *(sheet["customer"], line["sku"], line["from_quantity"]),
                money(line["amount"], line["currency"]),
            )
            for sheet in sheets
            for line in sheet["prices"]
        ],
    )


def _tell(
    session: Session, sheets: list[dict[str, Any]], left: list[Left]
) -> None:
    """What there is, what is left out and why, and what is to be done."""
    for one in left:
        told = _left(session, one)
        text = f"{told['message']} {told['hint']}"
        facts = {"customer": one.customer, "article": one.article}
        session.note(session.line("sheets_left", text=text, **facts))
    prices = sum(len(sheet["prices"]) for sheet in sheets)
    counted = {"customers": len(sheets), "prices": prices, "left": len(left)}
    session.note(session.line("sheets", **counted))
    session.note(session.line("by_hand"))
    if left:
        session.code = max(session.code, REFUSED)


def _left(session: Session, one: Left) -> dict[str, Any]:
    found = Finding(one.code, value=one.value)
    return {
        **one._asdict(),
        "message": found.message(session.language),
        "hint": found.hint(session.language),
    }

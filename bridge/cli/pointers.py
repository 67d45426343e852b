"""Accessories, cross- and up-selling as a person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.app import wiring
from bridge.cli.session import sides_of
from bridge.flows.references import MODULES
from bridge.flows.references import of_article
from bridge.flows.references import of_kind
from bridge.flows.references import unknown
from bridge.ledger import references

if TYPE_CHECKING:
    from bridge.cli.session import Session
    from bridge.errors import Finding
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.mapping.book import Book

COLUMNS = ("article", "sku", "to", "to_sku", "factor", "reason")


def run(session: Session, name: str, *, dry_run: bool) -> None:
    """Show a module's references, or have their list written."""
    if not dry_run:
        session.wish("transfer.run", name)
        session.note(session.line("references_kept"))
        return
    settings, ledger = session.ledger()
    book = wiring.book_of(session.workspace)
    mandant, kind = settings.bridge.mandant, MODULES[name]
    with ledger.read() as tx:
        rows = [
            (side.account, one.row(session.language))
            for side in sides_of(settings)
            for one in of_kind(tx, book, mandant, side, kind)
        ]
    if session.as_json:
        session.data([{"account": who, **row} for who, row in rows])
        return
    session.table_of_accounts(
        COLUMNS, [(who, tuple(map(row.get, COLUMNS))) for who, row in rows]
    )


def of_offer(
    session: Session, tx: Transaction, book: Book, side: Side, article: str
) -> list[dict[str, Any]]:
    """What the article of an offer points at."""
    mandant = session.settings().bridge.mandant
    shown = of_article(tx, book, mandant, side, article)
    return [one.as_json(session.language) for one in shown]


def of_delivery(
    session: Session, tx: Transaction, number: int
) -> list[Finding]:
    """What references of a delivery name that nobody knows, up to now."""
    mandant = session.settings().bridge.mandant
    if not references.of_delivery(tx, mandant, number):
        return []
    book = wiring.book_of(session.workspace)
    return unknown(tx, book, mandant, number)


def say(session: Session, shown: list[dict[str, Any]]) -> None:
    """A line each, and why Amazon does not get it."""
    for one in shown:
        kind = session.term("reference", one["kind"])
        to = one["to"]
        if one["factor"]:
            to = f"{session.reader.number(one['factor'])} x {to}"
        if one["sku"]:
            to = f"{to} ({one['sku']})"
        session.say(f"{kind}: {to}")
        session.say(f"  {one['message']}\n    {one['hint']}")

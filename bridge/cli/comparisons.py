"""``bridge offer compare`` and ``again``: Sage and Amazon side by side."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

import typer

from bridge.cli.session import Session
from bridge.cli.session import side_of
from bridge.errors import InputError
from bridge.flows.comparing import Comparison
from bridge.flows.reconciling import row
from bridge.ledger import comparing
from bridge.ledger import offers as offer_rows
from bridge.ledger.snapshots import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.comparing import Difference
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side

NAMES = ("sku", "marketplace", "what", "at_sage", "at_amazon", "reason")


def add_to(offers: typer.Typer) -> None:
    """Register the commands with those of offers."""
    offers.command("compare")(compare)
    offers.command("again")(again)


def compare(context: typer.Context) -> None:
    """List what Sage and Amazon do not agree on, and why.

    It compares with Amazon's last report; `bridge transfer run reconcile`
    asks for a new one.

    Example: bridge offer compare --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    language = settings.bridge.language
    with ledger.read() as tx:
        side = side_of(settings)
        compared = comparing.results(tx, side)
        found = list(_differences(tx, side, compared))
    if session.as_json:
        rows = [
            _as_json(one, market, side.account, language)
            for market, one in found
        ]
        session.data(rows)
        return
    for market, result in compared.items():
        at = session.reader.moment(result["reported_at"])
        said = {"marketplace": market, "at": at, "same": result["same"]}
        session.note(session.line("compared", **said))
    if not compared:
        session.note(session.line("never_compared"))
    shown = [row(one, market, language) for market, one in found]
    session.table(NAMES, [[one[name] for name in NAMES] for one in shown])


def _differences(
    tx: Transaction, side: Side, compared: dict[str, Any]
) -> Iterator[tuple[str, Difference]]:
    for market, result in compared.items():
        made_at = datetime.fromisoformat(result["reported_at"])
        comparison = Comparison(tx, Place(side, market), made_at)
        for one in comparison.differences():
            yield market, one


def _as_json(
    one: Difference, market: str, account: str, language: str
) -> dict[str, Any]:
    """A difference for a program: words of ours, values as they are."""
    said = row(one, market, language)
    return {
        "sku": one.sku,
        "account": account,
        "marketplace": market,
        "article": one.article,
        "what": one.what,
        "sage": one.sage,
        "amazon": one.amazon,
        "code": one.code,
        "message": said["reason"],
        "hint": said["hint"],
    }


def again(context: typer.Context, sku: str) -> None:
    """Send once more what an offer should be, whatever Amazon has.

    Example: bridge offer again 0012345
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        if not offer_rows.listings_of(tx, side_of(settings), sku):
            raise InputError("offers.unknown", sku=sku)
    session.wish("offer.again", sku)

"""``bridge offer compare``, ``again``, ``delete`` and ``confirm``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

import typer

from bridge.cli.proposals import propose
from bridge.cli.session import Session
from bridge.cli.session import sides_named
from bridge.cli.session import sides_of
from bridge.errors import InputError
from bridge.flows.comparing import Comparison
from bridge.flows.reconciling import row
from bridge.ledger import comparing
from bridge.ledger import endings
from bridge.ledger import offers as offer_rows
from bridge.ledger import pages
from bridge.ledger.offers import Side
from bridge.ledger.snapshots import Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.config.settings import Settings
    from bridge.flows.comparing import Difference
    from bridge.ledger.engine import Transaction

NAMES = ("sku", "marketplace", "what", "at_sage", "at_amazon", "reason")


def add_to(offers: typer.Typer) -> None:
    """Register the commands with those of offers."""
    offers.command("compare")(compare)
    offers.command("again")(again)
    offers.command("delete")(delete)
    offers.command("confirm")(confirm)
    offers.command("propose")(propose)


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
        compared = comparing.results(tx, sides_of(settings))
        found = [
            (result, one)
            for result in compared
            for one in _differences(tx, settings, result)
        ]
    if session.as_json:
        session.data([_as_json(one, who, language) for who, one in found])
        return
    for result in compared:
        at = session.reader.moment(result["reported_at"])
        session.note(session.line("compared", **{**result, "at": at}))
    if not compared:
        session.note(session.line("never_compared"))
    rows = [row(one, who["marketplace"], language) for who, one in found]
    session.table(NAMES, [[said[name] for name in NAMES] for said in rows])


def _differences(
    tx: Transaction, settings: Settings, result: dict[str, Any]
) -> Iterator[Difference]:
    """What differs now, as far as the last report knows."""
    side = Side(settings.amazon.mode, result["account"])
    made_at = datetime.fromisoformat(result["reported_at"])
    place = Place(side, result["marketplace"])
    yield from Comparison(tx, place, made_at).differences()


def _as_json(
    one: Difference, who: dict[str, Any], language: str
) -> dict[str, Any]:
    """A difference for a program: words of ours, values as they are."""
    said = row(one, who["marketplace"], language)
    return {
        "sku": one.sku,
        "account": who["account"],
        "marketplace": who["marketplace"],
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
        sides = sides_of(settings)
        if not any(offer_rows.listings_of(tx, one, sku) for one in sides):
            raise InputError("offers.unknown", sku=sku)
    session.wish("offer.again", sku)


def delete(
    context: typer.Context,
    sku: str,
    *,
    account: Annotated[
        str, typer.Option("--account", help="In which seller account.")
    ] = "",
) -> None:
    """Delete an archived offer at Amazon, or a family that is made anew.

    Nothing else is ever deleted: an offer that is over has stock 0.

    Example: bridge offer delete 0012345
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        sides = sides_named(settings, account)
        if not any(offer_rows.listings_of(tx, one, sku) for one in sides):
            raise InputError("offers.unknown", sku=sku)
        over = [s.account for s in sides if endings.deletable(tx, s, sku)]
    where = _the_one(over, sku, "offers.not_deletable")
    session.wish("offer.delete", f"{where}|{sku}")


def confirm(
    context: typer.Context,
    sku: str,
    *,
    account: Annotated[
        str, typer.Option("--account", help="In which seller account.")
    ] = "",
) -> None:
    """Let the bridge's A+ page take the place of another at this product.

    Example: bridge offer confirm 0012345
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        sides = sides_named(settings, account)
        held = [
            side.account
            for side in sides
            for row in pages.of_skus(tx, side, [sku])
            if row.state == pages.HELD
        ]
    where = _the_one(held, sku, "offers.no_page_held")
    session.wish("offer.confirm", f"{where}|{sku}")


def _the_one(accounts: Iterable[str], sku: str, code: str) -> str:
    """The only account something may be done in.

    Raises:
        InputError: The code, if there is none; ``offers.which_account``.
    """
    where = sorted(set(accounts))
    if not where:
        raise InputError(code, sku=sku)
    if len(where) > 1:
        known = ", ".join(where)
        raise InputError("offers.which_account", sku=sku, accounts=known)
    return where[0]

"""``bridge offer``, ``submission``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

import typer

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.cli import issues
from bridge.cli import pointers
from bridge.cli import pricetags
from bridge.cli import restoring
from bridge.cli.reading import told
from bridge.cli.session import Session
from bridge.cli.session import sides_named
from bridge.cli.session import sides_of
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.kept import kept
from bridge.flows.origins import origins as where_from
from bridge.flows.restoring import USUAL
from bridge.flows.whyprice import known_of
from bridge.flows.whyprice import why_prices
from bridge.ledger import former
from bridge.ledger import submissions as submission_rows
from bridge.ledger import views
from bridge.ledger.engine import Transaction
from bridge.ledger.offers import FACETS
from bridge.ledger.offers import Side
from bridge.ledger.whys import whys

if TYPE_CHECKING:
    from collections.abc import Collection

SHOWN = FACETS[:3]  # always; others where an offer has them
Number = Annotated[
    int, typer.Argument(help="The submission's id.", min=1, max=2**62)
]

offers = typer.Typer(help="What Amazon shows.", no_args_is_help=True)
submissions = typer.Typer(help="What went to Amazon.", no_args_is_help=True)


@offers.command("list")
def offer_list(
    context: typer.Context,
    *,
    problem: Annotated[
        bool, typer.Option("--problem", help="Only what needs a person.")
    ] = False,
) -> None:
    """List the offers and the state of each facet.

    Example: bridge offer list --problem
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        rows = views.offer_list(tx, sides_of(settings), problem=problem)
    if session.as_json:
        session.data(rows)
        return
    names = ("sku", "marketplace", "article", "available", "status")
    there = {name for row in rows for name in row["facets"]}
    shown = [name for name in FACETS if name in {*SHOWN, *there}]
    session.table_of_accounts(
        (*names, *shown, "findings"),
        [(row["account"], _cells(session, row, shown)) for row in rows],
    )


def _cells(
    session: Session, row: dict[str, Any], shown: list[str]
) -> list[Any]:
    return [
        *(row[name] for name in ("sku", "marketplace", "article")),
        row["available"],
        session.state(row["status"]),
        *(session.state(row["facets"].get(name)) for name in shown),
        ", ".join((*row["findings"], *map(str, row["issues"]))),
    ]


@offers.command("show")
def offer_show(
    context: typer.Context,
    sku: str,
    *,
    account: Annotated[
        str, typer.Option("--account", help="Which seller account's offer.")
    ] = "",
) -> None:
    """Show what one SKU should be, what was sent, and what Amazon says.

    Example: bridge offer show 0012345
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        side = _offering(session, tx, sku, account)
        found = views.offer(tx, side, sku) or {}
        book, now = wiring.book_of(session.workspace), SystemClock().now()
        place = (found["article"], found["variant"])
        origins = where_from(tx, book, settings.bridge.mandant, *place)
        why = whys(tx, side, sku, now)
        undone = {code: _undone(items) for code, items in why.items()}
        known = known_of(tx, book, settings, place)
        found["kept"] = [
            _kept(session, one)
            for one in kept(tx, book, settings.bridge.mandant, place)
        ]
        found["references"] = pointers.of_offer(
            session, tx, book, side, place[0]
        )
    language = settings.bridge.language
    own = settings.of_account(side.account)
    for code, market in found["marketplaces"].items():
        market["prices"] = why_prices(own, code, known, now)
        market["why"] = [_reason(session, item) for item in why[code]]
        market["findings"] = [
            issues.traced(told(item, language), origins)
            for item in market["findings"]
        ]
        market["issues"] = [
            issues.told(one, origins, language) for one in market["issues"]
        ]
    if session.as_json:
        session.data(found)
        return
    article = found["article"]
    session.say(session.line("article_of", sku=sku, article=article))
    for code, market in found["marketplaces"].items():
        kind = market["product_type"] or "PRODUCT"
        session.say(f"{code}: {session.state(market['status'])}, {kind}")
        _say_market(session, market, undone[code])
    for one in found["kept"]:
        session.say(f"{one['message']}\n  {one['hint']}")
    pointers.say(session, found["references"])


def _kept(session: Session, one: Finding) -> dict[str, Any]:
    """What is not transferable, with its reason."""
    reason = session.term("kept", str(one.facts["reason"]))
    said = Finding(
        one.code, None, one.field, one.value, facts={"reason": reason}
    )
    return {
        "field": one.field,
        "value": one.value,
        "code": one.code,
        "message": said.message(session.language),
        "hint": said.hint(session.language),
    }


@offers.command("restore")
def offer_restore(
    context: typer.Context,
    sku: str,
    *,
    at: Annotated[
        str, typer.Option("--at", help="When it was right, in local time.")
    ] = "",
    facet: Annotated[
        list[str] | None,
        typer.Option("--facet", help="Which facet; price and content else."),
    ] = None,
    account: Annotated[
        str, typer.Option("--account", help="Which seller account's offer.")
    ] = "",
) -> None:
    """Prepare an offer to be again as Amazon had it; then confirm it.

    Example: bridge offer restore 0012345 --at "14.01.2026 08:00"
    """
    session: Session = context.obj
    _, ledger = session.ledger()
    unknown = [name for name in facet or () if name not in FACETS]
    if unknown:
        known = ", ".join(FACETS)
        raise InputError("cli.no_facet", value=unknown[0], known=known)
    with ledger.read() as tx:
        side = _offering(session, tx, sku, account)
    restoring.restore(session, side, sku, at, facet or USUAL)


def _offering(
    session: Session, tx: Transaction, sku: str, account: str
) -> Side:
    """The account whose offer is shown; where there are others, it is said.

    Raises:
        InputError: ``cli.no_account`` or ``offers.unknown``: nobody offers
            it.
    """
    settings = session.settings()
    wanted, sides = sides_named(settings, account), sides_of(settings)
    there = views.offered_by(tx, sides, sku)
    chosen = [side for side in there if side in wanted]
    if not chosen:
        raise InputError("offers.unknown", sku=sku)
    others = [side.account for side in there if side != chosen[0]]
    if others and not account:
        known = ", ".join(others)
        session.note(session.line("other_accounts", accounts=known))
    return chosen[0]


def _undone(why: list[dict[str, Any]]) -> list[str]:
    """The facets that a person restored."""
    said = [one for one in why if one["code"] == "offers.why_restored"]
    return [
        name for one in said for name in one["facts"]["facets"].split(", ")
    ]


def _reason(session: Session, item: dict[str, Any]) -> dict[str, Any]:
    """Why something is not at Amazon, as a person reads it."""
    facts = {**item["facts"]}
    if "facets" in facts:
        names = facts["facets"].split(", ")
        shown = [session.term("heading", name) or name for name in names]
        facts["facets"] = ", ".join(shown)
    if "at" in facts:
        facts["at"] = session.reader.moment(facts["at"])
    said = Finding(item["code"], facts=facts)
    language = session.language
    return {
        "code": item["code"],
        "message": said.message(language),
        "hint": said.hint(language),
    }


def _say_market(
    session: Session, market: dict[str, Any], undone: Collection[str]
) -> None:
    """Each facet; what a person restored is told apart from Sage's word."""
    reader = session.reader
    for facet, state in market["facets"].items():
        name = session.term("heading", facet)
        restored = f", {session.state('restored')}" * (facet in undone)
        session.say(f"  {name:8} {session.state(state['state'])}{restored}")
        for key, value in (state["desired"] or {}).items():
            session.say(f"    {key}: {reader.attribute(key, value)}")
        if facet == "price":
            if facet in undone and market["prices"]:
                session.say(session.line("sage_says"))
            pricetags.say(session, market["prices"])
    for item in market["why"]:
        session.say(f"  {item['message']}\n    {item['hint']}")
    for issue in market["issues"]:
        issues.say(session, issue)
    for item in market["findings"]:
        session.say(f"  {item['message']}\n    {item['hint']}")
        issues.say_origins(session, item)


@submissions.command("list")
def submission_list(context: typer.Context) -> None:
    """List the calls and feeds, the newest first.

    Example: bridge submission list --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        rows = [
            views.submission_row(row)
            for side in sides_of(settings)
            for row in submission_rows.listed(tx, side)
        ]
    if session.as_json:
        session.data(rows)
        return
    names = (
        *("id", "kind", "operation", "marketplace", "sku", "state"),
        *("messages", "accepted", "refused", "sent_at"),
    )
    reader = session.reader
    for row in rows:
        row["kind"] = session.state(row["kind"])
        row["state"] = session.state(row["state"])
        row["sent_at"] = reader.moment(row["sent_at"])
    session.table(names, [[row[name] for name in names] for row in rows])


@submissions.command("show")
def submission_show(
    context: typer.Context,
    number: Number,
) -> None:
    """Show one submission: its messages and what Amazon said of each.

    Example: bridge submission show 7
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        row = submission_rows.get(tx, number)
        if row is None:
            raise InputError("cli.no_submission", value=number)
        found = views.submission_row(row)
        found["outcomes"] = views.submission_messages(tx, number)
        revived = former.revived(tx, number, restoring.SHOWN)
        if row.operation == former.OPERATION:
            found["restores"] = [item.shown() for item in revived]
    name = f"{row.number:06d}_{row.operation}_{row.marketplace}"
    drawer = settings.drawer(row.account)
    folder = settings.folder("outbox/amazon") / drawer
    found["body"] = [
        str(path.relative_to(settings.workspace))
        for path in sorted(folder.glob(f"{name}*"))
    ]
    if session.as_json:
        session.data(found)
        return
    found["kind"] = session.state(found["kind"])
    found["state"] = session.state(found["state"])
    found["body"] = ", ".join(found["body"]) or None
    keys = ("id", "kind", "operation", "marketplace", "state", "body")
    session.pairs([(key, found[key]) for key in keys])
    if row.operation == former.OPERATION:
        restoring.say(session, revived)
        return
    session.table(
        ("message", "sku", "operation", "outcome", "issues"),
        [
            [
                item["message"],
                item["sku"],
                item["operation"],
                session.state(item["outcome"]),
                "; ".join(str(i.get("message")) for i in item["issues"]),
            ]
            for item in found["outcomes"]
        ],
    )


@submissions.command("confirm")
def submission_confirm(context: typer.Context, number: Number) -> None:
    """Let a held submission go: offers become again what they were.

    Example: bridge submission confirm 12
    """
    _wish_of_held(context, "submission.confirm", number)


@submissions.command("discard")
def submission_discard(context: typer.Context, number: Number) -> None:
    """Drop a held submission; everything stays as it is.

    Example: bridge submission discard 12
    """
    _wish_of_held(context, "submission.discard", number)


def _wish_of_held(context: typer.Context, wish: str, number: int) -> None:
    session: Session = context.obj
    _, ledger = session.ledger()
    with ledger.read() as tx:
        row = submission_rows.get(tx, number)
    if row is None:
        raise InputError("cli.no_submission", value=number)
    if row.state != submission_rows.HELD:
        raise InputError("cli.submission_not_held", value=number)
    session.wish(wish, str(number))

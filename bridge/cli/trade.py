"""``bridge offer``, ``order``, ``submission``, ``transfer``."""

from __future__ import annotations

from typing import Annotated
from typing import Any

import typer

from bridge.app import wiring
from bridge.cli import issues
from bridge.cli import previews
from bridge.cli.session import Session
from bridge.cli.session import side_of
from bridge.errors import Finding
from bridge.errors import InputError
from bridge.flows.handing import CATALOGUE
from bridge.flows.origins import origins as where_from
from bridge.flows.requests import TRANSFERS
from bridge.ledger import orders as order_rows
from bridge.ledger import submissions as submission_rows
from bridge.ledger import transferring
from bridge.ledger import views
from bridge.messages import catalogue
from bridge.messages import numbers

FACETS = ("stock", "price", "content")

offers = typer.Typer(help="What Amazon shows.", no_args_is_help=True)
orders = typer.Typer(help="What customers ordered.", no_args_is_help=True)
submissions = typer.Typer(help="What went to Amazon.", no_args_is_help=True)
transfers = typer.Typer(help="Modules by hand.", no_args_is_help=True)


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
        rows = views.offer_list(tx, side_of(settings), problem=problem)
    if session.as_json:
        session.data(rows)
        return
    names = ("sku", "marketplace", "article", "available", "status")
    session.table(
        (*names, *FACETS, "findings"),
        [
            [
                *(row[name] for name in names[:-1]),
                session.state(row["status"]),
                *(session.state(row["facets"].get(f)) for f in FACETS),
                ", ".join((*row["findings"], *map(str, row["issues"]))),
            ]
            for row in rows
        ],
    )


@offers.command("show")
def offer_show(context: typer.Context, sku: str) -> None:
    """Show what one SKU should be, what was sent, and what Amazon says.

    Example: bridge offer show 0012345
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        found = views.offer(tx, side_of(settings), sku)
        if found is None:
            raise InputError("offers.unknown", sku=sku)
        origins = where_from(
            tx,
            wiring.book_of(session.workspace),
            settings.bridge.mandant,
            found["article"],
            found["variant"],
        )
    language = settings.bridge.language
    for market in found["marketplaces"].values():
        market["findings"] = [
            _told(item, language) for item in market["findings"]
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
        _say_market(session, market)


def _say_market(session: Session, market: dict[str, Any]) -> None:
    reader = session.reader
    for facet, state in market["facets"].items():
        name = session.term("heading", facet)
        session.say(f"  {name:8} {session.state(state['state'])}")
        for key, value in (state["desired"] or {}).items():
            session.say(f"    {key}: {reader.attribute(key, value)}")
    for issue in market["issues"]:
        issues.say(session, issue)
    for item in market["findings"]:
        session.say(f"  {item['message']}\n    {item['hint']}")


def _told(item: dict[str, Any], language: str) -> dict[str, Any]:
    finding = Finding(
        item["code"], None, item["field"], item["value"], facts=item["facts"]
    )
    return {
        **item,
        "message": finding.message(language),
        "hint": finding.hint(language),
    }


@orders.command("list")
def order_list(context: typer.Context) -> None:
    """List the orders and the files they became.

    Example: bridge order list --json
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        rows = views.order_rows(tx, side_of(settings))
    if session.as_json:
        session.data(rows)
        return
    reader = session.reader
    names = (
        "id",
        "marketplace",
        "status",
        "purchased_at",
        "total",
        "currency",
    )
    session.table(
        (*names, "files", "acknowledged", "findings"),
        [
            [
                row["id"],
                row["marketplace"],
                session.state(row["status"]),
                reader.moment(row["purchased_at"]),
                _total(session, row),
                row["currency"],
                ", ".join(item["name"] for item in row["files"]),
                session.state("yes" if row["acknowledged"] else "no"),
                ", ".join(sorted({one["code"] for one in row["findings"]})),
            ]
            for row in rows
        ],
    )


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
    side = side_of(settings)
    with ledger.read() as tx:
        row = order_rows.get(tx, side, number)
        if row is None:
            raise InputError("orders.unknown", order=number)
        found = views.order_row(tx, side, row)
    language = settings.bridge.language
    found["findings"] = [_told(item, language) for item in found["findings"]]
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


@orders.command("again")
def order_again(context: typer.Context, number: str) -> None:
    """Write an order once more, as a further file.

    Example: bridge order again 302-1234567-1234567
    """
    session: Session = context.obj
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        if order_rows.get(tx, side_of(settings), number) is None:
            raise InputError("orders.unknown", order=number)
    session.wish("order.again", number)


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
            for row in submission_rows.listed(tx, side_of(settings))
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
    number: Annotated[
        int, typer.Argument(help="The submission's id.", min=1, max=2**62)
    ],
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
    name = f"{row.number:06d}_{row.operation}_{row.marketplace}"
    folder = settings.folder("outbox/amazon")
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


@transfers.command("list")
def transfer_list(context: typer.Context) -> None:
    """List the modules that can be transferred by hand.

    Example: bridge transfer list
    """
    session: Session = context.obj
    if session.as_json:
        english = [
            {"name": name, "does": catalogue.term("transfer", name)}
            for name in TRANSFERS
        ]
        session.data(english)
        return
    session.table(
        ("name", "does"),
        [(name, session.term("transfer", name)) for name in TRANSFERS],
    )


@transfers.command("run")
def transfer_run(
    context: typer.Context,
    name: str,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan only.")
    ] = False,
    preview: Annotated[
        bool,
        typer.Option(
            "--preview", help="Ask Amazon what it would say; change nothing."
        ),
    ] = False,
) -> None:
    """Transfer one module now.

    Example: bridge transfer run products --dry-run
    """
    session: Session = context.obj
    if name not in TRANSFERS:
        known = ", ".join(TRANSFERS)
        raise InputError("cli.no_transfer", value=name, known=known)
    if preview:
        previews.run(session, name)
        return
    if not dry_run:
        session.wish("transfer.run", name)
        return
    if name == CATALOGUE:
        raise InputError("cli.no_plan", value=name)
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        plan = transferring.transfer_plan(tx, side_of(settings), name)
    if session.as_json:
        session.data(plan)
        return
    session.table(
        ("sku", "marketplace", "facet", "state"),
        [
            [
                row["sku"] or row.get("order"),
                row["marketplace"],
                session.term("heading", row["facet"]),
                session.state(row["state"]),
            ]
            for row in plan
        ],
    )

"""The readable summary of the demo: what came, what went, where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.ledger import deliveries
from bridge.ledger import views

if TYPE_CHECKING:
    from bridge.cli.session import Session
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

LONGEST = 110  # signs of a sentence; its value may be a whole text
USED = 60  # cells the other columns of the offers need
WIDEST = 60  # signs of a title where nobody looks at a screen
LEAST = 20  # signs of a title that still say what it is


def tour(session: Session, parts: Parts) -> None:
    """Tell a newcomer what the run did, file by file and SKU by SKU."""
    with parts.ledger.read() as tx:
        if session.as_json:
            session.data(
                {
                    "deliveries": [
                        views.delivery_row(row)
                        for row in deliveries.listed(tx)
                    ],
                    "offers": views.offer_list(tx, parts.sides, problem=False),
                    "orders": views.order_rows(tx, parts.sides),
                }
            )
            return
        _came_in(session, tx)
        _went_out(session, parts, tx)
        _for_sage(session, parts, tx)
    _where(session, parts)


def _title(session: Session, name: str) -> None:
    session.say(f"\n== {session.line(name)} ==")


def _came_in(session: Session, tx: Transaction) -> None:
    _title(session, "came_in")
    language = session.language
    for row in sorted(deliveries.listed(tx), key=lambda item: item.id):
        rows = session.line("of", accepted=row.accepted, records=row.records)
        state = session.state(row.state)
        session.say(f"{row.id:>3}  {state:11}  {rows:11}  {row.name}")
        for item in deliveries.findings(tx, row.id):
            text = shortened(item.message(language))
            name = "place" if item.field else "place_of_row"
            said = session.line(
                name, line=item.line, field=item.field, text=text
            )
            warns = item.severity == "warn"
            said = session.line("warning", text=said) if warns else said
            session.say(f"       {said}")


def shortened(text: str, most: int = LONGEST) -> str:
    """A text with its end, which says the fault, and less of its middle."""
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _went_out(session: Session, parts: Parts, tx: Transaction) -> None:
    _title(session, "would_get")
    rows, reader = [], session.reader
    most = max(session.width - USED, LEAST) if session.width else WIDEST
    for row in views.offer_list(tx, parts.sides, problem=False):
        desired = _desired(parts, tx, row["sku"], row["marketplace"])
        offers = desired.get("purchasable_offer", [])
        pieces = desired.get("fulfillment_availability", [{}])[0]
        title = reader.attribute("item_name", desired.get("item_name", []))
        rows.append(
            (
                row["sku"],
                session.state(row["status"]),
                reader.prices(offers),
                pieces.get("quantity"),
                title if len(title) <= most else title[: most - 1] + "…",
            )
        )
    names = ("sku", "status", "sale_price", "pieces", "title")
    session.table(names, rows)


def _desired(
    parts: Parts, tx: Transaction, sku: str, marketplace: str
) -> dict[str, list[dict[str, Any]]]:
    """What an offer should be, all its facets together."""
    found = views.offer(tx, parts.side, sku) or {"marketplaces": {}}
    market = found["marketplaces"].get(marketplace, {"facets": {}})
    desired: dict[str, list[dict[str, Any]]] = {}
    for facet in market["facets"].values():
        desired |= facet["desired"] or {}
    return desired


def _for_sage(session: Session, parts: Parts, tx: Transaction) -> None:
    _title(session, "for_sage")
    for row in views.order_rows(tx, parts.sides):
        total = session.reader.money(row["total"], row["currency"] or "")
        status = session.state(row["status"])
        session.say(f"{row['id']}  {total}  {status}")
        for item in row["files"]:
            session.say(f"       outbox/sage/{item['name']}")


def _where(session: Session, parts: Parts) -> None:
    _title(session, "where")
    workspace = parts.settings.workspace
    bodies = len(list((workspace / "outbox/amazon").glob("*")))
    session.say(str(workspace))
    for folder, name in (
        ("archive", "archive"),
        ("quarantine", "quarantine"),
        ("outbox/amazon", "bodies"),
        ("outbox/sage", "order_files"),
    ):
        said = session.line(name, number=bodies)
        session.say(f"  {folder + '/':18}  {said}")
    command = f"bridge --workspace {workspace} offer show 0010010"
    session.say("\n" + session.line("next", command=command))

"""The readable summary of the demo: what came, what went, where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.cli.trade import short
from bridge.ledger import deliveries
from bridge.ledger import views

if TYPE_CHECKING:
    from bridge.cli.session import Session
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

SHOWN = ("item_name", "purchasable_offer", "fulfillment_availability")


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
                    "offers": views.offer_list(tx, parts.side, problem=False),
                    "orders": views.order_rows(tx, parts.side),
                }
            )
            return
        _came_in(session, parts, tx)
        _went_out(session, parts, tx)
        _for_sage(session, parts, tx)
    _where(session, parts)


def _came_in(session: Session, parts: Parts, tx: Transaction) -> None:
    language = parts.settings.bridge.language
    session.say("\n== Files that came in ==")
    for row in sorted(deliveries.listed(tx), key=lambda item: item.id):
        session.say(
            f"{row.id:>3}  {row.state:9} {row.accepted:>3} of {row.records:<3}"
            f" rows  {row.name}"
        )
        for item in deliveries.findings(tx, row.id):
            mark = "refused" if item.severity == "refuse" else "warning"
            place = f"line {item.line} [{item.field or ''}]"
            session.say(
                f"       {mark} {place}: {_line(item.message(language))}"
            )


def _line(text: str, most: int = 110) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _went_out(session: Session, parts: Parts, tx: Transaction) -> None:
    session.say("\n== What Amazon would get ==")
    for row in views.offer_list(tx, parts.side, problem=False):
        found = views.offer(tx, parts.side, row["sku"])
        market = (found or {"marketplaces": {}})["marketplaces"].get(
            row["marketplace"], {"facets": {}}
        )
        desired: dict[str, list[dict[str, object]]] = {}
        for facet in market["facets"].values():
            desired |= facet["desired"] or {}
        title = short(desired.get("item_name", []))
        pieces = desired.get("fulfillment_availability", [{}])[0]
        session.say(
            f"{row['sku']:14} {row['status']:8}"
            f" {_price(desired.get('purchasable_offer', [])):>22}"
            f" {pieces.get('quantity', '-')!s:>5} pcs  {_line(title, 50)}"
        )


def _price(offers: list[dict[str, object]]) -> str:
    texts = []
    for offer in offers:
        amount = _amount(offer.get("our_price"))
        sale = _amount(offer.get("discounted_price"))
        who = "" if offer.get("audience") == "ALL" else "B2B "
        texts.append(f"{who}{amount}" + (f" ({sale})" if sale else ""))
    return " / ".join(texts) or "-"


def _amount(prices: object) -> str:
    if not isinstance(prices, list) or not prices:
        return ""
    return str(prices[0]["schedule"][0]["value_with_tax"])


def _for_sage(session: Session, parts: Parts, tx: Transaction) -> None:
    session.say("\n== Orders for Sage ==")
    for row in views.order_rows(tx, parts.side):
        names = ", ".join(item["name"] for item in row["files"])
        session.say(
            f"{row['id']}  {row['total']} {row['currency']}  {row['status']}\n"
            f"       outbox/sage/{names}"
        )


def _where(session: Session, parts: Parts) -> None:
    workspace = parts.settings.workspace
    bodies = len(list((workspace / "outbox/amazon").glob("*")))
    session.say(
        f"\n== Where to look ==\n"
        f"{workspace}\n"
        f"  archive/            accepted originals\n"
        f"  quarantine/         reports (*.protokoll.csv), refused rows"
        f" (*.zeilen.*)\n"
        f"  outbox/amazon/      {bodies} bodies, exactly as Amazon would"
        f" get them\n"
        f"  outbox/sage/        order files for the Sage import\n"
        f"\nNext: bridge --workspace {workspace} offer show 0010010"
    )

"""Making things due: which errand, which key, which lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import TransientError
from bridge.flows.accounts import key_of
from bridge.ledger import dues

EVERY = "*"  # all orders that are due, in one file

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.dues import Due
    from bridge.ledger.engine import Transaction


def raise_publish(parts: Parts, tx: Transaction, number: str) -> None:
    """Make an order due in every outbox and mapping that wants orders."""
    account = parts.side.account
    for box in parts.settings.outbox:
        for mapping in box.mappings:
            plan = parts.book.plan(mapping)
            if plan.document != "Order" or box.account not in {"", account}:
                continue
            alone = plan.one_file_per == "document"
            who = number if alone else EVERY
            dues.raise_due(
                tx,
                "publish",
                key_of(parts, who, box.name, mapping),
                lane=publish_lane(parts, box.name, mapping),
                at=parts.clock.now(),
            )
    raise_rows(parts, tx, "Order", number)


def publish_lane(parts: Parts, outbox: str, mapping: str) -> str:
    """Orders of an account go into an outbox one after the other."""
    return f"publish:{key_of(parts, outbox, mapping)}"


def raise_rows(parts: Parts, tx: Transaction, kind: str, key: str) -> None:
    """Make a document, or a delivery of them, due in every table of it."""
    for table in parts.settings.table:
        if parts.book.plan(table.mapping).document == kind:
            dues.raise_due(
                tx,
                "rows",
                key_of(parts, key, table.name),
                lane=f"rows:{table.name}",
                at=parts.clock.now(),
            )


def raise_poll(parts: Parts, tx: Transaction) -> None:
    """Have Amazon asked for orders."""
    account = parts.side.account
    dues.raise_due(
        tx, "orders", account, lane=f"orders:{account}", at=parts.clock.now()
    )


def raise_hand_on(
    parts: Parts, tx: Transaction, kind: str, delivery: object
) -> None:
    """Have a delivery's documents handed on, wherever an outbox asks.

    Args:
        parts: The pieces.
        tx: The transaction of the cause.
        kind: Of the documents.
        delivery: Its number; ``catalogue`` for all that is offered.
    """
    if kind in {"Order", "Customer"}:
        return  # they have journeys of their own
    for box in parts.settings.outbox:
        for mapping in box.mappings:
            if parts.book.plan(mapping).document == kind:
                key = f"{delivery}|{box.name}|{mapping}"
                lane = f"hand_on:{box.name}:{mapping}"
                at = parts.clock.now()
                dues.raise_due(tx, "hand_on", key, lane=lane, at=at)


def raise_source(parts: Parts, tx: Transaction, name: str) -> None:
    """Have a table or view read."""
    at = parts.clock.now()
    dues.raise_due(tx, "source", name, lane=f"source:{name}", at=at)


def raise_compose(parts: Parts, tx: Transaction) -> None:
    """Have every touched article composed."""
    key = str(parts.mandant)
    dues.raise_due(
        tx, "compose", key, lane=f"compose:{key}", at=parts.clock.now()
    )


def raise_answer(parts: Parts, tx: Transaction, delivery: Delivery) -> None:
    """Have a partner told what became of his file."""
    partner = parts.settings.with_area(delivery.inbox)
    if partner is not None and partner.receipts:
        raise_partner(parts, tx, "push", partner.name)


def raise_partner(
    parts: Parts, tx: Transaction, errand: str, name: str
) -> None:
    """Have files fetched from a partner, or brought to him.

    What is due already keeps its wait. What was parked because a server
    refuses us stays parked, or it would soon lock us out; what only took
    too long gets another chance.
    """
    due = dues.known(tx, errand, name)
    if due is None or (due.parked and _may_pass(due)):
        dues.raise_due(
            tx, errand, name, lane=f"partner:{name}", at=parts.clock.now()
        )


def _may_pass(due: Due) -> bool:
    return (due.error or {}).get("exit_code") == TransientError.exit_code

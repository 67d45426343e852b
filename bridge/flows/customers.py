"""Customers for Sage: of Amazon's orders, and of lists people fill in.

An order of a new buyer: in one commit the buyer is known by fingerprints
and the customer's file is frozen; then it is written; then the order itself
is made due. A crash between goes on where it stopped. A buyer who is known
makes no second customer.

A delivery of customers: those Sage knows by number are remembered, so that
they are recognised; those without a number become one file for Sage.
"""

from __future__ import annotations

from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import DefectError
from bridge.errors import Finding
from bridge.flows import identity
from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.flows.buyers import EACH
from bridge.flows.buyers import customer_of
from bridge.flows.orderpaper import persons_of
from bridge.flows.outgoing import Paper
from bridge.flows.outgoing import Target
from bridge.flows.outgoing import compiled
from bridge.flows.outgoing import finish
from bridge.flows.outgoing import free_name
from bridge.flows.raising import raise_publish
from bridge.flows.rows import document_of
from bridge.flows.rows import documents_of
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import identities
from bridge.ledger import orders
from bridge.ledger import publications
from bridge.ledger.identities import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

ERRAND = "customers"
DOCUMENT = "Customer"
OF_ORDER, OF_DELIVERY = "order", "delivery"
AT_ONCE = 500  # customers of one commit
NEXT = "customers:next"  # the fact that counts new accounts


def raise_customers(parts: Parts, tx: Transaction, key: str) -> None:
    """Make the customers of ``order:ID`` or ``delivery:ID`` due."""
    due, now = key_of(parts, key), parts.clock.now()
    dues.raise_due(tx, ERRAND, due, lane=ERRAND, at=now)


def raise_order(
    parts: Parts, tx: Transaction, number: str, status: str
) -> None:
    """Make an order due: its customer goes first, where there is one."""
    each = parts.settings.customers.from_orders == EACH
    if each and status != "CANCELLED":
        raise_customers(parts, tx, f"{OF_ORDER}:{number}")
    else:
        raise_publish(parts, tx, number)


def customers(parts: Parts, key: str, generation: int) -> None:
    """Bring customers to Sage; twice is harmless.

    Args:
        parts: The pieces.
        key: ``ACCOUNT|order:ID`` or ``ACCOUNT|delivery:ID``.
        generation: Of the due row.
    """
    kind, _, number = about(key).partition(":")
    if kind == OF_ORDER:
        _of_order(parts, number)
    else:
        _of_delivery(parts, int(number))
    with parts.ledger.write() as tx:
        if kind == OF_ORDER:
            raise_publish(parts, tx, number)
        dues.done(tx, ERRAND, key, generation)


def _of_order(parts: Parts, number: str) -> None:
    with parts.ledger.read() as tx:
        row = orders.get(tx, parts.side, number)
        persons = persons_of(parts, tx, number)
    if row is None:
        raise DefectError("orders.unknown", order=number)
    customer = customer_of(orjson.loads(row.body), persons)
    prints = identity.prints(customer, parts.safe)
    if not prints:
        return  # Amazon's own shipments name nobody
    with parts.ledger.write() as tx:
        place = parts.side.mode, parts.mandant
        known = identities.find(tx, place, prints)
        if known is None:
            account = _next_account(parts, tx)
            known = Identity(account, f"Amazon {number}", number)
            _freeze(parts, tx, number)
        now = parts.clock.now()
        identities.keep(tx, place, prints, known, now)
    named = {**customer, "account": known.account}
    named["matchcode"] = known.matchcode
    _write(parts, number, [named])
    if known.order == number:
        _write_rows(parts, named)


def _write_rows(parts: Parts, customer: dict[str, Any]) -> None:
    """A new customer in every table that wants customers."""
    for table in parts.settings.table:
        mapping = compiled(parts, table.mapping)
        if mapping.plan.document == DOCUMENT:
            record = mapping.record(customer, parts.context(), [])
            parts.tables[table.name].write(record)


def _next_account(parts: Parts, tx: Transaction) -> str | None:
    """The number of a new customer, if the bridge counts them."""
    first = parts.settings.customers.first_account
    if not first:
        return None
    fact = f"{NEXT}:{parts.side.mode}:{first}"
    account = facts.known(tx, fact) or first
    facts.know(tx, fact, _after(account))
    return account


def _after(account: str) -> str:
    """The next number; its letters and leading zeros stay."""
    digits = account[len(account.rstrip("0123456789")) :]
    start = account[: len(account) - len(digits)]
    return f"{start}{int(digits) + 1:0{len(digits)}d}"


def _of_delivery(parts: Parts, number: int) -> None:
    fresh: list[tuple[int, dict[str, Any]]] = []
    found: list[Finding] = []
    stated = documents_of(parts, DOCUMENT, number)
    named: set[str] = set()  # accounts this delivery has changed
    while lot := list(islice(stated, AT_ONCE)):
        with parts.ledger.write() as tx:
            for customer, line in lot:
                known = _met(parts, tx, customer, f"{number}:{line}")
                if customer.get("account"):
                    continue
                account, meant = known.account, customer
                if known.order != f"{number}:{line}":
                    if account is None or account in named:
                        found.append(_is_twin(line))
                        continue
                    meant = _kept(parts, tx, customer, known)
                    named.add(account)
                    found.append(_is_known(line, account))
                fresh.append((line, meant))
    key = f"{OF_DELIVERY}:{number}"
    with parts.ledger.write() as tx:
        if not fresh or _freeze(parts, tx, key):
            deliveries.note(tx, number, found)
    fresh.sort(key=itemgetter(0))
    if fresh:
        _write(parts, key, [customer for _, customer in fresh])


def _met(
    parts: Parts, tx: Transaction, customer: dict[str, Any], row: str
) -> Identity:
    """Who a customer is known as; from now on known by these fingerprints.

    Whom Sage gives an account is known in every mode. Who is new is known
    by the row, so that the same row read again is not its own twin.
    """
    prints = identity.prints(customer, parts.safe)
    mode, account = parts.side.mode, customer.get("account")
    if account:
        place, met = identities.SAGE, Identity(account, None, None)
    else:
        known = identities.find(tx, (mode, parts.mandant), prints)
        if known is not None:
            return known
        place, met = mode, Identity(None, None, row)
    now = parts.clock.now()
    identities.keep(tx, (place, parts.mandant), prints, met, now)
    return met


def _kept(
    parts: Parts, tx: Transaction, customer: dict[str, Any], known: Identity
) -> dict[str, Any]:
    """A known customer: what a row leaves open stays as Sage has it.

    Otherwise a template of some columns would give somebody a new
    matchcode, and the defaults of new customers.
    """
    sage = document_of(parts, tx, DOCUMENT, str(known.account))
    said = {k: v for k, v in customer.items() if v not in {None, ""}}
    kept = {"matchcode": known.matchcode, **sage, **said}
    return {**kept, "account": known.account}


def _is_twin(line: int) -> Finding:
    return Finding("intake.twin_customer", line, severity="warn")


def _is_known(line: int, account: str) -> Finding:
    facts = {"account": account}
    return Finding(
        "intake.known_customer",
        line,
        None,
        account,
        "warn",
        "nobody",
        facts,
    )


def _targets(parts: Parts) -> Iterator[Target]:
    """The outboxes that want customers, each with its mapping."""
    for box in parts.settings.outbox:
        for mapping in box.mappings:
            if parts.book.plan(mapping).document == DOCUMENT:
                yield Target(box, mapping)


def _freeze(parts: Parts, tx: Transaction, key: str) -> bool:
    """Write down the files that are to come.

    Returns:
        Whether that was not done before.
    """
    if publications.of_key(tx, parts.side, DOCUMENT, key):
        return False
    for target in _targets(parts):
        publications.freeze(
            tx,
            **parts.side.keys(),
            mandant=parts.mandant,
            document=DOCUMENT,
            key=key,
            outbox=target.box.name,
            mapping=target.mapping,
            version=1,
            now=parts.clock.now(),
            name=free_name(parts, tx, target, {}),
        )
    return True


def _write(parts: Parts, key: str, customers: list[dict[str, Any]]) -> None:
    """Bring every file that was frozen to its end, and the rows."""
    papers = [Paper(customer, []) for customer in customers]
    for target in _targets(parts):
        outbox = target.box.name
        with parts.ledger.read() as tx:
            begun = publications.unfinished(
                tx, parts.side, outbox, target.mapping, key
            )
        if begun:
            finish(parts, target, begun, lambda _: papers)
            parts.log.info("customer.published", outbox=outbox)

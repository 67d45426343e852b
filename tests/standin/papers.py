"""What the stand-in makes of an uploaded invoice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin.seller import Seller
    from tests.standin.seller import SentFeed

KNOWN = {
    *("OrderId", "ShippingId", "InvoiceNumber", "TotalAmount"),
    *("TotalVATAmount", "DocumentType", "TransactionId"),
}
NEEDED = {"OrderId", "InvoiceNumber", "TotalAmount", "TotalVATAmount"}
PLAIN = re.compile(r"[A-Za-z0-9,./\\ _;:#-]+").fullmatch
AMOUNT = re.compile(r"-?\d+\.\d\d").fullmatch


def take_paper(seller: Seller, feed: SentFeed, content: bytes) -> str:
    """Take an invoice of an order, or say what is wrong with it."""
    said = {
        key.removeprefix("metadata:"): value
        for key, value in feed.options.items()
        if key.startswith("metadata:")
    }
    order = said.get("OrderId", "")
    faults = list(_faults(seller, said, content))
    faults += [
        (issue["code"], issue["message"])
        for issue in seller.verdicts.get(order, ())
    ]
    if not faults:
        place = order, said["InvoiceNumber"]
        seller.papers.setdefault(place, []).append(content)
    return _report(faults)


def _faults(
    seller: Seller, said: dict[str, str], content: bytes
) -> Iterator[tuple[str, str]]:
    if said.keys() < NEEDED:
        yield "79513", "Please provide metadata:shippingid or metadata:orderid"
    elif said["OrderId"] not in seller.orders:
        yield "79519", "There is no such order."
    elif not any(order == said["OrderId"] for order, _ in seller.shipments):
        yield "79520", "Nothing of the order was shipped."
    yield from _odd_values(said)
    if not content.startswith(b"%PDF-"):
        yield "79517", "That is no PDF."


def _odd_values(said: dict[str, str]) -> Iterator[tuple[str, str]]:
    if strange := said.keys() - KNOWN:
        yield "79514", f"unknown: {sorted(strange)}"
    for key, value in said.items():
        if not PLAIN(value):
            yield "79515", f"{key}: a sign that is not taken"
    for key in ("TotalAmount", "TotalVATAmount"):
        amount = said.get(key, "")
        credit = said.get("DocumentType") == "CreditNote"
        if not AMOUNT(amount) or amount.startswith("-") != credit:
            yield "79516", f"{key}: {amount}"


def _report(faults: list[tuple[str, str]]) -> str:
    head = (
        "Feed Processing Summary:\n"
        "\tNumber of records processed\t\t1\n"
        f"\tNumber of records successful\t\t{int(not faults)}\n"
    )
    if not faults:
        return head
    columns = "original-record-number\tsku\terror-code\terror-type"
    rows = "".join(f"1\t\t{code}\tError\t{text}\n" for code, text in faults)
    return f"{head}\n{columns}\terror-message\n{rows}"

"""What the stand-in makes of invoices: uploaded, or sent to the buyer."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply
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


def actions(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    _body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """What may be said to the buyer of an order."""
    names = ["unexpectedProblem"]
    names += ["sendInvoice"] if amazon.seller.offers_messages else []
    href = f"/messaging/v1/orders/{parts[0]}/messages/"
    links = [{"href": href + name, "name": name} for name in names]
    return reply({"_links": {"actions": links}})


def destination(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """A place for an attachment."""
    name = amazon.seller.create_document(query["contentType"])
    amazon.seller.digests[name] = query["contentMD5"]
    url = f"{amazon.url}/upload/{name}"
    return reply({"payload": {"uploadDestinationId": name, "url": url}}, 201)


def message(
    amazon: Amazon,
    parts: tuple[str, ...],
    _query: Mapping[str, str],
    body: Any,  # noqa: ANN401 - JSON
) -> Reply:
    """Send an attachment to the buyer, however often it is asked."""
    (attached,) = body["attachments"]
    name = attached["uploadDestinationId"]
    content = amazon.seller.documents[name].content or b""
    made = hashlib.md5(content, usedforsecurity=False).digest()
    if b64encode(made).decode() != amazon.seller.digests[name]:
        return problem(400, "InvalidInput", "contentMD5")
    sent = (parts[0], attached["fileName"], content)
    amazon.seller.messages.append(sent)
    return reply({"errors": []}, 201)

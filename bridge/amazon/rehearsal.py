"""Amazon as it is rehearsed: bodies into a folder, answers from a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

import orjson

from bridge.amazon import checks
from bridge.amazon.answers import TAKEN
from bridge.amazon.answers import Answers
from bridge.amazon.orderfeeds import ORDER_FEEDS
from bridge.amazon.orderfeeds import check_order_feed
from bridge.amazon.orders import sale
from bridge.amazon.paperfeeds import INVOICES
from bridge.amazon.paperfeeds import check_paper
from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.errors import InputError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.errors import Where
from bridge.model.values import canonical
from bridge.ports import Outcome
from bridge.ports import Page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bridge.errors import BridgeError
    from bridge.ports import Call
    from bridge.ports import Desk
    from bridge.ports import Feed
    from bridge.ports import Sale

LISTINGS_FEED = "JSON_LISTINGS_FEED"
BUSY = frozenset({429, 500, 503})
FORBIDDEN = 400  # and above: understood, and declined


@dataclass
class Rehearsal:
    """The port Marketplace without any network.

    Attributes:
        bodies: ``outbox/amazon``: every body Amazon would have got.
        recorded: ``rehearsal``: orders, listings, answers and reports.
        desk: Who writes files.
    """

    bodies: Path
    recorded: Path
    desk: Desk
    most_present: int = 5_000

    def __post_init__(self) -> None:
        self._answers = Answers(self.recorded / "answers")

    def call(self, call: Call) -> Outcome:
        """Write the call down and answer it; twice gives one file."""
        name = _file_name(
            call.number, call.operation, call.marketplace, call.subject
        )
        body = json.loads(_json(call.body))
        checks.check_call(call.operation, body, name)
        about = "order" if call.operation.endswith("Shipment") else "sku"
        content = {
            "operation": call.operation,
            "marketplace": call.marketplace,
            about: call.subject,
            "query": call.query,
            "body": call.body,
        }
        self.desk.write_whole(self.bodies / name, _json(content) + b"\n")
        answer = self._answers.find(
            self._answers.read(),
            operation=call.operation,
            marketplace=call.marketplace,
            **{about: call.subject},
        )
        refused, warned = _judged({1: answer})
        return Outcome(not refused, refused, warned)

    def upload(self, feed: Feed) -> str:
        """Write the feed down; twice gives one file."""
        subject = feed.subject
        name = _file_name(feed.number, feed.type, feed.marketplace, subject)
        _told(feed, name)
        self.desk.write_whole(self.bodies / name, feed.body)
        if feed.options:
            self._write_options(feed)
        return name

    def _write_options(self, feed: Feed) -> None:
        """What goes beside a document that says nothing of itself."""
        name = _file_name(
            feed.number, "createFeed", feed.marketplace, feed.subject
        )
        content = {
            "operation": "createFeed",
            "marketplace": feed.marketplace,
            "order": feed.subject,
            "query": {},
            "body": {"feedType": feed.type, "feedOptions": feed.options},
        }
        self.desk.write_whole(self.bodies / name, _json(content) + b"\n")

    def find(self, feed: Feed, sent_at: datetime) -> tuple[str, ...]:
        """The feed: what was begun here is simply ended."""
        del sent_at
        return (self.submit(feed, self.upload(feed)),)

    def submit(self, feed: Feed, document: str) -> str:
        """Keep the feed's report; twice gives one file."""
        receipt = _receipt(feed)
        recorded = self._answers.read()
        answers = {
            number: self._answers.find(
                recorded,
                operation=feed.type,
                marketplace=feed.marketplace,
                **about,
            )
            for number, about in _told(feed, document)
        }
        refused, warned = _judged(answers)
        report = {"refused": _keyed(refused), "warned": _keyed(warned)}
        self.desk.replace_whole(self._report(receipt), _json(report))
        return receipt

    def outcome(self, receipt: str) -> Outcome | None:
        """The report that was kept when the feed was written."""
        path = self._report(receipt)
        if not path.is_file():
            return None
        report = orjson.loads(path.read_bytes())
        return Outcome(
            accepted=True,
            refused={int(k): v for k, v in report["refused"].items()},
            warned={int(k): v for k, v in report["warned"].items()},
        )

    def orders(self, since: datetime, until: datetime, token: str) -> Page:
        """The recorded orders, a file a page; the window is not asked.

        Raises:
            ConfigError: A recorded file is not an answer of Amazon.
        """
        del since, until
        files = sorted((self.recorded / "orders").glob("*.json"))
        names = [path.name for path in files]
        start = names.index(token) if token in names else 0
        if not files:
            return Page((), None)
        following = names[start + 1] if start + 1 < len(names) else None
        sales, broken = _read(files[start])
        return Page(tuple(sales), following, tuple(broken))

    def present(self, marketplace: str, skus: Sequence[str]) -> frozenset[str]:
        """The SKUs ``rehearsal/listings`` knows; the others are absent."""
        del marketplace
        known = {
            str(item.get("sku"))
            for path in sorted((self.recorded / "listings").glob("*.json"))
            for item in _items(json.loads(path.read_text("utf-8-sig")))
        }
        return frozenset(skus) & known

    def _report(self, receipt: str) -> Path:
        return self.recorded / "reports" / f"{receipt}.json"


def _told(feed: Feed, name: str) -> list[tuple[int, dict[str, str]]]:
    """The messages of a feed and the SKU or order each is about.

    Raises:
        DefectError: Amazon would not take the feed.
    """
    if feed.type == LISTINGS_FEED:
        listings = checks.check_feed(feed.body, name)
        return [(one.number, {"sku": one.sku}) for one in listings]
    if feed.type in ORDER_FEEDS:
        orders = check_order_feed(feed.body, name)
        return [(number, {"order": order}) for number, order in orders]
    if feed.type == INVOICES:
        check_paper(feed.options, name)
        return [(1, {"order": feed.subject})]
    return []


def _receipt(feed: Feed) -> str:
    return f"rehearsal-{feed.number:06d}"


def _file_name(
    number: int, operation: str, marketplace: str, subject: str
) -> str:
    tail = f"_{quote(subject, safe='')}" if subject else ""
    ending = "json"
    if operation.startswith("POST_"):
        ending = "xml"
    elif operation.startswith("UPLOAD_"):
        ending = "pdf"
    return f"{number:06d}_{operation}_{marketplace}{tail}.{ending}"


def _json(value: object) -> bytes:
    return orjson.dumps(value, default=_exact, option=orjson.OPT_INDENT_2)


def _exact(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(canonical(value).encode())
    raise TypeError


def _keyed(issues: Mapping[int, Any]) -> dict[str, Any]:
    return {str(number): said for number, said in issues.items()}


def _judged(
    answers: Mapping[int, dict[str, Any] | None],
) -> tuple[dict[int, list[dict[str, Any]]], dict[int, list[dict[str, Any]]]]:
    """Refused and warned messages; a recorded HTTP fault is raised."""
    refused: dict[int, list[dict[str, Any]]] = {}
    warned: dict[int, list[dict[str, Any]]] = {}
    for number, answer in answers.items():
        if answer is None:
            continue
        status = int(answer.get("http", 200))
        issues = list(answer.get("issues") or [])
        if status not in BUSY and status >= FORBIDDEN and issues:
            refused[number] = issues  # said in Amazon's words
            continue
        _raise_http(status)
        if answer.get("status", "ACCEPTED") in TAKEN:
            warned[number] = issues
        else:
            refused[number] = issues
    return refused, {key: said for key, said in warned.items() if said}


def _raise_http(status: int) -> None:
    if status in BUSY:
        raise TransientError("amazon.busy", status=status)
    if status >= FORBIDDEN:
        raise RefusedError("amazon.declined", status=status)


def _read(path: Path) -> tuple[list[Sale], list[BridgeError]]:
    """The orders of a recorded file; a broken one does not stop the rest."""
    sales: list[Sale] = []
    broken: list[BridgeError] = []
    try:
        recorded = list(_recorded(path))
    except ConfigError as error:
        return [], [error]
    for raw in recorded:
        try:
            sales.append(sale(raw))
        except InputError as error:
            broken.append(error)
    return sales, broken


def _recorded(path: Path) -> Iterable[Mapping[str, Any]]:
    """The orders of a recorded searchOrders or getOrder answer."""
    try:
        text = path.read_text("utf-8-sig")
        content = json.loads(text, parse_float=Decimal)
        content = content.get("payload", content)
        orders = (
            content["orders"] if "orders" in content else [content["order"]]
        )
    except (ValueError, KeyError, AttributeError) as error:
        raise ConfigError(
            "amazon.bad_recording", where=Where(path.name)
        ) from error
    found: list[Mapping[str, Any]] = orders
    return found


def _items(content: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(content, dict):
        items = content.get("items", [content])
        return [item for item in items if isinstance(item, dict)]
    raise DefectError("amazon.bad_recording")

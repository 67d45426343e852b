"""Our own check of the XML order feeds (amazon.md 5, M6, M19)."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

from lxml import etree

from bridge.errors import DefectError
from bridge.errors import Where
from bridge.ports.turns import COMPILING

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = Path(__file__).parent / "orderfeeds.xsd"
MOST_BYTES = 10 * 2**20
MOST_FAULTS = 20
ORDER_FEEDS = frozenset(
    {
        "POST_ORDER_FULFILLMENT_DATA",
        "POST_ORDER_ACKNOWLEDGEMENT_DATA",
        "POST_PAYMENT_ADJUSTMENT_DATA",
    }
)


def check_order_feed(body: bytes, name: str) -> list[tuple[int, str]]:
    """Number and order of each message.

    Raises:
        DefectError: ``amazon.bad_body``: Amazon would not take it; every
            fault is named by its line and element, never by its value.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(name, f"no XML in line {error.lineno}") from error
    schema = _schema()
    if not schema.validate(root):
        said = cast("Iterable[Any]", schema.error_log)
        entries = islice(said, MOST_FAULTS)
        faults = [f"{one.path}: {one.type_name}" for one in entries]
        raise _refused(name, "; ".join(faults))
    if len(body) >= MOST_BYTES:
        raise _refused(name, f"{len(body)} bytes")
    return [
        (
            int(one.findtext("MessageID", "0")),
            one.findtext("*/AmazonOrderID", ""),
        )
        for one in root.iterfind("Message")
    ]


@cache
def _schema() -> etree.XMLSchema:
    with COMPILING:
        return etree.XMLSchema(etree.parse(SCHEMA))


def _refused(name: str, problem: str) -> DefectError:
    return DefectError("amazon.bad_body", where=Where(name), problem=problem)

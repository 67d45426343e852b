"""Our own check of every body before it leaves (amazon.md 3.2, 3.3, 4)."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import orjson

from bridge.errors import DefectError
from bridge.errors import Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

MOST_MESSAGES = 25_000
MOST_BYTES = 10 * 2**20
LONGEST_SKU = 40  # characters and UTF-8 bytes (amazon.md 2)
NEEDED = {
    "UPDATE": {"messageId", "sku", "productType", "attributes"},
    "PARTIAL_UPDATE": {"messageId", "sku", "productType", "attributes"},
    "PATCH": {"messageId", "sku", "productType", "patches"},
    "DELETE": {"messageId", "sku"},
}
ALLOWED = {
    "UPDATE": {"requirements"},
    "PARTIAL_UPDATE": set(),
    "PATCH": set(),
    "DELETE": set(),
}
SHIPMENT = (
    *("packageReferenceId", "carrierCode", "trackingNumber"),
    *("shipDate", "orderItems"),
)
OPERATIONS = frozenset({"add", "replace", "merge", "delete"})
PATH = "/attributes/"
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_BETWEEN = re.compile(r"\s*,\s*")
REMEMBERED = 10_000  # patches that were looked at


class Told(NamedTuple):
    """Which message speaks of which SKU."""

    number: int
    sku: str


def check_feed(body: bytes, name: str) -> list[Told]:
    """What the messages of a listings feed speak of.

    They are looked at one by one: all together, a feed of 10 MiB takes 100.

    Raises:
        DefectError: Amazon would not take it; every fault is named.
    """
    told: list[Told] = []
    faults: list[str] = []
    sound: set[str] = set()  # patches of stock and price are often alike
    try:
        header, messages = _opened(body)
        for message in messages:
            number, sku = message.get("messageId", 0), message.get("sku", "")
            told.append(Told(number, sku))
            faults += _message_faults(message, sound)
    except ValueError as error:
        faults.append(f"no feed: {error}")
    else:
        faults += _feed_faults(header, told, len(body))
    _raise(faults, name)
    return told


def _opened(body: bytes) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """The header, and the messages as they are asked for."""
    begin = _MESSAGES.search(body)
    if begin is None:
        raise ValueError("messages are missing")
    header = orjson.loads(body[: begin.end()] + b"]}").get("header") or {}
    return header, _decoded(body[begin.end() :].decode())


def _decoded(text: str) -> Iterator[dict[str, Any]]:
    decode = json.JSONDecoder(parse_float=Decimal).raw_decode
    at = 0
    while text[at : at + 1] != "]":
        value, at = decode(text, at)
        yield value
        if found := _BETWEEN.match(text, at):
            at = found.end()
    if text[at:] != "]}":
        raise ValueError("something stands behind the messages")


def check_call(operation: str, body: Mapping[str, Any], name: str) -> None:
    """See that the body of a call is of its form.

    Raises:
        DefectError: Amazon would not take it.
    """
    if operation == "confirmShipment":
        _raise(list(_shipment_faults(body)), name)
    keys = {"putListingsItem": "attributes", "patchListingsItem": "patches"}
    part = keys.get(operation)
    if part is None:
        return
    faults = [
        f"{key} is missing" for key in ("productType", part) if key not in body
    ]
    if not faults:
        faults = list(_content_faults(body))
    _raise(faults, name)


def _shipment_faults(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a parcel (amazon.md M6)."""
    package = body.get("packageDetail") or {}
    for key in SHIPMENT:
        if not package.get(key):
            yield f"{key} is missing"
    if not body.get("marketplaceId"):
        yield "marketplaceId is missing"
    if not re.fullmatch("[1-9][0-9]*", str(package.get("packageReferenceId"))):
        yield "packageReferenceId is no positive number"
    if package.get("carrierCode") == "Other" and not package.get(
        "carrierName"
    ):
        yield "carrierName is missing"
    for item in package.get("orderItems") or ():
        if not item.get("orderItemId") or item.get("quantity", 0) < 1:
            yield f"orderItems holds {item}"


def _raise(faults: list[str], name: str) -> None:
    if faults:
        raise DefectError(
            "amazon.bad_body",
            where=Where(name),
            problem="; ".join(faults[:20]),
        )


def _feed_faults(
    header: Mapping[str, Any], told: list[Told], size: int
) -> Iterator[str]:
    if not header.get("sellerId") or header.get("version") != "2.0":
        yield "header needs sellerId and version 2.0"
    if not 1 <= len(told) <= MOST_MESSAGES or size >= MOST_BYTES:
        yield f"{len(told)} messages in {size} bytes"
    for key, values in zip(
        Told._fields, zip(*told, strict=True), strict=False
    ):
        counted = Counter(values).items()
        twice = [value for value, number in counted if number > 1]
        if twice:
            yield f"{key} twice: {twice[:5]}"


def _message_faults(
    message: Mapping[str, Any], sound: set[str]
) -> Iterator[str]:
    place = f"message {message.get('messageId')}"
    operation = message.get("operationType", "")
    needed = NEEDED.get(operation)
    if needed is None:
        yield f"{place}: operationType {operation!r}"
        return
    keys = message.keys() - {"operationType"}
    if keys != needed:
        for key in sorted(needed - keys):
            yield f"{place}: {key} is missing"
        for key in sorted(keys - needed - ALLOWED[operation]):
            yield f"{place}: {key} is forbidden"
    sku = str(message.get("sku", ""))
    if not sku or len(sku.encode()) > LONGEST_SKU:
        yield f"{place}: the SKU has {len(sku.encode())} bytes"
    patches = str(message.get("patches"))
    if patches in sound:
        return
    faults = [f"{place}: {fault}" for fault in _content_faults(message)]
    if not faults and operation == "PATCH" and len(sound) < REMEMBERED:
        sound.add(patches)
    yield from faults


def _content_faults(content: Mapping[str, Any]) -> Iterator[str]:
    for name, instances in (content.get("attributes") or {}).items():
        yield from _instance_faults(name, instances)
    for patch in content.get("patches") or []:
        if patch.get("op") not in OPERATIONS:
            yield f"op {patch.get('op')!r}"
        path = str(patch.get("path", ""))
        if not path.startswith(PATH) or "/" in path[len(PATH) :]:
            yield f"path {path!r}"
        yield from _instance_faults(path, patch.get("value"))
    if "patches" in content and not content["patches"]:
        yield "no patches"


def _instance_faults(name: str, instances: Any) -> Iterator[str]:  # noqa: ANN401
    if not isinstance(instances, list) or not instances:
        yield f"{name} is no list of instances"
        return
    for instance in instances:
        if not isinstance(instance, dict) or not instance:
            yield f"{name} holds {instance!r}"
        elif "schedule" in str(name):
            yield f"{name} stands too high"
        yield from _empty_values(name, instance)


def _empty_values(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, dict):
        for inner in value.values():
            yield from _empty_values(name, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _empty_values(name, inner)
    elif value == "" or (isinstance(value, Decimal) and not value.is_finite()):
        yield f"{name} holds an empty value"

"""Our own check of every body before it leaves (amazon.md 3.2, 3.3, 4)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

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
OPERATIONS = frozenset({"add", "replace", "merge", "delete"})
PATH = "/attributes/"
REMEMBERED = 10_000  # patches that were looked at


def check_feed(body: bytes, name: str) -> list[dict[str, Any]]:
    """The messages of a listings feed.

    Raises:
        DefectError: Amazon would not take it; every fault is named.
    """
    content = orjson.loads(body)
    faults = list(_feed_faults(content, len(body)))
    _raise(faults, name)
    messages: list[dict[str, Any]] = content["messages"]
    return messages


def check_call(operation: str, body: Mapping[str, Any], name: str) -> None:
    """See that the body of a listings call is of its form.

    Raises:
        DefectError: Amazon would not take it.
    """
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


def _raise(faults: list[str], name: str) -> None:
    if faults:
        raise DefectError(
            "amazon.bad_body",
            where=Where(name),
            problem="; ".join(faults[:20]),
        )


def _feed_faults(content: Any, size: int) -> Iterator[str]:  # noqa: ANN401
    header = content.get("header") or {}
    if not header.get("sellerId") or header.get("version") != "2.0":
        yield "header needs sellerId and version 2.0"
    messages = content.get("messages") or []
    if not 1 <= len(messages) <= MOST_MESSAGES or size >= MOST_BYTES:
        yield f"{len(messages)} messages in {size} bytes"
    for key in ("messageId", "sku"):
        twice = [
            value
            for value, number in Counter(m.get(key) for m in messages).items()
            if number > 1
        ]
        if twice:
            yield f"{key} twice: {twice[:5]}"
    sound: set[bytes] = set()  # patches of stock and price are often alike
    for message in messages:
        yield from _message_faults(message, sound)


def _message_faults(
    message: Mapping[str, Any], sound: set[bytes]
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
    patches = orjson.dumps(message.get("patches"))
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

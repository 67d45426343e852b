"""Our own check of bodies finds what Amazon would not take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.amazon import checks
from bridge.amazon.rehearsal import Rehearsal
from bridge.app.wiring import FileDesk
from bridge.errors import ConfigError
from bridge.errors import DefectError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.ports import Call

if TYPE_CHECKING:
    from pathlib import Path

STOCK = [{"fulfillment_channel_code": "DEFAULT", "quantity": 1}]
PATCH = {
    "op": "replace",
    "path": "/attributes/fulfillment_availability",
    "value": STOCK,
}


def message(
    number: int = 1,
    sku: str = "0010",
    **change: Any,  # noqa: ANN401 - what a test is about
) -> dict[str, Any]:
    made = {
        "messageId": number,
        "sku": sku,
        "operationType": "PATCH",
        "productType": "PRODUCT",
        "patches": [PATCH],
        **change,
    }
    return {key: value for key, value in made.items() if value is not None}


def feed(*messages: dict[str, Any], version: str = "2.0") -> bytes:
    header = {"sellerId": "A1", "version": version}
    return json.dumps({"header": header, "messages": messages}).encode()


def test_a_good_feed_gives_its_messages() -> None:
    body = feed(message(1, "0010"), message(2, "0011"))

    assert 2 == len(checks.check_feed(body, "x"))


BAD = {
    "no message": feed(),
    "another version": feed(message(), version="1.0"),
    "one SKU twice": feed(message(1), message(2)),
    "one number twice": feed(message(1, "a"), message(1, "b")),
    "no product type": feed(message(productType=None)),
    "attributes in a PATCH": feed(message(attributes={"a": STOCK})),
    "requirements in a PATCH": feed(message(requirements="LISTING")),
    "an unknown operation": feed(message(operationType="UPSERT")),
    "a SKU over 40 bytes": feed(message(sku="ä" * 21)),
    "a path below the attribute": feed(
        message(patches=[{**PATCH, "path": "/attributes/a/b"}])
    ),
    "no patches": feed(message(patches=[])),
    "an empty value": feed(
        message(patches=[{**PATCH, "value": [{"value": ""}]}])
    ),
    "a bare value": feed(message(patches=[{**PATCH, "value": 1}])),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_feed_is_our_defect(case: str) -> None:
    with pytest.raises(DefectError, match="would not take"):
        checks.check_feed(BAD[case], "x")


@pytest.fixture
def rehearsal(tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path / "bodies", tmp_path / "recorded", FileDesk())


def call(number: int = 1, sku: str = "a/b ä") -> Call:
    return Call(
        number=number,
        operation="patchListingsItem",
        marketplace="DE",
        subject=sku,
        query={"marketplaceIds": ["A1PA6795UKMFR9"]},
        body={"productType": "PRODUCT", "patches": [PATCH]},
    )


def answer(rehearsal: Rehearsal, **content: Any) -> None:  # noqa: ANN401
    folder = rehearsal.recorded / "answers"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps(content), encoding="utf-8")


def test_the_name_of_a_body_carries_number_call_and_sku(
    rehearsal: Rehearsal,
) -> None:
    assert rehearsal.call(call()).accepted

    (path,) = rehearsal.bodies.iterdir()
    assert "000001_patchListingsItem_DE_a%2Fb%20%C3%A4.json" == path.name
    content = json.loads(path.read_bytes())
    assert {"operation", "marketplace", "sku", "query", "body"} == set(content)


def test_the_same_call_twice_is_one_body(rehearsal: Rehearsal) -> None:
    rehearsal.call(call())
    rehearsal.call(call())

    assert 1 == len(list(rehearsal.bodies.iterdir()))


def test_a_recorded_fault_is_raised(rehearsal: Rehearsal) -> None:
    answer(rehearsal, match={"times": 1}, answer={"http": 503})

    with pytest.raises(TransientError):
        rehearsal.call(call())
    assert rehearsal.call(call()).accepted


def test_a_recorded_refusal_by_http_is_raised(rehearsal: Rehearsal) -> None:
    answer(rehearsal, match={}, answer={"http": 403})

    with pytest.raises(RefusedError):
        rehearsal.call(call())


def test_a_broken_answer_file_is_named(rehearsal: Rehearsal) -> None:
    answer(rehearsal, matsch={})

    with pytest.raises(ConfigError, match=r"a\.json"):
        rehearsal.call(call())

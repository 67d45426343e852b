"""XML feeds are checked before they leave; their reports are understood."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.amazon.orderfeeds import check_order_feed
from bridge.amazon.processing import order_outcome
from bridge.errors import DefectError
from bridge.errors import TransientError
from bridge.mapping.orderfeeds import REASONS
from bridge.mapping.orderfeeds import acknowledgements
from bridge.mapping.orderfeeds import fulfillments

NUMBER = "302-0000001-0000001"
DETAIL: dict[str, Any] = {
    "packageReferenceId": "1",
    "carrierCode": "Other",
    "carrierName": "Bote & Söhne <schnell>",
    "trackingNumber": "0017",
    "shipDate": "2026-01-15T13:05:00.000Z",
    "orderItems": [{"orderItemId": "9", "quantity": 2}],
}
REPORT = """\
<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope><MessageType>ProcessingReport</MessageType><Message>
<MessageID>1</MessageID><ProcessingReport><StatusCode>{status}</StatusCode>
<ProcessingSummary><MessagesSuccessful>{good}</MessagesSuccessful>
</ProcessingSummary>{results}</ProcessingReport></Message></AmazonEnvelope>
"""


def report(good: int, *results: tuple[int, str], status: str) -> bytes:
    said = "".join(
        f"<Result><MessageID>{number}</MessageID><ResultCode>{code}"
        "</ResultCode><ResultMessageCode>18028</ResultMessageCode>"
        "<ResultDescription>So.</ResultDescription></Result>"
        for number, code in results
    )
    text = REPORT.format(status=status, good=good, results=said)
    return text.encode()


def test_a_feed_of_parcels_passes_and_says_whose_they_are() -> None:
    body = fulfillments("A1", [(NUMBER, DETAIL), (NUMBER, DETAIL)])

    assert [(1, NUMBER), (2, NUMBER)] == check_order_feed(body, "feed")
    assert "Bote &amp; Söhne &lt;schnell&gt;".encode() in body


@pytest.mark.parametrize("reason", REASONS)
def test_yes_and_no_pass(reason: str) -> None:
    no = {"status": "Failure", "items": ["9"], "reason": reason}
    yes = {"status": "Success", "number": "VVA-2026-1"}

    body = acknowledgements("A1", [(NUMBER, yes), (NUMBER, no)])

    assert 2 == len(check_order_feed(body, "feed"))


@pytest.mark.parametrize(
    "fault",
    [
        {"orderItems": []},
        {"orderItems": [{"orderItemId": "9", "quantity": 0}]},
        {"packageReferenceId": "0"},
        {"shipDate": "yesterday"},
        {"trackingNumber": "1" * 51},
        {"trackingNumber": ""},
    ],
)
def test_a_feed_amazon_would_not_take_stays_here(
    fault: dict[str, Any],
) -> None:
    body = fulfillments("A1", [(NUMBER, {**DETAIL, **fault})])

    with pytest.raises(DefectError, match=r"OrderFulfillment"):
        check_order_feed(body, "feed")


def test_what_is_no_xml_stays_here() -> None:
    with pytest.raises(DefectError, match=r"no XML"):
        check_order_feed(b"<AmazonEnvelope>", "feed")


def test_errors_refuse_their_message_and_warnings_do_not() -> None:
    content = report(2, (2, "Error"), (3, "Warning"), status="Complete")

    found = order_outcome(content, aborted=False)

    assert (True, [2], [3]) == (
        found.accepted,
        list(found.refused),
        list(found.warned),
    )


@pytest.mark.parametrize(
    ("content", "aborted"),
    [
        (report(0, (0, "Error"), status="Complete"), False),
        (report(0, status="Rejected"), False),
        (report(1, status="Complete"), True),
    ],
)
def test_a_feed_that_failed_as_a_whole(
    content: bytes,
    aborted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert not order_outcome(content, aborted=aborted).accepted


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<a/>", b"[]", report(1, status="Processing")),
        report(1, (1, "Perhaps"), status="Complete"),
    ],
)
def test_what_is_no_report_is_asked_for_again(content: bytes) -> None:
    with pytest.raises(TransientError):
        order_outcome(content, aborted=False)

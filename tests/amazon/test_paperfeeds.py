"""What goes beside a PDF is of its form; the report of it is understood."""

from __future__ import annotations

import pytest

from bridge.amazon.paperfeeds import check_paper
from bridge.amazon.paperfeeds import paper_outcome
from bridge.errors import DefectError
from bridge.errors import TransientError

GOOD = {
    "metadata:OrderId": "302-0000001-0000001",
    "metadata:InvoiceNumber": "RE-1",
    "metadata:TotalAmount": "-119.00",
    "metadata:TotalVATAmount": "-19.00",
    "metadata:DocumentType": "CreditNote",
}
HEAD = (
    "Feed Processing Summary:\r\n"
    "\tNumber of records processed\t\t1\r\n"
    "\tNumber of records successful\t\t{}\r\n\r\n"
)
TABLE = (
    "original-record-number\tsku\terror-code\terror-type\terror-message\r\n"
)
XML = (
    "<AmazonEnvelope><Message><ProcessingReport><StatusCode>Complete"
    "</StatusCode><Result><MessageID>1</MessageID><ResultCode>Error"
    "</ResultCode><ResultMessageCode>7</ResultMessageCode>"
    "<ResultDescription>No.</ResultDescription></Result>"
    "</ProcessingReport></Message></AmazonEnvelope>"
)


def test_what_amazon_takes_passes() -> None:
    check_paper(GOOD, "000001")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("OrderId", ""),
        ("TotalAmount", "119,00"),
        ("TotalVATAmount", "19"),
        ("DocumentType", "Rechnung"),
        ("InvoiceNumber", "Rä-1"),
        ("InvoiceNumber", '"RE-1"'),
    ],
)
def test_what_amazon_would_not_take_is_our_mistake(
    key: str, value: str
) -> None:
    with pytest.raises(DefectError, match=key):
        check_paper({**GOOD, f"metadata:{key}": value}, "000001")


def test_a_paper_that_was_taken() -> None:
    outcome = paper_outcome(HEAD.format(1).encode(), aborted=False)

    assert (True, {}) == (outcome.accepted, outcome.refused)


def test_a_paper_that_was_refused_says_why() -> None:
    row = "1\t\t79513\tError\tPlease provide metadata\r\n"
    report = (HEAD.format(0) + TABLE + row).encode()

    outcome = paper_outcome(report, aborted=False)

    issue = {
        "code": "79513",
        "severity": "ERROR",
        "message": "Please provide metadata",
    }
    assert (False, {1: [issue]}) == (outcome.accepted, outcome.refused)


def test_a_warning_does_not_refuse() -> None:
    row = "1\t\t1\tWarning\tLate.\r\n"
    report = (HEAD.format(1) + TABLE + row).encode()

    outcome = paper_outcome(report, aborted=False)

    assert (True, "Late.") == (
        outcome.accepted,
        outcome.warned[1][0]["message"],
    )


def test_a_report_in_xml_is_understood_too() -> None:
    outcome = paper_outcome(XML.encode(), aborted=False)

    assert "No." == outcome.refused[1][0]["message"]


@pytest.mark.parametrize("content", [b"", b"nothing", b"<a/>"])
def test_no_report_is_asked_for_again(content: bytes) -> None:
    with pytest.raises(TransientError):
        paper_outcome(content, aborted=False)

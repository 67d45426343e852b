"""What Amazon made of a feed: its processing report (amazon.md 3.5)."""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

import orjson
from lxml import etree

from bridge.errors import TransientError
from bridge.ports import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

ERROR = "ERROR"
REJECTED = "Rejected"
ENDED = frozenset({"Complete", REJECTED})
SEVERITY = {"Error": ERROR, "Warning": "WARNING"}


def unpacked(content: bytes, algorithm: str | None) -> bytes:
    """A document as it was before it was compressed.

    Raises:
        TransientError: ``amazon.odd_answer``: it is cut or not compressed.
    """
    if algorithm is None:
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise TransientError(
            "amazon.odd_answer", operation="getFeedDocument"
        ) from error


def listings_outcome(content: bytes, *, aborted: bool) -> Outcome:
    """The outcome of each message of a listings feed.

    Args:
        content: The processing report, version 2.
        aborted: The feed was aborted (FATAL): what the report does not
            speak of did not happen.

    Raises:
        TransientError: ``amazon.odd_answer``: no such report.
    """
    try:
        report = orjson.loads(content)
        issues = list(map(_issue, report["issues"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TransientError(
            "amazon.odd_answer", operation="getFeedDocument"
        ) from error
    refused, warned, whole = _sorted(issues)
    failed = aborted or _all_failed(report.get("summary") or {}, whole)
    return Outcome(
        accepted=not failed, refused=refused, warned=warned, issues=whole
    )


def order_outcome(content: bytes, *, aborted: bool) -> Outcome:
    """The outcome of each message of an XML order feed.

    Args:
        content: An AmazonEnvelope with a ProcessingReport.
        aborted: As above.

    Raises:
        TransientError: ``amazon.odd_answer``: no such report, or it is not
            complete yet.
    """
    try:
        report = _report(content)
        issues = [_result(said) for said in report.iterfind("Result")]
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError) as error:
        raise TransientError(
            "amazon.odd_answer", operation="getFeedDocument"
        ) from error
    status = report.findtext("StatusCode")
    refused, warned, whole = _sorted(issues)
    failed = aborted or status == REJECTED or _nothing_done(report, whole)
    return Outcome(
        accepted=not failed, refused=refused, warned=warned, issues=whole
    )


def _report(content: bytes) -> etree._Element:
    """The report of an envelope, once Amazon is through with the feed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = etree.fromstring(content, parser).find(".//ProcessingReport")
    if found is None or found.findtext("StatusCode") not in ENDED:
        raise ValueError("no complete report")
    return found


def _result(said: Any) -> tuple[int | None, dict[str, Any]]:  # noqa: ANN401 - an element
    """A Result and whose it is; message 0 is the feed itself."""
    number = int(said.findtext("MessageID"))
    issue = {
        "code": said.findtext("ResultMessageCode", "-"),
        "severity": SEVERITY[said.findtext("ResultCode")],
        "message": said.findtext("ResultDescription", ""),
    }
    return number or None, issue


def _nothing_done(report: Any, whole: list[dict[str, Any]]) -> bool:  # noqa: ANN401
    """No message succeeded, and there is a reason for all."""
    done = report.findtext("ProcessingSummary/MessagesSuccessful")
    return done == "0" and any(one["severity"] == ERROR for one in whole)


def _issue(said: Mapping[str, Any]) -> tuple[int | None, dict[str, Any]]:
    names = said.get("attributeNames") or [said.get("attributeName")]
    issue = {
        "code": str(said.get("code", "-")),
        "severity": str(said["severity"]),
        "message": str(said["message"]),
        "attributeNames": [name for name in names if name],
    }
    number = said.get("messageId")
    return (None if number is None else int(number)), issue


def _sorted(
    issues: Iterable[tuple[int | None, dict[str, Any]]],
) -> tuple[
    dict[int, list[dict[str, Any]]],
    dict[int, list[dict[str, Any]]],
    list[dict[str, Any]],
]:
    """Refused messages, warned ones, and what was said of the whole."""
    said: dict[int, list[dict[str, Any]]] = defaultdict(list)
    whole = []
    for number, issue in issues:
        if number is None:
            whole.append(issue)
        else:
            said[number].append(issue)
    refused = {
        number: listed
        for number, listed in said.items()
        if any(issue["severity"] == ERROR for issue in listed)
    }
    warned = {n: listed for n, listed in said.items() if n not in refused}
    return refused, warned, whole


def _all_failed(
    summary: Mapping[str, Any], whole: Iterable[Mapping[str, Any]]
) -> bool:
    """A report without any accepted message, and a reason for all."""
    accepted = summary.get("messagesAccepted")
    return accepted == 0 and any(one["severity"] == ERROR for one in whole)

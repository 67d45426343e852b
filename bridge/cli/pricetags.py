"""Why an offer costs what it costs, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.flows.priced import BUSINESS
from bridge.flows.priced import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.cli.session import Session

#: Lines of the catalogues by what is explained.
WHAT = {"price": "why_price", "sale": "why_sale", "tier": "why_tier"}


def say(session: Session, reasons: Iterable[dict[str, Any]]) -> None:
    """A line for each amount: what Sage states, and what was added."""
    for one in reasons:
        session.say(_line(session, one))


def _line(session: Session, one: dict[str, Any]) -> str:
    reader = session.reader
    stated = reader.money(one["stated"], one["currency"])
    if one["per"] != "1":
        per = reader.number(one["per"])
        stated = session.line("why_per", amount=stated, per=per)
    what = session.line(WHAT[one["kind"]], pieces=one["from_quantity"])
    facts = {
        "what": f"B2B {what}" if one["audience"] == BUSINESS else what,
        "amount": reader.money(one["amount"], one["currency"]),
        "stated": stated,
        "list": one["list"],
    }
    if one["list"] == COMMON:
        return session.line("why_common", **facts)
    if one["gross"]:
        return session.line("why_gross", **facts)
    return session.line(
        "why_net", rate=reader.number(one["tax_rate"]), **facts
    )

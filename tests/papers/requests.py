"""Payment requests, as Sage might state them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import Any

from bridge.flows.requesting import demanded
from bridge.model.coding import decode
from bridge.model.papers import PaymentRequest
from bridge.model.papers import SalesDocument
from bridge.pdf.letters import drawn
from tests.papers.many import paper
from tests.papers.many import study

if TYPE_CHECKING:
    from bridge.flows.lettering import Written

TODAY = date(2026, 2, 2)


def asked(
    *,
    amazons: bool = False,
    known: bool = True,
    **more: Any,  # noqa: ANN401
) -> Written:
    """What becomes of a request to pay the paper of the examples."""
    said = {
        "kind": "invoice",
        "year": 2026,
        "number": "100001",
        "level": 1,
        "issued": "2026-01-15",
        "customer": "D10042",
        "name": "Küchenwelt Muster GmbH",
        "method": "Rechnung",
        "total": "35.88",
        "paid": "10.00",
        "open": "25.88",
        "currency": "EUR",
        "pay_by": "2026-02-13",
        "purpose": "RE 2026-100001 D10042",
        "link": "https://pay.example/za/100001",
        **more,
    }
    request = {name: x for name, x in said.items() if x is not None}
    about = decode(SalesDocument, paper()) if known else None
    return demanded(
        study(),
        decode(PaymentRequest, request),
        about,
        amazons=amazons,
        today=TODAY,
    )


def reminder() -> bytes:
    """The PDF of a reminder."""
    made = asked()
    assert made.letter is not None, made.faults
    return drawn(made.letter)

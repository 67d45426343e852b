"""What the square on a paper says to a bank's app: EPC069-12, version 2."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.papers.fault import Fault

if TYPE_CHECKING:
    from bridge.papers.bill import Account

LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")
LONGEST_NAME, LONGEST_PURPOSE = 70, 140
LONGEST = 331  # bytes (EPC069-12, 3)
EURO = "EUR"


def girocode(account: Account, amount: Decimal, purpose: str) -> str:
    """The text of the code.

    Args:
        account: Where the money goes.
        amount: Euro.
        purpose: What the payee reads; 140 characters as SEPA allows.
    """
    return "\n".join(
        (
            *("BCD", "002", "1", "SCT"),
            account.bic,
            account.holder[:LONGEST_NAME],
            account.iban,
            f"{EURO}{amount:.2f}",
            *("", ""),
            purpose[:LONGEST_PURPOSE],
        )
    )


def transfer_faults(
    amount: Decimal, currency: str, purpose: str
) -> list[Fault]:
    """Why a transfer cannot be made from a code; warnings."""
    faults = []
    if currency == EURO and not LEAST <= amount <= MOST:
        faults.append(Fault("papers.sepa_amount", "open", str(amount)))
    if len(purpose) > LONGEST_PURPOSE:
        faults.append(Fault("papers.sepa_purpose", "purpose", purpose))
    return faults

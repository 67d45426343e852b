"""Errands of one seller account: its name begins their keys.

So two accounts that sell in Germany have something due each, and the errand
speaks with the right one.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from bridge.ledger import dues
from bridge.ledger import orders
from bridge.model.marketplaces import is_order_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

    Errand = Callable[[Parts, str, int], None]


def key_of(parts: Parts, *about: str) -> str:
    """The key of something due for the account of these pieces."""
    return dues.key_of(parts.side.account, *about)


def about(key: str) -> str:
    """What a key is about, without its account."""
    return key.partition(dues.BETWEEN)[2]


def of_its_account(errand: Errand) -> Errand:
    """An errand that gets the pieces of the account its key names."""

    @wraps(errand)
    def done(parts: Parts, key: str, generation: int) -> None:
        account = key.partition(dues.BETWEEN)[0]
        errand(parts.of_account(account), key, generation)

    return done


def is_amazons(parts: Parts, tx: Transaction, number: str) -> bool:
    """Whether an order is Amazon's, by its number or by the ledger."""
    if not number or is_order_number(number):
        return bool(number)
    return orders.held_by(tx, parts.sides, number) is not None


def holding(parts: Parts, tx: Transaction, number: str) -> Parts:
    """The pieces of the account that has an order; if none, the first's.

    Sage does not tell the accounts apart: it names an order by its number,
    which Amazon gives only once.
    """
    row = orders.held_by(tx, parts.sides, number)
    return parts if row is None else parts.of_account(row.account)

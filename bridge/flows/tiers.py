"""The tiers Amazon takes: at most five, each cheaper than the one before."""

from __future__ import annotations

from decimal import ROUND_CEILING
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.priced import Amount
    from bridge.flows.priced import Priced

MOST = 5  # levels of a quantity_discount_plan (amazon.md M12)

Levels = list[tuple[int, "Amount"]]


def pieces(quantity: Decimal) -> int:
    """From how many whole pieces on a threshold of Sage is reached."""
    return int(quantity.to_integral_value(ROUND_CEILING))


def levels(tiers: Mapping[int, Amount], base: Amount, made: Priced) -> Levels:
    """The tiers that go to Amazon; every other is told.

    Args:
        tiers: By number of pieces, more than one.
        base: The price of one piece.
        made: Where findings go.
    """
    cheaper = _cheaper(tiers, base, made)
    kept = best([amount.gross for _, amount in cheaper])
    before = base
    for number, (quantity, amount) in enumerate(cheaper):
        if number in kept:
            before = amount
            continue
        made.note(
            "offers.tier_left_out",
            str(quantity),
            amount=str(amount.gross),
            instead=str(before.gross),
            list=amount.list,
        )
    return [cheaper[number] for number in kept]


def _cheaper(
    tiers: Mapping[int, Amount], base: Amount, made: Priced
) -> Levels:
    found: Levels = []
    last = base
    for quantity, amount in sorted(tiers.items()):
        if amount.gross < last.gross:
            found.append((quantity, amount))
            last = amount
        else:
            made.note(
                "offers.tier_not_cheaper",
                str(quantity),
                amount=str(amount.gross),
                before=str(last.gross),
                list=amount.list,
            )
    return found


def best(amounts: Sequence[Decimal]) -> tuple[int, ...]:
    """Which of some falling prices to keep, if not all can be.

    The first and the largest discount always stay. Of those between, the
    ones that leave buyers the least saving lost: the sum, over the tiers
    left out, of what a buyer at that tier pays more. Of two equal choices
    the one with the smaller quantities, which more buyers reach.

    Args:
        amounts: Prices of one piece, each lower than the one before.

    Returns:
        The places of those that are kept.
    """
    last = len(amounts) - 1
    if last < MOST:
        return tuple(range(last + 1))
    sums = [Decimal(0), *accumulate(amounts)]

    def lost(here: int, there: int) -> Decimal:
        """What is lost if nothing between two places is kept."""
        between = there - here - 1
        return between * amounts[here] - (sums[there] - sums[here + 1])

    ways: dict[int, tuple[Decimal, tuple[int, ...]]] = {0: (Decimal(0), (0,))}
    for number in range(1, MOST):
        ways = {
            there: min(
                (cost + lost(here, there), (*kept, there))
                for here, (cost, kept) in ways.items()
                if here < there
            )
            for there in range(number, last + 1)
        }
    return ways[last][1]

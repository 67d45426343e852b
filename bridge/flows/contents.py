"""What lies in a set, in the words and numbers of a marketplace."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.flows import joining
from bridge.flows.joining import Known
from bridge.messages.amounts import abroad

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from bridge.flows.axes import Speech
    from bridge.flows.stockroom import Stockroom

    Place = tuple[str, int]

#: Units that are not said: what is counted is counted in pieces.
PIECES = frozenset({"", "stk", "stk.", "st", "st.", "stck", "stck.", "stück"})


def contents(room: Stockroom, place: Place, speech: Speech) -> list[str]:
    """What lies in a set, part by part; none if one has no text there.

    Args:
        room: What is known of sets.
        place: The set.
        speech: How the marketplace speaks.
    """
    said = []
    for part in room.parts(place):
        known = room.known.get((str(part["component"]), 0), Known())
        text = joining.spoken(known, speech.tag, speech.own)
        title = text.get("title")
        if not title:
            return []
        said.append(f"{_amount(part, known, speech)}{title}")
    return said


def _amount(part: Mapping[str, Any], known: Known, speech: Speech) -> str:
    """How much of a part, ``0,5 kg`` or ``2 x``; one piece is not said."""
    many = Decimal(part.get("quantity") or 1)
    number = abroad(many, speech.tag)
    unit = str(part.get("unit") or known.article.get("unit") or "").strip()
    if unit.casefold() not in PIECES:
        return f"{number} {speech.word(unit) or unit} "
    return "" if many == 1 else f"{number} x "

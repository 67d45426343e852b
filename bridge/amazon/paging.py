"""From one page of an answer to the next, and never in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping


def following(answer: Mapping[str, Any], asked_with: str) -> str | None:
    """The token of the next page; nothing after the last.

    Args:
        answer: A page.
        asked_with: The token it was asked with; empty for the first.

    Raises:
        TransientError: ``amazon.same_page``: it leads to itself. Asked again
            later, from the start if need be.
    """
    pages = answer.get("pagination") or answer
    token = str(pages.get("nextToken") or "")
    if token and token == asked_with:
        raise TransientError("amazon.same_page")
    return token or None

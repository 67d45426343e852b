"""What a template may make: so much text, and so many steps of loops.

Whoever writes a template may err; a letter that never ends would keep every
other one waiting.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

MOST_STEPS = 10_000  # of all ranges of one template together
MOST_SIGNS = 500_000  # of one text
#: What a mistake in a template may raise.
FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
_left: ContextVar[int] = ContextVar("steps", default=MOST_STEPS)


@contextmanager
def limited() -> Iterator[None]:
    """Let a template make its steps; the next one has its own."""
    token = _left.set(MOST_STEPS)
    try:
        yield
    finally:
        _left.reset(token)


def steps(*args: int) -> range:
    """A range as templates know it.

    Raises:
        SecurityError: All ranges together are too long.
    """
    made = range(*args)
    left = _left.get()
    if made[left:]:
        raise SecurityError(f"loops of more than {MOST_STEPS} steps")
    _left.set(left - len(made))
    return made


def measured(pieces: Iterable[str]) -> str:
    """The text of its pieces.

    Raises:
        SecurityError: It is too long.
    """
    found, signs = [], 0
    for piece in pieces:
        signs += len(piece)
        if signs > MOST_SIGNS:
            raise SecurityError(f"a text of more than {MOST_SIGNS} signs")
        found.append(piece)
    return "".join(found)

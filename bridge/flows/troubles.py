"""What the errands at partners share: what went wrong, and the end."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ports import LOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

CONTACT = "contact:partner:"  # a fact: when a partner was last reached
MILD = "warning:partner:"
SEVERE = "warning:refused:partner:"  # these give exit code 5


@dataclass
class Troubles:
    """What went wrong with single files and folders of a partner.

    What his server refuses stands among the warnings until it goes well;
    what may pass by itself is raised at the end, for another attempt.

    Attributes:
        parts: The pieces.
        partner: His name.
    """

    parts: Parts
    partner: str
    passing: list[TransientError] = field(default_factory=list)

    @contextmanager
    def of(self, topic: str) -> Iterator[None]:
        """Note what goes wrong inside; a lost connection is raised."""
        try:
            yield
        except (RefusedError, TransientError) as error:
            if error.code in LOST:
                raise
            self.note(topic, error)
        else:
            self.note(topic, None)

    def note(self, topic: str, error: BridgeError | None) -> None:
        """Remember what went wrong with a thing, or that it went well."""
        if isinstance(error, TransientError):
            self.passing.append(error)
        else:
            warn(self.parts, self.partner, topic, error)


def warn(
    parts: Parts, partner: str, topic: str, error: BridgeError | None
) -> None:
    """Keep a warning about a thing at a partner's, or take it back."""
    told = error.told(parts.settings.bridge.language) if error else None
    for kind in (MILD, SEVERE):
        name = f"{kind}{partner}:{topic}"
        severe = isinstance(error, RefusedError)
        now = told if severe == (kind == SEVERE) else None
        with parts.ledger.read() as tx:
            before = facts.known(tx, name)
        if now == before:
            continue
        with parts.ledger.write() as tx:
            if now is None:
                facts.forget(tx, name)
            else:
                facts.know(tx, name, now)


def over(
    parts: Parts, errand: str, key: str, generation: int, troubles: Troubles
) -> None:
    """The last commit of an errand, or the reason for another attempt.

    Raises:
        TransientError: Something may go well the next time.
    """
    with parts.ledger.write() as tx:
        facts.know(tx, f"{CONTACT}{key}", parts.clock.now().isoformat())
        if not troubles.passing:
            dues.done(tx, errand, key, generation)
    if troubles.passing:
        raise troubles.passing[0]

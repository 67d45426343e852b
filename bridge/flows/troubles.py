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
from bridge.ledger import standing
from bridge.ports.partners import LOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

MILD = "warning:partner:"
SEVERE = f"{standing.SEVERE}partner:"


@dataclass
class Troubles:
    """What goes wrong with single files and folders, in one errand.

    What a server refuses stands among the warnings until an errand goes by
    without it; what may pass by itself is raised at the end, for another
    attempt.

    Attributes:
        parts: The pieces.
        errand: What is done.
        partner: At whose.
    """

    parts: Parts
    errand: str
    partner: str
    _passing: list[TransientError] = field(default_factory=list, init=False)
    _found: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def passing(self) -> bool:
        """Whether something may go well the next time."""
        return bool(self._passing)

    @contextmanager
    def of(self, topic: str) -> Iterator[None]:
        """Note what goes wrong inside; a lost connection is raised."""
        try:
            yield
        except (RefusedError, TransientError) as error:
            if error.code in LOST:
                raise
            self.note(topic, error)

    def note(self, topic: str, error: BridgeError) -> None:
        """Remember what went wrong with a thing."""
        if isinstance(error, TransientError):
            self._passing.append(error)
            return
        kind = SEVERE if isinstance(error, RefusedError) else MILD
        told = error.told(self.parts.settings.bridge.language)
        self._found[f"{kind}{self._place}{topic}"] = told

    def over(self, generation: int) -> None:
        """The last commit of the errand, or the reason for another attempt.

        Raises:
            TransientError: Something may go well the next time.
        """
        contact = f"{standing.CONTACT}{self.partner}"
        with self.parts.ledger.write() as tx:
            facts.know(tx, contact, self.parts.clock.now().isoformat())
            self._warn(tx)
            if not self._passing:
                dues.done(tx, self.errand, self.partner, generation)
        if self._passing:
            raise self._passing[0]

    def _warn(self, tx: Transaction) -> None:
        """Keep the warnings of this errand, take back those of the last."""
        for kind in (MILD, SEVERE):
            for name in facts.beginning(tx, f"{kind}{self._place}"):
                facts.forget(tx, name)
        for name, told in self._found.items():
            facts.know(tx, name, told)

    @property
    def _place(self) -> str:
        return f"{self.partner}:{self.errand}:"

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
from bridge.ledger import views
from bridge.ports import LOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.errors import BridgeError
    from bridge.flows.parts import Parts

MILD = "warning:partner:"
SEVERE = f"{views.SEVERE}partner:"


@dataclass
class Troubles:
    """What went wrong with single files and folders of a partner.

    What his server refuses stands among the warnings until it goes well;
    what may pass by itself is raised at the end, for another attempt.

    Attributes:
        parts: The pieces.
        partner: His name.
        passing: What may pass.
    """

    parts: Parts
    partner: str
    passing: list[TransientError] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """What stands among the warnings now."""
        with self.parts.ledger.read() as tx:
            self._told = {
                name: text
                for kind in (MILD, SEVERE)
                for name, text in facts.beginning(
                    tx, f"{kind}{self.partner}:"
                ).items()
            }

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
            return
        severe = isinstance(error, RefusedError)
        language = self.parts.settings.bridge.language
        text = None if error is None else error.told(language)
        self._keep(f"{SEVERE}{self.partner}:{topic}", text if severe else None)
        self._keep(f"{MILD}{self.partner}:{topic}", None if severe else text)

    def _keep(self, name: str, text: str | None) -> None:
        if self._told.get(name) == text:
            return
        with self.parts.ledger.write() as tx:
            if text is None:
                facts.forget(tx, name)
                del self._told[name]
            else:
                facts.know(tx, name, text)
                self._told[name] = text


def over(
    parts: Parts, errand: str, key: str, generation: int, troubles: Troubles
) -> None:
    """The last commit of an errand, or the reason for another attempt.

    Raises:
        TransientError: Something may go well the next time.
    """
    with parts.ledger.write() as tx:
        facts.know(tx, f"{views.CONTACT}{key}", parts.clock.now().isoformat())
        if not troubles.passing:
            dues.done(tx, errand, key, generation)
    if troubles.passing:
        raise troubles.passing[0]

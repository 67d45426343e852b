"""What was due for a section that is gone from bridge.toml is dropped.

Whoever takes an ``[[outbox]]`` or ``[[table]]`` out wants nothing written
there. It is said at the delivery or the order it came from, with the way to
have it written again.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows.accounts import holding
from bridge.flows.shop import as_json
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.flows.accounts import Errand
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction


def unless_gone(
    name: str, section: str, place: int
) -> Callable[[Errand], Errand]:
    """An errand that writes into a section, if that is still there.

    Args:
        name: Of the errand.
        section: ``outbox`` or ``table``.
        place: Where the section's name stands in the key; before it stands
            what the errand is about.
    """

    def decorated(errand: Errand) -> Errand:
        @wraps(errand)
        def done(parts: Parts, key: str, generation: int) -> None:
            about, box = key.split(dues.BETWEEN)[place - 1 : place + 1]
            known = getattr(parts.settings, section)
            if any(one.name == box for one in known):
                errand(parts, key, generation)
                return
            with parts.ledger.write() as tx:
                _say(parts, tx, about, f"[[{section}]] {box}")
                dues.done(tx, name, key, generation)
            parts.log.warning("job.dropped", job=name, key=key, outbox=box)

        return done

    return decorated


def _say(parts: Parts, tx: Transaction, about: str, box: str) -> None:
    """Keep it where the document came from; twice says it once."""
    if about.isdigit() and deliveries.get(tx, int(about)) is not None:
        facts = {"delivery": about}
        said = Finding(
            *("jobs.delivery_dropped", None, None, box, "warn", "operator"),
            facts=facts,
        )
        deliveries.note(tx, int(about), [said])
        return
    own = holding(parts, tx, about)
    facts = {"order": about}
    said = Finding(
        *("jobs.order_dropped", None, None, box, "warn", "operator"),
        facts=facts,
    )
    orders.note(tx, own.side, about, as_json(said))

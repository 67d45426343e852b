"""What stays behind of sections that were taken out of bridge.toml.

What only asked (calls at partners, readings of tables) is over. Files and
rows that wait are never given up without a word: jobs of an outbox or table
are parked and say so by themselves, files for a partner are told here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import Finding
from bridge.flows import troubles
from bridge.ledger import dispatches
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import standing

if TYPE_CHECKING:
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

GONE = "warning:gone:"  # facts: files for a partner nobody knows any more
ASKING = ("pull", "push")


def settle(parts: Parts) -> None:
    """End what is over, and warn of what is not; twice is harmless."""
    settings = parts.settings
    partners = {one.name for one in settings.partner}
    sources = {one.name for one in settings.source}
    with parts.ledger.write() as tx:
        for due in dues.open_dues(tx):
            unasked = due.errand == "source" and due.key not in sources
            unknown = due.errand in ASKING and due.key not in partners
            if unasked or unknown:
                dues.done(tx, due.errand, due.key, due.generation)
        for kind in (standing.CONTACT, troubles.MILD, troubles.SEVERE, GONE):
            _forget(tx, kind, partners if kind != GONE else set())
        for name, number in dispatches.waiting(tx).items():
            if name not in partners:
                said = {"number": str(number), "name": name}
                told = Finding("config.partner_gone", facts=said)
                language = settings.bridge.language
                text = f"{told.message(language)}\n  {told.hint(language)}"
                facts.know(tx, f"{GONE}{name}", text)


def _forget(tx: Transaction, kind: str, known: set[str]) -> None:
    """Drop facts about partners that are not known."""
    for fact in facts.beginning(tx, kind):
        if fact.removeprefix(kind).partition(":")[0] not in known:
            facts.forget(tx, fact)

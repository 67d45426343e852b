"""``bridge transfer run NAME --dry-run``: what would go, old and new."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.cli.session import sides_of
from bridge.ledger import transferring
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.cli.session import Session
    from bridge.config.settings import Settings

WHOSE = ("sku", "marketplace", "facet", "state")
NAMES = (*WHOSE, "attribute", "old", "new")


def run(session: Session, name: str) -> None:
    """Show what a module would send now: of each SKU what changes."""
    settings, ledger = session.ledger()
    with ledger.read() as tx:
        plan = [
            row
            for side in sides_of(settings)
            for row in transferring.transfer_plan(
                tx, side, name, abroad(settings)
            )
        ]
    if session.as_json:
        session.data(plan)
        return
    orders = any("order" in row for row in plan)
    session.table(
        WHOSE if orders else NAMES,
        [cells for row in plan for cells in _lines(session, row)],
    )


def abroad(settings: Settings) -> list[str]:
    """The marketplaces of another language than the articles' own."""
    own = settings.bridge.article_language
    return sorted(
        code
        for code, place in MARKETPLACES.items()
        if not place.language.startswith(own)
    )


def _lines(session: Session, row: dict[str, Any]) -> Iterator[list[Any]]:
    """A line for each attribute that would change."""
    whose = [
        row["sku"] or row.get("order"),
        row["marketplace"],
        session.term("heading", row["facet"]),
        session.state(row["state"]),
    ]
    old, new = row.get("old") or {}, row.get("new") or {}
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if not changed:
        yield whose if "order" in row else [*whose, "", "", ""]
    for key in changed:
        yield [
            *(*whose, key),
            *(_value(session, key, side.get(key)) for side in (old, new)),
        ]


def _value(session: Session, key: str, value: Any) -> str:  # noqa: ANN401
    return "-" if value is None else session.reader.attribute(key, value)

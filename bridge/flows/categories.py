"""Amazon's browse nodes, for whoever keeps which article group is which.

The tree is Amazon's: nothing of it can be made or changed. What belongs to
an article group stands in the table ``warengruppen.csv``, by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.flows.sheets import save
from bridge.flows.sheets import sheet_path
from bridge.messages import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.reports import Report

COLUMNS = ("browse_node", "name", "path", "last_node", "product_types")


def list_nodes(parts: Parts, report: Report, path: Path, encoding: str) -> int:
    """Write every node of a browse tree down; twice makes two lists."""
    del encoding  # xml says it by itself
    language = parts.settings.bridge.language
    words = {
        is_leaf: catalogue.term("state", "yes" if is_leaf else "no", language)
        for is_leaf in (True, False)
    }
    rows = (
        (node.id, node.name, node.path, words[node.leaf], node.product_types)
        for node in parts.readings.nodes(path)
    )
    target = sheet_path(parts, "categories", report.marketplace)
    return save(target, COLUMNS, rows, language)

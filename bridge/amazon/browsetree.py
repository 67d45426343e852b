"""The browse tree report, node by node: it is far larger than memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from bridge.errors import TransientError
from bridge.ports.reports import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def nodes(path: Path) -> Iterator[Node]:
    """Every node of a browse tree report.

    Raises:
        TransientError: ``amazon.odd_answer``: it is cut, or no such report.
    """
    events = etree.iterparse(
        str(path),
        events=("end",),
        tag="Node",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        for _, element in events:
            yield _node(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise TransientError(
            "amazon.odd_answer", operation="getReportDocument"
        ) from error


def _node(element: etree._Element) -> Node:
    def said(name: str) -> str:
        return (element.findtext(name) or "").strip()

    # the way by name has no other separator than the comma names may hold
    return Node(
        said("browseNodeId"),
        said("browseNodeStoreContextName") or said("browseNodeName"),
        said("browsePathByName"),
        said("hasChildren").casefold() != "true",
        said("productTypeDefinitions"),
    )

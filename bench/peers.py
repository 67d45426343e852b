"""Other tools on the same stock file, with the same JSON encoder.

``python bench/peers.py petl FILE.csv``: two columns, nothing checked.
``python bench/peers.py saxonche FILE.xml``: an XSLT that yields JSON lines
(Saxon keeps the whole document in memory); seven columns, three typed.
``floor-csv`` and ``floor-xml`` are what they are held against: the same by
``csv`` or ``lxml.etree.iterparse`` and orjson, by hand, nothing checked.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import orjson
from measure import measured

if TYPE_CHECKING:
    from collections.abc import Callable

STYLE = """
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xsl:output method="text"/>
  <xsl:template match="/Bestaende">
    <xsl:for-each select="Bestand">
      <xsl:text>{"article":"</xsl:text>
      <xsl:value-of select="Artikelnummer"/>
      <xsl:text>","variant":</xsl:text>
      <xsl:value-of select="xs:integer(AuspraegungID)"/>
      <xsl:text>,"warehouse":"</xsl:text>
      <xsl:value-of select="Lagerkennung"/>
      <xsl:text>","quantity":"</xsl:text>
      <xsl:value-of select="xs:decimal(Bestand)"/>
      <xsl:text>","available":"</xsl:text>
      <xsl:value-of select="xs:decimal(Verfuegbar)"/>
      <xsl:text>","unit":"</xsl:text>
      <xsl:value-of select="Lagermengeneinheit"/>
      <xsl:text>","as_of":"</xsl:text>
      <xsl:value-of select="Stand"/>
      <xsl:text>"}&#10;</xsl:text>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
"""


def petl(path: str) -> dict[str, int]:
    import petl as etl  # noqa: PLC0415 - each peer in its own process

    table = etl.fromcsv(path, encoding="cp1252", delimiter=";")
    table = etl.cut(table, "Artikelnummer", "Verfuegbar")
    table = etl.rename(
        table, {"Artikelnummer": "article", "Verfuegbar": "available"}
    )
    made = size = 0
    for row in etl.dicts(table):
        made += 1
        size += len(orjson.dumps(row))
    return {"made": made, "bytes": size}


def floor_csv(path: str) -> dict[str, int]:
    import csv  # noqa: PLC0415

    made = size = 0
    with open(path, encoding="cp1252", newline="") as file:  # noqa: PTH123
        rows = csv.reader(file, delimiter=";")
        head = next(rows)
        number, free = head.index("Artikelnummer"), head.index("Verfuegbar")
        for row in rows:
            made += 1
            found = {"article": row[number], "available": row[free]}
            size += len(orjson.dumps(found))
    return {"made": made, "bytes": size}


def saxonche(path: str) -> dict[str, int]:
    from saxonche import PySaxonProcessor  # noqa: PLC0415

    with PySaxonProcessor(license=False) as saxon:
        style = saxon.new_xslt30_processor().compile_stylesheet(
            stylesheet_text=STYLE
        )
        text = style.transform_to_string(source_file=path)
    made = size = 0
    for line in text.splitlines():
        made += 1
        size += len(line.encode())
    return {"made": made, "bytes": size}


def floor_xml(path: str) -> dict[str, int]:
    from lxml import etree  # noqa: PLC0415

    made = size = 0
    for _, element in etree.iterparse(path, tag="Bestand"):
        if not len(element):
            continue
        values = {child.tag: child.text for child in element}
        element.clear(keep_tail=True)
        parent = element.getparent()
        while (before := element.getprevious()) is not None:
            parent.remove(before)
        made += 1
        size += len(orjson.dumps(values))
    return {"made": made, "bytes": size}


PEERS: dict[str, Callable[[str], dict[str, int]]] = {
    "petl": petl,
    "saxonche": saxonche,
    "floor-csv": floor_csv,
    "floor-xml": floor_xml,
}

if __name__ == "__main__":
    measured(lambda: dict(PEERS[sys.argv[1]](sys.argv[2])))

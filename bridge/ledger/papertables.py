"""The table of the papers that were, or are to be, printed."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Instant
from bridge.ledger.tables import metadata

#: One paper of Sage as it is printed; the key is that of its document.
paper = Table(
    "paper",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("document", String(20), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("customer", String(40)),
    Column("order_id", String(60)),
    Column("issued", String(10)),
    Column("total", String(48)),
    Column("currency", String(3)),
    Column("delivery_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("wanted", Text),
    Column("state", String(10), nullable=False),
    Column("lacks", String(12)),
    Column("form", String(10)),
    Column("file", Text),
    Column("sha256", String(64)),
    Column("xml", Text),
    Column("xml_sha256", String(64)),
    Column("issues", JSON),
    Column("drawn_at", Instant),
    Index("paper_state", "mandant", "state"),
    Index("paper_name", "mandant", "name"),
    Index("paper_customer", "mandant", "customer"),
)

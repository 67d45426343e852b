"""The tables of what is fetched from partners and brought to them."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Instant
from bridge.ledger.tables import Counter
from bridge.ledger.tables import metadata

#: One file that lies at a partner's; its name in the bytes of his server.
remote_file = Table(
    "remote_file",
    metadata,
    Column("partner", String(40), primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime", BigInteger, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("delivery_id", BigInteger),
)

#: One file on its way to a partner: out of a folder, or our answer to one
#: of his deliveries, whose bytes are kept here until he has them.
dispatch = Table(
    "dispatch",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("partner", String(40), nullable=False),
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("draft", Text, nullable=False),
    Column("source", Text),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("delivery_id", BigInteger),
    Column("body", LargeBinary),
    Column("state", String(8), nullable=False),
    Column("error", JSON),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant),
    Index("dispatch_state", "partner", "state"),
)

"""The tables of reports, and of what Amazon shows of the merchant."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Amount
from bridge.ledger.columns import Instant
from bridge.ledger.tables import Counter
from bridge.ledger.tables import metadata

#: One report Amazon was asked for.
report = Table(
    "report",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("account", String(40), nullable=False),
    Column("type", Text, nullable=False),
    Column("marketplace", String(4), nullable=False),
    Column("state", String(10), nullable=False),
    Column("then", JSON, nullable=False),  # errands that wait for it
    Column("daily", Boolean, nullable=False, default=False),  # nobody asked
    Column("created_at", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("receipt", Text),
    Column("document", Text),
    Column("made_at", Instant),
    Column("done_at", Instant),
    Column("rows", Integer),
    Index("report_type", "mode", "account", "type"),
)

#: One SKU as Amazon shows it: what the last report says, and what is known
#: of it in full.
snapshot = Table(
    "snapshot",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("marketplace", String(4), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("report_id", BigInteger, nullable=False),
    Column("asin", Text),
    Column("price", Amount),
    Column("quantity", BigInteger),
    Column("status", Text),
    Column("channel", String(4)),
    Column("body", LargeBinary),
    sqlite_with_rowid=False,
)

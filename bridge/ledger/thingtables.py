"""The table of what Amazon's catalogue has of the merchant's numbers."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import String
from sqlalchemy import Table

from bridge.ledger.columns import Instant
from bridge.ledger.tables import metadata

#: What the catalogue of a marketplace has of one GTIN, when it was asked.
thing = Table(
    "thing",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("marketplace", String(4), primary_key=True),
    Column("gtin", String(14), primary_key=True),
    Column("found", JSON, nullable=False),  # each its asin and brand
    Column("asked_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

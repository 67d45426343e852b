"""The table of A+ pages that compare a product with its references."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Instant
from bridge.ledger.tables import metadata

#: One page of one SKU in one marketplace: what it should be, how far it is.
page = Table(
    "page",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("marketplace", String(4), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("asin", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("hash", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("others", JSON, nullable=False),  # the SKUs beside it
    Column("key", Text),  # Amazon's name of it
    Column("other", Text),  # the page of others that is in the way
    Column("confirmed", Text),  # such a page a person let go
    Column("asked_at", Instant),
    Column("issues", JSON),
    sqlite_with_rowid=False,
)

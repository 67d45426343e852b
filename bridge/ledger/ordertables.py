"""The tables of what Amazon is told of orders and of Sage's papers."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint

from bridge.ledger.tables import metadata

#: One parcel of an order: what Sage said of it, what Amazon was told.
parcel = Table(
    "parcel",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("order_id", String(40), primary_key=True),
    Column("tracking", Text, primary_key=True),
    Column("reference", Integer, nullable=False),
    Column("marketplace", String(4), nullable=False),
    Column("said", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("body", JSON),
    Column("sent", JSON),
    Column("accepted", JSON),
    Column("issues", JSON),
    Column("submission_id", BigInteger),
    UniqueConstraint("mode", "account", "order_id", "reference"),
    Index("parcel_state", "mode", "account", "state"),
    Index("parcel_submission", "submission_id"),
)

#: Pieces of an article an order takes, until a count of Sage's holds it.
reservation = Table(
    "reservation",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("mode", String(10), primary_key=True),
    Column("article", Text, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("order_id", String(40), primary_key=True),
    Column("pieces", Integer, nullable=False),
    Index("reservation_order", "mode", "account", "order_id"),
    sqlite_with_rowid=False,
)

#: What an order takes of SKUs that nobody knows yet.
unplaced = Table(
    "unplaced",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("order_id", String(40), primary_key=True),
    Column("sku", Text, primary_key=True),
    sqlite_with_rowid=False,
)

#: What Amazon is told of an order or a paper of Sage, once.
telling = Table(
    "telling",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("order_id", String(40), nullable=False),
    Column("marketplace", String(4), nullable=False),
    Column("delivery_id", BigInteger),
    Column("line", Integer),
    Column("state", String(10), nullable=False),
    Column("lacks", String(12)),
    Column("body", JSON, nullable=False),
    Column("file", Text),
    Column("enclosure", BigInteger),
    Column("issues", JSON),
    Column("submission_id", BigInteger),
    Index("telling_state", "mode", "account", "kind", "state"),
    Index("telling_order", "order_id"),
    Index("telling_submission", "submission_id"),
)

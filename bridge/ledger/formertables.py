"""The tables of what offers once were, and of what is to be so again."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Instant
from bridge.ledger.tables import metadata

#: What Amazon had of a facet, from when until when, and which delivery
#: put something else in its place.
former = Table(
    "former",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("marketplace", String(4), primary_key=True),
    Column("facet", String(12), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("until", Instant, primary_key=True),
    Column("since", Instant),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary(16), nullable=False),
    Column("displaced_by", BigInteger),
    Index("former_until", "until"),
    sqlite_with_rowid=False,
)

#: What a facet is to be again, once a person confirms the submission.
revival = Table(
    "revival",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("marketplace", String(4), primary_key=True),
    Column("facet", String(12), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary(16), nullable=False),
    Column("instead", LargeBinary(16), nullable=False),
    Column("outcome", String(10)),
    sqlite_with_rowid=False,
)

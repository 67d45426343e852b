"""The tables of who somebody is, and of what was removed of them."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.columns import Instant
from bridge.ledger.tables import Counter
from bridge.ledger.tables import metadata

#: Personal data: an opaque blob, the id of its key, and nothing else.
person = Table(
    "person",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("order_id", String(40), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("blob", LargeBinary, nullable=False),
)

#: Who a customer is known by: a keyed digest, and nothing of the person.
identity = Table(
    "identity",
    metadata,
    Column("mode", String(10), primary_key=True),
    Column("mandant", Integer, primary_key=True),
    Column("print", String(64), primary_key=True),
    Column("account", Text),
    Column("matchcode", Text),
    Column("order_id", String(40)),
    Column("seen_at", Instant, nullable=False),
    Index("identity_order", "order_id"),
    sqlite_with_rowid=False,
)

#: Proof of what was removed by rule; it names nobody.
purge = Table(
    "purge",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("what", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Index("purge_subject", "subject"),
)

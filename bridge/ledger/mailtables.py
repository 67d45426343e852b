"""The tables of the mails that customers get."""

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

from bridge.ledger.columns import Instant
from bridge.ledger.tables import metadata

#: One mail. Who gets it is looked up when it is sent, and not kept here.
mail = Table(
    "mail",
    metadata,
    Column(
        "id",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
    ),
    Column("mode", String(10), nullable=False),
    Column("mandant", Integer, nullable=False),
    Column("event", String(20), nullable=False),
    Column("document", String(20), nullable=False),
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("order_id", String(60)),
    Column("delivery_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("message_id", Text),
    Column("issue", JSON),
    Column("made_at", Instant, nullable=False),
    Column("sending_at", Instant),
    Column("begun_at", Instant),
    Column("done_at", Instant),
    UniqueConstraint("mode", "mandant", "event", "document", "key", "number"),
    Index("mail_state", "mode", "mandant", "state", "not_before"),
    Index("mail_name", "mode", "mandant", "name"),
    Index("mail_done", "mode", "done_at"),
)

#: Which papers speak of an order: one of them knows its customer's address.
order_paper = Table(
    "order_paper",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("order_id", String(60), primary_key=True),
    Column("key", Text, primary_key=True),
)

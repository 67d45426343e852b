"""The tables. Every key on Amazon's side carries mode and account."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text

from bridge.ledger.columns import Amount
from bridge.ledger.columns import Instant

metadata = MetaData()
#: A whole number that SQLite may count up by itself.
Counter = BigInteger().with_variant(Integer(), "sqlite")


def _side() -> tuple[Column[str], Column[str]]:
    """What keeps rehearsal from live, and one seller from another."""
    return (
        Column("mode", String(10), primary_key=True),
        Column("account", String(40), primary_key=True),
    )


def _where(name: str, *columns: str, where: str) -> Index:
    """An index of some rows only. A query must say the very same of them."""
    some = text(where)
    return Index(name, *columns, sqlite_where=some, postgresql_where=some)


#: One file that arrived.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("inbox", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("marker", Text),
    Column("mapping", Text),
    Column("format", String(8)),
    Column("state", String(12), nullable=False),
    Column("step", String(12), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("modified_at", Instant, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("same_content_as", BigInteger),
    Column("part_of", BigInteger),
    Column("as_of", Instant),
    Column("complete", Boolean, nullable=False, default=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("records", Integer, nullable=False, default=0),
    Column("accepted", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("filtered", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("older", Integer, nullable=False, default=0),
    Column("keyless", Integer, nullable=False, default=0),
    Column("scope", JSON),
    Column("hold", JSON),
    Index("delivery_state", "state"),
    Index("delivery_sha256", "sha256"),
)

#: One fact about a delivery.
finding = Table(
    "finding",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id"), nullable=False),
    Column("line", Integer),
    Column("field", Text),
    Column("value", Text),
    Column("code", Text, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("turn", String(12), nullable=False),
    Column("facts", JSON, nullable=False),
    Index("finding_delivery", "delivery_id", "line"),
)

#: What a delivery says, before it is accepted; what changes nothing is not
#: here. A row without a body is known unchanged, refused, withdrawn or absent.
staged = Table(
    "staged",
    metadata,
    Column("delivery_id", BigInteger, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("article", Text, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("raw", LargeBinary(16)),
    Column("hash", LargeBinary(16)),
    Column("body", LargeBinary),
    Column("as_of", BigInteger, nullable=False),
    Column("fate", String(10), nullable=False),
    sqlite_with_rowid=False,
)

#: One typed business fact, as one mapping states it.
document = Table(
    "document",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("article", Text, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("mapping", Text, primary_key=True),
    Column("raw", LargeBinary(16)),
    Column("hash", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("delivery_id", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("gone", Boolean, nullable=False, default=False),
    sqlite_with_rowid=False,
)

#: Which articles the key of another's document names. A link is followed
#: as long as the document is there.
link = Table(
    "link",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("to_article", Text, primary_key=True),
    Column("to_variant", Integer, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("key", Text, primary_key=True),
    sqlite_with_rowid=False,
)

#: Articles whose listing must be composed again.
touched = Table(
    "touched",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("facets", Integer, nullable=False),
    Column("delivery_id", BigInteger),
    sqlite_with_rowid=False,
)

_OPEN = ("mode", "account", "marketplace", "state", "facet", "sku")
#: One SKU in one marketplace.
listing = Table(
    "listing",
    metadata,
    *_side(),
    Column("marketplace", String(4), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("mandant", Integer, nullable=False),
    Column("article", Text, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("presence", String(8), nullable=False),
    Column("product_type", Text),
    Column("parent", Text),  # the SKU of its family; its own: it is that
    Column("whole", Boolean, nullable=False, default=False),
    Column("ready", Boolean, nullable=False, default=False),
    Column("sellable", Boolean, nullable=False, default=False),
    Column("unit", String(20)),
    Column("unit_factor", Amount),
    Column("available", Integer),
    Column("promise", String(32)),  # lead time, and when more arrives
    Column("recompose_at", Instant),  # price changes by itself ...
    Column("restock_at", Instant),  # ... and what is promised of stock
    Column("findings", JSON),
    Column("issues", JSON),  # Amazon's, read back later
    Index("listing_article", "mandant", "article", "variant"),
    Index("listing_sku", "mode", "account", "sku"),
    *(
        _where(
            f"listing_{state}",
            *(*_OPEN[:3], "presence", "sku"),
            where=f"presence = '{state}'",
        )
        for state in ("absent", "unknown")
    ),
    *(
        _where(
            *(f"listing_{what}", "mode", "account", f"{what}_at"),
            where=f"{what}_at IS NOT NULL",
        )
        for what in ("recompose", "restock")
    ),
    sqlite_with_rowid=False,
)

#: One facet of a listing: what should be, what was sent, what is. By facet
#: and then by SKU: a thousand stocks lie together, far from long texts. Only
#: what is open has an index by its state: it is moved about all day, and few
#: facets are. ``facet_counted`` is there to be counted, narrow as it is.
facet = Table(
    "facet",
    metadata,
    *_side(),
    Column("marketplace", String(4), primary_key=True),
    Column("facet", String(12), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("desired_hash", LargeBinary(16)),
    Column("desired", LargeBinary),
    Column("sent_hash", LargeBinary(16)),
    Column("sent", LargeBinary),
    Column("accepted_hash", LargeBinary(16)),
    Column("accepted", LargeBinary),
    Column("accepted_at", Instant),
    Column("refused_hash", LargeBinary(16)),
    Column("undone_hash", LargeBinary(16)),  # wished for, and taken back
    Column("issues", JSON),  # Amazon's, of what was sent
    Column("checked", JSON),  # our own check's, of what is desired
    Column("submission_id", BigInteger),
    Column("delivery_id", BigInteger),
    Index("facet_counted", "mode", "account", "marketplace"),
    _where("facet_waiting", *_OPEN, where="state = 'waiting'"),
    _where("facet_refused", *_OPEN, where="state = 'refused'"),
    _where(
        "facet_submission", "submission_id", where="submission_id IS NOT NULL"
    ),
    sqlite_with_rowid=False,
)

#: One call or feed.
submission = Table(
    "submission",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("account", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(6), nullable=False),
    Column("operation", Text, nullable=False),
    Column("marketplace", String(4), nullable=False),
    Column("lane", String(8), nullable=False, default=""),
    Column("subject", Text),
    Column("state", String(10), nullable=False),
    Column("messages", Integer, nullable=False),
    Column("accepted", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("done_at", Instant),
    Column("document", Text),
    Column("asked_at", Instant),
    Column("receipt", Text),
    Column("issues", JSON),
    UniqueConstraint("mode", "account", "number"),
    Index("submission_state", "mode", "account", "state"),
)

#: One message of a submission: a SKU and what of it was sent.
message = Table(
    "message",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sku", Text, nullable=False),
    Column("operation", String(16), nullable=False),
    Column("outcome", String(10)),
    Column("issues", JSON),
    Index("message_sku", "sku"),
    sqlite_with_rowid=False,
)

#: One order; whoever is behind it is in ``person``.
order = Table(
    "order_",
    metadata,
    *_side(),
    Column("id", String(40), primary_key=True),
    Column("mandant", Integer, nullable=False),
    Column("marketplace", String(4), nullable=False),
    Column("status", String(24), nullable=False),
    Column("purchased_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("currency", String(3)),
    Column("total", Amount),
    Column("hash", LargeBinary(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False, default=0),
    Column("again", Integer, nullable=False, default=0),
    Column("findings", JSON),
    Column("reply", JSON),
    Column("source", String(8), nullable=False, default="search"),
    Column("acknowledged_at", Instant),
    Column("shipped_at", Instant),
)

#: One document written into one outbox.
publication = Table(
    "publication",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("account", String(40), nullable=False),
    Column("mandant", Integer, nullable=False),
    Column("document", String(24), nullable=False),
    Column("key", Text, nullable=False),
    Column("outbox", Text, nullable=False),
    Column("mapping", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("now", Instant, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64)),
    Column("state", String(10), nullable=False),
    Column("findings", JSON),
    Column("change", Boolean, nullable=False, default=False),
    UniqueConstraint(
        *("mode", "account", "mandant", "document", "key"),
        *("outbox", "mapping", "version"),
    ),
    Index("publication_key", "document", "key"),
    Index("publication_name", "outbox", "name"),
    _where(
        "publication_open",
        *("outbox", "mapping"),
        where="state NOT IN ('done', 'refused')",
    ),
)

#: How far a question to Amazon has come.
cursor = Table(
    "cursor",
    metadata,
    *_side(),
    Column("name", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
)

#: What a person asked for beside a running service.
request = Table(
    "request",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("argument", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("outcome", Text),
)

#: What is due: one row an errand and key; done rows are removed.
due = Table(
    "due",
    metadata,
    Column("errand", String(20), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("lane", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("rank", Text, nullable=False, default=""),
    Column("not_before", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("error", JSON),
    Index("due_lane", "lane", "errand", "rank", "key"),
)

#: Generations outlive their due row, so that no id is ever used twice.
generation = Table(
    "generation",
    metadata,
    Column("errand", String(20), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

#: How much of each plan of Amazon is left, for all workers together.
bucket = Table(
    "bucket",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("filled_at", Instant, nullable=False),
    Column("rate", Float),
    Column("wait_seconds", Float, nullable=False),
    Column("shut_until", Instant, nullable=False),
)

#: Single facts: last contact with Amazon, running number of bodies …
fact = Table(
    "fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

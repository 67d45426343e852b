"""The first shape of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bridge.ledger import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _due()
    _persons()
    _reports()
    op.create_table(
        "delivery",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("format", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("received_at", columns.Instant(), nullable=False),
        sa.Column("modified_at", columns.Instant(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("same_content_as", sa.BigInteger(), nullable=True),
        sa.Column("part_of", sa.BigInteger(), nullable=True),
        sa.Column("as_of", columns.Instant(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("filtered", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.Column("keyless", sa.Integer(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=True),
        sa.Column("hold", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("delivery_sha256", "delivery", ["sha256"], unique=False)
    op.create_index("delivery_state", "delivery", ["state"], unique=False)
    op.create_table(
        "document",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(length=16), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "mandant", "kind", "article", "variant", "key", "mapping"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "facet",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("desired_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("desired", sa.LargeBinary(), nullable=True),
        sa.Column("sent_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("sent", sa.LargeBinary(), nullable=True),
        sa.Column("accepted_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("accepted", sa.LargeBinary(), nullable=True),
        sa.Column("accepted_at", columns.Instant(), nullable=True),
        sa.Column("refused_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("undone_hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.Column("checked", sa.JSON(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "mode", "account", "marketplace", "facet", "sku"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "generation",
        sa.Column("errand", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("errand", "key"),
    )
    op.create_table(
        "listing",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=8), nullable=False),
        sa.Column("product_type", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("sellable", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("unit_factor", columns.Amount(length=48), nullable=True),
        sa.Column("available", sa.Integer(), nullable=True),
        sa.Column("promise", sa.String(length=32), nullable=True),
        sa.Column("recompose_at", columns.Instant(), nullable=True),
        sa.Column("restock_at", columns.Instant(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "marketplace", "sku"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("purchased_at", columns.Instant(), nullable=False),
        sa.Column("updated_at", columns.Instant(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("total", columns.Amount(length=48), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("reply", sa.JSON(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("acknowledged_at", columns.Instant(), nullable=True),
        sa.Column("shipped_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "id"),
    )
    op.create_table(
        "publication",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=24), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outbox", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("now", columns.Instant(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("change", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "mode",
            "account",
            "mandant",
            "document",
            "key",
            "outbox",
            "mapping",
            "version",
        ),
    )
    op.create_index(
        "publication_key", "publication", ["document", "key"], unique=False
    )
    op.create_table(
        "request",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("made_at", columns.Instant(), nullable=False),
        sa.Column("done_at", columns.Instant(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "staged",
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(length=16), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submission",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("lane", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("sent_at", columns.Instant(), nullable=True),
        sa.Column("done_at", columns.Instant(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("asked_at", columns.Instant(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mode", "account", "number"),
    )
    op.create_index(
        "submission_state",
        "submission",
        ["mode", "account", "state"],
        unique=False,
    )
    op.create_table(
        "touched",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("facets", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mandant", "article", "variant"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "delivery_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("turn", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "finding_delivery", "finding", ["delivery_id", "line"], unique=False
    )
    op.create_table(
        "message",
        sa.Column(
            "submission_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("operation", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
        ),
        sa.PrimaryKeyConstraint("submission_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("message_sku", "message", ["sku"], unique=False)
    _make_partner_tables()
    _make_links()
    _make_reservations()
    _offer_indexes()


def _offer_indexes() -> None:
    """Where facets and listings are found by what is open about them."""
    op.create_index(
        "facet_counted",
        "facet",
        ["mode", "account", "marketplace"],
        unique=False,
    )
    place = ["mode", "account", "marketplace", "state", "facet", "sku"]
    _some("facet_waiting", "facet", place, "state = 'waiting'")
    _some("facet_refused", "facet", place, "state = 'refused'")
    _some(
        "facet_submission",
        "facet",
        ["submission_id"],
        "submission_id IS NOT NULL",
    )
    op.create_index(
        "listing_article",
        "listing",
        ["mandant", "article", "variant"],
        unique=False,
    )
    place = ["mode", "account", "marketplace", "presence", "sku"]
    _some("listing_absent", "listing", place, "presence = 'absent'")
    _some("listing_unknown", "listing", place, "presence = 'unknown'")
    _some(
        "listing_recompose",
        "listing",
        ["mode", "account", "recompose_at"],
        "recompose_at IS NOT NULL",
    )
    _some(
        "listing_restock",
        "listing",
        ["mode", "account", "restock_at"],
        "restock_at IS NOT NULL",
    )
    op.create_index(
        "listing_sku", "listing", ["mode", "account", "sku"], unique=False
    )


def _make_links() -> None:
    """Which articles the key of another's document names."""
    op.create_table(
        "link",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("to_article", sa.Text(), nullable=False),
        sa.Column("to_variant", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("mandant", "kind", "to_article", "to_variant"),
            *("article", "variant", "key"),
        ),
        sqlite_with_rowid=False,
    )


def _make_reservations() -> None:
    """Pieces of an article an order takes."""
    op.create_table(
        "reservation",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("mandant", "mode", "article", "variant", "account"),
            "order_id",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "reservation_order", "reservation", ["mode", "account", "order_id"]
    )
    op.create_table(
        "unplaced",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "account", "order_id", "sku"),
        sqlite_with_rowid=False,
    )


def _publication_indexes() -> None:
    """By the name of a file; and what was begun for an outbox."""
    op.create_index("publication_name", "publication", ["outbox", "name"])
    _some(
        "publication_open",
        "publication",
        ["outbox", "mapping"],
        "state NOT IN ('done', 'refused')",
    )


def _some(name: str, table: str, names: list[str], where: str) -> None:
    """An index of some rows."""
    some = sa.text(where)
    op.create_index(
        name, table, names, sqlite_where=some, postgresql_where=some
    )


def _make_former_tables() -> None:
    """What offers once were, and what is to be so again."""
    op.create_table(
        "former",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=False),
        sa.Column("since", columns.Instant(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("displaced_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            "mode", "account", "marketplace", "facet", "sku", "until"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("former_until", "former", ["until"], unique=False)
    op.create_table(
        "revival",
        sa.Column(
            "submission_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("instead", sa.LargeBinary(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"]),
        sa.PrimaryKeyConstraint(
            "submission_id", "marketplace", "facet", "sku"
        ),
        sqlite_with_rowid=False,
    )


def _make_order_tables() -> None:
    op.create_table(
        "parcel",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("tracking", sa.Text(), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("sent", sa.JSON(), nullable=True),
        sa.Column("accepted", sa.JSON(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "order_id", "tracking"),
        sa.UniqueConstraint("mode", "account", "order_id", "reference"),
    )
    state = ["mode", "account", "state"]
    op.create_index("parcel_state", "parcel", state)
    op.create_index("parcel_submission", "parcel", ["submission_id"])
    _tellings()


def _tellings() -> None:
    """What Amazon is told of an order or a paper of Sage."""
    op.create_table(
        "telling",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lacks", sa.String(length=12), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("enclosure", sa.BigInteger(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "kind", "key"),
    )
    state = ["mode", "account", "kind", "state"]
    op.create_index("telling_state", "telling", state)
    op.create_index("telling_order", "telling", ["order_id"])
    op.create_index("telling_submission", "telling", ["submission_id"])


def _make_media_table() -> None:
    """The files that articles name."""
    op.create_table(
        "media_file",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("picture", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=True),
        sa.Column("longest", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint(
            *("mandant", "article", "variant", "file", "picture")
        ),
        sqlite_with_rowid=False,
    )


def _make_paper_table() -> None:
    """Papers that are printed."""
    op.create_table(
        "paper",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer", sa.String(length=40), nullable=True),
        sa.Column("order_id", sa.String(length=60), nullable=True),
        sa.Column("issued", sa.String(length=10), nullable=True),
        sa.Column("total", sa.String(length=48), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lacks", sa.String(length=12), nullable=True),
        sa.Column("form", sa.String(length=10), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("xml", sa.Text(), nullable=True),
        sa.Column("xml_sha256", sa.String(length=64), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.Column("drawn_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("mandant", "document", "key"),
    )
    for name in ("state", "name", "customer"):
        op.create_index(f"paper_{name}", "paper", ["mandant", name])


def _make_things() -> None:
    """What Amazon's catalogue has of the merchant's numbers."""
    op.create_table(
        "thing",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("asked_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "account", "marketplace", "gtin"),
        sqlite_with_rowid=False,
    )


def _make_mail_tables() -> None:
    """Mails to customers, and what tells where they go."""
    op.create_table(
        "mail",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order_id", sa.String(length=60), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("not_before", columns.Instant(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("issue", sa.JSON(), nullable=True),
        sa.Column("made_at", columns.Instant(), nullable=False),
        sa.Column("sending_at", columns.Instant(), nullable=True),
        sa.Column("begun_at", columns.Instant(), nullable=True),
        sa.Column("done_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            *("mode", "mandant", "event", "document", "key", "number")
        ),
    )
    whose = ["mode", "mandant"]
    op.create_index("mail_state", "mail", [*whose, "state", "not_before"])
    op.create_index("mail_name", "mail", [*whose, "name"])
    op.create_index("mail_done", "mail", ["mode", "done_at"])
    op.create_table(
        "order_paper",
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(length=60), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mandant", "order_id", "key"),
    )


def _make_pages() -> None:
    """A+ pages that compare a product with its references."""
    op.create_table(
        "page",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("asin", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("other", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Text(), nullable=True),
        sa.Column("asked_at", columns.Instant(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "marketplace", "sku"),
        sqlite_with_rowid=False,
    )


def _make_partner_tables() -> None:
    _make_media_table()
    _make_paper_table()
    _make_pages()
    _make_things()
    _make_mail_tables()
    _make_order_tables()
    _make_former_tables()
    _publication_indexes()
    op.create_table(
        "remote_file",
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", columns.Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("partner", "folder", "name"),
    )
    op.create_table(
        "dispatch",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=True),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("made_at", columns.Instant(), nullable=False),
        sa.Column("done_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "dispatch_state", "dispatch", ["partner", "state"], unique=False
    )


def downgrade() -> None:
    """Remove every table."""
    for name in (
        "thing",
        "media_file",
        "order_paper",
        "mail",
        "paper",
        "link",
        "reservation",
        "telling",
        "revival",
        "former",
        "parcel",
        "dispatch",
        "remote_file",
        "message",
        "finding",
        "touched",
        "submission",
        "staged",
        "request",
        "publication",
        "person",
        "order_",
        "listing",
        "generation",
        "fact",
        "facet",
        "bucket",
        "due",
        "document",
        "delivery",
        "cursor",
    ):
        op.drop_table(name)


def _due() -> None:
    """What is to be done, found by lane; and how often Amazon is asked."""
    _buckets()
    op.create_table(
        "due",
        sa.Column("errand", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("not_before", columns.Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("errand", "key"),
    )
    op.create_index("due_lane", "due", ["lane", "errand", "rank", "key"])


def _buckets() -> None:
    """What is left of Amazon's plans."""
    op.create_table(
        "bucket",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", columns.Instant(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("wait_seconds", sa.Float(), nullable=False),
        sa.Column("shut_until", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _persons() -> None:
    """Who somebody is, locked; and by what they are known again."""
    op.create_table(
        "person",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "account", "order_id"),
    )
    op.create_table(
        "identity",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("mandant", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("matchcode", sa.Text(), nullable=True),
        sa.Column("order_id", sa.String(length=40), nullable=True),
        sa.Column("seen_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "mandant", "print"),
        sqlite_with_rowid=False,
    )
    op.create_index("identity_order", "identity", ["order_id"], unique=False)
    op.create_table(
        "purge",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("purge_subject", "purge", ["subject"], unique=False)


def _reports() -> None:
    """What Amazon is asked for, and what it shows."""
    op.create_table(
        "cursor",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "account", "name"),
    )
    op.create_table(
        "report",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("then", sa.JSON(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("asked_at", columns.Instant(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("made_at", columns.Instant(), nullable=True),
        sa.Column("done_at", columns.Instant(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("report_type", "report", ["mode", "account", "type"])
    op.create_table(
        "snapshot",
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("marketplace", sa.String(length=4), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("asin", sa.Text(), nullable=True),
        sa.Column("price", columns.Amount(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=4), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("mode", "account", "marketplace", "sku"),
        sqlite_with_rowid=False,
    )

"""The table of the files that articles name."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text

from bridge.ledger.tables import metadata

#: One file as an article names it, as it was when it was last looked at.
media_file = Table(
    "media_file",
    metadata,
    Column("mandant", Integer, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("variant", Integer, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("picture", Integer, primary_key=True),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("longest", BigInteger),
    Column("fault", String(40)),
    Column("published", Text),
    Column("asked", Text),
    Column("asked_at", BigInteger),
    sqlite_with_rowid=False,
)

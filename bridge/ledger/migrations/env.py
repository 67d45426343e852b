"""Alembic's door: the ledger hands over its own open transaction."""

from __future__ import annotations

from alembic import context

from bridge.ledger import formertables  # noqa: F401 - its tables as well
from bridge.ledger import mediatables  # noqa: F401 - its tables as well
from bridge.ledger import ordertables  # noqa: F401 - its tables as well
from bridge.ledger import pagetables  # noqa: F401 - its tables as well
from bridge.ledger import partnertables
from bridge.ledger import persontables  # noqa: F401 - its tables as well
from bridge.ledger import reporttables  # noqa: F401 - its tables as well
from bridge.ledger import thingtables  # noqa: F401 - its tables as well

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=partnertables.remote_file.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()

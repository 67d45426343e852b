"""``bridge key``: the key that personal data is locked with."""

from __future__ import annotations

import typer

from bridge.cli.session import Session

app = typer.Typer(
    help="The key personal data is locked with.", no_args_is_help=True
)


@app.callback()
def keys() -> None:
    """The key personal data is locked with."""


@app.command()
def rotate(context: typer.Context) -> None:
    """Lock all personal data with a new key.

    The old key stays in state/person.key until nothing is locked with it.

    Example: bridge key rotate
    """
    session: Session = context.obj
    session.wish("key.rotate", "")

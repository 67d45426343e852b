"""``bridge key``: the key that personal data is locked with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bridge.app import wiring
from bridge.cli.session import Session
from bridge.errors import InputError
from bridge.flows import lockedfiles

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


@app.command("open")
def show(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of the archive.")],
) -> None:
    """Print what a locked file of the archive holds; it stays locked.

    Example: bridge key open archive/2026/01/7_Kunden.csv.locked > Kunden.csv
    """
    session: Session = context.obj
    if not file.is_file():
        raise InputError("cli.no_file", value=str(file))
    settings, ledger = session.ledger()
    safe = wiring.open_safe(settings, ledger)
    for piece in lockedfiles.content(file, safe):
        sys.stdout.buffer.write(piece)

"""``bridge transfer``: one module by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from bridge.cli import papers
from bridge.cli import plans
from bridge.cli import pointers
from bridge.cli import previews
from bridge.cli import pricesheets
from bridge.cli.session import Session
from bridge.errors import InputError
from bridge.flows.references import MODULES
from bridge.flows.requests import PAYMENTS
from bridge.flows.requests import PLANLESS
from bridge.flows.requests import TRANSFERS
from bridge.messages import catalogue

PRINTED = frozenset({"documents", PAYMENTS})
app = typer.Typer(help="Modules by hand.", no_args_is_help=True)


@app.command("list")
def transfer_list(context: typer.Context) -> None:
    """List the modules that can be transferred by hand.

    Example: bridge transfer list
    """
    session: Session = context.obj
    if session.as_json:
        english = [
            {"name": name, "does": catalogue.term("transfer", name)}
            for name in TRANSFERS
        ]
        session.data(english)
        return
    session.table(
        ("name", "does"),
        [(name, session.term("transfer", name)) for name in TRANSFERS],
    )


@app.command("run")
def transfer_run(
    context: typer.Context,
    name: str,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan only.")
    ] = False,
    preview: Annotated[
        bool,
        typer.Option(
            "--preview", help="Ask Amazon what it would say; change nothing."
        ),
    ] = False,
) -> None:
    """Transfer one module now.

    Example: bridge transfer run products --dry-run
    """
    session: Session = context.obj
    if name not in TRANSFERS:
        known = ", ".join(TRANSFERS)
        raise InputError("cli.no_transfer", value=name, known=known)
    if preview:
        previews.run(session, name)
        return
    if name == pricesheets.NAME:
        pricesheets.run(session, dry_run=dry_run)
        return
    if name in MODULES:
        pointers.run(session, name, dry_run=dry_run)
        return
    if not dry_run:
        session.wish("transfer.run", name)
        return
    if name in PLANLESS:
        raise InputError("cli.no_plan", value=name)
    if name in PRINTED:
        papers.plan(session, requests=name == PAYMENTS)
        return
    plans.run(session, name)

"""The command ``bridge``: global options, and every error as a sentence."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated
from typing import Any

import typer

from bridge.cli import comparisons
from bridge.cli import deliveries
from bridge.cli import fulfilments
from bridge.cli import house
from bridge.cli import keys
from bridge.cli import mappings
from bridge.cli import orders
from bridge.cli import papers
from bridge.cli import templates
from bridge.cli import trade
from bridge.cli import transfers
from bridge.cli.session import Session
from bridge.cli.usage import fault_of
from bridge.config.loading import find_workspace
from bridge.errors import BridgeError
from bridge.errors import DefectError

INTERRUPTED = 130
GLOBAL_FLAGS = {"--json", "-v", "--verbose"}
GLOBAL_VALUES = {"--workspace"}

app = typer.Typer(
    name="bridge",
    help="The bridge between Sage 100 (Office Line) and Amazon.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(deliveries.app, name="delivery")
comparisons.add_to(trade.offers)
app.add_typer(trade.offers, name="offer")
app.add_typer(orders.orders, name="order")
app.add_typer(fulfilments.app, name="fulfilment")
app.add_typer(papers.app, name="document")
app.add_typer(trade.submissions, name="submission")
app.add_typer(transfers.app, name="transfer")
app.add_typer(mappings.app, name="mapping")
app.add_typer(keys.app, name="key")
app.command("template")(templates.template)
house.add_to(app)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(metadata.version("bridge"))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            help="Folder with bridge.toml; else BRIDGE_WORKSPACE, else here."
        ),
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_version
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="More talk on stderr.")
    ] = False,
) -> None:
    r"""The bridge between Sage 100 (Office Line) and Amazon.

    Example: bridge --workspace C:\bridge once
    """
    del version
    if context.obj is None:
        context.obj = Session(Path())
    context.obj.workspace = find_workspace(workspace, os.environ)
    context.obj.as_json = as_json
    context.obj.verbose = verbose


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Instead of the process's own, for tests.

    Returns:
        The exit code (contract, section 4).
    """
    given = sys.argv[1:] if arguments is None else arguments
    session = Session(Path())
    with session.closing:
        return _run(given, session)


def _run(given: list[str], session: Session) -> int:
    """Every way a command may end becomes an exit code."""
    command = typer.main.get_command(app)
    words = hoisted(given)
    try:
        _foresee(session, words)
        code = command.main(
            words, prog_name="bridge", obj=session, standalone_mode=False
        )
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except typer.TyperException as error:
        fault = fault_of(error)
        said = error.format_message()
        if said.startswith("Usage:") and not session.as_json:
            session.note(f"{said}\n")  # the help, where nothing was asked
        return _told(session, fault)
    except BridgeError as error:
        return _told(session, error)
    except Exception as error:  # noqa: BLE001 - a person sees a sentence
        return _told(session, _defect(error))
    return session.code if code is None or not isinstance(code, int) else code


def hoisted(arguments: list[str]) -> list[str]:
    """Global options may stand anywhere; the parser wants them first."""
    front: list[str] = []
    rest: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in GLOBAL_FLAGS:
            front.append(word)
        elif word in GLOBAL_VALUES and left:
            front += [word, left.pop(0)]
        elif word.partition("=")[0] in GLOBAL_VALUES:
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def _foresee(session: Session, words: list[str]) -> None:
    """How to answer, even where the words cannot be understood."""
    own = words[: words.index("--")] if "--" in words else words
    session.as_json = "--json" in own
    given = None
    for number, word in enumerate(own):
        name, equals, value = word.partition("=")
        if name in GLOBAL_VALUES:
            given = value if equals else "".join(own[number + 1 : number + 2])
    path = Path(given) if given else None
    session.workspace = find_workspace(path, os.environ)


def _told(session: Session, error: BridgeError) -> int:
    language = session.language
    if session.as_json:
        session.data({"error": _as_json(error, language)})
    else:
        session.note(error.told(language))
    return error.exit_code


def _as_json(error: BridgeError, language: str) -> dict[str, Any]:
    return {
        "code": error.code,
        "message": error.message(language),
        "where": None if error.where is None else str(error.where),
        "hint": error.hint(language),
        "findings": [
            {
                "code": item.code,
                "line": item.line,
                "column": item.column,
                "field": item.field,
                "value": item.value,
                "message": item.message(language),
                "hint": item.hint(language),
            }
            for item in error.findings
        ],
    }


def _defect(error: Exception) -> DefectError:
    """An error nobody foresaw: where it broke, never what it held."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return DefectError("cli.defect", kind=type(error).__name__, place=place)

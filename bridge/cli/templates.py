"""``bridge template``: an empty workbook for people to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.app import wiring
from bridge.cli.session import Session
from bridge.errors import ConfigError
from bridge.mapping.columns import choices
from bridge.mapping.columns import columns_of
from bridge.mapping.columns import is_number
from bridge.mapping.columns import note_of

#: What people call a template, and the mapping that reads it.
TEMPLATES = {"customers": "kundenvorlage"}
WORDS = (
    *("help", "column", "needed", "note", "example", "choices", "yes"),
    "such_as",
)
SHEET = "Daten"  # where the mapping names no sheet


def template(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(help="customers, or a mapping that reads xlsx."),
    ],
    file: Annotated[
        Path | None, typer.Argument(help="Where to; default: its own name.")
    ] = None,
) -> None:
    """Write an xlsx template with lists, notes, examples and a help sheet.

    Example: bridge template customers
    """
    session: Session = context.obj
    plan = wiring.book_of(session.workspace).plan(TEMPLATES.get(name, name))
    if "xlsx" not in plan.profiles or plan.direction != "in":
        raise ConfigError("cli.no_template", value=name)
    path = file or Path(f"{plan.title.replace(' ', '_')}.xlsx")
    if path.exists():
        raise ConfigError("cli.exists", value=str(path))
    # What writes workbooks takes its time to load; few commands do.
    from bridge.formats.template import TemplateColumn  # noqa: PLC0415
    from bridge.formats.template import write_template  # noqa: PLC0415

    sheet = plan.profiles["xlsx"].sheet
    columns = [
        TemplateColumn(
            name=rule.names[0],
            needed=rule.required and rule.severity == "refuse",
            text=not is_number(rule),
            note=note_of(rule, session.language),
            example=rule.example,
            choices=choices(rule),
        )
        for rule in columns_of(plan)
    ]
    words = {word: session.term("template", word) for word in WORDS}
    words["intro"] = session.line("template_intro", title=plan.title)
    with path.open("xb") as stream:
        write_template(
            stream, sheet if isinstance(sheet, str) else SHEET, columns, words
        )
    if session.as_json:
        session.data({"file": str(path.resolve())})
    else:
        session.say(str(path))

"""``bridge mapping``: mapping files, without any side effect."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated
from typing import cast

import typer

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.cli.session import Session
from bridge.config.loading import FILE
from bridge.errors import ConfigError
from bridge.errors import InputError
from bridge.errors import Where
from bridge.flows.preview import Seen
from bridge.flows.preview import preview as look
from bridge.flows.trials import tools
from bridge.mapping import trial
from bridge.mapping.book import TEST_ENDING
from bridge.mapping.book import Book
from bridge.mapping.explain import explain as told
from bridge.mapping.schema import editor_schema
from bridge.mapping.words import nearest
from bridge.model.record import Format

app = typer.Typer(help="Mapping files.", no_args_is_help=True)
SHOWN = 20  # records a preview shows a person
SETTINGS_ERROR = 2

Name = Annotated[str | None, typer.Argument(help="The mapping's name.")]


def _book(session: Session) -> Book:
    return wiring.book_of(session.workspace)


@app.command("list")
def list_all(context: typer.Context) -> None:
    """List the mappings: the workspace's own and those that are shipped.

    Example: bridge mapping list
    """
    session: Session = context.obj
    book = _book(session)
    rows = []
    for name, path in sorted(book.paths.items()):
        plan = book.plans.get(name)
        rows.append(
            {
                "name": name,
                "title": plan.title if plan else None,
                "direction": plan.direction if plan else None,
                "document": plan.document if plan else None,
                "formats": list(plan.profiles) if plan else [],
                "files": list(plan.files) if plan else [],
                "mistakes": len(book.problems.get(name, ())),
                "path": str(path),
            }
        )
    if session.as_json:
        session.data(rows)
        return
    names = ("name", "direction", "document", "title", "mistakes", "path")
    session.table(names, [[row[name] for name in names] for row in rows])


@app.command()
def check(context: typer.Context, name: Name = None) -> None:
    """Check mapping files; every mistake with line, column and advice.

    Example: bridge mapping check artikelstamm
    """
    session: Session = context.obj
    book = _book(session)
    if name is not None and name not in book.paths:
        book.plan(name)  # raises, with the nearest name
    chosen = [name] if name else sorted(book.paths)
    broken = [item for item in chosen if item in book.problems]
    language = session.language
    if session.as_json:
        session.data(
            [
                {
                    "name": item,
                    "ok": item not in broken,
                    "findings": [
                        {
                            "line": f.line,
                            "column": f.column,
                            "code": f.code,
                            "value": f.value,
                            "message": f.message(language),
                            "hint": f.hint(language),
                        }
                        for f in book.problems.get(item, ())
                    ],
                }
                for item in chosen
            ]
        )
    else:
        for item in broken:
            for finding in book.problems[item]:
                session.say(finding.told(book.paths[item].name, language))
        for item in chosen:
            if item not in broken:
                session.say(f"{item}: {session.state('ok')}")
    session.code = SETTINGS_ERROR if broken else 0


@app.command("test")
def run_tests(context: typer.Context, name: Name = None) -> None:
    """Run the tests beside the mappings (NAME.test.yaml).

    Example: bridge mapping test artikelstamm
    """
    session: Session = context.obj
    book = _book(session)
    chosen = [name] if name else sorted(book.paths)
    outcomes = []
    for chosen_name in chosen:
        plan = book.plan(chosen_name)
        path = plan.path.with_name(f"{chosen_name}{TEST_ENDING}")
        if path.is_file():
            outcomes += trial.run(plan, path, tools("Europe/Berlin"))
    failed = [item for item in outcomes if item.differences]
    if session.as_json:
        session.data(
            [
                {
                    "name": item.name,
                    "where": str(item.where),
                    "passed": not item.differences,
                    "differences": list(item.differences),
                }
                for item in outcomes
            ]
        )
    else:
        for bad in failed:
            session.say(f"{bad.where}: {bad.name}")
            for line in bad.differences:
                session.say(f"  {line}")
        passed = len(outcomes) - len(failed)
        said = session.line("tests", passed=passed, failed=len(failed))
        session.say(said)
    session.code = SETTINGS_ERROR if failed else 0


@app.command()
def preview(
    context: typer.Context,
    name: str,
    file: Path,
    form: Annotated[
        str | None,
        typer.Option("--format", help="csv, txt, xml, json or xlsx."),
    ] = None,
) -> None:
    """Show what a mapping would make of a file; nothing is kept.

    Example: bridge mapping preview artikelstamm Artikelstamm.csv
    """
    session: Session = context.obj
    plan = _book(session).plan(name)
    if plan.direction != "in":
        raise InputError("cli.not_in", value=name)
    if form is not None and form not in plan.profiles:
        known = ", ".join(plan.profiles)
        raise InputError(
            "mapping.no_such_format", name=name, format=form, known=known
        )
    if not file.is_file():
        raise InputError("cli.no_file", value=str(file))
    settings = session.settings() if _has_settings(session) else None
    context_of = {
        "timezone": settings.bridge.timezone if settings else "Europe/Berlin",
        "mandant": str(settings.bridge.mandant if settings else 1),
        "file_name": file.name,
        "now": SystemClock().now().isoformat(),
        **{
            f"setting.{key}": value
            for key, value in (settings.values if settings else {}).items()
        },
    }
    seen = look(plan, file, context_of, cast("Format | None", form))
    if session.as_json:
        session.data([_as_json(item, session.language) for item in seen])
        return
    reader = session.reader
    for item in islice(seen, SHOWN):
        state = "ok" if item.taken else "refused"
        state = session.term("state", "filtered" if item.filtered else state)
        session.say(session.line("record", line=item.line, state=state))
        for key, value in item.document.items():
            session.say(f"    {key}: {reader.plain(value)}")
        for finding in item.findings:
            session.say("  " + finding.told(file.name, session.language))


def _has_settings(session: Session) -> bool:
    return (session.workspace / FILE).is_file()


def _as_json(item: Seen, language: str) -> dict[str, object]:
    return {
        "line": item.line,
        "taken": item.taken,
        "filtered": item.filtered,
        "document": item.document,
        "findings": [
            {
                "field": finding.field,
                "value": finding.value,
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message(language),
                "hint": finding.hint(language),
            }
            for finding in item.findings
        ],
    }


@app.command()
def explain(context: typer.Context, name: str, field: str) -> None:
    """Say in words where a field comes from and what happens to it.

    Example: bridge mapping explain artikelstamm title
    """
    session: Session = context.obj
    plan = _book(session).plan(name)
    rules = {
        rule.field: rule
        for rule in (
            *plan.fields,
            *(rule for facet in plan.facets.values() for rule in facet),
        )
    }
    if field not in rules:
        raise ConfigError(
            "cli.no_field",
            where=Where(plan.path.name),
            value=field,
            nearest=nearest(field, rules),
            known=", ".join(rules),
        )
    lines = told(rules[field])
    place = f"{plan.path.name}:{rules[field].place.line}"
    if session.as_json:
        session.data({"field": field, "where": place, "steps": lines})
        return
    session.say(f"{place} [{field}]")
    for line in lines:
        session.say(f"  {line}")


@app.command()
def schema(context: typer.Context) -> None:
    """Print the JSON Schema of mapping files, for editors.

    Example: bridge mapping schema > mapping.schema.json
    """
    session: Session = context.obj
    session.data(editor_schema())

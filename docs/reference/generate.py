"""The generated pages of the reference: ``python docs/reference/generate.py``.

With ``--check`` nothing is written; the exit code is 1 if a page is out of
date. Words the code does not explain are explained in ``meanings.toml``.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING
from typing import Any

import typer
from of_amazon import amazon_page
from of_mappings import mapping
from of_settings import settings_page
from paper import HERE
from paper import same
from paper import table

from bridge.cli.main import app
from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTE = "<!-- Made by docs/reference/generate.py; do not edit by hand. -->\n"
ROOMS = {
    "amazon": "What Amazon says, or would say",
    "cli": "The command line",
    "config": "Settings",
    "databases": "Tables of other databases",
    "files": "Folders and files",
    "formats": "Reading and writing files",
    "intake": "Taking a file in",
    "invoices": "Invoices and credit notes",
    "jobs": "Jobs",
    "ledger": "The ledger",
    "mail": "Mails to customers",
    "media": "Pictures and papers of articles",
    "mapping": "Mappings, and the rows they read",
    "offers": "Offers",
    "orders": "Orders",
    "papers": "Papers: letters, invoices, payment requests",
    "partners": "Partners with an SFTP area",
    "refunds": "Money given back",
    "reports": "Reports of Amazon's, and what is compared with them",
    "shipments": "Parcels on their way",
    "warehouse": "Orders for Amazon's warehouse",
}


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    made = {
        "commands.md": commands(),
        "settings.md": settings_page(),
        "mapping.md": mapping(),
        "errors.md": errors(),
        "amazon.md": amazon_page(),
    }
    return {
        name: NOTE + "\n".join(lines).rstrip() + "\n"
        for name, lines in made.items()
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or only say which are out of date."""
    old = [
        name
        for name, text in pages().items()
        if not (HERE / name).is_file()
        or (HERE / name).read_text("utf-8") != text
    ]
    if "--check" in arguments:
        for name in old:
            print(f"docs/reference/{name} is out of date")
        return 1 if old else 0
    for name in old:
        (HERE / name).write_text(pages()[name], "utf-8", newline="\n")
        print(f"docs/reference/{name} written")
    return 0


def commands() -> list[str]:
    """The page of the command line."""
    lines = [
        "# Commands",
        "",
        "Data goes to stdout, talk to stderr. Exit codes and the JSON of each",
        "command: [interfaces](interfaces.md).",
    ]
    root = typer.main.get_command(app)
    lines += ["", "## Global options", "", *_options(root)]
    lines += ["", "They may stand anywhere on the line."]
    for name, command in _walk(root, "bridge"):
        lines += _command(name, command)
    return lines


def _walk(group: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - click's own types are not public in typer
    for word, command in group.commands.items():
        inner = f"{name} {word}"
        if hasattr(command, "commands"):
            yield from _walk(command, inner)
        else:
            yield inner, command


def _command(name: str, command: Any) -> list[str]:  # noqa: ANN401
    said, _, example = (command.help or "").partition("Example:")
    words = [
        parameter.name.upper() if parameter.required else f"[{parameter.name}]"
        for parameter in command.params
        if parameter.param_type_name == "argument"
    ]
    lines = ["", f"## {name}", "", " ".join(said.split()), ""]
    lines += ["```sh", " ".join([name, *words, "[OPTIONS]"]), "```"]
    lines += _arguments(command) + _own_options(command)
    return [*lines, "", f"Example: `{example.strip()}`"]


def _own_options(command: Any) -> list[str]:  # noqa: ANN401
    found = _options(command)
    return ["", *found] if found else []


def _options(command: Any) -> list[str]:  # noqa: ANN401
    rows = [
        (
            ", ".join(f"`{word}`" for word in parameter.opts),
            _default(parameter.default),
            parameter.help or "",
        )
        for parameter in command.params
        if parameter.param_type_name == "option"
    ]
    return table(("option", "default", "meaning"), rows) if rows else []


def _arguments(command: Any) -> list[str]:  # noqa: ANN401
    rows = [
        (f"`{item.name.upper()}`", _default(item.default), item.help)
        for item in command.params
        if item.param_type_name == "argument" and getattr(item, "help", None)
    ]
    if not rows:
        return []
    return ["", *table(("argument", "default", "meaning"), rows)]


def _default(value: object) -> str:
    return "" if value in {None, False} else f"`{value}`"


def errors() -> list[str]:
    """The page of every message."""
    lines = [
        "# Messages and errors",
        "",
        "Each message has a code that never changes; `--json` shows it. What",
        "stands in braces is replaced by the value at hand. Severity and who",
        "acts next stand with each finding (`bridge delivery show`).",
    ]
    codes = sorted(catalogue.codes("en") | catalogue.codes("de"))
    rooms = {code.partition(".")[0] for code in codes}
    same("rooms", set(ROOMS), rooms)
    for room, title in ROOMS.items():
        lines += ["", f"## {title}"]
        for code in codes:
            if code.startswith(f"{room}."):
                lines += ["", f"### {code}", ""]
                lines += [_said(code, "en"), "", _said(code, "de")]
    return lines


def _said(code: str, language: str) -> str:
    sentence = catalogue.sentence(code, _BRACES, language)
    hint = catalogue.advice(code, _BRACES, language)
    advice = f" *{_plain(hint)}*" if hint else ""
    return f"{language}: {_plain(sentence)}{advice}"


def _plain(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "\\<").replace("|", "\\|")


#: Every fact a message may ask for, read as its own name.
_BRACES: dict[str, object] = {
    name: f"{{{name}}}"
    for path in catalogue.FOLDER.glob("*.po")
    for name in re.findall(r"\{(\w+)(?::\w+)?\}", path.read_text("utf-8"))
}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

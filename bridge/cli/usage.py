"""Words of the command line that mean nothing, as errors of our own."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import typer

from bridge.errors import ConfigError

COMMAND = re.compile(r"No such command '(.*?)'", re.DOTALL)
TOO_MANY = re.compile(r"unexpected extra argument\(?s?\)? \((.*)\)", re.DOTALL)


def fault_of(error: typer.TyperException) -> ConfigError:
    """What a person is told instead of the parser's English sentence.

    The parser's classes are not public; they are told apart by name.
    """
    context: Any = getattr(error, "ctx", None)
    command = "bridge" if context is None else context.command_path
    make = _BY_NAME.get(type(error).__name__, _wrong)
    code, facts = make(error, context)
    fault = ConfigError(code, command=command, usage=_usage(context))
    fault.facts.update(facts)
    return fault


Told = tuple[str, dict[str, str]]


def _usage(context: Any) -> str:  # noqa: ANN401 - not public in typer
    """A call as it should be: ``bridge delivery show NUMBER``."""
    if context is None:
        return "bridge"
    words = [
        item.name.upper() if item.required else f"[{item.name.upper()}]"
        for item in context.command.params
        if item.param_type_name == "argument"
    ]
    return " ".join([context.command_path, *words])


def _missing(error: Any, _context: Any) -> Told:  # noqa: ANN401
    name = error.param.name if error.param is not None else ""
    return "cli.missing_argument", {"value": name.upper()}


def _option(error: Any, context: Any) -> Told:  # noqa: ANN401
    params = [] if context is None else context.command.params
    known = [word for item in params for word in item.opts]
    near = get_close_matches(error.option_name, known, n=1)
    facts = {"value": error.option_name, "nearest": near[0] if near else ""}
    return "cli.no_such_option", facts


def _valueless(error: Any, _context: Any) -> Told:  # noqa: ANN401
    return "cli.option_needs_value", {"value": error.option_name}


def _no_command(_error: Any, context: Any) -> Told:  # noqa: ANN401
    return "cli.no_command", {"known": ", ".join(_commands(context))}


def _bad(error: Any, context: Any) -> Told:  # noqa: ANN401
    """A value of the wrong kind: the cause knows which and why."""
    cause: list[Any] = getattr(error.__cause__, "errors", list)()
    if cause and error.param is not None:
        return "cli.number_expected", {"value": str(cause[0]["input"])}
    return _wrong(error, context)


def _wrong(error: Any, context: Any) -> Told:  # noqa: ANN401
    said = error.format_message()
    if said.startswith("Missing command"):
        return _no_command(error, context)
    if found := COMMAND.search(said):
        known = _commands(context)
        near = get_close_matches(found.group(1), known, n=1)
        return "cli.no_such_command", {
            "value": found.group(1),
            "nearest": near[0] if near else "",
            "known": ", ".join(known),
        }
    if found := TOO_MANY.search(said):
        return "cli.too_many_arguments", {"value": found.group(1)}
    return "cli.wrong_words", {"problem": said.rstrip(".")}


def _commands(context: Any) -> list[str]:  # noqa: ANN401
    command = None if context is None else context.command
    return list(getattr(command, "commands", {}))


_BY_NAME = {
    "MissingParameter": _missing,
    "NoSuchOption": _option,
    "BadOptionUsage": _valueless,
    "NoArgsIsHelpError": _no_command,
    "BadParameter": _bad,
}

"""Forms of dates, templates, names of files, paths and units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import re2

from bridge.mapping import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.notation import Place
    from bridge.mapping.notation import Text
    from bridge.mapping.words import Desk

_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
#: %c, %x and %X differ from machine to machine.
DIRECTIVES = "YymdjHIMSfpbBaAUWGVuwzZ%"
NAME_DIRECTIVES = "YmdHMS"
#: Any one of these sets says which day it is.
DAYS = (set("Y") | set("md"), set("md") | set("y"), set("GVu"), set("Yj"))
MONTHS = {"b": "m", "B": "m"}
_PLACE = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # in names, on Windows
_STEP = re.compile(r"(?:([^\W\d][\w.-]*):)?[^\W\d][\w.-]*").fullmatch


def date_form(desk: Desk, text: str, place: Place, known: str) -> set[str]:
    """The directives of a form; unknown ones are mistakes."""
    signs = [found.group(1) for found in _DIRECTIVE.finditer(text)]
    strange = [sign for sign in signs if not sign or sign not in known]
    if strange or not signs:
        desk.mistake(
            "mapping.bad_form",
            place,
            text,
            strange=", ".join(f"%{sign}" for sign in strange) or "-",
            known=" ".join(f"%{sign}" for sign in known),
        )
        return set()
    return {MONTHS.get(sign, sign) for sign in signs}


def whole_form(desk: Desk, text: str, place: Place) -> None:
    """A form that is read: it must say which day it is."""
    signs = date_form(desk, text, place, DIRECTIVES)
    if signs and not any(day <= signs for day in DAYS):
        desk.mistake("mapping.half_form", place, text)


def template(
    desk: Desk, text: str, place: Place, known: Mapping[str, object]
) -> None:
    """A text with ``{places}``; each must be something the bridge knows."""
    for found in _PLACE.finditer(text):
        name, form = found.groups()
        if form is not None and name != "now":
            desk.mistake("mapping.form_of_text", place, name)
        elif form:
            date_form(desk, form, place, DIRECTIVES)
        head, _, rest = name.partition("/")
        if head in known and (not rest or rest in _parts(known[head])):
            continue
        if not name.startswith(vocabulary.SETTING):
            names = [*known, *contexts(desk.direction)]
            if name not in names:
                desk.unlike(name, place, names, "mapping.unknown_place")
    if set(_PLACE.sub("", text)) & {"{", "}"}:
        desk.mistake("mapping.open_brace", place, text)


def _parts(field: object) -> Iterable[str]:
    part: Iterable[str] = getattr(field, "part", ())
    return part


def file_name(desk: Desk, text: str, place: Place) -> None:
    """The part of a file's name that is written as it stands."""
    bare = _PLACE.sub("", text)
    if found := _FORBIDDEN.search(bare):
        desk.mistake("mapping.bad_name", place, text, sign=found.group())


def contexts(direction: str) -> list[str]:
    """What a mapping of a direction may ask by ``context``."""
    alone = vocabulary.CONTEXT_ALONE
    return [
        name
        for name in vocabulary.CONTEXTS
        if alone.get(name, direction) == direction
    ]


def path(desk: Desk, node: Text, prefixes: Iterable[str]) -> None:
    """A path of names, such as ``/A/o:B|C/@d``: no other XPath is known."""
    steps = node.value.removeprefix("/").split("/")
    steps[-1] = steps[-1].removeprefix("@")
    found = [_STEP(name) for step in steps for name in step.split("|")]
    if not all(found):
        desk.mistake("mapping.bad_path", node.place, node.value)
        return
    used = {step.group(1) for step in found if step and step.group(1)}
    for prefix in sorted(used.difference(prefixes)):
        desk.mistake("mapping.no_prefix", node.place, prefix)


def pattern(desk: Desk, node: Text) -> None:
    """A regular expression whose time grows no faster than the text."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(node.value, options)
    except re2.error as error:
        said = error.args[0] if error.args else b""
        problem = said.decode() if isinstance(said, bytes) else str(said)
        desk.mistake(
            "mapping.bad_pattern", node.place, node.value, problem=problem
        )

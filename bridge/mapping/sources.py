"""Where a rule's value comes from, when it is more than one cell."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.mapping import verbs

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.errors import Finding

MISSING = object()
PARENT = "../"
ITEMS = "[]/"  # behind a list: what follows is read in each of its items


def first(
    values: Mapping[str, Any],
    names: tuple[str, ...],
    head: Mapping[str, Any],
    _joiner: str = "",
) -> Any:  # noqa: ANN401 - a raw value has any type
    """The first value that is not empty; MISSING if none was given."""
    found: Any = MISSING
    for name in names:
        value = values.get(name, head.get(name, MISSING))
        if value is MISSING:
            continue
        if isinstance(value, list):
            value = single(value)
        found = value.strip() if isinstance(value, str) else value
        if found not in (None, ""):
            return found
    return None if found == "" else found


def single(value: Any) -> Any:  # noqa: ANN401 - a raw value has any type
    """The first text that is not empty, where an element is repeated."""
    if not isinstance(value, list):
        return value
    texts = [record.values.get(".") for record in value]
    found = [text for text in texts if text not in {None, ""}]
    return found[0] if found else None


def joined(
    values: Mapping[str, Any],
    names: tuple[str, ...],
    head: Mapping[str, Any],
    joiner: str,
) -> Any:  # noqa: ANN401 - MISSING or a text
    """The values that are not empty, joined; MISSING if none was given."""
    given = [
        value
        for name in names
        if (value := values.get(name, head.get(name, MISSING))) is not MISSING
    ]
    if not given:
        return MISSING
    texts = [text for value in given if (text := verbs.text(value))]
    return joiner.join(texts) or None


def listed(
    values: Mapping[str, Any],
    names: tuple[str, ...],
    split: str | None,
    clean: tuple[str, ...],
) -> Any:  # noqa: ANN401 - MISSING or a list of texts
    """Every text that is not empty, of all names and of repeated elements."""
    given = [
        (values[path], inner or ".")
        for path, _, inner in (name.partition(ITEMS) for name in names)
        if path in values
    ]
    if not given:
        return MISSING
    texts = [t for value, inner in given for t in _texts(value, split, inner)]
    for word in clean:
        texts = [verbs.CLEANERS[word](text) for text in texts]
    return [text for text in texts if text] or None


def summed(
    values: Mapping[str, Any],
    names: tuple[str, ...],
    parse: Callable[[str], Decimal],
) -> Any:  # noqa: ANN401 - MISSING or an exact number
    """What the numbers of repeated elements come to; empty ones are none.

    Raises:
        ValueError: One of them is no number; it comes second.
    """
    texts = listed(values, names, None, ())
    if texts is MISSING or texts is None:
        return texts
    total = Decimal()
    for text in texts:
        try:
            total += parse(text)
        except ValueError as error:
            raise ValueError(error.args[0], text) from error
    return total


def _texts(
    value: Any,  # noqa: ANN401 - a raw value has any type
    split: str | None,
    inner: str,
) -> Iterator[str]:
    if isinstance(value, list):
        for record in value:
            yield from _texts(record.values.get(inner), split, ".")
        return
    text = verbs.text(value) or ""
    for part in text.split(split) if split else (text,):
        if stripped := part.strip():
            yield stripped


def records(
    values: Mapping[str, Any],
    names: tuple[str, ...],
    convert: Callable[[int, Mapping[str, Any], list[Finding]], dict[str, Any]],
    found: list[Finding],
) -> Any:  # noqa: ANN401 - MISSING or a list of coded parts
    """The sub-records of all names, each converted; ``..`` is the parent.

    One that says nothing is none: a flat row without a position.
    """
    given = [values[name] for name in names if name in values]
    if not given:
        return MISSING
    above = {
        PARENT + name: value
        for name, value in values.items()
        if not isinstance(value, list)
    }
    made = (
        convert(item.line, {**above, **item.values}, found)
        for value in given
        if isinstance(value, list)
        for item in value
    )
    return [
        part
        for part in made
        if any(said is not None for said in part.values())
    ]

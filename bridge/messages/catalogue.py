"""Codes and facts become sentences; the texts lie beside in ``*.po``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.messages.pofile import read_po

from bridge.messages.amounts import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
LANGUAGES = ("de", "en")
HINT = "hint"  # the context of a message that says the next move
#: The sentence of a hint that names the nearest word; said if there is one.
GUESS = re.compile(r"[^.]*\{nearest\}[^.]*[.?] ")


def sentence(
    code: str, facts: Mapping[str, object], language: str = "en"
) -> str:
    """What happened, as one sentence of the language.

    Args:
        code: The stable name of the fact, such as ``mapping.gtin``.
        facts: What the sentence's ``{placeholders}`` stand for; a fact
            that is not given reads as ``…``.
        language: ``de`` or ``en``.

    Returns:
        The sentence; the bare code if the catalogue does not know it.
    """
    text = _texts(language).get((None, code)) or code
    return _filled(text, facts, language)


def advice(
    code: str, facts: Mapping[str, object], language: str = "en"
) -> str:
    """What to do next, as one sentence; empty if there is nothing to say."""
    text = _texts(language).get((HINT, code)) or ""
    if not facts.get("nearest"):
        text = GUESS.sub("", text)
    return _filled(text, facts, language)


def term(
    kind: str, name: str, language: str = "en", /, **facts: object
) -> str:
    """A word or line of the screen in the language of its reader.

    Args:
        kind: What it is: ``heading``, ``state``, ``unit``, ``line`` …
        name: Its name in the program and in JSON.
        language: ``de`` or ``en``.
        facts: What its ``{placeholders}`` stand for.

    Returns:
        The words; the bare name if the catalogue does not know it.
    """
    text = _texts(language).get((kind, name)) or name
    return Speaker(facts, language).format(text) if facts else text


@cache
def country(code: str, language: str = "en") -> str:
    """The name of a country, ISO 3166; the code where it has none."""
    return str(Locale(language).territories.get(code, code))


def codes(language: str) -> frozenset[str]:
    """Every code the catalogue of a language has a sentence for."""
    return frozenset(
        code for context, code in _texts(language) if context is None
    )


def _in_words(
    facts: Mapping[str, object], language: str
) -> Mapping[str, object]:
    """Facts whose values are words of ours, in the reader's language."""
    if "toml" in facts:
        return {**facts, "toml": term("toml", str(facts["toml"]), language)}
    if "facets" not in facts:
        return facts
    names = str(facts["facets"]).split(", ")
    said = ", ".join(term("heading", name, language) for name in names)
    return {**facts, "facets": said}


def _filled(text: str, facts: Mapping[str, object], language: str) -> str:
    """A text with its facts; it never fails for one that is missing."""
    return Speaker(_in_words(facts, language), language).format(text)


@cache
def _texts(language: str) -> dict[tuple[str | None, str], str]:
    return dict(_entries(language))


def _entries(
    language: str,
) -> Iterator[tuple[tuple[str | None, str], str]]:
    for path in sorted(FOLDER.glob(f"*.{language}.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    code = str(message.id)
                    yield (message.context or None, code), str(message.string)

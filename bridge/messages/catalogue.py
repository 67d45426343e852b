"""Codes and facts become sentences; the texts lie beside in ``*.po``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
LANGUAGES = ("de", "en")
HINT = "hint"  # the context of a message that says the next move


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
    return text.format_map(_Lenient(facts))


def advice(
    code: str, facts: Mapping[str, object], language: str = "en"
) -> str:
    """What to do next, as one sentence; empty if there is nothing to say."""
    text = _texts(language).get((HINT, code)) or ""
    return text.format_map(_Lenient(facts))


def codes(language: str) -> frozenset[str]:
    """Every code the catalogue of a language has a sentence for."""
    return frozenset(
        code for context, code in _texts(language) if context is None
    )


class _Lenient(dict[str, object]):
    """A message must never fail for a fact that is missing."""

    def __missing__(self, key: str) -> str:
        return "…"


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

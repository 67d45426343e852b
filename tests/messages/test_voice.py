"""Every sentence is said in one voice: whole, short, polite, quoted alike."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from bridge.messages import catalogue

POLITE = ("Nichts zu tun", "Gemeint ist", "Bekannt sind", "Notiert")
#: Another word for what the glossary has a word for.
OTHER_WORDS = {
    "de": ("Datensatz", "Ledger", "Entwickler", "Auftragsdatei"),
    "en": ("utilize", "invalid", "please", "ledger"),
}


def texts(language: str, *, hints: bool = False) -> list[str]:
    """The sentences of a language, or its hints."""
    found = []
    for path in sorted(catalogue.FOLDER.glob(f"*.{language}.po")):
        if path.name.startswith("words."):
            continue  # words and lines of the screen are no sentences
        with path.open("rb") as file:
            found += [
                str(message.string)
                for message in read_po(file, locale=language)
                if message.id and hints == bool(message.context)
            ]
    return found


def everything(language: str) -> list[str]:
    return [*texts(language), *texts(language, hints=True)]


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_a_text_is_a_whole_sentence(language: str) -> None:
    begins = re.compile(r"[A-ZÄÖÜ„'{]|bridge\.toml")

    half = [
        text
        for text in everything(language)
        if not begins.match(text) or not text.endswith((".", "{problem}"))
    ]

    assert [] == half


@pytest.mark.parametrize(
    ("language", "wrong"), [("de", r"(?<!\w)'[^']*\{"), ("en", "[„“”]")]
)
def test_a_text_quotes_in_the_manner_of_its_language(
    language: str, wrong: str
) -> None:
    strange = [text for text in everything(language) if re.search(wrong, text)]

    assert [] == strange


@pytest.mark.parametrize(("language", "words"), OTHER_WORDS.items())
def test_a_text_uses_the_words_of_the_glossary(
    language: str, words: tuple[str, ...]
) -> None:
    strange = [
        text
        for text in everything(language)
        if any(word in text for word in words)
    ]

    assert [] == strange


def test_a_german_hint_asks_politely() -> None:
    rude = [
        text
        for text in texts("de", hints=True)
        if not text.startswith(POLITE) and not re.search(r"\b[Bb]itte\b", text)
    ]

    assert [] == rude


def test_the_words_of_the_screen_are_known_in_both_languages() -> None:
    german, english = catalogue._texts("de"), catalogue._texts("en")

    kinds = {"heading", "state", "kind", "unit", "line", "exit", "transfer"}
    for key in german:
        assert key in english
    assert kinds <= {context for context, _ in german if context}

"""Reading words off a mapping's tree; every mistake is collected."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from decimal import InvalidOperation
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.mapping.notation import Text
from bridge.mapping.notation import mistake

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Place
    from bridge.mapping.vocabulary import Verb

TRUE = frozenset({"true", "yes"})
FALSE = frozenset({"false", "no"})
NEAR = 0.6  # of 1; below it two words have nothing to do with each other
NOTHING = "-"


@dataclass
class Desk:
    """Where a mapping is checked: its direction, its mistakes so far.

    Attributes:
        direction: Decides which verbs may stand.
        folders: Where table and schema files are looked for, first wins.
        found: Every mistake, in the order of finding.
        tables: The translation tables by name.
        used: Texts of the files that were read, for the fingerprint.
        rules: The words of each rule, by the place of the rule.
        several: Whether the files hold lines of several types.
    """

    direction: str = "in"
    folders: tuple[Path, ...] = ()
    found: list[Finding] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    rules: dict[Place, Mapping[str, Node]] = field(default_factory=dict)
    several: bool = False

    def mistake(
        self, code: str, place: Place, value: str | None = None, **facts: str
    ) -> None:
        """Note one mistake."""
        self.found.append(mistake(code, place, value, **facts))

    def unknown(self, word: Text, known: Iterable[str], code: str) -> None:
        """Note a word that does not exist, with the nearest that does."""
        self.unlike(word.value, word.place, known, code)

    def unlike(
        self, word: str, place: Place, known: Iterable[str], code: str
    ) -> None:
        """The same of a word whose place is known from elsewhere."""
        names = sorted(known)
        self.mistake(
            code,
            place,
            word,
            nearest=nearest(word, names),
            known=", ".join(names) or NOTHING,
        )

    def at(self, rule: Place, word: str, name: str | None = None) -> Place:
        """Where a word of a rule has its value, or a name within it.

        Args:
            rule: The place of the rule.
            word: ``from``, ``when``, ``as`` …
            name: One of several texts, or a key.
        """
        node = self.rules.get(rule, {}).get(word)
        if node is None:
            return rule
        inner = (
            node.nodes
            if isinstance(node, Items)
            else [key for key, _ in node.entries]
            if isinstance(node, Table)
            else ()
        )
        named = (item for item in inner if isinstance(item, Text))
        found = (item.place for item in named if item.value == name)
        return next(found, node.place)

    def allowed(
        self, table: Table, words: Mapping[str, Verb], code: str
    ) -> dict[str, Node]:
        """The entries whose key may stand here; the others are mistakes."""
        here = {
            name
            for name, verb in words.items()
            if self.direction in verb.directions.split()
        }
        good: dict[str, Node] = {}
        for key, node in table.entries:
            if key.value in here:
                good[key.value] = node
            elif key.value in words:
                self.mistake(
                    "mapping.not_in_direction",
                    key.place,
                    key.value,
                    direction=self.direction,
                )
            elif key.value.isdigit() and node == Text("", key.place):
                self.mistake("mapping.comma", key.place, key.value)
            else:
                self.unknown(key, here, code)
        return good

    def text(self, node: Node | None, word: str) -> str:
        """The text of a scalar; anything else is a mistake."""
        if node is None:
            return ""
        if isinstance(node, Text):
            return node.value
        self.mistake("mapping.text_expected", node.place, word)
        return ""

    def said(self, node: Node | None, word: str) -> str:
        """A text that must not be empty."""
        text = self.text(node, word)
        if isinstance(node, Text) and not text:
            self.mistake("mapping.nothing_said", node.place, word)
        return text

    def texts(self, node: Node | None, word: str) -> tuple[str, ...]:
        """One text or a list of texts, none of them empty."""
        if not isinstance(node, Items):
            return (self.said(node, word),) if node is not None else ()
        if not node.nodes:
            self.mistake("mapping.nothing_said", node.place, word)
        return tuple(self.said(item, word) for item in node.nodes)

    def table(self, node: Node | None, word: str) -> Table | None:
        """A table; anything else is a mistake."""
        if isinstance(node, Table):
            return node
        if node is not None:
            self.mistake("mapping.table_expected", node.place, word)
        return None

    def closed(
        self, node: Node | None, word: str, known: Iterable[str], code: str
    ) -> dict[str, Node]:
        """The entries of a table that may hold nothing but known keys."""
        table, names = self.table(node, word), tuple(known)
        good: dict[str, Node] = {}
        for key, value in table.entries if table else ():
            if key.value in names:
                good[key.value] = value
            else:
                self.unknown(key, names, code)
        return good

    def whole(self, node: Node | None, word: str) -> int | None:
        """A whole number, not negative."""
        if node is None:
            return None
        text = self.text(node, word)
        if text.isascii() and text.isdigit():
            return int(text)
        self.mistake("mapping.whole_expected", node.place, text, word=word)
        return None

    def number(self, node: Node | None, word: str) -> Decimal | None:
        """An exact decimal with a point."""
        if node is None:
            return None
        text = self.text(node, word)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        self.mistake("mapping.number_expected", node.place, text, word=word)
        return None

    def flag(self, node: Node | None, word: str, *, default: bool) -> bool:
        """True or false."""
        if node is None:
            return default
        text = self.text(node, word).lower()
        if text not in TRUE | FALSE:
            self.mistake("mapping.flag_expected", node.place, text, word=word)
            return default
        return text in TRUE

    def choice(
        self,
        node: Node | None,
        word: str,
        choices: Iterable[str],
        default: str = "",
    ) -> str:
        """One of the allowed words."""
        if node is None:
            return default
        if isinstance(node, Text) and node.value in set(choices):
            return node.value
        if isinstance(node, Text):
            self.unknown(node, choices, "mapping.unknown_choice")
        else:
            self.mistake("mapping.text_expected", node.place, word)
        return default


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like it; empty if none is near."""
    lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), lower, n=1, cutoff=NEAR)
    return lower[found[0]] if found else ""

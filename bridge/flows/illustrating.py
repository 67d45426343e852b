"""The pictures and papers of an article, as one marketplace may show them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.ledger.mediafiles import PICTURE
from bridge.ledger.mediafiles import Named
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.config.media import Media
    from bridge.errors import Turn
    from bridge.flows.joining import Known
    from bridge.ledger.mediafiles import Looked

    Coded = Mapping[str, Any]
    Place = tuple[str, int]

COLUMN = "Dateiname"
MOST_PICTURES = 9  # the main one and eight others (amazon.md 4)
ZOOMED = 1_000  # pixels from which customers may zoom (amazon.md, Images)
LAST = 1_000_000  # what says no place of its own stands behind
#: Kinds of papers Amazon has no place for (amazon.md M20).
AT_HOME = frozenset({"energy_label", "other"})
#: How Amazon writes a language where no marketplace says which country.
TAGS: Mapping[str, str] = {
    **{
        place.language.partition("_")[0]: place.language
        for place in reversed([*MARKETPLACES.values()])
    },
    "en": "en_GB",
}


@dataclass
class Illustration:
    """What a marketplace may see of an article's files.

    Attributes:
        fields: Of the coded Listing.
        found: What a person should know of them.
        known: Whether every file was looked at; else nothing is stated.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    known: bool = True


@dataclass(frozen=True)
class Gallery:
    """What all articles have in common.

    Attributes:
        settings: Where files lie, and where Amazon sees them.
        language: The articles' own.
        checked: Whether anybody looks at files, or asks their addresses.
        files: What was found of them.
    """

    settings: Media
    language: str
    checked: bool
    files: Mapping[Named, Looked]

    def shown(self, known: Known, place: Place, tag: str) -> Illustration:
        """The pictures and papers of an article for one marketplace.

        Args:
            known: What is known of it.
            place: Its number and variant; its own files stand before those
                of the whole family.
            tag: The language of the marketplace, ``de_DE``.
        """
        made = Illustration()
        if not known.media:
            return made
        if not self.settings.base_url:
            made.found.append(
                _said("offers.no_media_address", None, turn="operator")
            )
            return made
        wanted = [
            one
            for one in sorted(known.media, key=lambda it: _rank(it, place))
            if _language(one) in {"", _family(tag)}
        ]
        if not all(map(self._is_known, wanted)):
            return Illustration(known=False)
        self._pictures(wanted, made)
        self._papers(wanted, tag, made)
        return made

    def _is_known(self, one: Coded) -> bool:
        return not self.checked or _named(one) in self.files

    def _pictures(self, wanted: Sequence[Coded], made: Illustration) -> None:
        pictures = [one for one in wanted if one["kind"] == PICTURE]
        found = list(dict.fromkeys(self._addresses(pictures, made)))
        if len(found) > MOST_PICTURES:
            more = str(len(found) - MOST_PICTURES)
            made.found.append(_said("offers.too_many_pictures", more))
        for number, url in enumerate(found[:MOST_PICTURES], 1):
            made.fields[f"picture_{number}"] = url

    def _papers(
        self, wanted: Sequence[Coded], tag: str, made: Illustration
    ) -> None:
        told: dict[tuple[str, str], dict[str, str]] = {}
        for one in wanted:
            kind, language = one["kind"], self._tag(one, tag)
            if kind == PICTURE:
                continue
            if kind in AT_HOME:
                made.found.append(_said("offers.paper_at_home", one["file"]))
                continue
            for url in self._addresses([one], made):
                if (kind, language) in told:
                    made.found.append(_said("offers.paper_twice", one["file"]))
                    continue
                title = {"title": one["title"]} if one.get("title") else {}
                paper = {"kind": kind, "language_tag": language, "url": url}
                told[kind, language] = paper | title
        if told:
            made.fields["papers"] = list(told.values())

    def _tag(self, one: Coded, tag: str) -> str:
        """The language of a paper as Amazon writes it there."""
        language = _language(one) or self.language
        if language == _family(tag):
            return tag
        return TAGS.get(language, f"{language}_{language.upper()}")

    def _addresses(
        self, files: Sequence[Coded], made: Illustration
    ) -> Iterator[str]:
        """Where Amazon fetches files; what is wrong with them is said."""
        for one in files:
            looked = self.files.get(_named(one))
            if not self.checked or looked is None:
                yield self.settings.address(one["file"])
                continue
            made.found += _doubts(looked)
            if looked.published is not None:
                yield self.settings.address(looked.published)


def _doubts(looked: Looked) -> Iterator[Finding]:
    facts = {"pixels": str(looked.longest)}
    if looked.fault is not None:
        yield _said(looked.fault, looked.asked or looked.file, facts)
    elif looked.longest is not None and looked.longest < ZOOMED:
        yield _said("media.no_zoom", looked.file, facts)


def _rank(one: Coded, place: Place) -> tuple[object, ...]:
    """What is its own first, then in the order of display."""
    shared = (one["article"], one.get("variant") or 0) != place
    return shared, one.get("position") or LAST, one["file"]


def _named(one: Coded) -> Named:
    variant = one.get("variant") or 0
    return Named(one["article"], variant, one["file"], one["kind"] == PICTURE)


def _language(one: Coded) -> str:
    return _family(one.get("language") or "").lower()


def _family(tag: str) -> str:
    """``de`` of ``de_DE``, and of ``de-AT``."""
    return tag.replace("-", "_").partition("_")[0]


def _said(
    code: str,
    value: str | None,
    facts: Mapping[str, str] | None = None,
    turn: Turn = "sender",
) -> Finding:
    return Finding(code, None, COLUMN, value, "warn", turn, facts or {})

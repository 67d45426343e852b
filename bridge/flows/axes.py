"""What makes a listing one of a family, in the words of a marketplace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows.families import CHILD

if TYPE_CHECKING:
    from bridge.flows.families import Family
    from bridge.flows.families import Member
    from bridge.flows.wording import Words

VARIATION = "variation"


@dataclass(frozen=True)
class Speech:
    """How a marketplace speaks.

    Attributes:
        words: Those of all languages.
        tag: Its language, ``fr_FR``.
        own: The language of the articles' own texts, ``de``.
    """

    words: Words
    tag: str
    own: str

    @property
    def at_home(self) -> bool:
        """Whether it speaks as the articles do."""
        return self.tag.startswith(self.own)

    def word(self, value: str) -> str | None:
        """A single word as it is said there; nothing if nobody said how."""
        return value if self.at_home else self.words.word(value, self.tag)

    def axes(self, member: Member) -> dict[str, str]:
        """What a variant has of each axis, as far as there are words."""
        if self.at_home:
            return dict(member.axes)
        said = {
            name: self.words.word(value, self.tag)
            for name, value in member.axes.items()
        }
        return {name: word for name, word in said.items() if word is not None}


def child(
    family: Family, member: Member, speech: Speech, found: list[Finding]
) -> tuple[dict[str, Any], bool]:
    """What makes a listing one of a family.

    Two words of home may be one abroad; Amazon wants no two variants alike
    (amazon.md M15).

    Returns:
        The fields, and whether they do not hold in this language.
    """
    own = speech.axes(member)
    language = speech.tag.partition("_")[0]
    for name in member.axes.keys() - own.keys():
        value = member.axes[name]
        facts = {"value": value, "language": language}
        found.append(_told("offers.no_axis_text", facts))
    untold = len(own) < len(member.axes)
    other = (
        None if untold or speech.at_home else _alike(family, member, speech)
    )
    if other is not None:
        values = ", ".join(own.values())
        facts = {
            "value": values,
            "other": ", ".join(other.axes.values()),
            "own": ", ".join(member.axes.values()),
            "language": language,
        }
        found.append(_told("offers.alike_abroad", facts))
    found += family.faults
    fields = {
        "parentage": CHILD,
        "relation": VARIATION,
        "parent_sku": family.base.sku,
        "theme": theme(family),
        **own,
    }
    return fields, untold or other is not None


def _alike(family: Family, member: Member, speech: Speech) -> Member | None:
    """Another variant that differs at home, and not in these words."""
    own = _folded(speech, member)
    for other in family.members.values():
        if other is not member and _folded(speech, other) == own:
            return other
    return None


def _folded(speech: Speech, member: Member) -> dict[str, str]:
    said = speech.axes(member)
    return {name: value.casefold() for name, value in said.items()}


def theme(family: Family) -> str | None:
    """How Amazon names what the family differs in: ``SIZE/COLOR``."""
    return "/".join(name.upper() for name in family.axes) or None


def _told(code: str, facts: dict[str, str]) -> Finding:
    return Finding(code, None, "Wert", None, "warn", "sender", facts)

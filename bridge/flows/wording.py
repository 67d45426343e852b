"""Single words of the articles in the languages of other marketplaces.

A table a person keeps has them: those of the mapping whose name is
``words_`` and a language (``words_fr``, or ``words_fr_BE`` where a country
matters). A word of home is nothing for a marketplace of another language.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "words_"


@dataclass(frozen=True)
class Words:
    """The words of every language there is a table of.

    Attributes:
        of: By language, then by the word of home in small letters.
    """

    of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def word(self, value: str, tag: str) -> str | None:
        """A value in the language of a marketplace, ``fr_FR``.

        What has no small letters, ``XL`` and ``42``, holds everywhere.
        """
        for language in (tag, tag.partition("_")[0]):
            found = self.of.get(language, {}).get(value.casefold())
            if found is not None:
                return found
        return None if any(map(str.islower, value)) else value


def words(tables: Mapping[str, Mapping[str, str]]) -> Words:
    """The words among the tables of a mapping."""
    return Words(
        {
            name.removeprefix(TABLE): {
                key.casefold(): value for key, value in table.items()
            }
            for name, table in tables.items()
            if name.startswith(TABLE)
        }
    )

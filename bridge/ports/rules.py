"""What Amazon demands of a product type's attributes, asked before sending."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

LISTING, OFFER_ONLY = "LISTING", "LISTING_OFFER_ONLY"
ERROR, WARNING = "ERROR", "WARNING"


class Wanted(NamedTuple):
    """Which definition: of a marketplace, a type and a set of attributes.

    Attributes:
        marketplace: Country code.
        product_type: Amazon's name of it.
        requirements: ``LISTING`` or ``LISTING_OFFER_ONLY``.
    """

    marketplace: str
    product_type: str
    requirements: str = LISTING


@dataclass(frozen=True)
class Fault:
    """One rule an attribute breaks.

    Attributes:
        code: The catalogue has the sentence.
        attribute: The top-level attribute.
        severity: ``ERROR``: Amazon would refuse it; ``WARNING``: it may not.
        facts: The placeholders of the sentence.
    """

    code: str
    attribute: str
    severity: str = ERROR
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_issue(self) -> dict[str, Any]:
        """The fault in the form of Amazon's own issues."""
        return {
            "code": self.code,
            "severity": self.severity,
            "attributeNames": [self.attribute],
            "facts": dict(self.facts),
        }


class Rulebook(Protocol):
    """The rules of product types, as far as they are known here."""

    def refresh(self, wanted: Iterable[Wanted]) -> None:
        """Bring definitions up to date; may ask Amazon, never fails for it.

        Raises:
            ConfigError: ``amazon.bad_definition``: a file a person put
                there cannot be read.
        """
        ...

    def knows(self, wanted: Wanted) -> bool:
        """Whether anything can be checked."""
        ...

    def faults(
        self, wanted: Wanted, attributes: Mapping[str, Any], *, whole: bool
    ) -> Sequence[Fault]:
        """What is wrong with attributes; nothing where no rules are known.

        Args:
            wanted: The definition to go by.
            attributes: Instances by name.
            whole: Whether this is all of a listing: what is missing counts.
        """
        ...

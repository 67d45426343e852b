"""By what a customer is known again, as far as that can be known.

Amazon has no number for a buyer. The same VAT id, the same alias e-mail
(one for each pair of seller and buyer, amazon.md M9) or the same name,
street and postcode are taken for the same person; only keyed digests of
them are kept.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from typing import Any

    from bridge.flows.parts import Safe
    from bridge.model.kinds import Kind

#: Amazon's own addresses of buyers, below whatever name.
ALIAS = re.compile(r"@(?:[\w-]+\.)*marketplace\.amazon\.")
MARK = "~"  # before a key that is a fingerprint


def is_alias(email: str | None) -> bool:
    """Whether an e-mail is one that Amazon made up."""
    plain = unicodedata.normalize("NFKC", email or "").casefold()
    return ALIAS.search(plain) is not None


def prints(customer: Mapping[str, Any], safe: Safe) -> list[str]:
    """The fingerprints of a coded Customer, the surest first."""
    return [safe.fingerprint(text) for text in _known_by(customer)]


def key_of(kind: Kind, document: Mapping[str, Any], safe: Safe) -> str | None:
    """The key of a document whose own key is empty, if it has an identity."""
    text = next(_texts(kind, document), None)
    return None if text is None else MARK + safe.fingerprint(text)


def _known_by(customer: Mapping[str, Any]) -> Iterator[str]:
    email = customer.get("email")
    if is_alias(email):
        yield f"email:{_bare(str(email))}"
    yield from _texts(KINDS["Customer"], customer)


def _texts(kind: Kind, document: Mapping[str, Any]) -> Iterator[str]:
    for fields in kind.identity:
        values = [_bare(str(document.get(name) or "")) for name in fields]
        if all(values):
            yield f"{'+'.join(fields)}:{'|'.join(values)}"


def _bare(text: str) -> str:
    """Letters and digits, so that spelling alone makes nobody new."""
    street = text.casefold().replace("strasse", "str")  # ß is ss by now
    return "".join(sign for sign in street if sign.isalnum())

"""By what a document is the same as one that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import identity
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from bridge.flows.desk import Place
    from bridge.flows.parts import Safe
    from bridge.mapping.plan import Plan


def key_of(
    plan: Plan, safe: Safe
) -> Callable[[Mapping[str, Any]], Place | None]:
    """Article, variant and natural key; nothing if a part is missing.

    A kind with an identity is known by its fingerprint where it has no key.
    """
    kind = plan.kind
    article, variant = (*kind.place, "", "")[:2]
    fields = [kind.fields[name] for name in plan.own_key]

    def key(document: Mapping[str, Any]) -> Place | None:
        parts = []
        for field in fields:
            value = document.get(field.name)
            if value is None:
                if field.needed:
                    return None
                value = field.default
            parts.append(value if value.__class__ is str else str(value))
        joined = KEY_SEPARATOR.join(parts)
        if not article:
            if not joined and kind.identity:
                printed = identity.key_of(kind, document, safe)
                return None if printed is None else ("", 0, printed)
            return "", 0, joined
        return document[article], document.get(variant) or 0, joined

    return key

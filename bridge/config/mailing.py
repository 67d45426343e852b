"""What in ``[mail]`` has the right shape and still cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.config.faults import found_at
from bridge.config.mail import NONE
from bridge.config.mail import SMTP
from bridge.config.mail import is_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.config.places import Places
    from bridge.errors import Finding

SECTION = "mail"


def mistakes(places: Places, raw: dict[str, Any]) -> Iterator[Finding]:
    """Every mistake that only two settings together make."""
    said = raw.get(SECTION)
    if not isinstance(said, dict):
        return
    head = raw.get("letterhead")
    own = head.get("email") if isinstance(head, dict) else None
    if said.get("deliver") == SMTP and not said.get("host"):
        yield _lacks(places, "deliver", "host")
    if said.get("events") and not (said.get("sender") or own):
        yield _lacks(places, "events", "sender")
    for one, other in (("user", "password"), ("password", "user")):
        if said.get(one) and not said.get(other):
            yield _lacks(places, one, other)
    host = said.get("host")
    if said.get("security") == NONE and host and not is_here(str(host)):
        path = (SECTION, "security")
        spot = places.value(path)
        yield found_at(spot, "config.open_mail", path, str(host))


def _lacks(places: Places, name: str, other: str) -> Finding:
    path = (SECTION, name)
    return found_at(places.value(path), "config.half_mail", path, other)

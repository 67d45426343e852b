"""How old the data of a file is (decisions 11)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.errors import InputError
from bridge.formats.reading import open_file
from bridge.mapping.moments import stamp
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.mapping.plan import Plan
    from bridge.model.record import Profile

HEADED = frozenset({"xml", "json"})  # the others have no place for a head
_NAME_FORMS = {"%Y": r"\d{4}", "%m": r"\d\d", "%d": r"\d\d"}
_NAME_FORMS |= {"%H": r"\d\d", "%M": r"\d\d", "%S": r"\d\d"}


def file_age(
    plan: Plan, path: Path, profile: Profile, delivery: Delivery, parts: Parts
) -> datetime:
    """The age of a file as a whole: the first place that states one.

    Rows may state their own; see ``row_age``.
    """
    zone = ZoneInfo(parts.settings.bridge.timezone)
    for place in plan.as_of:
        found: datetime | None = None
        if place.source == "head" and profile.format in HEADED:
            found = _from_head(path, profile, place.text, zone)
        elif place.source == "name":
            found = _from_name(delivery.name, place.text, zone)
        elif place.source == "mtime":
            found = delivery.modified_at
        if found is not None:
            return found
    return delivery.modified_at


def row_age(
    plan: Plan, profile: Profile, timezone: str, default: datetime
) -> Callable[[Mapping[str, Any]], int]:
    """A function from a record's values to its age in UTC microseconds."""
    names = [place.text for place in plan.as_of if place.source == "from"]
    fallback = micros(default)
    if not names:
        return lambda _values: fallback
    read = stamp(profile.datetime, profile.date, ZoneInfo(timezone))

    def age(values: Mapping[str, Any]) -> int:
        for name in names:
            value = values.get(name)
            if value is None or value == "":
                continue
            try:
                return read(value.strip() if value.__class__ is str else value)
            except ValueError:
                return fallback  # the field's own mapping says what is wrong
        return fallback

    return age


def _from_head(
    path: Path, profile: Profile, name: str, zone: ZoneInfo
) -> datetime | None:
    try:
        with open_file(path, profile) as reading:
            value = reading.head.get(name)
    except InputError:
        return None  # the intake will say what is wrong with the file
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _from_name(name: str, form: str, zone: ZoneInfo) -> datetime | None:
    pattern = re.escape(form)
    for sign, digits in _NAME_FORMS.items():
        pattern = pattern.replace(re.escape(sign), digits)
    found = re.search(pattern, name)
    if found is None:
        return None
    try:
        return datetime.strptime(found.group(0), form).replace(tzinfo=zone)
    except ValueError:
        return None

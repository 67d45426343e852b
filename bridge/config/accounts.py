"""What seller accounts need, beyond the shape of their sections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

from bridge.config.faults import found_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.places import Places
    from bridge.errors import Finding

Section: TypeAlias = "tuple[str | int, ...]"
EXAMPLES = {
    "seller_id": "A2ABCDEFGHIJKL",
    "client_id": "env:LWA_CLIENT_ID",
    "client_secret": "env:LWA_CLIENT_SECRET",
    "refresh_token": "env:LWA_REFRESH_TOKEN",
}
SAMPLE_SELLER = "A1EXAMPLESELLER"
MAIN = "main"
LIVE = "live"
#: Sections that may be about one account alone.
RULES = ("outbox", "stock", "price")
WAREHOUSE = "warehouse"  # a single section that names one


def mistakes(
    places: Places, raw: Mapping[str, Any], regions: Mapping[str, str]
) -> Iterator[Finding]:
    """What of the accounts cannot be, or is missing once they are live.

    Args:
        places: Where each setting stands.
        raw: All of bridge.toml.
        regions: The region of each marketplace by country code.
    """
    sections = dict(_sections(raw))
    yield from _doubled(places, sections)
    yield from _unknown(places, raw, sections)
    if sections.get(("amazon",), {}).get("mode") == LIVE:
        for path, section in sections.items():
            yield from _needed(places, section, regions, path)
        yield from _same_seller(places, sections)


def _sections(
    raw: Mapping[str, Any],
) -> Iterator[tuple[Section, dict[str, Any]]]:
    """``[amazon]`` and every ``[[account]]``, each with its place."""
    amazon = raw.get("amazon", {})
    if isinstance(amazon, dict):
        yield ("amazon",), amazon
    many = raw.get("account")
    for number, one in enumerate(many if isinstance(many, list) else ()):
        if isinstance(one, dict):
            yield ("account", number), one


def _name(path: Section, section: Mapping[str, Any]) -> str:
    if path == ("amazon",):
        return str(section.get("account", MAIN))
    return str(section.get("name", ""))


def _doubled(
    places: Places, sections: Mapping[Section, dict[str, Any]]
) -> Iterator[Finding]:
    """Folders are called by accounts, and Windows has no upper case."""
    seen: set[str] = set()
    for path, section in sections.items():
        name = _name(path, section)
        if name and name.casefold() in seen:
            spot = places.value((*path, "name"))
            yield found_at(
                *(spot, "config.doubled_name", (*path, "name"), name),
                section="account",
            )
        seen.add(name.casefold())


def _unknown(
    places: Places,
    raw: Mapping[str, Any],
    sections: Mapping[Section, dict[str, Any]],
) -> Iterator[Finding]:
    """Rules for an account that is not there."""
    known = [_name(path, section) for path, section in sections.items()]
    for way, rule in _rules(raw):
        said = rule.get("account", "") if isinstance(rule, dict) else ""
        if said and said not in known:
            path = (*way, "account")
            yield found_at(
                *(places.value(path), "config.unknown_account"),
                *(path, str(said)),
                known=", ".join(filter(None, known)),
            )


def _rules(raw: Mapping[str, Any]) -> Iterator[tuple[Section, Any]]:
    """What may be about one account alone, each with its place."""
    for kind in RULES:
        many = raw.get(kind)
        for number, rule in enumerate(many if isinstance(many, list) else ()):
            yield (kind, number), rule
    yield (WAREHOUSE,), raw.get(WAREHOUSE)


def _needed(
    places: Places,
    section: Mapping[str, Any],
    regions: Mapping[str, str],
    path: Section,
) -> Iterator[Finding]:
    """What a live account cannot do without."""
    for key, example in EXAMPLES.items():
        if section.get(key) in {None, "", SAMPLE_SELLER}:
            place = (*path, key if key in section else "mode")
            name = (*path, key)
            yield found_at(
                *(places.value(place), "config.needed_live", name),
                key=key,
                example=example,
            )
    region = str(section.get("region", "eu"))
    markets = section.get("marketplaces")
    for number, code in enumerate(
        markets if isinstance(markets, list) else ()
    ):
        other = regions.get(str(code), region)
        if other != region:
            spot = (*path, "marketplaces", number)
            yield found_at(
                *(places.value(spot), "config.other_region", spot, code),
                wanted=other,
                region=region,
            )


def _same_seller(
    places: Places, sections: Mapping[Section, dict[str, Any]]
) -> Iterator[Finding]:
    """A seller in two accounts of a region would have every order twice."""
    who = {
        path: (section.get("seller_id"), section.get("region", "eu"))
        for path, section in sections.items()
        if section.get("seller_id") not in {None, "", SAMPLE_SELLER}
    }
    alike = Counter(who.values())
    for path, (seller, region) in who.items():
        if path != ("amazon",) and alike[seller, region] > 1:
            name = (*path, "seller_id")
            yield found_at(
                *(places.value(name), "config.same_seller", name, seller)
            )

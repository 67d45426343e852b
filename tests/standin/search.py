"""searchListingsItems of the stand-in: by SKU, or for issues."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply

MOST = 20
DE = "A1PA6795UKMFR9"
#: How long numbers of each kind are.
LENGTHS = {"ASIN": {10}, "EAN": {8, 13}, "UPC": {12}, "GTIN": {14}}
REACHED = 1_000  # listings of one search


def search(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """Listings of the seller."""
    if int(query.get("pageSize", "10")) > MOST:
        return problem(400, "InvalidInput", "pageSize")
    return (
        _named(amazon, query)
        if "identifiers" in query
        else _bad(amazon, query)
    )


def one(
    amazon: Amazon,
    parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """One listing of the seller, by its SKU."""
    place = (query["marketplaceIds"], parts[1])
    if place not in amazon.seller.listings:
        return problem(404, "NotFound", parts[1])
    return reply(_item(amazon, query, *place))


def _item(
    amazon: Amazon, query: Mapping[str, str], market: str, sku: str
) -> dict[str, Any]:
    """A listing with what the question includes."""
    item = amazon.seller.item(market, sku)
    if "attributes" in query.get("includedData", ""):
        item["attributes"] = amazon.seller.listings[market, sku]
    return item


def catalogue(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """Things of Amazon's catalogue, by ASIN or by a number they bear."""
    wanted = query["identifiers"].split(",")
    kind, things = query.get("identifiersType", ""), amazon.seller.things
    right = kind in LENGTHS and "," not in query.get("marketplaceIds", ",")
    if not right or not 0 < len(wanted) <= MOST:
        return problem(400, "InvalidInput", "identifiers")
    odd = amazon.seller.odd_gtins & set(wanted)
    if odd or any(len(one) not in LENGTHS[kind] for one in wanted):
        return problem(400, "InvalidInput", kind)
    size, start = int(query.get("pageSize", "10")), query.get("pageToken", "0")
    if size > MOST:
        return problem(400, "InvalidInput", "pageSize")
    items = [
        {"asin": asin, **said}
        for asin, said in things.items()
        if (asin if kind == "ASIN" else said.get("gtin")) in wanted
    ]
    shown = items[int(start) : int(start) + size]
    content: dict[str, object] = {"items": [_shown(one) for one in shown]}
    content["numberOfResults"] = len(items)
    if int(start) + size < len(items):
        content["pagination"] = {"nextToken": str(int(start) + size)}
    return reply(content)


def _shown(thing: dict[str, Any]) -> dict[str, Any]:
    """A thing as Amazon shows it; where a test says little, in its form."""
    rest = {k: v for k, v in thing.items() if k not in {"gtin", "brand"}}
    if "gtin" not in thing:
        return rest
    number = {"identifierType": "EAN", "identifier": thing["gtin"]}
    summary = {"marketplaceId": DE, "brand": thing.get("brand")}
    numbers = [{"marketplaceId": DE, "identifiers": [number]}]
    return {**rest, "summaries": [summary], "identifiers": numbers}


def _named(amazon: Amazon, query: Mapping[str, str]) -> Reply:
    skus = query["identifiers"].split(",")
    if len(skus) > MOST or query.get("identifiersType") != "SKU":
        return problem(400, "InvalidInput", "identifiers")
    seller, market = amazon.seller, query["marketplaceIds"]
    items = [
        _item(amazon, query, market, sku)
        for sku in skus
        if (market, sku) in seller.listings
    ]
    return reply({"numberOfResults": len(items), "items": items})


def _bad(amazon: Amazon, query: Mapping[str, str]) -> Reply:
    """Those with issues, the oldest change first, page by page."""
    seller, market = amazon.seller, query["marketplaceIds"]
    wanted = set(query.get("withIssueSeverity", "").split(","))
    since = datetime.fromisoformat(
        query.get("lastUpdatedAfter", "2000-01-01T00:00:00Z")
    )
    found = sorted(
        (seller.updated[place], place[1])
        for place, issues in seller.complaints.items()
        if place[0] == market
        and seller.updated[place] >= since
        and wanted & {one["severity"] for one in issues}
    )
    start = int(query.get("pageToken", "page-0").removeprefix("page-"))
    end = start + int(query["pageSize"])
    items = [seller.item(market, sku) for _, sku in found[start:end]]
    content: dict[str, object] = {"items": items}
    if end < min(len(found), REACHED):
        content["pagination"] = {"nextToken": f"page-{end}"}
    return reply(content)

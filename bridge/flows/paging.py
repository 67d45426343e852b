"""What an A+ page says: an article beside those it points at (amazon.md M10).

A comparison table of at most six products and ten rows. Its rows are what is
told of the products anyway, in the words of the marketplace; a row without a
word there is left out. Pictures are left to Amazon's own.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.flows.references import MODULES
from bridge.flows.references import TRANSFERABLE
from bridge.flows.references import of_kind
from bridge.flows.references import place
from bridge.flows.shop import the_mapping
from bridge.flows.wording import words
from bridge.ledger import offers
from bridge.ledger.writing import CHUNK
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.pages import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parts import Parts
    from bridge.flows.wording import Words

    Known = Mapping[str, Mapping[str, Any]]

MOST = 6  # products of a table; the article itself is the first
TITLE, NAME, VALUE = 80, 100, 250  # characters
OWN = "merchant_suggested_asin"  # what Sage says
NOTHING = "-"  # an empty value Amazon does not take
#: Rows: the word of home, and the attribute that has it.
ROWS = {
    "Marke": "brand",
    "Größe": "size",
    "Farbe": "color",
    "Material": "material",
    "Stil": "style",
}


def sheets(
    parts: Parts, market: str
) -> Iterator[tuple[str, list[str], Sheet]]:
    """The page of every SKU whose references Amazon can show.

    Yields:
        The SKU, the SKUs beside it, and the page.
    """
    pointed = _pointed(parts)
    skus = sorted({*pointed, *chain.from_iterable(pointed.values())})
    told = _told(parts, market, skus)
    own = {sku: _value(one, OWN) for sku, one in told.items()}
    asins = {sku: asin for sku, asin in own.items() if asin}
    asins |= _asins(parts, market, skus)
    spoken = words(the_mapping(parts).plan.tables)
    for sku, others in pointed.items():
        shown = [one for one in (sku, *others) if one in asins and one in told]
        if sku in shown[:1] and len(shown) > 1:
            chosen = [(one, asins[one], told[one]) for one in shown[:MOST]]
            yield sku, shown[1:MOST], _sheet(market, spoken, chosen)


def _pointed(parts: Parts) -> dict[str, list[str]]:
    """The SKUs each SKU points at, as its references are ordered."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with parts.ledger.read() as tx:
        for kind in MODULES.values():
            shown = of_kind(tx, parts.book, parts.mandant, parts.side, kind)
            for one in shown:
                if one.sku and one.to_sku and one.why.code in TRANSFERABLE:
                    found[one.sku].append((place(one.said), one.to_sku))
    return {
        sku: [one for one in dict.fromkeys(_ordered(others)) if one != sku]
        for sku, others in found.items()
    }


def _ordered(others: list[tuple[int, str]]) -> list[str]:
    return [sku for _, sku in sorted(others)]


def _told(parts: Parts, market: str, skus: Sequence[str]) -> Known:
    """What is told of the products that are offered."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(skus), CHUNK):
        lot = skus[start : start + CHUNK]
        with parts.ledger.read() as tx:
            bodies = offers.desired(tx, parts.side, market, "content", lot)
            offered = offers.sellable(tx, parts.side, market, lot)
        for sku in offered & bodies.keys():
            found[sku] = orjson.loads(bodies[sku])
    return found


def _asins(parts: Parts, market: str, skus: Sequence[str]) -> dict[str, str]:
    """What Amazon calls the things, as far as it has them."""
    found: dict[str, str] = {}
    most = parts.showcase.most_at_once
    for start in range(0, len(skus), most):
        looked = parts.showcase.look(market, skus[start : start + most])
        found |= {
            k: str(v["asin"]) for k, v in looked.items() if v.get("asin")
        }
    return found


def _sheet(
    market: str,
    spoken: Words,
    chosen: Sequence[tuple[str, str, Mapping[str, Any]]],
) -> Sheet:
    tag = MARKETPLACES[market].language
    rows = {
        label: [_value(told, name) for *_, told in chosen]
        for word, name in ROWS.items()
        if (label := word if tag.startswith("de") else spoken.word(word, tag))
    }
    rows = {label: values for label, values in rows.items() if any(values)}
    columns = [
        {
            "position": number,
            "title": _cut(_value(told, "item_name") or sku, TITLE),
            "asin": asin,
            "highlight": number == 1,
            "metrics": [
                {"position": at, "value": values[number - 1] or NOTHING}
                for at, values in enumerate(rows.values(), 1)
            ],
        }
        for number, (sku, asin, told) in enumerate(chosen, 1)
    ]
    labels = [
        {"position": at, "value": label} for at, label in enumerate(rows, 1)
    ]
    table = {"productColumns": columns, "metricRowLabels": labels}
    sku, asin, _ = chosen[0]
    locale = tag.replace("_", "-")
    name = f"bridge {sku} {locale}"[:NAME]
    body = {
        "name": name,
        "contentType": "EBC",
        "locale": locale,
        "contentModuleList": [
            {
                "contentModuleType": "STANDARD_COMPARISON_TABLE",
                "standardComparisonTable": table,
            }
        ],
    }
    return Sheet(market, asin, locale, name, body)


def _value(told: Mapping[str, Any], name: str) -> str:
    """What is told of a product, in one line."""
    first: Mapping[str, Any] = next(iter(told.get(name) or ()), {})
    return _cut(" ".join(str(first.get("value") or "").split()), VALUE)


def _cut(text: str, most: int) -> str:
    """At most so many characters, on a word where there is one."""
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0] or text[:most]

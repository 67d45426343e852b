"""An article's documents joined to one listing a marketplace may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.ledger.documents import Body
    from bridge.mapping.book import Book

LONGEST_SKU = 40  # characters and UTF-8 bytes (amazon.md 2)
_SHARED = tuple(
    name
    for name in KINDS["Listing"].fields
    if name in KINDS["Article"].fields and name not in {"sku", "variant"}
)

#: What of an article is written in a language.
TEXTS = frozenset({"title", "description", "bullets", "keywords"})

#: Where documents an article has several of are kept.
_LISTS = {
    "PriceEntry": "prices",
    "CustomerPrice": "customer_prices",
    "Reference": "references",
    "Media": "media",
    "Variant": "variants",
    "Bundle": "components",
}


@dataclass
class Known:
    """Everything the ledger knows of one article.

    Attributes:
        article: The merged coded Article; empty if there is none.
        gone: Whether the catalogue no longer holds it.
        prices: Coded PriceEntries that are still there.
        customer_prices: What customers pay, likewise.
        references: What it points at, likewise.
        media: Its pictures and papers, likewise.
        variants: What its variants differ in, likewise.
        components: What lies in it, if it is a set, likewise.
        texts: Its coded Texts by their language.
        stock: Its StockLevels, as each mapping states them.
    """

    article: dict[str, Any] = field(default_factory=dict)
    gone: bool = False
    prices: list[dict[str, Any]] = field(default_factory=list)
    customer_prices: list[dict[str, Any]] = field(default_factory=list)
    references: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)
    variants: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    stock: list[Body] = field(default_factory=list)

    @property
    def sellable(self) -> bool:
        """Whether it is offered at all; what is not said is yes."""
        return (
            bool(self.article)
            and not self.gone
            and self.article.get("active") is not False
            and self.article.get("offered") is not False
            and not self.archived
        )

    @property
    def archived(self) -> bool:
        """Whether it never comes back, as somebody says."""
        return self.article.get("archived") is True

    @property
    def sku(self) -> str:
        """Amazon's name of it (decisions 5)."""
        own = self.article.get("sku")
        if own:
            return str(own)
        number = str(self.article.get("article", ""))
        variant = self.article.get("variant") or 0
        return f"{number}-{variant}" if variant else number

    @property
    def tax_rate(self) -> Decimal | None:
        """Percent."""
        rate = self.article.get("tax_rate")
        return None if rate is None else Decimal(rate)


def gather(bodies: Iterable[Body], book: Book) -> dict[tuple[str, int], Known]:
    """The documents of some articles, sorted by article and merged.

    Where several mappings state one document, each field goes to the
    mapping of the highest priority, ties to the younger (decisions 7).
    """
    found: dict[tuple[str, int], Known] = defaultdict(Known)
    parts: dict[tuple[str, str], list[Body]] = defaultdict(list)
    places: dict[tuple[str, str], tuple[str, int]] = {}
    for body in bodies:
        place = (body.article, body.variant)
        if body.kind == "StockLevel":
            found[place].stock.append(body)
            continue
        parts[body.kind, body.key].append(body)
        places[body.kind, body.key] = place
    for (kind, key), stated in parts.items():
        known = found[places[kind, key]]
        merged = merge(stated, book)
        if kind == "Article":
            known.article = merged
            known.gone = all(body.gone for body in stated)
        elif all(body.gone for body in stated):
            continue
        elif kind == "Text":
            known.texts[merged["language"]] = merged
        else:
            getattr(known, _LISTS[kind]).append(merged)
    return found


def spoken(known: Known, tag: str, own: str) -> dict[str, Any]:
    """The article as a marketplace of another language may show it.

    Args:
        known: What is known of it.
        tag: The language of the marketplace, ``fr_FR``.
        own: The language of the article's own texts, ``de``.

    Returns:
        The coded article; without a translation its texts are left out, for
        nothing is worse abroad than the text of home (amazon.md M16).
    """
    language = tag.partition("_")[0]
    if language == own:
        return known.article
    text = known.texts.get(tag) or known.texts.get(language) or {}
    rest = {k: v for k, v in known.article.items() if k not in TEXTS}
    return rest | {k: v for k, v in text.items() if k in TEXTS}


def merge(stated: Iterable[Body], book: Book) -> dict[str, Any]:
    """One document of what several mappings say, field by field."""

    def weight(body: Body) -> tuple[int, int]:
        plan = book.plans.get(body.mapping)
        return (5 if plan is None else plan.priority, body.as_of)

    merged: dict[str, Any] = {}
    for body in sorted(stated, key=weight):
        merged.update(orjson.loads(body.body))
    return merged


def listing(
    known: Known,
    groups: Mapping[str, Mapping[str, Any]],
    article: Mapping[str, Any],
    **more: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """The coded Listing of an article; what is empty is left out.

    Args:
        known: What is known of it.
        groups: The coded groups.
        article: It in the language of the marketplace.
        more: What is not the article's own.
    """
    joined = {name: article.get(name) for name in _SHARED}
    joined |= {"sku": known.sku, "variant": article.get("variant") or 0}
    group = groups.get(str(article.get("group") or ""), {})
    joined["group_title"] = group.get("title")
    for name in ("product_type", "browse_node"):
        joined[name] = joined.get(name) or group.get(name)
    joined |= more
    return {k: v for k, v in joined.items() if v is not None}

"""One article with all that belongs to it: what catalogues are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.model.catalog import Article

if TYPE_CHECKING:
    from bridge.model.catalog import Media
    from bridge.model.catalog import Reference
    from bridge.model.prices import ProductPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Article):
    """An article joined with its prices, references, pictures and papers.

    Attributes:
        article: Artikelnummer, text with its leading zeros.
        variant: AuspraegungID; 0 is the base article.
        sku: What tells it from its variants; never empty.
        offered: Whether it is meant for Amazon at all.
        unit_factor: Sales units in one stock unit.
        unit_count: How much of ``unit_count_type`` one sales unit holds.
        prices: Of every list, promotions too.
        references: What it points at; its successor is among them.
        media: In the order of display; what is of every variant first.
    """

    prices: tuple[ProductPrice, ...] = ()
    references: tuple[Reference, ...] = ()
    media: tuple[Media, ...] = ()

"""Some articles as each marketplace would show them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows import axes
from bridge.flows import borrowing
from bridge.flows import families
from bridge.flows import joining
from bridge.flows import pricing
from bridge.flows import retheming
from bridge.flows.axes import Speech
from bridge.flows.axes import child
from bridge.flows.contents import contents
from bridge.flows.families import PARENT
from bridge.flows.illustrating import Gallery
from bridge.flows.joining import Known
from bridge.flows.media import errand_of
from bridge.flows.shop import pieces_of
from bridge.flows.stockroom import stockroom
from bridge.flows.view import MEDIA
from bridge.flows.view import View
from bridge.ledger import endings
from bridge.ledger import mediafiles
from bridge.ledger import things as catalogue
from bridge.model.coding import code
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.flows.families import Family
    from bridge.flows.families import Member
    from bridge.flows.illustrating import Illustration
    from bridge.flows.parts import Parts
    from bridge.flows.priced import Priced
    from bridge.flows.shop import Shop
    from bridge.flows.stocking import Warehouses
    from bridge.flows.stockroom import Stockroom
    from bridge.ledger.engine import Transaction
    from bridge.ledger.things import Found

    Place = tuple[str, int]

KINDS = ("Article", "PriceEntry", "Text", "Variant", "Bundle", "Media")
UNIT = "Grundpreiseinheit"
#: What a parent, which nobody can buy, does not have (amazon.md M15).
SOLD = frozenset(
    {
        *("gtin", "asin", "part_number", "condition", "tax_code", "tax_rate"),
        *("weight", "length", "width", "height", "list_price", "unit"),
        *("shipping_group", "unit_count", "unit_count_type"),
    }
)


@dataclass(frozen=True)
class Shelf:
    """Everything that is known of some articles.

    Attributes:
        known: Of each article and variant.
        families: Of those that have one, by every place in it.
        room: What may be sold of them.
        language: The articles' own.
        gallery: Their pictures and papers.
        things: What catalogues have of their GTINs, by marketplace and GTIN.
        themes: In what families differ at Amazon, by marketplace and parent.
    """

    known: Mapping[Place, Known]
    families: Mapping[Place, Family]
    room: Stockroom
    language: str
    gallery: Gallery
    themes: Mapping[tuple[str, str], str]
    things: Mapping[tuple[str, str], Found] = field(default_factory=dict)

    def article(self, place: Place) -> Known | None:
        """An article; a variant with what its family shares."""
        member = self.member(place)
        found = member.known if member else self.known.get(place)
        return found if found is not None and found.article else None

    def member(self, place: Place) -> Member | None:
        """What an article is in its family, unless it is the family."""
        family = self.families.get(place)
        return family.members.get(place) if family else None

    def places(self, of: Iterable[Place]) -> Iterator[Place]:
        """Some articles and their variants, as far as they are offered."""
        told: set[Place] = set()
        for place in of:
            family = self.families.get(place)
            for one in (place, *(family.members if family else ())):
                found = self.article(one)
                if one not in told and found is not None and found.sellable:
                    told.add(one)
                    yield one

    def found(self, market: str, article: Mapping[str, Any]) -> Found:
        """What the catalogue of a marketplace has of an article's GTIN."""
        return self.things.get((market, str(article.get("gtin") or "")), [])

    def is_parent(self, place: Place) -> bool:
        """Whether it stands for its variants, and is not sold itself."""
        return place in self.families and self.member(place) is None


def open_shelf(
    parts: Parts,
    tx: Transaction,
    places: Iterable[Place],
    shelves: Warehouses | None = None,
) -> Shelf:
    """Everything that is known of some articles, their families and sets."""
    places = list(places)
    kinds = (*KINDS, *pricing.more_kinds(parts.settings))
    mandant = parts.mandant
    known = families.gathered(tx, parts.book, mandant, places, kinds)
    language = parts.settings.bridge.article_language
    checked = errand_of(parts) is not None
    names = {article for article, _ in known} if checked else ()
    files = mediafiles.of_articles(tx, mandant, names)
    found = families.families(known)
    parents = {family.base.sku for family in found.values()}
    return Shelf(
        known,
        found,
        stockroom(parts, tx, places, shelves),
        language,
        Gallery(parts.settings.media, language, checked, files),
        endings.themes(tx, parts.side, parents),
        _things(parts, tx, known, found),
    )


def _things(
    parts: Parts,
    tx: Transaction,
    known: Mapping[Place, Known],
    related: Mapping[Place, Family],
) -> Mapping[tuple[str, str], Found]:
    """What catalogues have of articles; in rehearsal nobody asked them."""
    if parts.settings.amazon.mode != "live":
        return {}
    every = [*known.values()]
    for family in related.values():
        every += [one.known for one in family.members.values()]
    gtins = {str(one.article.get("gtin") or "") for one in every}
    return catalogue.known(tx, parts.side, gtins - {""})


def priced(shop: Shop, market: str, known: Known) -> Priced:
    """What an article costs whom in one marketplace."""
    return pricing.offers(
        shop.parts.settings,
        market,
        known.prices,
        tax_rate=known.tax_rate,
        now=shop.now,
        list_price=known.article.get("list_price"),
        customer_prices=known.customer_prices,
    )


def view_of(
    shop: Shop,
    market: str,
    shelf: Shelf,
    place: Place,
    *,
    at_amazon: bool = False,
) -> View:
    """Join what is known of an article for one marketplace.

    Args:
        shop: The account.
        market: Country code.
        shelf: What is known of it and of others.
        place: Article and variant.
        at_amazon: Whether it is sold there already, on its own.
    """
    known = shelf.article(place) or Known()
    tag = MARKETPLACES[market].language
    spoken = joining.spoken(known, tag, shelf.language)
    found: list[Finding] = []
    spoken = _unit(shop, known, spoken, tag, shelf.language, found)
    told = "title" in spoken or not known.article.get("title")
    if not told:
        facts = {"language": tag.partition("_")[0]}
        found.append(_warning("offers.no_text", "Sprache", facts))
    if shelf.is_parent(place):
        view = _parent(shop, shelf, place, spoken, found, told=told)
    else:
        state = {"told": told, "at_amazon": at_amazon}
        view = _sold(shop, market, shelf, place, spoken, found, **state)
    family = shelf.families.get(place)
    if family is not None:
        parent = shelf.is_parent(place)
        old = shelf.themes.get((market, family.base.sku))
        sku = family.base.sku
        view = retheming.kept(shop, market, view, old, sku, own=parent)
    view = _illustrated(view, shelf.gallery.shown(known, place, tag))
    if family is not None and shelf.is_parent(place):
        members = [shelf.article(one) for one in family.members]
        bought = [one for one in members if one and one.sellable]
        return borrowing.childless(
            view, [shelf.found(market, one.article) for one in bought]
        )
    return borrowing.borrowed(view, shelf.found(market, view.joined))


def _unit(  # noqa: PLR0913, PLR0917 - whose, and where
    shop: Shop,
    known: Known,
    spoken: dict[str, Any],
    tag: str,
    own: str,
    found: list[Finding],
) -> dict[str, Any]:
    """With the word of its base price's unit in another language, or none."""
    unit = known.article.get("unit_count_type")
    if not unit or tag.startswith(own):
        return spoken
    word = shop.words.word(unit, tag)
    if word is None:
        facts = {"value": unit, "language": tag.partition("_")[0]}
        found.append(_warning("offers.no_unit_text", UNIT, facts))
    return {**spoken, "unit_count_type": word}


def _illustrated(view: View, shown: Illustration) -> View:
    """With its pictures and papers, as soon as they were looked at."""
    return replace(
        view,
        joined={**view.joined, **shown.fields},
        found=[*view.found, *shown.found],
        facets=(*view.facets, *([MEDIA] if shown.known else [])),
    )


def _sold(  # noqa: PLR0913, PLR0917 - all that makes a listing
    shop: Shop,
    market: str,
    shelf: Shelf,
    place: Place,
    spoken: Mapping[str, Any],
    found: list[Finding],
    *,
    told: bool,
    at_amazon: bool,
) -> View:
    """What can be bought: an article, or a variant of one."""
    known = shelf.article(place) or Known()
    tag = MARKETPLACES[market].language
    unit = known.article.get("stock_unit") or known.article.get("unit")
    factor = _decimal(known.article.get("unit_factor"))
    stock, more = pieces_of(shelf.room, place, unit, factor)
    cost = priced(shop, market, known)
    found += [*more, *cost.findings]
    sold = ("content", "price", *(["stock"] if market == shop.home else []))
    family = shelf.families.get(place)
    member = shelf.member(place)
    related: dict[str, Any] = {}
    untold = False
    spoken_here = Speech(shop.words, tag, shelf.language)
    if family and member:
        related, untold = child(family, member, spoken_here, found)
    joined = joining.listing(
        known,
        shop.groups,
        spoken,
        currency=MARKETPLACES[market].currency,
        prices=code(cost.offers) or None,
        **stock.fields,
        list_price=cost.list_price,
        components=contents(shelf.room, place, spoken_here) or None,
        **related,
    )
    if member and not tag.startswith(shelf.language) and not untold:
        _name_apart(shelf, member, joined, related)
    broken = untold or bool(family and family.faults)
    if member and not broken:
        sold = (*sold, "relations")
    alone = bool(known.article.get("has_variants")) and not member
    if alone:
        found.append(_warning("offers.no_variants", "Variante", {}))
    return View(
        joined,
        found,
        unit,
        factor,
        cost.boundary,
        facets=("content",) if alone and not at_amazon else sold,
        whole=not (broken or alone) and (told or bool(joined.get("asin"))),
        promise=stock.promise,
        wake=shop.shelves.wake(stock),
    )


def _parent(  # noqa: PLR0913 - all that makes a listing
    shop: Shop,
    shelf: Shelf,
    place: Place,
    spoken: Mapping[str, Any],
    found: list[Finding],
    *,
    told: bool,
) -> View:
    """What stands for its variants: no price, no stock, no number."""
    family = shelf.families[place]
    found += family.faults
    shared = {k: v for k, v in spoken.items() if k not in SOLD}
    joined = joining.listing(
        family.base,
        shop.groups,
        shared,
        parentage=PARENT,
        relation=axes.VARIATION,
        theme=axes.theme(family),
    )
    return View(
        joined,
        found,
        facets=("content",) if family.faults else ("content", "relations"),
        whole=told and not family.faults,
    )


def _name_apart(
    shelf: Shelf,
    member: Member,
    joined: dict[str, Any],
    related: Mapping[str, Any],
) -> None:
    """Where a variant has the family's text abroad, its values follow."""
    own = shelf.known.get(member.place, Known())
    if joined.get("title") and not own.texts:
        values = [str(related[name]) for name in member.axes]
        joined["title"] = ", ".join([str(joined["title"]), *values])


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _warning(code: str, column: str, facts: Mapping[str, str]) -> Finding:
    return Finding(code, None, column, None, "warn", "sender", facts)

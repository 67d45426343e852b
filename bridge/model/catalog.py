"""What a merchant sells: articles and their groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.model.values import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, or one variant of it (Sage: KHKArtikel, …Varianten).

    Attributes:
        article: Artikelnummer, text with its leading zeros.
        variant: AuspraegungID; 0 is the base article.
        sku: Amazon's name of it; empty means the article's own number.
        supplier: From whom it comes, where Sage says so.
        article_kind: Artikelart.
        offered: Whether it is meant for Amazon at all.
        archived: Whether it never comes back: its listing may be deleted.
        unit_factor: Sales units in one stock unit.
        unit_count: UmrechnungsfaktorGP, how much of ``unit_count_type`` one
            sales unit holds: what a base price is reckoned from.
        unit_count_type: Grundpreiseinheit, as a word of the articles' own
            language.
        manufacturer_email: Where customers reach the manufacturer (GPSR).
        responsible_address: Name, postal and electronic address of who
            answers for it in the EU, where the manufacturer is elsewhere.
    """

    article: str
    variant: int = 0
    mandant: int | None = None
    sku: str | None = None
    matchcode: str | None = None
    title: str | None = None
    description: str | None = None
    bullets: tuple[str, ...] | None = None
    keywords: str | None = None
    brand: str | None = None
    manufacturer: str | None = None
    supplier: str | None = None
    part_number: str | None = None
    gtin: str | None = None
    asin: str | None = None
    group: str | None = None
    product_type: str | None = None
    browse_node: str | None = None
    condition: str | None = None
    tax_class: int | None = None
    tax_rate: Decimal | None = None
    tax_code: str | None = None
    unit: str | None = None
    stock_unit: str | None = None
    unit_factor: Decimal | None = None
    unit_count: Decimal | None = None
    unit_count_type: str | None = None
    weight: Measure | None = None
    length: Measure | None = None
    width: Measure | None = None
    height: Measure | None = None
    customs_number: str | None = None
    country_of_origin: str | None = None
    manufacturer_email: str | None = None
    responsible_address: str | None = None
    article_kind: int | None = None
    bundle_kind: int | None = None
    has_variants: bool | None = None
    successor: str | None = None
    shipping_group: str | None = None
    list_price: Decimal | None = None
    active: bool | None = None
    offered: bool | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One article group (Sage: KHKArtikelgruppen).

    Attributes:
        group: Artikelgruppe, text with its leading zeros.
        parent: The group above it.
        main: The group at the root of its branch.
        level: How deep it lies.
        keywords: Its meta data.
        pictures: File names or addresses.
    """

    group: str
    mandant: int | None = None
    parent: str | None = None
    main: str | None = None
    level: int | None = None
    title: str | None = None
    keywords: str | None = None
    pictures: tuple[str, ...] | None = None
    product_type: str | None = None
    browse_node: str | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What makes one variant differ (Sage: KHKArtikelVarianten, layout P6).

    Attributes:
        article: Artikelnummer of the article all variants share.
        variant: AuspraegungID, from 1; 0 where variants have own numbers.
        number: Variantenartikelnummer, an article number of its own.
        gtin: EANNummer of the variant.
        dimensions: In what they differ, such as size and colour.
        values: What this one has of each dimension, in the same order.
        weight: Gewicht, in the weight unit of the article.
        position: Sortierung, the order of display.
        active: Whether it is sold.
    """

    article: str
    variant: int = 0
    number: str | None = None
    mandant: int | None = None
    gtin: str | None = None
    dimensions: tuple[str, ...] | None = None
    values: tuple[str, ...] | None = None
    weight: Decimal | None = None
    position: int | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article in another language (KHKArtikelBezeichnung, layout P7).

    Attributes:
        article: Artikelnummer.
        language: Sprache as ISO 639, with a country where it matters.
        title: Bezeichnung1 and Bezeichnung2.
        description: Langtext.
    """

    article: str
    language: str
    mandant: int | None = None
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One thing points at another (Sage: KHKArtikelZubehoer, layout P9).

    Attributes:
        from_kind: UrsprungsArt: ``article``, or ``group`` of accessories.
        article: Ursprungsnummer.
        kind: ``accessory``, ``cross_selling``, ``up_selling`` or
            ``successor``; Sage itself knows the first and, as
            KHKArtikel.Ersatzartikelnummer, the last.
        to_kind: ZubehoerArt, as ``from_kind``.
        to: Zubehoernummer.
        factor: MengenFaktor, pieces of ``to`` for one of ``article``.
        automatic: Automatisch, whether Sage always adds it.
        position: Sortierung, the order of display.
    """

    from_kind: str = "article"
    article: str
    kind: str
    to_kind: str = "article"
    to: str
    mandant: int | None = None
    factor: Decimal | None = None
    automatic: bool | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or document of an article (layout P10; not a Sage table).

    Attributes:
        article: Artikelnummer.
        variant: AuspraegungID; 0 is every variant.
        kind: ``picture``, ``data_sheet``, ``manual``, ``safety_data_sheet``,
            ``certificate``, ``energy_label`` or ``other``, such as a video.
        file: Dateiname in the folder of media, never a path.
        language: Sprache as ISO 639; none at a picture.
        position: Sortierung; 1 is the main picture.
        title: Bezeichnung, the caption.
    """

    article: str
    variant: int = 0
    kind: str
    file: str
    mandant: int | None = None
    language: str | None = None
    position: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One component of a bundle (Sage: KHKArtikelStueckliste, layout P8).

    A bundle that is only sold together (Handelsstückliste) has no stock of
    its own: what of it can be sold follows from its components.

    Attributes:
        bundle: Stueckliste, the article that is sold.
        component: Element, an article that lies in it.
        variant: AuspraegungID of the component.
        quantity: Menge of the component in one bundle, in ``unit``.
        unit: Basismengeneinheit of the component.
        position: Sortierung.
    """

    bundle: str
    component: str
    variant: int = 0
    mandant: int | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    position: int | None = None

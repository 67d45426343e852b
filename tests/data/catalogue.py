"""A catalogue of a merchant, made up: what Sage would write of it.

Ten numbers make a shelf: six plain articles, a family with the variant
module, a family of own numbers, a set, and an article in a sale. As many
shelves as wanted follow each other; some have prices for companies, some are
translated, each by its place alone, so that the catalogue is always the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN, FAMILY, OWN, SET, SALE = "plain", "family", "own", "set", "sale"
KINDS = (PLAIN,) * 6 + (FAMILY, OWN, SET, SALE)
SIZES, COLOURS = ("S", "M", "XL"), ("rot", "grün", "blau")
NEVER, ALWAYS = ("01.01.2020", "31.01.2020"), ("01.01.2020", "31.12.2099")


@dataclass(frozen=True)
class Thing:
    """What is sold under one number, or stands for what is.

    Attributes:
        key: Artikelnummer and AuspraegungID, as stock and prices name it.
        sku: Amazon's name of it.
        texts: Its name by language; German is the article's own.
        cents: The consumer's price by price list; gross.
        company: The net price of the company list, in cents, and its tiers.
        sale: The price of a sale, in cents, and its days.
        pieces: In the warehouses that count; ``None``: it is not counted.
        axes: In what a variant differs: size and colour.
        parent: The number of its family.
        parts: What lies in a set, and how many.
        pictures: Names of files, in the order of display.
        manuals: Name of a file by language.
        accessories: What it points at, and how many of it.
    """

    key: tuple[str, int]
    sku: str
    texts: dict[str, str]
    cents: dict[int, int] = field(default_factory=dict)
    company: tuple[int, dict[int, int]] | None = None
    sale: tuple[int, tuple[str, str]] | None = None
    pieces: int | None = None
    axes: tuple[str, str] | None = None
    parent: str | None = None
    parts: tuple[tuple[str, int], ...] = ()
    pictures: tuple[str, ...] = ()
    manuals: dict[str, str] = field(default_factory=dict)
    accessories: tuple[tuple[str, int], ...] = ()
    is_parent: bool = False


def catalogue(shelves: int) -> list[Thing]:
    """So many shelves; fifteen things on each."""
    things: list[Thing] = []
    for shelf in range(shelves):
        for place, kind in enumerate(KINDS):
            number = f"{shelf * 10 + place:06d}"
            things += _things(kind, number, shelf * 10 + place)
    return things


def _things(kind: str, number: str, place: int) -> list[Thing]:
    if kind in {FAMILY, OWN}:
        return _family(kind, number, place)
    parts: tuple[tuple[str, int], ...] = ()
    if kind == SET:
        first = f"{place - 8:06d}"
        second = f"{place - 10 if place % 50 == 48 else place - 7:06d}"
        parts = ((first, 1), (second, 2))
    prices = {2: 1000 + place, 3: 1100 + place, 4: 900 + place}
    tiers = {5: 800 + place, 10: 700 + place} if place % 3 else {}
    sale = None
    if kind == SALE:
        sale = (500 + place % 400, ALWAYS if place % 20 == 9 else NEVER)
    return [
        Thing(
            key=(number, 0),
            sku=number,
            texts=_texts(number, place),
            cents=prices,
            company=(820 + place, tiers) if place % 4 == 0 else None,
            sale=sale,
            pieces=None if parts else place % 40,
            parts=parts,
            **(_files(number, place) if place % 10 < 2 else {}),
        )
    ]


def _files(number: str, place: int) -> dict[str, Any]:
    """Pictures and manuals of the first two of a shelf, and a reference."""
    manuals = {"D": f"{number}.BA.pdf"}
    if place % 2 == 0:
        manuals["F"] = f"{number}.MU.pdf"
    return {
        "pictures": tuple(f"{number}.{n}.jpg" for n in range(1 + place % 2)),
        "manuals": manuals,
        "accessories": ((f"{place + 2:06d}", 1 + place % 3),),
    }


def _family(kind: str, number: str, place: int) -> list[Thing]:
    base = Thing((number, 0), number, _texts(number, place), is_parent=True)
    made = [base]
    for one in range(3 if kind == FAMILY else 2):
        axes = (SIZES[one], COLOURS[place % 3])
        own = f"{number}{'ABC'[one]}"
        key = (number, one + 1) if kind == FAMILY else (own, 0)
        made.append(
            Thing(
                key=key,
                sku=own,
                texts=base.texts if kind == FAMILY else _texts(own, place),
                cents={2: 2000 + place + one, 3: 2100 + place},
                pieces=(place + one) % 30,
                axes=axes,
                parent=number,
            )
        )
    return made


def _texts(number: str, place: int) -> dict[str, str]:
    texts = {"D": f"Gerät {number} für die Küche"}
    if place % 2 == 0:
        texts["F"] = f"Appareil {number} pour la cuisine"
    if place % 3 == 0:
        texts["E"] = f"Device {number} for kitchens"
    return texts


def files(things: list[Thing]) -> dict[str, str]:
    """What Sage writes of them, by the first word of each file's name."""
    return {
        "Artikelstamm_geaendert": _articles(things),
        "Artikelbezeichnung": _translations(things),
        "Varianten": _variants(things),
        "Stueckliste": _sets(things),
        "Preise": _prices(things),
        "Bestand": _stock(things),
        "Artikeldokumente": _documents(things),
        "Zubehoer": _references(things),
    }


def _csv(head: str, rows: Sequence[tuple[object, ...]]) -> str:
    lines = [";".join(map(str, row)) for row in rows]
    return "\n".join([head, *lines, ""])


def _articles(things: list[Thing]) -> str:
    head = (
        "Mandant;Artikelnummer;Bezeichnung1;Hersteller;Steuersatz;"
        "Verkaufsmengeneinheit;Variante;Aktiv;USER_Amazon"
    )
    own = [one for one in things if one.key[1] == 0]
    more = {True: "-1", False: "0"}
    return _csv(
        head,
        [
            (1, one.key[0], one.texts["D"], "Müller", "19,00", "Stk",
             more[one.is_parent], "-1", "-1")
            for one in own
        ],
    )  # fmt: skip


def _translations(things: list[Thing]) -> str:
    rows = [
        (1, one.key[0], language, text)
        for one in things
        if one.key[1] == 0
        for language, text in one.texts.items()
        if language != "D"
    ]
    return _csv("Mandant;Artikelnummer;Sprache;Bezeichnung1", rows)


def _variants(things: list[Thing]) -> str:
    head = (
        "Mandant;Artikelnummer;AuspraegungID;Variantenartikelnummer;"
        "Merkmal1;Wert1;Merkmal2;Wert2;Aktiv"
    )
    rows = [
        (1, one.parent, one.key[1] or "", one.sku, "Größe", one.axes[0],
         "Farbe", one.axes[1], "-1")
        for one in things
        if one.axes
    ]  # fmt: skip
    return _csv(head, rows)


def _documents(things: list[Thing]) -> str:
    head = (
        "Mandant;Artikelnummer;AuspraegungID;Dateiname;Dokumentart;Sprache;"
        "Sortierung"
    )
    rows: list[tuple[object, ...]] = []
    for one in things:
        rows += [
            (1, *one.key, name, "Bild", "", place)
            for place, name in enumerate(one.pictures, 1)
        ]
        rows += [
            (1, *one.key, name, "Anleitung", language, 9)
            for language, name in one.manuals.items()
        ]
    return _csv(head, rows)


def _references(things: list[Thing]) -> str:
    rows = [
        (1, one.key[0], to, "Zubehoer", factor)
        for one in things
        for to, factor in one.accessories
    ]
    head = "Mandant;Ursprungsnummer;Zubehoernummer;Beziehung;MengenFaktor"
    return _csv(head, rows)


def _sets(things: list[Thing]) -> str:
    rows = [
        (1, one.sku, part, 0, number, place)
        for one in things
        for place, (part, number) in enumerate(one.parts)
    ]
    head = "Mandant;Stueckliste;Element;AuspraegungID;Menge;Sortierung"
    return _csv(head, rows)


def _prices(things: list[Thing]) -> str:
    head = (
        "Mandant;ListeID;Artikelnummer;AuspraegungID;AbMenge;Einzelpreis;"
        "WKz;IstBruttopreis;IstAktion;GueltigVon;GueltigBis"
    )
    rows: list[tuple[object, ...]] = []
    for one in things:
        for number, cents in one.cents.items():
            currency = "GBP" if number == 4 else "EUR"
            rows.append(
                (1, number, *one.key, 0, euros(cents), currency, -1, 0, "", "")
            )
        if one.company:
            base, tiers = one.company
            for pieces, cents in {0: base, **tiers}.items():
                rows.append(
                    (1, 5, *one.key, pieces, euros(cents), "EUR", 0, 0, "", "")
                )
        if one.sale:
            cents, days = one.sale
            rows.append(
                (1, 9, *one.key, 0, euros(cents), "EUR", -1, -1, *days)
            )
    return _csv(head, rows)


def _stock(things: list[Thing]) -> str:
    head = "Mandant;Artikelnummer;AuspraegungID;Lagerkennung;Bestand;Stand"
    stand = "14.01.2026 07:30:00"
    rows: list[tuple[object, ...]] = []
    for one in things:
        if one.pieces is not None and not one.is_parent:
            half = one.pieces // 2
            rows += [
                (1, *one.key, "HL", half, stand),
                (1, *one.key, "NL", one.pieces - half, stand),
                (1, *one.key, "FBA", 500, stand),
            ]
    return _csv(head, rows)


def euros(cents: int) -> str:
    """An amount as Sage writes it: ``12,30``."""
    return f"{Decimal(cents) / 100:.2f}".replace(".", ",")

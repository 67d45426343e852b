"""Files to measure with: invented, deterministic, varied like real ones.

``python bench/data.py stock csv 100000`` writes one into ``bench/out/data``
and prints its path. Three warehouses an article, so 100,000 rows of stock
speak of 33,334 articles. Quantities, decimals and instants differ from row
to row, so that no cache sees the same text again and again.
"""

# ruff: noqa: S311 - nothing here is a secret
from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

OUT = Path(__file__).parent / "out"
DATA = OUT / "data"
SEED = 20260114
BEGIN = datetime(2026, 1, 12)  # noqa: DTZ001 - Berlin's wall clock
SECONDS = 3 * 86_400  # rows state an instant of three days
ONE_IN = 1_000  # so many rows are sound, then one is faulty
WAREHOUSES = (("HL", "Hauptlager"), ("AL", "Außenlager"), ("FBA", "Amazon"))
UNITS = ("Stk", "Stk", "Stk", "Pck", "m", "Paar", "kg", "Stk")
CHANGED, NEWER = "changed", "newer"  # variants of a stock file

STOCK = (
    *("Mandant", "Artikelnummer", "AuspraegungID", "Lagerkennung"),
    *("Lagerort", "Platzbezeichnung", "Bestand", "Verfuegbar"),
    *("Lagermengeneinheit", "Stand"),
)
ARTICLE = (
    *("Mandant", "Artikelnummer", "Matchcode", "Bezeichnung1"),
    *("Bezeichnung2", "Langtext", "Dimensionstext", "Artikelgruppe"),
    *("Hersteller", "HArtikelnummer", "EANNummer", "Steuerklasse"),
    *("Steuersatz", "Verkaufsmengeneinheit", "Gewicht", "Gewichtseinheit"),
    *("Laenge", "Breite", "Hoehe", "Warennummer", "Ursprungsland"),
    *("Stuecklistentyp", "Variante", "Ersatzartikelnummer", "Aktiv"),
    *("USER_Amazon", "USER_ASIN"),
)
PRICE = (
    *("ListeID", "Preisliste", "Mandant", "Artikelnummer", "AuspraegungID"),
    *("AbMenge", "Einzelpreis", "WKz", "IstBruttopreis", "IstAktion"),
)
THINGS = ("Mühle", "Brett", "Löffel", "Schüssel", "Dose", "Glas", "Tuch")
WOODS = ("Buche", "Esche", "Nussbaum", "Kirsche", "Zirbe", "Olive", "Ahorn")
BRANDS = ("Müller & Söhne", "Holzhof Süß", "Lüttke Glas", "Gewürzhaus Weiß")
COUNTRIES = ("D", "A", "VN", "PL", "I", "FIN", "IND", "SE")
COLUMNS = {"stock": STOCK, "article": ARTICLE, "price": PRICE}


@dataclass(frozen=True)
class Wanted:
    """One file: what, how written, how long, which variant.

    Attributes:
        faults: Whether one row in a thousand has a fault.
    """

    what: str
    format: str
    rows: int
    variant: str = ""
    faults: bool = False

    @property
    def path(self) -> Path:
        tail = "_".join(
            filter(None, (self.variant, "faults" if self.faults else ""))
        )
        name = f"{self.what}_{self.rows}{tail and '_' + tail}.{self.format}"
        return DATA / name


def made(wanted: Wanted) -> Path:
    """The path of a file, written unless it is there already."""
    path = wanted.path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        rows = MAKERS[wanted.what](wanted)
        WRITERS[wanted.format](draft, COLUMNS[wanted.what], rows)
        draft.replace(path)
    return path


def number_of(place: int) -> str:
    """An Artikelnummer: text with leading zeros, some with letters."""
    tail = "-B" if place % 11 == 0 else ""
    return f"{place:07d}{tail}"


def stock(wanted: Wanted) -> Iterator[list[str]]:
    random = Random(SEED)
    other = Random(SEED + 1)
    spoil = Random(SEED + 2)
    for place in range(wanted.rows):
        article, store = divmod(place, len(WAREHOUSES))
        code, name = WAREHOUSES[store]
        quantity = _quantity(random)
        reserved = random.randrange(6)
        shelf = random.randrange(1, 40)
        at = BEGIN + timedelta(seconds=random.randrange(SECONDS))
        if wanted.variant == CHANGED and other.random() < 0.01:
            quantity, at = quantity + 7, at + timedelta(days=4)
        if wanted.variant == NEWER:
            at += timedelta(days=4)
        row = [
            "1",
            number_of(article),
            "0",
            code,
            name,
            f"{'ABCD'[shelf % 4]}-{shelf:02d}" if store == 1 else "",
            _comma(quantity),
            _comma(quantity - reserved),
            UNITS[article % len(UNITS)],
            f"{at:%d.%m.%Y %H:%M:%S}",
        ]
        if wanted.faults and place % ONE_IN == ONE_IN - 1:
            _spoil(row, spoil, {3: "", 6: "12.5", 7: "ca. 5", 1: "X" * 32})
        yield row


def _quantity(random: Random) -> float:
    """Mostly pieces; a third has up to four decimals."""
    kind = random.random()
    much = random.expovariate(1 / 80)
    if kind < 0.7:
        return int(much)
    return round(much, 1 if kind < 0.8 else 2 if kind < 0.9 else 4)


def _comma(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def _spoil(row: list[str], random: Random, faults: dict[int, str]) -> None:
    place = random.choice(sorted(faults))
    row[place] = faults[place]


def article(wanted: Wanted) -> Iterator[list[str]]:
    random = Random(SEED)
    spoil = Random(SEED + 2)
    for place in range(wanted.rows):
        thing = THINGS[place % len(THINGS)]
        wood = WOODS[random.randrange(len(WOODS))]
        brand = BRANDS[random.randrange(len(BRANDS))]
        size = random.randrange(8, 60)
        unit = UNITS[place % len(UNITS)]
        grams = random.randrange(40, 9_000)
        heavy = grams >= 1_000
        name = f'{thing} "{wood}" {size} cm'
        text = f"{name}: geölt; von Hand gemacht.\nNr. {place}"
        row = [
            "1",
            number_of(place),
            f"{thing} {wood}  {size}",
            name,
            f"Charge {random.randrange(100_000)}, handgemacht",
            f"<p>{text}</p>" if place % 50 == 0 else text,
            "",
            f"0{place % 9}0-{place % 30:02d}",
            brand,
            f"{brand[0]}-{place:06d}",
            ean(place),
            "2" if place % 3 == 0 else "1",
            "7,00" if place % 3 == 0 else "19,00",
            unit,
            f"{grams / 1_000:.4f}".replace(".", ",") if heavy else str(grams),
            "kg" if heavy else "g",
            *(_comma(random.randrange(10, 600) / 10) for _ in range(3)),
            f"{random.randrange(1_000, 99_999):05d}000",
            COUNTRIES[random.randrange(len(COUNTRIES))],
            "0",
            "0",
            "",
            "-1",
            "-1",
            f"B0{place:08d}" if place % 4 == 0 else "",
        ]
        if wanted.faults and place % ONE_IN == ONE_IN - 1:
            faults = {10: "4009988770018", 14: "0.35", 15: "Pfd", 20: "XX"}
            _spoil(row, spoil, faults)
        yield row


def ean(place: int) -> str:
    """A valid EAN-13 of nobody's prefix."""
    digits = f"2009{place:08d}"
    weighed = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits))
    return f"{digits}{-weighed % 10}"


def price(wanted: Wanted) -> Iterator[list[str]]:
    random = Random(SEED)
    for place in range(wanted.rows):
        amount = f"{random.randrange(199, 99_999) / 100:.2f}".replace(".", ",")
        number = number_of(place)
        yield [
            *("2", "Amazon DE", "1", number, "0"),
            *("0", amount, "EUR", "-1", "0"),
        ]


def as_csv(
    path: Path, columns: tuple[str, ...], rows: Iterable[list[str]]
) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(rows)


def as_xml(
    path: Path, columns: tuple[str, ...], rows: Iterable[list[str]]
) -> None:
    """As Sage writes it: empty fields are left out."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<Bestaende Mandant="1" Umfang="geaendert">\n')
        for row in rows:
            cells = "".join(
                f"<{name}>{escape(_plain(name, cell))}</{name}>"
                for name, cell in zip(columns, row, strict=True)
                if cell
            )
            file.write(f"  <Bestand>{cells}</Bestand>\n")
        file.write("</Bestaende>\n")


def as_json(
    path: Path, columns: tuple[str, ...], rows: Iterable[list[str]]
) -> None:
    """Numbers as numbers, one record a line."""
    start = '{"Typ":"Bestaende","Mandant":1,"Bestaende":[\n'
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            record = {
                name: _typed(name, _plain(name, cell))
                for name, cell in zip(columns, row, strict=True)
                if cell
            }
            file.write(start + json.dumps(record, ensure_ascii=False))
            start = ",\n"
        file.write("\n]}\n")


def _plain(name: str, cell: str) -> str:
    """A cell with decimal point and ISO 8601, as xml and json have it."""
    if name in {"Bestand", "Verfuegbar"}:
        return cell.replace(".", ";").replace(",", ".").replace(";", ",")
    if name == "Stand":
        day, _, time = cell.partition(" ")
        return f"{day[6:]}-{day[3:5]}-{day[:2]}T{time}"
    return cell


def _typed(name: str, cell: str) -> object:
    if name in {"Mandant", "AuspraegungID"}:
        return int(cell)
    if name in {"Bestand", "Verfuegbar"}:
        try:
            number = float(cell)
        except ValueError:
            return cell
        return int(number) if number.is_integer() else number
    return cell


MAKERS = {"stock": stock, "article": article, "price": price}
WRITERS = {"csv": as_csv, "xml": as_xml, "json": as_json}


if __name__ == "__main__":
    what, kind, number, *more = sys.argv[1:]
    variant = more[0] if more else ""
    print(made(Wanted(what, kind, int(number), variant)))

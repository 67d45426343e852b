"""The files Sage would export for the invented shop, faults included."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bridge.formats import writing
from bridge.model.record import Profile
from bridge.model.record import Record
from bridge.samples import goods

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from bridge.model.record import Value
    from bridge.samples.goods import Good

    Row = dict[str, Value]

BERLIN = ZoneInfo("Europe/Berlin")
MANDANT = Decimal(1)
CSV = Profile(
    format="csv",
    encoding="windows-1252",
    decimal=",",
    date="%d.%m.%Y",
    datetime="%d.%m.%Y %H:%M:%S",
    boolean="sage",
)
XLSX = Profile(format="xlsx")
PRICES = Profile(format="xml", root="Preise", record="Preis")
STOCKS = Profile(format="json", record="Bestaende")

CONSUMERS = (2, "Amazon DE", True)
BUSINESS = (3, "Amazon B2B DE", False)
PROMOTION = (9, "Sommeraktion", True)
TRADE = (1, "Händler", False)  # a list no marketplace asks for
TIERS = ((Decimal(10), "0.95"), (Decimal(50), "0.90"))
TIERED = 5  # every so many articles have tiers
#: Article, share of its price, first and last day counted from today.
SALES = (
    ("0010010", "0.80", -7, 21),
    ("0020010", "0.85", -1, 13),
    ("0020030", "0.75", 5, 12),  # not begun yet
    ("0030011", "0.70", -30, -3),  # over
)
ORIGINS = {"020-10": "VN", "020-20": "IN", "030-10": "PL"}
NEGATIVE = "0020013"  # sold more than there was
LONG = (
    "für Geflügel, Fisch und Gemüse aus kontrolliertem Anbau, abgefüllt in "
    "der eigenen Manufaktur, in der wiederverschließbaren Vorratsdose mit "
    "Streueinsatz und Messlöffel aus Buchenholz, ohne Zusatz von "
    "Geschmacksverstärkern"
)


def write_catalogue(inbox: Path, now: datetime) -> list[Path]:
    """Write what Sage exports into the inbox; the same ``now``, same files.

    Args:
        inbox: An existing folder.
        now: The instant of the newest export; promotions lie around it.
    """
    local = now.astimezone(BERLIN)
    full, later = local - timedelta(hours=2), local - timedelta(hours=1)
    head: Row = {
        "Mandant": MANDANT,
        "Erstellt": later.replace(tzinfo=None, microsecond=0),
        "Umfang": "geaendert",
    }
    stock_head: Row = {"Typ": "Bestaende", "Version": Decimal(1), **head}
    return [
        _Export("Artikelgruppen", full, CSV, _groups()).write(inbox),
        _Export("Artikelstamm", full, CSV, _articles()).write(inbox),
        _Export("Artikelstamm_geaendert", later, XLSX, _changes()).write(
            inbox
        ),
        _Export("Preise", later, PRICES, _prices(local), head).write(inbox),
        _Export("Bestand", later, STOCKS, _stocks(later), stock_head).write(
            inbox
        ),
    ]


@dataclass(frozen=True)
class _Export:
    """One file: its name, its time, how it is written, what it holds."""

    name: str
    at: datetime
    profile: Profile
    rows: Iterable[Row]
    head: Row = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        ending = self.profile.format
        path = folder / f"{self.name}_{self.at:%Y%m%d_%H%M%S}.{ending}"
        stream = BytesIO()
        records = (Record(line, row) for line, row in enumerate(self.rows, 2))
        writing.write(stream, records, self.profile, self.head)
        path.write_bytes(stream.getvalue())
        return path


def _groups() -> Iterable[Row]:
    for group in goods.groups():
        yield {
            "Mandant": MANDANT,
            "Artikelgruppe": group.number,
            "VaterArtikelgruppe": group.parent,
            "Hauptartikelgruppe": group.number[:3],
            "Gruppenebene": Decimal(group.level),
            "Bezeichnung": group.title,
            "USER_AmazonKategorie": group.product_type,
        }


def _articles() -> Iterable[Row]:
    for good in goods.goods():
        yield _article(good)
    yield from _faulty()
    yield _article(goods.find("0010010"), "0099901") | {
        "Bezeichnung1": "Ausstellungsstück Mühle",
        "EANNummer": "",
        "USER_Amazon": False,  # known, but not for Amazon
    }


def _article(good: Good, number: str = "") -> Row:
    length, width, height = good.size
    return {
        "Mandant": MANDANT,
        "Artikelnummer": number or good.number,
        "Matchcode": good.first[:50],
        "Bezeichnung1": good.first,
        "Bezeichnung2": good.second,
        "Langtext": good.text,
        "Dimensionstext": "",
        "Artikelgruppe": good.group,
        "Hersteller": good.brand,
        "HArtikelnummer": f"{good.brand[0]}-{good.number[-3:]}",
        "EANNummer": good.ean,
        "Steuerklasse": Decimal(2 if good.tax_rate == Decimal(7) else 1),
        "Steuersatz": good.tax_rate,
        "Verkaufsmengeneinheit": "Stk",
        "Gewicht": good.weight,
        "Gewichtseinheit": good.weight_unit,
        "Laenge": length,
        "Breite": width,
        "Hoehe": height,
        "Warennummer": "",
        "Ursprungsland": ORIGINS.get(good.group, "D"),
        "Stuecklistentyp": Decimal(0),
        "Variante": False,
        "Ersatzartikelnummer": "",
        "Aktiv": True,
        "USER_Amazon": True,
        "USER_ASIN": "",
    }


def _faulty() -> Iterable[Row]:
    """Six faults as people make them; only the long title is accepted."""
    grinder, spice = goods.find("0010010"), goods.find("0020010")

    def spoiled(good: Good, number: str, ean: int, **cells: Value) -> Row:
        return _article(good, number) | {"EANNummer": goods.ean(ean)} | cells

    right = goods.ean(900)
    wrong = f"{right[:-1]}{(int(right[-1]) + 1) % 10}"
    yield spoiled(grinder, "0010900", 900, EANNummer=wrong)
    yield spoiled(grinder, "0010901", 901, Gewicht="0.3500")
    yield spoiled(grinder, "0010902", 902, Bezeichnung1="", Bezeichnung2="")
    yield spoiled(spice, "0020900", 903, Bezeichnung2=LONG)
    yield spoiled(spice, "0020901", 904, Gewichtseinheit="Pfd")
    yield spoiled(spice, "0020902", 905, Bezeichnung2="Beutel 100 g")
    yield spoiled(spice, "0020902", 905, Bezeichnung2="Beutel 200 g")


def _changes() -> Iterable[Row]:
    """A few rows a person corrected in Excel; other columns are missing."""
    changed: dict[str, Row] = {
        "0010011": {"Bezeichnung2": "Keramikmahlwerk, 14 cm, geölt"},
        "0020016": {"Gewicht": Decimal("0.2050")},
        "0030012": {"Aktiv": False},
    }
    for good in goods.goods():
        if good.number in changed:
            row = _article(good)
            names = (
                "Mandant",
                "Artikelnummer",
                "Bezeichnung1",
                "Bezeichnung2",
                "Gewicht",
                "Gewichtseinheit",
                "Aktiv",
                "USER_Amazon",
            )
            yield {name: row[name] for name in names} | changed[good.number]


def _prices(local: datetime) -> Iterable[Row]:
    for place, good in enumerate(goods.goods()):
        net = good.price * 100 / (100 + good.tax_rate)
        yield _price(CONSUMERS, good, Decimal(0), good.price)
        yield _price(BUSINESS, good, Decimal(0), net)
        if place % TIERED == 0:
            for quantity, share in TIERS:
                yield _price(BUSINESS, good, quantity, net * Decimal(share))
        yield _price(TRADE, good, Decimal(0), net * Decimal("0.60"))
    for number, share, first, last in SALES:
        good = goods.find(number)
        row = _price(PROMOTION, good, Decimal(0), good.price * Decimal(share))
        row["IstAktion"] = True
        row["GueltigVon"] = (local + timedelta(days=first)).date()
        row["GueltigBis"] = (local + timedelta(days=last)).date()
        yield row


def _price(
    price_list: tuple[int, str, bool],
    good: Good,
    quantity: Decimal,
    amount: Decimal,
) -> Row:
    number, name, gross = price_list
    places = Decimal("0.01" if gross else "0.0001")
    return {
        "ListeID": Decimal(number),
        "Preisliste": name,
        "Artikelnummer": good.number,
        "AuspraegungID": Decimal(0),
        "AbMenge": quantity,
        "Einzelpreis": amount.quantize(places, ROUND_HALF_UP),
        "WKz": "EUR",
        "IstBruttopreis": gross,
        "IstAktion": False,
    }


def _stocks(at: datetime) -> Iterable[Row]:
    stand = {"Stand": at.replace(tzinfo=None, microsecond=0)}
    return ({**row, **stand} for row in _levels())


def _levels() -> Iterable[Row]:
    for place, good in enumerate(goods.goods()):
        yield _stock(good, "HL", "Hauptlager", good.stock, place % 3)
        if place % 2:
            yield _stock(good, "AL", "Außenlager", good.stock // 2, 0)
        if good.group == "020-10":
            yield _stock(good, "FBA", "Amazon FBA", 20 + place, 0)


def _stock(
    good: Good, warehouse: str, name: str, quantity: int, reserved: int
) -> Row:
    if good.number == NEGATIVE and warehouse == "HL":
        quantity, reserved = -2, 1
    return {
        "Artikelnummer": good.number,
        "AuspraegungID": Decimal(0),
        "Lagerkennung": warehouse,
        "Lagerort": name,
        "Bestand": Decimal(quantity),
        "Verfuegbar": Decimal(quantity - reserved),
        "Lagermengeneinheit": "Stk",
    }

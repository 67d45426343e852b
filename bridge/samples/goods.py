"""What the invented shop sells: kitchen, household and spices."""

# ruff: noqa: E501 - a table is read by its rows

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

EAN_PREFIX = "400998877"  # nobody's: made for these samples
FIRST_EAN = 100

#: Artikelgruppe | Vater | Ebene | Bezeichnung | USER_AmazonKategorie
GROUPS = """
010    |     | 1 | Küche                    |
010-10 | 010 | 2 | Küchenhelfer             | KITCHEN_TOOLS
010-20 | 010 | 2 | Mühlen und Mörser        | KITCHEN_GRINDER
010-30 | 010 | 2 | Messer & Schneidbretter  | CUTTING_BOARD
020    |     | 1 | Gewürze & Lebensmittel   |
020-10 | 020 | 2 | Gewürze                  | SEASONING
020-20 | 020 | 2 | Tee                      | TEA
030    |     | 1 | Haushalt                 |
030-10 | 030 | 2 | Gläser & Becher          | DRINKING_CUP
030-20 | 030 | 2 | Vorratsdosen             | FOOD_STORAGE_CONTAINER
030-30 | 030 | 2 | Küchentücher             | TOWEL
"""

BRANDS = {
    "M": "Müller & Söhne",
    "G": "Gewürzhaus Weiß",
    "H": "Holzhof Süß",
    "T": "Teekontor Förde",
    "L": "Lüttke Glas",
}

#: Nummer | Gruppe | Marke | Bezeichnung1 | Bezeichnung2 | Gewicht | L x B x H | brutto | Bestand HL
ARTICLES = """
0010010 | 010-20 | M | Pfeffermühle "Buche" groß | Keramikmahlwerk, 24 cm | 0,4200 kg | 6,0x6,0x24,0 | 24.90 | 35
0010011 | 010-20 | M | Pfeffermühle "Buche" klein | Keramikmahlwerk, 14 cm | 0,2600 kg | 5,5x5,5x14,0 | 19.90 | 42
0010012 | 010-20 | M | Salzmühle "Esche" | Keramikmahlwerk, 14 cm | 0,2550 kg | 5,5x5,5x14,0 | 19.90 | 28
0010013 | 010-20 | M | Muskatmühle | Edelstahl, mit Vorratsfach | 180 g | 4,5x4,5x13,0 | 22.50 | 17
0010014 | 010-20 | H | Mörser aus Granit | mit Stößel, Ø 15 cm | 2,8500 kg | 15,0x15,0x10,5 | 34.95 | 12
0010015 | 010-20 | H | Mörser aus Olivenholz | mit Stößel, Ø 9 cm | 0,3900 kg | 9,0x9,0x8,0 | 27.95 | 9
0010020 | 010-10 | H | Kochlöffel Kirsche | 30 cm, geölt | 65 g | 30,0x6,0x1,5 | 7.90 | 120
0010021 | 010-10 | H | Pfannenwender Kirsche | 30 cm, geölt | 70 g | 30,0x7,0x1,0 | 8.50 | 96
0010022 | 010-10 | H | Rührschüssel Ahorn | Ø 28 cm | 1,1000 kg | 28,0x28,0x11,0 | 59.00 | 6
0010023 | 010-10 | M | Küchenwaage mechanisch | bis 5 kg, weiß | 1,2500 kg | 20,0x15,0x22,0 | 39.90 | 15
0010024 | 010-10 | M | Knoblauchpresse | Edelstahl, spülmaschinenfest | 240 g | 18,0x5,0x3,5 | 18.90 | 33
0010025 | 010-10 | M | Schneebesen | Edelstahl; 28 cm | 130 g | 28,0x7,0x7,0 | 11.90 | 58
0010026 | 010-10 | M | Teigschaber "Flex" | Silikon, 2er-Set | 95 g | 26,0x6,0x2,0 | 9.90 | 71
0010027 | 010-10 | M | Ölkännchen Edelstahl | mit Tülle, 0,5 Liter | 210 g | 18,0x9,0x16,0 | 24.50 | 26
0010030 | 010-30 | H | Schneidbrett Nussbaum | 40 x 25 cm, mit Saftrille | 1,4500 kg | 40,0x25,0x2,5 | 44.90 | 18
0010031 | 010-30 | H | Schneidbrett Buche | 30 x 20 cm | 0,6200 kg | 30,0x20,0x1,8 | 17.90 | 40
0010032 | 010-30 | M | Kochmesser 20 cm | geschmiedet, Griff Pflaume | 210 g | 33,0x5,0x2,5 | 69.00 | 11
0010033 | 010-30 | M | Brotmesser 22 cm | Wellenschliff | 190 g | 35,0x4,5x2,5 | 54.00 | 14
0020010 | 020-10 | G | Pfeffer schwarz gemahlen | Streudose 250 g | 0,3100 kg | 7,0x7,0x11,5 | 5.49 | 210
0020011 | 020-10 | G | Pfeffer schwarz ganz | Nachfüllbeutel 500 g | 0,5200 kg | 14,0x5,0x22,0 | 8.99 | 140
0020012 | 020-10 | G | Paprika edelsüß | Streudose 200 g | 0,2600 kg | 7,0x7,0x11,5 | 4.79 | 180
0020013 | 020-10 | G | Paprika geräuchert | Streudose 180 g | 0,2400 kg | 7,0x7,0x11,5 | 5.99 | 95
0020014 | 020-10 | G | Kümmel ganz | Beutel 100 g | 110 g | 10,0x3,0x16,0 | 2.99 | 160
0020015 | 020-10 | G | Curry "Madras" | Streudose 200 g | 0,2600 kg | 7,0x7,0x11,5 | 5.79 | 88
0020016 | 020-10 | G | Zimt gemahlen | Ceylon, Streudose 150 g | 0,2100 kg | 7,0x7,0x11,5 | 6.49 | 102
0020017 | 020-10 | G | Muskatnüsse ganz | 5 Stück im Glas | 85 g | 4,0x4,0x9,0 | 4.29 | 64
0020018 | 020-10 | G | Kräuter der Provence | Beutel 75 g | 82 g | 10,0x3,0x16,0 | 3.49 | 133
0020019 | 020-10 | G | Grillgewürz "Für Geflügel" | Streudose 220 g | 0,2800 kg | 7,0x7,0x11,5 | 5.29 | 76
0020020 | 020-10 | G | Steinsalz grob | Nachfüllbeutel 1 kg | 1,0200 kg | 15,0x7,0x20,0 | 3.29 | 240
0020021 | 020-10 | G | Vanilleschoten | 3 Stück im Röhrchen | 25 g | 2,0x2,0x18,0 | 9.95 | 51
0020030 | 020-20 | T | Schwarztee "Friesenmischung" | lose, 250 g | 0,2700 kg | 11,0x7,0x20,0 | 9.90 | 84
0020031 | 020-20 | T | Grüntee Sencha | lose, 100 g | 115 g | 9,0x6,0x18,0 | 7.90 | 63
0020032 | 020-20 | T | Kräutertee "Gute Nacht" | 20 Beutel | 55 g | 13,0x7,0x8,0 | 4.90 | 118
0020033 | 020-20 | T | Früchtetee Süßkirsche | lose, 200 g | 0,2150 kg | 10,0x7,0x20,0 | 6.90 | 72
0030010 | 030-10 | L | Teeglas doppelwandig | 2er-Set, 250 ml | 0,4100 kg | 20,0x10,0x11,0 | 18.90 | 44
0030011 | 030-10 | L | Wasserglas "Förde" | 6er-Set, 300 ml | 1,6500 kg | 26,0x17,0x11,0 | 29.90 | 23
0030012 | 030-10 | L | Becher Steingut blau | 350 ml | 0,3700 kg | 12,0x9,0x10,0 | 12.90 | 57
0030020 | 030-20 | L | Vorratsglas mit Bügel | 1 Liter | 0,7800 kg | 11,0x11,0x18,0 | 8.90 | 130
0030021 | 030-20 | L | Gewürzdosen-Set | 12 Gläser à 100 ml, mit Etiketten | 1,9000 kg | 26,0x20,0x12,0 | 32.90 | 19
0030022 | 030-20 | H | Brotkasten Zirbe | 40 x 25 x 20 cm | 3,4000 kg | 40,0x25,0x20,0 | 119.00 | 4
0030030 | 030-30 | M | Geschirrtuch Halbleinen | 3er-Set, 50 x 70 cm | 0,2900 kg | 25,0x20,0x4,0 | 21.90 | 48
0030031 | 030-30 | M | Topflappen Baumwolle | 2er-Set, grau | 120 g | 20,0x20,0x3,0 | 9.50 | 65
0030032 | 030-30 | M | Schürze "Größe L" | Baumwolle, gestreift | 0,3100 kg | 30,0x25,0x3,0 | 26.90 | 22
0030033 | 030-30 | M | Überhandtuch Leinen | 60 x 100 cm | 0,2400 kg | 25,0x20,0x3,0 | 23.90 | 31
"""

#: What the long text of each group says; {name} is the article.
TEXTS = {
    "010-10": "{name}: ein Helfer für jeden Tag.\nNach Gebrauch abspülen und trocknen lassen.",
    "010-20": "{name}; gefertigt in kleiner Serie.\nNur feucht abwischen.",
    "010-30": "{name}. Von Hand reinigen,\nnicht in die Spülmaschine.",
    "020-10": "{name}: würzig, für Grillgut, Soße und Suppe.",
    "020-20": "{name}. 3 bis 5 Minuten ziehen lassen.\nTrocken lagern.",
    "030-10": "{name}, spülmaschinenfest.",
    "030-20": "{name}: hält Vorräte frisch und trocken.",
    "030-30": '{name}, waschbar bei 60 °C.\nFarbe "natur".',
}


@dataclass(frozen=True)
class Group:
    """One article group."""

    number: str
    parent: str
    level: int
    title: str
    product_type: str


@dataclass(frozen=True)
class Good:
    """One article with its gross price and what lies in the main store."""

    number: str
    group: str
    brand: str
    first: str
    second: str
    weight: Decimal
    weight_unit: str
    size: tuple[Decimal, Decimal, Decimal]
    price: Decimal
    stock: int
    ean: str

    @property
    def tax_rate(self) -> Decimal:
        """Food is taxed at seven percent."""
        return Decimal("7.00" if self.group.startswith("020") else "19.00")

    @property
    def text(self) -> str:
        """The long text, with line breaks and quotes in some."""
        return TEXTS[self.group].format(name=self.first)


def groups() -> list[Group]:
    """Every article group, parents before children."""
    return [
        Group(number, parent, int(level), title, kind)
        for number, parent, level, title, kind in _rows(GROUPS)
    ]


def goods() -> list[Good]:
    """Every sound article, in the order of their numbers."""
    return [
        _good(row, FIRST_EAN + place)
        for place, row in enumerate(_rows(ARTICLES))
    ]


def find(number: str) -> Good:
    """The article of a number, which must exist."""
    return next(good for good in goods() if good.number == number)


def ean(number: int) -> str:
    """A valid EAN-13 of the samples' own prefix."""
    digits = f"{EAN_PREFIX}{number:03d}"
    weighed = sum(
        int(digit) * (3 if place % 2 else 1)
        for place, digit in enumerate(digits)
    )
    return f"{digits}{-weighed % 10}"


def _good(row: list[str], number: int) -> Good:
    article, group, brand, first, second, weight, size, price, stock = row
    amount, unit = weight.split()
    length, width, height = map(_decimal, size.split("x"))
    return Good(
        number=article,
        group=group,
        brand=BRANDS[brand],
        first=first,
        second=second,
        weight=_decimal(amount),
        weight_unit=unit,
        size=(length, width, height),
        price=Decimal(price),
        stock=int(stock),
        ean=ean(number),
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _rows(table: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")]
        for line in table.strip().splitlines()
    ]

"""Papers of every kind, as Sage might state them; reckoned here once more."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from bridge.config.papers import Letterhead
from bridge.config.papers import Papers
from bridge.config.papers import Terms
from bridge.flows.lettering import Study
from bridge.papers.billing import House
from bridge.papers.units import read_units
from bridge.wording.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    Coded = dict[str, Any]

ROOT = Path(__file__).parent.parent.parent
CENT = Decimal("0.01")
BILLS = ("invoice", "partial_invoice", "correction")
BACK = ("credit_note", "cancellation")
OTHERS = ("quote", "confirmation", "delivery_note")
KINDS = (*BILLS, "invoice", "invoice", *BACK, *OTHERS)
#: By case of tax: where the buyer is, the VAT id, and the rates of lines.
CASES: dict[str, tuple[Coded, tuple[int, ...]]] = {
    "home": ({}, (19, 7)),
    "home19": ({}, (19,)),
    "supply": (
        {
            "country": "AT",
            "city": "Graz",
            "postcode": "8010",
            "vat_id": "ATU13585627",
        },
        (0,),
    ),
    "reverse": ({"vat_id": "DE136695976", "tax_case": "AE"}, (0,)),
    "export": ({"country": "CH", "city": "Basel", "postcode": "4001"}, (0,)),
    "exempt": (
        {"tax_case": "E", "tax_note": "Steuerfrei nach § 4 Nr. 21 UStG"},
        (0,),
    ),
    "outside": ({"tax_case": "O"}, (0,)),
    "oss": ({"country": "FR", "city": "Lyon", "postcode": "69001"}, (20, 10)),
    "amazon": ({"order": "304-1234567-7654321"}, (19, 7)),
}
TITLES = (
    *("Pfeffermühle „Buche“ groß", "Mörser", "Käse-Reibe Größe 2"),
    *("Łyżka stołowa ze stali", "Süßholz & Co. <fein>", "Teller 'Őszi'"),
    (
        "Ein sehr langer Name, der über mehrere Zeilen geht, weil jemand "
        "alles in die Bezeichnung schreibt, was er von der Ware weiß"
    ),
)
UNITS = ("Stk", "kg", "m", "Paar", "Karton", None)
TERMS = (
    Terms(
        key="14/30",
        de="Zahlbar binnen 14 Tagen mit 2 % Skonto, sonst 30 Tage netto.",
        discount=Decimal(2),
        within=14,
    ),
)
FORMS = ("zugferd", "xrechnung", "none")


def letterhead(**more: Any) -> Letterhead:  # noqa: ANN401
    """The firm of the examples."""
    said = {
        "company": "Muster Möbel GmbH",
        "address": ("Musterweg 1", "01099 Dresden", "Deutschland"),
        "vat_id": "DE136695976",
        "tax_number": "201/123/45678",
        "register": "Amtsgericht Dresden, HRB 1",
        "directors": ("Erika Beispiel",),
        "bank": "Musterbank",
        "iban": "DE02 1203 0000 0000 2020 51",
        "bic": "BYLADEM1001",
        "contact": "Erika Beispiel",
        "email": "rechnung@muster.example",
        "phone": "+49 351 000000",
    }
    return Letterhead.model_validate({**said, **more})


def study(**more: Any) -> Study:  # noqa: ANN401
    """Where the letters of that firm are written."""
    papers = {
        name: more.pop(name) for name in Papers.model_fields if name in more
    }
    return Study(
        House(
            head=letterhead(**more),
            papers=Papers(**papers),
            units=read_units([ROOT / "mappings"]),
            terms={one.key: one for one in TERMS},
        ),
        Templates.of([ROOT / "templates"]),
    )


def paper(kind: str = "invoice", /, **more: Any) -> Coded:  # noqa: ANN401
    """One paper over two lines that adds up; ``None`` takes a field away."""
    lines = [
        line(1, "24.90", "1", 19, title=TITLES[0]),
        line(2, "5.49", "2", 7, title="Pfeffer schwarz gemahlen"),
    ]
    said = {**_head(kind, 1), **summed(lines, gross=True), **more}
    return {name: value for name, value in said.items() if value is not None}


def line(
    position: int,
    price: str,
    count: str,
    rate: int,
    **more: Any,  # noqa: ANN401
) -> Coded:
    """One line; its total is quantity times price, less the discount."""
    share = 1 - Decimal(more.get("discount") or 0) / 100
    total = (Decimal(price) * Decimal(count) * share).quantize(
        CENT, rounding=ROUND_HALF_UP
    )
    said = {
        "position": position,
        "article": f"00{position:05}",
        "title": f"Ware {position}",
        "quantity": count,
        "unit": "Stk",
        "unit_price": price,
        "total": str(total),
        "tax_rate": str(rate),
    }
    return {name: x for name, x in {**said, **more}.items() if x is not None}


def summed(lines: list[Coded], *, gross: bool) -> Coded:
    """The sums of a paper, the tax of each rate rounded once."""
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for one in lines:
        by_rate[Decimal(one["tax_rate"])] += Decimal(one["total"])
    stated = sum(by_rate.values(), Decimal(0))
    below = Decimal(100)
    tax = sum(
        (
            (amount * rate / (below + rate if gross else below)).quantize(
                CENT, rounding=ROUND_HALF_UP
            )
            for rate, amount in by_rate.items()
        ),
        Decimal(0),
    )
    net = stated - tax if gross else stated
    total = stated if gross else stated + tax
    sums = {"net": str(net), "tax": str(tax), "total": str(total)}
    return {**sums, "lines": lines, "gross": gross}


def _head(kind: str, number: int) -> Coded:
    of = {"of_kind": "invoice", "of_year": 2026, "of_number": "100001"}
    refers = kind in {*BACK, "correction"}
    return {
        "kind": kind,
        "year": 2026,
        "number": str(100000 + number),
        "code": "VFR",
        "issued": "2026-01-15",
        "supplied": "2026-01-14",
        "due_for_delivery": "2026-01-20",
        "valid_to": "2026-02-28",
        "customer": "D10042",
        "name": "Küchenwelt Muster GmbH",
        "street": "Königsbrücker Straße 7",
        "postcode": "01099",
        "city": "Dresden",
        "country": "DE",
        "email": "einkauf@kuechenwelt.example",
        "currency": "EUR",
        "pay_by": "2026-01-29",
        "buyer_reference": "04011000-1234512345-06",
        **(of if refers else {}),
    }


def many(number: int) -> Iterator[tuple[str, Coded]]:
    """So many different papers, each with a name; the same ones each time."""
    for index in range(number):
        rng = random.Random(index)  # noqa: S311 - of a test
        kind = KINDS[index % len(KINDS)]
        case = [*CASES][index // len(KINDS) % len(CASES)]
        form = FORMS[index // 3 % len(FORMS)]
        yield (
            f"{index}-{kind}-{case}-{form}",
            _one(rng, index, kind, case, form),
        )


def _one(
    rng: random.Random, index: int, kind: str, case: str, form: str
) -> Coded:
    more, rates = CASES[case]
    count = rng.choice((1, 2, 3, 5, 8, 25, 60))
    count = 500 if index % 100 == 40 else count
    lines = [_line(rng, place, rates) for place in range(1, count + 1)]
    if index % 10 == 7:
        lines.append(line(count + 1, "1.00", "-1", rates[0], title="Nachlass"))
    sums = summed(lines, gross=any(rates) and rng.random() < 0.5)
    prepaid = None
    if kind in BILLS and rng.random() < 0.2 and case != "amazon":
        prepaid = str(
            (Decimal(sums["total"]) / 2).quantize(CENT)
            if rng.random() < 0.5
            else sums["total"]
        )
    said = {
        **_head(kind, index),
        **more,
        **sums,
        "language": rng.choice(("de", "en")),
        "einvoice": form,
        "intro": rng.choice((None, "Wie besprochen liefern wir:")),
        "prepaid": prepaid,
        "payment_terms": rng.choice((None, "14/30", "unbekannt")),
    }
    return {name: x for name, x in said.items() if x is not None}


def _line(rng: random.Random, position: int, rates: tuple[int, ...]) -> Coded:
    price = Decimal(rng.randrange(5, 90_000)) / rng.choice((100, 100, 1000))
    unit = rng.choice(UNITS)
    pieces = unit not in {"kg", "m"}
    count = rng.randrange(1, 40) if pieces else rng.randrange(1, 9000) / 1000
    title = rng.choice(TITLES)
    if rng.random() < 0.01:
        title = ("Wort " * 400).strip()
    discount = rng.choice((None, None, None, "5", "12.5"))
    return line(
        position,
        str(price),
        str(count),
        rng.choice(rates),
        title=title,
        unit=unit,
        discount=discount,
    )

"""Papers of Sage and their PDFs, as tests drop them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from tests.house import House

CONSUMER, COMPANY = "302-0000001-0000001", "303-0000002-0000002"
PEPPER, SALT = "90010000000011", "90010000000012"  # items of the consumer
HEAD = (
    "Mandant;Belegkennzeichen;Belegart;Belegjahr;Belegnummer;Belegdatum;"
    "Leistungsdatum;Referenznummer;BezugBelegart;BezugBelegjahr;"
    "BezugBelegnummer;Kunde;A2Name1;WKz;IstBruttopreis;Nettobetrag;"
    "Steuerbetrag;Bruttobetrag;Dateiname;Position;PositionsReferenz;"
    "Artikelnummer;AuspraegungID;Menge;Einzelpreis;Gesamtpreis;Steuersatz\n"
)
SHIPPED = "Referenznummer;Versanddatum;Frachtfuehrer;Paketnummer\n"


def pdf(text: str = "Rechnung") -> bytes:
    """The smallest file that passes for a PDF."""
    body = f"%PDF-1.4\n% {text}\n".encode()
    return body + f"xref\nstartxref\n{len(body)}\n%%EOF\n".encode()


def paper(kind: str = "Rechnung", **said: Any) -> str:  # noqa: ANN401
    """A row of a paper: by default an invoice over one pepper mill."""
    bill = kind == "Rechnung"
    facts = {
        "code": "VFR" if bill else "VFG",
        "number": "500001" if bill else "600001",
        "order": CONSUMER,
        "issued": "14.01.2026",
        "of": ";;" if bill else "Rechnung;2026;500001",
        "currency": "EUR",
        "net": "20,92",
        "tax": "3,98",
        "total": "24,90",
        "file": f"{'RE' if bill else 'GS'}_2026_1.pdf",
        "lines": [(PEPPER, "0010010", "24,90")],
        **said,
    }
    head = (
        "1;{code};{kind};2026;{number};{issued};14.01.2026;{order};{of};"
        "D90001;Erika Muster;{currency};-1;{net};{tax};{total};{file};"
    ).format(kind=kind, **facts)
    return "".join(
        f"{head}{place};{item};{article};0;1;{amount};{amount};19,00\n"
        for place, (item, article, amount) in enumerate(facts["lines"], 1)
    )


def state(house: House, *rows: str) -> None:
    """Drop a file of papers."""
    house.drop(house.later("Belege"), HEAD + "".join(rows))


def ship(house: House, order: str = CONSUMER, tracking: str = "0017") -> None:
    """Drop a parcel with all of an order."""
    row = f"{order};14.01.2026 07:00:00;DHL;{tracking}\n"
    house.drop(house.later("Versand"), SHIPPED + row)

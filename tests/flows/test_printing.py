"""Papers of Sage become files: each once, judged, never over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.einvoice.reading import held
from bridge.errors import DefectError
from bridge.flows import papershelf
from bridge.ledger import papers
from bridge.ledger.papers import DRAWN
from bridge.ledger.papers import REFUSED
from bridge.ledger.papers import SAGES
from bridge.ledger.papers import WAITING
from tests.house import House
from tests.sagepapers import pdf

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.ledger.papers import Paper

LETTERHEAD = """\
[letterhead]
company = "Muster Möbel GmbH"
address = ["Musterweg 1", "01099 Dresden"]
vat_id = "DE136695976"
iban = "DE02 1203 0000 0000 2020 51"
bic = "BYLADEM1001"
contact = "Erika Beispiel"
phone = "+49 351 000000"
email = "rechnung@muster.example"
"""
COLUMNS = {
    "Mandant": "1",
    "Belegkennzeichen": "VFR",
    "Belegart": "Rechnung",
    "Belegjahr": "2026",
    "Belegnummer": "1",
    "Belegdatum": "15.01.2026",
    "Leistungsdatum": "14.01.2026",
    "Kunde": "D10042",
    "A2Name1": "Küchenwelt Muster GmbH",
    "A2Strasse": "Musterstraße 7",
    "A2PLZ": "01099",
    "A2Ort": "Dresden",
    "A2Land": "DE",
    "WKz": "EUR",
    "IstBruttopreis": "0",
    "Nettobetrag": "100,00",
    "Steuerbetrag": "19,00",
    "Bruttobetrag": "119,00",
    "Faelligkeit": "29.01.2026",
    "Position": "1",
    "Artikelnummer": "0010",
    "Bezeichnung1": "Pfeffermühle",
    "Menge": "4",
    "Mengeneinheit": "Stk",
    "Einzelpreis": "25,00",
    "Gesamtpreis": "100,00",
    "Steuersatz": "19,00",
}
CREDIT = {
    "Belegart": "Gutschrift",
    "BezugBelegart": "Rechnung",
    "BezugBelegjahr": "2026",
    "BezugBelegnummer": "1",
}
REQUEST = {
    "Mandant": "1",
    "Belegart": "Rechnung",
    "Belegjahr": "2026",
    "Belegnummer": "1",
    "Belegdatum": "15.01.2026",
    "Kunde": "D10042",
    "Name1": "Küchenwelt Muster GmbH",
    "Zahlungsart": "Rechnung",
    "Bruttobetrag": "119,00",
    "Bezahlt": "19,00",
    "OffenerBetrag": "100,00",
    "WKz": "EUR",
    "Faelligkeit": "30.01.2026",
    "Stufe": "0",
    "Verwendungszweck": "RE 2026-1 D10042",
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house", more=LETTERHEAD).build()


def table(*rows: dict[str, str]) -> str:
    """A csv file of rows; each may have columns of its own."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [";".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join([";".join(names), *lines]) + "\n"


def state(house: House, *rows: dict[str, str]) -> None:
    """Sage states papers, each by what is other than usual."""
    text = table(*({**COLUMNS, **row} for row in rows))
    house.drop(house.later("Belege"), text)


def ask_for(house: House, **more: str) -> None:
    """Sage asks for money."""
    text = table({**REQUEST, **more})
    house.drop(house.later("Zahlungsaufforderung"), text)


def known(house: House) -> dict[str, Paper]:
    parts = house.parts()
    with parts.ledger.read() as tx:
        found = {row.name: row for row in papers.listed(tx, 1)}
    parts.close()
    return found


def files(house: House) -> dict[str, bytes]:
    folder = house.path / "outbox" / "documents"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def codes(row: Paper) -> list[str]:
    return [one["code"] for one in row.issues or ()]


def test_a_paper_becomes_a_file_with_the_invoice_inside(house: House) -> None:
    state(house, {})

    assert 0 == house.once()

    inside = held(files(house)["RE_2026_1.pdf"])
    assert inside is not None
    assert ("3B", "factur-x.xml") == (inside.claim, inside.name)
    row = known(house)["RE_2026_1"]
    assert (DRAWN, "zugferd", None) == (row.state, row.form, row.issues)


def test_the_same_paper_again_changes_nothing(house: House) -> None:
    state(house, {})
    house.once()
    before = files(house), known(house)

    state(house, {})
    house.once()

    assert before == (files(house), known(house))


def test_a_file_that_was_fetched_does_not_come_back(house: House) -> None:
    state(house, {})
    house.once()
    (house.path / "outbox" / "documents" / "RE_2026_1.pdf").unlink()

    state(house, {}, {"Belegnummer": "2"})
    house.once()

    assert ["RE_2026_2.pdf"] == list(files(house))


def test_a_changed_invoice_is_not_printed_over(house: House) -> None:
    state(house, {})
    house.once()
    before = files(house)

    state(house, {"Bezeichnung1": "Salzmühle"})
    house.once()

    assert before == files(house)
    assert ["papers.changed"] == house.codes(2)


def test_a_changed_quotation_is_printed_anew_when_asked(house: House) -> None:
    quote = {"Belegart": "Angebot", "Belegkennzeichen": "VAN"}
    state(house, quote)
    house.once()
    state(house, {**quote, "Bezeichnung1": "Salzmühle"})
    house.once()
    assert ["papers.restated"] == house.codes(2)

    assert "done" == house.ask("document.again", "AN_2026_1")
    house.once()

    assert ["AN_2026_1.pdf", "AN_2026_1_2.pdf"] == list(files(house))
    assert "AN_2026_1_2.pdf" == known(house)["AN_2026_1"].file


def test_a_printed_invoice_is_not_printed_again(house: House) -> None:
    state(house, {})
    house.once()

    assert "refused" == house.ask("document.again", "RE_2026_1")


def test_a_refused_paper_says_why_at_its_row(house: House) -> None:
    state(house, {}, {"Belegnummer": "2", "Mengeneinheit": "Stange"})

    house.once()

    assert ["RE_2026_1.pdf"] == list(files(house))
    (found,) = house.findings(1)
    assert ("papers.unknown_unit", 3) == (found.code, found.line)
    assert ("Mengeneinheit", "Stange") == (found.field, found.value)
    assert REFUSED == known(house)["RE_2026_2"].state


def test_a_refused_paper_that_is_mended_is_printed(house: House) -> None:
    state(house, {"Mengeneinheit": "Stange"})
    house.once()

    state(house, {"Mengeneinheit": "Stk"})
    house.once()

    assert ["RE_2026_1.pdf"] == list(files(house))


def test_a_paper_that_is_tried_again_in_vain_is_told_of_once(
    house: House,
) -> None:
    state(house, {"Mengeneinheit": "Stange"})
    house.once()

    house.ask("transfer.run", "documents")
    house.once()

    assert ["papers.unknown_unit"] == house.codes(1)


def test_only_the_pdf_a_paper_waits_for_wakes_it(house: House) -> None:
    state(house, {"Dateiname": "Rechnung1.pdf"})
    house.drop("Rechnung2.pdf", pdf("Sage"))
    house.once()
    before = known(house)["RE_2026_1"].state
    house.drop("RECHNUNG1.PDF", pdf("Sage"))

    house.once()

    assert (WAITING, SAGES) == (before, known(house)["RE_2026_1"].state)


def test_a_unit_that_is_added_lets_papers_be_printed(house: House) -> None:
    state(house, {"Mengeneinheit": "Stange"})
    house.once()
    (house.path / "mappings" / "einheiten.csv").write_text(
        "Mengeneinheit;Code;Englisch\nStange;C62;rods\n", "utf-8"
    )

    house.ask("transfer.run", "documents")
    house.once()

    assert ["RE_2026_1.pdf"] == list(files(house))


def test_an_xrechnung_is_a_file_of_its_own(house: House) -> None:
    state(
        house,
        {
            "ERechnung": "xrechnung",
            "Kaeuferreferenz": "04011000-1234512345-06",
            "EMail": "einkauf@kuechenwelt.example",
        },
    )

    house.once()

    found = files(house)
    inside = held(found["RE_2026_1.pdf"])
    assert inside is not None
    assert found["RE_2026_1.xml"] == inside.xml


def test_a_credit_note_names_the_day_of_its_invoice(house: House) -> None:
    state(house, {}, {**CREDIT, "Belegnummer": "7"})

    house.once()

    inside = held(files(house)["GS_2026_7.pdf"])
    assert inside is not None
    assert b"VFR-2026-1</ram:IssuerAssignedID>" in inside.xml
    assert b"20260115</qdt:DateTimeString>" in inside.xml


def test_what_sage_printed_is_taken_as_it_is(house: House) -> None:
    state(house, {"Dateiname": "Rechnung1.pdf"})
    house.once()
    waits = known(house)["RE_2026_1"]
    house.drop("Rechnung1.pdf", pdf("Sage"))
    house.once()

    assert (WAITING, "pdf") == (waits.state, waits.lacks)
    assert SAGES == known(house)["RE_2026_1"].state
    assert {"RE_2026_1.pdf": pdf("Sage")} == files(house)


def test_a_broken_pdf_of_sage_is_told(house: House) -> None:
    house.drop("Rechnung1.pdf", b"%PDF-1.4 cut")
    state(house, {"Dateiname": "Rechnung1.pdf"})

    house.once()

    assert {} == files(house)
    assert ["papers.broken_pdf"] == codes(known(house)["RE_2026_1"])


def test_a_pdf_with_the_invoice_of_another_paper_is_refused(
    house: House,
) -> None:
    state(house, {})
    house.once()
    other = files(house)["RE_2026_1.pdf"]
    state(house, {"Belegnummer": "200", "Dateiname": "Rechnung200.pdf"})
    house.drop("Rechnung200.pdf", other)

    house.once()

    row = known(house)["RE_2026_200"]
    assert (REFUSED, ["papers.other_invoice"]) == (row.state, codes(row))
    assert "RE_2026_200.pdf" not in files(house)


def test_without_a_letterhead_nothing_is_printed(tmp_path: Path) -> None:
    house = House(tmp_path / "house").build()
    state(house, {})

    assert 0 == house.once()

    assert {} == files(house)
    assert [] == house.codes(1)


def test_a_template_with_a_mistake_is_told_with_its_line(house: House) -> None:
    (house.path / "templates").mkdir()
    text = "{% block opening %}\n{{ papier }}\n{% endblock %}"
    (house.path / "templates" / "rechnung.de.jinja").write_text(text, "utf-8")
    state(house, {"Sprache": "de"})

    house.once()

    assert {} == files(house)
    issue = (known(house)["RE_2026_1"].issues or [{}])[0]
    assert ("papers.template", "rechnung.de.jinja:2") == (
        issue["code"],
        issue["value"],
    )


def test_no_finding_quotes_who_somebody_is(house: House) -> None:
    state(house, {"UStIdNr": "DE999999999", "Steuersatz": "19,00"})

    house.once()

    found = house.findings(1)
    assert "papers.no_vat_id" in [one.code for one in found]
    assert all(one.value != "DE999999999" for one in found)


def test_a_payment_request_is_printed_with_what_is_open(house: House) -> None:
    state(house, {})
    ask_for(house, Stufe="2")

    house.once()

    assert DRAWN == known(house)["ZA_2026_1_2"].state
    assert "ZA_2026_1_2.pdf" in files(house)


@pytest.mark.parametrize("order", ["304-1234567-7654321", "known"])
def test_nobody_is_asked_to_pay_an_order_of_amazon(
    house: House, order: str
) -> None:
    if order == "known":
        house.order(today=True)
        house.once()
        order = "302-0000001-0000001"
    ask_for(house, Referenznummer=order)

    house.once()

    row = known(house)["ZA_2026_1_0"]
    assert (REFUSED, ["papers.amazon_pays"]) == (row.state, codes(row)[:1])


def test_a_refused_request_is_forgotten_once_it_is_paid(
    house: House,
) -> None:
    ask_for(house, OffenerBetrag="90,00")
    house.once()

    ask_for(house, OffenerBetrag="0,00")
    house.once()

    assert "ZA_2026_1_0" not in known(house)


def test_a_business_year_far_from_its_date_is_told(house: House) -> None:
    state(house, {"Belegjahr": "2062"})

    house.once()

    assert "papers.other_year" in codes(known(house)["RE_2062_1"])
    assert "RE_2062_1.pdf" in files(house)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("WKz", "CHF", "papers.another_currency"),
        ("Kunde", "D1", "papers.another_customer"),
    ],
)
def test_a_request_that_is_not_of_its_paper_is_refused(
    house: House, column: str, value: str, code: str
) -> None:
    state(house, {})
    ask_for(house, **{column: value})

    house.once()

    row = known(house)["ZA_2026_1_0"]
    assert REFUSED == row.state
    assert code in codes(row)


def test_what_gives_back_more_than_its_paper_is_told(house: House) -> None:
    state(house, {})
    house.once()
    more = {"Einzelpreis": "50,00", "Gesamtpreis": "200,00"}
    sums = {"Nettobetrag": "200,00", "Bruttobetrag": "238,00"}
    paper = {**CREDIT, **more, **sums, "Steuerbetrag": "38,00"}
    state(house, {**paper, "Belegnummer": "3", "Kunde": "D7"})

    house.once()

    row = known(house)["GS_2026_3"]
    assert DRAWN == row.state
    wanted = {"papers.more_than_former", "papers.former_customer"}
    assert wanted <= set(codes(row))


def test_a_milder_request_after_a_sharper_one_is_told(house: House) -> None:
    state(house, {})
    ask_for(house, Stufe="3")
    house.once()
    ask_for(house, Stufe="1")

    house.once()

    assert "papers.milder" in codes(known(house)["ZA_2026_1_1"])


def test_a_partial_invoice_can_be_asked_for(house: House) -> None:
    state(house, {"Belegart": "Abschlagsrechnung"})
    ask_for(house, Belegart="Abschlagsrechnung")

    house.once()

    assert DRAWN == known(house)["ZA_2026_1_0"].state


def test_an_invoice_that_was_taken_away_is_laid_there_again(
    house: House,
) -> None:
    state(house, {})
    house.once()
    path = house.path / "outbox" / "documents" / "RE_2026_1.pdf"
    printed = path.read_bytes()
    path.unlink()

    assert "done" == house.ask("document.again", "RE_2026_1")

    assert printed == path.read_bytes()
    assert "refused" == house.ask("document.again", "RE_2026_1")


def test_a_paper_in_pieces_is_refused_whole(house: House) -> None:
    note = {"Belegart": "Lieferschein", "Belegnummer": "7"}
    rows = [
        {**note, "Position": "1"},
        {"Belegnummer": "8"},
        {**note, "Position": "2"},
    ]
    state(house, *rows)

    assert 3 == house.once()

    assert ["RE_2026_8"] == list(known(house))
    told = [one.line for one in house.findings(1) if "again" in one.code]
    assert [2, 4] == told


def test_what_is_open_must_add_up(house: House) -> None:
    ask_for(house, OffenerBetrag="90,00")

    house.once()

    assert "papers.open_differs" in codes(known(house)["ZA_2026_1_0"])


def test_requests_of_two_papers_of_one_number_have_two_names(
    house: House,
) -> None:
    ask_for(house)
    house.once()
    ask_for(house, Belegart="Auftragsbestätigung")
    house.once()

    assert ["ZA_2026_1_0.pdf", "ZA_2026_1_0_AB.pdf"] == list(files(house))


def test_every_paper_of_a_file_is_printed(house: House) -> None:
    rows = [
        {"Belegnummer": str(n), "Belegart": "Lieferschein"} for n in range(50)
    ]
    state(house, *rows)

    house.once(60)

    assert 50 == len(files(house))


def test_what_was_printed_is_kept_locked_for_its_years(house: House) -> None:
    state(house, {})
    house.once()
    kept = house.path / "archive" / "papers" / "2026" / "RE_2026_1.pdf.locked"
    printed = files(house)["RE_2026_1.pdf"]
    parts = house.parts()
    with parts.ledger.read() as tx:
        (row,) = papers.named(tx, 1, "RE_2026_1")
    content = papershelf.content_of(parts, row)
    parts.close()
    locked = kept.read_bytes()

    house.days_later = 8 * 365
    house.once()
    still = kept.exists()
    house.days_later = 9 * 366
    house.once()

    assert printed == content
    assert b"%PDF" not in locked
    assert still
    assert not kept.exists()


def test_a_kept_file_that_somebody_changed_is_told(house: House) -> None:
    state(house, {})
    house.once()
    kept = house.path / "archive" / "papers" / "2026" / "RE_2026_1.pdf.locked"
    kept.unlink()
    parts = house.parts()
    with parts.ledger.read() as tx:
        (row,) = papers.named(tx, 1, "RE_2026_1")

    with pytest.raises(DefectError) as caught:
        papershelf.content_of(parts, row)

    parts.close()
    assert "RE_2026_1.pdf" in caught.value.told("en")


def test_papers_are_printed_on_either_database(any_house: House) -> None:
    any_house.more += LETTERHEAD
    any_house.build()
    state(any_house, {}, {"Belegnummer": "2", "Mengeneinheit": "Stange"})
    ask_for(any_house)
    any_house.once()
    state(any_house, {"Bezeichnung1": "Salzmühle"})

    any_house.once()

    found = {name: row.state for name, row in known(any_house).items()}
    assert {
        "RE_2026_1": DRAWN,
        "RE_2026_2": REFUSED,
        "ZA_2026_1_0": DRAWN,
    } == found
    assert ["RE_2026_1.pdf", "ZA_2026_1_0.pdf"] == list(files(any_house))


@pytest.mark.parametrize("number", ["6/7", "../../x", "CON", "1" * 80, "Ä 9"])
def test_any_number_makes_the_name_of_a_file(
    house: House, number: str
) -> None:
    state(house, {"Belegnummer": number}, {"Belegnummer": "2"})

    assert 0 == house.once()

    found = list(files(house))
    assert 2 == len(found)
    assert "RE_2026_2.pdf" in found
    assert all("/" not in name and len(name) < 90 for name in found)


def test_two_numbers_of_one_name_make_two_files(house: House) -> None:
    state(house, {"Belegnummer": "6/7"}, {"Belegnummer": "6-7"})

    house.once()

    assert ["RE_2026_6-7.pdf", "RE_2026_6-7_RE.pdf"] == list(files(house))

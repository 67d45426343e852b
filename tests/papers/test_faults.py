"""What keeps a paper from being printed is said by its field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.flows.lettering import written
from tests.papers.many import CASES
from tests.papers.many import line
from tests.papers.many import paper
from tests.papers.many import study
from tests.papers.many import summed

if TYPE_CHECKING:
    from bridge.flows.lettering import Written

NOTHING = object()


def refused(made: Written) -> list[tuple[str, str]]:
    """Code and field of what keeps a paper back."""
    assert made.letter is None
    hard = (one for one in made.faults if one.severity == "refuse")
    return [(one.code, one.field) for one in hard]


def over(*lines: dict[str, Any], gross: bool = False) -> dict[str, Any]:
    """The lines of a paper with sums that fit them."""
    return summed(list(lines), gross=gross)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"supplied": None}, "papers.lacks", "supplied"),
        ({"name": None}, "papers.lacks", "name"),
        ({"issued": None}, "papers.lacks", "issued"),
        ({"lines": []}, "papers.lacks", "lines"),
        ({"currency": None}, "papers.lacks", "currency"),
        (
            {"street": None, **over(line(1, "900", "1", 19))},
            "papers.lacks",
            "street",
        ),
        ({"total": "35.89"}, "mapping.sums_differ", "total"),
        ({"tax": "9.00", "net": "26.88"}, "mapping.sums_differ", "tax"),
        ({"net": "-5.00"}, "papers.negative", "net"),
        (
            over(line(1, "5", "2", 19, unit="Stange")),
            "papers.unknown_unit",
            "lines.unit",
        ),
        (over(line(1, "5", "2", 16)), "papers.unknown_rate", "lines.tax_rate"),
        (over(line(1, "5", "2", 0)), "papers.no_tax_case", "tax_case"),
        (
            over(line(1, "-5", "1", 19), line(2, "9", "1", 19)),
            "papers.negative_price",
            "lines.unit_price",
        ),
        (
            over(line(1, "5", "2", 19, total="12.00")),
            "papers.line_differs",
            "lines.total",
        ),
        (
            {**over(line(1, "5", "2", 0)), "tax_case": "E"},
            "papers.no_reason",
            "tax_note",
        ),
        (
            {
                **over(line(1, "5", "2", 0)),
                **CASES["supply"][0],
                "vat_id": "ATU1",
            },
            "papers.no_vat_id",
            "vat_id",
        ),
        (
            {**over(line(1, "5", "2", 0)), "tax_case": "AE"},
            "papers.lacks_vat_id",
            "vat_id",
        ),
        ({"pay_by": None}, "papers.no_terms", "pay_by"),
        (
            {
                **over(line(1, "5", "2", 0)),
                "tax_case": "K",
                "vat_id": "ATU13585627",
            },
            "papers.no_supply",
            "tax_case",
        ),
        (
            {
                **over(line(1, "5", "2", 0)),
                **CASES["supply"][0],
                "vat_id": "DE136695976",
            },
            "papers.own_vat_id",
            "vat_id",
        ),
        (
            {**over(line(1, "5", "2", 19)), "tax_case": "K"},
            "papers.tax_despite_case",
            "lines.tax_rate",
        ),
        (
            {
                **over(line(1, "5", "2", 20), gross=True),
                **CASES["supply"][0],
            },
            "papers.oss_firm",
            "vat_id",
        ),
        ({"prepaid": "36.00"}, "papers.prepaid", "prepaid"),
        (
            {
                **over(line(1, "5", "2", 19)),
                "lines": [line(1, "5", "2", 19, tax_rate=None)],
            },
            "papers.no_rate",
            "lines.tax_rate",
        ),
        (
            {"einvoice": "xrechnung", "buyer_reference": None},
            "papers.no_reference",
            "buyer_reference",
        ),
        ({"einvoice": "xrechnung", "email": None}, "papers.lacks", "email"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_invoice_with_a_fault_is_refused_with_its_field(
    said: dict[str, Any], code: str, field: str
) -> None:
    made = written(study(), paper(**said))

    assert (code, field) in refused(made)


@pytest.mark.parametrize("number", ["CHE-123.456.788 MWST", "GB980780684"])
def test_an_export_is_printed_with_the_buyer_s_own_tax_id(number: str) -> None:
    said = {**over(line(1, "5", "2", 0)), **CASES["export"][0]}

    made = written(study(), paper(**said, vat_id=number))

    assert made.letter is not None
    assert () == made.faults
    assert number in dict(made.letter.info).values()
    assert number.encode() not in made.xml


def test_a_vat_id_that_cannot_be_one_is_told_where_nothing_needs_it() -> None:
    made = written(study(), paper(vat_id="DE123"))

    assert made.letter is not None
    assert [("papers.no_vat_id", "warn")] == [
        (one.code, one.severity) for one in made.faults
    ]


@pytest.mark.parametrize("kind", ["credit_note", "cancellation", "correction"])
def test_what_corrects_an_invoice_must_name_it(kind: str) -> None:
    made = written(study(), paper(kind, of_number=None))

    assert [("papers.lacks", "of_number")] == refused(made)


def test_an_exempt_paper_without_a_reason_says_which_column_lacks() -> None:
    free = over(line(1, "5", "2", 0))

    made = written(study(small_business=True), paper(**free))

    assert made.letter is not None  # the reason is that of a small business
    assert any("§ 19 UStG" in note for note in made.letter.notes)


def test_what_is_exempt_may_stand_beside_what_is_taxed() -> None:
    both = over(line(1, "5", "2", 0), line(2, "5", "2", 19))
    note = "Steuerfrei nach § 4 Nr. 11 UStG"

    made = written(
        study(schematron=True), paper(**both, tax_case="E", tax_note=note)
    )

    assert b"<ram:CategoryCode>E</ram:CategoryCode>" in made.xml
    assert b"<ram:CategoryCode>S</ram:CategoryCode>" in made.xml
    letter = made.letter
    assert letter is not None
    assert any(one.label.startswith("0\xa0%") for one in letter.sums)
    assert any("§ 4 Nr. 11" in one for one in letter.notes)


def test_a_small_business_must_not_show_tax() -> None:
    made = written(study(small_business=True), paper())

    assert ("papers.tax_of_small_business", "lines.tax_rate") in refused(made)


def test_every_fault_of_a_paper_is_told_at_once() -> None:
    lines = over(line(1, "5", "2", 19, unit="Stange"), line(2, "5", "2", 16))

    made = written(study(), paper(**lines, supplied=None, name=None))

    assert {"papers.lacks", "papers.unknown_unit", "papers.unknown_rate"} <= {
        code for code, _ in refused(made)
    }


def test_a_small_invoice_needs_no_address() -> None:
    said = dict.fromkeys(("street", "postcode", "city"))

    made = written(study(), paper(einvoice="none", **said))

    assert made.letter is not None
    assert {"warn"} == {one.severity for one in made.faults}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"company": ""}, "letterhead.company"),
        ({"vat_id": "", "tax_number": ""}, "letterhead.vat_id"),
    ],
)
def test_a_letterhead_that_lacks_something_prints_nothing(
    more: dict[str, Any], field: str
) -> None:
    made = written(study(**more), paper())

    assert field in {one for _, one in refused(made)}


def test_a_cent_that_sage_rounds_otherwise_is_told_and_printed() -> None:
    """Sage rounded the tax line by line: 0.64 and 3.98 instead of 4.61."""
    lines = [line(1, "24.90", "1", 19), line(2, "3.99", "1", 19)]
    sums = {"net": "24.27", "tax": "4.62", "total": "28.89"}

    made = written(study(), paper(**sums, lines=lines))

    assert made.letter is not None
    told = [one for one in made.faults if one.code == "papers.tax_differs"]
    assert ["0.01"] == [one.facts["difference"] for one in told]
    assert "4,62\u00a0EUR" in [one.amount for one in made.letter.sums]


def test_a_tax_that_lies_in_a_gross_sum_is_no_cent_off() -> None:
    """24.90 with 19 %: 3.98 of it are tax, though 19 % of 20.92 are 3.97."""
    lines = [line(1, "24.90", "1", 19)]

    made = written(study(), paper(**summed(lines, gross=True)))

    assert () == made.faults


def test_signs_that_no_face_has_are_replaced_and_told() -> None:
    made = written(study(), paper(name="Café 🎉 GmbH\u202e"))

    assert made.letter is not None
    assert "Café ? GmbH" == made.letter.address[0]
    told = [one for one in made.faults if one.code == "papers.odd_signs"]
    assert "U+1F389" in told[0].facts["signs"]
    assert "🎉".encode() in made.xml


def test_signs_are_told_with_the_fields_they_are_in() -> None:
    lines = over(line(1, "5", "2", 19, title="Teller 🎉"))

    made = written(study(), paper(**lines, city="Dresden 🎈"))

    assert {"city": "U+1F388", "lines.title": "U+1F389"} == {
        one.field: one.facts["signs"] for one in made.faults
    }


@pytest.mark.parametrize("gross", [True, False])
def test_a_line_without_its_sum_is_told_and_not_what_follows(
    gross: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    sums = over(line(1, "5", "2", 19), line(2, "7", "1", 19), gross=gross)
    del sums["lines"][1]["total"]

    made = written(study(), paper(**sums))

    assert [("papers.lacks", "lines.total")] == refused(made)


def test_an_invoice_over_nothing_asks_for_nothing() -> None:
    made = written(study(), paper(**over(line(1, "0", "2", 19))))

    assert made.letter is not None
    assert "Es ist nichts zu bezahlen." in made.letter.notes


def test_a_recipient_whose_letters_are_lost_gets_no_letter() -> None:
    made = written(study(), paper(name="مرحبا GmbH"))

    assert [("papers.odd_name", "name")] == refused(made)


@pytest.mark.parametrize("case", [name for name in CASES if name != "amazon"])
def test_only_a_bill_of_amazon_hides_the_bank(case: str) -> None:
    more, rates = CASES[case]
    sums = over(line(1, "10", "3", rates[0]))

    made = written(study(), paper(**sums, **more))

    assert made.letter is not None
    foot = "\n".join("\n".join(lines) for lines in made.letter.head.footer)
    assert "IBAN" in foot


def test_an_order_of_amazon_is_paid_and_asks_for_nothing() -> None:
    made = written(study(), paper(**CASES["amazon"][0]))

    assert made.letter is not None
    said = "\n".join(made.letter.notes)
    foot = "\n".join("\n".join(lines) for lines in made.letter.head.footer)
    assert "Bezahlt über Amazon, Bestellnummer 304-1234567-7654321" in said
    assert made.letter.code is None
    assert "IBAN" not in foot
    assert b"<ram:DuePayableAmount>0.00" in made.xml
    assert b"IBANID" not in made.xml


@pytest.mark.parametrize("form", ["zugferd", "xrechnung"])
def test_terms_are_said_in_words_and_to_machines(form: str) -> None:
    made = written(study(), paper(payment_terms="14/30", einvoice=form))

    assert made.letter is not None
    assert any("2 % Skonto" in note for note in made.letter.notes)
    coded = b"#SKONTO#TAGE=14#PROZENT=2.00#" in made.xml
    assert coded == (form == "xrechnung")


def test_terms_that_have_no_words_are_told() -> None:
    made = written(study(), paper(payment_terms="60"))
    credit = written(study(), paper("credit_note", payment_terms="60"))

    assert made.letter is not None
    [fault] = made.faults
    assert ("papers.unknown_terms", "payment_terms", "warn") == (
        fault.code,
        fault.field,
        fault.severity,
    )
    assert () == credit.faults


def test_home_tax_to_a_consumer_abroad_is_no_one_stop_shop() -> None:
    """Below the threshold of 10,000 EUR tax of the home country is due."""
    lines = over(line(1, "5", "2", 19), gross=True)
    said = {"country": "FR", "city": "Lyon", "postcode": "69001"}

    made = written(study(), paper(**lines, **said))

    assert made.letter is not None
    assert all("OSS" not in note for note in made.letter.notes)


def test_a_gross_paper_says_that_its_prices_are_gross() -> None:
    labels = []
    for gross in (True, False):
        lines = over(line(1, "5", "2", 19), gross=gross)
        made = written(study(), paper(**lines))
        assert made.letter is not None
        assert made.letter.table is not None
        labels.append({one.label for one in made.letter.table.columns})

    assert labels[0] - labels[1] == {"Preis brutto", "Brutto"}

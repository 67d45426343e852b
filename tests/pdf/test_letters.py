"""Letters as their reader finds them: pages, sums carried over, text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from bridge.flows.lettering import written
from bridge.pdf.cells import lines_of
from bridge.pdf.cells import places_of
from bridge.pdf.letters import drawn
from tests.papers.many import line
from tests.papers.many import paper
from tests.papers.many import study
from tests.papers.many import summed

if TYPE_CHECKING:
    from typing import Any


MM = 72 / 25.4  # points


def _y(top: float) -> float:
    return (297 - top) * MM


def pages(said: dict[str, Any], **more: Any) -> list[str]:  # noqa: ANN401
    """The text of each page of a paper, as a reader finds it."""
    made = written(study(schematron=False, **more), said)
    assert made.letter is not None, made.faults
    document = pypdfium2.PdfDocument(drawn(made.letter))
    return [page.get_textpage().get_text_bounded() for page in document]


def test_a_letter_says_everything_law_wants_of_an_invoice() -> None:
    [text] = pages(paper())

    for said in (
        *("Muster Möbel GmbH", "Musterweg 1", "01099 Dresden"),
        *("Küchenwelt Muster GmbH", "Königsbrücker Straße 7"),
        *("USt-IdNr. DE136695976", "Steuernummer 201/123/45678"),
        *("VFR-2026-100001", "15.01.2026", "14.01.2026"),
        *("Pfeffermühle „Buche“ groß", "1\u00a0Stk", "24,90"),
        *("19\u00a0% USt. auf 20,92\u00a0EUR", "3,98\u00a0EUR"),
        *("7\u00a0% USt. auf 10,26\u00a0EUR", "0,72\u00a0EUR"),
        *("Rechnungsbetrag", "35,88\u00a0EUR"),
        *("Amtsgericht Dresden, HRB 1", "Geschäftsführung: Erika Beispiel"),
    ):
        assert said.replace("\u00a0", " ") in text.replace("\u00a0", " ")


def test_what_is_free_of_tax_stands_apart_from_what_is_taxed() -> None:
    lines = [line(1, "100.00", "1", 19), line(2, "10.00", "1", 0)]
    export = {"country": "CH", "city": "Basel", "postcode": "4001"}

    [text] = pages(paper(**summed(lines, gross=False), **export))

    text = text.replace("\u00a0", " ")
    assert "19 % USt. auf 100,00 EUR" in text
    assert "0 % USt. auf 10,00 EUR" in text
    assert "Steuerfreie Ausfuhr" in text


def test_the_same_letter_in_english() -> None:
    [text] = pages(paper(language="en"))

    assert "Invoice VFR-2026-100001" in text
    assert "15 January 2026" in text
    assert "Invoice total" in text
    assert "Page 1 of 1" in text


@pytest.mark.parametrize("count", [20, 60, 500])
def test_what_goes_on_is_carried_over(count: int) -> None:
    lines = [line(n, "2.00", "1", 19) for n in range(1, count + 1)]

    found = pages(paper(**summed(lines, gross=False)))

    assert len(found) > 1
    printed = 0
    for number, page in enumerate(found, 1):
        assert f"Seite {number} von {len(found)}" in page
        rows, sums = re.findall(r"Ware \d+", page), _carried(page)
        if printed and rows:
            assert _amount(printed * 2) == sums[0]
        printed += len(rows)
        if printed < count:
            assert _amount(printed * 2) == sums[-1]
    assert count == printed


def _carried(page: str) -> list[str]:
    return re.findall(r"Übertrag\s+([\d.,]+)", page)


def _amount(value: int) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def test_a_name_of_two_thousand_signs_is_printed_whole() -> None:
    long = " ".join(f"Wort{number:04}" for number in range(223))
    lines = [line(1, "2.00", "1", 19, title=long), line(2, "1.00", "1", 19)]

    found = pages(paper(**summed(lines, gross=False)))

    text = " ".join(found)
    assert 223 == len(set(re.findall(r"Wort\d{4}", text)))
    assert len(long) >= 2000


def test_a_word_without_an_end_is_cut_at_the_column() -> None:
    lines = [line(1, "2.00", "1", 19, title="X" * 400)]

    found = pages(paper(**summed(lines, gross=False)))

    assert 400 == sum(page.count("X") for page in found)


def test_sums_never_stand_on_a_page_without_a_line_they_are_of() -> None:
    for count in range(1, 66):
        lines = [line(n, "2.00", "1", 19) for n in range(1, count + 1)]
        found = pages(paper(**summed(lines, gross=False)))
        (page,) = [text for text in found if "Rechnungsbetrag" in text]
        assert str(count) in page.split()
        assert "Mit freundlichen Grüßen" in found[-1]
        assert len(found) <= 2 + count // 25


def test_a_delivery_note_has_no_prices_and_a_line_to_sign_on() -> None:
    [text] = pages(paper("delivery_note"))

    assert "24,90" not in text
    assert "EUR" not in text
    assert "Ware erhalten: Datum, Unterschrift" in text


def test_a_discount_has_its_column_only_where_there_is_one() -> None:
    lines = [line(1, "10.00", "3", 19, discount="12.5")]

    [without] = pages(paper())
    [text] = pages(paper(**summed(lines, gross=False)))

    assert "Rabatt" not in without
    assert "Rabatt" in text
    assert "-12,5" in text
    assert "26,25" in text


def test_a_buyer_abroad_has_the_country_in_capitals() -> None:
    said = {"country": "FR", "city": "Lyon", "postcode": "69001"}
    lines = [line(1, "12.00", "1", 20)]

    [text] = pages(paper(**summed(lines, gross=True), **said))

    assert "FRANKREICH" in text
    assert "OSS-Verfahren" in text


def test_goods_that_go_elsewhere_say_where() -> None:
    said = {"to_name": "Lager Nord", "to_city": "Kiel", "to_postcode": "24103"}

    [text] = pages(paper(**said))

    assert "Lieferanschrift: Lager Nord, 24103 Kiel" in text


def test_prices_of_a_fraction_of_a_cent_keep_their_places() -> None:
    lines = [line(1, "0.0345", "1000", 19)]

    [text] = pages(paper(**summed(lines, gross=False)))

    assert "0,0345" in text
    assert "34,50" in text


@pytest.mark.parametrize(
    "name",
    [
        (
            "Gesellschaft für außerordentlich lange Firmennamen und deren "
            "Verwaltung in Mecklenburg-Vorpommern mbH & Co. KGaA"
        ),
        "X" * 180,
        "Ein Wort " * 20,
    ],
)
def test_a_long_name_stays_in_the_window(name: str) -> None:
    made = written(study(), paper(name=name, name2="Abteilung Einkauf"))
    assert made.letter is not None
    page = pypdfium2.PdfDocument(drawn(made.letter))[0]
    text = page.get_textpage()

    right, high = 106 * 2.8346, 297 * 2.8346
    window = text.get_text_bounded(
        0, high - 91 * 2.8346, right, high - 60 * 2.8346
    )
    beside = text.get_text_bounded(
        right, high - 91 * 2.8346, 124 * 2.8346, high - 60 * 2.8346
    )

    assert name.split(maxsplit=1)[0][:20] in window
    assert "01099 Dresden" in window
    assert "" == beside.strip()


def test_every_cell_stays_in_its_column() -> None:
    names = ("MUEHLE-BUCHE-24CM-NATUR", "TISCH-EICHE-160X90", "A" * 31)
    lines = [
        line(1, "1234567.89", "3", 19, article=names[0], discount="12.55"),
        line(2, "24.90", "400000", 19, article=names[1], unit="Karton"),
        line(3, "24.90", "1", 19, article=names[2], discount="33.333"),
    ]
    made = written(
        study(schematron=False), paper(**summed(lines, gross=False))
    )
    assert made.letter is not None
    assert made.letter.table is not None
    page = pypdfium2.PdfDocument(drawn(made.letter))[0].get_textpage()

    places = places_of(made.letter.table, 25)
    found = [
        page.get_text_bounded(
            place.left * MM,
            _y(167),
            (place.left + place.width - 0.5) * MM,
            _y(127.5),
        ).split()
        for place in places
    ]

    whole = "".join(names).replace("-", "")
    assert whole == "".join(filter(str.isalnum, "".join(found[1])))
    assert "Ware 1 Ware 2 Ware 3" == " ".join(found[2])
    assert ["1.234.567,89", "24,90", "24,90"] == found[4]
    assert "-12,55 % -33,333 %" == " ".join(found[5])
    assert 190 == pytest.approx(places[-1].left + places[-1].width)


def test_numbers_are_set_smaller_before_they_are_broken() -> None:
    more = {"unit": "Karton", "discount": "12.345678"}
    lines = [line(1, "12345678.12345", "1000000", 19, **more)]
    made = written(
        study(schematron=False), paper(**summed(lines, gross=False))
    )
    assert made.letter is not None
    assert made.letter.table is not None

    places = places_of(made.letter.table, 25)
    first, *_ = lines_of(made.letter.table.rows[0], places)

    assert places[4].size < places[0].size
    assert "12.345.678,12345" == first[4]


def test_a_number_of_sixty_digits_stays_on_the_page() -> None:
    made = written(study(schematron=False), paper(number="7" * 60))
    assert made.letter is not None
    page = pypdfium2.PdfDocument(drawn(made.letter))[0].get_textpage()

    boxes = [page.get_charbox(at) for at in range(page.count_chars())]

    assert max(right for _, _, right, _ in boxes) < 201 * MM


def test_the_first_page_is_used_as_far_as_it_goes() -> None:
    lines = [line(n, "2.00", "1", 19) for n in range(1, 11)]

    found = pages(paper(**summed(lines, gross=False)))

    assert 1 == len(found)


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("invoice", "Mit freundlichen Grüßen"),
        ("quote", "Mit freundlichen Grüßen"),
        ("delivery_note", "Ware erhalten"),
    ],
)
def test_what_ends_a_letter_never_stands_alone_on_a_page(
    kind: str, end: str
) -> None:
    for count in range(8, 30):
        lines = [line(n, "2.00", "1", 19) for n in range(1, count + 1)]
        found = pages(paper(kind, **summed(lines, gross=False)))
        [text] = [one for one in found if end in one]
        above = text.partition(end)[0]
        assert re.search(r"Bitte überweisen|Ware \d|Angebot halten", above)


def test_closing_words_go_on_where_the_first_page_has_no_room() -> None:
    lines = [line(n, "2.00", "1", 19) for n in range(1, 10)]
    closing = "\n\n".join(
        f"Hinweis {number} zur Lieferung." for number in range(6)
    )

    first, last = pages(paper(**summed(lines, gross=False), closing=closing))

    assert "Bequem bezahlen" in first
    assert "Hinweis 0" in first
    assert "Hinweis 5" in last

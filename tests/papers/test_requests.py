"""Who is asked to pay what, how sharply, and who never is."""

from __future__ import annotations

import pypdfium2
import pytest
import zxingcpp

from tests.papers.requests import asked
from tests.papers.requests import reminder


@pytest.mark.parametrize(
    ("level", "title"),
    [
        (0, "Zahlungsaufforderung"),
        (1, "Zahlungserinnerung"),
        (2, "2. Mahnung"),
        (3, "Letzte Mahnung"),
        (7, "Letzte Mahnung"),
    ],
)
def test_a_level_has_its_title_and_no_letter_is_an_invoice(
    level: int, title: str
) -> None:
    made = asked(level=level)

    assert made.letter is not None
    assert f"{title}: Rechnung VFR-2026-100001" == made.letter.subject
    assert all("USt" not in one.label for one in made.letter.sums)


def test_reminders_grow_sharper() -> None:
    said = []
    for level in range(4):
        made = asked(level=level)
        assert made.letter is not None
        said.append(made.letter.opening[1])

    assert 4 == len(set(said))
    assert "letztmalig" in said[3]


def test_what_is_open_can_be_paid_by_code() -> None:
    page = pypdfium2.PdfDocument(reminder())[0]
    picture = page.render(scale=150 / 72).to_pil()

    (code,) = zxingcpp.read_barcodes(picture)

    lines = code.text.split("\n")
    assert ("BCD", "EUR25.88") == (lines[0], lines[7])
    assert "RE 2026-100001 D10042" == lines[10]
    assert "DE02120300000000202051" == lines[6]


def test_other_money_has_no_code() -> None:
    made = asked(known=False, currency="CHF")

    assert made.letter is not None
    assert made.letter.code is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"open": "40.00"}, "papers.open_differs"),
        ({"total": "40.00", "open": "30.00"}, "papers.other_total"),
        ({"pay_by": None}, "papers.lacks"),
        ({"purpose": "x" * 141}, "papers.sepa_purpose"),
        ({"amazons": True}, "papers.amazon_pays"),
    ],
)
def test_what_cannot_be_asked_for_is_told(
    said: dict[str, str], code: str
) -> None:
    made = asked(**said)  # type: ignore[arg-type]

    assert made.letter is None
    assert code in [one.code for one in made.faults]


def test_without_its_paper_a_request_has_no_address() -> None:
    made = asked(known=False)

    assert made.letter is not None
    assert ("Küchenwelt Muster GmbH",) == made.letter.address
    assert ["papers.no_address"] == [one.code for one in made.faults]


def test_a_day_that_is_over_is_told() -> None:
    made = asked(pay_by="2026-01-20")

    assert made.letter is not None
    assert ["papers.past_day"] == [one.code for one in made.faults]


def test_who_pays_otherwise_gets_no_code_to_transfer_with() -> None:
    made = asked(method="PayPal")

    assert made.letter is not None
    assert made.letter.code is None


def test_a_request_has_a_day_of_its_own_and_its_paper_s() -> None:
    made = asked(issued="2026-01-31")

    assert made.letter is not None
    assert ("Datum", "02.02.2026") in made.letter.info
    assert "15.01.2026" in made.letter.opening[1]

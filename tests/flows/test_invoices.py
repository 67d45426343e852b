"""Invoices wait for all they need, and are rehearsed as they would go."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from bridge.flows.dating import today
from tests.sagepapers import CONSUMER
from tests.sagepapers import paper
from tests.sagepapers import pdf
from tests.sagepapers import ship
from tests.sagepapers import state

if TYPE_CHECKING:
    from tests.conftest import StandingClock
    from tests.house import House

FILE = "RE_2026_1.pdf"


@pytest.fixture
def sold(house: House) -> House:
    """A house with an order that left."""
    house.order()
    house.once()
    ship(house)
    house.once()
    return house


def papers(house: House) -> list[dict[str, Any]]:
    rows = house.view("order_rows")
    row = next(row for row in rows if row["id"] == CONSUMER)
    found: list[dict[str, Any]] = row["papers"]
    return found


def uploads(house: House) -> list[str]:
    return [name for name in house.body_names() if "UPLOAD" in name]


def noted(house: House, stem: str = "Belege") -> list[tuple[str, str | None]]:
    """Codes and columns of what was found in the last file of a kind."""
    (*_, last) = [
        one.id for one in house.deliveries() if one.name.startswith(stem)
    ]
    return [(item.code, item.field) for item in house.findings(last)]


def test_an_invoice_goes_with_its_pdf_and_its_amounts(
    any_house: House,
) -> None:
    any_house.order()
    any_house.once()
    ship(any_house)
    any_house.once()
    state(any_house, paper())
    any_house.drop(FILE, pdf())

    code = any_house.once()

    (name,) = uploads(any_house)
    folder = any_house.path / "outbox" / "amazon"
    beside = name.replace("UPLOAD_VAT_INVOICE", "createFeed")
    said = json.loads((folder / beside.replace("pdf", "json")).read_bytes())
    assert (0, pdf()) == (code, (folder / name).read_bytes())
    assert {
        "metadata:OrderId": CONSUMER,
        "metadata:InvoiceNumber": "VFR-2026-500001",
        "metadata:TotalAmount": "24.90",
        "metadata:TotalVATAmount": "3.98",
        "metadata:DocumentType": "Invoice",
    } == said["body"]["feedOptions"]
    (shown,) = papers(any_house)
    assert ("accepted", None) == (shown["state"], shown["lacks"])


def test_a_credit_note_gives_back(sold: House) -> None:
    state(sold, paper("Gutschrift"))
    sold.drop("GS_2026_1.pdf", pdf())

    code = sold.once()

    (said,) = [
        body["body"]["feedOptions"]
        for body in sold.bodies()
        if body["operation"] == "createFeed"
    ]
    assert (0, "CreditNote", "-24.90") == (
        code,
        said["metadata:DocumentType"],
        said["metadata:TotalAmount"],
    )


def test_the_number_is_written_as_the_house_prints_it(house: House) -> None:
    house.more = '[invoices]\nnumber = "RE {number}/{year}"'
    house.build().order()
    house.once()
    ship(house)
    state(house, paper())
    house.drop(FILE, pdf())

    house.once()

    assert "RE 500001/2026" in str(house.bodies())


def test_a_paper_waits_for_its_pdf_and_status_says_so(sold: House) -> None:
    state(sold, paper())
    sold.once()
    waiting = sold.view("status")

    sold.drop(f"unten/{FILE.upper()}".rpartition("/")[2], pdf())
    sold.once()

    assert {"pdf": 1} == waiting["papers"]
    assert FILE in " ".join(waiting["warnings"])
    done = sold.view("status")
    assert ({"accepted": 1}, []) == (done["papers"], done["warnings"])


def test_a_pdf_may_come_before_its_paper(sold: House) -> None:
    sold.drop(FILE, pdf())
    sold.once()
    before = uploads(sold)

    state(sold, paper())
    sold.once()

    assert ([], 1) == (before, len(uploads(sold)))


def test_a_paper_waits_for_order_and_shipment(house: House) -> None:
    state(house, paper())
    house.drop(FILE, pdf())
    house.once()
    first = house.view("status")["papers"]

    house.order()
    house.once()
    second = house.view("status")["papers"]
    ship(house)
    code = house.once()

    assert ({"no_order": 1}, {"shipment": 1}) == (first, second)
    assert (0, 1) == (code, len(uploads(house)))


def test_what_went_once_never_goes_again(sold: House) -> None:
    state(sold, paper())
    sold.drop(FILE, pdf())
    sold.once()

    state(sold, paper())
    sold.drop(FILE, pdf())
    sold.once()

    assert 1 == len(uploads(sold))
    assert [] == [code for code, _ in noted(sold) if "invoices" in code]


def test_other_bytes_under_a_number_that_went_are_told(sold: House) -> None:
    state(sold, paper())
    sold.drop(FILE, pdf())
    sold.once()

    sold.drop(FILE, pdf("another"))
    sold.once()

    assert [("invoices.other_pdf", None)] == noted(sold, FILE)
    assert 1 == len(uploads(sold))


def test_a_paper_that_changed_after_it_went_is_told(sold: House) -> None:
    state(sold, paper())
    sold.drop(FILE, pdf())
    sold.once()

    state(sold, paper(net="8,40", tax="1,60", total="10,00"))
    sold.once()

    assert ("invoices.changed", None) in noted(sold)
    assert 1 == len(uploads(sold))


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        ({"tax": "3,99"}, "invoices.sums", "Bruttobetrag"),
        (
            {"net": "20,915", "tax": "3,985"},
            "invoices.not_cents",
            "Nettobetrag",
        ),
        ({"currency": "SEK"}, "invoices.currency", "WKz"),
        ({"file": ""}, "invoices.no_file", "Dateiname"),
        ({"number": "RÄ.1"}, "invoices.odd_number", "Belegnummer"),
        (
            {"net": "90,00", "tax": "10,00", "total": "100,00"},
            "invoices.above_order",
            "Bruttobetrag",
        ),
    ],
)
def test_what_amazon_would_not_take_stays_here_with_its_column(
    sold: House, said: dict[str, str], code: str, column: str
) -> None:
    state(sold, paper(**said))
    sold.drop(FILE, pdf())

    exit_code = sold.once()

    assert (code, column) in noted(sold)
    assert (5, []) == (exit_code, uploads(sold))
    assert "refused" == papers(sold)[0]["state"]


def test_two_invoices_are_not_more_than_the_order(sold: House) -> None:
    state(sold, paper())
    sold.drop(FILE, pdf())
    sold.once()

    state(sold, paper(number="500002", file="RE_2026_2.pdf"))
    sold.drop("RE_2026_2.pdf", pdf())
    sold.once()

    assert ("invoices.above_order", "Bruttobetrag") in noted(sold)
    assert 1 == len(uploads(sold))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no paper", "invoices.no_pdf"),
        (pdf()[:-6], "invoices.cut"),
        (pdf("/Encrypt 5 0 R"), "invoices.encrypted"),
        (pdf("x" * 2**20), "invoices.too_large"),
    ],
)
def test_a_pdf_nobody_could_open_is_corrected_by_another(
    sold: House, content: bytes, code: str
) -> None:
    state(sold, paper())
    sold.drop(FILE, content)
    sold.once()
    found = noted(sold)

    sold.drop(FILE, pdf())
    sold.once()

    assert (code, "Dateiname") in found
    assert 1 == len(uploads(sold))


def test_what_amazon_refused_is_told_at_its_row_and_may_go_again(
    sold: House,
) -> None:
    issue = {"code": "79513", "severity": "ERROR", "message": "metadata"}
    match = {"operation": "UPLOAD_VAT_INVOICE", "order": CONSUMER, "times": 1}
    sold.answer("1", match, status="INVALID", issues=[issue])
    state(sold, paper())
    sold.drop(FILE, pdf())
    code = sold.once()
    found, first = noted(sold), papers(sold)[0]

    sold.ask("transfer.run", "documents")
    (sold.path / "rehearsal" / "answers" / "1.json").unlink()
    sold.once()

    assert (5, "refused") == (code, first["state"])
    assert ("invoices.declined_metadata", "Belegnummer") in found
    assert "accepted" == papers(sold)[0]["state"]


def test_a_house_whose_invoices_amazon_makes_uploads_none(
    house: House,
) -> None:
    house.more = '[invoices]\nway = "none"'
    house.build().order()
    house.once()
    ship(house)
    state(house, paper())
    house.drop(FILE, pdf())

    house.once()

    assert [] == uploads(house)


def test_a_message_to_the_buyer_is_rehearsed(house: House) -> None:
    house.more = '[invoices]\nway = "message"'
    house.build().order()
    house.once()
    ship(house)
    state(house, paper())
    house.drop(FILE, pdf())

    code = house.once()

    names = [name for name in house.body_names() if "sendInvoice" in name]
    assert (0, ["json", "pdf"]) == (
        code,
        [name[-4:].strip(".") for name in names],
    )


def test_the_pdf_lies_locked_in_the_archive(sold: House) -> None:
    sold.drop(FILE, pdf())

    sold.once()

    (kept,) = (sold.path / "archive").rglob(f"*{FILE}*")
    assert kept.name.endswith(".locked")
    assert [] == sold.places(pdf())


def test_a_pdf_goes_with_one_paper_only(sold: House) -> None:
    half = {"net": "10,46", "tax": "1,99", "total": "12,45"}
    lines = [("90010000000011", "0010010", "12,45")]
    sold.drop(FILE, pdf())
    state(sold, paper(**half, lines=lines))
    sold.once()

    state(sold, paper(**half, lines=lines, number="500002"))
    sold.once()

    assert 1 == len([name for name in uploads(sold) if "pdf" in name])
    assert ("invoices.other_paper", "Dateiname") in noted(sold)


def test_a_day_to_come_is_told_and_amazon_gets_the_paper_not_before(
    sold: House,
) -> None:
    sold.drop(FILE, pdf())
    state(sold, paper(issued="24.11.2099"))

    code = sold.once()

    assert (5, []) == (code, uploads(sold))
    assert [("invoices.future_day", "Belegdatum")] == noted(sold)


def test_a_payment_request_of_a_day_to_come_is_told(house: House) -> None:
    house.drop(
        "Zahlungsaufforderung_20260115_000001.csv",
        "Mandant;Belegart;Belegjahr;Belegnummer;Belegdatum;Kunde;Name1;"
        "Zahlungsart;Bruttobetrag;OffenerBetrag;WKz;Faelligkeit;Stufe;"
        "Verwendungszweck\n"
        "1;Rechnung;2099;1;24.11.2099;D1;Beispiel AG;Rechnung;1,00;1,00;EUR;"
        "24.12.2099;0;RE 1\n",
    )

    house.once()

    assert "intake.future_day" in house.codes(1)


@pytest.mark.parametrize(
    ("hour", "expected"), [(22, "2026-01-14"), (23, "2026-01-15")]
)
def test_a_day_begins_where_the_merchant_is(
    house: House, clock: StandingClock, hour: int, expected: str
) -> None:
    clock.time = datetime(2026, 1, 14, hour, 30, tzinfo=UTC)
    parts = house.parts(clock)

    assert expected == today(parts)
    parts.close()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "invoices.no_pdf"),
        (b"%PDF-1.4\ncut", "invoices.cut"),
        (b"%PDF-" + b" " * 2**20, "invoices.too_large"),
        (pdf(), None),
    ],
)
def test_a_pdf_nobody_could_open_is_told_when_it_comes(
    house: House, content: bytes, expected: str | None
) -> None:
    house.drop(FILE, content)

    house.once()

    codes = house.codes(1)
    assert ([expected] if expected else []) == codes[:1]


def test_amounts_are_told_as_a_language_writes_them(sold: House) -> None:
    sold.drop(FILE, pdf())
    state(sold, paper(tax="3,97"))

    sold.once()

    (found,) = [
        one
        for row in sold.deliveries()
        for one in sold.findings(row.id)
        if one.code == "invoices.sums"
    ]
    assert "24,90 EUR" in found.message("de")
    assert "24.90 EUR" in found.message("en")


def test_status_names_the_next_step_of_refused_papers(
    sold: House, capsys: pytest.CaptureFixture[str]
) -> None:
    state(sold, paper(tax="3,97"))
    sold.once()

    main(["--workspace", str(sold.path), "status"])

    said = " ".join(capsys.readouterr().out.split())
    assert [{"kind": "invoice", "count": 1, "order": CONSUMER}] == sold.view(
        "status"
    )["papers_refused"]
    assert f"bridge order show {CONSUMER}" in said
    assert "bridge transfer run documents" in said

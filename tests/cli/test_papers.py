"""``bridge document``, as a person and as a program use it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_commands import call
from tests.cli.test_commands import data
from tests.flows.test_printing import COLUMNS
from tests.flows.test_printing import LETTERHEAD
from tests.flows.test_printing import state
from tests.flows.test_printing import table
from tests.house import House

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def office(tmp_path: Path) -> House:
    """A house that printed an invoice and refused another."""
    house = House(tmp_path / "house", more=LETTERHEAD).build()
    refused = {"Belegnummer": "2", "Mengeneinheit": "Stange"}
    state(house, {}, refused, {"Belegnummer": "3", "Kunde": "D2"})
    house.once()
    return house


def test_the_list_names_each_paper_and_its_files(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = data(capsys, office, "document", "list")

    assert [
        ("RE_2026_3", "drawn"),
        ("RE_2026_2", "refused"),
        ("RE_2026_1", "drawn"),
    ] == [(row["id"], row["state"]) for row in rows]
    assert ["RE_2026_3.pdf"] == rows[0]["files"]
    assert ("119", "EUR", "invoice") == tuple(
        rows[0][name] for name in ("total", "currency", "kind")
    )


def test_the_list_can_be_of_one_customer(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = data(capsys, office, "document", "list", "--customer", "D2")

    assert ["RE_2026_3"] == [row["id"] for row in rows]


def test_a_refused_paper_says_why_and_what_to_do(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code = call(office, "document", "show", "RE_2026_2")

    text = capsys.readouterr().out
    assert 0 == code
    assert "the unit 'Stange' is not in einheiten.csv" in text
    assert "mappings/einheiten.csv" in text


def test_a_paper_names_the_file_it_waits_for(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    state(office, {"Belegnummer": "4", "Dateiname": "Rechnung4.pdf"})
    office.once()

    call(office, "document", "show", "RE_2026_4")

    assert "Rechnung4.pdf" in capsys.readouterr().out


def test_an_invoice_is_not_printed_again(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code = call(office, "document", "again", "RE_2026_1")

    assert 3 == code
    assert "its number is given" in capsys.readouterr().err


def test_a_paper_nobody_knows_is_told(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code = call(office, "document", "show", "RE_2026_9")

    assert 3 == code
    assert "bridge document list" in capsys.readouterr().err


def test_a_printed_invoice_keeps_every_rule(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office.path / "outbox" / "documents" / "RE_2026_1.pdf"

    said = data(capsys, office, "document", "check", str(path))

    assert ("3B", "factur-x.xml", "kept", []) == tuple(
        said[name] for name in ("pdfa", "xml", "rules", "findings")
    )


def test_a_broken_e_invoice_names_the_column_to_correct(
    office: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state(
        office,
        {
            "Belegnummer": "5",
            "ERechnung": "xrechnung",
            "Kaeuferreferenz": "1",
            "EMail": "a@b.example",
        },
    )
    office.once()
    path = office.path / "outbox" / "documents" / "RE_2026_5.xml"
    broken = tmp_path / "broken.xml"
    broken.write_bytes(
        path.read_bytes().replace(
            b"<ram:GrandTotalAmount>119.00", b"<ram:GrandTotalAmount>118.00"
        )
    )

    said = data(capsys, office, "document", "check", str(broken))

    assert "broken" == said["rules"]
    rules = {one["value"]: one["field"] for one in said["findings"]}
    assert "Bruttobetrag" == rules["BR-CO-15"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.4 cut", "papers.no_pdf"),
        (b"<a>", "papers.schema"),
        (b"\x00\xff", "papers.no_paper"),
        (b"", "papers.no_paper"),
        (b"[bridge]\nmandant = 1\n", "papers.no_paper"),
        (b"%PDF-1.7\nbroken", "papers.no_pdf"),
        (
            b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            "papers.schema",
        ),
    ],
)
def test_what_is_no_paper_is_told(
    office: House,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    code: str,
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)

    said = data(capsys, office, "document", "check", str(path))
    assert code in [one["code"] for one in said["findings"]]
    assert "root:" not in str(said)


def test_the_words_of_a_library_reach_nobody(
    office: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nbroken")

    code = call(office, "document", "check", str(path))

    assert 3 == code
    assert [] == [one for one in caplog.records if "pypdf" in one.name]


def test_papers_of_a_file_are_printed_on_trial(
    office: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Belege_1.csv"
    odd = {"Belegnummer": "8", "Mengeneinheit": "Stange"}
    text = table({**COLUMNS, "Belegnummer": "7"}, {**COLUMNS, **odd})
    file.write_text(text, "windows-1252")
    before = data(capsys, office, "document", "list")

    code = call(office, "document", "render", str(file), "--to", str(tmp_path))

    said = capsys.readouterr()
    assert 3 == code
    assert (tmp_path / "RE_2026_7.pdf").read_bytes().startswith(b"%PDF")
    assert "Stange" in said.err
    assert before == data(capsys, office, "document", "list")


def test_where_a_file_is_no_folder_is_made(
    office: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Belege_1.csv"
    file.write_text(table(COLUMNS), "windows-1252")

    code = call(office, "document", "render", str(file), "--to", str(file))

    assert 3 == code
    assert "is a file, no folder" in capsys.readouterr().err


def test_check_tells_of_a_faulty_template_and_a_logo_that_is_none(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.path / "templates").mkdir()
    faulty = office.path / "templates" / "rechnung.de.jinja"
    faulty.write_text("\n{% blok %}", "utf-8")
    (office.path / "logo.png").write_bytes(b"no picture")
    office.more = LETTERHEAD + 'logo = "logo.png"\n'
    office.build()

    code = call(office, "check")

    said = capsys.readouterr().err
    assert 2 == code
    assert "rechnung.de.jinja:2" in said
    assert "logo.png" in said


def test_check_warns_of_a_template_nobody_uses(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.path / "templates").mkdir()
    (office.path / "templates" / "rechnungen.de.jinja").write_text("")

    code = call(office, "check")

    assert 0 == code
    assert "rechnung.de.jinja" in capsys.readouterr().err


def test_a_logo_that_is_none_stops_letters_and_nothing_else(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.path / "logo.png").write_bytes(b"no picture")
    office.more = LETTERHEAD + 'logo = "logo.png"\n'
    office.build()
    state(office, {"Belegnummer": "9"})

    office.once()

    rows = data(capsys, office, "document", "list")
    assert ("RE_2026_9", "refused") == (rows[0]["id"], rows[0]["state"])
    shown = data(capsys, office, "document", "show", "RE_2026_9")
    assert ["papers.no_logo"] == [one["code"] for one in shown["findings"]]


def test_a_dry_run_shows_what_would_be_printed(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("transfer", "run", "documents", "--dry-run")
    rows = data(capsys, office, *words)
    asked = data(capsys, office, *words[:2], "payment-requests", "--dry-run")

    assert (["RE_2026_2"], []) == ([row["id"] for row in rows], asked)


def test_status_and_exit_code_tell_of_what_is_not_printed(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = data(capsys, office, "status")["documents"]
    call(office, "status")
    said = capsys.readouterr().out
    again = office.once()
    state(office, {"Belegnummer": "6", "Mengeneinheit": "Stange"})

    code = office.once()

    assert {"drawn": 2, "refused": 1} == counted
    assert "bridge document list" in said
    assert re.search(r"papers +.*2 printed", said)
    assert (0, 3) == (again, code)


def test_once_says_what_was_printed_and_what_was_not(
    office: House, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {"Belegnummer": "6", "Mengeneinheit": "Stange"}
    state(office, {"Belegnummer": "5"}, odd)
    said = data(capsys, office, "once")
    state(office, {"Belegnummer": "7"})

    call(office, "once")

    assert (1, 1, 3) == tuple(
        said[name] for name in ("printed", "not_printed", "exit_code")
    )
    assert "Papers: 1 printed, 0 not printed" in capsys.readouterr().out

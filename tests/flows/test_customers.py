"""Customers for Sage: of orders, and of templates people fill in."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy import select

from bridge.app.wiring import defaults
from bridge.cli.main import main
from bridge.errors import ConfigError
from bridge.flows import identity
from bridge.ledger import persontables
from bridge.ledger.safe import KeySafe
from tests.flows.test_orders import CONSUMER
from tests.flows.test_orders import recorded
from tests.flows.test_orders import texts
from tests.house import House

if TYPE_CHECKING:
    from pathlib import Path

EACH = """
[[outbox]]
name = "sage"
folder = "outbox/sage"
mappings = ["bestellung", "kundenanlage"]

[customers]
from_orders = "each"
"""
SAGE = (
    "Kto;Name1;LieferStrasse;LieferPLZ;LieferOrt;LieferLand\n"
    "D10042;Mara Beispiel;Beispielweg 7;01099;Dresden;DE\n"
)


def made(tmp_path: Path, more: str = EACH) -> House:
    return House(tmp_path / "house", more=more).build()


def roots(house: House, start: str) -> list[etree._Element]:
    return [
        etree.fromstring(text.encode())
        for name, text in house.sage().items()
        if name.startswith(f"PROBE_{start}")
    ]


def buyer(house: House, **parts: Any) -> None:  # noqa: ANN401 - JSON
    """Make the recorded order one of this buyer."""
    path, content = recorded(house)
    order = content["orders"][0]
    order["buyer"] = {
        "buyerName": parts.get("name", "Mara Beispiel"),
        "buyerEmail": parts.get("email", "x1@marketplace.amazon.de"),
    }
    address = order["recipient"]["deliveryAddress"]
    address |= {
        "name": parts.get("name", "Mara Beispiel"),
        "addressLine1": parts.get("street", "Beispielweg 7"),
        "postalCode": "01099",
        "city": "Dresden",
    }
    for line in ("addressLine2", "addressLine3", "companyName"):
        address.pop(line, None)
    path.write_text(json.dumps(content), encoding="utf-8")


def second_order(house: House, **parts: Any) -> None:  # noqa: ANN401 - JSON
    """Another order of a day later, of this buyer."""
    path, content = recorded(house)
    text = json.dumps({"orders": content["orders"][:1]})
    again = text.replace(CONSUMER, "302-0000009-0000009")
    other = path.with_name("09_weitere.json")
    kept = path.read_bytes()
    path.write_text(again, encoding="utf-8")
    buyer(house, **parts)
    other.write_bytes(path.read_bytes())
    path.write_bytes(kept)


def test_every_new_buyer_becomes_a_customer(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(house)

    house.once()

    names = [
        name
        for root in roots(house, "Kunden")
        for name in texts(root, "*/Name1")
    ]
    assert 2 == len(names)
    assert "Mara Beispiel" in names
    assert [] == texts(roots(house, "Kunden")[0], "*/Kto")


def test_customers_come_and_go_on_either_database(any_house: House) -> None:
    house = any_house
    house.more += EACH
    house.build()
    house.drop("Kunden_1.csv", SAGE)
    house.once()
    house.order(today=True)
    buyer(house)
    house.once()
    assert 1 == len(roots(house, "Kunden"))  # Sage knows the other

    house.days_later = 3650
    house.ask("key.rotate", "")
    house.once()

    assert [] == house.column(select(persontables.person.c.order_id))
    assert {"D10042"} == set(
        house.column(select(persontables.identity.c.account))
    )


def test_order_and_new_customer_share_a_matchcode(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.order(today=True)
    house.once()

    codes = {
        text
        for root in roots(house, "Kunden")
        for text in texts(root, "*/Matchcode")
    }
    assert codes == {
        text
        for root in roots(house, "Bestellung_")
        for text in texts(root, "*/Matchcode")
    }


def test_an_alias_is_marked(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(house)

    house.once()

    marked = [
        texts(root, "*/EMailIstAlias")
        for root in roots(house, "Kunden")
        if "Mara Beispiel" in texts(root, "*/Name1")
    ]
    assert [["true"]] == marked


@pytest.mark.parametrize(
    "parts",
    [
        {"street": "Anderer Weg 1"},  # the same alias
        {"email": "y2@marketplace.amazon.de"},  # the same name and address
        {"email": "y2@marketplace.amazon.de", "street": "BEISPIELWEG  7"},
    ],
)
def test_the_same_buyer_again_is_no_second_customer(
    tmp_path: Path, parts: dict[str, str]
) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(house)
    house.once()
    before = len(roots(house, "Kunden"))
    second_order(house, **parts)

    house.once()

    assert before == len(roots(house, "Kunden"))
    assert 3 == len(roots(house, "Bestellung_"))


def test_another_buyer_is_another_customer(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(house)
    house.once()
    before = len(roots(house, "Kunden"))
    second_order(
        house,
        name="Jo Muster",
        email="z@marketplace.amazon.de",
        street="Weg 9",
    )

    house.once()

    assert before + 1 == len(roots(house, "Kunden"))


def test_accounts_may_be_counted_by_the_bridge(tmp_path: Path) -> None:
    house = made(tmp_path, EACH + 'first_account = "D900099"\n')
    house.order(today=True)

    house.once()

    accounts = sorted(
        str(text)
        for root in roots(house, "Kunden")
        for text in texts(root, "*/Kto")
    )
    assert ["D900099", "D900100"] == accounts
    used = {
        text
        for root in roots(house, "Bestellung_")
        for text in texts(root, "*/Kunde")
    }
    assert set(accounts) == used


def test_whom_sage_knows_keeps_the_account(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE)
    house.once()
    house.order(today=True)
    buyer(house)

    house.once()

    (root,) = [
        root
        for root in roots(house, "Bestellung_")
        if CONSUMER in texts(root, "*/Referenznummer")
    ]
    assert ["D10042"] == texts(root, "*/Kunde")
    assert 1 == len(roots(house, "Kunden"))  # only the other buyer is new


def test_sages_reply_tells_the_account_for_the_next_order(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.order(today=True)
    buyer(house)
    house.once()
    house.drop(
        "Auftragsrueckmeldung_1.csv",
        f"Mandant;Referenznummer;Status;Kunde\n1;{CONSUMER};angelegt;D70001\n",
    )
    house.once()
    second_order(house)

    house.once()

    (root,) = [
        root
        for root in roots(house, "Bestellung_")
        if "302-0000009-0000009" in texts(root, "*/Referenznummer")
    ]
    assert ["D70001"] == texts(root, "*/Kunde")


def test_collective_accounts_go_by_marketplace(tmp_path: Path) -> None:
    house = made(tmp_path, '[customers]\ncollective = { DE = "D99049" }\n')
    house.order(today=True)

    house.once()

    used = {
        text
        for root in roots(house, "Bestellung_")
        for text in texts(root, "*/Kunde")
    }
    assert {"D99049"} == used
    assert [] == roots(house, "Kunden")


def test_spelling_makes_nobody_new(tmp_path: Path) -> None:
    safe = KeySafe(tmp_path / "key")
    one = {
        "name": "Jo Muster",
        "street": "Lange Straße 1",
        "postcode": "01099",
    }
    two = {"name": "JO  MUSTER", "street": "Lange Str. 1", "postcode": "01099"}

    assert identity.prints(one, safe) == identity.prints(two, safe)
    other = KeySafe(tmp_path / "other")
    assert identity.prints(one, safe) != identity.prints(one, other)


# --- templates -----------------------------------------------------------


def filled(house: House, *rows: dict[str, str]) -> Path:
    """A template as a person fills it in."""
    path = house.path / "vorlage.xlsx"
    path.unlink(missing_ok=True)
    words = ["--workspace", str(house.path), "template", "customers"]
    assert 0 == main([*words, str(path)])
    book = load_workbook(path)
    page = book["Kunden"]
    heads = [cell.value for cell in page[1]]
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            page.cell(number, heads.index(name) + 1, value)
    book.save(path)
    return path


GOOD = {
    "Name1": "Jo Muster",
    "Strasse": "Weg 1",
    "PLZ": "01099",
    "Ort": "Halle",
}


def test_a_template_offers_choices_notes_and_help(house: House) -> None:
    path = filled(house)

    book = load_workbook(path)
    page = book["Kunden"]
    assert "Name1" == page["A1"].value
    assert "Muster Möbel GmbH" in page["A1"].comment.text
    assert page.data_validations.dataValidation
    assert 3 == len(book.sheetnames)
    assert "hidden" == book["Listen"].sheet_state


@pytest.mark.parametrize(
    ("language", "note"),
    [("de", "Straße mit Hausnummer\nz. B."), ("en", "Street and number")],
)
def test_a_template_speaks_the_language_of_the_settings(
    tmp_path: Path, language: str, note: str
) -> None:
    toml, path = tmp_path / "bridge.toml", tmp_path / "Kundenvorlage.xlsx"
    toml.write_text(f'[bridge]\nlanguage = "{language}"\n', encoding="utf-8")

    main(["--workspace", str(tmp_path), "template", "customers", str(path)])

    book = load_workbook(path)
    (told,) = [
        cell.comment.text
        for cell in book["Kunden"][1]
        if cell.value == "Strasse" and cell.comment
    ]
    assert note in told


def test_the_countries_next_door_stand_first(house: House) -> None:
    book = load_workbook(filled(house))

    column = next(
        column
        for column in book["Listen"].iter_cols(values_only=True)
        if "AT" in column
    )
    codes = [str(code) for code in column if code]
    assert ["DE", "AT", "CH", "BE", "CZ"] == codes[:5]
    assert sorted(codes[10:]) == codes[10:]
    assert 249 == len(set(codes)) == len(codes)
    assert {"AC", "EA", "IC", "XK"}.isdisjoint(codes)


def test_a_filled_template_becomes_customers_for_sage(tmp_path: Path) -> None:
    house = made(tmp_path)
    path = filled(
        house, GOOD, {**GOOD, "Name1": "Eva Probe", "UStIdNr": "ATU12345675"}
    )
    house.drop("Kundenvorlage.xlsx", path.read_bytes())

    house.once()

    (root,) = roots(house, "Kunden")
    assert ["Jo Muster", "Eva Probe"] == texts(root, "*/Name1")
    assert ["01099", "01099"] == texts(root, "*/LieferPLZ")


def test_a_refused_row_comes_back_in_the_workbook_with_the_reason(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    bad = {**GOOD, "Name1": "Eva Probe", "UStIdNr": "DE1"}
    path = filled(house, GOOD, bad, {**GOOD, "Name1": "Al Test", "PLZ": ""})
    house.drop("Kundenvorlage.xlsx", path.read_bytes())

    house.once()

    (back,) = (house.path / "quarantine").glob("*.zeilen.xlsx")
    book = load_workbook(back)
    page = book["Kunden"]
    rows = [
        (row[0].value, str(row[-1].value))
        for row in page.iter_rows(min_row=2)
        if row[0].value
    ]
    assert ["Eva Probe", "Al Test"] == [name for name, _ in rows]
    assert "UStIdNr" in rows[0][1]
    assert "PLZ" in rows[1][1]
    assert page.data_validations.dataValidation


def test_what_is_typed_into_a_returned_workbook_stays_text(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    rows = [GOOD, {**GOOD, "Land": "ZZ"}, {**GOOD, "Ort": ""}]
    house.drop("Kundenvorlage.xlsx", filled(house, *rows).read_bytes())

    house.once()

    (back,) = (house.path / "quarantine").glob("*.zeilen.xlsx")
    page = load_workbook(back)["Kunden"]
    heads = [cell.value for cell in page[1]]
    forms = {
        page.cell(row, heads.index(name) + 1).number_format
        for row in (2, 3, 4, 400)
        for name in ("PLZ", "Ort", "Telefon")
    }
    assert {"@"} == forms


def test_corrected_rows_are_dropped_again_as_they_are(tmp_path: Path) -> None:
    house = made(tmp_path)
    path = filled(
        house, GOOD, {**GOOD, "Name1": "Eva Probe", "UStIdNr": "DE1"}
    )
    house.drop("Kundenvorlage.xlsx", path.read_bytes())
    house.once()
    (back,) = (house.path / "quarantine").glob("*.zeilen.xlsx")
    book = load_workbook(back)
    page = book["Kunden"]
    heads = [cell.value for cell in page[1]]
    page.cell(2, heads.index("UStIdNr") + 1, "ATU12345675")
    stream = io.BytesIO()
    book.save(stream)
    house.drop("Kundenvorlage.zeilen.xlsx", stream.getvalue())

    house.once()

    assert "accepted" == house.deliveries()[-1].state
    last = roots(house, "Kunden")[-1]
    assert ["Eva Probe"] == texts(last, "*/Name1")


def test_the_same_customer_twice_in_a_template_is_told(tmp_path: Path) -> None:
    house = made(tmp_path)
    path = filled(house, GOOD, {**GOOD, "Telefon": "1"})
    house.drop("Kundenvorlage.xlsx", path.read_bytes())

    house.once()

    (delivery,) = house.deliveries()
    found = house.findings(delivery.id)
    assert {"intake.twice_different"} == {item.code for item in found}
    assert {"…"} == {item.value for item in found}
    assert [] == roots(house, "Kunden")


def test_a_customer_sage_has_is_no_second_one(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE)
    house.once()
    row = {
        **GOOD,
        "Name1": "Mara Beispiel",
        "Strasse": "Beispielweg 7",
        "Ort": "Dresden",
    }
    house.drop("Kundenvorlage.xlsx", filled(house, row).read_bytes())

    house.once()

    (root,) = roots(house, "Kunden")
    assert ["D10042"] == texts(root, "*/Kto")
    assert ["intake.known_customer"] == house.codes(house.deliveries()[-1].id)


def test_a_known_customer_keeps_what_sage_gave(tmp_path: Path) -> None:
    house = made(tmp_path)
    head, row = SAGE.splitlines()
    house.drop(
        "Kunden_1.csv",
        f"{head};Matchcode;Besteuerung;Kundengruppe;Telefon;Aktiv\n"
        f"{row};BEISPIEL-DD;3;B2B;0351 1;0\n",
    )
    house.once()
    again = {
        **GOOD,
        "Name1": "Mara Beispiel",
        "Strasse": "Beispielweg 7",
        "Telefon": "0351 2",
    }
    house.drop("Kundenvorlage.xlsx", filled(house, again).read_bytes())

    house.once()

    (root,) = roots(house, "Kunden")
    told = {item.tag: item.text for item in root[0]}
    assert {
        "Kto": "D10042",
        "Matchcode": "BEISPIEL-DD",
        "Besteuerung": "3",
        "Kundengruppe": "B2B",
        "Telefon": "0351 2",
        "LieferOrt": "Halle",
        "Aktiv": "false",
    }.items() <= told.items()


def test_the_same_customer_with_and_without_a_vat_id_is_one(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    path = filled(house, {**GOOD, "UStIdNr": "ATU12345675"}, GOOD)
    house.drop("Kundenvorlage.xlsx", path.read_bytes())

    house.once()

    (root,) = roots(house, "Kunden")
    assert 1 == len(texts(root, "*/Name1"))
    assert ["intake.twin_customer"] == house.codes(1)


def test_a_customer_of_an_earlier_template_is_not_made_again(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    house.drop("Kundenvorlage_1.xlsx", filled(house, GOOD).read_bytes())
    house.once()
    again = filled(house, {**GOOD, "Telefon": "0351 1"})
    house.drop("Kundenvorlage_2.xlsx", again.read_bytes())

    house.once()

    assert 1 == len(roots(house, "Kunden"))
    assert ["intake.twin_customer"] == house.codes(2)


def test_a_lost_key_is_never_replaced_without_a_word(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.order(today=True)
    house.once()
    key = house.path / "state" / "person.key"
    kept = key.read_bytes()

    key.unlink()
    with pytest.raises(ConfigError, match="is missing"):
        house.once()
    key.write_text("abc")
    with pytest.raises(ConfigError, match="holds no key"):
        house.once()

    key.write_bytes(kept)
    assert 0 == house.once()


def test_a_key_is_missed_before_any_order_is_there(tmp_path: Path) -> None:
    house = made(tmp_path)
    house.drop("Kunden_1.csv", SAGE)
    house.once()

    (house.path / "state" / "person.key").unlink()

    with pytest.raises(ConfigError, match="is missing"):
        house.once()


def test_what_a_customer_is_called_is_not_kept_beside_the_fingerprint(
    tmp_path: Path,
) -> None:
    house = made(tmp_path)
    own = house.path / "mappings"
    own.mkdir(exist_ok=True)
    text = (defaults("mappings") / "kundenvorlage.yaml").read_text("utf-8")
    named = text + "  matchcode: { from: Suchname }\n"
    (own / "kundenvorlage.yaml").write_text(named, "utf-8")
    house.drop(
        "Kundenvorlage.csv",
        "Name1;Strasse;PLZ;Ort;Suchname\n"
        "Jo Muster;Weg 1;01099;Halle;Jo, Halle\n",
    )

    house.once()

    assert [None] == sorted(
        set(house.column(select(persontables.identity.c.matchcode)))
    )
    (root,) = roots(house, "Kunden")
    assert ["Jo, Halle"] == texts(root, "*/Matchcode")

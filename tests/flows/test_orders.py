"""Amazon's orders become Sage files: whole, once, true to the cent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from lxml import etree

from bridge.app.wiring import defaults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

CONSUMER, COMPANY = "302-0000001-0000001", "303-0000002-0000002"

REPLY = (
    "Mandant;Referenznummer;Status;Meldung\n"
    f"1;{CONSUMER};abgelehnt;Artikel unbekannt\n"
)


def recorded(house: House) -> tuple[Path, dict[str, Any]]:
    path = house.path / "rehearsal" / "orders" / "01_verbraucher.json"
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return path, content


def xml(house: House, number: str) -> etree._Element:
    names = [name for name in house.sage() if number in name]
    return etree.fromstring(house.sage()[names[-1]].encode())


def texts(root: etree._Element, path: str) -> list[str | None]:
    return [element.text for element in root.iterfind(path)]


def test_each_order_becomes_one_file(any_house: House) -> None:
    any_house.order()

    any_house.once()

    assert 2 == len(any_house.sage())
    root = xml(any_house, CONSUMER)
    assert [CONSUMER] == texts(root, "Bestellung/Referenznummer")
    assert all(
        name.startswith("PROBE_Bestellung_") for name in any_house.sage()
    )


def test_the_positions_add_up_to_amazons_grand_total(house: House) -> None:
    house.order()
    house.once()

    for row in house.view("order_rows"):
        root = xml(house, row["id"])
        sums = texts(root, "Bestellung/Positionen/Belegposition/Gesamtpreis")
        assert Decimal(row["total"]) == sum(Decimal(str(s)) for s in sums)


def test_a_line_keeps_amazons_item_id(house: House) -> None:
    house.order()
    house.once()
    _, content = recorded(house)
    items = [
        item["orderItemId"] for item in content["orders"][0]["orderItems"]
    ]

    path = "Bestellung/Positionen/Belegposition/PositionsReferenz"
    assert items == texts(xml(house, CONSUMER), path)[: len(items)]


def test_asking_again_changes_nothing(house: House) -> None:
    house.order()
    house.once()
    before = house.sage()

    house.once()

    assert before == house.sage()


def test_a_pending_order_waits(house: House) -> None:
    house.order()
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "PENDING"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()
    waiting = len(house.sage())
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED"
    path.write_text(json.dumps(content), encoding="utf-8")
    house.once()

    assert (1, 2) == (waiting, len(house.sage()))


def cancel_first_line(house: House) -> None:
    path, content = recorded(house)
    item = content["orders"][0]["orderItems"][0]
    item["cancellation"] = {"cancellationExecution": {"cancelledBy": "SELLER"}}
    path.write_text(json.dumps(content), encoding="utf-8")


def files_of(house: House, start: str) -> list[str]:
    """What lies in Sage's folder of one sort, in the order of making."""
    return [
        text
        for name, text in house.sage().items()
        if name.startswith(f"PROBE_{start}_{CONSUMER}")
    ]


def test_a_cancelled_line_is_a_change_file_with_quantity_zero(
    house: House,
) -> None:
    house.order()
    house.once()
    cancel_first_line(house)

    house.once()

    assert 1 == len(files_of(house, "Bestellung"))
    (text,) = files_of(house, "Bestellaenderung")
    root = etree.fromstring(text.encode())
    assert ["geaendert"] == texts(root, "Bestellaenderung/Aenderung")
    assert ["2"] == texts(root, "Bestellaenderung/Version")
    assert "0" == texts(root, ".//Belegposition/Menge")[0]


def test_a_cancelled_order_that_sage_has_is_a_change_file(
    house: House,
) -> None:
    house.order()
    house.once()
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    (text,) = files_of(house, "Bestellaenderung")
    root = etree.fromstring(text.encode())
    assert ["storniert"] == texts(root, "Bestellaenderung/Aenderung")
    assert {"0"} == set(texts(root, ".//Belegposition/Menge"))


def test_an_order_sage_refused_is_stated_whole_again(house: House) -> None:
    house.order()
    house.once()
    house.drop("Auftragsrueckmeldung_1.csv", REPLY)
    house.once()
    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]

    house.ask("order.again", CONSUMER)
    house.once()

    assert ("refused", "Artikel unbekannt") == (
        row["reply"]["status"],
        row["reply"]["reason"],
    )
    assert 2 == len(files_of(house, "Bestellung"))
    assert [] == files_of(house, "Bestellaenderung")


def test_an_order_that_changed_after_sage_refused_it_is_stated_whole(
    house: House,
) -> None:
    house.order()
    house.once()
    house.drop("Auftragsrueckmeldung_1.csv", REPLY)
    house.once()
    cancel_first_line(house)

    house.once()

    first, second = files_of(house, "Bestellung")
    assert first != second
    assert [] == files_of(house, "Bestellaenderung")


def test_what_changes_after_a_refused_order_went_again_is_a_change(
    house: House,
) -> None:
    house.order()
    house.once()
    house.drop("Auftragsrueckmeldung_1.csv", REPLY)
    house.once()
    assert any("Artikel unbekannt" in told for told in warnings(house))
    house.ask("order.again", CONSUMER)
    house.once()
    assert [] == warnings(house)
    cancel_first_line(house)

    house.once()

    assert 2 == len(files_of(house, "Bestellung"))
    assert 1 == len(files_of(house, "Bestellaenderung"))


def test_a_refused_order_that_is_cancelled_is_no_file(house: House) -> None:
    house.order()
    house.once()
    house.drop("Auftragsrueckmeldung_1.csv", REPLY)
    house.once()
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    assert 1 == len(files_of(house, "Bestellung"))
    assert [] == files_of(house, "Bestellaenderung")
    assert "refused" == house.ask("order.again", CONSUMER)


def test_an_order_that_sage_has_is_not_stated_whole_again(
    house: House,
) -> None:
    house.order()
    house.once()
    house.drop(
        "Auftragsrueckmeldung_1.csv",
        REPLY.replace("abgelehnt;Artikel unbekannt", "angelegt;"),
    )
    house.once()

    assert "refused" == house.ask("order.again", CONSUMER)


def warnings(house: House) -> list[str]:
    found: list[str] = house.view("status")["warnings"]
    return found


def test_an_outbox_may_take_changes_as_whole_orders(house: House) -> None:
    house.more = (
        '[[outbox]]\nname = "sage"\nfolder = "outbox/sage"\nchanges = ""\n'
    )
    house.build()
    house.order()
    house.once()
    cancel_first_line(house)

    house.once()

    assert 2 == len(files_of(house, "Bestellung"))


def test_a_cancelled_order_nobody_saw_is_no_file(house: House) -> None:
    house.order()
    path, content = recorded(house)
    content["orders"][0]["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    assert 1 == len(house.sage())


def test_a_mere_change_of_status_is_no_new_file(house: House) -> None:
    house.order()
    house.once()
    path, content = recorded(house)
    order = content["orders"][0]
    order["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED"
    order["lastUpdatedTime"] = "2027-01-14T09:45:22.000Z"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    assert 2 == len(house.sage())
    states = {row["id"]: row["status"] for row in house.view("order_rows")}
    assert "PARTIALLY_SHIPPED" == states[CONSUMER]


def test_an_unknown_sku_never_stops_an_order(house: House) -> None:
    house.order()
    house.once()

    articles = texts(
        xml(house, CONSUMER),
        "Bestellung/Positionen/Belegposition/Artikelnummer",
    )
    assert "AMAZON" == articles[0]


def test_a_known_sku_becomes_sages_article(house: House) -> None:
    house.order()
    _, content = recorded(house)
    sku = content["orders"][0]["orderItems"][0]["product"]["sellerSku"]
    house.offer({sku: "9"})

    articles = texts(
        xml(house, CONSUMER),
        "Bestellung/Positionen/Belegposition/Artikelnummer",
    )
    assert sku == articles[0]


def test_a_total_that_does_not_add_up_is_reported(house: House) -> None:
    house.order()
    path, content = recorded(house)
    content["orders"][0]["proceeds"]["grandTotal"]["amount"] = "1.00"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]
    assert "amazon.total_differs" in [f["code"] for f in row["findings"]]


def test_an_outbox_may_want_csv_txt_or_json(house: House) -> None:
    house.more = "".join(
        f'[[outbox]]\nname = "{form}"\nfolder = "outbox/{form}"\n'
        f'format = "{form}"\n'
        for form in ("csv", "txt", "json")
    )
    house.build()
    house.order()

    house.once()

    for form in ("csv", "txt", "json"):
        files = list(
            (house.path / "outbox" / form).glob(f"*{CONSUMER}*.{form}")
        )
        assert 1 == len(files)
        assert CONSUMER in files[0].read_text("utf-8", errors="replace")


def test_sages_answer_closes_the_order(house: House) -> None:
    house.order()
    house.once()
    house.drop(
        "Auftragsrueckmeldung_1.csv",
        "Mandant;Referenznummer;Status;Belegkennzeichen;Belegart;Belegjahr;"
        "Belegnummer;BelID;Kunde;Zeitpunkt;Meldung\n"
        f"1;{CONSUMER};angelegt;VVA;Auftragsbestätigung;2026;100123;58211;"
        "D99001;14.01.2026 08:02:11;\n"
        "1;999-0000000-0000000;angelegt;VVA;Auftragsbestätigung;2026;1;2;"
        "D99001;14.01.2026 08:02:11;\n",
    )

    house.once()

    (row,) = [r for r in house.view("order_rows") if r["id"] == CONSUMER]
    assert row["acknowledged"]
    assert "created" == row["reply"]["status"]
    assert ["intake.unknown_order"] == house.codes(house.deliveries()[-1].id)


def test_an_order_may_be_written_once_more(house: House) -> None:
    house.order()
    house.once()

    assert "done" == house.ask("order.again", CONSUMER)
    house.once()

    assert 2 == len([name for name in house.sage() if CONSUMER in name])


def test_no_personal_data_is_in_the_ledger_or_the_log(house: House) -> None:
    house.order()
    house.once()
    _, content = recorded(house)
    order = content["orders"][0]
    secrets = [
        order["buyer"]["buyerName"],
        order["buyer"]["buyerEmail"],
        order["recipient"]["deliveryAddress"]["addressLine1"],
    ]

    stored = b"".join(
        path.read_bytes()
        for path in (house.path / "state").rglob("*")
        if path.is_file()
    )
    for secret in secrets:
        assert secret.encode() not in stored


def test_files_of_one_long_name_are_counted(house: House) -> None:
    (house.path / "mappings").mkdir()
    shipped = (defaults("mappings") / "bestellung.yaml").read_text("utf-8")
    name = "B" * 180
    (house.path / "mappings" / "bestellung.yaml").write_text(
        shipped.replace("Bestellung_{id}_{now:%Y%m%d_%H%M%S}", name),
        encoding="utf-8",
    )
    house.order()

    house.once()

    assert [f"PROBE_{name}.xml", f"PROBE_{name}_2.xml"] == sorted(house.sage())


def test_all_orders_of_a_run_may_lie_in_one_file(house: House) -> None:
    (house.path / "mappings").mkdir()
    shipped = (defaults("mappings") / "bestellung.yaml").read_text("utf-8")
    own = shipped.replace("one_file_per: document", "one_file_per: run")
    own = own.replace("Bestellung_{id}_", "Bestellungen_")
    (house.path / "mappings" / "bestellung.yaml").write_text(
        own, encoding="utf-8"
    )
    house.order()
    house.once()
    house.once()

    ((name, text),) = house.sage().items()
    assert name.startswith("PROBE_Bestellungen_")
    root = etree.fromstring(text.encode())
    assert {CONSUMER, COMPANY} == set(texts(root, "Bestellung/Referenznummer"))


def test_a_broken_order_does_not_stop_the_others(house: House) -> None:
    house.order()
    path, content = recorded(house)
    content["orders"][0]["orderItems"][0]["quantityOrdered"] = "zwei"
    path.write_text(json.dumps(content), encoding="utf-8")
    bad = path.with_name("00_kaputt.json")
    bad.write_text('{"orders": [', encoding="utf-8")

    code = house.once()

    assert [COMPANY] == [row["id"] for row in house.view("order_rows")]
    assert 0 == code
    warnings = house.view("status")["warnings"]
    assert 2 == len(warnings)
    assert any(CONSUMER in text for text in warnings)


def test_an_order_number_with_a_path_in_it_leads_nowhere(house: House) -> None:
    house.order()
    path, content = recorded(house)
    content["orders"][0]["orderId"] = "../../evil"
    path.write_text(json.dumps(content), encoding="utf-8")

    house.once()

    assert [COMPANY] == [row["id"] for row in house.view("order_rows")]


def test_a_partner_may_get_orders_as_opentrans(house: House) -> None:
    house.more = (
        '[[outbox]]\nname = "partner"\nfolder = "outbox/partner"\n'
        'mappings = ["opentrans_order_aus"]\n'
    )
    house.build()
    house.order()

    house.once()

    (path,) = (house.path / "outbox" / "partner").glob(f"*{CONSUMER}.xml")
    root = etree.parse(path).getroot()
    space = "{http://www.opentrans.org/XMLSchema/2.1}"
    assert f"{space}ORDER" == root.tag
    assert [CONSUMER] == texts(root, f".//{space}ORDER_INFO/{space}ORDER_ID")

"""Amazon ships marked orders of Sage from its stock: each once, on a word."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from bridge.config.loading import load
from bridge.errors import ConfigError
from bridge.ledger import tellings
from bridge.ledger.toldviews import fulfilment_row
from tests.standin import outbound
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.house import House
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

HEAD = (
    "Mandant;Belegkennzeichen;Belegart;Belegjahr;Belegnummer;Belegdatum;"
    "Referenznummer;Kunde;A2Name1;A2Strasse;A2Land;A2PLZ;A2Ort;A1Name1;"
    "A1Strasse;A1Land;A1PLZ;A1Ort;WKz;IstBruttopreis;Nettobetrag;"
    "Steuerbetrag;Bruttobetrag;Versandweg;Position;SKU;Artikelnummer;"
    "AuspraegungID;Menge;Einzelpreis\n"
)
NUMBER = "1-VVA-2026-4711"
BILLED = "Beispiel AG;Musterstr. 1;D;10115;Berlin"


def order(**said: str) -> str:
    """A row of a confirmation that Amazon is to ship."""
    facts = {
        "reference": "TEL-4711",
        "billed": BILLED,
        "to": ";;;;",
        "way": "FBA",
        "sku": "FBA-10",
        "quantity": "2",
        **said,
    }
    return (
        "1;VVA;Auftragsbestätigung;2026;4711;14.01.2026;{reference};D1;"
        "{billed};{to};EUR;-1;20,00;3,80;23,80;{way};1;{sku};0010;0;"
        "{quantity};11,90\n"
    ).format(**facts)


def state(house: House, *rows: str) -> None:
    house.drop(house.later("Belege"), HEAD + "".join(rows))


def shown(house: House) -> list[dict[str, Any]]:
    parts = house.parts()
    with parts.ledger.read() as tx:
        found = [
            fulfilment_row(one)
            for side in parts.sides
            for one in tellings.of_kind(tx, side, tellings.FULFILMENT)
        ]
    parts.close()
    return found


def noted(house: House) -> list[tuple[str, str | None]]:
    (*_, last) = house.deliveries()
    return [(one.code, one.field) for one in house.findings(last.id)]


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop with ten pieces at Amazon."""
    shop = open_shop(tmp_path / "shop", amazon, clock)
    amazon.seller.stock["FBA-10"] = 10
    return shop


def confirmed(shop: Shop) -> int:
    """An order that a person wants shipped."""
    state(shop.house, order())
    shop.once()
    assert "done" == shop.house.ask("fulfilment.confirm", NUMBER)
    return shop.once()


def test_fees_are_seen_before_anything_is_shipped(shop: Shop) -> None:
    state(shop.house, order())

    code = shop.once()

    (one,) = shown(shop.house)
    assert (0, {}, "person") == (
        code,
        shop.amazon.seller.outbound,
        one["lacks"],
    )
    assert {"FBAPerUnitFulfillmentFee": "5.25"} == one["fees"]


def test_a_confirmed_order_is_shipped_and_followed(shop: Shop) -> None:
    code = confirmed(shop)
    sent = shop.amazon.seller.outbound[NUMBER]["body"]
    outbound.leave(shop.amazon, NUMBER, "0017")
    shop.once()

    (one,) = shown(shop.house)
    assert (0, "accepted", "Complete") == (code, one["state"], one["status"])
    assert "0017" == one["parcels"][0]["tracking"]
    assert {
        "name": "Beispiel AG",
        "addressLine1": "Musterstr. 1",
        "city": "Berlin",
        "postalCode": "10115",
        "countryCode": "DE",
    } == sent["destinationAddress"]
    assert [("FBA-10", 2)] == [
        (item["sellerSku"], item["quantity"]) for item in sent["items"]
    ]


def test_goods_go_to_the_delivery_address(shop: Shop) -> None:
    state(shop.house, order(to="Lager Süd;Hof 2;A;8010;Graz"))
    shop.once()
    shop.house.ask("fulfilment.confirm", NUMBER)

    shop.once()

    sent = shop.amazon.seller.outbound[NUMBER]["body"]
    assert ("Lager Süd", "AT") == (
        sent["destinationAddress"]["name"],
        sent["destinationAddress"]["countryCode"],
    )


@pytest.mark.parametrize("fault", ["lost", "dropped", "503", "429"])
@pytest.mark.parametrize(
    "operation", ["createFulfillmentOrder", "getFulfillmentOrder"]
)
def test_an_order_is_shipped_once_whatever_breaks(
    shop: Shop, operation: str, fault: Fault
) -> None:
    shop.amazon.faults.plan(operation, fault)

    code = confirmed(shop)

    assert (0, [NUMBER]) == (code, list(shop.amazon.seller.outbound))
    assert "sent" == shown(shop.house)[0]["state"]


def test_too_little_stock_is_said_and_may_be_tried_again(shop: Shop) -> None:
    state(shop.house, order(quantity="11"))
    code = shop.once()
    found = noted(shop.house)

    shop.amazon.seller.stock["FBA-10"] = 20
    shop.house.ask("transfer.run", "order-export")
    shop.once()

    assert (5, ("warehouse.unable", "Menge")) == (code, found[-1])
    assert "person" == shown(shop.house)[0]["lacks"]


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        (
            {"billed": "Beispiel AG;;D;10115;Berlin"},
            "warehouse.address",
            "A2Strasse",
        ),
        ({"to": ";Hof 2;A;;Graz"}, "warehouse.address", "A1PLZ"),
        ({"quantity": "1,5"}, "warehouse.pieces", "Menge"),
        ({"quantity": "251"}, "warehouse.too_many", "Menge"),
    ],
)
def test_what_amazon_would_not_take_is_said_with_its_column(
    shop: Shop, said: dict[str, str], code: str, column: str
) -> None:
    state(shop.house, order(**said))

    exit_code = shop.once()

    assert (5, (code, column)) == (exit_code, noted(shop.house)[-1])
    assert {} == shop.amazon.seller.outbound


@pytest.mark.parametrize(
    "said", [{"way": "MFN"}, {"reference": "302-0000001-0000001"}]
)
def test_other_orders_are_none_of_the_warehouse(
    shop: Shop, said: dict[str, str]
) -> None:
    state(shop.house, order(**said))

    shop.once()

    assert [] == shown(shop.house)


@pytest.mark.parametrize(
    ("by", "expected"),
    [("AMAZON", []), ("MERCHANT", [("warehouse.amazons", "Referenznummer")])],
)
def test_a_marked_paper_of_amazons_own_order_is_told_unless_amazon_ships_it(
    house: House, by: str, expected: list[tuple[str, str | None]]
) -> None:
    house.order()
    for path in (house.path / "rehearsal" / "orders").glob("*.json"):
        text = path.read_text("utf-8")
        answer = re.sub(
            r'"fulfilledBy": "\w+"', f'"fulfilledBy": "{by}"', text
        )
        path.write_text(answer, "utf-8")
    house.once()
    state(house, order(reference="302-0000001-0000001"))

    house.once()

    found = [one for one in noted(house) if one[0].startswith("warehouse")]
    assert (expected, []) == (found, shown(house))


def said(house: House, capsys: pytest.CaptureFixture[str], word: str) -> str:
    """What the command says that has nothing to do."""
    capsys.readouterr()
    path = ["--workspace", str(house.path)]
    assert 3 == main([*path, "fulfilment", word, NUMBER])
    return " ".join(capsys.readouterr().err.split())


def test_what_nothing_can_follow_from_says_why(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    confirmed(shop)
    there = said(shop.house, capsys, "confirm")
    shop.house.ask("fulfilment.cancel", NUMBER)
    twice = said(shop.house, capsys, "cancel")
    shop.once()
    over = [said(shop.house, capsys, word) for word in ("confirm", "cancel")]

    assert "has got the order" in there
    assert "is being called back already" in twice
    assert all("was called back already" in one for one in over)


def test_what_was_shipped_or_refused_is_neither_confirmed_nor_called_back(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    state(shop.house, order(quantity="251"))
    shop.once()
    refused = said(shop.house, capsys, "cancel")
    state(shop.house, order())
    shop.once()
    shop.house.ask("fulfilment.confirm", NUMBER)
    shop.once()
    outbound.leave(shop.amazon, NUMBER, "0017")
    shop.once()

    assert "was refused" in refused
    for word in ("confirm", "cancel"):
        assert "has shipped the order" in said(shop.house, capsys, word)


def test_a_rehearsed_order_that_is_called_back_reads_so(house: House) -> None:
    house.more = "[warehouse]\nconfirm = false"
    house.build()
    state(house, order())
    house.once()
    sent = shown(house)[0]["state"]

    house.ask("fulfilment.cancel", NUMBER)
    house.once()

    assert ("sent", "cancelled") == (sent, shown(house)[0]["state"])


def test_a_person_calls_an_order_back(shop: Shop) -> None:
    confirmed(shop)

    outcome = shop.house.ask("fulfilment.cancel", NUMBER)
    shop.once()

    assert ("done", "cancelled") == (outcome, shown(shop.house)[0]["state"])
    assert "Cancelled" == shop.amazon.seller.outbound[NUMBER]["status"]


def test_too_late_is_said(shop: Shop) -> None:
    confirmed(shop)
    shop.amazon.seller.outbound[NUMBER]["status"] = "Processing"

    shop.house.ask("fulfilment.cancel", NUMBER)
    shop.once()
    shop.once()

    late = [code for code, _ in noted(shop.house)]
    assert (["warehouse.too_late"], "sent") == (
        [code for code in late if "warehouse" in code],
        shown(shop.house)[0]["state"],
    )


def test_an_order_that_changed_after_it_went_is_told(shop: Shop) -> None:
    confirmed(shop)

    state(shop.house, order(quantity="1"))
    shop.once()

    assert ("warehouse.changed", None) in noted(shop.house)
    assert 1 == len(shop.amazon.seller.outbound)


def test_it_is_rehearsed(house: House) -> None:
    house.more = "[warehouse]\nconfirm = false"
    house.build()
    state(house, order())
    code = house.once()

    folder = house.path / "rehearsal" / "fulfilments"
    folder.mkdir()
    status = {"fulfillmentOrderStatus": "Complete"}
    answer = {"payload": {"fulfillmentOrder": status}}
    (folder / f"{NUMBER}.json").write_text(json.dumps(answer), "utf-8")
    house.once()

    assert 0 == code
    assert f"createFulfillmentOrder_{NUMBER}.json" in house.body_names()
    assert "accepted" == shown(house)[0]["state"]


def test_nobody_is_named_outside_the_locked_paper(shop: Shop) -> None:
    confirmed(shop)

    kept = "".join(map(str, shown(shop.house)))
    ledger = (shop.house.path / "state" / "ledger.sqlite").read_bytes()
    assert "Beispiel" not in kept
    assert b"Musterstr" not in ledger


BOX = (
    '[[outbox]]\nname = "back"\nfolder = "outbox/back"\nformat = "csv"\n'
    'mappings = ["versand_von_amazon"]\nchanges = ""\n'
)


def told_back(house: House) -> list[list[str]]:
    """The rows of every file for Sage, without their heads."""
    files = sorted((house.path / "outbox" / "back").glob("*AmazonVersand*"))
    return [path.read_text("cp1252").splitlines()[1:] for path in files]


def test_sage_is_told_of_every_step_and_each_once(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock, house=BOX)
    shop.amazon.seller.stock["FBA-10"] = 10
    confirmed(shop)
    outbound.leave(shop.amazon, NUMBER, "0017")

    shop.once()
    shop.house.ask("transfer.run", "order-export")
    shop.once()

    of_paper = "1;TEL-4711;VVA;Auftragsbestätigung;2026;4711;"
    assert [
        [of_paper + f"in Bearbeitung;Received;{NUMBER};;;;1;;0010;2"],
        [
            of_paper + f"versendet;Complete;{NUMBER};15.01.2026 11:00:00;"
            "DHL;0017;1;;0010;2"
        ],
    ] == told_back(shop.house)


def test_what_does_not_come_has_no_parcel(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "shop", amazon, clock, house=BOX)
    shop.amazon.seller.stock["FBA-10"] = 10
    confirmed(shop)
    outbound.leave(shop.amazon, NUMBER, "0017")
    there = shop.amazon.seller.outbound[NUMBER]
    there["status"] = "CompletePartialled"
    there["shipments"][0]["fulfillmentShipmentItem"][0]["quantity"] = 1

    shop.once()

    (*_, rows) = told_back(shop.house)
    assert ["0017;1;;0010;1", ";1;;0010;1"] == [
        row.partition("DHL;")[2] or row[-10:] for row in rows
    ]


def test_what_is_only_being_packed_has_not_left(shop: Shop) -> None:
    confirmed(shop)
    outbound.leave(shop.amazon, NUMBER, "0017")
    there = shop.amazon.seller.outbound[NUMBER]
    there["status"] = "Processing"
    there["shipments"][0]["fulfillmentShipmentStatus"] = "PENDING"

    shop.once()

    assert [] == shown(shop.house)[0]["parcels"]


def test_a_table_has_the_order_as_it_stands(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    path = tmp_path / "shop" / "sage.sqlite"
    table = (
        f'[[table]]\nname = "mcf"\nurl = "sqlite:///{path.as_posix()}"\n'
        'mapping = "versand_von_amazon"\ntable = "MCF"\ncreate = true\n'
    )
    path.parent.mkdir()
    sqlite3.connect(path).close()
    shop = open_shop(tmp_path / "shop", amazon, clock, house=table)
    shop.amazon.seller.stock["FBA-10"] = 10
    confirmed(shop)
    outbound.leave(shop.amazon, NUMBER, "0017")

    shop.once()

    with closing(sqlite3.connect(path)) as there:
        rows = there.execute('SELECT "Status" FROM "MCF"').fetchall()
        parcels = there.execute(
            'SELECT "Paketnummer", "Menge" FROM "MCF_Positionen"'
        ).fetchall()
    assert [("versendet",)] == rows
    assert [("0017", "2")] == parcels


OUTLET = '[[account]]\nname = "outlet"\nseller_id = "A1OUTLETSELLER"\n'
FROM_OUTLET = '[warehouse]\naccount = "outlet"\n'


def created(house: House, drawer: str) -> list[str]:
    """The orders an account's warehouse would have got."""
    folder = house.path / "outbox" / "amazon" / drawer
    return sorted(x.name for x in folder.glob("createFulfillmentOrder_*"))


def test_the_settings_say_whose_stock_is_shipped(house: House) -> None:
    house.more = OUTLET + FROM_OUTLET
    house.build()
    state(house, order())
    house.once()

    outcome = house.ask("fulfilment.confirm", NUMBER)
    code = house.once()

    assert ("done", 0) == (outcome, code)
    assert [] == created(house, ".")
    assert [f"createFulfillmentOrder_{NUMBER}.json"] == created(
        house, "outlet"
    )
    assert ["outlet"] == [row["account"] for row in shown(house)]


def test_what_amazon_has_stays_with_its_account(house: House) -> None:
    house.more = OUTLET
    house.build()
    state(house, order())
    house.once()
    house.ask("fulfilment.confirm", NUMBER)
    house.once()

    house.more = OUTLET + FROM_OUTLET
    house.build()
    state(house, order(quantity="1"))
    house.once()
    outcome = house.ask("fulfilment.cancel", NUMBER)

    assert ("done", ["main"]) == (
        outcome,
        [row["account"] for row in shown(house)],
    )
    assert ("warehouse.changed", None) in noted(house)
    assert [] == created(house, "outlet")


def test_what_waits_goes_over_to_the_account_that_is_named(
    house: House,
) -> None:
    house.more = OUTLET
    house.build()
    state(house, order())
    house.once()

    house.more = OUTLET + FROM_OUTLET
    house.build()
    state(house, order(quantity="1"))
    house.once()

    (row,) = shown(house)
    assert ("outlet", "person") == (row["account"], row["lacks"])


def test_an_account_that_is_not_there_is_told_with_its_line(
    house: House,
) -> None:
    house.more = FROM_OUTLET
    house.build()

    with pytest.raises(ConfigError) as caught:
        load(house.path)

    (found,) = caught.value.findings
    assert ("config.unknown_account", "outlet") == (found.code, found.value)


def test_an_account_that_is_gone_has_its_orders_shipped_by_nobody_else(
    house: House,
) -> None:
    house.more = OUTLET + FROM_OUTLET
    house.build()
    state(house, order())
    house.once()
    house.ask("fulfilment.confirm", NUMBER)
    house.once()

    house.more = ""
    house.build()
    state(house, order(quantity="1"))
    house.once()

    assert ("warehouse.changed", None) in noted(house)
    assert [] == shown(house)
    assert [] == created(house, ".")

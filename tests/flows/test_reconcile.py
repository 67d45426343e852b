"""Every difference between Sage and Amazon is told with its reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from bridge.errors import PlaceError
from bridge.flows import sheets
from tests.house import House
from tests.house import articles
from tests.house import prices
from tests.house import stock
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
REFUSED = {
    "code": "99022",
    "severity": "ERROR",
    "message": "The price is too low.",
    "attributeNames": ["purchasable_offer"],
}
SUPPRESSED = {
    "code": "18027",
    "severity": "ERROR",
    "message": "The main image has text.",
    "attributeNames": ["main_product_image_locator"],
}
OUT: list[Fault] = ["500"] * 90
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"


@pytest.fixture
def shop(tmp_path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    made = open_shop(tmp_path / "shop", amazon, clock)
    made.offer({"0010": "5", "0020": "5"})
    clock.sleep(timedelta(hours=2))
    return made


def compare(shop: Shop) -> None:
    shop.house.ask("transfer.run", "reconcile")
    shop.once()


def differences(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> list[tuple[str, str, str]]:
    rows = told(shop, capsys)
    return [(row["sku"], row["what"], row["code"]) for row in rows]


def told(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    capsys.readouterr()
    path = str(shop.house.path)
    assert 0 == main(["--workspace", path, "--json", "offer", "compare"])
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def listing(shop: Shop, sku: str) -> dict[str, Any]:
    return shop.amazon.seller.listings[DE, sku]


def price(shop: Shop, sku: str, amount: float) -> None:
    """Somebody changes a price in Seller Central."""
    offer = listing(shop, sku)["purchasable_offer"][0]
    offer["our_price"][0]["schedule"][0]["value_with_tax"] = amount


def pieces(shop: Shop, sku: str, number: int) -> None:
    listing(shop, sku)["fulfillment_availability"][0]["quantity"] = number


def files(shop: Shop) -> list[str]:
    folder = shop.house.path / "reports"
    return [path.read_text("utf-8-sig") for path in sorted(folder.iterdir())]


def test_what_is_the_same_is_no_difference(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    compare(shop)

    assert [] == told(shop, capsys)
    assert 2 == shop.house.view("status")["compared"][0]["same"]


def test_what_was_changed_in_seller_central_is_told_and_left_alone(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    price(shop, "0010", 12.5)
    pieces(shop, "0020", 4)
    before = len(shop.amazon.calls("patchListingsItem"))

    compare(shop)

    expected = [
        ("0010", "price", "reports.changed_there"),
        ("0020", "stock", "reports.changed_there"),
    ]
    assert expected == differences(shop, capsys)
    assert before == len(shop.amazon.calls("patchListingsItem"))


def test_the_command_that_is_named_sends_what_sage_wants(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    price(shop, "0010", 12.5)
    compare(shop)
    hint = told(shop, capsys)[0]["hint"]

    shop.house.ask("offer.again", "0010")
    shop.once()

    offer = listing(shop, "0010")["purchasable_offer"][0]
    assert "`bridge offer again 0010`" in hint
    assert 10 == offer["our_price"][0]["schedule"][0]["value_with_tax"]


def test_what_was_ended_in_seller_central_is_made_again_when_asked(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    del shop.amazon.seller.listings[DE, "0010"]
    compare(shop)
    found = differences(shop, capsys)

    shop.house.ask("offer.again", "0010")
    shop.once()

    assert [("0010", "presence", "reports.gone_there")] == found
    assert listing(shop, "0010")


def test_what_amazon_refused_is_told_in_its_words(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.amazon.seller.verdicts["0010"] = [REFUSED]
    shop.house.drop(shop.house.later("Preise"), prices({"0010": "1,00"}))
    shop.once()

    compare(shop)

    (row,) = told(shop, capsys)
    assert ("price", "reports.refused_there") == (row["what"], row["code"])
    assert "99022 The price is too low." in row["message"]
    assert ("1", "10") == (row["sage"], row["amazon"])


def test_what_was_sent_after_the_report_is_on_its_way(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    compare(shop)
    shop.house.drop(shop.house.later("Bestand"), stock({"0010": "4"}))
    shop.once()

    found = differences(shop, capsys)

    assert [("0010", "stock", "reports.on_its_way")] == found


def test_what_lies_there_still_is_not_sent(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    compare(shop)
    shop.amazon.faults.plan("patchListingsItem", *OUT)
    shop.house.drop(shop.house.later("Bestand"), stock({"0010": "4"}))
    shop.once(timedelta(seconds=1))

    (row,) = told(shop, capsys)

    assert row["code"] in {"reports.on_its_way", "reports.waits"}


def test_what_sage_does_not_know_is_told(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.amazon.seller.listings[DE, "ALT-1"] = {}

    compare(shop)

    expected = [("ALT-1", "presence", "reports.unknown_here")]
    assert expected == differences(shop, capsys)


def test_what_is_incomplete_was_never_sent(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = shop.house.later("Artikelstamm_geaendert")
    shop.house.drop(name, articles("0030"))
    shop.once()

    compare(shop)

    expected = [("0030", "presence", "reports.incomplete")]
    assert expected == differences(shop, capsys)


def test_what_sage_ended_and_amazon_still_sells_is_told(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    name = shop.house.later("Artikelstamm_geaendert")
    shop.house.drop(name, articles("0010", active="0"))
    shop.once()
    shop.clock.sleep(timedelta(hours=2))
    pieces(shop, "0010", 5)

    compare(shop)

    expected = [("0010", "stock", "reports.changed_there")]
    assert expected == differences(shop, capsys)


@pytest.mark.parametrize(
    ("issue", "code"),
    [(SUPPRESSED, "reports.held_there"), (None, "reports.inactive")],
)
def test_what_is_held_back_is_told_with_its_reason(
    shop: Shop,
    capsys: pytest.CaptureFixture[str],
    issue: dict[str, Any] | None,
    code: str,
) -> None:
    head = "seller-sku\tprice\tquantity\tfulfillment-channel\tstatus\n"
    rows = "0010\t10\t5\tDEFAULT\tInactive\n0020\t10\t5\tDEFAULT\tActive\n"
    shop.amazon.seller.desk.contents[LISTINGS] = head + rows
    if issue:
        shop.amazon.seller.complain(DE, "0010", issue)

    compare(shop)

    assert [("0010", "status", code)] == differences(shop, capsys)


def test_pieces_that_were_ordered_meanwhile_are_no_difference(
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at = shop.clock.now() - timedelta(hours=1)
    order = sample_orders(tmp_path / "samples", at)[0]
    line = {**order["orderItems"][0], "quantityOrdered": 2}
    line["product"] = {**line["product"], "sellerSku": "0010"}
    order |= {"orderItems": [line], "lastUpdatedTime": at.isoformat()}
    shop.amazon.seller.orders[order["orderId"]] = order
    shop.once()
    pieces(shop, "0010", 3)
    pieces(shop, "0020", 3)

    compare(shop)

    expected = [("0020", "stock", "reports.changed_there")]
    assert expected == differences(shop, capsys)


def test_what_amazon_ships_itself_has_no_stock_to_compare(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "seller-sku\tprice\tquantity\tfulfillment-channel\tstatus\n"
    rows = "0010\t10\t\tAMAZON_EU\tActive\n0020\t10.00\t5\tDEFAULT\tActive\n"
    shop.amazon.seller.desk.contents[LISTINGS] = head + rows

    compare(shop)

    assert [] == told(shop, capsys)


def test_every_difference_is_a_row_of_a_file(shop: Shop) -> None:
    price(shop, "0010", 12.5)
    shop.amazon.seller.listings[DE, "=1+1"] = {}

    compare(shop)

    (text,) = files(shop)
    head, first, second = text.splitlines()
    assert "marketplace;sku;article;what;at Sage;at Amazon" in head
    assert "DE;0010;0010;price;10.00;12.50;" in first
    assert "Amazon shows 12.50 instead of 10.00" in first
    assert "DE;'=1+1;" in second


def test_status_counts_what_differs(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    price(shop, "0010", 12.5)
    compare(shop)
    capsys.readouterr()

    main(["--workspace", str(shop.house.path), "status"])

    said = capsys.readouterr().out
    assert "DE: 1 differences, 1 SKUs alike; reports/" in said


def test_a_report_that_was_not_made_is_told_until_one_is(shop: Shop) -> None:
    shop.amazon.seller.desk.endings.append("CANCELLED")
    compare(shop)
    before = "\n".join(shop.house.view("status")["warnings"])

    compare(shop)

    assert "could not be compared" in before
    assert [] == shop.house.view("status")["warnings"]


def test_amazon_is_compared_once_a_day_and_first_after_one(
    shop: Shop,
) -> None:
    shop.once()
    at_first = shop.amazon.count("createReport")
    shop.clock.sleep(timedelta(days=1))
    shop.once()
    shop.once()

    assert 0 == at_first
    assert 1 == shop.amazon.count("createReport")


def test_a_rehearsal_is_compared_with_what_it_accepted(
    any_house: House,
) -> None:
    issues = [REFUSED]
    any_house.answer("no", {"sku": "0010"}, status="INVALID", issues=issues)
    any_house.offer({"0010": "5", "0020": "5"})

    any_house.ask("transfer.run", "reconcile")
    any_house.once()

    result = any_house.view("status")["compared"][0]
    assert {"refused_there": 1} == result["different"]
    assert 1 == result["same"]


def test_a_rehearsal_is_compared_with_a_recorded_report(house: House) -> None:
    house.offer({"0010": "5"})
    head = "seller-sku\tprice\tquantity\tfulfillment-channel\tstatus\n"
    folder = house.path / "rehearsal" / "reports"
    text = f"{head}0010\t10\t2\tDEFAULT\tActive\n"
    (folder / f"{LISTINGS}_DE.txt").write_text(text, encoding="cp1252")
    house.days_later = 1

    house.ask("transfer.run", "reconcile")
    house.once()

    result = house.view("status")["compared"][0]
    assert 1 == sum(result["different"].values())


def test_each_account_is_compared_by_itself(tmp_path: Path) -> None:
    second = '[[account]]\nname = "outlet"\nseller_id = "A1OUTLETSELLER"\n'
    house = House(tmp_path / "house", more=second).build()
    house.offer({"0010": "5"})

    house.ask("transfer.run", "reconcile")
    house.once()

    found = house.view("status")["compared"]
    assert [("main", 1), ("outlet", 1)] == [
        (one["account"], one["same"]) for one in found
    ]
    assert found[1]["file"].startswith("reports/comparison_outlet_DE_")


def test_a_comparison_that_broke_off_is_made_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk says no, once."""
    price(shop, "0010", 12.5)
    save, calls = sheets.save, []

    def first_fails(*arguments: Any) -> int:  # noqa: ANN401
        calls.append(1)
        if len(calls) == 1:
            error = OSError(28, "No space left on device")
            raise PlaceError.of(error, "reports")
        return save(*arguments)

    monkeypatch.setattr("bridge.flows.reconciling.save", first_fails)

    compare(shop)

    assert 1 == len(files(shop))
    assert 1 == shop.amazon.count("createReport")


def test_what_a_person_restored_is_told_as_such(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.house.drop(shop.house.later("Preise"), prices({"0010": "1,00"}))
    shop.once()
    wrong = shop.house.deliveries()[-1].id
    words = ["--workspace", str(shop.house.path)]
    main([*words, "--json", "delivery", "undo", str(wrong)])
    (held,) = json.loads(capsys.readouterr().out)
    shop.house.ask("submission.confirm", held["submission"])
    shop.once()
    shop.clock.sleep(timedelta(hours=2))

    compare(shop)

    (row,) = told(shop, capsys)
    assert ("0010", "price", "reports.restored", None) == (
        *(row["sku"], row["what"], row["code"]),
        row["sage"],
    )
    assert "10" in row["amazon"]


def test_the_daily_report_keeps_once_from_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.clock.sleep(timedelta(days=1))
    shop.amazon.seller.desk.takes = timedelta(hours=1)
    short = timedelta(seconds=30)

    daily = shop.once(short)
    asked = len(shop.amazon.calls("createReport"))
    shop.house.ask("transfer.run", "reconcile")
    by_hand = shop.once(short)
    shop.clock.sleep(timedelta(hours=2))
    later = shop.once(short)

    assert (0, 1, 4, 0) == (daily, asked, by_hand, later)
    assert 1 == len(shop.amazon.calls("createReport"))
    assert [] == told(shop, capsys)
    assert shop.house.view("status")["compared"]

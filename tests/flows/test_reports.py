"""A report is asked for once, waited for, read from the disk, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import select

from bridge.flows.reporting import want
from bridge.ledger.reporttables import report as reports
from bridge.ledger.reporttables import snapshot
from bridge.ports.reports import LISTINGS
from bridge.ports.reports import Wanted
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.faults import Fault
    from tests.standin.live import Shop

DE = "A1PA6795UKMFR9"
HEAD = "seller-sku\tasin1\tprice\tquantity\tfulfillment-channel\tstatus\n"


def ask(shop: Shop) -> None:
    with shop.parts() as parts, parts.ledger.write() as tx:
        want(parts, tx, Wanted(LISTINGS, "DE"))


def told(shop: Shop) -> list[Any]:
    """What the ledger holds of each SKU."""
    names = ("sku", "asin", "price", "quantity", "status", "channel")
    with shop.parts() as parts, parts.ledger.read() as tx:
        rows = tx.execute(select(*(snapshot.c[name] for name in names)))
        return [tuple(map(str, row)) for row in rows]


def skus(shop: Shop) -> list[str]:
    return [row[0] for row in told(shop)]


def states(shop: Shop) -> list[str]:
    return shop.house.column(select(reports.c.state))


def warnings(shop: Shop) -> str:
    return "\n".join(shop.house.view("status")["warnings"])


def left(shop: Shop) -> list[str]:
    """The documents that lie on the disk."""
    folder = shop.house.path / "state" / "reports"
    return [path.name for path in folder.glob("*")]


def test_what_amazon_shows_is_kept_and_its_document_is_not(shop: Shop) -> None:
    rows = "0010\tB000000001\t9.90\t5\tDEFAULT\tActive\n"
    shop.amazon.seller.desk.contents[LISTINGS] = HEAD + rows
    ask(shop)

    shop.once()

    expected = ("0010", "B000000001", "9.9", "5", "active", "MFN")
    assert [expected] == told(shop)
    assert [] == left(shop)


def test_what_the_next_report_does_not_speak_of_is_gone(shop: Shop) -> None:
    shop.amazon.seller.desk.contents[LISTINGS] = HEAD + "0010\n0020\n"
    ask(shop)
    shop.once()
    shop.amazon.seller.desk.contents[LISTINGS] = HEAD + "0020\n0030\n"
    ask(shop)

    shop.once()

    assert ["0020", "0030"] == skus(shop)


def test_a_report_under_way_is_joined(shop: Shop) -> None:
    ask(shop)
    ask(shop)

    shop.once()

    assert 1 == shop.amazon.count("createReport")


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        ("text/plain; charset=Cp1252", "cp1252"),
        ("text/plain;charset=UTF-8", "utf-8"),
        ("text/plain; charset=nonsense", "cp1252"),
        ("application/octet-stream", "cp1252"),
        ("text/plain; charset=Cp1252", "utf-8-sig"),
    ],
)
def test_a_sku_with_umlauts_is_read_however_it_is_encoded(
    shop: Shop, kind: str, encoding: str
) -> None:
    shop.amazon.seller.desk.kinds[LISTINGS] = kind
    content = f"{HEAD}Töpfe-\t\t1.00\n".encode(encoding)
    shop.amazon.seller.desk.contents[LISTINGS] = content
    ask(shop)

    shop.once()

    assert ["Töpfe-"] == skus(shop)


def test_columns_are_found_in_german_in_any_order_and_doubled(
    shop: Shop,
) -> None:
    head = "Deprecated column\tPreis\tMenge\tDeprecated column\tHändler-SKU"
    rows = "x\t9.90\t5\ty\t0010\t\nx\t\t\ty\t0020"
    shop.amazon.seller.desk.contents[LISTINGS] = f"{head}\n{rows}\n"
    ask(shop)

    shop.once()

    expected = [
        ("0010", "None", "9.9", "5", "None", "None"),
        ("0020", "None", "None", "None", "None", "None"),
    ]
    assert expected == told(shop)


def test_quotes_of_a_title_are_signs_like_others(shop: Shop) -> None:
    rows = 'Brett 20" lang\t0010\n"Brett\t0020\n'
    desk = shop.amazon.seller.desk
    desk.contents[LISTINGS] = f"item-name\tseller-sku\n{rows}"
    ask(shop)

    shop.once()

    assert ["0010", "0020"] == skus(shop)


def test_a_report_without_the_column_of_skus_is_told(shop: Shop) -> None:
    shop.amazon.seller.desk.contents[LISTINGS] = "numero\tprix\n1\t2\n"
    ask(shop)

    shop.once()

    assert ["failed"] == states(shop)
    assert "no column 'seller-sku', but: numero, prix" in warnings(shop)
    assert [] == left(shop)


def test_no_data_is_no_trouble_and_leaves_what_is_known(shop: Shop) -> None:
    shop.amazon.seller.desk.contents[LISTINGS] = HEAD + "0010\n"
    ask(shop)
    shop.once()
    shop.amazon.seller.desk.endings.append("CANCELLED")
    ask(shop)

    shop.once()

    assert ["done", "empty"] == states(shop)
    assert ["0010"] == skus(shop)
    assert "" == warnings(shop)


def test_a_report_amazon_gave_up_is_told_until_one_is_made(
    shop: Shop,
) -> None:
    shop.amazon.seller.desk.endings.append("FATAL")
    ask(shop)
    code = shop.once()
    before = warnings(shop)
    ask(shop)

    shop.once()

    assert 5 == code
    assert "Amazon has given up the report" in before
    assert "" == warnings(shop)


def test_a_request_nobody_heard_of_is_found_again(shop: Shop) -> None:
    shop.amazon.faults.plan("createReport", "lost")
    ask(shop)

    shop.once()

    assert 1 == shop.amazon.count("createReport")
    assert ["done"] == states(shop)


def test_a_request_that_never_arrived_is_made_again(shop: Shop) -> None:
    shop.amazon.faults.plan("createReport", "dropped")
    ask(shop)

    shop.once()

    assert 2 == shop.amazon.count("createReport")
    assert 1 == len(shop.amazon.seller.desk.made)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("createReport", "429"),
        ("getReport", "500"),
        ("getReport", "list"),
        ("getReportDocument", "503"),
        ("download", "503"),
        ("download", "dropped"),
    ],
)
def test_what_passes_by_itself_is_waited_for(
    shop: Shop, operation: str, fault: Fault
) -> None:
    shop.amazon.seller.desk.contents[LISTINGS] = HEAD + "0010\n"
    shop.amazon.faults.plan(operation, fault, fault, fault)
    ask(shop)

    shop.once()

    assert ["0010"] == skus(shop)
    assert 1 == len(shop.amazon.seller.desk.made)
    assert [] == shop.amazon.meter.refused


def test_a_missing_role_is_named_and_nothing_is_parked(shop: Shop) -> None:
    shop.amazon.faults.plan("createReport", "403", "403")
    ask(shop)

    code = shop.once()

    assert 5 == code
    assert "Product Listing" in warnings(shop)
    assert 0 == shop.house.view("status")["jobs"]["failed"]


def test_what_a_crash_left_on_the_disk_is_removed(shop: Shop) -> None:
    ask(shop)
    shop.once()
    folder = shop.house.path / "state" / "reports"
    (folder / "1").write_text("somebody's address", encoding="utf-8")
    (folder / ".1.part").write_text("half of it", encoding="utf-8")
    ask(shop)

    shop.once()

    assert [] == left(shop)


def few(path: Path, amazon: Amazon, clock: StandingClock) -> Shop:
    """A shop for which two SKUs are very many."""
    return open_shop(path / "few", amazon, clock, "search_up_to = 1")


def test_of_very_many_skus_a_report_says_which_are_there(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = few(tmp_path, amazon, clock)
    amazon.seller.listings[DE, "0010"] = {}

    shop.offer({"0010": "5", "0020": "5"})

    assert 1 == amazon.count("createReport")
    named = amazon.calls("searchListingsItems")
    assert not any("identifiers" in one.query for one in named)
    sent = [one.operation for one in amazon.seen if "putL" in one.operation]
    assert ["putListingsItem"] == sent
    assert 5 == stock_of(amazon, "0010") == stock_of(amazon, "0020")


@pytest.mark.parametrize("ending", ["CANCELLED", "FATAL", "empty"])
def test_a_report_that_says_nothing_leaves_it_to_the_search(
    tmp_path: Path, amazon: Amazon, clock: StandingClock, ending: str
) -> None:
    shop = few(tmp_path, amazon, clock)
    if ending == "empty":
        amazon.seller.desk.contents[LISTINGS] = HEAD
    else:
        amazon.seller.desk.endings.append(ending)

    shop.offer({"0010": "5", "0020": "5"})

    assert 5 == stock_of(amazon, "0010") == stock_of(amazon, "0020")
    assert 1 == amazon.count("createReport")


def test_a_report_of_hours_ago_does_not_say_it(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = few(tmp_path, amazon, clock)
    shop.offer({"0010": "5", "0020": "5"})
    clock.sleep(timedelta(hours=2))

    shop.offer({"0030": "5", "0040": "5"})

    assert 2 == amazon.count("createReport")


def test_a_sku_with_a_comma_is_asked_for_by_itself(shop: Shop) -> None:
    shop.amazon.seller.listings[DE, "1,5 l"] = {}

    shop.offer({"1,5 l": "5", "2,5 l": "5", "0010": "5"})

    assert 5 == stock_of(shop.amazon, "1,5 l")
    assert 5 == stock_of(shop.amazon, "2,5 l")
    assert 2 == shop.amazon.count("getListingsItem")
    assert 2 == shop.amazon.count("putListingsItem")


def stock_of(amazon: Amazon, sku: str) -> int:
    listing = amazon.seller.listings[DE, sku]
    number: int = listing["fulfillment_availability"][0]["quantity"]
    return number

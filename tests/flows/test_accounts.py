"""Several seller accounts in one house, their state apart."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.cli.main import main
from bridge.samples.orders import write_orders
from tests import sagepapers
from tests.flows.test_ending import archived
from tests.house import House
from tests.house import prices
from tests.standin.amazon import serving
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon

SECOND = '[[account]]\nname = "outlet"\nseller_id = "A1OUTLETSELLER"\n'
LIVE = """\
[[account]]
name = "outlet"
seller_id = "A1OUTLETSELLER"
client_id = "file:keys/client_id"
client_secret = "file:keys/client_secret"
refresh_token = "file:keys/refresh_token"
endpoint = "{url}"
token_url = "{url}/auth/o2/token"
"""


def two(tmp_path: Path, more: str = "") -> House:
    return House(tmp_path / "house", more=SECOND + more).build()


def told(house: House, account: str) -> list[dict[str, Any]]:
    """The bodies the second account would have sent."""
    folder = house.path / "outbox" / "amazon" / account
    return [
        json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))
    ]


def offer_states(house: House) -> dict[str, str]:
    """The state of the stock by account."""
    rows = house.view("offer_list", problem=False)
    return {row["account"]: row["facets"]["stock"] for row in rows}


def test_each_account_offers_every_article(tmp_path: Path) -> None:
    house = two(tmp_path)

    house.offer({"0010": "7"})

    own, further = told(house, "."), told(house, "outlet")
    assert ["0010"] == [body["sku"] for body in own]
    assert ["0010"] == [body["sku"] for body in further]
    assert {"main": "same", "outlet": "same"} == offer_states(house)


def test_what_one_account_is_refused_the_other_keeps(tmp_path: Path) -> None:
    house = two(tmp_path)
    answers = house.path / "rehearsal" / "outlet" / "answers"
    answers.mkdir(parents=True)
    issue = {"code": "8541", "severity": "ERROR", "message": "No."}
    (answers / "no.json").write_text(
        json.dumps(
            {
                "match": {"operation": "putListingsItem"},
                "answer": {"status": "INVALID", "issues": [issue]},
            }
        )
    )

    house.bring({"0010": "7"})
    code = house.once()

    assert 5 == code
    assert {"main": "same", "outlet": "refused"} == offer_states(house)


def test_a_rule_for_one_account_leaves_the_other_alone(
    tmp_path: Path,
) -> None:
    rules = (
        '[[price]]\nlist = 2\naccount = "main"\n'
        '[[price]]\nlist = 3\naccount = "outlet"\n'
        '[[stock]]\nreserve = 2\naccount = "outlet"\n'
    )
    house = two(tmp_path, rules)
    house.drop("Preise_Outlet.csv", prices({"0010": "8,00"}, number=3))

    house.offer({"0010": "7"})

    found = {}
    for account, drawer in (("main", "."), ("outlet", "outlet")):
        (body,) = told(house, drawer)
        attributes = body["body"]["attributes"]
        offer = attributes["purchasable_offer"][0]
        price = offer["our_price"][0]["schedule"][0]["value_with_tax"]
        pieces = attributes["fulfillment_availability"][0]["quantity"]
        found[account] = (price, pieces)
    assert {"main": (10.0, 7), "outlet": (8.0, 5)} == found


def test_sages_answer_finds_the_account_that_has_the_order(
    tmp_path: Path,
) -> None:
    house = two(tmp_path)
    folder = house.path / "rehearsal" / "outlet" / "orders"
    folder.mkdir(parents=True)
    write_orders(folder, house.parts().clock.now())
    house.once()
    number = min(row["id"] for row in house.view("order_rows"))

    house.drop(
        "Auftragsrueckmeldung_1.csv",
        "Mandant;Referenznummer;Status;Belegjahr;Belegnummer\n"
        f"1;{number};angelegt;2026;200001\n",
    )
    house.once()

    rows = {row["id"]: row for row in house.view("order_rows")}
    assert {"outlet"} == {row["account"] for row in rows.values()}
    assert rows[number]["acknowledged"]
    feeds = house.path / "outbox" / "amazon" / "outlet"
    assert list(feeds.glob("*_POST_ORDER_ACKNOWLEDGEMENT_DATA_*"))


def test_an_invoice_waits_until_it_shows_whose_order_it_is(
    tmp_path: Path,
) -> None:
    house = two(tmp_path)
    sagepapers.state(house, sagepapers.paper())
    house.drop("RE_2026_1.pdf", sagepapers.pdf())
    house.once()
    before = house.view("status")["papers"]

    folder = house.path / "rehearsal" / "outlet" / "orders"
    folder.mkdir(parents=True, exist_ok=True)
    write_orders(folder, datetime(2026, 1, 14, 9, tzinfo=UTC))
    house.once()
    sagepapers.ship(house)
    house.once()

    uploads = house.path / "outbox" / "amazon" / "outlet"
    assert {"no_order": 1} == before
    assert {"accepted": 1} == house.view("status")["papers"]
    assert list(uploads.glob("*_UPLOAD_VAT_INVOICE_*"))


def test_an_outbox_of_one_account_gets_no_orders_of_others(
    tmp_path: Path,
) -> None:
    boxes = (
        '[[outbox]]\nname = "one"\nfolder = "outbox/one"\naccount = "main"\n'
        '[[outbox]]\nname = "two"\nfolder = "outbox/two"\n'
        'account = "outlet"\n'
    )
    house = two(tmp_path, boxes)
    for name in ("one", "two"):
        (house.path / "outbox" / name).mkdir(parents=True)
    folder = house.path / "rehearsal" / "outlet" / "orders"
    folder.mkdir(parents=True)
    write_orders(folder, house.parts().clock.now())

    house.once()

    files = {
        name: bool(list((house.path / "outbox" / name).iterdir()))
        for name in ("one", "two")
    }
    assert {"one": False, "two": True} == files


def test_show_says_that_other_accounts_offer_it_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = two(tmp_path)
    house.offer({"0010": "7"})
    words = ["--workspace", str(house.path), "offer", "show", "0010"]

    first = main(words), capsys.readouterr()
    second = main([*words, "--account", "outlet", "--json"])

    assert "outlet (with --account)" in first[1].err
    assert "outlet" == json.loads(capsys.readouterr().out)["account"]
    assert (0, 0) == (first[0], second)


def test_two_live_sellers_have_tokens_orders_and_offers_of_their_own(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    with serving(clock) as other:
        further = LIVE.format(url=other.url)
        shop = open_shop(tmp_path / "shop", amazon, clock, house=further)
        for raw in sample_orders(tmp_path / "rec", clock.now()):
            other.seller.orders[raw["orderId"]] = raw
        clock.sleep(timedelta(hours=1))
        shop.offer({"0010": "7"})

        (own,) = amazon.calls("putListingsItem")
        (theirs,) = other.calls("putListingsItem")
    assert ("A1PROBESELLER", "0010") == own.parts
    assert ("A1OUTLETSELLER", "0010") == theirs.parts
    orders = shop.house.view("order_rows")
    assert {"outlet"} == {row["account"] for row in orders}


def test_an_account_nobody_has_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = two(tmp_path)
    house.offer({"0010": "7"})
    words = ["--workspace", str(house.path), "offer", "show", "0010"]

    code = main([*words, "--account", "nope"])

    said = capsys.readouterr().err
    assert 3 == code
    assert "main, outlet" in said


def test_lists_show_whose_each_row_is_where_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, both = House(tmp_path / "alone").build(), two(tmp_path)

    shown = []
    for house in (alone, both):
        house.offer({"0010": "7"})
        main(["--workspace", str(house.path), "offer", "list"])
        head, *_ = capsys.readouterr().out.splitlines()
        shown.append("account" in head.casefold())

    assert [False, True] == shown


def test_a_listing_is_deleted_in_the_account_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = two(tmp_path)
    house.offer({"0010": "7", "0011": "3"})
    house.drop(house.later("Artikelstamm_geaendert"), archived("0010"))
    house.once()
    words = ["--workspace", str(house.path), "offer", "delete", "0010"]

    assert 0 != main(words)
    assert "main, outlet" in capsys.readouterr().err
    assert 0 != main([*words, "--account", "nobody"])
    assert 4 == main([*words, "--account", "outlet"])  # written down
    house.once()

    assert "deleteListingsItem" == told(house, "outlet")[-1]["operation"]
    assert "deleteListingsItem" not in {
        one["operation"] for one in told(house, ".")
    }

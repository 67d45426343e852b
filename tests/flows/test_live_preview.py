"""What Amazon would say can be read before anything is sent."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from bridge.cli.main import main
from bridge.flows import previewing
from bridge.flows.previewing import preview
from bridge.ledger.engine import Ledger
from tests.house import prices
from tests.standin.definitions import schema
from tests.standin.definitions import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from bridge.flows.previewing import Previewed
    from bridge.ledger.engine import Transaction
    from tests.house import House
    from tests.standin.live import Shop

CHEAP = {
    "code": "18155",
    "severity": "ERROR",
    "message": "The price is too low.",
    "attributeNames": ["purchasable_offer"],
}


def first_seen_in_rehearsal(shop: Shop, *skus: str) -> None:
    """Documents are there; Amazon was never spoken to."""
    house = shop.house
    live = house.amazon
    house.amazon = ""
    house.build()
    house.bring(dict.fromkeys(skus, "5"))
    house.once()
    house.amazon = live
    house.build()


def previewed(shop: Shop) -> list[Previewed]:
    with shop.parts() as parts:
        return list(preview(parts))


def test_a_first_shop_is_previewed_and_nothing_is_changed(
    shop: Shop,
) -> None:
    first_seen_in_rehearsal(shop, "0010", "0020")
    shop.amazon.seller.verdicts["0020"] = [CHEAP]

    found = previewed(shop)

    assert {"0010": "valid", "0020": "refused"} == {
        one.sku: one.state for one in found
    }
    assert "18155" == found[1].issues[0]["code"]
    assert {} == shop.amazon.seller.listings
    assert [] == shop.house.view("offer_list", problem=False)
    assert {"VALIDATION_PREVIEW"} == {
        one.query["mode"] for one in shop.amazon.calls("putListingsItem")
    }


def test_a_change_is_previewed_as_the_patch_it_would_be(shop: Shop) -> None:
    shop.offer({"0010": "5"})
    shop.amazon.seller.verdicts["0010"] = [CHEAP]
    shop.house.drop(shop.house.later("Preise"), prices({"0010": "1,00"}))
    shop.once()
    before = shop.house.facets("0010")
    shop.amazon.seller.verdicts.clear()

    (found,) = previewed(shop)

    assert ("patchListingsItem", "valid") == (found.operation, found.state)
    assert before == shop.house.facets("0010")
    assert "refused" == before["price"]["state"]


def test_what_is_as_it_should_be_is_not_asked_about(shop: Shop) -> None:
    shop.offer({"0010": "5"})

    assert [] == previewed(shop)


def test_previews_keep_to_one_a_second(shop: Shop) -> None:
    first_seen_in_rehearsal(shop, *(f"00{number}" for number in range(10, 30)))

    previewed(shop)

    times = [one.at for one in shop.amazon.calls("putListingsItem")]
    assert 20 == len(times)
    assert [] == shop.amazon.meter.refused
    assert all((b - a).total_seconds() >= 1 for a, b in pairwise(times))


def test_a_preview_waits_when_amazon_says_so(shop: Shop) -> None:
    first_seen_in_rehearsal(shop, "0010")
    shop.amazon.faults.plan("putListingsItem", "429")

    (found,) = previewed(shop)

    assert "valid" == found.state


def test_our_own_check_is_shown_beside_amazons_answer(shop: Shop) -> None:
    first_seen_in_rehearsal(shop, "0010")
    shop.amazon.seller.schemas["PRODUCT"] = schema(item_name=text(5))

    (found,) = previewed(shop)

    assert "valid" == found.state  # it is Amazon that decides
    assert "amazon.rule_long" == found.issues[0]["code"]


def test_in_rehearsal_it_says_that_amazon_was_not_asked(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    path = house.path / "state/product-types/DE/PRODUCT.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema(item_name=text(5))), "utf-8")
    house.offer({"0010": "5"})
    words = ("--workspace", str(house.path), "transfer", "run", "products")

    code = main([*words, "--preview"])

    said = capsys.readouterr()
    assert 5 == code
    assert "Amazon was not asked" in said.err
    assert "0010 DE: refused, putListingsItem" in said.out
    assert "item_name: angebote.yaml:" in said.out
    assert "0 valid, 1 refused, 0 not checked" in said.out


def test_without_a_definition_it_says_that_nobody_checked(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.answer("10_no", {"sku": "0010"}, status="INVALID", issues=[CHEAP])
    house.offer({"0010": "5"})
    words = ("--workspace", str(house.path), "transfer", "run", "products")

    code = main([*words, "--preview", "--json"])

    said = json.loads(capsys.readouterr().out)
    assert 0 == code
    assert not said["asked"]
    assert ["unchecked"] == [one["state"] for one in said["offers"]]


def test_orders_cannot_be_previewed(house: House) -> None:
    words = ("--workspace", str(house.path), "transfer", "run", "orders")

    assert 3 == main([*words, "--preview"])


def test_a_preview_lets_others_write_between_its_lots(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    skus = ("0010", "0020", "0030")
    first_seen_in_rehearsal(shop, *skus)
    whole = [(one.sku, one.state) for one in previewed(shop)]
    plain, lots = Ledger.dry, list[int]()

    @contextmanager
    def counted(ledger: Ledger) -> Iterator[Transaction]:
        with plain(ledger) as tx:
            yield tx
        lots.append(1)

    monkeypatch.setattr(previewing, "LOT", 1)
    monkeypatch.setattr(Ledger, "dry", counted)

    in_lots = [(one.sku, one.state) for one in previewed(shop)]

    assert [*skus] == [sku for sku, _ in whole]
    assert whole == in_lots
    assert len(skus) <= len(lots)

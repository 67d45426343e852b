"""A visit to Amazon tells what stands in the way of going live."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.app.amazoncheck import visit_amazon
from bridge.app.logbook import silent
from bridge.cli.visiting import _ships
from bridge.config.loading import load
from bridge.errors import ConfigError
from tests.flows.test_fulfilment import order
from tests.flows.test_fulfilment import state
from tests.standin.live import open_shop
from tests.standin.live import sample_orders

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.app.amazoncheck import AmazonVisit
    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop


def visit(shop: Shop, *, ships: bool = False) -> AmazonVisit:
    settings = load(shop.house.path)
    with shop.parts() as parts:
        ledger, clock = parts.ledger, shop.clock
        return visit_amazon(settings, ledger, clock, silent(), ships=ships)


def codes(found: AmazonVisit) -> list[str]:
    return [error.code for error in found.errors]


def test_a_good_account_tells_where_it_sells(shop: Shop) -> None:
    found = visit(shop)

    assert ["DE"] == found.marketplaces
    assert [] == codes(found)


def test_a_role_that_is_missing_is_named(shop: Shop) -> None:
    shop.amazon.faults.plan("searchOrders", "403", "403")

    (error,) = visit(shop).errors

    assert "amazon.forbidden" == error.code
    assert "Inventory and Order Tracking" in error.told("en")


def test_an_authorisation_that_ended_is_said_once(shop: Shop) -> None:
    shop.amazon.grants = False

    assert ["amazon.no_grant"] == codes(visit(shop))


def test_a_wrong_secret_is_told_from_a_missing_grant(shop: Shop) -> None:
    path = shop.house.path / "keys" / "client_secret"
    path.write_text("amzn1.oa2-cs.v1.other", "utf-8")

    (error,) = visit(shop).errors

    assert "amazon.bad_keys" == error.code
    assert "other" not in error.told("en")


def test_a_marketplace_the_account_has_not_is_named(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "two", amazon, clock)
    path = shop.house.path / "bridge.toml"
    text = path.read_text("utf-8").replace('["DE"]', '["DE", "FR"]')
    path.write_text(text, "utf-8")

    (error,) = visit(shop).errors

    assert "amazon.not_selling" == error.code
    assert "FR" in error.told("en")


def test_a_variable_that_would_choose_the_marketplace_is_refused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "US")

    with pytest.raises(ConfigError) as caught, shop.parts():
        pass

    assert "SP_API_DEFAULT_MARKETPLACE" in caught.value.told("en")


def test_no_token_and_no_secret_stands_in_what_is_shown(shop: Shop) -> None:
    shop.amazon.faults.plan("searchOrders", "503", "503", "503")
    shop.amazon.faults.plan("searchListingsItems", "400")

    told = " ".join(error.told("en") for error in visit(shop).errors)

    assert told
    assert "Atza" not in told
    assert "Atzr" not in told


MESSAGES = '[invoices]\nway = "message"'


@pytest.mark.parametrize(
    ("more", "operation", "role"),
    [
        ("", "getFeeds", "Tax Invoicing"),
        (MESSAGES, "getMessagingActionsForOrder", "Buyer Communication"),
        ("[warehouse]", "getFulfillmentOrder", "Amazon Fulfillment"),
    ],
)
def test_what_is_switched_on_has_its_role_asked_for(  # noqa: PLR0913, PLR0917
    tmp_path: Path,
    amazon: Amazon,
    clock: StandingClock,
    more: str,
    operation: str,
    role: str,
) -> None:
    shop = open_shop(tmp_path / "role", amazon, clock, house=more)
    for raw in sample_orders(tmp_path / "samples", clock.now()):
        amazon.seller.orders[raw["orderId"]] = raw
    clock.sleep(timedelta(hours=1))
    shop.once()
    assert [] == codes(visit(shop, ships=True))
    amazon.faults.plan(operation, "403", "403")

    (error,) = visit(shop, ships=True).errors

    assert "amazon.forbidden" == error.code
    assert role in error.told("en")


def test_what_is_switched_off_is_not_asked_for(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    more = '[invoices]\nway = "none"'
    shop = open_shop(tmp_path / "none", amazon, clock, house=more)

    visit(shop)

    asked = {one.operation for one in amazon.seen}
    assert not asked & {"getFeeds", "getFulfillmentOrder"}


def test_without_any_order_messages_are_not_asked_for(
    tmp_path: Path, amazon: Amazon, clock: StandingClock
) -> None:
    shop = open_shop(tmp_path / "new", amazon, clock, house=MESSAGES)

    assert [] == codes(visit(shop))
    assert [] == amazon.calls("getMessagingActionsForOrder")


@pytest.mark.parametrize(
    ("more", "expected"), [("", False), ("[warehouse]", True)]
)
def test_the_warehouse_is_asked_once_its_section_is_there(
    tmp_path: Path,
    amazon: Amazon,
    clock: StandingClock,
    more: str,
    *,
    expected: bool,
) -> None:
    shop = open_shop(tmp_path / "role", amazon, clock, house=more)
    with shop.parts() as parts:
        assert expected == _ships(parts.settings, parts.ledger, "main")


def test_an_order_for_the_warehouse_has_it_asked(shop: Shop) -> None:
    state(shop.house, order())
    shop.once()

    with shop.parts() as parts:
        assert _ships(parts.settings, parts.ledger, "main")

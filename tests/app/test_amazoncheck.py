"""A visit to Amazon tells what stands in the way of going live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.app.amazoncheck import visit_amazon
from bridge.app.logbook import silent
from bridge.config.loading import load
from bridge.errors import ConfigError
from tests.standin.live import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.app.amazoncheck import AmazonVisit
    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon
    from tests.standin.live import Shop


def visit(shop: Shop) -> AmazonVisit:
    settings = load(shop.house.path)
    with shop.parts() as parts:
        return visit_amazon(settings, parts.ledger, shop.clock, silent())


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

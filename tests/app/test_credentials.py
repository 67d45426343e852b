"""Secrets of Amazon end; the bridge counts the days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.app.credentials import expiring
from bridge.app.credentials import missing
from bridge.app.credentials import remember
from bridge.config.loading import load

if TYPE_CHECKING:
    from tests.standin.live import Shop


def told(shop: Shop) -> dict[str | None, str | None]:
    settings = load(shop.house.path)
    with shop.parts() as parts, parts.ledger.write() as tx:
        remember(tx, settings, shop.clock.now())
        found = expiring(tx, settings, shop.clock.now())
    return {item.field: item.value for item in found}


def test_a_secret_is_warned_of_in_its_last_month(shop: Shop) -> None:
    first = told(shop)
    shop.clock.sleep(timedelta(days=160))

    assert {} == first
    assert {"client_secret": "20"} == told(shop)


def test_a_new_secret_is_counted_from_its_first_day(shop: Shop) -> None:
    told(shop)
    shop.clock.sleep(timedelta(days=170))
    path = shop.house.path / "keys" / "client_secret"
    path.write_text("amzn1.oa2-cs.v1.renewed", "utf-8")

    assert {} == told(shop)


def test_a_secret_that_is_not_there_is_told_with_its_line(shop: Shop) -> None:
    (shop.house.path / "keys" / "refresh_token").unlink()

    (finding,) = missing(load(shop.house.path))

    assert "config.no_secret" == finding.code
    assert "amazon.refresh_token" == finding.field
    assert finding.line is not None

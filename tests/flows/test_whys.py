"""Whoever looks at an offer is told why it is not at Amazon."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.cli.main import main
from tests.house import stock

if TYPE_CHECKING:
    import pytest

    from tests.house import House
    from tests.standin.faults import Fault
    from tests.standin.live import Shop


def reasons(house: House, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What stands behind the offer 0010 in Germany."""
    capsys.readouterr()
    words = ("offer", "show", "0010", "--json")
    main(["--workspace", str(house.path), *words])
    found = json.loads(capsys.readouterr().out)["marketplaces"]["DE"]
    return [item["code"] for item in found["why"]]


def test_nothing_is_said_of_what_is_there(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7"})

    assert [] == reasons(house, capsys)


def test_what_amazon_refused_waits_for_somebody(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.answer("no", {"sku": "0010"}, status="INVALID", issues=[])
    house.offer({"0010": "7"})

    assert ["offers.why_refused"] == reasons(house, capsys)


def test_an_outage_is_named(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    away: list[Fault] = ["503"] * 20
    shop.amazon.faults.plan("putListingsItem", *away)
    shop.house.bring({"0010": "7"})
    shop.once(timedelta(seconds=1))

    assert ["amazon.busy"] == reasons(shop.house, capsys)


def test_a_feed_on_its_way_is_named(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.offer({"0010": "7"})
    shop.amazon.seller.takes = timedelta(days=1)
    text = (shop.house.path / "bridge.toml").read_text("utf-8")
    text = text.replace("[amazon]", "[amazon]\npatch_up_to = 0")
    (shop.house.path / "bridge.toml").write_text(text, "utf-8")
    changed = stock({"0010": "5"}, at="14.01.2026 09:00:00")
    shop.house.drop(shop.house.later("Bestand"), changed)
    shop.once(timedelta(minutes=1))

    assert ["offers.why_sent"] == reasons(shop.house, capsys)

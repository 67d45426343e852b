"""What ``bridge check`` says of settings that are good one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.app.health import problems
from bridge.app.wiring import book_of
from bridge.app.wiring import check_book
from bridge.config.loading import load
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from tests.house import House

TWO = """\
[[account]]
name = "outlet"
seller_id = "A1OUTLETSELLER"

[[outbox]]
name = "one"
folder = "outbox/one"
account = "{one}"

[[outbox]]
name = "two"
folder = "outbox/two"
account = "{two}"
mappings = ["{mapping}"]
"""


@pytest.mark.parametrize(
    ("one", "two", "mapping", "expected"),
    [
        ("", "", "bestellung", True),
        ("main", "", "bestellung", True),
        ("main", "main", "bestellung", True),
        ("main", "outlet", "bestellung", False),
        ("", "", "opentrans_order_aus", False),
    ],
)
def test_outboxes_that_get_the_same_are_warned_of(
    house: House,
    one: str,
    two: str,
    mapping: str,
    expected: bool,  # noqa: FBT001
) -> None:
    house.more = TWO.format(one=one, two=two, mapping=mapping)
    house.build()
    for name in ("one", "two"):
        (house.path / "outbox" / name).mkdir(parents=True)
    settings = load(house.path)

    found = list(problems(settings, book_of(house.path)))

    twice = [item for item in found if item.code == "config.written_twice"]
    assert expected == bool(twice)
    assert {"warn"} >= {item.severity for item in twice}


def test_a_mapping_of_changes_is_none_of_orders(house: House) -> None:
    house.more = (
        '[[outbox]]\nname = "csv"\nfolder = "outbox/csv"\n'
        'mappings = ["bestellung", "bestellaenderung"]\n'
    )
    house.build()
    (house.path / "outbox" / "csv").mkdir(parents=True)

    found = list(problems(load(house.path), book_of(house.path)))

    assert "config.changes_as_orders" in [item.code for item in found]


@pytest.mark.parametrize(
    ("one", "two", "kind", "expected"),
    [
        ("", "", "xml", ["bestellung", "bestellaenderung"]),
        ("main", "", "xml", ["bestellung", "bestellaenderung"]),
        ("main", "outlet", "xml", []),
        ("", "", "csv", []),
    ],
)
def test_files_of_one_name_in_one_folder_are_refused_at_loading(
    house: House, one: str, two: str, kind: str, expected: list[str]
) -> None:
    more = TWO.format(one=one, two=two, mapping="bestellung")
    house.more = more.replace("outbox/two", "outbox/one")
    house.more = house.more.replace("mappings", f'format = "{kind}"\nmappings')
    house.build()
    settings, book = load(house.path), book_of(house.path)

    try:
        check_book(settings, book)
    except ConfigError as error:
        found = [item.value for item in error.findings]
    else:
        found = []

    assert expected == found

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.mapping.grouping import grouped
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.mapping.plan import Plan
    from bridge.model.record import Format
    from bridge.model.record import Value

MAPPING = """\
mapping: 1
title: Probe
direction: in
document: Order
files: ["*"]
formats:
  csv: {}
  xml: { record: /A/B }
  json: { record: A }
group_by: [Nr]
fields:
  id: { from: Nr, as: code }
  channel: { from: Kanal }
  lines:
    each: Zeilen
    fields:
      position: { from: Pos, as: integer }
      quantity: { from: Menge, as: decimal }
      unit_price: { from: Preis, as: decimal }
      total: { from: Summe, as: decimal }
"""


def rows(*given: dict[str, Value]) -> list[Record]:
    return [Record(line, values) for line, values in enumerate(given, 2)]


def test_adjacent_rows_of_one_number_are_one_record(
    plan_of: Callable[[str], Plan],
) -> None:
    given = rows({"Nr": "1", "Pos": "1"}, {"Nr": "1", "Pos": "2"}, {"Nr": "2"})

    plan = plan_of(MAPPING)

    first, second = grouped(given, plan, plan.profiles["csv"])

    assert given[:2] == first.values["Zeilen"]
    assert (2, 4) == (first.line, second.line)
    assert not first.findings


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_nested_list_is_left_as_it_is(
    plan_of: Callable[[str], Plan], form: Format
) -> None:
    given = rows({"Nr": "1", "Zeilen": rows({"Pos": "1"}, {"Pos": "2"})})

    plan = plan_of(MAPPING)

    assert given == list(grouped(given, plan, plan.profiles[form]))


def test_a_row_that_contradicts_its_first_is_a_finding(
    plan_of: Callable[[str], Plan],
) -> None:
    given = rows(
        {"Nr": "1", "Kanal": "A", "Pos": "1"},
        {"Nr": "1", "Kanal": "", "Pos": "2"},
        {"Nr": "1", "Kanal": "B", "Pos": "3"},
    )

    plan = plan_of(MAPPING)

    (made,) = grouped(given, plan, plan.profiles["csv"])

    (found,) = made.findings
    assert ("mapping.group_differs", 4, "Kanal", "B") == (
        found.code,
        found.line,
        found.field,
        found.value,
    )

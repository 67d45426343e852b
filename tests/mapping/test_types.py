"""Files of several types of lines: what belongs together, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import InputError
from bridge.formats.reading import open_file
from bridge.mapping.grouping import grouped
from bridge.mapping.grouping import together
from bridge.messages.catalogue import LANGUAGES
from bridge.model.record import TYPE
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan

    PlanOf = Callable[[str], Plan]

HEAD = """\
mapping: 1
title: T
direction: in
document: SalesDocument
files: ["*"]
"""
A0 = """\
  A0:
    columns: [Art, Nr, Jahr]
    fields:
      kind: { value: order }
      year: { from: Jahr, as: integer }
      number: { from: Nr, as: code }
"""
A1 = """\
  A1:
    parent: A0
    columns: [Art, Name]
    fields: { name: { from: Name } }
"""
P0 = """\
  P0:
    parent: A0
    each: lines
    columns: [Art, Pos, Menge]
    fields: { position: { from: Pos, as: integer } }
"""
T0 = """\
  T0:
    parent: P0
    columns: [Art, Text]
    fields: { title: { join: [Text, ../Nr], with: "-" } }
"""
TYPES = f"record_type: {{ column: 1 }}\nrecord_types:\n{A0}{A1}{P0}{T0}"
TRAILER = (
    "trailer: { type: Z9, columns: [Art, Zeilen, Posten, Summe],"
    " count: { Posten: P0 }, sum: { Summe: Menge } }\n"
)
ALL = "trailer: { type: Z9, columns: [Art, Zeilen], count: Zeilen }\n"


def lines(*rows: str) -> Iterator[Record]:
    """Records as a reader makes them: the type, then ``name=value``."""
    for number, row in enumerate(rows, 1):
        name, *cells = row.split()
        values = dict(cell.split("=") for cell in cells)
        yield Record(number, {**values, TYPE: name})


FIXED = """\
formats: { txt: { layout: fixed, decimal: "," } }
record_type: { at: 1, length: 2 }
record_types:
  A0:
    columns: [{ name: Nr, at: 3, length: 4 }]
    fields:
      kind: { value: order }
      year: { value: 2026, as: integer }
      number: { from: Nr, as: code }
  P0:
    parent: A0
    each: lines
    columns:
      - { name: Pos, at: 3, length: 2 }
      - { name: Preis, at: 5, length: 5, align: right, implied: 2 }
    fields:
      position: { from: Pos, as: integer }
      total: { from: Preis, as: decimal }
trailer:
  type: Z9
  columns: [{ name: Summe, at: 3, length: 7, align: right, implied: 2 }]
  sum: { Summe: Preis }
"""


def below(record: Record) -> list[Record]:
    """The positions of a document."""
    items = record.values["P0"]
    assert isinstance(items, list)
    return items


def test_lines_below_a_line_are_one_document(plan_of: PlanOf) -> None:
    plan = plan_of(HEAD + TYPES)
    given = lines("A0 Nr=1", "A1 Name=X", "P0 Pos=1", "T0 Text=a", "P0 Pos=2")

    (made,) = grouped(given, plan, plan.profiles["csv"])

    first, second = below(made)
    assert {"Pos": "1", "Text": "a"} == first.values
    assert {"Pos": "2"} == second.values
    assert ("1", "X", 1) == (made.values["Nr"], made.values["Name"], made.line)
    assert not made.findings


def test_places_tell_types_in_lines_of_fixed_width(
    plan_of: PlanOf, tmp_path: Path
) -> None:
    plan = plan_of(HEAD + FIXED)
    profile = plan.profiles["txt"]
    path = tmp_path / "a.txt"
    path.write_text("A04711\nP01   150\nP02   250\nZ9    400\n", "utf-8")

    with open_file(path, profile) as file:
        (made,) = grouped(file.records, plan, profile)

    assert "4711" == made.values["Nr"]
    assert ["1,50", "2,50"] == [x.values["Preis"] for x in below(made)]
    assert not made.findings


def test_a_document_without_lines_has_an_empty_list(plan_of: PlanOf) -> None:
    plan = plan_of(HEAD + TYPES)

    first, second = grouped(
        lines("A0 Nr=1", "A0 Nr=2", "P0 Pos=1"), plan, plan.profiles["csv"]
    )

    assert [0, 1] == [len(below(record)) for record in (first, second)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["P0 Pos=1", "A0 Nr=1"], [["no_parent@1"], []]),
        (["A0 Nr=1", "T0 Text=a"], [["no_parent@2"]]),
        (["A0 Nr=1", "A1 Name=X", "A1 Name=Y"], [["part_twice@3"]]),
        (
            ["A0 Nr=1", "P0 Pos=1", "A1 Name=X", "T0 Text=a", "T0 Text=b"],
            [["part_twice@5"]],
        ),
        (
            ["A0 Nr=1", "P0 Pos=1", "A0 Nr=2", "T0 Text=a"],
            [[], ["no_parent@4"]],
        ),
        (["A0 Nr=1", "A1 Name=X", "A0 Nr=2", "A1 Name=Y"], [[], []]),
        (
            ["A0 Nr=1", "P0 Pos=1", "T0 Text=a", "P0 Pos=2", "T0 Text=b"],
            [[]],
        ),
    ],
)
def test_a_line_out_of_order_is_a_finding_of_its_document(
    plan_of: PlanOf, rows: list[str], told: list[list[str]]
) -> None:
    plan = plan_of(HEAD + TYPES)

    made = list(grouped(lines(*rows), plan, plan.profiles["csv"]))

    said = [[f"{x.code[8:]}@{x.line}" for x in it.findings] for it in made]
    assert told == said


def test_the_lines_of_a_document_are_known(plan_of: PlanOf) -> None:
    plan = plan_of(HEAD + TYPES)
    given = lines("P0 Pos=1", "A0 Nr=1", "P0 Pos=1", "A0 Nr=2")

    found = together(given, plan, plan.profiles["csv"])

    assert found is not None
    assert [{1}, {2, 3}, {4}] == list(found)


def test_a_trailer_that_agrees_is_no_document(plan_of: PlanOf) -> None:
    plan = plan_of(HEAD + TYPES + TRAILER)
    given = lines(
        *("A0 Nr=1", "P0 Menge=1,5", "P0 Menge=2"),
        "Z9 Zeilen=9 Posten=2 Summe=3,50",
    )

    assert 1 == len(list(grouped(given, plan, plan.profiles["csv"])))


@pytest.mark.parametrize(
    ("trailer", "rows", "told"),
    [
        (TRAILER, ["Z9 Posten=1 Summe=3"], "trailer_differs@4 [Posten]"),
        (TRAILER, ["Z9 Posten=2 Summe=3"], "trailer_differs@4 [Summe]"),
        (TRAILER, ["Z9 Posten=2"], "trailer_differs@4 [Summe]"),
        (TRAILER, ["Z9 Posten=zwei"], "trailer_differs@4 [Posten]"),
        (TRAILER, [], "no_trailer@3"),
        (ALL, ["Z9 Zeilen=4"], "trailer_differs@4 [Zeilen]"),
        (ALL, ["Z9 Zeilen=3", "A0 Nr=2"], "after_trailer@5"),
    ],
)
def test_a_trailer_that_differs_refuses_the_file_as_one_fact(
    plan_of: PlanOf, trailer: str, rows: list[str], told: str
) -> None:
    plan = plan_of(HEAD + TYPES + trailer)
    given = lines("A0 Nr=1", "P0 Menge=1,5", "P0 Menge=2", *rows)

    with pytest.raises(InputError) as caught:
        list(grouped(given, plan, plan.profiles["csv"], "a.csv"))

    error = caught.value
    assert f"a.csv:{told.partition('@')[2]}" == str(error.where)
    assert f"mapping.{told.partition('@')[0]}" == error.code
    assert not error.findings
    for language in LANGUAGES:
        assert "{" not in error.message(language)
        assert error.hint(language)


@pytest.mark.parametrize(
    ("strange", "named"), [(1, "3"), (10, "3, 4, 5, 6, 7, 8, 9, 10, 11, 12")]
)
def test_a_trailer_that_differs_names_the_lines_nobody_knows(
    plan_of: PlanOf, strange: int, named: str
) -> None:
    plan = plan_of(HEAD + TYPES + TRAILER)
    rows = ["A0 Nr=1", "P0 Menge=1", *["X9"] * strange]
    given = lines(*rows, "Z9 Posten=2 Summe=3")

    with pytest.raises(InputError) as caught:
        list(grouped(given, plan, plan.profiles["csv"], "a.csv"))

    assert "mapping.trailer_unknown" == caught.value.code
    assert named == caught.value.facts["lines"]
    for language in LANGUAGES:
        assert named in caught.value.message(language)


def test_of_many_lines_nobody_knows_the_first_are_named(
    plan_of: PlanOf,
) -> None:
    plan = plan_of(HEAD + TYPES + TRAILER)
    given = lines("A0 Nr=1", *["X9"] * 99, "Z9 Posten=2 Summe=3")

    with pytest.raises(InputError) as caught:
        list(grouped(given, plan, plan.profiles["csv"], "a.csv"))

    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …" == caught.value.facts["lines"]


def test_rows_corrected_by_hand_need_no_trailer(plan_of: PlanOf) -> None:
    plan = plan_of(HEAD + TYPES + TRAILER)

    (made,) = grouped(
        lines("A0 Nr=1"), plan, plan.profiles["csv"], "7_a.zeilen.csv"
    )

    assert "1" == made.values["Nr"]


#: What somebody wrote; the mapping behind its head; what is told of it.
CASES = {
    "types without a way to tell them": (
        f"record_types:\n{A0}",
        "missing_key@7:3",
    ),
    "a way without types": (
        "record_type: { column: 1 }\nfields: { kind: { value: x } }\n",
        "needs_types@6:14 *",
    ),
    "a trailer without types": (
        f"{ALL}fields: {{ kind: {{ value: x }} }}\n",
        "needs_types@6:10 *",
    ),
    "fields beside types": (
        f"{TYPES}fields: {{ kind: {{ value: x }} }}\n",
        "idle@27:9",
    ),
    "types of a json": (
        f"formats: {{ json: {{ record: A }} }}\n{TYPES}",
        "not_of_format@6:12",
    ),
    "columns of a block": (
        f"formats: {{ csv: {{ header: false, columns: [A] }} }}\n{TYPES}",
        "idle@6:27 idle@6:43",
    ),
    "two layouts": (
        f"formats: {{ csv: {{}}, txt: {{ layout: fixed }} }}\n{TYPES}",
        "one_layout@6:21 *",
    ),
    "bare names of fixed width": (
        FIXED.replace("[{ name: Nr, at: 3, length: 4 }]", "[Nr]"),
        "spans_expected@10:15 no_column@14:23",
    ),
    "two ways at once": (
        TYPES.replace("column: 1", "column: 1, first: A0, rest: P0"),
        "type_place@6:14",
    ),
    "half a way": (
        TYPES.replace("column: 1", "first: A0"),
        "type_place@6:14",
    ),
    "places of lines with cells": (
        TYPES.replace("column: 1", "at: 1, length: 2"),
        "idle@6:20 idle@6:31",
    ),
    "the cell before the first": (
        TYPES.replace("column: 1", "column: 0"),
        "not_zero@6:24",
    ),
    "a first line of no type": (
        f"record_type: {{ first: A, rest: P0 }}\nrecord_types:\n{A0}{P0}",
        "unknown_type@6:23",
    ),
    "a word of its own": (
        TYPES.replace("each:", "list:"),
        "unknown_setting@20:5 *",
    ),
    "a type without columns": (
        TYPES.replace("    columns: [Art, Nr, Jahr]\n", ""),
        "missing_key@9:5 no_column@11:21 no_column@12:23 no_column@25:37",
    ),
    "a parent that is none": (
        TYPES.replace("parent: P0", "parent: PO"),
        "unknown_type@23:3",
    ),
    "two types at the top": (
        TYPES.replace(A1, A1.replace("    parent: A0\n", "")),
        "two_roots@14:3",
    ),
    "no type at the top": (
        f"record_type: {{ column: 1 }}\nrecord_types:\n{P0}",
        "no_root_type@8:3 unknown_type@8:3 *",
    ),
    "types below each other": (
        TYPES.replace("parent: P0", "parent: T1")
        + T0.replace("T0", "T1").replace("parent: P0", "parent: T0"),
        "type_circle@23:3 type_circle@27:3",
    ),
    "a list at the top": (
        TYPES.replace("  A0:\n", "  A0:\n    each: lines\n"),
        "needs_parent@9:11",
    ),
    "a list the document lacks": (
        TYPES.replace("each: lines", "each: line"),
        "unknown_field@20:11",
    ),
    "a column another type has": (
        TYPES.replace("from: Pos", "from: Name"),
        "no_column@22:33",
    ),
    "a part that names a column of its parent": (
        TYPES.replace("[Art, Name]", "[Art, Name, Nr]"),
        "doubled_column@14:3",
    ),
    "a field of two types": (
        TYPES.replace("{ name: { from: Name } }", "{ year: { from: Name } }"),
        "filled_twice@17:15",
    ),
    "a key no type fills": (
        TYPES.replace("      number: { from: Nr, as: code }\n", ""),
        "key_missing@11:7",
    ),
    "a trailer that says nothing": (
        f"{TYPES}trailer: {{ type: Z9, columns: [A] }}\n",
        "nothing_said@27:10",
    ),
    "a trailer that is a type": (
        TYPES + ALL.replace("Z9", "P0"),
        "doubled_column@27:18",
    ),
    "a trailer behind a nameless line": (
        TYPES.replace("column: 1", "first: A0, rest: P0").replace(
            A1 + P0 + T0, P0 + ALL
        ),
        "idle@19:10",
    ),
    "a count that is no column": (
        TYPES + ALL.replace("count: Zeilen", "count: Zeile"),
        "no_column@27:53",
    ),
    "a count of no type": (
        TYPES + TRAILER.replace("Posten: P0", "Posten: P"),
        "unknown_type@27:78",
    ),
    "a sum of no column": (
        TYPES + TRAILER.replace("Summe: Menge", "Summe: Menga"),
        "no_column@27:98",
    ),
}


@pytest.mark.parametrize(("text", "told"), CASES.values(), ids=CASES)
def test_a_mistake_about_types_is_told_where_it_stands(
    check: Callable[[str], list[Finding]], text: str, told: str
) -> None:
    found = check(HEAD + text)

    said = [f"{it.code[8:]}@{it.line}:{it.column}" for it in found]
    expected = told.removesuffix(" *").split()
    if told.endswith("*"):
        assert set(expected) <= set(said)
    else:
        assert sorted(expected) == sorted(said)
    for finding in found:
        for language in LANGUAGES:
            assert finding.message(language) != finding.code
            assert "{" not in finding.message(language)
            assert finding.hint(language)


def test_take_keeps_a_part_of_a_text(convert: Callable[..., object]) -> None:
    fields = "title: { from: A, take: '[0-9]{4}' }"

    made = convert(fields, {"A": "15.01.2026 um 12"})

    assert "2026" == made.values["title"]  # type: ignore[attr-defined]

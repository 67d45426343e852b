"""Items of lists: a document each, one by what it says, all in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.formats.reading import open_file
from bridge.mapping.generate_in import compile_in
from bridge.mapping.grouping import grouped
from bridge.mapping.grouping import together

from .conftest import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan
    from bridge.model.record import Record

    Read = Callable[..., list[dict[str, Any]]]
    Written = Callable[..., Any]

HEAD = """\
mapping: 1
title: T
direction: in
document: Media
files: ["*"]
formats: { xml: { record: /K/A } }
"""
FIELDS = """\
fields:
  article: { from: ../../Nr, as: code }
  kind: { from: Art, else: picture }
  file: { from: Datei }
"""
SUM = """\
mapping: 1
title: T
direction: in
document: SalesDocument
files: ["*"]
formats: { xml: { record: /K/A } }
fields:
  kind: { value: order }
  year: { value: 2026, as: integer }
  number: { from: Nr }
"""
CATALOG = """\
<K>
<A><Nr>7</Nr>
<M><Stand art="von">1</Stand><Stand art="bis">2</Stand>
<B><Datei>a</Datei></B>
<B><Datei>b</Datei><Art>x</Art></B></M>
<M>
<B><Datei>c</Datei></B></M></A>
<A><Nr>8</Nr></A>
</K>"""


@pytest.fixture
def read(tmp_path: Path, plan_of: Callable[[str], Plan]) -> Read:
    """The documents an ``in`` mapping makes of the catalogue."""

    def _read(mapping: str) -> list[dict[str, Any]]:
        plan = plan_of(mapping)
        profile = plan.profiles["xml"]
        path = tmp_path / "a.xml"
        path.write_text(CATALOG, "utf-8")
        with open_file(path, profile) as file:
            assert not file.findings
            convert = compile_in(plan, profile, context=CONTEXT, head={})
            return [
                convert(record.line, record.values, [])
                for record in grouped(file.records, plan, profile)
            ]

    return _read


def test_each_makes_a_document_of_every_item_of_lists_in_lists(
    read: Read,
) -> None:
    made = read(f'{HEAD}each: "M[]/B"\n{FIELDS}')

    assert [("7", "a"), ("7", "b"), ("7", "c")] == [
        (item["article"], item["file"]) for item in made
    ]
    assert "x" == made[1]["kind"]


def test_the_first_of_several_lists_that_are_there_is_read(read: Read) -> None:
    made = read(f'{HEAD}each: ["X", "M[]/B"]\n{FIELDS}')

    assert 3 == len(made)


def test_a_pick_is_the_first_item_that_says_something(read: Read) -> None:
    picks = """\
pick:
  bis: { from: ../Stand, where: { "@art": bis } }
  erster: { from: ../Stand }
  letzter: { from: ../../M, where: { B: { empty: true } } }
"""
    fields = "  title: { join: [bis, bis/@art, erster, letzter/B], with: / }\n"

    made = read(f'{HEAD}each: "M[]/B"\n{picks}{FIELDS}{fields}')

    assert ["2/bis/1", "2/bis/1"] == [item["title"] for item in made[:2]]
    assert "title" not in made[2]


def test_a_pick_may_look_into_an_earlier_one(read: Read) -> None:
    picks = "pick:\n  m: { from: M }\n  b: { from: m/B }\n"
    fields = FIELDS.replace("../../Nr", "Nr").replace("Datei", "b/Datei")

    first, second = read(HEAD + picks + fields)

    assert ("7", "a") == (first["article"], first["file"])
    assert "file" not in second


def test_json_has_its_lists_where_xml_has_them(
    tmp_path: Path, plan_of: Callable[[str], Plan]
) -> None:
    text = HEAD.replace("xml: { record: /K/A }", "json: { record: K }")
    plan = plan_of(
        f'{text}each: "M[]/B"\npick: {{ x: {{ from: ../../P/L }} }}\n'
        f"{FIELDS}  title: {{ from: x/y }}\n"
    )
    profile = plan.profiles["json"]
    path = tmp_path / "a.json"
    path.write_text(
        '{"K": [{"Nr": "7", "P": {"L": [{"y": "1"}, {"y": "2"}]},'
        ' "M": [{"B": [{"Datei": "a"}]}, {"B": {"Datei": "b"}}]}]}',
        "utf-8",
    )

    with open_file(path, profile) as file:
        made = list(grouped(file.records, plan, profile))

    names = ("../../Nr", "Datei", "x/y")
    assert [("7", "a", "1"), ("7", "b", "1")] == [
        tuple(record.values[name] for name in names) for record in made
    ]


def test_a_list_takes_what_all_items_say(
    tmp_path: Path, plan_of: Callable[[str], Plan]
) -> None:
    text = HEAD.replace("Media", "Article")
    plan = plan_of(
        f"{text}fields:\n  article: {{ from: Nr, as: code }}\n"
        '  bullets: { from: "M[]/B", as: list }\n'
    )
    path = tmp_path / "a.xml"
    path.write_text(
        "<K><A><Nr>1</Nr><M><B>a</B></M><M/><M><B>b</B></M></A></K>", "utf-8"
    )

    with open_file(path, plan.profiles["xml"]) as file:
        (record,) = file.records
        convert = compile_in(
            plan, plan.profiles["xml"], context=CONTEXT, head={}
        )

        assert ["a", "b"] == convert(1, record.values, [])["bullets"]


@pytest.mark.parametrize(
    ("items", "net", "found"),
    [
        ("<M><B>1.10</B></M><M><B/></M><M/><M><B>2</B></M>", "3.1", None),
        ("<M/>", None, None),
        ("", None, None),
        ("<M><B>1,10</B></M>", None, "1,10"),
    ],
)
def test_numbers_of_items_are_added_up(
    plan_of: Callable[[str], Plan],
    tmp_path: Path,
    items: str,
    net: str | None,
    found: str | None,
) -> None:
    plan = plan_of(f"{SUM}  net: {{ sum: 'M[]/B', as: decimal }}\n")
    path = tmp_path / "a.xml"
    path.write_text(f"<K><A><Nr>1</Nr>{items}</A></K>", "utf-8")
    told: list[Finding] = []

    with open_file(path, plan.profiles["xml"]) as file:
        (record,) = file.records
        profile = plan.profiles["xml"]
        convert = compile_in(plan, profile, context=CONTEXT, head={})
        made = convert(1, record.values, told)

    assert net == made.get("net")
    assert ([found] if found else []) == [item.value for item in told]


def test_the_record_and_its_items_go_together(
    tmp_path: Path, plan_of: Callable[[str], Plan]
) -> None:
    plan = plan_of(f'{HEAD}each: "M[]/B"\n{FIELDS}')
    path = tmp_path / "a.xml"
    path.write_text(CATALOG, "utf-8")

    with open_file(path, plan.profiles["xml"]) as file:
        found = together(file.records, plan, plan.profiles["xml"])

        assert found is not None
        assert [{2, 4, 5, 7}, {8}] == list(found)


def test_an_object_is_its_fields_and_its_condition_is_theirs(
    written: Written,
) -> None:
    fields = """\
A/B[2]:
  when: { channel: X }
  object:
    "@c": { from: id }
    D:
      when: { status: { empty: true } }
      object: { E: { value: 1 } }
"""

    made = written(fields, {"id": "7", "channel": "X"})
    other = written(fields, {"id": "7", "channel": "X", "status": "s"})
    none = written(fields, {"id": "7", "channel": "Y"})

    assert {"A/B[2]/@c": "7", "A/B[2]/D/E": "1"} == made.values
    assert {"A/B[2]/@c": "7", "A/B[2]/D/E": None} == other.values
    assert {"A/B[2]/@c": None, "A/B[2]/D/E": None} == none.values


def test_items_are_counted_and_may_ask_what_is_around_them(
    written: Written,
) -> None:
    fields = """\
N: { count: lines }
L:
  each: lines
  fields:
    P: { from: position, when: { ../gross: false } }
"""

    net = written(fields, {"gross": False, "lines": [{"position": 1}] * 2})
    gross = written(fields, {"gross": True, "lines": [{"position": 1}]})
    none = written(fields, {"id": "1"})

    assert (2, [{"P": 1}] * 2) == (net.values["N"], net.values["L"])
    assert [{"P": None}] == gross.values["L"]
    assert 0 == none.values["N"]


OUT = "mapping: 1\ntitle: T\ndirection: out\ndocument: Order\nname: N\n"
TITLE = "  title: { from: a/b }\n"
ID = "{ B: { from: id } }"
ROOT = "formats: { xml: { record: /A } }\n"


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (f"{HEAD}pick: {{}}\n{FIELDS}", "nothing_said@7:7"),
        (f"{HEAD}pick: {{ a: {{ from: X }} }}\n{FIELDS}", "unread_pick@7:9"),
        (
            f"{HEAD}pick: {{ a: {{ of: X }} }}\n{FIELDS}{TITLE}",
            "unknown_setting@7:14 missing_key@7:12",
        ),
        (
            f"{OUT}one_file_per: run\n{ROOT}fields: {{ A: {{ from: id }} }}\n",
            "one_document@7:27",
        ),
        (f"{SUM}  name: {{ sum: A }}\n", "needs_number@11:16"),
        (f"{OUT}fields: {{ A: {{ count: id }} }}\n", "not_a_list@6:23"),
        (f"{OUT}fields: {{ A: {{ count: x }} }}\n", "unknown_field@6:23"),
        (
            f"{OUT}fields: {{ A: {{ object: {{ B: {{ from: x }} }} }} }}\n",
            "unknown_field@6:37",
        ),
        (
            f"{OUT}fields: {{ A: {{ cut: 3, object: {ID} }} }}",
            "idle@6:21",
        ),
        (
            f"{OUT}{ROOT}fields: {{ 'A/B[0]': {{ from: id }} }}\n",
            "no_element@7:11",
        ),
    ],
)
def test_a_mistake_about_items_is_told_where_it_stands(
    check: Callable[[str], list[Finding]], mapping: str, told: str
) -> None:
    found = check(mapping)

    said = {f"{it.code[8:]}@{it.line}:{it.column}" for it in found}
    assert set(told.split()) == said
    assert all(it.hint() for it in found)


def test_records_without_lists_pass_as_they_are(
    plan_of: Callable[[str], Plan],
) -> None:
    text = HEAD.replace("Media", "Article")
    plan = plan_of(f"{text}fields: {{ article: {{ from: Nr }} }}\n")
    given: list[Record] = []

    assert [] == list(grouped(given, plan, plan.profiles["xml"]))

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.errors import InputError
from bridge.formats import jsonscan
from bridge.formats.reading import open_file
from bridge.model.record import Profile
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.model.record import Value

    Drop = Callable[[str, bytes | str], Path]

JSON = Profile(format="json", record="Stamm", head={"mandant": "Mandant"})
BARE = Profile(format="json")


def _read(path: Path, profile: Profile = JSON) -> list[Record]:
    with open_file(path, profile) as reading:
        return list(reading.records)


def _refusal(path: Path, profile: Profile = JSON) -> InputError:
    with pytest.raises(InputError) as caught:
        _read(path, profile)
    return caught.value


def test_an_object_is_a_record_with_exact_numbers(drop: Drop) -> None:
    path = drop(
        "a.json",
        '{"Stamm": [\n {"A": "0012", "B": 0.10, "C": 7, "D": true,'
        ' "E": null},\n\n {"A": 1.5E2}]}',
    )

    values: dict[str, Value] = {
        "A": "0012",
        "B": Decimal("0.10"),
        "C": Decimal(7),
        "D": True,
        "E": None,
    }
    records = _read(path)
    assert [Record(2, values), Record(4, {"A": Decimal(150)})] == records
    assert "0.10" == str(records[0].values["B"])


def test_nested_objects_are_paths_and_arrays_lists(drop: Drop) -> None:
    path = drop(
        "a.json",
        '{"Stamm": [{"A": {"B": {"C": "x"}}, "P": [{"N": {"M": 1}}], '
        '"S": ["a", "b"], "L": []}]}',
    )

    assert [
        Record(
            1,
            {
                "A/B/C": "x",
                "P": [Record(1, {"N/M": Decimal(1)})],
                "S": [Record(1, {".": "a"}), Record(1, {".": "b"})],
                "L": [],
            },
        )
    ] == _read(path)


def test_lists_of_the_profile_name_arrays_as_in_xml(drop: Drop) -> None:
    profile = Profile(
        format="json",
        record="Stamm",
        lists=frozenset({"Pos/P", "Pos/P/Rab/R", "Bild"}),
    )
    path = drop(
        "a.json", '{"Stamm": [{"Pos": [{"Rab": [1]}], "Bild": {"u": "x"}}]}'
    )

    rebates = [Record(1, {".": Decimal(1)})]
    assert {
        "Pos/P": [Record(1, {"Rab/R": rebates})],
        "Bild": [Record(1, {"u": "x"})],
    } == _read(path, profile)[0].values


def test_the_head_is_complete_at_the_end(drop: Drop) -> None:
    path = drop(
        "a.json",
        '{"Mandant": "1", "Kopf": {"Von": "x", "L": [1]}, '
        '"Stamm": [{}, {}], "Umfang": "voll"}',
    )

    with open_file(path, JSON) as reading:
        early = dict(reading.head)
        list(reading.records)

    known = {"Mandant": "1", "mandant": "1", "Kopf/Von": "x"}
    assert known == early
    assert {**known, "Umfang": "voll"} == reading.head


def test_the_array_may_lie_deeper_or_be_the_file(drop: Drop) -> None:
    deep = Profile(format="json", record="a/b")

    nested = _read(drop("a.json", '{"a": {"x": 1, "b": [{"c": "d"}]}}'), deep)
    bare = _read(drop("b.json", '\ufeff[{"c": "d"}]\n'), BARE)

    assert [Record(1, {"c": "d"})] == nested == bare


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
@pytest.mark.parametrize("profile", [JSON, BARE])
def test_each_line_may_be_a_record(
    drop: Drop, name: str, profile: Profile
) -> None:
    path = drop(name, '{"a": "1"}\n{"a": "2"}\n\n{"a": "3"}\n')

    assert [
        Record(1, {"a": "1"}),
        Record(2, {"a": "2"}),
        Record(4, {"a": "3"}),
    ] == _read(path, profile)


def test_records_larger_than_a_chunk_are_read_whole(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (
        '{"x": 12345, "Stamm": [\n{"a": "ö\\"]}", "b": 1.25},\n\n{"c": -12}]}'
    )
    path = drop("a.json", whole)
    expected = _read(path)

    for size in range(1, len(whole)):
        monkeypatch.setattr(jsonscan, "_CHUNK", size)
        assert expected == _read(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"Stamm": [{"A": 1, "A": 1}]}', "doubled"),
        ('{"A": 1, "A": 2, "Stamm": []}', "doubled"),
        ('{"Stamm": [{"A": NaN}]}', "number"),
        ('{"Stamm": [{"A": -Infinity}]}', "number"),
        ('{"Stamm": [{"A": 1e99999999999999999999}]}', "number"),
        ('{"Stamm": [{"A": 1E+4002026}]}', "number"),
        ('{"Stamm": [{"A": 1E-4002026}]}', "number"),
        (f'{{"Stamm": [{{"A": {"9" * 5_000}}}]}}', "number"),
        ('{"Stamm": []} x', "not_json"),
        ('{"Stamm": []}{}', "not_json"),
        ('{"Stamm": []}\n{"A": 1}', "not_json"),
        ('{"Stamm": x}\n{"A": 1}', "not_json"),
        ('{"Stamm": [{} {}]}', "not_json"),
        ('{"Stamm": [{},]}', "not_json"),
        ('{"Stamm": [], }', "not_json"),
        ('{"Stamm": [{"A": "x\ny"}]}', "not_json"),
        ("{\"Stamm\": [{'A': 1}]}", "not_json"),
        ("{Stamm: []}", "not_json"),
        ('[{"A": 1}]', "not_json"),
        ("<Stamm/>", "not_json"),
        ('{"Preise": [], "x": 1}', "no_records"),
        ('{"Stamm": {"A": 1}}', "no_records"),
        ('{"Stamm": null}', "no_records"),
    ],
)
def test_a_wrong_file_is_refused(drop: Drop, content: str, code: str) -> None:
    assert f"formats.{code}" == _refusal(drop("a.json", content)).code


def test_a_fault_names_its_line(drop: Drop) -> None:
    refusal = _refusal(drop("a.json", '{"Stamm": [\n{},\n{"A":\n x}]}'))

    assert refusal.where is not None
    assert 4 == refusal.where.line


def test_a_wrong_byte_is_refused_with_its_line(drop: Drop) -> None:
    refusal = _refusal(drop("a.json", b'{"Stamm": [\n{"A": "gro\xdf"}]}'))

    assert "formats.not_utf8" == refusal.code
    assert refusal.where is not None
    assert 2 == refusal.where.line
    assert "0xDF" in refusal.message("de")


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 63 + "]" * 63,
        "[" * 100_000,
        '{"a":' * 63 + "1" + "}" * 63,
        '{"a":' * 100_000,
    ],
)
def test_a_depth_bomb_is_refused(drop: Drop, bomb: str) -> None:
    within = _refusal(drop("a.json", f'{{"Stamm": [{{"x": {bomb}}}]}}'))
    beside = _refusal(drop("b.json", f'{{"x": [{bomb}], "Stamm": []}}'))

    assert ["formats.depth"] * 2 == [within.code, beside.code]


def test_sixty_four_levels_are_read(drop: Drop) -> None:
    nest = "[" * 61 + "]" * 61

    assert 1 == len(_read(drop("a.json", f'{{"Stamm": [{{"x": {nest}}}]}}')))


def test_a_file_cut_off_anywhere_is_refused(drop: Drop) -> None:
    whole = (
        '{"M": "1", "N": {"a": -1.5e3},\n"Stamm": [{"A": "ö\\u00e4", '
        '"B": true, "C": [null, {}]},\n{"D": 12}], "E": false}'
    ).encode()

    for length in range(len(whole)):
        refusal = _refusal(drop("a.json", whole[:length]))
        assert refusal.told("de")
        assert refusal.code in {
            "formats.empty",
            "formats.not_json",
            "formats.not_utf8",
            "formats.truncated",
        }


@pytest.mark.parametrize(
    "end", ["", '{"A"', '{"A": 1', '{"A": "x', '{"A": tr']
)
def test_a_cut_off_file_names_its_last_line(drop: Drop, end: str) -> None:
    refusal = _refusal(drop("a.json", f'{{"Stamm": [{{}},\n\n{end}'))

    assert "formats.truncated" == refusal.code
    assert refusal.where is not None
    assert 3 == refusal.where.line


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ('"x"', "not_object"),
        ("[{}]", "not_object"),
        ('{"A": "\\u0000"}', "nul"),
        ('{"A": {"B": "\\ud800"}}', "byte"),
        ('{"A": [{"B": "GrÃ¶ÃŸe"}]}', "mojibake"),
        ('{"A": "#NV"}', "sheet_error"),
        ('{"A": "' + "x" * (1024**2 + 1) + '"}', "cell_size"),
    ],
)
def test_a_broken_item_leaves_the_others(
    drop: Drop, item: str, code: str
) -> None:
    bad, good = _read(drop("a.json", f'{{"Stamm": [{item}, {{"A": "x"}}]}}'))

    assert [f"formats.{code}"] == [finding.code for finding in bad.findings]
    assert Record(1, {"A": "x"}) == good


def test_a_record_that_never_ends_is_refused_early(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonscan, "_CHUNK", 16)
    monkeypatch.setattr(jsonscan, "LARGEST_VALUE", 64)
    path = drop("a.json", '{"Stamm": [{"A": "' + "x" * 1000 + '"}]}')

    assert "formats.record_size" == _refusal(path).code

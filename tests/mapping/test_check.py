from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from bridge.errors import ConfigError
from bridge.mapping import notation
from bridge.mapping import vocabulary
from bridge.mapping.book import open_book
from bridge.mapping.check import load
from bridge.mapping.notation import Items
from bridge.mapping.schema import editor_schema
from bridge.mapping.trial import plain
from bridge.messages.catalogue import LANGUAGES

from .test_mistakes import AMAZON
from .test_mistakes import CODES as MORE
from .test_mistakes import HEAD
from .test_mistakes import IN
from .test_mistakes import NR
from .test_mistakes import field
from .test_mistakes import out

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan

    Check = Callable[[str], list[Finding]]

ROOM = Path(__file__).parents[2] / "bridge" / "mapping"
SOURCES = ("check*.py", "words.py", "notation.py")

#: Code, a mapping with that mistake, and where it stands.
CASES = {
    "empty_file": ("# nothing\n", "1:None"),
    "not_yaml": ("mapping: 1\n title: T\n", "2:7"),
    "not_a_table": ("- mapping\n", "1:1"),
    "too_deep": ("a: " + "[" * 40 + "]" * 40, "1:36"),
    "key_not_text": (f"{IN}? [a, b]\n: 1\nfields:\n{NR}", "6:3"),
    "doubled_key": (f"{IN}title: U\nfields:\n{NR}", "6:1"),
    "missing_key": (IN, "1:1"),
    "version": (field("title: { from: A }").replace("1", "2", 1), "1:10"),
    "unknown_key": (f"{IN}feilds:\nfields:\n{NR}", "6:1"),
    "unknown_verb": (field("title: { form: A, from: B }"), "8:12"),
    "unknown_choice": (field("title: { from: A, as: txt }"), "8:25"),
    "one_sign": (
        f"{IN}formats: {{ csv: {{ delimiter: ';;' }} }}\nfields:\n{NR}",
        "6:30",
    ),
    "priority": (f"{IN}priority: 10\nfields:\n{NR}", "6:11"),
    "not_zero": (field("title: { from: A, cut: 0 }"), "8:26"),
    "bad_constant": (field("active: { value: quux, as: boolean }"), "8:20"),
    "unknown_setting": (
        f"{IN}formats: {{ csv: {{ delimeter: ',' }} }}\nfields:\n{NR}",
        "6:19",
    ),
    "unknown_format": (f"{IN}formats: {{ cvs: {{}} }}\nfields:\n{NR}", "6:12"),
    "unknown_field": (field("titel: { from: A }"), "8:3"),
    "unknown_facet": (f"{AMAZON}facets:\n  prize: {{}}\n", "6:3"),
    "unknown_table": (field("title: { from: A, lookup: unit }"), "8:29"),
    "unknown_encoding": (
        f"{IN}formats: {{ csv: {{ encoding: cp9999 }} }}\nfields:\n{NR}",
        "6:29",
    ),
    "not_in_direction": (field("title: { template: A, from: B }"), "8:12"),
    "text_expected": (field("title: { value: [A] }"), "8:19"),
    "table_expected": (f"{IN}fields: [a]\n", "6:9"),
    "list_expected": (field("title: { first: { from: A } }"), "8:19"),
    "whole_expected": (field("title: { from: A, cut: '2.5' }"), "8:26"),
    "number_expected": (
        field("tax_rate: { from: A, as: decimal, min: '0,01' }"),
        "8:42",
    ),
    "flag_expected": (field("title: { from: A, required: ja }"), "8:31"),
    "rule_expected": (field("title: Bezeichnung1"), "8:10"),
    "no_source": (field("title: { as: text }"), "8:10"),
    "two_sources": (field("title: { from: A, value: B }"), "8:10"),
    "each_without_fields": (out("P: { each: lines }"), "7:14"),
    "missing_alone": (field("title: { from: A, missing: keep }"), "8:30"),
    "currency_alone": (field("tax_rate: { from: A, currency: EUR }"), "8:34"),
    "needs_number": (field("title: { from: A, as: text, min: 1 }"), "8:36"),
    "join_without_with": (field("title: { join: [A, B] }"), "8:3"),
    "bad_pattern": (field("title: { from: A, pattern: '[A' }"), "8:30"),
    "no_condition": (field("title: { from: A, when: { B: {} } }"), "8:32"),
    "type_mismatch": (field("active: { from: A, as: date }"), "8:26"),
    "needs_unit": (field("weight: { from: A, as: decimal }"), "8:3"),
    "key_missing": (f"{IN}fields:\n  title: {{ from: A }}\n", "7:3"),
    "no_record": (
        f"{IN}formats: {{ xml: {{ head: {{}} }} }}\nfields:\n{NR}",
        "6:12",
    ),
    "no_such_schema": (
        (
            f"{IN}formats: {{ xml: {{ record: /A/B, xsd: a.xsd }} }}\n"
            f"fields:\n{NR}"
        ),
        "6:38",
    ),
    "no_such_table": (
        (
            f"{IN}tables: {{ a: {{ file: x.csv, key: K, value: V }} }}\n"
            f"fields:\n{NR}"
        ),
        "6:22",
    ),
    "no_such_column": (
        (
            f"{IN}tables: {{ a: {{ file: t.csv, key: K, value: W }} }}\n"
            f"fields:\n{NR}"
        ),
        "6:44",
    ),
}


@pytest.mark.parametrize(
    ("code", "text", "place"),
    [pytest.param(code, *case, id=code) for code, case in CASES.items()],
)
def test_a_mistake_is_told_with_its_place(
    check: Check, tmp_path: Path, code: str, text: str, place: str
) -> None:
    (tmp_path / "t.csv").write_text("K;V\na;b\n", "utf-8")

    found = check(text)

    told = {f"{item.code}@{item.line}:{item.column}" for item in found}
    assert f"mapping.{code}@{place}" in told
    assert all(item.turn == "mapping" for item in found)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("title: Größe".encode("cp1252"))

    plan, found = load(path)

    assert plan is None
    assert ["mapping.not_utf8"] == [item.code for item in found]


def test_every_code_of_the_checker_has_a_case() -> None:
    said = {
        code
        for pattern in SOURCES
        for path in ROOM.glob(pattern)
        for code in re.findall(r'"mapping\.(\w+)"', path.read_text("utf-8"))
        if path.name != "checks.py"
    }

    of_tests = {"unknown_test_word"}  # see test_trial.py
    of_types = {
        *("needs_types", "type_place", "unknown_type", "two_roots"),
        *("no_root_type", "needs_parent", "type_circle", "filled_twice"),
        "one_layout",
    }  # see test_types.py
    of_items = {"unread_pick", "one_document"}  # see test_items.py
    others = {*of_tests, *of_types, *of_items, "not_utf8"}
    assert said == {*CASES, *MORE, *others}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CASES)
def test_every_mistake_has_a_sentence_and_a_hint(
    check: Check, code: str, language: str
) -> None:
    found = check(CASES[code][0])
    told = [item for item in found if item.code == f"mapping.{code}"]

    for item in told:
        assert item.message(language) != item.code
        assert item.hint(language)
    assert told or code == "no_such_column"  # needs the table beside it


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(
    check: Check,
) -> None:
    found = check(
        "mapping: 1\n"
        "titel: Probe\n"
        "direction: in\n"
        "document: Articel\n"
        'files: ["*"]\n'
        "fields:\n"
        "  article: { from: Nr, as: kode }\n"
        "  title: { form: A }\n"
    )

    assert [
        ("mapping.missing_key", 1, 1),
        ("mapping.unknown_key", 2, 1),
        ("mapping.unknown_choice", 4, 11),
        ("mapping.unknown_choice", 7, 28),
        ("mapping.no_source", 8, 10),
        ("mapping.unknown_verb", 8, 12),
    ] == [(item.code, item.line, item.column) for item in found]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (field("title: { form: A }"), "from"),
        (field("title: { from: A, as: txt }"), "text"),
        (field("titel: { from: A }"), "title"),
        (field("title: { from: A, check: gitn }"), "gtin"),
        (field("title: { from: A, clean: colapse }"), "collapse"),
        (field("title: { context: mandat }"), "mandant"),
        (f"{IN}feilds: {{}}\nfields:\n{NR}", "fields"),
        (HEAD.replace("Article", "StockLevle"), "StockLevel"),
        (HEAD.replace("direction: in", "direction: inn"), "in"),
        (out("A: { from: curency }"), "currency"),
        (
            out("A: { each: [{ from: lines, wenn: {} }], fields: {} }"),
            "when",
        ),
        (out("A: { from: invoice_address/nam }"), "name"),
        (out("A: { from: id, in_formats: [cvs] }"), "csv"),
        (
            f"{IN}formats: {{ csv: {{ like: txt }} }}\nfields:\n{NR}",
            "",
        ),
        (f"{IN}complete: {{ unles_name: a }}\nfields:\n{NR}", "unless_name"),
        (f"{IN}as_of: [{{ form: Stand }}]\nfields:\n{NR}", "from"),
        (f"{IN}as_of: mtim\nfields:\n{NR}", "mtime"),
        (field("title: { from: A, when: { B: { iss: c } } }"), "is"),
    ],
)
def test_the_nearest_right_word_is_named(
    check: Check, text: str, nearest: str
) -> None:
    found = check(text)

    assert nearest in [item.facts.get("nearest") for item in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (out("P: { each: [[lines]], fields: {} }"), "text_expected"),
        (out("P: { each: [{ from: line }], fields: {} }"), "unknown_field"),
        (
            out("P: { each: [{ from: lin, fields: { A: { from: x } } }] }"),
            "unknown_field",
        ),
        (
            field("title: { from: A, when: { B: { as: text, x: y } } }"),
            "unknown_verb",
        ),
        (field("title: { from: A, as: [text] }"), "text_expected"),
        (f"{IN}formats: {{ csv: x }}\nfields:\n{NR}", "table_expected"),
        (f"{IN}formats: {{ xml: {{}} }}\nfields:\n{NR}", "no_record"),
        (
            (
                f"{IN}formats: {{ xml: {{ record: /A/B, xsd: [a] }} }}\n"
                f"fields:\n{NR}"
            ),
            "text_expected",
        ),
        (f"{IN}tables: [a]\nfields:\n{NR}", "table_expected"),
        (f"{IN}tables: {{ a: b }}\nfields:\n{NR}", "table_expected"),
        (f"{IN}only: x\nfields:\n{NR}", "table_expected"),
    ],
)
def test_a_wrong_shape_is_a_mistake_not_a_crash(
    check: Check, text: str, code: str
) -> None:
    assert f"mapping.{code}" in [item.code for item in check(text)]


def test_a_format_block_says_how_a_file_is_written(
    plan_of: Callable[[str], Plan],
) -> None:
    plan = plan_of(
        f"{IN}formats:\n"
        "  csv:\n"
        "    { header: false, columns: [A, Nr], decimal: '.',"
        " date: '%d.%m.%y' }\n"
        "  json: { like: csv, record: A/B }\n"
        "  xlsx: { sheet: Blatt }\n"
        "  xml: { record: /o:A/B, namespaces: { o: urn:o } }\n"
        "  txt: { like: csv, delimiter: '|' }\n"
        f"fields:\n{NR}"
    )

    csv, txt = plan.profiles["csv"], plan.profiles["txt"]
    assert (csv.header, csv.columns, csv.decimal) == (False, ("A", "Nr"), ".")
    assert plan.profiles["json"].date == "%d.%m.%y"
    assert plan.profiles["json"].format == "json"
    assert plan.profiles["xlsx"].sheet == "Blatt"
    assert plan.profiles["xml"].namespaces == {"o": "urn:o"}
    assert (txt.delimiter, txt.columns) == ("|", ("A", "Nr"))


def test_lists_within_lists_are_known_by_their_path(
    plan_of: Callable[[str], Plan],
) -> None:
    plan = plan_of(
        f"{IN.replace('Article', 'Listing')}fields:\n"
        "  sku: { from: SKU, as: code }\n"
        f"{NR}"
        "  prices:\n"
        "    each: Preise\n"
        "    fields:\n"
        "      amount: { from: Preis, as: decimal }\n"
        "      tiers:\n"
        "        each: Staffel\n"
        "        fields: { amount: { from: Preis, as: decimal } }\n"
    )

    assert {"Preise", "Preise/Staffel"} == plan.profiles["csv"].lists


def test_a_setting_is_not_checked_because_it_stands_elsewhere(
    check: Check,
) -> None:
    assert not check(field("title: { context: setting.whatever }"))


def test_scalars_stay_as_written(plan_of: Callable[[str], Plan]) -> None:
    plan = plan_of(
        field("title: { from: A, map: { 010: yes, 1e3: 0x1F }, missing: no }")
    )

    (_, title) = plan.fields
    assert title.table == {"010": "yes", "1e3": "0x1F"}
    assert title.missing == "no"


def test_tags_build_no_objects_and_are_told(check: Check) -> None:
    found = check(field("title: !!python/object/apply:os.system [echo]"))

    assert ["mapping.tagged", "mapping.table_expected"] == [
        item.code for item in found
    ]


def test_the_fingerprint_follows_mapping_and_tables(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("K;V\na;b\n", "utf-8")
    path = tmp_path / "a.yaml"
    path.write_text(
        (
            f"{IN}tables: {{ a: {{ file: t.csv, key: K, value: V }} }}\n"
            f"fields:\n{NR}"
        ),
        "utf-8",
    )
    before, _ = load(path)
    same, _ = load(path)
    table.write_text("K;V\na;c\n", "utf-8")

    after, _ = load(path)

    assert before
    assert same
    assert after
    assert before.fingerprint == same.fingerprint != after.fingerprint


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_table_may_come_from_excel(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes("K;V\r\nä;ö\r\n;x\r\n".encode(encoding))
    path = tmp_path / "a.yaml"
    path.write_text(
        (
            f"{IN}tables: {{ a: {{ file: t.csv, key: K, value: V }} }}\n"
            f"fields:\n{NR}  title: {{ from: A, lookup: a }}\n"
        ),
        "utf-8",
    )

    plan, _ = load(path)

    assert plan
    assert plan.fields[1].table == {"ä": "ö"}


def test_required_columns_follow_from_plain_required_fields(
    plan_of: Callable[[str], Plan],
) -> None:
    plan = plan_of(
        f"{IN}formats:\n"
        "  csv: {}\n"
        "  json: { record: A, head: { Mandant: Mandant } }\n"
        "fields:\n"
        "  article: { from: Nr, as: code, required: true }\n"
        "  mandant: { from: Mandant, as: integer, required: true }\n"
        "  title: { from: [A, B], required: true }\n"
        "  brand: { from: C, required: true, when: { D: x } }\n"
        "  bullets: { from: [E1, E2], as: list }\n"
    )

    assert {"Nr", "Mandant"} == plan.profiles["csv"].required
    assert {"Nr"} == plan.profiles["json"].required
    assert {"E1", "E2"} == plan.profiles["json"].lists
    assert plan.reads() == ("A", "B", "C", "D", "E1", "E2", "Mandant", "Nr")


def test_without_formats_tables_are_read_as_sage_writes_them(
    plan_of: Callable[[str], Plan],
) -> None:
    plan = plan_of(f"{IN}priority: 9\ncomplete: true\nfields:\n{NR}")

    assert {"csv", "txt", "xlsx"} == set(plan.profiles)
    assert plan.profiles["txt"].delimiter == "\t"
    assert plan.profiles["csv"].decimal == ","
    assert plan.priority == 9
    assert plan.complete


def test_a_broken_mapping_is_named_with_its_mistakes(tmp_path: Path) -> None:
    (tmp_path / "gut.yaml").write_text(field("title: { from: A }"), "utf-8")
    (tmp_path / "schlecht.yaml").write_text(
        field("titel: { from: A }"), "utf-8"
    )
    book = open_book([tmp_path])

    with pytest.raises(ConfigError) as broken:
        book.plan("schlecht")
    with pytest.raises(ConfigError) as unknown:
        book.plan("gutt")

    assert "schlecht.yaml:8:3" in broken.value.told().replace(
        str(tmp_path), ""
    )
    assert unknown.value.facts["nearest"] == "gut"
    assert book.plan("gut").title == "T"


def test_an_inbox_may_name_the_mapping_of_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "gut.yaml").write_text(field("title: { from: A }"), "utf-8")
    book = open_book([tmp_path])

    assert ["meine"] == book.for_file("a/B_1.csv", {"b_*": "meine"})
    assert ["gut"] == book.for_file("a/B_1.csv", {"c_*": "meine"})


@pytest.mark.parametrize("name", ["artikelstamm", "bestellung", "angebote"])
def test_the_editor_schema_takes_the_shipped_mappings(name: str) -> None:
    path = ROOM.parents[1] / "mappings" / f"{name}.yaml"
    root, _ = notation.read(path.read_text("utf-8"))
    assert root is not None

    errors = Draft202012Validator(editor_schema()).iter_errors(
        _typed(plain(root))
    )

    assert not [f"{list(e.absolute_path)}: {e.message}" for e in errors]


@pytest.mark.parametrize("name", sorted(vocabulary.VERBS))
def test_every_verb_says_what_it_does_and_shows_a_line(name: str) -> None:
    verb = vocabulary.VERBS[name]
    root, found = notation.read(verb.example)

    assert not found
    assert not isinstance(root, Items)
    assert name in verb.example
    assert verb.says.endswith(".")


def _typed(value: object) -> object:
    """Texts as an editor's YAML reader types them."""
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if value in {"true", "false"}:
        return value == "true"
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('delimiter: ";"', 'delimiter: ";;"', "mapping.one_sign"),
        ("priority: 5", "priority: 99", "mapping.priority"),
        ("key: [article]", "key: [artikel]", "mapping.unknown_field"),
        (
            "active: { value: true",
            "active: { value: vielleicht",
            "mapping.bad_constant",
        ),
        ("cut: 5", "cut: 0", "mapping.not_zero"),
        ("else: 1", "else: eins", "mapping.bad_constant"),
        ("file: t.csv", "file: ../t.csv", "mapping.no_such_table"),
    ],
)
def test_what_could_only_fail_at_the_first_row_is_said_now(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    good = (
        "mapping: 1\ntitle: x\ndirection: in\ndocument: Article\n"
        'files: "a*"\npriority: 5\nkey: [article]\n'
        'formats: { csv: { delimiter: ";" } }\n'
        "tables: { t: { file: t.csv, key: a, value: b } }\nfields:\n"
        "  article: { from: Nr, as: code }\n"
        "  title: { from: Name, cut: 5 }\n"
        "  active: { value: true, as: boolean }\n"
        "  tax_class: { from: K, as: integer, else: 1 }\n"
    )
    (tmp_path / "mappings").mkdir()
    (tmp_path / "t.csv").write_text("a;b\n1;2\n", "utf-8")
    (tmp_path / "mappings" / "t.csv").write_text("a;b\n1;2\n", "utf-8")
    path = tmp_path / "mappings" / "a.yaml"
    path.write_text(good, "utf-8")
    assert [] == load(path)[1]

    path.write_text(good.replace(old, new), "utf-8")

    assert [code] == [item.code for item in load(path)[1]]

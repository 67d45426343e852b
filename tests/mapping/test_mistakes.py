"""Mistakes people make in mappings: each is told once, where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.mapping.book import open_book
from bridge.mapping.check import load
from bridge.mapping.generate_in import compile_in
from bridge.mapping.verbs import like
from bridge.messages.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.errors import Finding

    Check = Callable[[str], list[Finding]]

HEAD = "mapping: 1\ntitle: T\ndirection: in\ndocument: Article\n"
IN = f'{HEAD}files: ["*"]\n'
NR = "  article: { from: Nr, as: code }\n"
FIELDS = f"fields:\n{NR}"
OUT = "mapping: 1\ntitle: T\ndirection: out\ndocument: Order\nname: N\n"
AMAZON = "mapping: 1\ntitle: T\ndirection: amazon\ndocument: Listing\n"


def field(text: str) -> str:
    """An ``in`` mapping whose line 8 is a field."""
    return f"{IN}{FIELDS}  {text}\n"


def top(text: str) -> str:
    """An ``in`` mapping whose line 6 is something at the top."""
    return f"{IN}{text}\n{FIELDS}"


def out(text: str, more: str = "") -> str:
    """An ``out`` mapping whose last line is a field."""
    return f"{OUT}{more}fields:\n  {text}\n"


def amazon(text: str) -> str:
    """An ``amazon`` mapping whose line 7 is an attribute."""
    return f"{AMAZON}facets:\n  content:\n    {text}\n"


def item(text: str) -> str:
    """An order reply whose line 9 is a field."""
    status = "  order: { from: N }\n  status: { from: S }\n"
    head = IN.replace("Article", "OrderReply")
    return f"{head}fields:\n{status}  {text}\n"


#: What somebody did; the mapping; every mistake that is told of it.
CASES = {
    "a note in one language of two": (
        field("title: { from: A, note: { de: x } }"),
        "note_missing@8:27",
    ),
    "a note in a language nobody reads": (
        field("title: { from: A, note: { de: x, en: y, fr: z } }"),
        "unknown_choice@8:43",
    ),
    "a note that says nothing": (
        field("title: { from: A, note: { de: x, en: '' } }"),
        "nothing_said@8:40",
    ),
    # the file
    "a tab": ("mapping: 1\nfields:\n\tarticle: x\n", "tab@3:1"),
    "an at sign without quotes": ("mapping: 1\ntitle: @a\n", "unquoted@2:8"),
    "a control sign": ("mapping: 1\ntitle: a\x07b\n", "strange_sign@2:9"),
    "a tag": (field("title: { value: !!str 7 }"), "tagged@8:19"),
    "a tag of our own": (field("title: { value: !foo x }"), "tagged@8:19"),
    "a circle": (
        field("title: &a { first: [*a] }"),
        "circle@8:10 table_expected@8:10",
    ),
    "a mountain of brackets": ("a: " + "[" * 5000, "too_deep@1:1"),
    "a bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
            for old, new in ("ab", "bc", "cd", "de", "ef")
        ),
        "too_much@1:35 *",
    ),
    "two documents": ("a: 1\n---\nb: 1\n", "not_yaml@2:1"),
    "a quote that stays open": ("a: 'x\nb: 1\n", "not_yaml@3:1"),
    "a field too far left": (
        f"{IN}fields:\narticle: {{ from: Nr }}\n",
        "table_expected@6:1 unknown_key@7:1",
    ),
    "verbs not indented below their field": (
        field("title:\n  from: A"),
        "rule_expected@8:3 verb_outside@9:3",
    ),
    # the top
    "a direction misspelt": (
        HEAD.replace("direction: in", "direction: inn")
        + f'files: ["*"]\n{FIELDS}',
        "unknown_choice@3:12",
    ),
    "a direction misspelt in a written mapping": (
        OUT.replace("direction: out", "direction: aus")
        + "fields:\n  A: { from: id }\n",
        "unknown_choice@3:12",
    ),
    "a document misspelt": (
        top("priority: 5").replace("Article", "Artikel"),
        "unknown_choice@4:11",
    ),
    "an empty title": (
        field("title: { from: A }").replace("title: T", "title:"),
        "nothing_said@2:1",
    ),
    "no fields at all": (f"{IN}fields: {{}}\n", "nothing_said@6:9 *"),
    "an empty list of files": (
        f"{HEAD}files: []\n{FIELDS}",
        "nothing_said@5:8",
    ),
    "a folder in a pattern": (
        f'{HEAD}files: ["in/*.csv"]\n{FIELDS}',
        "no_folder@5:9",
    ),
    "an old workbook": (
        f'{HEAD}files: ["*.csv", "*.xls"]\n{FIELDS}',
        "unread_ending@5:18",
    ),
    "xml files without a block": (
        f'{HEAD}files: "*.xml"\n{FIELDS}',
        "unread_ending@5:8",
    ),
    "a key that is not stated": (
        top("key: [article, variant, sku]"),
        "key_missing@6:25",
    ),
    "a key misspelt": (top("key: [artikel]"), "unknown_field@6:7"),
    "an empty complete": (
        top("complete: { unless_name: '' }"),
        "nothing_said@6:26",
    ),
    "an age nobody can read": (
        top('as_of: { name: "%d.%b" }'),
        "bad_form@6:16",
    ),
    "no age at all": (top("as_of: []"), "nothing_said@6:8"),
    "a choice that is a list": (
        field("title: { from: A }").replace(
            "direction: in", "direction: [in]"
        ),
        "text_expected@3:12",
    ),
    "a product that a file states": (
        field("title: { from: A }").replace("Article", "Product"),
        "not_of_direction@4:11",
    ),
    "an article sent to Amazon": (
        amazon("brand: { text: brand }").replace("Listing", "Article"),
        "not_of_direction@4:11",
    ),
    "a file without name for each order": (
        out("A: { from: id }").replace("name: N", 'name: "B_{idd}"'),
        "unknown_place@5:7",
    ),
    "a colon in a file's name": (
        out("A: { from: id }").replace("name: N", 'name: "{now:%H}:{id}"'),
        "bad_name@5:7",
    ),
    "a time nobody knows in a file's name": (
        out("A: { from: id }").replace("name: N", 'name: "{now:%q}"'),
        "bad_form@5:7",
    ),
    "a brace that stays open": (
        out("A: { from: id }").replace("name: N", 'name: "B_{id"'),
        "open_brace@5:7",
    ),
    # formats
    "a date as Excel writes it": (
        top("formats: { csv: { date: TT.MM.JJJJ } }"),
        "bad_form@6:25",
    ),
    "a date with an unknown sign": (
        top('formats: { csv: { date: "%d.%m.%q" } }'),
        "bad_form@6:25",
    ),
    "a date without a year": (
        top('formats: { csv: { date: "%d.%m." } }'),
        "half_form@6:25",
    ),
    "an instant without a day": (
        top('formats: { csv: { datetime: "%H:%M" } }'),
        "half_form@6:29",
    ),
    "an encoding that is no encoding of texts": (
        top("formats: { csv: { encoding: base64 } }"),
        "unknown_encoding@6:29",
    ),
    "a quote between cells": (
        top("formats: { csv: { delimiter: '\"' } }"),
        "one_sign@6:30",
    ),
    "no header and no names": (
        top("formats: { csv: { header: false } }"),
        "no_columns@6:27",
    ),
    "names beside a header": (
        top("formats: { csv: { columns: [Nr] } }"),
        "idle@6:28",
    ),
    "a column twice": (
        top("formats: { csv: { header: false, columns: [Nr, A, A] } }"),
        "doubled_column@6:43",
    ),
    "a column that is not there": (
        (
            f"{IN}formats: {{ csv: {{ header: false, columns: [Nr, A] }} }}\n"
            f"{FIELDS}  title: {{ from: B }}\n"
        ),
        "no_column@9:18",
    ),
    "a delimiter in xml": (
        top("formats: { xml: { record: /A/B, delimiter: ';' } }"),
        "not_of_format@6:33",
    ),
    "a sheet in csv": (
        top("formats: { csv: { sheet: 1 } }"),
        "not_of_format@6:19",
    ),
    "sheet zero": (top("formats: { xlsx: { sheet: 0 } }"), "not_zero@6:27"),
    "no block at all": (top("formats: {}"), "nothing_said@6:10"),
    "a block like a later one": (
        top("formats: { csv: { like: txt }, txt: { like: csv } }"),
        "unknown_block@6:25",
    ),
    "a path with a predicate": (
        top("formats: { xml: { record: '/A/B[1]' } }"),
        "bad_path@6:27",
    ),
    "a path to anywhere": (
        top("formats: { xml: { record: //B } }"),
        "bad_path@6:27",
    ),
    "a head with a function": (
        top("formats: { xml: { record: /A/B, head: { M: 'text()' } } }"),
        "bad_path@6:44",
    ),
    "a prefix nobody declared": (
        top("formats: { xml: { record: /o:A/B } }"),
        "no_prefix@6:27",
    ),
    "a path from the root": (
        top("formats: { xml: { record: /A/B } }").replace("Nr", "/A/Nr"),
        "not_below@8:20",
    ),
    "a record that is a list": (
        top("formats: { xml: { record: [A, B] } }"),
        "text_expected@6:27",
    ),
    "a head nobody reads": (
        top(
            "as_of: { head: Erstelt }\n"
            "formats: { json: { record: A, head: { Erstellt: e } } }"
        ),
        "unknown_head@6:16",
    ),
    "a header that is a word": (
        top("formats: { csv: { header: keine } }"),
        "flag_expected@6:27",
    ),
    # tables
    "a table that is a text": (
        f"{IN}tables: {{ a: kg }}\n{FIELDS}  title: {{ from: A, lookup: a }}",
        "table_expected@6:14",
    ),
    "an empty table": (top("tables: { a: {} }"), "nothing_said@6:14"),
    "a table whose value column is misspelt": (
        top("tables: { a: { file: t.csv, key: K, valeu: V } }"),
        "unknown_key@6:37 table_misses@6:14",
    ),
    "a table that is not there": (
        top("tables: { a: { file: tt.csv, key: K, value: V } }"),
        "no_such_table@6:22",
    ),
    "a table without that column": (
        top("tables: { a: { file: t.csv, key: K, value: W } }"),
        "no_such_column@6:44",
    ),
    "a workbook that was renamed": (
        top("tables: { a: { file: book.csv, key: K, value: V } }"),
        "table_is_workbook@6:22",
    ),
    "a table without end": (
        top("tables: { a: { file: open.csv, key: K, value: V } }"),
        "bad_table@6:22",
    ),
    "map and lookup": (
        (
            f"{IN}tables: {{ a: {{ x: y }} }}\n{FIELDS}"
            "  title: { from: A, map: { x: z }, lookup: a }\n"
        ),
        "two_tables@9:44",
    ),
    # fixed width
    "fixed without columns": (
        top("formats: { txt: { layout: fixed } }"),
        "spans_expected@6:27",
    ),
    "fixed with bare names": (
        top("formats: { txt: { layout: fixed, columns: [A] } }"),
        "spans_expected@6:44",
    ),
    "a column without a place": (
        top(
            "formats: { txt: { layout: fixed,"
            " columns: [{ name: A, length: 3 }] } }"
        ),
        "span_misses@6:44",
    ),
    "a column at place 0": (
        top(
            "formats: { txt: { layout: fixed,"
            " columns: [{ name: A, at: 0, length: 3 }] } }"
        ),
        "not_zero@6:59",
    ),
    "a word of a column misspelt": (
        top(
            "formats: { txt: { layout: fixed,"
            " columns: [{ name: A, at: 1, lenght: 3 }] } }"
        ),
        "unknown_setting@6:62 span_misses@6:44",
    ),
    "a delimiter between fixed columns": (
        top(
            'formats: { txt: { layout: fixed, delimiter: ";",'
            " columns: [{ name: A, at: 1, length: 3 }] } }"
        ),
        "idle@6:45 *",
    ),
    "counting bytes of cells": (
        top("formats: { txt: { count: bytes } }"),
        "idle@6:26",
    ),
    # conditions
    "a truth misspelt": (top("only: { Web: ture }"), "truth_expected@6:14"),
    "a truth in capitals": (
        top("only: { Web: True }"),
        "truth_expected@6:14",
    ),
    "a truth among texts": (
        top("only: { Web: [true, ja] }"),
        "truth_expected@6:21",
    ),
    "a list for a condition": (top("skip: [Web]"), "table_expected@6:7"),
    "a test misspelt in the long form": (
        field("title: { from: A, when: { field: B, iss: c } }"),
        "unknown_verb@8:39",
    ),
    "two tests at once": (
        field("title: { from: A, when: { B: { is: x, not: y } } }"),
        "two_tests@8:32",
    ),
    "a number that is a text": (
        field("title: { from: A, when: { B: { as: decimal, not: x } } }"),
        "bad_constant@8:52",
    ),
    "a condition with a day": (
        field("title: { from: A, when: { B: { as: date, is: x } } }"),
        "unknown_choice@8:38",
    ),
    "a condition on no value": (
        field("title: { from: A, when: { B: { is: [] } } }"),
        "nothing_said@8:38",
    ),
    # rules of what is read
    "a column without a name": (
        field("title: { from: }"),
        "nothing_said@8:12",
    ),
    "columns without a name": (
        field("title: { from: [] }"),
        "nothing_said@8:18",
    ),
    "an empty translation": (
        field("title: { from: A, map: {} }"),
        "nothing_said@8:26",
    ),
    "bounds on a text": (
        field("title: { from: A, min: 1 }"),
        "needs_number@8:26",
    ),
    "crossed bounds": (
        field("tax_rate: { from: A, min: 5, max: 1 }"),
        "crossed@8:37",
    ),
    "crossed lengths": (
        field("title: { from: A, min_length: 5, max_length: 1 }"),
        "crossed@8:48",
    ),
    "a GTIN that loses its zeros": (
        field("gtin: { from: A, as: integer }"),
        "type_mismatch@8:24",
    ),
    "a check of a number": (
        field("tax_rate: { from: A, check: gtin }"),
        "no_effect@8:31",
    ),
    "a pattern of a truth": (
        field("active: { from: A, pattern: x }"),
        "no_effect@8:31",
    ),
    "a number translated": (
        field("tax_rate: { from: A, map: { x: 19 } }"),
        "no_effect@8:29",
    ),
    "a whole number scaled": (
        field("tax_class: { from: A, scale: 0.1 }"),
        "no_effect@8:32",
    ),
    "a text split": (
        field("title: { from: A, split: ';' }"),
        "no_effect@8:28",
    ),
    "most of a text": (field("title: { from: A, most: 2 }"), "no_effect@8:27"),
    "a list cut": (field("bullets: { from: A, cut: 9 }"), "no_effect@8:28"),
    "a list joined": (
        field("bullets: { join: [A, B], with: ' ' }"),
        "list_from@8:20",
    ),
    "a measure of a text": (
        field("title: { from: A, unit: kilogram }"),
        "no_measure@8:27",
    ),
    "a unit misspelt": (
        field("weight: { from: A, unit: kilogramm }"),
        "unknown_unit@8:28",
    ),
    "a unit misspelt in a translation": (
        field("weight: { from: A, unit: { from: U, map: { kg: Kilo } } }"),
        "unknown_unit@8:44",
    ),
    "a measure with two units": (
        field("weight: { first: [{ from: A, unit: gram }], unit: gram }"),
        "no_measure@8:38",
    ),
    "a unit that is a number": (
        field("weight: { from: A, unit: { from: B, as: integer } }"),
        "type_mismatch@8:43",
    ),
    "a unit that is a list": (
        field("weight: { from: A, unit: [kg] }"),
        "table_expected@8:28",
    ),
    "a decimal comma": (
        field("tax_rate: { from: A, min: 0,5 }"),
        "comma@8:31",
    ),
    "a setting without a name": (
        field("title: { context: setting. }"),
        "unknown_choice@8:21",
    ),
    "an empty context": (field("title: { context: }"), "nothing_said@8:12"),
    "a currency of a plain number": (
        field("list_price: { from: A, as: money, currency: EUR }"),
        "no_effect@8:47",
    ),
    "a currency nobody knows": (
        field("list_price: { from: A, as: money, currency: EURO }"),
        "currency@8:47 no_effect@8:47",
    ),
    "a truth nobody can read": (
        field("active: { from: A, else: vielleicht }"),
        "bad_constant@8:28",
    ),
    "a translation no number can be": (
        field("tax_class: { from: A, map: { voll: eins } }"),
        "bad_constant@8:30",
    ),
    "a moment nobody can read": (
        item("at: { from: Z, else: gestern }"),
        "bad_constant@9:24",
    ),
    "a wrong field and its false followers": (
        f"{IN}fields:\n  article: {{ form: Nr }}\n",
        "no_source@7:12 unknown_verb@7:14",
    ),
    "a reply without its state": (
        (
            f"{IN.replace('Article', 'OrderReply')}"
            "fields:\n  order: { from: N }\n"
        ),
        "needed_missing@7:3",
    ),
    "steps around alternatives": (
        field("tax_rate: { first: [{ from: A }], round: 2 }"),
        "idle@8:44",
    ),
    "alternatives without any": (
        field("title: { first: [] }"),
        "nothing_said@8:19",
    ),
    "a list for one text": (
        field("title: { each: A, fields: { x: { from: B } } }"),
        "each_alone@8:3",
    ),
    "a text for a list": (
        (
            f"{IN.replace('Article', 'Order')}fields:\n"
            "  id: { from: N }\n  lines: { from: P }\n"
        ),
        "needs_each@8:3 *",
    ),
    "with without join": (
        field("title: { from: A, with: ', ' }"),
        "alone@8:27",
    ),
    "fields without each": (
        field("title: { from: A, fields: { x: { from: B } } }"),
        "alone@8:29",
    ),
    "a language where no marketplace is": (
        field("title: { context: language }"),
        "not_in_direction@8:21",
    ),
    "a step of nothing": (
        field("tax_rate: { from: A, scale: 0 }"),
        "not_zero@8:31",
    ),
    "a written verb": (
        field("title: { template: '{A}' }"),
        "no_source@8:10 not_in_direction@8:12",
    ),
    "a word of Amazon": (
        field("title: { from: A, clear: true }"),
        "not_in_direction@8:21",
    ),
    "a German verb": (
        field("title: { von: A }"),
        "no_source@8:10 unknown_verb@8:12",
    ),
    "a merge key": (
        field("title: { <<: A, from: B }"),
        "unknown_verb@8:12",
    ),
    "a pattern that looks back": (
        field(r"title: { from: A, pattern: '(a)\1' }"),
        "bad_pattern@8:30",
    ),
    # rules of what is written
    "a field misspelt": (out("A: { from: ids }"), "unknown_field@7:14"),
    "a part misspelt": (
        out("A: { from: invoice_address/nam }"),
        "unknown_field@7:14",
    ),
    "a whole address": (
        out("A: { from: invoice_address }"),
        "whole_part@7:14",
    ),
    "a whole list": (out("A: { from: lines }"), "whole_parts@7:14"),
    "a list that is none": (
        out("A: { each: id, fields: { B: { from: sku } } }"),
        "not_a_list@7:14",
    ),
    "lines, and once more with their parts": (
        out(
            "A: { each: [lines, lines_and_parts], "
            "fields: { B: { from: sku } } }"
        ),
        "lines_twice@7:22",
    ),
    "lines under a condition, and once more": (
        out(
            "A: { each: [lines_and_parts, { from: lines, when: { sku: x } }], "
            "fields: { B: { from: sku } } }"
        ),
        "lines_twice@7:40",
    ),
    "a condition on a list in the wrong place": (
        out(
            "A: { each: lines, when: { sku: x }, "
            "fields: { B: { from: sku } } }"
        ),
        "idle@7:27 unknown_field@7:29",
    ),
    "a whole attribute in an item": (
        amazon("a: { each: papers, fields: { b: { text: url } } }"),
        "not_inside@7:45",
    ),
    "a list that must not be empty": (
        amazon(
            "a: { each: papers, required: true, fields: { b: { from: url } } }"
        ),
        "idle@7:34",
    ),
    "an item of no list": (
        amazon("a: { each: title, fields: { b: { from: url } } }"),
        "not_a_list@7:16",
    ),
    "a text written as a number": (
        out("A: { from: id, as: integer }"),
        "cannot_be@7:22",
    ),
    "a text written as a day": (
        out("A: { from: id, as: date }"),
        "cannot_be@7:22",
    ),
    "a joined number": (
        out("A: { join: [id, email], with: '-', as: decimal }"),
        "cannot_be@7:42",
    ),
    "a text scaled": (out("A: { from: id, scale: 2 }"), "needs_number@7:25"),
    "a number cut": (out("A: { from: total, cut: 2 }"), "no_effect@7:26"),
    "a number nobody can read": (
        out("A: { from: total, else: nichts }"),
        "bad_constant@7:27",
    ),
    "a place nobody knows": (
        out("A: { template: 'Nr {idd}' }"),
        "unknown_place@7:18",
    ),
    "a form of a text": (
        out("A: { template: '{id:%Y}' }"),
        "form_of_text@7:18",
    ),
    "the position of nothing read": (
        field("title: { context: position }"),
        "not_in_direction@8:21",
    ),
    "rows of no list": (
        out("A: { from: id }", "formats: { csv: { rows: Positionen } }\n"),
        "unknown_rows@6:25",
    ),
    "a format that is not written": (
        out("A: { from: id, in_formats: json }", "formats: { csv: {} }\n"),
        "no_block@8:30",
    ),
    "an element with a blank": (
        out(
            "Art Nr: { from: id }",
            "formats: { xml: { root: A, record: B } }\n",
        ),
        "no_element@8:3",
    ),
    "a head that reads the order": (
        out(
            "A: { from: id }",
            "formats: { json: { head: { Nr: { from: id } } } }\n",
        ),
        "unknown_field@6:40",
    ),
    "an element of no list": (
        out("A: { from: id, element: B }"),
        "alone@7:27",
    ),
    "an xml without a root": (
        out("A: { from: id }", "formats: { xml: { record: B } }\n"),
        "no_root@6:12",
    ),
    "a root with a blank": (
        out("A: { from: id }", "formats: { xml: { root: A B, record: C } }\n"),
        "no_element@6:25",
    ),
    # attributes
    "a measure that is none": (
        amazon("item_weight: { measure: title }"),
        "not_a_measure@7:29",
    ),
    "a measure sent as text": (
        amazon("item_weight: { plain: weight }"),
        "whole_measure@7:27",
    ),
    "offers that are none": (
        amazon("purchasable_offer: { offer: title }"),
        "not_offers@7:33",
    ),
    "two measures": (
        amazon("item_weight: { measure: [weight, length] }"),
        "text_expected@7:29",
    ),
    "a text within an object": (
        amazon("brand: { object: { value: { text: brand } } }"),
        "not_inside@7:39",
    ),
    "a text among alternatives": (
        amazon("brand: { first: [{ text: brand }] }"),
        "not_inside@7:30",
    ),
    "a marketplace within an object": (
        amazon(
            "brand: "
            "{ object: { value: { from: brand, marketplace_id: false } } }"
        ),
        "idle@7:62",
    ),
    "a step of an object": (
        amazon("brand: { object: { value: { from: brand } }, cut: 5 }"),
        "idle@7:55",
    ),
    "an empty object": (amazon("brand: { object: {} }"), "nothing_said@7:22"),
    "units of no measure": (
        amazon("brand: { text: brand, units: { gram: grams } }"),
        "alone@7:34",
    ),
    "a unit Sage would write": (
        amazon("item_weight: { measure: weight, units: { gramm: grams } }"),
        "unknown_unit@7:46",
    ),
    "no facets": (f"{AMAZON}facets: {{}}\n", "nothing_said@5:9"),
    "a type of products by the wrong verb": (
        amazon("brand: { text: brand }")
        + "product_type: { plain: product_type }\n",
        "not_inside@8:24",
    ),
}
CODES = {
    part.partition("@")[0]
    for _, told in CASES.values()
    for part in told.removesuffix(" *").split()
}


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder with tables, one of them a workbook, one without an end."""
    (tmp_path / "t.csv").write_text("K;V\na;b\n", "utf-8")
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "open.csv").write_text(f'K;V\n"{"x" * 200_000}', "utf-8")
    return tmp_path


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    ("text", "told"),
    [pytest.param(*case, id=name) for name, case in CASES.items()],
)
def test_a_mistake_is_told_once_where_it_stands(
    check: Check, text: str, told: str
) -> None:
    found = check(text)

    said = [f"{it.code[8:]}@{it.line}:{it.column}" for it in found]
    expected = told.removesuffix(" *").split()
    if told.endswith("*"):
        assert set(expected) <= set(said)
    else:
        assert sorted(expected) == sorted(said)
    for finding in found:
        for language in LANGUAGES:
            assert finding.message(language) != finding.code
            assert "…" not in finding.message(language)
            assert finding.hint(language)


def test_a_pattern_that_once_took_years_is_fast() -> None:
    match = like("(a+)+$")

    assert not match("a" * 50_000 + "b")
    assert match("a" * 50_000)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("artikel.yml", "artikel.yaml"),
        ("artikel.yaml.txt", "artikel.yaml"),
        ("artikel.YAML", "artikel.yaml"),
        ("artikel.test.yml", "artikel.test.yaml"),
    ],
)
def test_a_mapping_that_is_not_seen_is_told(
    tmp_path: Path, name: str, right: str
) -> None:
    (tmp_path / name).write_text(field("title: { from: A }"), "utf-8")

    book = open_book([tmp_path])

    (found,) = book.problems[name]
    assert found.code == "mapping.ending"
    assert right in found.hint()
    assert book.paths[name].name == name
    assert not book.plans


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (field("title: { von: A }"), "Known: "),
        (field("title: { form: A }"), "Did you mean 'from'?"),
        (field("weight: { from: A, unit: Pfd }"), "Known: "),
        (field("weight: { from: A, unit: kilogramm }"), "Did you mean 'kilog"),
    ],
)
def test_a_word_is_suggested_only_if_it_is_near(
    check: Check, text: str, hint: str
) -> None:
    found = check(text)

    hints = [it.hint("en") for it in found if "nearest" in it.facts]
    assert [True] == [text.startswith(hint) for text in hints]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("active: { from: A, else: false }", "boolean"),
        ("tax_rate: { from: A, else: 19 }", "decimal"),
        ("active: { first: [{ from: A, else: false }] }", ""),
    ],
)
def test_else_is_read_as_the_type_of_its_field(
    tmp_path: Path, fields: str, expected: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(field(fields), "utf-8")

    plan, _ = load(path)

    assert plan
    assert expected == plan.fields[1].type


def test_a_day_of_the_mapping_is_iso_whatever_the_file_writes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        f"{IN.replace('Article', 'PriceEntry')}fields:\n"
        "  list: { value: 1 }\n  article: { from: A }\n"
        "  from_quantity: { value: 1 }\n"
        "  valid_from: { value: 2026-01-31 }\n",
        "utf-8",
    )
    plan, _ = load(path)
    assert plan
    context = {"timezone": "Europe/Berlin"}
    found: list[Finding] = []

    run = compile_in(plan, plan.profiles["csv"], context=context, head={})
    made = run(2, {"A": "x"}, found)

    assert "2026-01-31" == made["valid_from"]
    assert not found

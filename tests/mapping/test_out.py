from __future__ import annotations

from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bridge.mapping.compile_out import OutMapping
from bridge.mapping.trial import NOW
from bridge.mapping.trial import Tools
from bridge.mapping.trial import run

from .conftest import CONTEXT
from .conftest import ORDER
from .conftest import indented

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan

    from .conftest import Result

    Written = Callable[..., Result]

BERLIN = ZoneInfo("Europe/Berlin")


def test_values_get_the_type_of_their_field(written: Written) -> None:
    made = written(
        """
        Nr: { from: id }
        Summe: { from: total }
        Brutto: { from: gross }
        Zeit: { from: purchased_at }
        Tag: { from: purchased_at, as: date }
        Fest: { value: 7, as: integer }
        Stichtag: { value: 2026-02-01, as: date }
        """,
        {
            "id": "305",
            "total": "12.5",
            "gross": True,
            "purchased_at": "2026-01-13T23:30:00+00:00",
        },
    )

    assert made.values == {
        "Nr": "305",
        "Summe": Decimal("12.5"),
        "Brutto": True,
        "Zeit": datetime(2026, 1, 14, 0, 30, tzinfo=BERLIN),
        "Tag": date(2026, 1, 14),
        "Fest": Decimal(7),
        "Stichtag": date(2026, 2, 1),
    }


def test_fields_stand_in_the_order_of_the_mapping(written: Written) -> None:
    made = written("B: { from: id }\nA: { from: id }", {"id": "1"})

    assert ["B", "A"] == list(made.values)


def test_paths_lead_into_parts(written: Written) -> None:
    document = {"invoice_address": {"name": "Erika", "postcode": "01067"}}

    made = written(
        """
        Name: { from: [invoice_address/company, invoice_address/name] }
        PLZ: { from: invoice_address/postcode, as: code }
        Ort: { from: delivery_address/city }
        Alles:
          join: [invoice_address/postcode, invoice_address/name]
          with: " "
        """,
        document,
    )

    assert made.values == {
        "Name": "Erika",
        "PLZ": "01067",
        "Ort": None,
        "Alles": "01067 Erika",
    }


def test_a_template_takes_fields_and_the_time(written: Written) -> None:
    made = written(
        'A: { template: "Amazon {id} am {now:%d.%m.%Y} {mandant}{status}" }',
        {"id": "305"},
    )

    assert made.values == {"A": "Amazon 305 am 14.01.2026 1"}


def test_a_document_cannot_smuggle_a_place_into_a_template(
    written: Written,
) -> None:
    made = written('A: { template: "<{id}>" }', {"id": "{now} {0.__class__}"})

    assert made.values == {"A": "<{now} {0.__class__}>"}


@pytest.mark.parametrize(
    ("amount", "money"),
    [("5", "5.00"), ("5.4", "5.40"), ("6.6667", "6.6667"), ("-1.5", "-1.50")],
)
def test_money_has_two_decimals_or_more(
    written: Written, amount: str, money: str
) -> None:
    made = written("A: { from: total, as: money }", {"total": amount})

    assert str(made.values["A"]) == money


def test_else_has_the_type_of_the_field(written: Written) -> None:
    made = written(
        """
        Brutto: { from: gross, else: true }
        Zahl: { context: setting.fehlt, as: integer, else: 3 }
        Text: { from: status, else: offen }
        """,
        {},
    )

    assert made.values == {
        "Brutto": True,
        "Zahl": Decimal(3),
        "Text": "offen",
    }


def test_a_required_value_that_is_missing_is_told(written: Written) -> None:
    made = written("WKz: { from: currency, required: true }", {})

    assert made.values == {"WKz": None}
    assert [("mapping.required", "WKz")] == [
        (item.code, item.field) for item in made.found
    ]


def test_translations_know_texts_numbers_and_truth(written: Written) -> None:
    made = written(
        """
        A: { from: status, map: { NEW: neu } }
        B: { from: gross, map: { true: brutto, false: netto } }
        C: { from: total, map: { 5: fünf } }
        D: { from: status, map: { X: x }, missing: keep }
        E: { from: status, map: { X: x }, missing: drop }
        F: { from: status, map: { X: x }, missing: sonst }
        G: { from: status, map: { X: x } }
        H: { from: mandant, map: { 1: eins } }
        """,
        {"status": "NEW", "gross": False, "total": "5.0", "mandant": 1},
    )

    assert made.values == {
        "A": "neu",
        "B": "netto",
        "C": "fünf",
        "D": "NEW",
        "E": None,
        "F": "sonst",
        "G": None,
        "H": "eins",
    }
    assert ["mapping.not_in_table"] == made.codes


def test_numbers_are_scaled_and_rounded_half_up(written: Written) -> None:
    made = written(
        "A: { from: total, as: decimal, scale: 100, round: 0 }",
        {"total": "0.125"},
    )

    assert made.values == {"A": Decimal(13)}


def test_texts_are_tidied_and_cut_with_a_warning(written: Written) -> None:
    made = written(
        "A: { from: status, clean: [collapse, upper], cut: 7 }",
        {"status": "ein  langes Wort"},
    )

    assert made.values == {"A": "EIN LAN"}
    assert [("mapping.cut", "warn")] == [
        (item.code, item.severity) for item in made.found
    ]


def test_when_looks_at_the_document(written: Written) -> None:
    rules = """
        A: { from: id, when: { fulfilled_by: FBA } }
        B: { from: id, when: { invoice_address/company: { empty: false } } }
        C: { from: id, when: { invoice_address: { empty: true } } }
    """

    bare = written(rules, {"id": "1", "fulfilled_by": "MFN"})
    full = written(
        rules,
        {
            "id": "1",
            "fulfilled_by": "FBA",
            "invoice_address": {"company": "Muster AG"},
        },
    )

    assert bare.values == {"A": None, "B": None, "C": "1"}
    assert full.values == {"A": "1", "B": "1", "C": None}


LISTS = """
    P:
      element: Q
      each:
        - lines
        - from: charges
          when: { amount: { as: decimal, not: 0 } }
          fields:
            Pos: { context: position, as: integer }
            Nr: { context: setting.versand, else: VERSAND }
            Preis: { from: amount, as: money }
            Wert: { from: ../currency }
      fields:
        Pos: { context: position, as: integer }
        Nr: { from: sku, as: code }
        Preis: { from: total, as: money }
        Wert: { from: ../currency }
"""


def test_several_lists_are_counted_through(written: Written) -> None:
    made = written(
        LISTS,
        {
            "currency": "EUR",
            "lines": [{"sku": "0012", "total": "5"}],
            "charges": [
                {"kind": "shipping", "amount": "0"},
                {"kind": "shipping", "amount": "2.9"},
            ],
        },
    )

    assert made.values == {
        "P/Q": [
            {
                "Pos": Decimal(1),
                "Nr": "0012",
                "Preis": Decimal("5.00"),
                "Wert": "EUR",
            },
            {
                "Pos": Decimal(2),
                "Nr": "VERSAND",
                "Preis": Decimal("2.90"),
                "Wert": "EUR",
            },
        ]
    }


def test_a_list_that_is_not_there_is_empty(written: Written) -> None:
    assert written(LISTS, {}).values == {"P/Q": []}


def test_a_list_without_element_keeps_its_own_name(written: Written) -> None:
    made = written(
        "P: { each: lines, fields: { A: { from: sku } } }",
        {"lines": [{"sku": "1"}]},
    )

    assert made.values == {"P": [{"A": "1"}]}


@pytest.mark.parametrize(
    ("form", "names"),
    [("csv", ["A", "B"]), ("json", ["A", "C"]), (None, ["A", "B", "C"])],
)
def test_a_field_may_stand_in_some_formats_only(
    written: Written, form: str | None, names: list[str]
) -> None:
    made = written(
        """
        A: { from: id }
        B: { from: id, in_formats: csv }
        C: { from: id, in_formats: [json, xml] }
        """,
        {"id": "1"},
        form,
    )

    assert names == list(made.values)


def test_sets_nobody_took_apart_have_their_lines_alone(
    written: Written,
) -> None:
    made = written(
        "P: { each: lines_and_parts, fields: { A: { from: sku } } }",
        {"id": "1", "lines": [{"sku": "a"}]},
        None,
    )

    assert [{"A": "a"}] == made.values["P"]


def test_a_file_has_a_name_and_a_head(plan_of: Callable[[str], Plan]) -> None:
    plan = plan_of(f"{ORDER}  A: {{ from: id }}\n")
    mapping = OutMapping(plan, "Europe/Berlin")
    found: list[Finding] = []

    assert mapping.file_name({"id": "305"}, CONTEXT) == "B_305_20260114"
    assert mapping.head("json", CONTEXT, found) == {"Nr": Decimal(1)}
    assert mapping.head("csv", CONTEXT, found) == {}
    assert CONTEXT["now"] == NOW


def _no_tools() -> Tools:
    return Tools(lambda _data, _profile: ({}, []), lambda _r, _p, _h: "text\n")


@pytest.mark.parametrize(
    ("trial", "difference"),
    [
        ("- name: a\n  file: text\n", ""),
        ("- name: a\n  file: other\n", "expected the file"),
        ("- name: a\n  fiel: text\n", "2:3: 'fiel' is not a word of a test"),
        ("- a\n", "1:3: 'test' takes keys"),
        ("name: a\n", "takes a list"),
        ("- name: [\n", "trial.yaml"),
        ("- name: a\n  findings: [zu lang]\n", "expected the finding"),
    ],
)
def test_a_trial_says_what_differs(
    plan_of: Callable[[str], Plan],
    tmp_path: Path,
    trial: str,
    difference: str,
) -> None:
    plan = plan_of(ORDER + indented("A: { from: id }", 2))
    path = tmp_path / "trial.yaml"
    path.write_text(trial, "utf-8")

    (outcome,) = run(plan, path, _no_tools())

    assert difference in "\n".join(outcome.differences)
    assert bool(difference) == bool(outcome.differences)
    assert outcome.where.source == "trial.yaml"


def test_a_trial_tells_findings_nobody_expected(
    plan_of: Callable[[str], Plan], tmp_path: Path
) -> None:
    plan = plan_of(ORDER + indented("A: { from: id, required: true }", 2))
    path = tmp_path / "trial.yaml"
    path.write_text("- name: a\n  document: {}\n", "utf-8")

    (outcome,) = run(plan, path, _no_tools())

    assert "unexpected finding" in outcome.differences[0]

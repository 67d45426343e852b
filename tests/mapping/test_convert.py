from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.mapping import shortening
from bridge.mapping import verbs
from bridge.mapping.check_format import HOUSE
from bridge.mapping.generate_in import compile_in
from bridge.model.record import Record
from bridge.model.values import canonical

from .conftest import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.mapping.plan import Plan
    from bridge.model.record import Format

    from .conftest import Result

    Convert = Callable[..., Result]

TEXTS: tuple[Format, ...] = ("csv", "txt", "xml")
TYPED: tuple[Format, ...] = ("json", "xlsx")
ALL: tuple[Format, ...] = (*TEXTS, *TYPED)


# Sources


@pytest.mark.parametrize("form", ALL)
def test_from_takes_a_column_without_its_blanks(
    convert: Convert, form: Format
) -> None:
    made = convert("title: { from: A }", {"A": "  Mühle \n"}, form)

    assert made.values == {"title": "Mühle"}
    assert not made.found


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_empty_cell_empties_and_a_missing_column_leaves_alone(
    convert: Convert, form: Format, empty: str | None
) -> None:
    rules = """
        title: { from: A }
        brand: { from: B }
        tax_rate: { from: A, as: decimal }
        active: { from: A, as: boolean }
        bullets: { from: A, as: list }
        weight: { from: A, as: decimal, unit: gram }
        keywords: { join: [A, A], with: " " }
        matchcode: { first: [{ from: B }, { from: A }] }
        asin: { first: [{ from: B }, { from: C }] }
    """

    made = convert(rules, {"A": empty}, form)

    assert made.values == {
        "title": None,
        "tax_rate": None,
        "active": None,
        "bullets": None,
        "weight": None,
        "keywords": None,
        "matchcode": None,
    }
    assert not made.found


def test_from_a_list_takes_the_first_that_is_not_empty(
    convert: Convert,
) -> None:
    rule = "title: { from: [A, B, C] }"

    assert convert(rule, {"A": " ", "B": "b", "C": "c"}).values == {
        "title": "b"
    }
    assert convert(rule, {"C": "c"}).values == {"title": "c"}
    assert convert(rule, {"A": "", "B": ""}).values == {"title": None}
    assert convert(rule, {}).values == {}


@pytest.mark.parametrize("form", ALL)
def test_a_head_value_is_a_column_the_record_lacks(
    convert: Convert, form: Format
) -> None:
    rule = "mandant: { from: Mandant, as: integer }"
    head: dict[str, Any] = {"Mandant": "2"}

    assert convert(rule, {}, form, head).values == {"mandant": 2}
    assert convert(rule, {"Mandant": "3"}, form, head).values == {"mandant": 3}
    assert convert(rule, {"Mandant": ""}, form, head).values == {
        "mandant": None
    }


def test_a_typed_head_value_fits_as_well(convert: Convert) -> None:
    made = convert(
        "mandant: { from: Mandant, as: integer }",
        {},
        "json",
        {"Mandant": Decimal(2)},
    )

    assert made.values == {"mandant": 2}


def test_value_and_context_need_no_column(convert: Convert) -> None:
    rules = """
        brand: { value: Eigenmarke }
        mandant: { context: mandant, as: integer }
        matchcode: { context: setting.lager }
        keywords: { context: setting.fehlt, else: nichts }
        tax_rate: { value: 7.5, as: decimal }
    """

    for form in ALL:
        assert convert(rules, {}, form).values == {
            "brand": "Eigenmarke",
            "mandant": 1,
            "matchcode": "HL",
            "keywords": "nichts",
            "tax_rate": "7.5",
        }


def test_join_leaves_out_what_is_empty(convert: Convert) -> None:
    rule = 'title: { join: [A, B, C], with: ", " }'

    assert convert(rule, {"A": "a", "B": " ", "C": "c"}).values == {
        "title": "a, c"
    }
    assert convert(rule, {"B": "b"}).values == {"title": "b"}
    assert convert(rule, {}).values == {}


def test_join_writes_typed_cells_as_text(convert: Convert) -> None:
    made = convert(
        'title: { join: [A, B], with: "-" }',
        {"A": Decimal("1.50"), "B": True},
        "json",
    )

    assert made.values == {"title": "1.5-true"}


def test_several_values_cannot_be_joined(convert: Convert) -> None:
    made = convert(
        'title: { join: [A, B], with: " " }',
        {"A": "a", "B": [Record(3, {".": "b"})]},
        "json",
    )

    assert made.values == {}
    assert ["mapping.not_a_single_value"] == made.codes


def test_first_takes_the_first_rule_that_yields(convert: Convert) -> None:
    rule = """
        title:
          first:
            - { from: A, map: { x: eins }, missing: drop }
            - { from: B }
            - { value: Rest }
    """

    assert convert(rule, {"A": "x", "B": "b"}).values == {"title": "eins"}
    assert convert(rule, {"A": "y", "B": "b"}).values == {"title": "b"}
    assert convert(rule, {}).values == {"title": "Rest"}


@pytest.mark.parametrize("form", ALL)
def test_first_reads_each_value_once(convert: Convert, form: Format) -> None:
    rules = """
        tax_rate:
          first: [{ from: A, as: decimal }, { from: B, as: decimal }]
        active: { first: [{ from: C, as: boolean }, { value: true }] }
        tax_class: { first: [{ from: D, as: integer }] }
    """
    values = {"B": "1,5", "C": "0", "D": "2"}
    if form in {"xml", "json"}:
        values["B"] = "1.5"

    made = convert(rules, values, form)

    assert made.values == {"tax_rate": "1.5", "active": False, "tax_class": 2}
    assert not made.found


def test_each_makes_parts_that_see_their_parent(
    plan_of: Callable[[str], Plan],
) -> None:
    plan = plan_of(
        "mapping: 1\ntitle: T\ndirection: in\ndocument: Order\n"
        'files: ["*"]\n'
        "formats: { json: { record: Orders } }\n"
        "fields:\n"
        "  id: { from: Nr, as: code }\n"
        "  lines:\n"
        "    each: Positionen\n"
        "    fields:\n"
        "      position: { from: Pos, as: integer }\n"
        "      sku: { from: Artikel, as: code, required: true }\n"
        "      title: { from: ../Kopftext }\n"
        "      quantity: { from: Menge, as: decimal, min: 1 }\n"
    )
    run = compile_in(plan, plan.profiles["json"], context=CONTEXT, head={})
    rows = [
        Record(3, {"Pos": Decimal(1), "Artikel": "0012", "Menge": Decimal(2)}),
        Record(4, {"Pos": Decimal(2), "Artikel": "", "Menge": Decimal(0)}),
    ]
    found: list[Any] = []

    made = run(2, {"Nr": "9", "Kopftext": "Gruß", "Positionen": rows}, found)

    assert made == {
        "id": "9",
        "lines": [
            {"position": 1, "sku": "0012", "title": "Gruß", "quantity": "2"},
            {"position": 2, "title": "Gruß"},
        ],
    }
    assert [("mapping.required", 4), ("mapping.below", 4)] == [
        (item.code, item.line) for item in found
    ]
    assert run(2, {"Nr": "9"}, []) == {"id": "9"}
    assert run(2, {"Nr": "9", "Positionen": []}, [])["lines"] == []


def test_split_makes_a_list_of_one_cell(convert: Convert) -> None:
    made = convert(
        'bullets: { from: A, split: "|", as: list, clean: [lower], most: 2 }',
        {"A": "Eins | |Zwei|DREI"},
    )

    assert made.values == {"bullets": ["eins", "zwei"]}
    assert ["mapping.too_many"] == made.codes
    assert made.found[0].severity == "warn"


def test_a_list_takes_every_column_and_every_repeated_element(
    convert: Convert,
) -> None:
    rule = "bullets: { from: [A, B, C], as: list }"
    repeated = [Record(3, {".": "b1"}), Record(4, {".": " "})]

    assert convert(rule, {"A": "a", "B": "", "C": "c"}).values == {
        "bullets": ["a", "c"]
    }
    assert convert(rule, {"A": "a", "B": repeated}, "xml").values == {
        "bullets": ["a", "b1"]
    }


@pytest.mark.parametrize(
    ("missing", "values", "codes"),
    [
        ("", None, ["mapping.not_in_table"]),
        (", missing: keep", ["eins", "drei"], []),
        (", missing: drop", ["eins"], []),
        (", missing: sonst", ["eins", "sonst"], []),
    ],
)
def test_a_table_translates_each_entry_of_a_list(
    convert: Convert, missing: str, values: list[str] | None, codes: list[str]
) -> None:
    made = convert(
        'bullets: { from: A, split: "|", as: list, map: { i: eins }'
        f"{missing} }}",
        {"A": "i|drei"},
    )

    assert codes == made.codes
    assert values == made.values.get("bullets")


# Cleaning


@pytest.mark.parametrize(
    ("words", "raw", "clean"),
    [
        ("trim", " a ", "a"),
        ("collapse", "a \n\t b", "a b"),
        ("upper", "straße", "STRASSE"),
        ("lower", "ÄÖÜ", "äöü"),
        ("digits", "0049 (30) 12-3", "004930123"),
        ("unquote_excel", '="0012"', "0012"),
        ("unquote_excel", '"0012"', '"0012"'),
        ("strip_control", "a\x07b\x00", "ab"),
        ("digits", "keine", None),
        ("lower, collapse", "A   B", "a b"),
    ],
)
def test_clean_tidies_a_text(
    convert: Convert, words: str, raw: str, clean: str | None
) -> None:
    made = convert(f"title: {{ from: A, clean: [{words}] }}", {"A": raw})

    assert made.values == {"title": clean}
    assert not made.found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Eins.</p><p>Zwei &amp; drei</p>", "Eins.\nZwei & drei"),
        ("a<br/>b<BR>c", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("<b>a</b>\n\n\n\n\nb", "a\n\nb"),
        ("<i>a&nbsp; b</i>", "a b"),
        ("<!-- nein -->ja", "ja"),
    ],
)
def test_html_becomes_text_with_a_warning(
    convert: Convert, html: str, text: str
) -> None:
    made = convert("title: { from: A, clean: html_to_text }", {"A": html})

    assert made.values == {"title": text}
    assert ["mapping.html_reduced"] == made.codes
    assert made.found[0].severity == "warn"


@pytest.mark.parametrize("plain", ["a < b > c", "5 <7", "Müller & Söhne"])
def test_text_without_tags_is_left_alone(convert: Convert, plain: str) -> None:
    made = convert("title: { from: A, clean: html_to_text }", {"A": plain})

    assert made.values == {"title": plain}
    assert not made.found


@pytest.mark.parametrize("form", ALL)
def test_control_signs_refuse_the_row(convert: Convert, form: Format) -> None:
    made = convert("title: { from: A }", {"A": "a\x07b"}, form)

    assert made.values == {}
    assert ["mapping.control_signs"] == made.codes


# Types


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", "12"),
        ("12,50", "12.5"),
        ("-0,5", "-0.5"),
        ("1.234,56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("0012,0", "12"),
        ("0,0000", "0"),
        ("-0", "0"),
    ],
)
def test_a_decimal_comma_is_read(
    convert: Convert, cell: str, value: str
) -> None:
    for form in ("csv", "txt", "xlsx"):
        made = convert("tax_rate: { from: A, as: decimal }", {"A": cell}, form)

        assert made.values == {"tax_rate": value}
        assert not made.found


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12.50", "decimal_point"),
        ("1.234", "decimal_point"),  # a thousand, or a little more than one?
        ("1,234.56", "not_a_number"),
        ("1.23,4", "not_a_number"),
        ("1234.567,8", "not_a_number"),
        ("1 234,5", "not_a_number"),
        (",5", "not_a_number"),
        ("5,", "not_a_number"),
        ("+5", "not_a_number"),
        ("1e3", "not_a_number"),
        ("12,3O", "not_a_number"),
        ("12 €", "not_a_number"),
        ("١٢", "not_a_number"),
        ("NaN", "not_a_number"),
        ("1" * 41, "not_a_number"),
    ],
)
def test_anything_else_is_no_decimal_comma(
    convert: Convert, cell: str, code: str
) -> None:
    made = convert("tax_rate: { from: A, as: decimal }", {"A": cell})

    assert made.values == {}
    assert [f"mapping.{code}"] == made.codes
    assert made.found[0].line == 7
    assert made.found[0].field == "A"
    assert made.found[0].value == cell


@pytest.mark.parametrize("cell", ["1,5", "1.234,56"])
def test_a_comma_is_refused_where_a_point_is_due(
    convert: Convert, cell: str
) -> None:
    made = convert("tax_rate: { from: A, as: decimal }", {"A": cell}, "xml")

    assert ["mapping.decimal_comma"] == made.codes


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("1.234", "1.234"),
        ("1.234,5", "1234.5"),
    ],
)
def test_decimal_any_takes_both_signs(
    convert: Convert, cell: str, value: str
) -> None:
    rule = "tax_rate: { from: A, as: decimal, decimal: any }"

    assert convert(rule, {"A": cell}).values == {"tax_rate": value}
    assert convert(rule, {"A": cell}, "xml").values == {"tax_rate": value}


def test_a_field_may_overrule_the_sign_of_its_format(convert: Convert) -> None:
    rule = 'tax_rate: { from: A, as: decimal, decimal: "." }'

    assert convert(rule, {"A": "1.5"}).values == {"tax_rate": "1.5"}
    assert ["mapping.decimal_comma"] == convert(rule, {"A": "1,5"}).codes


@given(
    st.decimals(
        min_value=Decimal(-(10**15)),
        max_value=Decimal(10**15),
        places=4,
        allow_nan=False,
    )
)
def test_every_amount_of_sage_survives_comma_and_point(
    number: Decimal,
) -> None:
    plain = format(number, "f")
    german = plain.replace(".", ",")
    digits, _, rest = plain.lstrip("-").partition(".")
    grouped = f"{int(digits):,}".replace(",", ".")
    sign = "-" if plain.startswith("-") else ""

    assert verbs.comma(german) == number
    assert verbs.point(plain) == number
    assert verbs.either(german) == verbs.either(plain) == number
    assert canonical(verbs.comma(german)) == canonical(number)
    assert canonical(verbs.point(plain)) == canonical(number)
    assert Decimal(canonical(number)) == number
    if int(digits) > 999:
        assert verbs.comma(f"{sign}{grouped},{rest}") == number


@pytest.mark.parametrize("cell", ["1..5", "1,2,3", "1.", "eins"])
def test_anything_else_is_no_decimal_point(
    convert: Convert, cell: str
) -> None:
    made = convert("tax_rate: { from: A, as: decimal }", {"A": cell}, "xml")

    assert ["mapping.not_a_number"] == made.codes


def test_a_day_of_a_workbook_may_fill_a_text(convert: Convert) -> None:
    made = convert("title: { from: A }", {"A": date(2026, 1, 14)}, "xlsx")

    assert made.values == {"title": "2026-01-14"}


@pytest.mark.parametrize("form", TYPED)
def test_typed_numbers_are_exact(convert: Convert, form: Format) -> None:
    made = convert(
        """
        tax_rate: { from: A, as: decimal }
        tax_class: { from: B, as: integer }
        """,
        {"A": Decimal("0.4200"), "B": Decimal("2.0")},
        form,
    )

    assert made.values == {"tax_rate": "0.42", "tax_class": 2}


@pytest.mark.parametrize(
    ("rule", "raw", "code"),
    [
        ("tax_rate: { from: A, as: decimal }", True, "not_a_number"),
        ("tax_class: { from: A, as: integer }", Decimal("1.5"), "not_whole"),
        ("tax_class: { from: A, as: integer }", True, "not_whole"),
        ("active: { from: A, as: boolean }", Decimal(7), "not_yes_or_no"),
        ("title: { from: A }", [], "not_a_single_value"),
        ("title: { from: A, clean: trim }", [], "not_a_single_value"),
    ],
)
def test_a_typed_cell_of_another_type_is_refused(
    convert: Convert, rule: str, raw: object, code: str
) -> None:
    made = convert(rule, {"A": raw}, "json")

    assert made.values == {}
    assert [f"mapping.{code}"] == made.codes


@pytest.mark.parametrize("cell", ["1,0", "1.0", "eins", "--1", "1" * 41])
def test_a_whole_number_has_only_digits(convert: Convert, cell: str) -> None:
    made = convert("tax_class: { from: A, as: integer }", {"A": cell})

    assert ["mapping.not_whole"] == made.codes


@pytest.mark.parametrize("form", ALL)
def test_yes_and_no_as_sage_people_and_programs_write_them(
    convert: Convert, form: Format
) -> None:
    rule = "active: { from: A, as: boolean }"

    for cell in ("-1", "1", "Ja", "J", "true", "WAHR", "yes", "x"):
        assert convert(rule, {"A": cell}, form).values == {"active": True}
    for cell in ("0", "Nein", "n", "false", "Falsch", "no"):
        assert convert(rule, {"A": cell}, form).values == {"active": False}
    assert ["mapping.not_yes_or_no"] == convert(rule, {"A": "2"}, form).codes


def test_a_typed_truth_value_is_one(convert: Convert) -> None:
    made = convert("active: { from: A, as: boolean }", {"A": False}, "json")

    assert made.values == {"active": False}


@pytest.mark.parametrize("form", TEXTS)
def test_a_code_keeps_its_zeros(convert: Convert, form: Format) -> None:
    made = convert("gtin: { from: A, as: code }", {"A": "0012"}, form)

    assert made.values == {"gtin": "0012"}


def test_a_number_in_a_key_column_of_a_workbook_is_refused(
    convert: Convert,
) -> None:
    rule = "gtin: { from: A, as: code }"

    workbook = convert(rule, {"A": Decimal(12)}, "xlsx")
    cleaned = convert(
        "gtin: { from: A, as: code, clean: trim }", {"A": Decimal(12)}, "xlsx"
    )

    assert ["mapping.code_is_number"] == workbook.codes == cleaned.codes
    assert convert(rule, {"A": Decimal(12)}, "json").values == {"gtin": "12"}


@pytest.mark.parametrize(
    ("form", "cell", "value"),
    [
        ("csv", "31.12.2026", "2026-12-31"),
        ("csv", "1.2.2026", "2026-02-01"),
        ("xml", "2026-12-31", "2026-12-31"),
        ("xml", "2026-12-31T23:00:00", "2026-12-31"),
        ("json", "2026-12-31", "2026-12-31"),
        ("xlsx", date(2026, 12, 31), "2026-12-31"),
        ("xlsx", datetime(2026, 12, 31, 7, 30), "2026-12-31"),  # noqa: DTZ001
        ("xlsx", "31.12.2026", "2026-12-31"),
    ],
)
def test_a_day(form: Format, cell: object, value: str) -> None:
    assert verbs.day(HOUSE[form].date)(cell) == value


@pytest.mark.parametrize(
    "cell", ["2026-12-31", "31.02.2026", "31.12.26x", "heute", Decimal(1)]
)
def test_anything_else_is_no_day(cell: object) -> None:
    with pytest.raises(ValueError, match=r"mapping\.not_a_date"):
        verbs.day("%d.%m.%Y")(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("14.01.2026 07:30:00", "2026-01-14T06:30:00+00:00"),
        ("14.07.2026 07:30:00", "2026-07-14T05:30:00+00:00"),
        ("14.01.2026", "2026-01-13T23:00:00+00:00"),
        (datetime(2026, 1, 14, 7, 30), "2026-01-14T06:30:00+00:00"),  # noqa: DTZ001
        (
            datetime(2026, 1, 14, 7, 30, tzinfo=UTC),
            "2026-01-14T07:30:00+00:00",
        ),
        (date(2026, 1, 14), "2026-01-13T23:00:00+00:00"),
    ],
)
def test_an_instant_without_offset_is_berlin_time(
    cell: object, value: str
) -> None:
    read = verbs.instant(
        "%d.%m.%Y %H:%M:%S", "%d.%m.%Y", ZoneInfo("Europe/Berlin")
    )

    assert read(cell) == value


@pytest.mark.parametrize(
    "cell",
    ["14.01.2026 25:00:00", "nie", Decimal(1), "01.01.0001", date(1, 1, 1)],
)
def test_anything_else_is_no_instant(cell: object) -> None:
    read = verbs.instant(
        "%d.%m.%Y %H:%M:%S", "%d.%m.%Y", ZoneInfo("Europe/Berlin")
    )

    with pytest.raises(ValueError, match=r"mapping\.not_an_instant"):
        read(cell)


def test_an_iso_instant_keeps_its_own_offset() -> None:
    read = verbs.instant("", "", ZoneInfo("Europe/Berlin"))

    assert read("2026-01-14T07:30:00Z") == "2026-01-14T07:30:00+00:00"
    assert read("2026-01-14T07:30:00+02:00") == "2026-01-14T05:30:00+00:00"
    assert read("2026-01-14T07:30:00") == "2026-01-14T06:30:00+00:00"


# Translation


def test_an_unknown_value_of_a_map_is_a_finding(convert: Convert) -> None:
    rule = "title: { from: A, map: { a: eins, b: zwei } }"

    made = convert(rule, {"A": "c"})

    assert convert(rule, {"A": "b"}).values == {"title": "zwei"}
    assert made.values == {}
    assert ["mapping.not_in_table"] == made.codes
    assert made.found[0].turn == "mapping"
    assert made.found[0].facts == {"known": "a, b"}


@pytest.mark.parametrize(
    ("missing", "value"), [("keep", "c"), ("drop", None), ("Rest", "Rest")]
)
def test_missing_says_what_an_unknown_value_becomes(
    convert: Convert, missing: str, value: str | None
) -> None:
    rule = f"title: {{ from: A, map: {{ a: eins }}, missing: {missing} }}"

    assert convert(rule, {"A": "a"}).values == {"title": "eins"}
    assert convert(rule, {"A": "c"}).values == {"title": value}
    assert convert(rule, {"A": ""}).values == {"title": None}


def test_a_table_may_translate_to_nothing(convert: Convert) -> None:
    rule = 'title: { from: A, map: { EMPTY: "" }, missing: keep }'

    assert convert(rule, {"A": "EMPTY"}).values == {"title": None}
    assert convert(rule, {"A": "x"}).values == {"title": "x"}


def test_lookup_uses_a_named_table(convert: Convert) -> None:
    made = convert("title: { from: A, lookup: units }", {"A": "kg"})

    assert made.values == {"title": "kilogram"}


def test_a_typed_value_is_looked_up_as_its_text(convert: Convert) -> None:
    rule = "title: { from: A, map: { 1: eins, true: ja } }"

    assert convert(rule, {"A": Decimal("1.0")}, "json").values == {
        "title": "eins"
    }
    assert convert(rule, {"A": True}, "json").values == {"title": "ja"}


# Numbers, units, lengths


@pytest.mark.parametrize(
    ("steps", "cell", "value"),
    [
        ("scale: 0.001", "420", "0.42"),
        ("scale: 3", "0,1", "0.3"),
        ("round: 2", "2,345", "2.35"),
        ("round: 2", "2,344999", "2.34"),
        ("round: 2", "-2,345", "-2.35"),
        ("round: 0", "0,5", "1"),
        ("scale: 0.5, round: 0", "3", "2"),
    ],
)
def test_numbers_are_scaled_exactly_and_rounded_half_up(
    convert: Convert, steps: str, cell: str, value: str
) -> None:
    rule = f"tax_rate: {{ from: A, as: decimal, {steps} }}"

    assert convert(rule, {"A": cell}).values == {"tax_rate": value}


def test_bounds_are_inclusive_and_quote_what_was_written(
    convert: Convert,
) -> None:
    rule = "tax_rate: { from: A, as: decimal, min: 0.01, max: 100 }"

    low, high = convert(rule, {"A": "0,00"}), convert(rule, {"A": "100,01"})

    assert convert(rule, {"A": "0,01"}).values == {"tax_rate": "0.01"}
    assert convert(rule, {"A": "100"}).values == {"tax_rate": "100"}
    assert ["mapping.below"] == low.codes
    assert low.found[0].value == "0,00"
    assert low.found[0].facts == {"limit": "0.01"}
    assert ["mapping.above"] == high.codes


def test_a_whole_number_has_bounds_too(convert: Convert) -> None:
    made = convert("tax_class: { from: A, as: integer, min: 1 }", {"A": "00"})

    assert ["mapping.below"] == made.codes
    assert made.found[0].value == "00"


@pytest.mark.parametrize("form", ALL)
def test_a_measure_is_a_number_with_its_unit(
    convert: Convert, form: Format
) -> None:
    rules = """
        weight: { from: A, as: decimal, unit: { from: B, lookup: units } }
        length: { from: A, as: decimal, unit: centimeter }
        height: { from: A, as: integer, unit: centimeter }
    """

    made = convert(rules, {"A": "5", "B": "kg"}, form)

    assert made.values == {
        "weight": {"value": "5", "unit": "kilogram"},
        "length": {"value": "5", "unit": "centimeter"},
        "height": {"value": 5, "unit": "centimeter"},
    }


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"B": "Pfd"}, "not_in_table", "B"),
        ({"B": ""}, "unit_missing", "A"),
        ({}, "unit_missing", "A"),
    ],
)
def test_a_wrong_unit_is_told_once(
    convert: Convert, values: dict[str, str], code: str, field: str
) -> None:
    made = convert(
        "weight: { from: A, as: decimal, unit: { from: B, lookup: units } }",
        {"A": "1,50", **values},
    )

    assert made.values == {}
    assert [(f"mapping.{code}", field)] == [
        (item.code, item.field) for item in made.found
    ]


@pytest.mark.parametrize(
    ("text", "length", "kept"),
    [
        ("eins zwei drei", 14, "eins zwei drei"),
        ("eins zwei drei", 13, "eins zwei"),
        ("eins zwei drei", 9, "eins zwei"),
        ("eins zwei drei", 8, "eins zwe"),  # half would be lost
        ("a Donaudampfschiff", 8, "a Donaud"),
        ("eins\nzwei drei", 6, "eins"),
        ("äöüß", 2, "äö"),
    ],
)
def test_a_cut_ends_at_a_word_if_that_loses_little(
    convert: Convert, text: str, length: int, kept: str
) -> None:
    made = convert(f"title: {{ from: A, cut: {length} }}", {"A": text})

    assert made.values == {"title": kept}
    assert made.codes == (["mapping.cut"] if text != kept else [])
    assert all(item.severity == "warn" for item in made.found)


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_cut_is_never_longer_and_always_a_beginning(
    text: str, length: int
) -> None:
    kept = shortening.cut(text, length)

    assert len(kept) <= length
    assert text.startswith(kept)


def test_else_fills_what_is_empty_but_not_what_is_missing(
    convert: Convert,
) -> None:
    rules = """
        title: { from: A, else: Ohne }
        active: { from: A, as: boolean, else: true }
        tax_class: { from: A, as: integer, else: 3 }
        tax_rate: { from: A, as: decimal, else: 7.50 }
        bullets: { from: A, as: list, else: Punkt }
        brand: { from: B, else: Ohne Marke }
    """

    made = convert(rules, {"A": ""})

    assert made.values == {
        "title": "Ohne",
        "active": True,
        "tax_class": 3,
        "tax_rate": "7.5",
        "bullets": ["Punkt"],
    }


# Tests


@pytest.mark.parametrize(
    ("test", "good", "bad", "code"),
    [
        ("min_length: 3", "abc", "ab", "too_short"),
        ("max_length: 3", "abc", "abcd", "too_long"),
        ("one_of: [EUR, CHF]", "CHF", "chf", "not_one_of"),
        ("pattern: '[A-Z]{2}'", "AB", "ABC", "not_like"),
        ("check: gtin", "4009988770017", "4009988770018", "gtin"),
        ("check: gtin", "40170725", "0000000000000", "gtin"),
        ("check: gtin", "00012345678905", "400998877001X", "gtin"),
        ("check: vat_id", "DE123456788", "DE123456789", "vat_id"),
        ("check: iban", "DE89370400440532013000", "DE00", "iban"),
        ("check: email", "a.b@c.example", "a@b", "email"),
        ("check: url", "https://a.example/b", "a.example", "url"),
        ("check: country", "DE", "D", "country"),
        ("check: currency", "EUR", "EURO", "currency"),
        ("check: language", "de_DE", "deutsch", "language"),
        ("check: postcode", "01067", "#", "postcode"),
        ("check: file_name", "RE 1.pdf", r"C:\RE 1.pdf", "file_name"),
        ("check: file_name", "RE_1.pdf", "pdf/RE_1.pdf", "file_name"),
    ],
)
def test_a_test_refuses_or_warns(
    convert: Convert, test: str, good: str, bad: str, code: str
) -> None:
    rule = f"title: {{ from: A, {test} }}"
    mild = f"title: {{ from: A, {test}, severity: warn }}"

    refused, warned = convert(rule, {"A": bad}), convert(mild, {"A": bad})

    assert convert(rule, {"A": good}).values == {"title": good}
    assert not convert(rule, {"A": good}).found
    assert not convert(rule, {"A": ""}).found
    assert refused.values == {}
    assert [f"mapping.{code}"] == refused.codes
    assert warned.values == {"title": bad}
    assert ["warn"] == [item.severity for item in warned.found]


@pytest.mark.parametrize("values", [{}, {"A": ""}, {"A": None}])
def test_required_refuses_empty_and_missing(
    convert: Convert, values: dict[str, str | None]
) -> None:
    for source in ("from: A", "from: [A, B]", 'join: [A, B], with: " "'):
        made = convert(f"title: {{ {source}, required: true }}", values)

        assert made.values == {}
        assert ["mapping.required"] == made.codes
        assert made.found[0].field == "A"


def test_a_key_is_required_without_being_told_so(convert: Convert) -> None:
    with pytest.raises(KeyError):  # the fixture takes the article away
        convert("title: { from: A }", {"Nr": ""})


# Conditions


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ("{ B: x }", ["x", " x "], ["y", "", None]),
        ("{ B: [x, y] }", ["x", "y"], ["z"]),
        ("{ B: { not: x } }", ["y", "", None], ["x"]),
        ("{ B: { empty: true } }", ["", None], ["x"]),
        ("{ B: { empty: false } }", ["x"], ["", None]),
        ("{ B: true }", ["-1", "Ja", "true"], ["0", "", "vielleicht"]),
        ("{ B: { as: decimal, is: 1.5 } }", ["1,5", "1,50"], ["15", "x"]),
        ("{ field: B, as: integer, is: 7 }", ["007"], ["8"]),
        ("{ B: x, C: y }", [], ["x"]),
    ],
)
def test_when_decides_whether_a_rule_applies(
    convert: Convert,
    condition: str,
    holds: list[str | None],
    fails: list[str | None],
) -> None:
    rule = f"title: {{ from: A, when: {condition} }}"

    for value in holds:
        made = convert(rule, {"A": "a", "B": value})
        assert made.values == {"title": "a"}, value
    for value in fails:
        made = convert(rule, {"A": "a", "B": value})
        assert made.values == {}, value


def test_when_reads_a_condition_of_typed_cells(convert: Convert) -> None:
    rule = "title: { from: A, when: { B: true, C: { as: decimal, not: 0 } } }"
    values = {"A": "a", "B": True, "C": Decimal("0.0")}

    assert convert(rule, values, "json").values == {}
    assert convert(rule, values | {"C": Decimal(1)}, "json").values == {
        "title": "a"
    }


def test_a_condition_on_several_values_does_not_hold(
    convert: Convert,
) -> None:
    values = {"A": "a", "B": [Record(3, {".": "x"})]}

    made = convert("title: { from: A, when: { B: x } }", values, "json")

    assert made.values == {}
    assert not made.found


def test_a_row_tells_all_its_faults(convert: Convert) -> None:
    rules = """
        title: { from: A, required: true }
        gtin: { from: B, as: code, check: gtin }
        tax_rate: { from: C, as: decimal }
        active: { from: D, as: boolean }
    """

    made = convert(rules, {"A": "", "B": "1", "C": "x", "D": "z"})

    assert made.values == {}
    assert ["A", "B", "C", "D"] == [item.field for item in made.found]


def test_a_long_value_is_quoted_short_and_on_one_line(
    convert: Convert,
) -> None:
    made = convert(
        "title: { from: A, max_length: 3 }", {"A": "zwei\nZeilen " * 50}
    )

    value = made.found[0].value or ""
    assert value.startswith("zwei Zeilen zwei")
    assert len(value) <= 201
    assert "\n" not in value


@pytest.mark.parametrize("form", ALL)
def test_a_translation_may_yield_a_truth(
    convert: Convert, form: Format
) -> None:
    rules = "active: { from: A, as: boolean, map: { lieferbar: true } }"

    good = convert(rules, {"A": "lieferbar"}, form)
    bad = convert(rules, {"A": "vielleicht"}, form)

    assert good.values == {"active": True}
    assert ["mapping.not_in_table"] == [item.code for item in bad.found]

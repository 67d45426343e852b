from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.mapping.compile_amazon import AmazonMapping
from bridge.mapping.compile_amazon import selectors

from .conftest import CONTEXT
from .conftest import LISTING
from .conftest import indented

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.mapping.plan import Plan

    from .conftest import Result

    Attributes = Callable[..., Result]

DE = "A1PA6795UKMFR9"


def test_text_has_language_and_marketplace(attributes: Attributes) -> None:
    made = attributes("item_name: { text: title }", {"title": "Mühle"})

    assert made.values == {
        "item_name": [
            {"value": "Mühle", "language_tag": "de_DE", "marketplace_id": DE}
        ]
    }


def test_a_list_gives_an_instance_each(attributes: Attributes) -> None:
    made = attributes(
        """
        bullet_point:
          { text: bullets, clean: [html_to_text], most: 2, cut: 4 }
        """,
        {"bullets": ["<b>eins</b>", "zwei", "drei"]},
    )

    values = [item["value"] for item in made.values["bullet_point"]]
    assert values == ["eins", "zwei"]
    assert ["mapping.too_many"] == made.codes


def test_plain_has_no_language(attributes: Attributes) -> None:
    made = attributes(
        """
        country_of_origin: { plain: country_of_origin }
        condition_type: { plain: condition, else: new_new }
        part_number: { from: part_number }
        fixed: { value: ja }
        """,
        {"country_of_origin": "DE", "part_number": "P1"},
    )

    assert made.values == {
        "country_of_origin": [{"value": "DE", "marketplace_id": DE}],
        "condition_type": [{"value": "new_new", "marketplace_id": DE}],
        "part_number": [{"value": "P1", "marketplace_id": DE}],
        "fixed": [{"value": "ja", "marketplace_id": DE}],
    }


@pytest.mark.parametrize("empty", [{}, {"title": None}, {"title": ""}])
def test_what_is_empty_is_left_out(
    attributes: Attributes, empty: dict[str, str | None]
) -> None:
    made = attributes(
        """
        item_name: { text: title }
        part_number: { plain: part_number }
        item_weight: { measure: weight }
        purchasable_offer: { offer: prices }
        id: { object: { type: { value: ean }, value: { from: gtin } } }
        """,
        empty,
    )

    assert made.values == {}
    assert not made.found


def test_a_measure_speaks_amazons_units(attributes: Attributes) -> None:
    made = attributes(
        "item_weight: { measure: weight, units: { gram: grams } }\n"
        "other: { measure: length, units: { gram: grams } }",
        {
            "weight": {"value": "285", "unit": "gram"},
            "length": {"value": "5.5", "unit": "furlong"},
        },
    )

    assert made.values == {
        "item_weight": [
            {"unit": "grams", "value": Decimal(285), "marketplace_id": DE}
        ],
        "other": [
            {
                "unit": "furlong",
                "value": Decimal("5.5"),
                "marketplace_id": DE,
            }
        ],
    }


def test_an_object_nests_measures_and_objects(attributes: Attributes) -> None:
    made = attributes(
        """
        size:
          object:
            length: { measure: length }
            height: { measure: height }
            inner: { object: { unit: { from: unit } } }
            note: { value: x }
          marketplace_id: false
        """,
        {"length": {"value": "5", "unit": "cm"}, "unit": "Stk"},
    )

    assert made.values == {
        "size": [
            {
                "length": {"unit": "cm", "value": Decimal(5)},
                "inner": {"unit": "Stk"},
                "note": "x",
            }
        ]
    }


def test_when_holds_back_any_attribute(attributes: Attributes) -> None:
    rules = """
        a:
          object: { v: { from: currency } }
          when: { list_price: { empty: false } }
        b: { measure: weight, when: { list_price: { empty: false } } }
        c: { offer: prices, when: { list_price: { empty: false } } }
        d: { text: title, when: { list_price: { empty: false } } }
    """
    listing = {
        "currency": "EUR",
        "title": "T",
        "weight": {"value": "1", "unit": "gram"},
        "prices": [{"audience": "ALL", "currency": "EUR", "amount": "1"}],
    }

    without = attributes(rules, listing)
    priced = attributes(rules, {**listing, "list_price": "2"})

    assert without.values == {}
    assert ["a", "b", "c", "d"] == list(priced.values)


def test_an_offer_is_always_complete(attributes: Attributes) -> None:
    made = attributes(
        "purchasable_offer: { offer: prices }",
        {
            "prices": [
                {
                    "audience": "ALL",
                    "currency": "EUR",
                    "amount": "19.95",
                    "sale": "15",
                    "sale_from": "2026-06-30T22:00:00+00:00",
                    "sale_to": "2026-07-31T21:59:59+00:00",
                },
                {
                    "audience": "B2B",
                    "currency": "EUR",
                    "amount": "18",
                    "tiers": [{"from_quantity": 10, "amount": "17.5"}],
                },
            ]
        },
    )

    consumer, business = made.values["purchasable_offer"]
    assert consumer == {
        "marketplace_id": DE,
        "currency": "EUR",
        "audience": "ALL",
        "our_price": [{"schedule": [{"value_with_tax": Decimal("19.95")}]}],
        "discounted_price": [
            {
                "schedule": [
                    {
                        "start_at": "2026-07-01T00:00:00+02:00",
                        "end_at": "2026-07-31T23:59:59+02:00",
                        "value_with_tax": Decimal(15),
                    }
                ]
            }
        ],
    }
    assert business == {
        "marketplace_id": DE,
        "currency": "EUR",
        "audience": "B2B",
        "our_price": [{"schedule": [{"value_with_tax": Decimal(18)}]}],
        "quantity_discount_plan": [
            {
                "schedule": [
                    {
                        "discount_type": "fixed",
                        "levels": [
                            {"lower_bound": 10, "value": Decimal("17.5")}
                        ],
                    }
                ]
            }
        ],
    }


def test_first_takes_the_first_attribute_value(attributes: Attributes) -> None:
    rule = """
        product_tax_code:
          first:
            - { from: tax_code }
            - { from: tax_rate, map: { 19: A }, severity: warn }
    """

    own = attributes(rule, {"tax_code": "B", "tax_rate": "19"})
    mapped = attributes(rule, {"tax_rate": "19"})
    unknown = attributes(rule, {"tax_rate": "7"})

    assert own.values["product_tax_code"][0]["value"] == "B"
    assert mapped.values["product_tax_code"][0]["value"] == "A"
    assert unknown.values == {}
    assert ["warn"] == [item.severity for item in unknown.found]


def test_the_product_type_is_read_and_clear_is_known(
    plan_of: Callable[[str], Plan],
) -> None:
    text = LISTING.replace(
        "facets:",
        "product_type: { from: product_type, map: { A: B } }\nfacets:",
    )
    plan = plan_of(text + indented("a: { text: title, clear: true }", 4))
    bare = plan_of(LISTING + indented("a: { text: title }", 4))
    mapping = AmazonMapping(plan, "Europe/Berlin")

    assert mapping.product_type({"product_type": "A"}, CONTEXT) == "B"
    assert mapping.product_type({}, CONTEXT) is None
    assert {"a"} == mapping.cleared
    assert AmazonMapping(bare, "UTC").product_type({}, CONTEXT) is None
    assert mapping.attributes("stock", {"title": "T"}, CONTEXT, []) == {}


@pytest.mark.parametrize(
    ("attribute", "instance", "keys"),
    [
        ("fulfillment_availability", {}, ("fulfillment_channel_code",)),
        (
            "purchasable_offer",
            {},
            ("marketplace_id", "currency", "audience"),
        ),
        (
            "item_name",
            {"language_tag": "de_DE"},
            ("marketplace_id", "language_tag"),
        ),
        ("part_number", {}, ("marketplace_id",)),
    ],
)
def test_selectors_say_which_instance_it_is(
    attribute: str, instance: dict[str, str], keys: tuple[str, ...]
) -> None:
    assert selectors(attribute, instance) == keys


PAPERS = {
    "sku": "1",
    "papers": [
        {"kind": "manual", "language_tag": "de_DE", "url": "u1"},
        {"kind": "certificate", "language_tag": "fr_FR", "url": "u2"},
    ],
}


def test_each_gives_an_instance_an_item(attributes: Attributes) -> None:
    made = attributes(
        """
        compliance_media:
          each: papers
          fields:
            content_type: { from: kind, map: { manual: user_manual } }
            content_language: { from: language_tag }
            source_location: { join: [../sku, url], with: "/" }
        """,
        PAPERS,
    )

    (one,) = made.values["compliance_media"]
    expected = {"content_type": "user_manual", "content_language": "de_DE"}
    expected |= {"source_location": "1/u1", "marketplace_id": DE}
    assert expected == one  # the other lacks what tells it from this one
    assert ["mapping.not_in_table"] == made.codes


def test_each_takes_the_items_that_are_meant(attributes: Attributes) -> None:
    made = attributes(
        """
        fixed:
          each: [{ from: papers, when: { kind: certificate } }]
          fields: { value: { from: url } }
          marketplace_id: false
        """,
        PAPERS,
    )

    assert {"fixed": [{"value": "u2"}]} == made.values


def test_each_of_nothing_is_left_out(attributes: Attributes) -> None:
    made = attributes(
        "a: { each: papers, fields: { value: { from: url } } }",
        {"sku": "1", "papers": [{"kind": "manual"}]},
    )

    assert ({}, []) == (made.values, made.found)


@pytest.mark.parametrize(
    ("words", "kept", "lost"),
    [
        ("Mühle Pfeffer", "Mühle", "Pfeffer"),  # 14 bytes
        ("Mühlen Kaffee", "Mühlen", "Kaffee"),
        ("Mühlen", "Mühlen", ""),
        ("ääää", "äää", "ä"),  # no word ends in it
        ("äöüß ß", "äöü", "ß ß"),
        ("Mühle", "Mühle", ""),
    ],
)
def test_words_are_cut_where_their_bytes_are_too_many(
    attributes: Attributes, words: str, kept: str, lost: str
) -> None:
    made = attributes(
        "generic_keyword: { text: keywords, cut_bytes: 7 }",
        {"keywords": words},
    )

    (told,) = made.values["generic_keyword"]
    assert kept == told["value"]
    assert len(told["value"].encode()) <= 7
    said = [(one.code, one.facts["lost"]) for one in made.found]
    assert ([("mapping.cut_bytes", lost)] if lost else []) == said

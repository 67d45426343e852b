"""A product type's schema says what is wrong, in words of ours."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.amazon.rules import Rules
from bridge.messages import catalogue
from tests.standin.definitions import plain
from tests.standin.definitions import schema
from tests.standin.definitions import text

if TYPE_CHECKING:
    from bridge.ports.rules import Fault


class Told:
    """A schema that is asked as the rulebook asks it."""

    def __init__(self, content: dict[str, Any]) -> None:
        exact = json.loads(json.dumps(content), parse_float=Decimal)
        self._rules = Rules(exact)

    def faults(
        self, attributes: dict[str, Any], *, whole: bool
    ) -> tuple[Fault, ...]:
        return self._rules.faults(json.dumps(attributes).encode(), whole=whole)


def value(content: object) -> list[dict[str, Any]]:
    return [{"value": content, "marketplace_id": "DE"}]


def told(content: object, **rule: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Codes and severities of an attribute with one value."""
    rules = Told(schema(probe=plain(**rule)))
    found = rules.faults({"probe": value(content)}, whole=False)
    return [(one.code.removeprefix("amazon."), one.severity) for one in found]


@pytest.mark.parametrize(
    ("content", "rule", "code"),
    [
        ("5", {"type": "number"}, "rule_type"),
        ("red", {"enum": ["blue"]}, "rule_choice"),
        ("red", {"const": "blue"}, "rule_choice"),
        ("red", {"maxLength": 2}, "rule_long"),
        ("red", {"minLength": 4}, "rule_short"),
        ("Öl", {"maxUtf8ByteLength": 2}, "rule_bytes"),
        ("Öl", {"minUtf8ByteLength": 4}, "rule_few_bytes"),
        (5, {"maximum": 4}, "rule_high"),
        (5, {"exclusiveMaximum": 5}, "rule_high"),
        (5, {"minimum": 6}, "rule_low"),
        (5, {"exclusiveMinimum": 5}, "rule_low"),
        (19.995, {"multipleOf": 0.01}, "rule_step"),
        ("red", {"pattern": "^b"}, "rule_pattern"),
        (["a"], {"minItems": 2}, "rule_few"),
        (["a", "b"], {"maxItems": 1}, "rule_many"),
        (["a", "a"], {"uniqueItems": True}, "rule_twice"),
        ("red", {"not": {"const": "red"}}, "rule_other"),
    ],
)
def test_each_broken_rule_has_its_code(
    content: object, rule: dict[str, Any], code: str
) -> None:
    assert [(code, "ERROR")] == told(content, **rule)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (19.99, {"multipleOf": 0.01}),
        ("Öl", {"maxUtf8ByteLength": 3}),
        ("red", {"pattern": r"^\p{L}+$"}),  # a pattern Python cannot read
        ("red", {"enum": ["red"], "enumNames": ["Rot"]}),
        ("red", {"editable": False, "hidden": True}),
        ("red", {"replaces": ["colour"]}),
        ("red", {"anyOf": [{"const": "blue"}, {"const": "red"}]}),
    ],
)
def test_what_fits_is_not_told(content: object, rule: dict[str, Any]) -> None:
    assert [] == told(content, **rule)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"editable": False}, "rule_fixed"),
        ({"replacedBy": "colour"}, "rule_replaced"),
        ({"$lifecycle": {"enumDeprecated": ["red"]}}, "rule_outdated"),
    ],
)
def test_what_amazon_may_take_is_a_warning(
    rule: dict[str, Any], code: str
) -> None:
    assert [(code, "WARNING")] == told("red", **rule)


def test_a_new_listing_may_state_what_cannot_be_changed_later() -> None:
    rules = Told(schema(probe=plain(editable=False)))

    assert () == rules.faults({"probe": value("red")}, whole=True)


@pytest.mark.parametrize(
    ("tags", "most", "codes"),
    [
        (["de_DE", "de_DE"], 1, ["amazon.rule_many"]),
        (["de_DE", "de_DE"], 2, []),
        (["de_DE", "fr_FR"], 1, []),
        (["de_DE", "de_DE"], None, ["amazon.rule_twice"]),
    ],
)
def test_instances_are_counted_by_their_selectors(
    tags: list[str], most: int | None, codes: list[str]
) -> None:
    probe = text(10)
    probe["items"]["properties"]["language_tag"] = {"type": "string"}
    probe["maxUniqueItems"] = most
    if most is None:
        del probe["maxUniqueItems"]
    instances = [
        {**value("a")[0], "language_tag": tag, "value": str(number)}
        for number, tag in enumerate(tags)
    ]

    found = Told(schema(probe=probe)).faults({"probe": instances}, whole=False)

    assert codes == [one.code for one in found]


def test_too_few_instances_of_a_selector_are_told() -> None:
    probe = {**text(10), "minUniqueItems": 2}
    instances = [{"value": "a", "language_tag": "de_DE"}]

    found = Told(schema(probe=probe)).faults({"probe": instances}, whole=False)

    assert ["amazon.rule_few"] == [one.code for one in found]


def test_only_a_whole_listing_is_asked_for_what_is_missing() -> None:
    rules = Told(schema("brand"))
    attributes = {"condition_type": value("new_new")}

    part = rules.faults(attributes, whole=False)
    (whole,) = rules.faults(attributes, whole=True)

    assert () == part
    assert ("amazon.rule_required", "brand") == (whole.code, whole.attribute)


def test_what_a_condition_demands_is_asked_of_a_whole_listing() -> None:
    rules = Told(
        schema()
        | {
            "allOf": [
                {
                    "if": {"required": ["brand"]},
                    "then": {"required": ["manufacturer"]},
                }
            ]
        }
    )
    tagged = [{**value("Müller")[0], "language_tag": "de_DE"}]

    (fault,) = rules.faults({"brand": tagged}, whole=True)

    assert "manufacturer" == fault.attribute


def test_an_unknown_attribute_and_an_unknown_part_are_warnings() -> None:
    probe = plain(type="string")
    probe["items"]["additionalProperties"] = False
    instances = [{**value("a")[0], "shape": "round"}]

    found = Told(schema(probe=probe)).faults(
        {"probe": instances, "nobody": value(1)}, whole=True
    )

    assert {("nobody", "WARNING"), ("probe.0.shape", "WARNING")} == {
        (one.facts["path"], one.severity) for one in found
    }


def test_of_several_ways_the_nearest_is_told() -> None:
    ways = [
        {"type": "object", "required": ["a", "b"]},
        {"type": "string", "maxLength": 2},
    ]

    assert [("rule_long", "ERROR")] == told("red", anyOf=ways)


def test_choices_are_told_with_the_names_people_know() -> None:
    rules = Told(schema(probe=plain(enum=["a", "b"], enumNames=["Eins"])))

    (fault,) = rules.faults({"probe": value("c")}, whole=False)

    assert "a (Eins), b" == fault.facts["limit"]


def test_a_schema_that_leans_on_another_is_left_to_amazon() -> None:
    rules = Told(schema(probe=plain(**{"$ref": "https://example.test/x"})))

    assert () == rules.faults({"probe": value("c")}, whole=False)


def test_every_rule_has_a_sentence_in_both_languages() -> None:
    from bridge.amazon.rules import CODES  # noqa: PLC0415
    from bridge.amazon.rules import OTHER  # noqa: PLC0415

    for language in ("de", "en"):
        assert {*CODES.values(), OTHER} <= catalogue.codes(language)

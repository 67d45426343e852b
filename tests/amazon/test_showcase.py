"""Amazon's listings in our words: every fact in its place, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.amazon.showcase import snapshot
from bridge.amazon.showcase import thing
from bridge.model.coding import decode
from bridge.model.marketplaces import MARKETPLACES
from bridge.model.snapshot import Snapshot

PLACE = MARKETPLACES["DE"]
DE, FR = PLACE.id, MARKETPLACES["FR"].id


def said(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401
    return snapshot({"sku": "0010", "attributes": attributes}, PLACE)


def text(value: str, **more: str) -> dict[str, str]:
    return {"value": value, "marketplace_id": DE, **more}


def test_a_text_is_that_of_the_marketplace_and_of_its_language() -> None:
    found = said(
        item_name=[
            text("Pepper mill", language_tag="en_GB"),
            text("Pfeffermühle", language_tag="de_DE"),
            {"value": "Moulin", "marketplace_id": FR, "language_tag": "fr_FR"},
        ]
    )

    assert "Pfeffermühle" == found["title"]


def test_points_are_one_a_line() -> None:
    found = said(bullet_point=[text("Buche"), text("Keramik")])

    assert "Buche\nKeramik" == found["bullets"]


def test_only_a_trade_number_is_a_gtin() -> None:
    number = [text("X1", type="isbn"), text("4009988770017", type="ean")]

    found = said(externally_assigned_product_identifier=number)

    assert "4009988770017" == found["gtin"]


@pytest.mark.parametrize(
    ("unit", "value", "kilograms"),
    [
        ("kilograms", 0.42, "0.42"),
        ("grams", 420, "0.42"),
        ("milligrams", 5, "0.000005"),
    ],
)
def test_a_weight_is_in_kilograms(
    unit: str, value: float, kilograms: str
) -> None:
    found = said(item_weight=[{"unit": unit, "value": value}])

    assert kilograms == found["weight"]


def test_an_unknown_unit_says_nothing() -> None:
    found = said(item_weight=[{"unit": "stones", "value": 3}])

    assert "weight" not in found


def test_sides_are_in_centimetres() -> None:
    side = {"unit": "millimeters", "value": 60}
    whole = {"length": side, "width": side, "height": side}

    found = said(item_package_dimensions=[whole])

    assert "6" == found["length"] == found["height"]


def test_pictures_stand_in_their_order() -> None:
    picture = "https://example.test/{}.jpg".format

    found = said(
        other_product_image_locator_2=[{"media_location": picture(3)}],
        other_product_image_locator_1=[{"media_location": picture(2)}],
        main_product_image_locator=[{"media_location": picture(1)}],
    )

    assert [picture(1), picture(2), picture(3)] == found["pictures"].split()


def test_every_price_is_read_the_sale_and_the_tiers_too() -> None:
    sale = {
        "start_at": "2026-11-27T00:00:00+01:00",
        "end_at": "2026-12-01T23:59:59+01:00",
        "value_with_tax": 8,
    }
    tiers = {
        "discount_type": "fixed",
        "levels": [{"lower_bound": 5, "value": 8.5}],
    }

    found = said(
        purchasable_offer=[
            {
                "currency": "EUR",
                "audience": "ALL",
                "our_price": [{"schedule": [{"value_with_tax": 9.9}]}],
                "discounted_price": [{"schedule": [sale]}],
            },
            {
                "currency": "EUR",
                "audience": "B2B",
                "our_price": [{"schedule": [{"value_with_tax": 9}]}],
                "quantity_discount_plan": [{"schedule": [tiers]}],
            },
        ]
    )

    amounts = [
        (one["audience"], one["from_quantity"], one["amount"])
        for one in found["prices"]
    ]
    assert [
        ("ALL", "0", "9.9"),
        ("ALL", "0", "8"),
        ("B2B", "0", "9"),
        ("B2B", "5", "8.5"),
    ] == amounts
    assert "2026-11-27" == found["prices"][1]["valid_from"]
    assert "2026-12-01" == found["prices"][1]["valid_to"]


def test_an_offer_without_attributes_has_the_price_of_its_summary() -> None:
    price = {"amount": 9.9, "currencyCode": "EUR"}
    offer = {"marketplaceId": DE, "offerType": "B2C", "price": price}

    found = snapshot({"sku": "0010", "offers": [offer]}, PLACE)

    assert "9.9" == found["prices"][0]["amount"]


def test_a_variant_names_what_it_is_a_variant_of() -> None:
    family = {"type": "VARIATION", "parentSkus": ["0010-P"]}
    related = [{"marketplaceId": DE, "relationships": [family]}]

    found = snapshot({"sku": "0010", "relationships": related}, PLACE)

    assert "0010-P" == found["parent"]


def test_the_catalogue_tells_the_category_and_the_way_to_it() -> None:
    above = {"displayName": "Küche", "classificationId": "1"}
    node = {
        "displayName": "Mühlen",
        "classificationId": "2",
        "parent": above,
    }
    item = {
        "classifications": [{"marketplaceId": DE, "classifications": [node]}],
        "identifiers": [
            {
                "marketplaceId": DE,
                "identifiers": [{"identifierType": "EAN", "identifier": "4"}],
            }
        ],
        "images": [
            {
                "marketplaceId": DE,
                "images": [
                    {"variant": "MAIN", "link": "https://a.test/large"},
                    {"variant": "MAIN", "link": "https://a.test/small"},
                ],
            }
        ],
    }

    found = thing(item, PLACE)

    assert {
        "browse_node": "2",
        "browse_path": "Küche > Mühlen",
        "gtin": "4",
        "pictures": "https://a.test/large",
    } == found


def test_what_is_read_is_a_snapshot() -> None:
    found = said(
        item_name=[text("Mühle")],
        list_price=[{"currency": "EUR", "value_with_tax": 29.9}],
        item_weight=[{"unit": "grams", "value": 420}],
    )

    made = decode(Snapshot, {"sku": "0010", "marketplace": "DE", **found})

    assert "Mühle" == made.title
    assert "29.9" == str(made.list_price)

"""Product types of the stand-in: small schemas in the form of Amazon's."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING
from typing import Any

from tests.standin.replies import problem
from tests.standin.replies import reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.amazon import Amazon
    from tests.standin.amazon import Reply

LOCALE = "de_DE"
REQUIREMENTS = frozenset({"LISTING", "LISTING_OFFER_ONLY"})
NUMBER = {"type": "number", "minimum": 0, "multipleOf": 0.01}
SCHEDULE = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "schedule": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"value_with_tax": NUMBER},
                },
            }
        },
    },
}


def attribute(*selectors: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401
    """An attribute of one instance a selector."""
    return {
        "type": "array",
        "minItems": 1,
        "minUniqueItems": 1,
        "maxUniqueItems": 1,
        "selectors": list(selectors),
        "items": {
            "type": "object",
            "properties": {
                "marketplace_id": {
                    "$ref": "#/$defs/place",
                    "editable": False,
                    "hidden": True,
                },
                **parts,
            },
        },
    }


def text(most: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A text in one language."""
    value = {"type": "string", "maxLength": most, "editable": True, **more}
    tag = {"type": "string", "enum": [LOCALE]}
    made = attribute(
        "marketplace_id", "language_tag", value=value, language_tag=tag
    )
    made["items"]["required"] = ["value"]
    return made


def plain(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A value of any kind."""
    return attribute("marketplace_id", value=more)


def schema(*required: str, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401
    """A product type in which our samples fit, and what a test adds."""
    known = {
        "item_name": text(200),
        "manufacturer": text(100, maxUtf8ByteLength=100),
        "brand": text(100),
        "condition_type": plain(
            enum=["new_new", "used_good"], enumNames=["Neu", "Gut"]
        ),
        "product_tax_code": plain(type="string"),
        "externally_assigned_product_identifier": attribute(
            *("marketplace_id", "type"),
            type={"type": "string"},
            value={"type": "string"},
        ),
        "fulfillment_availability": attribute(
            "fulfillment_channel_code",
            fulfillment_channel_code={"type": "string"},
            quantity={"type": "integer", "minimum": 0, "maximum": 9999},
        ),
        "purchasable_offer": attribute(
            *("marketplace_id", "currency", "audience"),
            our_price=SCHEDULE,
        ),
    }
    return {
        "$schema": "https://example.test/meta-schema/v1",
        "$id": "https://example.test/product-types/PROBE",
        "$defs": {"place": {"type": "string"}},
        "type": "object",
        "required": list(required),
        "properties": {**known, **attributes},
        "additionalProperties": False,
    }


def define(
    amazon: Amazon,
    parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """The answer to getDefinitionsProductType."""
    found = amazon.seller.schemas.get(parts[0])
    if found is None:
        return problem(404, "NotFound", parts[0])
    requirements = query.get("requirements", "LISTING")
    wrong = query.get("locale") != LOCALE or not query.get("sellerId")
    if wrong or requirements not in REQUIREMENTS:
        return problem(400, "InvalidInput", f"query: {query}")
    content = json.dumps(found).encode()
    name = amazon.seller.create_document("application/json")
    amazon.seller.documents[name].content = content
    digest = base64.b64encode(hashlib.md5(content).digest())  # noqa: S324
    link = {"resource": f"{amazon.url}/upload/{name}", "verb": "GET"}
    version = {"version": f"v{len(content)}", "latest": True}
    return reply(
        {
            "productType": parts[0],
            "requirements": requirements,
            "requirementsEnforced": "ENFORCED",
            "locale": LOCALE,
            "marketplaceIds": [query["marketplaceIds"]],
            "schema": {"link": link, "checksum": digest.decode()},
            "productTypeVersion": version,
        }
    )


def propose(
    amazon: Amazon,
    _parts: tuple[str, ...],
    query: Mapping[str, str],
    _body: object,
) -> Reply:
    """The answer to searchDefinitionsProductTypes."""
    words = query.get("keywords")
    wrong = query.get("locale") != LOCALE or not query.get("marketplaceIds")
    if wrong or not words or "itemName" in query:
        return problem(400, "InvalidInput", f"query: {query}")
    found = [
        {
            "name": name,
            "displayName": called,
            "marketplaceIds": [query["marketplaceIds"]],
        }
        for name, called in amazon.seller.proposals.get(words, [])
    ]
    return reply({"productTypes": found, "productTypeVersion": "v1"})

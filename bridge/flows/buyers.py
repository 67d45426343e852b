"""The customer behind an order of Amazon."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.flows import identity
from bridge.ledger import identities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.flows.parts import Parts
    from bridge.ledger.identities import Identity

EACH = "each"  # every buyer becomes a customer of their own
#: VAT ids begin with the country; these two have letters of their own.
VAT_COUNTRIES = {"EL": "GR", "XI": "GB"}


def customer_of(
    order: Mapping[str, Any], persons: Mapping[str, Any]
) -> dict[str, Any]:
    """The coded Customer an order is billed to; what is empty is left out.

    Args:
        order: The coded Order.
        persons: What lies locked beside it.
    """
    address = persons.get("invoice_address") or {}
    address = address or persons.get("delivery_address") or {}
    company, person = address.get("company"), address.get("name")
    email, vat_id = persons.get("email"), persons.get("vat_id")
    made = {
        "name": company or person,
        "name2": person if company else None,
        "email": email,
        "alias": identity.is_alias(email) or None,
        "vat_id": vat_id,
        "vat_country": _vat_country(vat_id),
        "currency": order.get("currency"),
    }
    for name in ("extra", "street", "country", "postcode", "city", "phone"):
        made[name] = address.get(name)
    return {key: value for key, value in made.items() if value is not None}


def _vat_country(vat_id: str | None) -> str | None:
    start = (vat_id or "")[:2].upper()
    return VAT_COUNTRIES.get(start, start) if start.isalpha() else None


def whose(
    parts: Parts, order: Mapping[str, Any], persons: Mapping[str, Any]
) -> dict[str, str]:
    """Account and matchcode an order goes to, as far as they are known."""
    known = _identity(parts, order, persons)
    collective = parts.settings.customers.collective.get(order["marketplace"])
    said = {
        "customer": collective if known is None else known.account,
        "matchcode": None if known is None else known.matchcode,
    }
    return {key: value for key, value in said.items() if value}


def _identity(
    parts: Parts, order: Mapping[str, Any], persons: Mapping[str, Any]
) -> Identity | None:
    """The customer a buyer became, where each becomes one."""
    if parts.settings.customers.from_orders != EACH:
        return None
    prints = identity.prints(customer_of(order, persons), parts.safe)
    with parts.ledger.read() as tx:
        return identities.find(tx, (parts.side.mode, parts.mandant), prints)

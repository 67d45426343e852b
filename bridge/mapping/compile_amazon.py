"""An ``amazon`` plan becomes a function from a listing to attributes.

An attribute is a list of instances (amazon.md section 4.1). Numbers are
``Decimal``; whoever writes the JSON writes them exactly.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

from bridge.mapping.conditions import predicate
from bridge.mapping.expression import Scope
from bridge.mapping.expression import compile_rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from typing import TypeAlias

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan
    from bridge.mapping.plan import Rule
    from bridge.model.kinds import Field

    Fields: TypeAlias = Mapping[str, Field]
    Instances: TypeAlias = list[dict[str, Any]]
    Attribute: TypeAlias = Callable[[Scope], Instances | None]

#: The selectors of an attribute, beside marketplace_id (amazon.md 4.1).
SELECTORS: Mapping[str, tuple[str, ...]] = {
    "fulfillment_availability": ("fulfillment_channel_code",),
    "purchasable_offer": ("marketplace_id", "currency", "audience"),
    "list_price": ("marketplace_id", "currency"),
    "externally_assigned_product_identifier": ("marketplace_id", "type"),
    "compliance_media": (
        *("marketplace_id", "content_type", "content_language"),
    ),
}
TEXT_SELECTORS = ("marketplace_id", "language_tag")
PLAIN_SELECTORS = ("marketplace_id",)


class AmazonMapping:
    """A compiled plan of direction ``amazon``.

    Args:
        plan: The checked plan.
        timezone: Where a day of a sale begins.
    """

    def __init__(self, plan: Plan, timezone: str) -> None:
        zone = ZoneInfo(timezone)
        fields = plan.kind.fields
        self.plan = plan
        self.facets = {
            facet: [(rule, _attribute(rule, fields, zone)) for rule in rules]
            for facet, rules in plan.facets.items()
        }
        self._type = (
            compile_rule(plan.product_type, fields, zone)
            if plan.product_type is not None
            else None
        )
        self.cleared = frozenset(
            rule.field
            for rules in plan.facets.values()
            for rule in rules
            if rule.clear
        )

    def clears(self, facet: str) -> bool:
        """Whether a facet of which nothing is left goes at Amazon."""
        return any(rule.clear for rule, _ in self.facets.get(facet, ()))

    def product_type(
        self, listing: Mapping[str, Any], context: Mapping[str, str]
    ) -> str | None:
        """Amazon's product type of a coded listing, where it is known."""
        if self._type is None:
            return None
        found: str | None = self._type(Scope(listing, context, []))
        return found

    def reads(self, facet: str) -> frozenset[str]:
        """The fields of a listing that decide a facet."""
        rules = self.plan.facets.get(facet, ())
        return frozenset(name for rule in rules for name in names(rule))

    def attributes(
        self,
        facet: str,
        listing: Mapping[str, Any],
        context: Mapping[str, str],
        found: list[Finding],
    ) -> dict[str, Instances]:
        """The attributes of one facet; those without a value are left out.

        Args:
            facet: ``content``, ``price``, ``stock`` …
            listing: A coded Listing.
            context: ``marketplace`` (its id), ``language`` (its tag), …
            found: Findings are appended here.
        """
        scope = Scope(listing, context, found)
        made = {}
        for rule, attribute in self.facets.get(facet, ()):
            instances = attribute(scope)
            if instances:
                made[rule.field] = instances
        return made


def names(rule: Rule) -> Iterator[str]:
    """Every field a rule may look at; of the parts of a list only it."""
    yield from rule.names
    if rule.source == "each":
        return
    for condition in rule.when:
        yield condition.name
    inner = (part for part in (rule.unit, rule.currency) if part)
    for part in (*rule.rules, *rule.fields, *inner):
        yield from names(part)


def selectors(attribute: str, instance: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of an instance that say which one it is (amazon.md 4.1)."""
    if attribute in SELECTORS:
        return SELECTORS[attribute]
    return TEXT_SELECTORS if "language_tag" in instance else PLAIN_SELECTORS


def _attribute(rule: Rule, fields: Fields, zone: ZoneInfo) -> Attribute:
    made = _made(rule, fields, zone)
    if not rule.when:
        return made
    test = predicate(rule.when)
    return lambda scope: made(scope) if test(scope.values) else None


def _made(rule: Rule, fields: Fields, zone: ZoneInfo) -> Attribute:
    if rule.source == "object":
        return _object(rule, fields, zone)
    if rule.source == "each":
        return _each(rule, fields, zone)
    if rule.source == "offer":
        return _offers(rule, zone)
    if rule.source == "measure":
        return _measure(rule)
    return _values(rule, fields, zone)


def _values(rule: Rule, fields: Fields, zone: ZoneInfo) -> Attribute:
    """``text`` and ``plain``: one instance a value."""
    read = compile_rule(_reading(rule), fields, zone)
    tagged = rule.source == "text"

    def instances(scope: Scope) -> Instances | None:
        value = read(scope)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        return [_instance(item, rule, scope, tagged=tagged) for item in items]

    return instances


def _reading(rule: Rule) -> Rule:
    """The same rule, reading a field as ``from`` does."""
    plain = {"text", "plain"}
    return replace(rule, source="from") if rule.source in plain else rule


def _instance(
    value: object,
    rule: Rule,
    scope: Scope,
    *,
    tagged: bool,
) -> dict[str, Any]:
    made: dict[str, Any] = {"value": value}
    if tagged:
        made["language_tag"] = scope.context["language"]
    return _placed(made, rule, scope)


def _placed(made: dict[str, Any], rule: Rule, scope: Scope) -> dict[str, Any]:
    if rule.marketplace_id:
        made["marketplace_id"] = scope.context["marketplace"]
    return made


def _measure(rule: Rule) -> Attribute:
    def instances(scope: Scope) -> Instances | None:
        measure = scope.value(rule.names[0])
        if not measure:
            return None
        unit = rule.units.get(measure["unit"], measure["unit"])
        made = {"unit": unit, "value": Decimal(measure["value"])}
        return [_placed(made, rule, scope)]

    return instances


def _object(rule: Rule, fields: Fields, zone: ZoneInfo) -> Attribute:
    make = _parts(rule.fields, fields, zone)

    def instances(scope: Scope) -> Instances | None:
        made = make(scope)
        return None if made is None else [_placed(made, rule, scope)]

    return instances


def _parts(
    rules: Iterable[Rule], fields: Fields, zone: ZoneInfo
) -> Callable[[Scope], dict[str, Any] | None]:
    """The parts of one instance; nothing where only constants are left."""
    parts = [(part, _inner(part, fields, zone)) for part in rules]
    variable = [part for part, _ in parts if part.source != "value"]

    def make(scope: Scope) -> dict[str, Any] | None:
        made = {}
        missing = 0
        for part, read in parts:
            value = read(scope)
            if value is None:
                missing += part in variable
            else:
                made[part.field] = value
        if variable and missing == len(variable):
            return None  # nothing but constants: there is nothing to say
        return made

    return make


def _each(rule: Rule, fields: Fields, zone: ZoneInfo) -> Attribute:
    """One instance an item, of one or several lists.

    What lacks a selector is left out: Amazon could not tell it from others.
    """
    own = {part.names[0]: part for part in rule.rules}
    lists = []
    for name in rule.names:
        part = own.get(name, rule)
        make = _parts(part.fields or rule.fields, fields[name].part, zone)
        lists.append((name, predicate(part.when), make))
    told = set(SELECTORS.get(rule.field, ())) - {"marketplace_id"}

    def instances(scope: Scope) -> Instances | None:
        found = []
        for name, test, make in lists:
            for item in filter(test, scope.value(name) or ()):
                context, said = scope.context, scope.found
                made = make(Scope(item, context, said, scope.values))
                if made is not None and told <= made.keys():
                    found.append(_placed(made, rule, scope))
        return found or None

    return instances


def _inner(
    part: Rule, fields: Fields, zone: ZoneInfo
) -> Callable[[Scope], Any]:
    """A part of an object: a plain value, or a nested measure or object."""
    if part.source in {"object", "measure"}:
        nested = _attribute(part, fields, zone)

        def read(scope: Scope) -> Any:  # noqa: ANN401
            made = nested(scope)
            if not made:
                return None
            made[0].pop("marketplace_id", None)
            return made[0]

        return read
    return compile_rule(part, fields, zone)


def _offers(rule: Rule, zone: ZoneInfo) -> Attribute:
    def instances(scope: Scope) -> Instances | None:
        offers = scope.value(rule.names[0])
        return [_offer(offer, scope, zone) for offer in offers or ()] or None

    return instances


def _offer(
    offer: Mapping[str, Any], scope: Scope, zone: ZoneInfo
) -> dict[str, Any]:
    """One complete purchasable_offer (amazon.md M12, M14)."""
    made: dict[str, Any] = {
        "marketplace_id": scope.context["marketplace"],
        "currency": offer["currency"],
        "audience": offer["audience"],
        "our_price": [_schedule(offer["amount"])],
    }
    if offer.get("sale") is not None:
        made["discounted_price"] = [
            _schedule(
                offer["sale"],
                start_at=_local(offer["sale_from"], zone),
                end_at=_local(offer["sale_to"], zone),
            )
        ]
    if offer.get("tiers"):
        levels = [
            {
                "lower_bound": tier["from_quantity"],
                "value": Decimal(tier["amount"]),
            }
            for tier in offer["tiers"]
        ]
        made["quantity_discount_plan"] = [
            {"schedule": [{"discount_type": "fixed", "levels": levels}]}
        ]
    return made


def _schedule(amount: str, **window: str) -> dict[str, Any]:
    return {"schedule": [{**window, "value_with_tax": Decimal(amount)}]}


def _local(instant: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(instant).astimezone(zone).isoformat()

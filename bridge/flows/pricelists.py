"""Whose price each list of Sage is: as ``[[price]]`` says, or by its name."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows.priced import BUSINESS
from bridge.flows.priced import CONSUMERS
from bridge.flows.priced import Customer
from bridge.flows.priced import Priced
from bridge.model.marketplaces import MARKETPLACES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.prices import Price
    from bridge.config.settings import Settings

    Entry = Mapping[str, Any]
    Lists = Mapping[int, list[Entry]]


def by_list(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Prices by their list, the smallest quantity first.

    In whatever order they came, the result is the same.
    """
    lists: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=_place):
        lists.setdefault(int(entry["list"]), []).append(entry)
    return lists


def _place(entry: Entry) -> tuple[object, ...]:
    return int(entry["list"]), Decimal(entry["from_quantity"])


def rules(settings: Settings, customer: Customer) -> Iterator[Price]:
    """What ``[[price]]`` says of a customer, in its order."""
    for rule in settings.price:
        if (
            customer.marketplace in rule.marketplaces
            and rule.audience == customer.audience
            and rule.account in {"", settings.amazon.account}
        ):
            yield rule


def list_of(
    settings: Settings, customer: Customer, lists: Lists, made: Priced
) -> list[Entry] | None:
    """The list of a customer: as set, by its label, or the only one."""
    own = {"", settings.amazon.account}
    if any(rule.account in own for rule in settings.price):
        asked = [rule.list for rule in rules(settings, customer)]
        chosen = next((lists[one] for one in asked if one in lists), None)
        if chosen is None and customer.audience == CONSUMERS:
            _lacking(asked, customer, made)
        return chosen
    regular = {k: v for k, v in lists.items() if not is_promotion(v)}
    middle = "B2B " if customer.audience == BUSINESS else ""
    label = f"Amazon {middle}{customer.marketplace}"
    named = [v for v in regular.values() if label in _names(v)]
    if named:
        return named[0]
    if customer.audience == BUSINESS or not regular:
        return None
    other = [v for v in regular.values() if not _is_amazons(v)]
    if len(other) == 1:
        return other[0]
    if other:
        _ambiguous(sorted(regular), label, made)
    return None


def _lacking(asked: list[int], customer: Customer, made: Priced) -> None:
    """No list that is asked for has the article, or none is asked for."""
    code, value = "offers.no_list_named", customer.marketplace
    if asked:
        code, value = "offers.not_in_list", ", ".join(map(str, asked))
    made.findings.append(
        Finding(code, None, "price", value, "warn", "operator")
    )


def _ambiguous(known: list[int], label: str, made: Priced) -> None:
    value = ", ".join(map(str, known))
    facts = {"label": label}
    made.findings.append(
        Finding(
            *("offers.several_lists", None, "price", value),
            *("warn", "operator", facts),
        )
    )


def is_promotion(entries: Iterable[Entry]) -> bool:
    """Whether a list lowers others for a time."""
    return any(entry.get("promotion") for entry in entries)


def _names(entries: Iterable[Entry]) -> set[str]:
    return {str(entry.get("list_name") or "") for entry in entries}


def _is_amazons(entries: Iterable[Entry]) -> bool:
    """A list labelled for another marketplace or audience is not for all."""
    return any(name.startswith("Amazon ") for name in _names(entries))


def audiences(
    settings: Settings, marketplace: str, entries: Iterable[Entry]
) -> dict[int, str]:
    """Whose price each list is; nothing of a list that is nobody's.

    Args:
        settings: ``[[price]]`` says which list is whose.
        marketplace: Country code.
        entries: Coded PriceEntries of one article.
    """
    lists = by_list(entries)
    currency = MARKETPLACES[marketplace].currency
    found: dict[int, str] = {}
    for audience in (CONSUMERS, BUSINESS):
        customer = Customer(marketplace, audience, currency)
        for entry in list_of(settings, customer, lists, Priced()) or ():
            found.setdefault(int(entry["list"]), audience)
    return found

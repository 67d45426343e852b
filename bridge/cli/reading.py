"""Values of documents and listings as a person reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bridge.errors import Finding
from bridge.messages import catalogue
from bridge.messages import numbers
from bridge.messages.amounts import day

#: What every instance of an attribute says and nobody needs to read.
HIDDEN = frozenset({"marketplace_id", "language_tag"})


@dataclass(frozen=True)
class Reader:
    """Who reads: the language and the clock of a person."""

    language: str = "en"
    zone: str = "Europe/Berlin"

    def plain(self, value: Any) -> str:  # noqa: ANN401 - JSON
        """JSON without brackets: ``1,5 kg``, ``24,90 EUR``, ``a, b``."""
        if isinstance(value, bool):
            name = "yes" if value else "no"
            return catalogue.term("state", name, self.language)
        if isinstance(value, list | tuple):
            between = "; " if any(isinstance(i, dict) for i in value) else ", "
            return between.join(map(self.plain, value))
        if isinstance(value, dict):
            return self._table(value)
        if isinstance(value, float):
            return numbers.number(value, self.language)
        return "-" if value is None else " ".join(str(value).split())

    def _table(self, value: dict[str, Any]) -> str:
        keys = set(value)
        if keys == {"value", "unit"}:
            amount, unit = value["value"], str(value["unit"])
            return numbers.measure(amount, unit, self.language)
        if keys == {"amount", "currency"}:
            return self.money(value["amount"], value["currency"])
        if keys == {"value"}:
            return self.plain(value["value"])
        return ", ".join(
            f"{key} {self.plain(part)}" for key, part in value.items()
        )

    def money(self, value: object, currency: str) -> str:
        """An amount with its currency."""
        return numbers.money(value, currency, self.language)

    def number(self, value: str) -> str:
        """A decimal as it is written here."""
        return numbers.number(value, self.language)

    def day(self, text: str | None) -> str:
        """A day, given as ISO 8601."""
        return day(text, self.language) if text else ""

    def moment(self, text: str | None) -> str:
        """An instant on the reader's clock."""
        return numbers.moment(text, self.zone, self.language)

    def attribute(self, name: str, instances: Any) -> str:  # noqa: ANN401
        """The instances of an attribute of a listing on one line."""
        if not isinstance(instances, list):
            return self.plain(instances)
        say = self.offer if name == "purchasable_offer" else self._instance
        return " | ".join(map(say, instances))

    def _instance(self, instance: Any) -> str:  # noqa: ANN401
        if not isinstance(instance, dict):
            return self.plain(instance)
        return self.plain(
            {k: part for k, part in instance.items() if k not in HIDDEN}
        )

    def offer(self, offer: Any) -> str:  # noqa: ANN401 - JSON
        """Prices to one audience: ``24,90 EUR, Aktion 19,92 EUR bis …``."""
        currency = str(offer.get("currency", ""))
        ours = _scheduled(offer, "our_price")
        parts = [self.money(p.get("value_with_tax"), currency) for p in ours]
        sales = _scheduled(offer, "discounted_price")
        parts += [self._sale(sale, currency) for sale in sales]
        for plan in _scheduled(offer, "quantity_discount_plan"):
            parts += [
                self._line(
                    "tier",
                    pieces=level.get("lower_bound"),
                    price=self.money(level.get("value"), currency),
                )
                for level in plan.get("levels", [])
            ]
        said = ", ".join(parts) or "-"
        business = offer.get("audience") == "B2B"
        return self._line("b2b", price=said) if business else said

    def _sale(self, sale: dict[str, Any], currency: str) -> str:
        price = self.money(sale.get("value_with_tax"), currency)
        words = [self._line("sale", price=price)]
        if sale.get("start_at"):
            begin = self.moment(sale["start_at"])
            words.append(self._line("since", begin=begin))
        if sale.get("end_at"):
            words.append(self._line("until", end=self.moment(sale["end_at"])))
        return " ".join(words)

    def _line(self, name: str, **facts: object) -> str:
        return catalogue.term("line", name, self.language, **facts)

    def prices(self, offers: list[dict[str, Any]]) -> str:
        """All prices of a listing, short: ``24,90 (19,92) EUR``."""
        texts = []
        for offer in offers:
            text = self._amount(offer, "our_price")
            sale = self._amount(offer, "discounted_price")
            text += f" ({sale})" if sale else ""
            business = offer.get("audience") == "B2B"
            texts.append(self._line("b2b", price=text) if business else text)
        if not texts:
            return "-"
        currency = offers[0].get("currency", "")
        return f"{' / '.join(texts)} {currency}".rstrip()

    def _amount(self, offer: dict[str, Any], name: str) -> str:
        currency = str(offer.get("currency", ""))
        return ", ".join(
            numbers.amount(one["value_with_tax"], currency, self.language)
            for one in _scheduled(offer, name)
        )


def _scheduled(offer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What an offer says under a name, without the lists around it."""
    return [
        one for entry in offer.get(name) or [] for one in entry["schedule"]
    ]


def told(item: dict[str, Any], language: str) -> dict[str, Any]:
    """A kept finding with its sentence and its advice."""
    finding = Finding(
        item["code"], None, item["field"], item["value"], facts=item["facts"]
    )
    return {
        **item,
        "message": finding.message(language),
        "hint": finding.hint(language),
    }

"""What a paper says without its tax, to the cent as its own sums say.

Sage and Amazon state prices with tax or without; some layouts, such as
openTRANS, know only the latter. Of each rate the tax is what lies in the sum
of its lines, and what remains is shared among these lines, each within a
cent, so that they add up to it. What rounding does not explain stays empty
and is told; the mapping says whether it must be there.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.mapping import verbs
from bridge.mapping.verbs import rounded
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.mapping.plan import Rule

    Coded = Mapping[str, Any]

#: What is worked out for mappings that read it.
FIELDS = frozenset({"net_price", "net_total", "taxes"})
NOTHING = Decimal(0)
CENT = Decimal("0.01")
HALF = Decimal("0.005")  # what one rounding may give or take
MOST_PLACES = 10  # of a price: a million pieces still come to the cent


@dataclass
class _Line:
    """A line that costs something, and the rate of its tax."""

    values: dict[str, Any]
    total: Decimal
    rate: Decimal
    net: Decimal = NOTHING

    @property
    def exact(self) -> Decimal:
        """What it costs without tax, not rounded."""
        return self.total * 100 / (100 + self.rate)

    @property
    def pieces(self) -> Decimal:
        """How many it is about; one, if it does not say."""
        return Decimal(self.values.get("quantity") or 0) or Decimal(1)

    @property
    def tax(self) -> Decimal | None:
        """The tax in it as Amazon says, who rounds it piece by piece.

        A tax that is not the one of its rate is that of a discount as well.
        """
        if self.values.get("tax") is None:
            return None
        said = Decimal(self.values["tax"])
        off = abs(said - (self.total - self.exact))
        return said if off <= (abs(self.pieces) + 1) * HALF else None


@dataclass
class _Share:
    """The lines of one rate and the tax on them."""

    rate: Decimal
    lines: list[_Line] = field(default_factory=list)
    tax: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        """What they add up to, with tax or without as the paper states."""
        return sum((line.total for line in self.lines), NOTHING)


def wanted(rules: Iterable[Rule]) -> bool:
    """Whether rules read what is worked out here."""
    return any(
        not FIELDS.isdisjoint(rule.names)
        or wanted((*rule.rules, *rule.fields))
        for rule in rules
    )


def netted(document: Coded, found: list[Finding]) -> Coded:
    """A paper or order with the net figures of its lines and its tax rates.

    Args:
        document: Coded; returned as it is where it does not say whether
            its prices include tax.
        found: What does not add up is appended, as warnings.
    """
    if document.get("gross") is None:
        return document
    gross = verbs.boolean_typed(document["gross"])
    price, total = ("", "") if gross else ("unit_price", "total")
    lines = [
        {**line, "net_price": line.get(price), "net_total": line.get(total)}
        for line in document.get("lines") or ()
    ]
    shares, lacking = _shares(lines)
    taxes = _out_of if gross else _upon
    return {
        **document,
        "lines": lines,
        "taxes": taxes(document, shares, lacking, found),
    }


def _shares(
    lines: Iterable[dict[str, Any]],
) -> tuple[list[_Share], list[dict[str, Any]]]:
    """The lines by rate, the highest first, and those that lack one."""
    shares: dict[Decimal, _Share] = {}
    lacking = []
    for line in lines:
        if line.get("total") is None:
            continue
        total = Decimal(line["total"])
        if line.get("tax_rate") is None and total:
            lacking.append(line)
            continue
        rate = Decimal(line.get("tax_rate") or 0)
        share = shares.setdefault(rate, _Share(rate))
        share.lines.append(_Line(line, total, rate))
    return sorted(shares.values(), key=lambda one: -one.rate), lacking


def _upon(
    document: Coded,
    shares: list[_Share],
    lacking: list[dict[str, Any]],
    _found: list[Finding],
) -> list[dict[str, str]]:
    """The tax of each rate upon net lines; else the sum the paper states."""
    if document.get("tax") is None:
        return []
    for share in shares:
        share.tax = rounded(share.total * share.rate / 100, 2)
    whole = sum((share.total for share in shares), NOTHING)
    if (
        lacking
        or _differ(document, "net", whole, [])
        or not _agreed(document, shares, [])
    ):
        return [{"tax": document["tax"]}]
    return _coded(shares, gross=False)


def _out_of(
    document: Coded,
    shares: list[_Share],
    lacking: list[dict[str, Any]],
    found: list[Finding],
) -> list[dict[str, str]]:
    """The tax of each rate in gross lines, which become net."""
    found += map(_no_rate, lacking)
    for share in shares:
        share.tax = _inside(share)
    whole = sum((share.total for share in shares), NOTHING)
    stated = document.get("tax")
    fits = stated is not None and not lacking
    if fits:
        wrong = _differ(document, "total", whole, found) or _differ(
            document, "net", whole - Decimal(str(stated)), found
        )
        fits = not wrong and _agreed(document, shares, found)
    for share in shares:
        _spread(share)
    return _coded(shares, gross=True) if fits else []


def _inside(share: _Share) -> Decimal:
    """The tax in the sum of gross lines; as Amazon says it, if it does."""
    said = [line.tax for line in share.lines if line.tax is not None]
    if len(said) == len(share.lines):
        return sum(said, NOTHING)
    return rounded(share.total * share.rate / (100 + share.rate), 2)


def _agreed(
    document: Coded, shares: list[_Share], found: list[Finding]
) -> bool:
    """Whether the paper's tax is that of its rates, but for rounding.

    Sage may round line by line: the paper's own sum wins, and the largest
    rate takes the cents.
    """
    taxed = [share for share in shares if share.rate]
    worked_out = sum((share.tax for share in taxed), NOTHING)
    rest = Decimal(document["tax"]) - worked_out
    roundings = sum(len(share.lines) + 1 for share in taxed)
    if abs(rest) > roundings * HALF:
        return not _differ(document, "tax", worked_out, found)
    if taxed:
        max(taxed, key=lambda one: abs(one.tax)).tax += rest
    return True


def _spread(share: _Share) -> None:
    """Share among lines what remains without tax, to the cent."""
    for line in share.lines:
        line.net = rounded(line.exact, 2)
        if line.tax is not None:
            line.net = line.total - line.tax
    nets = sum((line.net for line in share.lines), NOTHING)
    rest = share.total - share.tax - nets
    step = CENT.copy_sign(rest)
    for _ in range(int(rest / step)):
        far = max(share.lines, key=lambda one: (one.exact - one.net) * step)
        far.net += step
    for line in share.lines:
        line.values["net_total"] = canonical(line.net)
        line.values["net_price"] = _price(line)


def _price(line: _Line) -> str:
    """The net price of one piece: as many decimals as come to the cent."""
    for places in range(2, MOST_PLACES):
        price = rounded(line.net / line.pieces, places)
        if rounded(price * line.pieces, 2) == line.net:
            return canonical(price)
    return canonical(rounded(line.net / line.pieces, MOST_PLACES))


def _coded(shares: list[_Share], *, gross: bool) -> list[dict[str, str]]:
    """What falls under each rate; what costs nothing needs none."""
    return [
        {
            "rate": canonical(one.rate),
            "net": canonical(one.total - one.tax if gross else one.total),
            "tax": canonical(one.tax),
        }
        for one in shares
        if one.total or one.tax or len(shares) == 1
    ]


def _no_rate(line: Coded) -> Finding:
    facts = {"position": str(line.get("position") or "")}
    return Finding(
        "mapping.no_rate", None, "tax_rate", None, "warn", facts=facts
    )


def _differ(
    document: Coded, name: str, worked_out: Decimal, found: list[Finding]
) -> bool:
    """Whether a sum the paper states is another than that of its lines."""
    stated = document.get(name)
    if stated is None or Decimal(stated) == worked_out:
        return False
    facts = {
        "sum": canonical(worked_out),
        "stated": canonical(Decimal(stated)),
        "difference": canonical(Decimal(stated) - worked_out),
        "currency": str(document.get("currency") or ""),
    }
    found.append(
        Finding("mapping.sums_differ", None, name, None, "warn", facts=facts)
    )
    return True

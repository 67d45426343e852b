"""What may be sold of an article: its stock over the warehouses that count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from zoneinfo import ZoneInfo

import orjson

from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from bridge.config.settings import Settings
    from bridge.ledger.documents import Body

FBA = "FBA"  # warehouses of this name hold Amazon's own stock
LONGEST = 30  # days to shipment Amazon takes (amazon.md A)
MOST = 999_999  # pieces; decisions 27


class Quantity(NamedTuple):
    """What may be sold, and what a person should know of it.

    Attributes:
        pieces: Whole sales units; ``None``: it cannot be said.
        code: A finding's code, or nothing.
        value: What the finding quotes.
        lead: Days until it is shipped, where somebody says so.
        restock: When more arrives, where nothing is left.
        until: The last day all of that holds by itself.
    """

    pieces: int | None
    code: str = ""
    value: str = ""
    lead: int | None = None
    restock: str = ""
    until: str = ""

    @property
    def promise(self) -> str | None:
        """What buyers are told beside the pieces, as a row keeps it."""
        if self.lead is None and not self.until:
            return None
        lead = "" if self.lead is None else self.lead
        return f"{lead}/{self.restock}/{self.until}"

    @property
    def fields(self) -> dict[str, Any]:
        """It as fields of a Listing."""
        return {
            "available": self.pieces,
            "lead_time": self.lead,
            "restock_date": self.restock or None,
        }


@dataclass(frozen=True)
class Warehouses:
    """What ``[[stock]]`` says of an account.

    Attributes:
        named: Those that count; empty: all but Amazon's own.
        reserve: Pieces that are kept back.
        today: The day on the merchant's clock; what arrives before is past.
        zone: Where that clock hangs.
        lead_time: Days until something is shipped, unless Sage says others.
    """

    named: frozenset[str]
    reserve: int
    today: str = ""
    lead_time: int | None = None
    zone: str = "UTC"

    def wake(self, stock: Quantity) -> datetime | None:
        """When what is promised must be looked at again: a day is over."""
        if not stock.until:
            return None
        following = date.fromisoformat(stock.until) + timedelta(days=1)
        here = datetime.combine(following, time(), ZoneInfo(self.zone))
        return here.astimezone(UTC)

    def count(self, warehouse: str) -> bool:
        """Whether a warehouse is sold from."""
        if self.named:
            return warehouse in self.named
        return not warehouse.upper().startswith(FBA)


def warehouses(settings: Settings, now: datetime) -> Warehouses:
    """The warehouses the account sells from."""
    own = {"", settings.amazon.account}
    rules = [rule for rule in settings.stock if rule.account in own]
    named = {name for rule in rules for name in rule.warehouses}
    here = now.astimezone(ZoneInfo(settings.bridge.timezone))
    return Warehouses(
        frozenset(named),
        rules[0].reserve if rules else 0,
        here.date().isoformat(),
        rules[0].lead_time if rules else None,
        settings.bridge.timezone,
    )


def quantity(
    shelves: Warehouses,
    levels: Iterable[Mapping[str, Any]],
    *,
    unit: str | None,
    factor: Decimal | None,
    ordered: int = 0,
) -> Quantity:
    """The pieces of one article that may be sold.

    Args:
        shelves: Which warehouses count.
        levels: Its coded StockLevels.
        unit: Its sales unit.
        factor: Sales units in one stock unit, where they differ.
        ordered: Pieces that are sold, and that Sage has not counted yet.

    Returns:
        The sum of ``available`` (else ``quantity``) over the warehouses that
        count, less the reserve and what is ordered; cut down to whole
        pieces, never negative.
    """
    total = Decimal(0)
    counting = [
        level
        for level in levels
        if shelves.count(str(level.get("warehouse", "")))
    ]
    for level in counting:
        stored = level.get("unit")
        pieces = _pieces(level)
        if stored and unit and stored != unit:
            if factor is None:
                return Quantity(None, "offers.other_unit", f"{stored}/{unit}")
            pieces *= factor
        total += pieces
    if not counting:
        return Quantity(None)
    left = total - shelves.reserve
    found = _whole(max(Decimal(0), left - ordered) if left > 0 else left)
    if found.pieces is None:
        return found
    return _promised(found, shelves, counting)


def _promised(
    found: Quantity, shelves: Warehouses, levels: Iterable[Mapping[str, Any]]
) -> Quantity:
    """With the longest lead time, and where nothing is left the next day.

    A day that is past promises nothing, and is told.
    """
    stated = (one.get("lead_time") for one in levels)
    leads = [int(days) for days in stated if days is not None]
    taken = [days for days in leads if 0 <= days <= LONGEST]
    lead = max(taken, default=shelves.lead_time)
    if found.pieces:
        return found if lead is None else found._replace(lead=lead)
    days = sorted(str(d) for one in levels if (d := one.get("restock_date")))
    coming = [day for day in days if day >= shelves.today]
    if days and not coming and not found.code:
        found = found._replace(code="offers.past_restock", value=days[-1])
    following = next(iter(coming), "")
    return found._replace(lead=lead, restock=following, until=following)


def _pieces(level: Mapping[str, Any]) -> Decimal:
    value = level.get("available")
    if value is None:
        value = level.get("quantity")
    return Decimal(value or "0")


def _whole(total: Decimal) -> Quantity:
    if total < 0:
        return Quantity(0, "offers.negative_stock", str(total))
    pieces = int(total)
    if pieces > MOST:
        return Quantity(None, "offers.too_much_stock", str(total))
    return Quantity(pieces)


def levels_of(
    bodies: Iterable[Body],
) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """The stock of each article; of two mappings' words the later wins."""
    latest: dict[str, tuple[int, Body]] = {}
    for body in bodies:
        if body.gone:
            continue
        known = latest.get(body.key)
        if known is None or body.as_of >= known[0]:
            latest[body.key] = (body.as_of, body)
    found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for _, body in latest.values():
        level = orjson.loads(body.body)
        level.setdefault("warehouse", body.key.split(KEY_SEPARATOR)[2])
        level["as_of"] = body.as_of
        found[body.article, body.variant].append(level)
    return found

"""What Sage wants and what Amazon shows: every difference, and its reason.

Nothing is changed here. A difference that heals by itself (it is on its way,
it was sold meanwhile) says so; every other names who must do what.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import orjson

from bridge.errors import Finding
from bridge.flows.bodies import pieces_in
from bridge.flows.bodies import prices_in
from bridge.ledger import comparing
from bridge.ledger import offers
from bridge.messages import numbers
from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bridge.ledger.engine import Transaction
    from bridge.ledger.snapshots import Place

#: What Amazon took may be missing in a report that was begun soon after.
LAG = timedelta(minutes=30)
SALES = timedelta(days=3)  # orders Sage may not have taken off its stock yet
PRESENCE, PRICE, STOCK, STATUS = "presence", "price", "stock", "status"
ACTIVE = "active"
CHANGED = "reports.changed_there"
RESTORED = "reports.restored"  # Amazon has what a person brought back
SAME = "same"  # the state of a facet Amazon has accepted
#: Why a facet that is not settled differs, the gravest first.
WAYS = {
    offers.REFUSED: "reports.refused_there",
    offers.SENT: "reports.on_its_way",
    offers.WAITING: "reports.waits",
}


class Told(NamedTuple):
    """A difference in words: what either side has, why, what to do."""

    sage: str | None
    amazon: str | None
    reason: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing Sage and Amazon do not agree on.

    Attributes:
        what: ``presence``, ``price``, ``stock`` or ``status``.
        sage: What Sage wants, as text.
        amazon: What Amazon shows, as text.
        code: Why, as a message code.
        issue: What Amazon said of it, if it did.
    """

    sku: str
    what: str
    code: str
    article: str | None = None
    sage: str | None = None
    amazon: str | None = None
    issue: str = ""

    def told(self, currency: str, language: str) -> Told:
        """The difference as a person reads it.

        Args:
            currency: Of the marketplace's prices, ISO 4217.
            language: ``de`` or ``en``.
        """
        sage, amazon = (
            numbers.amount(text, currency, language)
            if self.what == PRICE and text
            else text
            for text in (self.sage, self.amazon)
        )
        said = {"sage": sage or "-", "amazon": amazon or "-"}
        said |= {"sku": self.sku, "issue": self.issue}
        found = Finding(self.code, severity="warn", facts=said)
        reason, hint = found.message(language), found.hint(language)
        return Told(sage, amazon, reason, hint)


@dataclass(frozen=True)
class Comparison:
    """One comparison of a marketplace.

    Attributes:
        tx: One look at the ledger.
        place: Whose listings.
        made_at: When Amazon began the report that is compared with.
    """

    tx: Transaction
    place: Place
    made_at: datetime
    agreed: Counter[str] = field(default_factory=Counter)

    def differences(self) -> Iterator[Difference]:
        """Every difference, by SKU; what only Amazon knows comes last."""
        for row in comparing.pairs(self.tx, self.place):
            found = list(self._of(row))
            if not found:
                self.agreed["skus"] += 1
            yield from found
        for row in comparing.strangers(self.tx, self.place):
            yield Difference(
                sku=row.sku,
                what=PRESENCE,
                code="reports.unknown_here",
                amazon=row.asin or row.sku,
            )

    def _of(self, row: Any) -> Iterator[Difference]:  # noqa: ANN401 - a row
        if not row.sellable:
            if row.shown and (row.shown_quantity or 0) > 0:
                yield self._stock(row, 0)
        elif not row.shown:
            yield self._missing(row)
        else:
            yield from self._values(row)

    def _missing(self, row: Any) -> Difference:  # noqa: ANN401 - a row
        states = {row.content_state, row.price_state, row.stock_state}
        said = (row.content_issues, row.price_issues, row.stock_issues)
        code = next((WAYS[one] for one in WAYS if one in states), "")
        if not row.ready:
            code = "reports.incomplete"
        return _difference(
            row,
            PRESENCE,
            code or self._settled(row.sku, "reports.gone_there"),
            sage=row.article,
            issue=_told(*said, row.issues),
        )

    def _values(self, row: Any) -> Iterator[Difference]:  # noqa: ANN401
        prices, pieces = (
            prices_in(row.price_desired),
            pieces_in(row.stock_desired),
        )
        if prices and row.shown_price not in {None, *prices}:
            yield _difference(
                row,
                PRICE,
                self._why(row.sku, row.price_state),
                sage=canonical(prices[0]),
                amazon=canonical(row.shown_price),
                issue=_told(row.price_issues),
            )
        elif row.price_undone_hash is not None and row.price_state == SAME:
            yield _difference(
                row, PRICE, RESTORED, amazon=_shown(row.shown_price)
            )
        if pieces is not None and row.shown_quantity not in {None, pieces}:
            yield self._stock(row, pieces)
        elif row.stock_undone_hash is not None and row.stock_state == SAME:
            yield _difference(
                row, STOCK, RESTORED, amazon=_shown(row.shown_quantity)
            )
        if row.shown_status not in {None, ACTIVE} and (row.available or 0) > 0:
            yield _status(row)

    def _stock(self, row: Any, pieces: int) -> Difference:  # noqa: ANN401
        code = self._why(row.sku, row.stock_state)
        gone = pieces - row.shown_quantity
        if code == CHANGED and 0 < gone <= self._sold[row.sku]:
            code = "reports.sold"
        return _difference(
            row,
            STOCK,
            code,
            sage=str(pieces),
            amazon=str(row.shown_quantity),
            issue=_told(row.stock_issues),
        )

    def _why(self, sku: str, state: str | None) -> str:
        known = WAYS.get(state or "")
        return known or self._settled(sku, CHANGED)

    def _settled(self, sku: str, code: str) -> str:
        """What Amazon took so late that the report may not have it."""
        at = comparing.landed_at(self.tx, self.place, sku)
        late = at is not None and at > self.made_at - LAG
        return WAYS[offers.SENT] if late else code

    @cached_property
    def _sold(self) -> Counter[str]:
        """Pieces ordered lately, by SKU."""
        pieces: Counter[str] = Counter()
        since = self.made_at - SALES
        for body in comparing.sold(self.tx, self.place.side, since):
            for line in orjson.loads(body).get("lines") or ():
                pieces[line.get("sku")] += int(line.get("quantity") or 0)
        return pieces


def _status(row: Any) -> Difference:  # noqa: ANN401 - a row
    """Amazon does not sell it, and perhaps says why."""
    issue = _told(row.issues)
    code = "reports.held_there" if issue else "reports.inactive"
    shown = row.shown_status
    return _difference(
        row, STATUS, code, sage=ACTIVE, amazon=shown, issue=issue
    )


def _difference(row: Any, what: str, code: str, **said: Any) -> Difference:  # noqa: ANN401
    """A difference of a SKU that Sage knows."""
    return Difference(
        sku=row.sku, article=row.article, what=what, code=code, **said
    )


def _shown(value: Any) -> str | None:  # noqa: ANN401 - a number, or nothing
    return None if value is None else canonical(Decimal(value))


def _told(*issues: Any) -> str:  # noqa: ANN401 - JSON
    """Amazon's own words, each once."""
    said = [
        f"{one.get('code', '')} {one.get('message', '')}".strip()
        for listed in issues
        for one in listed or ()
    ]
    return "; ".join(dict.fromkeys(said))

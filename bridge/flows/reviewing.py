"""What Amazon has against accepted listings is read back every hour.

A listing that was fine may be suppressed days later. What changed since the
last time is searched for; what is known of others is asked about by name,
since a search for issues cannot say that there are none any more. A crash
begins the hour's questions again: the same answer twice changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import reviews

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ports.issues import Reviewed
    from bridge.ports.issues import ReviewPage
    from bridge.ports.issues import Reviews

ERRAND = "review"
EVERY = timedelta(hours=1)
OVERLAP = timedelta(minutes=10)  # asked again, in case Amazon's index lags


def raise_review(parts: Parts, tx: Transaction) -> None:
    """Have issues read back, once an hour; only Amazon itself is asked."""
    if parts.reviews is None:
        return
    account, now = parts.side.account, parts.clock.now()
    name = f"review:next:{account}"
    due = facts.known(tx, name)
    if due is not None and now.isoformat() < due:
        return
    facts.know(tx, name, (now + EVERY).isoformat())
    for market in parts.settings.amazon.marketplaces:
        key = key_of(parts, market)
        dues.raise_due(tx, ERRAND, key, lane=f"review:{account}", at=now)


def review(parts: Parts, key: str, generation: int) -> None:
    """Read back what Amazon has against the listings of a marketplace."""
    if parts.reviews is not None:
        begun, market = parts.clock.now(), about(key)
        seen = _take_changed(parts, parts.reviews, market)
        _ask_about_others(parts, parts.reviews, market, seen)
        start = {"from": (begun - OVERLAP).isoformat()}
        with parts.ledger.write() as tx:
            facts.set_cursor(tx, parts.side, _cursor(market), start)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _cursor(market: str) -> str:
    return f"review:{market}"


def _take_changed(parts: Parts, asked: Reviews, market: str) -> set[str]:
    """Keep the issues of listings that changed; whose they are."""
    with parts.ledger.read() as tx:
        known = facts.get_cursor(tx, parts.side, _cursor(market))
    since = datetime.fromisoformat(known["from"]) if known else None
    seen: set[str] = set()
    for page in _pages(asked, market, since):
        _keep(parts, market, page.listings)
        seen |= {one.sku for one in page.listings}
    return seen


def _pages(
    asked: Reviews, market: str, since: datetime | None
) -> Iterator[ReviewPage]:
    """Every page; where no further one can be reached, the search is moved."""
    token, number = "", 0
    while True:
        page = asked.troubled(market, since, token)
        number += 1
        yield page
        token = page.token or ""
        if number >= asked.most_pages:
            last = [one.changed_at for one in page.listings if one.changed_at]
            further = max(last, default=None)
            if further is None or (since is not None and further <= since):
                return
            since, token, number = further, "", 0
        elif not token:
            return


def _ask_about_others(
    parts: Parts, asked: Reviews, market: str, seen: set[str]
) -> None:
    """What is known of listings that did not come up may be over."""
    with parts.ledger.read() as tx:
        known = reviews.troubled(tx, parts.side, market)
    others = [sku for sku in known if sku not in seen]
    for start in range(0, len(others), asked.most_at_once):
        skus = others[start : start + asked.most_at_once]
        found = asked.of(market, skus)
        _keep(parts, market, found, none=skus)


def _keep(
    parts: Parts,
    market: str,
    listings: Iterable[Reviewed],
    none: Iterable[str] = (),
) -> None:
    said: dict[str, list[dict[str, object]]] = {sku: [] for sku in none}
    said |= {one.sku: list(one.issues) for one in listings}
    with parts.ledger.write() as tx:
        reviews.keep(tx, parts.side, market, said)

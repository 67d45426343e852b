"""A+ pages of brand owners: articles beside those they point at.

1. what each page should be is kept, if it is another than before.
2. a page of others at the product holds it until a person lets it go.
3. Amazon validates the page; what stands against it is kept.
4. one commit: it is being made. The page is made; its key is kept.
5. its product is stated; one commit: it is being handed in; it is.
6. Amazon is asked, once an hour, whether it is approved.

A crash in 4: the page is looked for by its name before it is made again. In
5: its state is looked at before it is handed in again; a change of a page
makes it a draft. All else is repeated, which is harmless. References that are
gone leave the page as it is.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.flows import sending
from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.flows.paging import sheets
from bridge.flows.sending import Errors
from bridge.flows.sending import declined
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import pages as rows
from bridge.ports.pages import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction

    Values = dict[str, Any]
    Step = Callable[[Parts, Any, Sheet, bool], Values]

ERRAND = "pages"
EVERY = timedelta(hours=1)
FORBIDDEN = "amazon.forbidden"
DIGEST = 16
DRAFT = "DRAFT"


def raise_pages(parts: Parts, tx: Transaction, *, now: bool = False) -> None:
    """Have the pages looked after, once an hour or now."""
    if not parts.settings.amazon.brand_owner:
        return
    account, at = parts.side.account, parts.clock.now()
    name = f"pages:next:{account}"
    due = facts.known(tx, name)
    if not now and due is not None and at.isoformat() < due:
        return
    facts.know(tx, name, (at + EVERY).isoformat())
    if now:
        rows.another_chance(tx, parts.side)
    for market in parts.settings.amazon.marketplaces:
        key = key_of(parts, market)
        dues.raise_due(tx, ERRAND, key, lane=f"pages:{account}", at=at)


def look_after(parts: Parts, key: str, generation: int) -> None:
    """Bring the pages of a marketplace further.

    Raises:
        ThrottledError: One of them may be there, and is looked for later.
        TransientError: Some could not be asked for.
    """
    market, errors = about(key), Errors()
    if parts.settings.amazon.brand_owner:
        _want(parts, market)
        with parts.ledger.read() as tx:
            left = rows.unfinished(tx, parts.side, market)
        for row in left:
            with errors.held():
                _advance(parts, row)
        errors.told()
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)


def _want(parts: Parts, market: str) -> None:
    wanted = list(sheets(parts, market))
    with parts.ledger.write() as tx:
        for sku, others, sheet in wanted:
            body = orjson.dumps(sheet.body, option=orjson.OPT_SORT_KEYS)
            digest = blake2b(body, digest_size=DIGEST).digest()
            rows.want(
                tx,
                parts.side,
                market,
                sku,
                asin=sheet.asin,
                others=others,
                body=body,
                digest=digest,
            )


def _advance(parts: Parts, row: Any) -> None:  # noqa: ANN401 - a row
    """Step by step, each kept, until it waits for somebody or is over."""
    fresh = False
    while (step := STEPS.get(row.state)) is not None:
        try:
            values = step(parts, row, _sheet(row), fresh)
        except RefusedError as error:
            values = _refused(parts, error)
        if not values:
            return
        with parts.ledger.write() as tx:
            rows.change(tx, parts.side, row, **values)
            row = rows.get(tx, parts.side, row.marketplace, row.sku)
        if row.state in {rows.HELD, rows.SUBMITTED}:
            return
        fresh = True


def _sheet(row: Any) -> Sheet:  # noqa: ANN401 - a row
    body = orjson.loads(row.body)
    place = (row.marketplace, row.asin, body["locale"], body["name"])
    return Sheet(*place, body)


def _refused(parts: Parts, error: RefusedError) -> Values:
    """What Amazon says no to; that a role lacks may be mended there."""
    if error.code == FORBIDDEN:
        said: dict[str, Any] = dict(error.facts)
        raise TransientError(FORBIDDEN, **said) from error
    return {
        "state": rows.REFUSED,
        "issues": list(declined(parts, error).issues),
    }


def _begin(parts: Parts, row: Any, sheet: Sheet, _fresh: bool) -> Values:  # noqa: ANN401, FBT001
    """See whether the place is free, and whether the page is right."""
    others = [k for k in parts.pages.published(sheet) if k != row.key]
    if others and others[0] != row.confirmed:
        same = (row.state, row.other) == (rows.HELD, others[0])
        return {} if same else {"state": rows.HELD, "other": others[0]}
    issues = list(parts.pages.validate(sheet))
    if issues:
        return {"state": rows.REFUSED, "issues": issues}
    if row.key:
        return {"state": rows.CHANGING}
    return {"state": rows.CREATING, "asked_at": parts.clock.now()}


def _create(parts: Parts, row: Any, sheet: Sheet, fresh: bool) -> Values:  # noqa: ANN401, FBT001
    """Make the page; one that may be there is looked for."""
    if not fresh:
        key = parts.pages.find(sheet)
        if key is not None:
            return {"state": rows.CHANGING, "key": key}
        if parts.clock.now() - row.asked_at < sending.SURE:
            raise ThrottledError("offers.looking", retry_after=sending.LOOK)
        with parts.ledger.write() as tx:
            now = parts.clock.now()
            rows.change(tx, parts.side, row, asked_at=now)
    try:
        key = parts.pages.create(sheet)
    except ThrottledError:  # it surely did not arrive
        with parts.ledger.write() as tx:
            rows.change(tx, parts.side, row, state=rows.WAITING)
        raise
    return {"state": rows.MADE, "key": key}


def _change(parts: Parts, row: Any, sheet: Sheet, _fresh: bool) -> Values:  # noqa: ANN401, FBT001
    parts.pages.update(sheet, row.key)
    return {"state": rows.MADE}


def _relate(parts: Parts, row: Any, sheet: Sheet, _fresh: bool) -> Values:  # noqa: ANN401, FBT001
    parts.pages.relate(sheet, row.key)
    return {"state": rows.SUBMITTING}


def _submit(parts: Parts, row: Any, sheet: Sheet, fresh: bool) -> Values:  # noqa: ANN401, FBT001
    """Hand the page in, unless it is."""
    status = DRAFT if fresh else parts.pages.status(sheet, row.key)
    if status != DRAFT:
        return {"state": status.lower()}
    parts.pages.submit(sheet, row.key)
    parts.log.info("page.submitted", marketplace=row.marketplace)
    return {"state": rows.SUBMITTED}


def _look(parts: Parts, row: Any, sheet: Sheet, _fresh: bool) -> Values:  # noqa: ANN401, FBT001
    """How far the approval is; a draft is a person's affair."""
    status = parts.pages.status(sheet, row.key).lower()
    return {"state": status} if status in rows.OVER else {}


STEPS: dict[str, Step] = {
    rows.WAITING: _begin,
    rows.HELD: _begin,
    rows.CREATING: _create,
    rows.CHANGING: _change,
    rows.MADE: _relate,
    rows.SUBMITTING: _submit,
    rows.SUBMITTED: _look,
}


def confirm(parts: Parts, argument: str) -> bool:
    """A person lets the pages of others at a SKU go.

    Args:
        parts: The pieces.
        argument: The account, ``|`` and the SKU.

    Returns:
        Whether there was one.
    """
    account, _, sku = argument.partition("|")
    own = parts.of_account(account)
    with parts.ledger.write() as tx:
        there = rows.confirm(tx, own.side, sku)
        if there:
            raise_pages(own, tx, now=True)
    return bool(there)

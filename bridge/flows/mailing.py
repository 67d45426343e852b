"""Mails that wait are sent: each once, whatever happens on the way.

1. one commit: a mail is on its way, with its Message-ID and date.
2. it is written, and handed over up to the point from where nobody could
   tell any more whether it was sent; one commit says that it came there.
3. it is sent.
4. one commit: it was sent, or what the server said.

A crash after 1: it is sent. After 2 or 3: it is in doubt, and never sent
again by itself. Who gets it is looked up in 2 and kept nowhere.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.flows.mails import ERRAND
from bridge.flows.mailtexts import Obstacle
from bridge.flows.mailtexts import composed
from bridge.flows.mailtexts import message_id
from bridge.jobs.retry import LONGEST_WAIT
from bridge.jobs.retry import Again
from bridge.jobs.retry import decide
from bridge.ledger import deliveries
from bridge.ledger import dues
from bridge.ledger import facts
from bridge.ledger import mails
from bridge.ledger.mails import DOUBT
from bridge.ledger.mails import REFUSED
from bridge.ledger.mails import SENDING
from bridge.ledger.mails import SENT
from bridge.ledger.mails import UNSENT
from bridge.ledger.mails import WAITING
from bridge.ports.mailer import DOUBT as IN_DOUBT

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.mails import Mail as Row
    from bridge.ports.mailer import Mail
    from bridge.ports.mailer import Mailer
    from bridge.ports.mailer import Post

LOT = 50  # mails looked at together
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GIVEN_UP = timedelta(days=5)  # RFC 5321 4.5.4.1: at least four or five
LATER = "mail.later"  # of one mail; the others may go
#: Nothing can be sent before somebody changes the settings.
SENDER = "mail.sender_refused"
LIMIT = "warning:mail:limit"  # facts that status shows
MISTAKE = "warning:mail:template"
SETTLED = frozenset(
    {"mail.paid", "mail.overtaken", "mail.withdrawn", "mail.amazons_order"}
)


class _Line:
    """A connection that is opened when the first mail needs it."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._opened = ExitStack()
        self._post: Post | None = None

    def post(self) -> Post:
        """The open connection.

        Raises:
            BridgeError: There is none to be had.
        """
        if self._post is None:
            self._post = self._opened.enter_context(self._mailer.connect())
        return self._post

    def close(self) -> None:
        """Hang up; the next mail gets another one."""
        self._post = None
        self._opened.close()


@dataclass
class _Allowance:
    """How many mails may still be sent.

    Attributes:
        limits: How many in how long.
        sent: When mails were sent in the last day, in order.
    """

    limits: dict[timedelta, int]
    sent: list[datetime] = field(default_factory=list)

    def free_at(self, now: datetime) -> datetime:
        """When the next mail may be sent."""
        found = [now]
        for span, most in self.limits.items():
            if len(self.sent) >= most:
                found.append(self.sent[-most] + span)
        return max(found)


def mail(parts: Parts, key: str, generation: int) -> None:
    """Send every mail that waits; twice is harmless.

    Raises:
        TransientError: The server does not answer, or not any more.
        RefusedError: It does not let us in, or takes nothing from us.
        ConfigError: There is no sender, or a secret is missing.
    """
    _settle(parts)
    with parts.ledger.write() as tx:
        facts.forget(tx, LIMIT)
        facts.forget(tx, MISTAKE)
    line, allowed = _Line(parts.mailer), _allowance(parts)
    try:
        free_at = _send_ripe(parts, line, allowed)
    finally:
        line.close()
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)
        next_at = mails.next_at(tx, parts.side.mode, parts.mandant)
        if next_at is None:
            return
        if free_at is not None:
            facts.know(tx, LIMIT, _limited(parts))
        # what lies further ahead is taken for one of a clock that fell back
        latest = parts.clock.now() + LONGEST_WAIT
        at = min(max(next_at, free_at or next_at), latest)
        dues.raise_due(tx, ERRAND, key, lane=f"{ERRAND}:{key}", at=at)


def _limited(parts: Parts) -> str:
    found = Finding("mail.limit", severity="warn")
    return found.told("bridge.toml", parts.settings.bridge.language)


def _settle(parts: Parts) -> None:
    """Mails that a crash left halfway wait again, or are in doubt."""
    with parts.ledger.write() as tx:
        left = mails.on_their_way(tx, parts.side.mode, parts.mandant)
        for row in left:
            if row.begun_at is None:
                mails.change(tx, row.id, state=WAITING)
            else:
                doubtful = _issue(RefusedError(IN_DOUBT))
                _end(parts, tx, row, DOUBT, doubtful)


def _allowance(parts: Parts) -> _Allowance:
    if not parts.mailer.limited:
        return _Allowance({})
    said, since = parts.settings.mail, parts.clock.now() - DAY
    with parts.ledger.read() as tx:
        sent = mails.handed_over(tx, parts.side.mode, since)
    return _Allowance({HOUR: said.per_hour, DAY: said.per_day}, sent)


def _send_ripe(
    parts: Parts, line: _Line, allowed: _Allowance
) -> datetime | None:
    """Send what may be sent now.

    Returns:
        When the others may be, if so many were sent that they must wait.
    """
    while True:
        now = parts.clock.now()
        with parts.ledger.read() as tx:
            mode, mandant = parts.side.mode, parts.mandant
            lot = mails.ripe(tx, mode, mandant, now, LOT)
        if not lot:
            return None
        for row in lot:
            free_at = allowed.free_at(parts.clock.now())
            if free_at > parts.clock.now():
                return free_at
            if _send(parts, line, row):
                allowed.sent.append(parts.clock.now())


def _send(parts: Parts, line: _Line, row: Row) -> bool:
    """Send one mail, or say at its row why not.

    Returns:
        Whether it was sent, or may have been.
    """
    now = parts.clock.now()
    id_ = message_id(row, parts.mailer.domain)
    try:
        made = composed(parts, row, id_, now)
    except ConfigError as error:  # a template; others may be good
        _wait(parts, row, error)
        with parts.ledger.write() as tx:
            language = parts.settings.bridge.language
            facts.know(tx, MISTAKE, error.told(language))
        return False
    if isinstance(made, Obstacle):
        issue = {"code": made.code, "facts": dict(made.facts)}
        with parts.ledger.write() as tx:
            _end(parts, tx, row, made.state, issue)
        return False
    on_its_way = {"state": SENDING, "message_id": id_, "sending_at": now}
    with parts.ledger.write() as tx:
        mails.change(tx, row.id, **on_its_way, begun_at=None, issue=None)
    try:
        post = line.post()
    except BridgeError:
        _wait(parts, row, None)  # it is not the fault of this mail
        raise
    return _handed_over(parts, line, row, made, post)


def _handed_over(
    parts: Parts, line: _Line, row: Row, made: Mail, post: Post
) -> bool:
    def begins() -> None:
        with parts.ledger.write() as tx:
            mails.change(tx, row.id, begun_at=parts.clock.now())

    state, issue = SENT, None
    try:
        post.send(made, begins)
    except TransientError as error:
        _put_off(parts, line, row, error)
        return False
    except RefusedError as error:
        if error.code == SENDER:
            _wait(parts, row, error)
            raise
        state, issue = REFUSED, _issue(error)
        if error.code == IN_DOUBT:
            state = DOUBT
            line.close()
    with parts.ledger.write() as tx:
        _end(parts, tx, row, state, issue)
    return state != REFUSED


def _put_off(
    parts: Parts, line: _Line, row: Row, error: TransientError
) -> None:
    """One mail comes later; others may not have to.

    Raises:
        TransientError: The connection is lost, or a disk is full.
    """
    since = parts.clock.now() - row.made_at
    if error.code == LATER and since > GIVEN_UP:
        given_up = {**_issue(error), "code": "mail.given_up"}
        with parts.ledger.write() as tx:
            _end(parts, tx, row, REFUSED, given_up)
        return
    _wait(parts, row, error)
    if error.code != LATER:
        line.close()
        raise error


def _wait(parts: Parts, row: Row, error: BridgeError | None) -> None:
    """A mail that surely was not sent waits, each time longer."""
    attempt, at = row.attempt, parts.clock.now()
    if error is not None:
        attempt += 1
        verdict = decide(TransientError(LATER), attempt=attempt)
        at += verdict.after if isinstance(verdict, Again) else DAY
    issue = None if error is None else _issue(error)
    waits = {"state": WAITING, "attempt": attempt, "not_before": at}
    with parts.ledger.write() as tx:
        mails.change(tx, row.id, **waits, begun_at=None, issue=issue)


def _issue(error: BridgeError) -> dict[str, Any]:
    told = {name: str(value) for name, value in error.facts.items()}
    return {"code": error.code, "facts": told}


def _end(
    parts: Parts,
    tx: Transaction,
    row: Row,
    state: str,
    issue: dict[str, Any] | None,
) -> None:
    """Write down what became of a mail, at its row and where it came from."""
    now = parts.clock.now()
    mails.change(tx, row.id, state=state, issue=issue, done_at=now)
    if issue is None:
        parts.log.info("mail.sent", mail=row.id)
        return
    parts.log.warning("mail.not_sent", mail=row.id, state=state)
    if issue["code"] in SETTLED:
        return  # nobody has to do anything
    found = Finding(
        *(issue["code"], row.line, None, row.name, "warn"),
        turn="sender" if state == UNSENT else "operator",
        facts=issue["facts"],
    )
    deliveries.note_once(tx, row.delivery_id, [found])

"""Killed after any step, a mail is there once, or a person is asked."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bridge.app.clock import SystemClock
from bridge.ledger.mailtables import mail
from tests.flows.test_mails import HEAD
from tests.flows.test_mails import SETTINGS as FIRM
from tests.flows.test_mails import paper
from tests.journeys.conftest import EVERY
from tests.journeys.conftest import Place
from tests.journeys.test_crashes import KILLED
from tests.journeys.test_live_crashes import SETTINGS
from tests.smtpd import Certificate
from tests.smtpd import serving
from tests.standin.amazon import KEYS
from tests.standin.amazon import serving as amazon_serving
from tests.standin.live import SETTINGS as LIVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Driver
    from tests.smtpd import Smtpd

STEPS = 80  # effects of a run
#: From the mail that is on its way to the commit that it was sent; each takes
#: seconds. The mail itself is the sixtieth effect or so.
TALK = range(46, 66, 2) if EVERY > 1 else range(1, STEPS)
MAIL = """\
deliver = "smtp"
host = "127.0.0.1"
port = {port}
ca = "file:server.pem"
"""
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="needs fork and kill -9"
)


@contextmanager
def journey(path: Path) -> Iterator[tuple[Place, Smtpd]]:
    """A bridge in live mode, its Amazon, and a mail server."""
    certificate = Certificate(path).make()
    with (
        amazon_serving(SystemClock()) as amazon,
        serving(certificate) as smtpd,
    ):
        (path / "keys").mkdir()
        for name in ("client_id", "client_secret", "refresh_token"):
            (path / "keys" / name).write_text(KEYS[name], encoding="utf-8")
        live = LIVE.format(url=amazon.url, more="")
        firm = FIRM.format(more=MAIL.format(port=smtpd.port))
        text = SETTINGS.format(amazon=live) + firm
        (path / "bridge.toml").write_text(text, encoding="utf-8")
        place = Place(path)
        place.drop("Belege_20260115_000001.csv", HEAD + paper())
        yield place, smtpd


@pytest.mark.parametrize("effect", TALK)
def test_a_mail_is_sent_once_or_is_in_doubt(
    driver: Driver, tmp_path: Path, effect: int
) -> None:
    with journey(tmp_path / "house") as (place, smtpd):
        code, seen = driver.once(place, killed_after=effect)
        assert code == KILLED or seen < effect
        driver.once(place)
        driver.once(place)

        ((state, number),) = place.rows(mail, "state", "number")
        wanted = {"sent": {1}, "doubt": {0, 1}}
        assert (number, True) == (1, len(smtpd.taken) in wanted[state])

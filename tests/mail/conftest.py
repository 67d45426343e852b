"""A mail as the house makes one, and both ways it can take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.app.wiring import FileDesk
from bridge.mail.files import FileMailer
from bridge.mail.smtp import Server
from bridge.mail.smtp import SmtpMailer
from bridge.ports.mailer import Attachment
from bridge.ports.mailer import Mail
from tests.smtpd import HOST
from tests.smtpd import read
from tests.smtpd import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from bridge.ports.mailer import Mailer
    from tests.smtpd import Smtpd

SENDER = "Muster Möbel GmbH <rechnung@muster.example>"
QUICK = timedelta(milliseconds=300)


def mail(**more: Any) -> Mail:  # noqa: ANN401
    """An invoice to somebody."""
    said: dict[str, Any] = {
        "id": "0123456789abcdef@muster.example",
        "at": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        "file": "RE_2026_1.eml",
        "name": "Erika Beispiel",
        "address": "erika@kunde.example",
        "subject": "Rechnung VFR-2026-1",
        "text": "Guten Tag,\n\nüber 24,90 €.\n.\n..\n",
        "html": "<p>Guten Tag,</p><p>über 24,90 €.</p>",
        "attachments": (
            Attachment(
                name="RE_2026_1.pdf",
                kind="application/pdf",
                content=b"%PDF-1.7\n" + bytes(range(256)),
            ),
        ),
    }
    return Mail(**(said | more))


def server(smtpd: Smtpd, **more: Any) -> Server:  # noqa: ANN401
    """How a server of the tests is reached."""
    said: dict[str, Any] = {
        "host": HOST,
        "port": smtpd.port,
        "security": "none",
        "patience": QUICK,
        "after_data": QUICK,
    }
    return Server(**(said | more))


@pytest.fixture
def smtpd() -> Iterator[Smtpd]:
    with serving() as running:
        yield running


@dataclass
class Way:
    """A mailer, and what came out at the other end.

    Attributes:
        arrived: The bytes of every mail, in order.
    """

    mailer: Mailer
    arrived: Callable[[], list[bytes]]

    def send(self, made: Mail) -> EmailMessage:
        """Send one mail; as it arrived."""
        with self.mailer.connect() as post:
            post.send(made, lambda: None)
        return read(self.arrived()[-1])


@pytest.fixture(params=["file", "smtp"])
def way(request: pytest.FixtureRequest, tmp_path: Path, smtpd: Smtpd) -> Way:
    if request.param == "smtp":
        mailer = SmtpMailer(server(smtpd), SENDER)
        return Way(mailer, lambda: smtpd.taken)
    folder = tmp_path / "mail"

    def written() -> list[bytes]:
        return [path.read_bytes() for path in sorted(folder.glob("*.eml"))]

    return Way(FileMailer(folder, SENDER, FileDesk()), written)

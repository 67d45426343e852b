"""What a person sees of mails, and what he may ask for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import main
from bridge.formats.bounces import Bounce
from bridge.formats.bounces import bounce_of
from tests.flows.test_mails import ADDRESS
from tests.flows.test_mails import NAME
from tests.flows.test_mails import SETTINGS
from tests.flows.test_mails import paper
from tests.flows.test_mails import parcel
from tests.flows.test_mails import ship
from tests.flows.test_mails import smtp
from tests.flows.test_mails import state
from tests.house import House
from tests.smtpd import PASSWORD
from tests.smtpd import USER
from tests.smtpd import Certificate
from tests.smtpd import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import StandingClock

SERVER = """\
deliver = "smtp"
host = "127.0.0.1"
port = {port}
ca = "file:tls/server.pem"
user = "file:user"
password = "file:password"
"""


@pytest.fixture
def firm(tmp_path: Path) -> House:
    house = House(tmp_path / "firm", more=SETTINGS.format(more="")).build()
    state(house, paper(), paper(number="2", email=""))
    ship(house, parcel())
    house.once()
    return house


def told(
    house: House, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    code = main(["--workspace", str(house.path), *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def as_json(
    house: House, capsys: pytest.CaptureFixture[str], *words: str
) -> Any:  # noqa: ANN401 - JSON
    return json.loads(told(house, capsys, *words, "--json")[1])


def test_a_paper_shows_its_mails_and_no_address(
    firm: House, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = as_json(firm, capsys, "document", "show", NAME)
    _, said = told(firm, capsys, "document", "show", "RE_2026_2")

    (mail,) = shown["mails"]
    assert ("invoices", "sent", 1) == (
        mail["event"],
        mail["state"],
        mail["number"],
    )
    assert "not sent" in said
    assert "bridge document again RE_2026_2 --mail" in said
    assert ADDRESS not in json.dumps(shown)


def test_a_parcel_is_shown_and_mailed_again_by_its_number(
    firm: House, capsys: pytest.CaptureFixture[str]
) -> None:
    told(firm, capsys, "document", "again", "0017", "--mail")
    firm.once()

    shown = as_json(firm, capsys, "document", "show", "0017")

    assert [(1, "sent"), (2, "sent")] == [
        (one["number"], one["state"]) for one in shown["mails"]
    ]


BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: rechnung@muster.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}> unknown

--b
Content-Type: {kind}

Message-ID: <{number}>
Subject: Rechnung

--b--
"""


def test_a_bounce_says_no_more_than_numbers() -> None:
    text = BOUNCE.format(
        number="1", action="failed", kind="text/rfc822-headers", address="x"
    ).replace("Status: 5.1.1", f"Status: {ADDRESS}")

    assert Bounce("1", "failed") == bounce_of(text.encode())


def come_back(
    house: House,
    number: str,
    action: str = "failed",
    kind: str = "text/rfc822-headers",
) -> None:
    text = BOUNCE.format(
        number=number, action=action, kind=kind, address=ADDRESS
    )
    house.drop("zurueck.eml", text)
    house.once()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_mail_that_came_back_is_told_and_may_go_again(
    firm: House, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    (mail,) = as_json(firm, capsys, "document", "show", NAME)["mails"]

    come_back(firm, mail["message_id"], kind=kind)

    shown = as_json(firm, capsys, "document", "show", NAME)
    (mail,) = shown["mails"]
    assert "returned" == mail["state"]
    assert "5.1.1" in mail["findings"][0]["message"]
    assert ADDRESS not in json.dumps(shown)
    _, said = told(firm, capsys, "status")
    assert f"bridge document again {NAME} --mail" in said
    told(firm, capsys, "document", "again", NAME, "--mail")
    firm.once()
    assert f"again {NAME} --mail" not in told(firm, capsys, "status")[1]
    names = [path.name for path in (firm.path / "archive").rglob("*eml*")]
    assert all(name.endswith(".locked") for name in names)
    assert names


@pytest.mark.parametrize(
    ("number", "action", "code"),
    [
        ("other@shop.example", "failed", "mail.unknown_bounce"),
        ("", "delayed", "mail.no_bounce"),
    ],
)
def test_what_came_back_of_others_is_told_and_changes_nothing(
    firm: House,
    capsys: pytest.CaptureFixture[str],
    number: str,
    action: str,
    code: str,
) -> None:
    (mail,) = as_json(firm, capsys, "document", "show", NAME)["mails"]

    come_back(firm, number or mail["message_id"], action)

    assert [code] == firm.codes(firm.deliveries()[-1].id)
    (mail,) = as_json(firm, capsys, "document", "show", NAME)["mails"]
    assert "sent" == mail["state"]


def test_status_names_the_paper_whose_mail_was_refused(
    firm: House, clock: StandingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with smtp(firm, clock) as post:
        post.smtpd.replies["RCPT"] = "550 5.1.1 unknown"
        state(firm, paper(number="3"))
        post.once()

    code, said = told(firm, capsys, "status")

    assert 0 == code, said
    assert "bridge document show RE_2026_3" in said
    assert "bridge document again RE_2026_3 --mail" in said


@pytest.mark.parametrize("words", [(), ("--mail",)])
def test_nothing_is_known_of_a_name(
    firm: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, said = told(firm, capsys, "document", "again", "RE_1", *words)

    assert 3 == code
    assert "RE_1" in said


@pytest.fixture
def served(tmp_path: Path) -> House:
    """A workspace whose mails go to a server that wants a password."""
    house = House(tmp_path / "served")
    Certificate(house.path / "tls").make()
    (house.path / "user").write_text(USER)
    (house.path / "password").write_text(PASSWORD)
    return house


def build(house: House, port: int) -> None:
    more = SERVER.format(port=port)
    house.more = SETTINGS.format(more=more)
    house.build()
    (house.path / "inbox").mkdir(exist_ok=True)


def test_a_live_check_signs_in_and_sends_nothing(
    served: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Certificate(served.path / "tls"), auth=True) as smtpd:
        build(served, smtpd.port)

        code, said = told(served, capsys, "check", "--live")

        assert (0, 1, []) == (code, smtpd.logins, smtpd.taken)
    assert "signed in, nothing sent" in said


def test_a_live_check_names_what_a_server_refuses(
    served: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (served.path / "password").write_text("falsch")
    with serving(Certificate(served.path / "tls"), auth=True) as smtpd:
        build(served, smtpd.port)

        code, said = told(served, capsys, "check", "--live")

    assert 5 == code
    assert "does not let us in" in said
    assert not re.search("falsch|kennwort", said)


def test_in_rehearsal_nothing_reaches_a_server(served: House) -> None:
    with serving(Certificate(served.path / "tls"), auth=True) as smtpd:
        build(served, smtpd.port)
        state(served, paper())

        served.once()

        assert (0, []) == (smtpd.connections, smtpd.taken)
    assert 1 == len(list((served.path / "outbox" / "mail").glob("*.eml")))

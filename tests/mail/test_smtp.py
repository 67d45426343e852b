"""A server that misbehaves: what is sent, what is not, what nobody knows."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bridge.errors import BridgeError
from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.mail.smtp import SmtpMailer
from tests.mail.conftest import SENDER
from tests.mail.conftest import mail
from tests.mail.conftest import server
from tests.smtpd import PASSWORD
from tests.smtpd import USER
from tests.smtpd import Certificate
from tests.smtpd import serving

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.mail.smtp import Server
    from bridge.ports.mailer import Mail
    from tests.smtpd import Smtpd


def sent(where: Server, *made: Mail) -> tuple[list[str], int]:
    """What became of mails on one connection; how often it was begun."""
    found, begun = [], []
    with SmtpMailer(where, SENDER).connect() as post:
        for one in made or (mail(),):
            try:
                post.send(one, lambda: begun.append(1))
            except BridgeError as error:
                found.append(error.code)
            else:
                found.append("sent")
    return found, len(begun)


def failure(where: Server) -> BridgeError:
    """Why there is no connection."""
    with (
        pytest.raises(BridgeError) as caught,
        SmtpMailer(where, SENDER).connect(),
    ):
        pass
    return caught.value


def test_several_mails_share_a_connection(smtpd: Smtpd) -> None:
    two = mail(id="2@muster.example", address="max@kunde.example")

    assert (["sent", "sent"], 2) == sent(server(smtpd), mail(), two)

    assert 1 == smtpd.connections
    own = "rechnung@muster.example"
    assert [
        (own, "erika@kunde.example"),
        (own, "max@kunde.example"),
    ] == smtpd.routes


@pytest.mark.parametrize(
    ("verb", "reply", "code", "begun"),
    [
        ("MAIL", "421 4.3.2 closing", "mail.closing", 0),
        ("MAIL", "451 4.3.0 later", "mail.later", 0),
        ("MAIL", "553 5.7.1 not your address", "mail.sender_refused", 0),
        ("RCPT", "452 4.2.2 full", "mail.later", 0),
        ("RCPT", "550 5.1.1 unknown", "mail.refused", 0),
        ("RCPT", "421 4.7.0 too many", "mail.closing", 0),
        ("DATA", "452 4.3.1 no room", "mail.later", 1),
        ("DATA", "554 5.7.1 spam", "mail.refused", 1),
        ("DATA", "421 4.3.2 closing", "mail.closing", 1),
    ],
)
def test_an_answer_says_what_becomes_of_a_mail(
    smtpd: Smtpd, verb: str, reply: str, code: str, begun: int
) -> None:
    smtpd.replies[verb] = reply

    assert ([code], begun) == sent(server(smtpd))
    assert [] == smtpd.taken


def test_one_recipient_that_is_refused_keeps_no_other_back(
    smtpd: Smtpd,
) -> None:
    smtpd.replies["gone@kunde.example"] = "550 5.1.1 no such user"
    smtpd.replies["full@kunde.example"] = "452 4.2.2 full"
    made = [
        mail(id=f"{name}@muster.example", address=f"{name}@kunde.example")
        for name in ("gone", "full", "erika")
    ]

    codes, _ = sent(server(smtpd), *made)

    assert ["mail.refused", "mail.later", "sent"] == codes


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["breaks", "mute"])
def test_a_connection_lost_before_the_mail_is_no_doubt(
    smtpd: Smtpd, verb: str, how: str
) -> None:
    setattr(smtpd, how, verb)

    assert (["mail.cut"], 0) == sent(server(smtpd))


@pytest.mark.parametrize("how", ["breaks", "mute"])
def test_a_connection_lost_behind_the_mail_leaves_a_doubt(
    smtpd: Smtpd, how: str
) -> None:
    setattr(smtpd, how, "DATA")

    assert (["mail.in_doubt"], 1) == sent(server(smtpd))
    assert 1 == len(smtpd.taken)


def test_what_cannot_be_written_down_is_not_sent(smtpd: Smtpd) -> None:
    def full() -> None:
        raise TransientError("files.full")

    with (
        SmtpMailer(server(smtpd), SENDER).connect() as post,
        pytest.raises(TransientError),
    ):
        post.send(mail(), full)

    assert [] == smtpd.taken


@pytest.mark.parametrize(
    "words",
    [
        "550 5.1.1 <erika@kunde.example>: no such user",
        "550 5.1.1 User erika unknown at host kunde.example",
        "550 5.1.1 ERIKA@KUNDE.EXAMPLE unknown; see help@smtp.example",
    ],
)
def test_the_words_of_a_server_are_kept_without_the_address(
    smtpd: Smtpd, words: str
) -> None:
    smtpd.replies["RCPT"] = words

    with (
        SmtpMailer(server(smtpd), SENDER).connect() as post,
        pytest.raises(RefusedError) as caught,
    ):
        post.send(mail(), lambda: None)

    said = str(caught.value)
    assert "550 5.1.1" in said
    assert "erika" not in said.lower()
    assert "kunde.example" not in said.lower()


def test_an_address_with_umlauts_needs_a_server_that_can() -> None:
    with serving(utf8=False) as old:
        made = mail(address="jürgen@kunde.example")

        assert (["mail.no_utf8", "sent"], 1) == sent(server(old), made, mail())


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with serving() as there:
        where = server(there, port=port)

    error = failure(where)

    assert isinstance(error, TransientError)
    assert "mail.unreachable" == error.code


def test_somebody_answers_who_never_says_a_word() -> None:
    with serving() as there, socket.create_server(("127.0.0.1", 0)) as deaf:
        where = server(there, port=deaf.getsockname()[1])

        assert "mail.unreachable" == failure(where).code


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("tls")).make()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_go_in_the_dark_after_signing_in(
    certificate: Certificate, security: str
) -> None:
    with serving(certificate, tls=security == "tls", auth=True) as safe:
        where = server(
            safe,
            security=security,
            ca=certificate.path,
            credentials=lambda: (USER, PASSWORD),
        )

        assert (["sent"], 1) == sent(where)
        assert 1 == safe.logins


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(
    certificate: Certificate, security: str
) -> None:
    with serving(certificate, tls=security == "tls") as strange:
        error = failure(server(strange, security=security))

    assert "mail.bad_certificate" == error.code
    assert isinstance(error, RefusedError)


def test_a_certificate_for_somebody_else_is_refused(tmp_path: Path) -> None:
    other = Certificate(tmp_path / "other").make("smtp.other.example")
    with serving(other) as strange:
        where = server(strange, security="starttls", ca=other.path)

        assert "mail.bad_certificate" == failure(where).code


def test_a_server_that_cannot_lock_is_told_nothing(smtpd: Smtpd) -> None:
    where = server(
        smtpd, security="starttls", credentials=lambda: (USER, PASSWORD)
    )

    assert "mail.no_tls" == failure(where).code
    assert 0 == smtpd.logins


def test_a_wrong_password_is_tried_once(certificate: Certificate) -> None:
    with serving(certificate, auth=True) as safe:
        where = server(
            safe,
            security="starttls",
            ca=certificate.path,
            credentials=lambda: (USER, "falsch"),
        )

        error = failure(where)

        assert ("mail.not_let_in", 1) == (error.code, safe.logins)
        assert "falsch" not in str(error)


def test_a_file_without_a_certificate_is_named(tmp_path: Path) -> None:
    for content in (None, b"nothing"):
        path = tmp_path / "ca.pem"
        if content is not None:
            path.write_bytes(content)
        with serving() as there:
            where = server(there, security="tls", ca=path)

            error = failure(where)

        assert "mail.no_ca" == error.code
        assert isinstance(error, ConfigError)

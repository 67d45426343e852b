"""What every way for mails promises: a file and a server alike."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header
from email.header import make_header
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.errors import RefusedError
from bridge.ports.mailer import Attachment
from tests.mail.conftest import mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.mail.conftest import Way


def part(made: EmailMessage, kind: str) -> str:
    """The text of the body of a kind."""
    body: Any = made.get_body((kind,))
    text: str = body.get_content()
    return text.replace("\r\n", "\n")


def test_a_mail_arrives_with_its_headers(way: Way) -> None:
    got = way.send(mail())

    said = {
        "From": "Muster Möbel GmbH <rechnung@muster.example>",
        "To": "Erika Beispiel <erika@kunde.example>",
        "Subject": "Rechnung VFR-2026-1",
        "Date": "Thu, 15 Jan 2026 09:30:00 +0000",
        "Message-ID": "<0123456789abcdef@muster.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    assert said == {name: str(got[name]) for name in said}


def test_text_and_html_say_the_same(way: Way) -> None:
    got = way.send(mail())

    assert mail().text == part(got, "plain")
    assert mail().html == part(got, "html").rstrip("\n")


def test_what_goes_along_arrives_to_the_byte(way: Way) -> None:
    pdf, *_ = mail().attachments
    xml = Attachment(
        name="RE_2026_1.xml",
        kind="application/xml",
        content="<a>ü\r\n.\r\n</a>".encode(),
    )

    got = way.send(mail(attachments=(pdf, xml)))

    found = [
        (one.get_filename(), one.get_content_type(), one.get_content())
        for one in got.iter_attachments()
    ]
    assert [(one.name, one.kind, one.content) for one in (pdf, xml)] == found


def test_the_same_mail_is_the_same_to_the_byte(way: Way) -> None:
    way.send(mail())
    first = way.arrived()[-1]

    way.send(mail())

    assert first == way.arrived()[-1]


INJECTED = "Erika\r\nBcc: alle@kunde.example\r\n\r\nText"


@pytest.mark.parametrize("field", ["name", "subject"])
@pytest.mark.parametrize(
    "text", [INJECTED, INJECTED.replace("\r\n", "\n"), "A\u2028B\x0bC\x85D\0"]
)
def test_nobody_can_write_a_header_into_a_name(
    way: Way, field: str, text: str
) -> None:
    got = way.send(mail(**{field: text}))

    assert ["MIME-Version"] == [
        name
        for name in got
        if name
        not in {
            *("From", "To", "Subject", "Date", "Message-ID"),
            *("Auto-Submitted", "Content-Type"),
        }
    ]
    assert 1 == len(got["To"].addresses)
    assert mail().text == part(got, "plain")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "erika",
        "@kunde.example",
        "erika@",
        "erika@kunde.example\nRCPT TO:<alle@kunde.example>",
        "erika@kunde.example, alle@kunde.example",
        "erika>@kunde.example",
        "erika beispiel@kunde.example",
        "erika@kunde..example",
        "erika@-kunde.example",
        "e" * 65 + "@kunde.example",
        "erika@" + ".".join(["kunde" * 10] * 6),
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(
    way: Way, address: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        way.send(mail(address=address))

    assert "mail.bad_address" == caught.value.code
    assert "erika" not in str(caught.value)
    assert [] == way.arrived()


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Süß-Őszi & Söhne, Inh. „Ä“ <Größe>",
        "東京 太郎",
        "אבי כהן",
        "Emoji 🎉 GmbH",
        "x" * 400,
        "a, b; c: d@e.example",
        "",
    ],
)
def test_names_in_any_script_arrive(way: Way, name: str) -> None:
    way.send(mail(name=name, subject=name))

    # Python 3.11 reads blanks into long names; the older reader does not.
    got = message_from_bytes(way.arrived()[-1])
    who = str(make_header(decode_header(got["To"].replace("\r\n", ""))))
    assert who.endswith("erika@kunde.example" if not name else ".example>")
    assert name[:100] in who.replace("\\", "")
    assert name[:200] == str(make_header(decode_header(got["Subject"])))


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("erika@straße.example", "erika@xn--strae-oqa.example"),
        ("erika@MÜLLER.example", "erika@xn--mller-kva.example"),
        ("Erika+shop@kunde.example", "Erika+shop@kunde.example"),
        ("o'neil@kunde.example", "o'neil@kunde.example"),
    ],
)
def test_domains_in_any_script_become_what_servers_know(
    way: Way, address: str, wire: str
) -> None:
    got = way.send(mail(address=address))

    assert wire == got["To"].addresses[0].addr_spec


def test_an_address_with_umlauts_arrives_as_it_is(way: Way) -> None:
    got = way.send(mail(address="jürgen@kunde.example"))

    assert "jürgen@kunde.example".encode() in way.arrived()[-1]
    assert "Erika Beispiel" == got["To"].addresses[0].display_name


def test_no_line_is_longer_than_servers_take(way: Way) -> None:
    way.send(mail(text="ä" * 5_000, html="<p>" + "x" * 5_000 + "</p>"))

    lines = way.arrived()[-1].split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not [line for line in lines if b"\n" in line]

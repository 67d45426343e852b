"""Customers hear of papers and parcels by mail: once, and only if allowed."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import pytest
from sqlalchemy import select

from bridge.app.service import Service
from bridge.ledger import facts
from bridge.ledger import mails
from bridge.ledger.mailtables import mail as table
from bridge.mail.smtp import SmtpMailer
from tests.house import House
from tests.mail.conftest import SENDER
from tests.mail.conftest import server
from tests.sagepapers import CONSUMER
from tests.smtpd import read
from tests.smtpd import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from tests.conftest import StandingClock
    from tests.smtpd import Smtpd

SETTINGS = """\
[letterhead]
company = "Muster Möbel GmbH"
address = ["Musterweg 1", "01099 Dresden"]
vat_id = "DE136695976"
register = "Amtsgericht Dresden, HRB 1"
directors = ["Erika Beispiel"]
iban = "DE02 1203 0000 0000 2020 51"
email = "rechnung@muster.example"
phone = "+49 351 0"
contact = "Erika Beispiel"

[papers]
language = "de"
schematron = false

[mail]
sender = "Muster Möbel GmbH <rechnung@muster.example>"
events = ["quotes", "invoices", "credit_notes", "payment_requests", "tracking"]
{more}
"""
HEAD = (
    "Belegkennzeichen;Belegart;Belegjahr;Belegnummer;Belegdatum;"
    "Leistungsdatum;Referenznummer;Kunde;A2Name1;WKz;IstBruttopreis;"
    "Nettobetrag;Steuerbetrag;Bruttobetrag;Faelligkeit;EMail;Sprache;"
    "ERechnung;Kaeuferreferenz;A2Strasse;A2PLZ;A2Ort;Position;Artikelnummer;"
    "Bezeichnung1;Menge;Einzelpreis;Gesamtpreis;Steuersatz\n"
)
SHIPPED = "Referenznummer;Versanddatum;Frachtfuehrer;Paketnummer\n"
ASKED = (
    "Belegart;Belegjahr;Belegnummer;Stufe;Belegdatum;Kunde;Name1;Zahlungsart;"
    "Bruttobetrag;Bezahlt;OffenerBetrag;WKz;Faelligkeit;Verwendungszweck;"
    "EMail\n"
)
ADDRESS = "erika@kunde.example"
NAME = "RE_2026_1"


def paper(**said: str) -> str:
    """A paper over 24.90; by default an invoice to Erika."""
    facts = {
        "kind": "Rechnung",
        "number": "1",
        "order": "WEB-1",
        "name": "Erika Kunde",
        "email": ADDRESS,
        "language": "",
        "form": "nein",
        **said,
    }
    return (
        "VFR;{kind};2026;{number};14.01.2026;14.01.2026;{order};D90001;{name};"
        "EUR;-1;20,92;3,98;24,90;28.01.2026;{email};{language};{form};"
        "04011000-1-1;Weg 1;01099;Dresden;1;0010;Mühle;1;24,90;24,90;19,00\n"
    ).format(**facts)


def request(level: int = 0, open_: str = "24,90") -> str:
    """A request to pay the invoice."""
    paid = "0,00" if open_ != "0,00" else "24,90"
    return (
        f"Rechnung;2026;1;{level};16.01.2026;D90001;Erika Kunde;Rechnung;"
        f"24,90;{paid};{open_};EUR;30.01.2026;VFR-2026-1;{ADDRESS}\n"
    )


def parcel(
    tracking: str = "0017", order: str = "WEB-1", by: str = "DHL"
) -> str:
    return f"{order};14.01.2026 07:00:00;{by};{tracking}\n"


@pytest.fixture
def firm(tmp_path: Path) -> House:
    """A firm that prints papers and mails them, in rehearsal."""
    return House(tmp_path / "firm", more=SETTINGS.format(more="")).build()


def state(house: House, *rows: str) -> None:
    house.drop(house.later("Belege"), HEAD + "".join(rows))


def ask(house: House, *rows: str) -> None:
    house.drop(house.later("Zahlungsaufforderung"), ASKED + "".join(rows))


def ship(house: House, *rows: str) -> None:
    house.drop(house.later("Versand"), SHIPPED + "".join(rows))


def posted(house: House) -> dict[str, EmailMessage]:
    """The mails that became files, by name."""
    folder = house.path / "outbox" / "mail"
    return {
        path.name: read(path.read_bytes())
        for path in sorted(folder.glob("*.eml"))
    }


def only(house: House) -> EmailMessage:
    (made,) = posted(house).values()
    return made


def words(made: EmailMessage, kind: str = "plain") -> str:
    body: Any = made.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n")


def rows(house: House) -> list[tuple[str, str, int, str, str | None]]:
    """Event, name, number, state and issue of every mail."""
    parts = house.parts()
    columns = (table.c.event, table.c.name, table.c.number, table.c.state)
    with parts.ledger.read() as tx:
        found = tx.execute(
            select(*columns, table.c.issue).order_by(table.c.id)
        )
        told = [(*row[:4], row[4] and row[4]["code"]) for row in found]
    parts.close()
    return told


def test_an_invoice_is_mailed_with_its_pdf(firm: House) -> None:
    state(firm, paper())

    code = firm.once()

    assert 0 == code
    made = only(firm)
    assert (
        "Erika Kunde <erika@kunde.example>",
        "Rechnung VFR-2026-1",
    ) == (str(made["To"]), str(made["Subject"]))
    (pdf,) = made.iter_attachments()
    printed = firm.path / "outbox" / "documents" / f"{NAME}.pdf"
    assert (f"{NAME}.pdf", printed.read_bytes()) == (
        pdf.get_filename(),
        pdf.get_content(),
    )
    assert [("invoices", NAME, 1, "sent", None)] == rows(firm)


def test_text_and_html_name_paper_and_firm(firm: House) -> None:
    state(firm, paper())

    firm.once()

    for kind in ("plain", "html"):
        said = words(only(firm), kind)
        for part in ("Rechnung VFR-2026-1", "14.01.2026", "24,90\u00a0EUR"):
            assert part in said
        for part in ("Musterweg 1", "HRB 1", "Geschäftsführung: Erika"):
            assert part in said


def test_a_customer_is_written_to_in_his_language(firm: House) -> None:
    state(firm, paper(language="en"))

    firm.once()

    assert "Invoice VFR-2026-1" == str(only(firm)["Subject"])
    assert "Managing directors" in words(only(firm))
    assert '<html lang="en">' in words(only(firm), "html")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("kind", "event", "short"),
    [
        ("Angebot", "quotes", "AN"),
        ("Auftragsbestätigung", "confirmations", "AB"),
        ("Lieferschein", "delivery_notes", "LS"),
    ],
)
def test_every_kind_of_paper_has_words_of_its_own(
    tmp_path: Path, kind: str, event: str, short: str, language: str
) -> None:
    settings = re.sub(
        r"events = .*", f'events = ["{event}"]', SETTINGS.format(more="")
    )
    firm = House(tmp_path / "firm", more=settings).build()
    state(firm, paper(kind=kind, language=language))

    firm.once()

    assert [(event, f"{short}_2026_1", 1, "sent", None)] == rows(firm)
    assert "VFR-2026-1" in str(only(firm)["Subject"])
    assert "VFR-2026-1" in words(only(firm))


def test_an_invoice_for_machines_goes_along(firm: House) -> None:
    state(firm, paper(form="xrechnung"))

    firm.once()

    made = only(firm) if posted(firm) else None
    assert made is not None, [item.told("") for item in firm.findings(1)]
    names = [one.get_filename() for one in made.iter_attachments()]
    assert [f"{NAME}.pdf", f"{NAME}.xml"] == names


def test_nothing_is_mailed_that_nobody_asked_for(tmp_path: Path) -> None:
    settings = re.sub(r"events = .*", "", SETTINGS.format(more=""))
    firm = House(tmp_path / "firm", more=settings).build()
    state(firm, paper())
    ship(firm, parcel())

    firm.once()

    assert ({}, []) == (posted(firm), rows(firm))


def test_the_same_paper_again_is_not_mailed_again(firm: House) -> None:
    state(firm, paper())
    firm.once()

    state(firm, paper())
    firm.once()

    assert 1 == len(rows(firm))


def test_a_person_gets_it_mailed_once_more_as_another_mail(
    firm: House,
) -> None:
    state(firm, paper())
    firm.once()

    assert "done" == firm.ask("document.mail", NAME)
    firm.once()

    first, second = posted(firm).values()
    assert first["Message-ID"] != second["Message-ID"]
    assert [1, 2] == [row[2] for row in rows(firm)]
    assert "refused" == firm.ask("document.mail", "RE_2026_9")


def test_a_person_may_mail_what_no_event_asks_for(tmp_path: Path) -> None:
    settings = re.sub(r"events = .*", "", SETTINGS.format(more=""))
    firm = House(tmp_path / "firm", more=settings).build()
    state(firm, paper())
    firm.once()

    firm.ask("document.mail", NAME)
    firm.once()

    assert [("invoices", NAME, 1, "sent", None)] == rows(firm)


def test_a_paper_without_an_address_says_so_and_is_no_error(
    firm: House,
) -> None:
    state(firm, paper(email=""))

    code = firm.once()

    assert 0 == code
    assert [("invoices", NAME, 1, "unsent", "mail.no_address")] == rows(firm)
    assert "mail.no_address" in firm.codes(1)


@pytest.mark.parametrize(
    ("switched", "kind", "order", "email", "outcome"),
    [
        (False, "Rechnung", CONSUMER, "a@marketplace.amazon.de", None),
        (True, "Rechnung", CONSUMER, "a@marketplace.amazon.de", "sent"),
        (True, "Angebot", CONSUMER, "a@marketplace.amazon.de", None),
        (True, "Rechnung", CONSUMER, ADDRESS, None),
        (True, "Rechnung", "WEB-1", "a@Marketplace.Amazon.co.uk", None),
        (True, "Rechnung", "WEB-1", "a@m.marketplace.amazon.de", None),
        (False, "Rechnung", "WEB-1", "a@amazonas.example", "sent"),
    ],
)
def test_amazons_addresses_get_invoices_only_where_it_is_switched_on(  # noqa: PLR0913, PLR0917 - cases
    tmp_path: Path,
    switched: bool,  # noqa: FBT001
    kind: str,
    order: str,
    email: str,
    outcome: str | None,
) -> None:
    more = f"amazon_aliases = {str(switched).lower()}"
    firm = House(tmp_path / "firm", more=SETTINGS.format(more=more)).build()
    state(firm, paper(kind=kind, order=order, email=email))

    firm.once()

    ((_, _, _, became, why),) = rows(firm)
    assert (outcome or "unsent") == became
    assert (why in {"mail.alias", "mail.amazons_order"}) == (outcome is None)
    assert len(posted(firm)) == (outcome is not None)


def test_what_was_printed_is_sent_whatever_became_of_the_outbox(
    firm: House,
) -> None:
    state(firm, paper())
    firm.once()
    printed = firm.path / "outbox" / "documents" / f"{NAME}.pdf"

    printed.write_bytes(printed.read_bytes() + b" ")
    firm.ask("document.mail", NAME)
    firm.once()
    printed.unlink()
    firm.ask("document.mail", NAME)
    firm.once()

    assert [None, None, None] == [row[4] for row in rows(firm)]
    assert 3 == len(posted(firm))


def test_a_file_that_is_gone_from_the_archive_is_not_sent(
    firm: House,
) -> None:
    state(firm, paper())
    firm.once()
    (kept,) = (firm.path / "archive" / "papers").rglob("*.locked")
    kept.unlink()

    firm.ask("document.mail", NAME)
    code = firm.once()

    assert 5 == code
    assert [None, "mail.no_file"] == [row[4] for row in rows(firm)]


def test_what_sage_changed_after_printing_waits_for_a_person(
    firm: House, clock: StandingClock
) -> None:
    state(firm, paper())
    with smtp(firm, clock) as post:
        post.smtpd.replies["RCPT"] = "451 4.3.0 later"
        post.once()
        state(firm, paper(name="Erika Anders"))

        post.smtpd.replies.clear()
        post.once(timedelta(hours=1))

        assert [("unsent", "mail.changed")] == [row[3:] for row in rows(firm)]
        assert [] == post.smtpd.taken


# Payment requests


def test_a_request_to_pay_is_mailed(firm: House) -> None:
    state(firm, paper())
    firm.once()

    ask(firm, request())
    firm.once()

    _, made = posted(firm).values()
    assert "VFR-2026-1" in str(made["Subject"])
    assert "24,90\u00a0EUR" in words(made)
    assert "vom 14.01.2026" in words(made)  # the day of the invoice itself


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (request(open_="0,00"), "mail.paid"),
        (request(1, open_="0,00"), "mail.paid"),
        (request(1), "mail.overtaken"),
    ],
)
def test_a_reminder_that_waits_stops_when_it_is_settled(
    firm: House, clock: StandingClock, later: str, why: str
) -> None:
    ask(firm, request())
    with smtp(firm, clock) as post:
        post.smtpd.replies["RCPT"] = "451 4.3.0 later"
        post.once()
        ask(firm, later)

        post.smtpd.replies.clear()
        post.once(timedelta(hours=1))

        assert ("unsent", why) == rows(firm)[0][3:]
        assert len(post.smtpd.taken) == (why == "mail.overtaken")


def test_what_is_paid_is_never_asked_for(firm: House) -> None:
    ask(firm, request(open_="0,00"))

    code = firm.once()

    assert (0, []) == (code, rows(firm))


# Parcels


def test_a_parcel_is_told_once_with_the_carriers_page(firm: House) -> None:
    state(firm, paper(kind="Lieferschein"))
    ship(firm, parcel('"00340434;00340435"'))

    firm.once()
    ship(firm, parcel('"00340434;00340435"', by="DPD"))
    firm.once()

    assert [
        ("tracking", "00340434", 1, "sent", None),
        ("tracking", "00340435", 1, "sent", None),
    ] == rows(firm)
    for made, number in zip(
        posted(firm).values(), ("00340434", "00340435"), strict=True
    ):
        link = (
            "https://www.dhl.de/de/privatkunden/pakete-empfangen/"
            f"verfolgen.html?piececode={number}"
        )
        assert f"hier: {link}\n" in words(made)
        assert f'<a href="{link}"' in words(made, "html")
        assert ADDRESS == made["To"].addresses[0].addr_spec


def test_amazon_tells_its_own_parcels(firm: House) -> None:
    firm.order()
    firm.once()
    ship(firm, parcel(order=CONSUMER))

    firm.once()

    assert [] == rows(firm)


def test_a_parcel_of_an_unknown_order_follows_when_it_is_known(
    firm: House,
) -> None:
    ship(firm, parcel())
    firm.once()
    lacking = rows(firm)

    state(firm, paper(kind="Lieferschein"))
    firm.once()

    assert [("unsent", "mail.unknown_order")] == [x[3:] for x in lacking]
    assert [("sent", None)] == [row[3:] for row in rows(firm)]


# A server


class Posting:
    """A house whose mails go to a real server, in a time that stands."""

    def __init__(
        self, house: House, clock: StandingClock, smtpd: Smtpd
    ) -> None:
        self.house, self.clock, self.smtpd = house, clock, smtpd
        self.limits: dict[str, int] = {}

    def once(self, wait: timedelta = timedelta(0)) -> int:
        """Everything that is due, then stop."""
        whole = self.house.parts(self.clock)
        mailer = SmtpMailer(server(self.smtpd), SENDER)
        said = whole.settings.mail.model_copy(update=self.limits)
        parts = replace(
            whole,
            mailer=mailer,
            settings=whole.settings.model_copy(update={"mail": said}),
        )
        try:
            return Service(parts).once(wait)
        finally:
            parts.close()

    def again(self, name: str) -> None:
        """A person wants something mailed once more."""
        parts = self.house.parts(self.clock)
        with parts.ledger.write() as tx:
            facts.ask(tx, "document.mail", name, self.clock.now())
        parts.close()


@contextmanager
def smtp(house: House, clock: StandingClock) -> Iterator[Posting]:
    """A house and a server for its mails."""
    with serving() as smtpd:
        yield Posting(house, clock, smtpd)


@pytest.fixture
def post(firm: House, clock: StandingClock) -> Iterator[Posting]:
    with smtp(firm, clock) as made:
        yield made


def test_a_mail_that_was_sent_is_not_sent_by_the_next_run(
    post: Posting,
) -> None:
    state(post.house, paper())

    codes = post.once(), post.once()

    assert ((0, 0), 1) == (codes, len(post.smtpd.taken))


@pytest.mark.parametrize(
    ("reply", "outcome", "code"),
    [
        ("550 5.1.1 <erika@kunde.example> unknown", "refused", 5),
        ("452 4.2.2 full", "waiting", 4),
        ("421 4.3.2 closing", "waiting", 4),
    ],
)
def test_what_a_server_says_is_kept_without_the_address(
    post: Posting, reply: str, outcome: str, code: int
) -> None:
    post.smtpd.replies["RCPT"] = reply
    state(post.house, paper())

    assert code == post.once()

    ((_, _, _, became, why),) = rows(post.house)
    assert outcome == became
    assert why in {"mail.refused", "mail.later", "mail.closing"}


def test_a_mail_that_had_to_wait_is_sent_later(post: Posting) -> None:
    post.smtpd.replies["DATA"] = "452 4.3.1 no room"
    state(post.house, paper())
    post.once()

    post.smtpd.replies.clear()
    post.once(timedelta(hours=1))

    assert ["sent"] == [row[3] for row in rows(post.house)]
    assert 1 == len(post.smtpd.taken)


def test_one_that_waits_keeps_no_other_back(post: Posting) -> None:
    post.smtpd.replies[ADDRESS] = "452 4.2.2 full"
    other = paper(number="2", email="max@kunde.example")
    state(post.house, paper(), other)

    post.once()

    assert {NAME: "waiting", "RE_2026_2": "sent"} == {
        row[1]: row[3] for row in rows(post.house)
    }


def test_a_mail_nobody_takes_for_five_days_is_given_up(post: Posting) -> None:
    post.smtpd.replies["RCPT"] = "452 4.2.2 full"
    state(post.house, paper())
    post.once()

    post.clock.sleep(timedelta(days=5, minutes=1))
    code = post.once()

    assert 5 == code
    assert [("refused", "mail.given_up")] == [x[3:] for x in rows(post.house)]


def test_a_doubt_is_never_sent_again_by_itself(post: Posting) -> None:
    post.smtpd.breaks = "DATA"
    state(post.house, paper())

    code = post.once()
    post.smtpd.breaks = ""
    post.once(timedelta(hours=1))

    assert (5, 1) == (code, len(post.smtpd.taken))
    assert [("doubt", "mail.in_doubt")] == [x[3:] for x in rows(post.house)]


def test_a_person_settles_a_doubt(post: Posting) -> None:
    post.smtpd.breaks = "DATA"
    state(post.house, paper())
    post.once()
    troubled = post.house.view("status")["mails_troubled"]

    post.smtpd.breaks = ""
    post.again(NAME)
    post.once()

    assert [{"state": "doubt", "count": 1, "name": NAME}] == troubled
    assert [] == post.house.view("status")["mails_troubled"]
    assert {"doubt": 1, "sent": 1} == post.house.view("status")["mails"]


@pytest.mark.parametrize(
    ("begun", "outcome", "number"), [(False, "sent", 1), (True, "doubt", 0)]
)
def test_what_a_crash_left_is_sent_unless_it_may_have_been(
    post: Posting,
    begun: bool,  # noqa: FBT001 - a case
    outcome: str,
    number: int,
) -> None:
    post.smtpd.replies["RCPT"] = "452 4.2.2 full"
    state(post.house, paper())
    post.once()
    post.smtpd.replies.clear()
    parts = post.house.parts(post.clock)
    with parts.ledger.write() as tx:
        at = post.clock.now() if begun else None
        mails.change(tx, 1, state="sending", begun_at=at)
    parts.close()

    post.once(timedelta(hours=1))

    assert (outcome, number) == (rows(post.house)[0][3], len(post.smtpd.taken))


def test_so_many_an_hour_and_a_day(post: Posting) -> None:
    post.limits = {"per_hour": 2, "per_day": 3}
    state(post.house, *(paper(number=str(one)) for one in range(1, 6)))

    post.once()
    first = len(post.smtpd.taken)
    (warning,) = post.house.view("status")["warnings"]
    post.once(timedelta(hours=2))
    second = len(post.smtpd.taken)
    post.once(timedelta(hours=30))

    assert "As many mails" in warning
    assert (2, 3, 5) == (first, second, len(post.smtpd.taken))
    assert [] == post.house.view("status")["warnings"]


def test_a_template_with_a_mistake_keeps_mails_waiting(firm: House) -> None:
    own = firm.path / "templates" / "mail_rechnung.de.jinja"
    own.parent.mkdir()
    own.write_text("{% block subject %}\n{{ paper.nobody }}\n{% endblock %}")
    state(firm, paper(), paper(kind="Angebot"))

    firm.once(0)

    assert {"quotes": "sent", "invoices": "waiting"} == {
        row[0]: row[3] for row in rows(firm)
    }
    (warning,) = firm.view("status")["warnings"]
    assert "mail_rechnung.de.jinja:2" in warning


def test_nothing_of_a_customer_stands_in_ledger_or_log(post: Posting) -> None:
    post.smtpd.replies["RCPT"] = f"550 <{ADDRESS}>: Erika Kunde unknown"
    state(post.house, paper())

    post.once()

    folder = post.house.path / "state"
    kept = b"".join(
        path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )
    assert b"mail.refused" in kept
    assert not [one for one in (b"erika@", b"kunde.example") if one in kept]


def test_a_message_id_is_that_of_its_key(
    post: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(post.house, paper())
    seen: list[str] = []
    plain: Callable[..., Any] = mails.change

    def watched(tx: Any, number: int, **values: Any) -> None:  # noqa: ANN401
        if values.get("state") == "sending":
            seen.append(values["message_id"])
        plain(tx, number, **values)

    monkeypatch.setattr(mails, "change", watched)
    post.once()

    (made,) = post.smtpd.mails
    assert [f"<{one}>" for one in seen] == [str(made["Message-ID"])]
    assert str(made["Message-ID"]).endswith("@muster.example>")
    assert "Wed, 14 Jan 2026 07:30:00 +0100" == str(made["Date"])

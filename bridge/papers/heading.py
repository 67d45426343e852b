"""The letterhead of ``bridge.toml`` as it stands on every letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.messages import catalogue
from bridge.papers.letter import Head

if TYPE_CHECKING:
    from bridge.config.papers import Letterhead

GROUP = 4  # an IBAN is written in fours (DIN 5008)


def head_of(
    head: Letterhead, logo: bytes, language: str, *, bank: bool = True
) -> Head:
    """What stands around the text.

    Args:
        head: The firm.
        logo: The bytes of its picture; empty: none.
        language: Of the labels.
        bank: Whether the account is named; not to who pays Amazon.
    """
    place = " ".join(head.place).strip()
    phone = _labelled("phone", head.phone, language)
    return Head(
        company=head.company,
        sender=" · ".join(filter(None, (head.company, head.street, place))),
        contact=_lines(head.street, place, phone, head.email, head.website),
        footer=tuple(
            column
            for column in (
                (head.company, *head.address),
                _lawful(head, language),
                _taxes(head, language),
                _account(head, language) if bank else (),
            )
            if column
        ),
        colour=head.colour,
        logo=logo,
    )


def fours(iban: str) -> str:
    """An IBAN as a person reads it."""
    parts = [iban[at : at + GROUP] for at in range(0, len(iban), GROUP)]
    return "\u00a0".join(parts)


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))


def _labelled(label: str, value: str, language: str) -> str:
    if not value:
        return ""
    return f"{catalogue.term('letter', label, language)} {value}"


def _lawful(head: Letterhead, language: str) -> tuple[str, ...]:
    """Register and who leads the firm (GmbHG § 35a, HGB § 37a)."""
    led = ", ".join(head.directors)
    return _lines(head.registered, _labelled("directors", led, language))


def _taxes(head: Letterhead, language: str) -> tuple[str, ...]:
    return _lines(
        _labelled("vat_id", head.vat_id, language),
        _labelled("tax_number", head.tax_number, language),
    )


def _account(head: Letterhead, language: str) -> tuple[str, ...]:
    if not head.iban:
        return ()
    return _lines(
        head.bank,
        f"IBAN {fours(head.iban)}",
        _labelled("bic", head.bic, language),
    )

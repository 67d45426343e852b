"""Who buys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer account with its address (layout P11). Personal data.

    Attributes:
        account: KHKKontokorrent.Kto; nothing at a customer Sage is to make.
        address: KHKAdressen.Adresse, the number of the address.
        matchcode: KHKAdressen.Matchcode, mostly name and town.
        salutation: KHKAdressen.Anrede, padded with blanks in Sage.
        name: KHKAdressen.Name1.
        name2: KHKAdressen.Name2.
        extra: KHKAdressen.LieferZusatz.
        street: KHKAdressen.LieferStrasse, with the number.
        country: KHKAdressen.LieferLand as ISO 3166.
        postcode: KHKAdressen.LieferPLZ.
        city: KHKAdressen.LieferOrt.
        phone: KHKAdressen.Telefon.
        email: KHKAdressen.EMail.
        alias: Whether the e-mail is one of Amazon's aliases: it may change
            and takes mail only from registered senders.
        language: KHKAdressen.Sprache as ISO 639.
        group: KHKKontokorrent.Kundengruppe.
        taxation: KHKKontokorrent.Besteuerung: 1 domestic, 2 EU with a VAT
            id, 3 EU without one; more of them by installation.
        vat_country: KHKKontokorrent.EULand.
        vat_id: USt-IdNr.; where Sage keeps it differs.
        payment_terms: Zahlungskond, a key of the installation.
        currency: KHKKontokorrent.WKz.
        active: KHKAdressen.Aktiv.
    """

    account: str | None = None
    mandant: int | None = None
    address: int | None = None
    matchcode: str | None = None
    salutation: str | None = None
    name: str | None = None
    name2: str | None = None
    extra: str | None = None
    street: str | None = None
    country: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone: str | None = None
    email: str | None = None
    alias: bool | None = None
    language: str | None = None
    group: str | None = None
    taxation: int | None = None
    vat_country: str | None = None
    vat_id: str | None = None
    payment_terms: str | None = None
    currency: str | None = None
    active: bool | None = None

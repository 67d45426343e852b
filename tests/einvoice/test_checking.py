"""Each rule an invoice breaks is named, with the field to correct."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from bridge.einvoice import checking
from bridge.einvoice.checking import broken
from bridge.einvoice.judge import Judge
from bridge.einvoice.ruling import field_of
from bridge.errors import DefectError
from bridge.flows.lettering import written
from tests.papers.many import paper
from tests.papers.many import study


def invoice(**said: object) -> bytes:
    """The XML of a good invoice."""
    made = written(study(schematron=False), paper(**said))
    assert made.xml
    return made.xml


@pytest.mark.parametrize(
    ("old", "new", "rule", "field"),
    [
        (
            b"<ram:GrandTotalAmount>35.88",
            b"<ram:GrandTotalAmount>35.89",
            "BR-CO-15",
            "total",
        ),
        (
            b"<ram:DuePayableAmount>35.88",
            b"<ram:DuePayableAmount>1.00",
            "BR-CO-16",
            "prepaid",
        ),
        (
            b'currencyID="EUR">4.70',
            b'currencyID="EUR">9.70',
            "BR-CO-14",
            "tax",
        ),
        (
            b"<ram:LineTotalAmount>31.18",
            b"<ram:LineTotalAmount>31.19",
            "BR-CO-10",
            "net",
        ),
        (
            b"<ram:CategoryCode>S",
            b"<ram:CategoryCode>Q",
            "FX-SCH-A",
            "lines.tax_rate",
        ),
        (b'unitCode="C62"', b'unitCode="STANGE"', "FX-SCH-A", "lines.unit"),
        (b"<ram:CountryID>DE", b"<ram:CountryID>XX", "FX-SCH-A", "country"),
        (
            b"<ram:InvoiceCurrencyCode>EUR",
            b"<ram:InvoiceCurrencyCode>EUX",
            "FX-SCH-A",
            "currency",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_rule_is_named_with_its_field(
    old: bytes, new: bytes, rule: str, field: str
) -> None:
    content = invoice()
    assert old in content

    found = {
        field_of(one.rule, one.place)
        for one in broken(content.replace(old, new))
        if one.rule.startswith(rule)
    }

    assert field in found


def test_what_the_schema_refuses_is_told_with_its_place() -> None:
    wrong = invoice().replace(b"<ram:TypeCode>380", b"<ram:TypKode>380")

    found = broken(wrong)

    assert [checking.XSD] == [one.rule for one in found][:1]


@pytest.mark.parametrize(
    "content", [b"", b"<a", b"\xff\xfe\x00", b"<a>" * 3000 + b"</a>" * 3000]
)
def test_anything_may_be_asked(content: bytes) -> None:
    assert broken(content)


def test_an_xrechnung_is_judged_by_the_rules_of_the_core() -> None:
    content = invoice(einvoice="xrechnung")

    assert b"xrechnung_3.0" in content
    assert [] == broken(content)


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process")
def test_a_judge_that_dies_is_replaced_without_a_word() -> None:
    judge = Judge()
    content = invoice()
    before = judge.report(content)
    process = judge._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    after = judge.report(content)

    judge._leave()
    assert before == after


def test_a_judge_that_cannot_work_is_a_defect(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bridge.einvoice.judge.sys.executable", "/bin/false")

    with pytest.raises(DefectError) as caught:
        Judge().report(b"<a/>")

    assert "papers.no_judge" == caught.value.code


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("BR-DE-15", "buyer_reference"),
        ("BR-DE-1", "letterhead.iban"),
        ("BR-IC-12", "to_country"),
        ("BR-IC-02", "vat_id"),
        ("BR-S-08", "lines.tax_rate"),
        ("BR-27", "lines.unit_price"),
        ("BR-CO-25", "pay_by"),
        ("BR-11", "country"),
        ("FX-SCH-A-000556", ""),
    ],
)
def test_a_rule_has_the_field_it_is_about(rule: str, field: str) -> None:
    assert field == field_of(rule)


def test_names_cannot_break_out_of_the_xml() -> None:
    name = "</ram:Name><ram:ID>x</ram:ID> & 'Söhne' \"GmbH\""

    content = invoice(name=name)

    assert [] == broken(content)
    assert b"&lt;/ram:Name&gt;" in content


def test_the_same_bill_gives_the_same_xml() -> None:
    assert invoice() == invoice()

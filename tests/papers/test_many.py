"""Three hundred different papers: valid for every judge, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp

from bridge.einvoice.checking import broken
from bridge.einvoice.reading import held
from bridge.flows.lettering import written
from bridge.papers.bill import TYPES
from bridge.pdf.letters import drawn
from tests.papers.many import many
from tests.papers.many import study
from tests.pdf.rulebooks import CEN
from tests.pdf.rulebooks import KOSIT
from tests.pdf.rulebooks import not_pdfa
from tests.pdf.rulebooks import rule_breaks

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.flows.lettering import Written

NUMBER = 304
PARTS = 4  # so that several workers share them
DOTS = 150 / 72  # per point


def _written(part: int) -> dict[str, Written]:
    here = study(schematron=False)  # the rules are asked below
    return {
        name: written(here, said)
        for index, (name, said) in enumerate(many(NUMBER))
        if index % PARTS == part
    }


@pytest.mark.parametrize("part", range(PARTS))
def test_every_paper_pleases_every_judge(tmp_path: Path, part: int) -> None:
    said = {}
    for name, one in _written(part).items():
        assert one.letter is not None, (name, one.faults)
        content = drawn(one.letter)
        assert content == drawn(one.letter), name
        (tmp_path / f"{name}.pdf").write_bytes(content)
        said[name] = one, content

    assert [] == not_pdfa(sorted(tmp_path.glob("*.pdf")))
    for name, (one, content) in said.items():
        inside = held(content)
        assert inside is not None
        assert not inside.naked
        assert one.xml == inside.xml
        if one.xml:
            assert [] == broken(one.xml), name
            assert [] == rule_breaks(one.xml, CEN), name
        if one.form == "xrechnung":
            assert [] == rule_breaks(one.xml, KOSIT), name


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_to_be_paid_can_be_read_from_the_print(part: int) -> None:
    seen = 0
    for index, (name, one) in enumerate(_written(part).items()):
        letter = one.letter
        if letter is None or letter.code is None or index % 3:
            continue
        document = pypdfium2.PdfDocument(drawn(letter))
        page = document[len(document) - 1]
        picture = page.render(scale=DOTS, grayscale=True).to_pil()
        found = zxingcpp.read_barcodes(picture)
        assert [letter.code.text] == [code.text for code in found], name
        seen += 1
    assert seen


def test_only_who_owes_us_gets_a_code() -> None:
    for name, said in many(NUMBER):
        one = written(study(schematron=False), said)
        assert one.letter is not None
        owes = said["kind"] in {"invoice", "partial_invoice", "correction"}
        open_ = owes and said.get("prepaid") != said["total"]
        asks = open_ and not said.get("order")
        assert asks == (one.letter.code is not None), name


def test_the_papers_are_of_every_kind() -> None:
    kinds = {said["kind"] for _, said in many(NUMBER)}

    assert {*TYPES, "quote", "confirmation", "delivery_note"} == kinds

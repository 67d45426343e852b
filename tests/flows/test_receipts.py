"""A partner reads what is his to act on, and nothing of the house."""

from __future__ import annotations

from bridge.errors import Finding
from bridge.flows.receipts import body
from bridge.flows.receipts import told

HIS = Finding("intake.no_records")
OURS = Finding(
    "intake.two_mappings", turn="operator", facts={"known": "geheim, privat"}
)
HINT = Finding("mapping.odd", severity="warn", turn="mapping")


def test_what_we_must_mend_is_told_without_detail() -> None:
    found = list(told([HIS, OURS, HINT]))

    text = body(found, "de").decode("windows-1252")
    assert ["intake.no_records", "partners.ours"] == [f.code for f in found]
    assert "geheim" not in text
    assert "Die Datei konnte bei uns nicht verarbeitet werden." in text


def test_a_warning_that_is_ours_worries_nobody() -> None:
    assert [HIS] == list(told([HIS, HINT]))


def test_a_cell_is_shown_and_not_computed() -> None:
    finding = Finding("intake.no_records", 3, "=Feld", "=1+1")

    line = body([finding], "en").decode("windows-1252").splitlines()[1]

    assert line.startswith("3;'=Feld;'=1+1;")

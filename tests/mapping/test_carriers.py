"""The merchant's words for carriers become Amazon's codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.app.wiring import defaults
from bridge.mapping.carriers import CODES
from bridge.mapping.carriers import Carrier
from bridge.mapping.carriers import read_carriers

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.mapping.carriers import Carriers

HEAD = "Frachtfuehrer;CarrierCode;ShippingMethod;CarrierName\n"
SHIPPED = defaults("mappings")


def own(path: Path, rows: str, encoding: str = "utf-8") -> Carriers:
    (path / "versender.csv").write_bytes(f"{HEAD}{rows}".encode(encoding))
    return read_carriers([path, SHIPPED])


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("DHL Paket", "DHL"),
        ("dhl-paket", "DHL"),
        ("Deli  Sprint", "DPD"),
        ("DPD", "DPD"),
        ("Deutsche Post", "Deutsche Post"),
        ("GLS", "GLS"),
        ("Hermes", "Hermes Logistik Gruppe"),
        ("Österreichische Post", "AT POST"),
        ("ups", "UPS"),
        ("Trans-O-Flex", "Trans-o-Flex"),
        ("Kuehne+Nagel", "Kuehne+Nagel"),
    ],
)
def test_a_carrier_is_known_however_it_is_written(
    word: str, code: str
) -> None:
    found = read_carriers([SHIPPED]).find(word)

    assert found is not None
    assert code == found.code


def test_the_shipped_table_names_codes_that_exist() -> None:
    carriers = read_carriers([SHIPPED])

    assert () == carriers.problems
    assert {row.code for row in carriers.rows.values()} <= set(CODES)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252"])
def test_a_row_of_the_workspace_wins(tmp_path: Path, encoding: str) -> None:
    carriers = own(tmp_path, "Müller;Other;Eil;\nDHL;GLS;;\n", encoding)

    assert Carrier("Other", "Müller", "Eil") == carriers.find("Müller")
    for word, code in {"DHL": "GLS", "DPD": "DPD"}.items():
        found = carriers.find(word)
        assert found is not None
        assert code == found.code


def test_a_code_amazon_does_not_have_is_named_with_its_line(
    tmp_path: Path,
) -> None:
    carriers = own(tmp_path, "Bote;DPD\nMüller;Herms;;\n")

    (finding,) = carriers.problems
    assert ("shipments.bad_carrier_code", 3, "Herms") == (
        finding.code,
        finding.line,
        finding.value,
    )
    assert "Hermes" in finding.message("de")


def test_an_unknown_carrier_has_neighbours() -> None:
    carriers = read_carriers([SHIPPED])

    assert carriers.find("Hermees") is None
    assert "Hermes" in carriers.near("Hermees")

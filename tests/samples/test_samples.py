from __future__ import annotations

import json
from collections import Counter
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.amazon.orders import sale
from bridge.formats.reading import detect
from bridge.formats.reading import open_file
from bridge.mapping.book import open_book
from bridge.mapping.checks import gtin
from bridge.mapping.generate_in import compile_in
from bridge.samples import goods
from bridge.samples import write_samples

if TYPE_CHECKING:
    from bridge.errors import Finding
    from bridge.ports import Sale

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BOOK = open_book([Path(__file__).parents[2] / "mappings"])
EVENT = {"timezone": "Europe/Berlin", "mandant": "1"}


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    """The files by the first part of their name."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    made = write_samples(inbox, tmp_path / "rehearsal", NOW)
    return {_stem(path): path for path in made}


def _stem(path: Path) -> str:
    return path.stem.removesuffix("_20261124_110000").removesuffix(
        "_20261124_120000"
    )


def _read(path: Path) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The documents of a file whose rows are sound, and what is not."""
    (name,) = BOOK.for_file(path.name)
    plan = BOOK.plan(name)
    profile = plan.profiles[detect(path)]
    documents, found = [], []
    with open_file(path, profile) as file:
        records = list(file.records)
        run = compile_in(plan, profile, context=EVENT, head=file.head)
        assert not file.findings
    for record in records:
        own = list(record.findings)
        document = run(record.line, record.values, own)
        found += own
        if all(item.severity == "warn" for item in own):
            documents.append(document)
    return documents, found


def _sale(path: Path) -> Sale:
    answer = json.loads(path.read_text("utf-8"))
    (order,) = answer["orders"]
    return sale(order)


def test_the_files_are_these(paths: dict[str, Path]) -> None:
    assert {
        "Artikelgruppen": "Artikelgruppen_20261124_110000.csv",
        "Artikelstamm": "Artikelstamm_20261124_110000.csv",
        "Artikelstamm_geaendert": (
            "Artikelstamm_geaendert_20261124_120000.xlsx"
        ),
        "Preise": "Preise_20261124_120000.xml",
        "Bestand": "Bestand_20261124_120000.json",
        "01_verbraucher": "01_verbraucher.json",
        "02_geschaeftskunde": "02_geschaeftskunde.json",
    } == {stem: path.name for stem, path in paths.items()}


def test_the_same_now_gives_the_same_files(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made = write_samples(tmp_path / name, tmp_path / f"{name}r", NOW)
        contents.append(
            {
                path.name: path.read_bytes()
                for path in made
                if path.suffix != ".xlsx"  # a workbook notes its own birth
            }
        )

    assert contents[0] == contents[1]


def test_the_catalogue_is_large_enough_and_german(
    paths: dict[str, Path],
) -> None:
    text = paths["Artikelstamm"].read_bytes().decode("windows-1252")
    documents, _ = _read(paths["Artikelstamm"])
    groups, _ = _read(paths["Artikelgruppen"])

    assert len(documents) >= 40
    assert all(sign in text for sign in 'äöüßÖÜ"')
    assert any("\n" in item["description"] for item in documents)
    assert all(item["article"].startswith("00") for item in documents)
    assert {"gram", "kilogram"} == {
        item["weight"]["unit"] for item in documents
    }
    assert {"7", "19"} == {item["tax_rate"] for item in documents}
    assert {item["group"] for item in documents} <= {
        item["group"] for item in groups
    }
    assert len({item["group"] for item in documents}) >= 8


def test_every_ean_is_valid_and_stands_once() -> None:
    eans = [good.ean for good in goods.goods()]

    assert all(gtin(ean) for ean in eans)
    assert all(ean.startswith(goods.EAN_PREFIX) for ean in eans)
    assert len(set(eans)) == len(eans) == len(goods.goods())


def test_six_rows_have_the_faults_people_make(paths: dict[str, Path]) -> None:
    documents, found = _read(paths["Artikelstamm"])

    assert [
        ("mapping.gtin", "EANNummer"),
        ("mapping.decimal_point", "Gewicht"),
        ("mapping.required", "Bezeichnung1"),
        ("mapping.cut", "Bezeichnung1"),
        ("mapping.not_in_table", "Gewichtseinheit"),
    ] == [(item.code, item.field) for item in found]
    counts = Counter(item["article"] for item in documents)
    (twice,) = [article for article, count in counts.items() if count > 1]
    first, second = [x for x in documents if x["article"] == twice]
    assert first != second
    assert "mapping.cut" in {x.code for x in found if x.severity == "warn"}


def test_one_article_is_known_but_not_offered(
    paths: dict[str, Path],
) -> None:
    documents, _ = _read(paths["Artikelstamm"])

    assert ["0099901"] == [
        item["article"] for item in documents if not item["offered"]
    ]


def test_the_changes_are_few_and_leave_the_rest_alone(
    paths: dict[str, Path],
) -> None:
    documents, found = _read(paths["Artikelstamm_geaendert"])

    assert not found
    assert ["0010011", "0020016", "0030012"] == [
        item["article"] for item in documents
    ]
    assert not any("description" in item for item in documents)
    assert documents[1]["weight"] == {"value": "0.205", "unit": "kilogram"}
    assert documents[2]["active"] is False


def test_there_is_a_price_list_for_everyone(paths: dict[str, Path]) -> None:
    documents, found = _read(paths["Preise"])

    assert not found
    assert {
        1: ("Händler", False, False),
        2: ("Amazon DE", True, False),
        3: ("Amazon B2B DE", False, False),
        9: ("Sommeraktion", True, True),
    } == {
        item["list"]: (item["list_name"], item["gross"], item["promotion"])
        for item in documents
    }
    tiers = [item for item in documents if item["from_quantity"] != "0"]
    assert {3} == {item["list"] for item in tiers}
    assert {"10", "50"} == {item["from_quantity"] for item in tiers}


def test_every_offered_article_has_a_price_and_stock(
    paths: dict[str, Path],
) -> None:
    numbers = {good.number for good in goods.goods()}
    prices, _ = _read(paths["Preise"])
    stocks, _ = _read(paths["Bestand"])

    assert numbers == {x["article"] for x in prices if x["list"] == 2}
    assert numbers == {x["article"] for x in stocks if x["warehouse"] == "HL"}


def test_promotions_run_around_now(paths: dict[str, Path]) -> None:
    documents, _ = _read(paths["Preise"])
    today = date(2026, 11, 24)
    spans = [
        (
            date.fromisoformat(x["valid_from"]),
            date.fromisoformat(x["valid_to"]),
        )
        for x in documents
        if x["promotion"]
    ]

    running = [first <= today <= last for first, last in spans]
    assert running == [True, True, False, False]
    assert any(first > today for first, _ in spans)
    assert any(last < today for _, last in spans)


def test_stock_lies_in_three_warehouses_and_one_is_negative(
    paths: dict[str, Path],
) -> None:
    documents, found = _read(paths["Bestand"])

    assert not found
    assert {"HL", "AL", "FBA"} == {item["warehouse"] for item in documents}
    assert [("0020013", "-2", "-3")] == [
        (item["article"], item["quantity"], item["available"])
        for item in documents
        if item["quantity"].startswith("-")
    ]


def test_the_consumer_order_adds_up_to_the_cent(
    paths: dict[str, Path],
) -> None:
    order = _sale(paths["01_verbraucher"])

    assert not order.findings
    assert order.order["gross"] is True
    assert order.order["business"] is False
    assert Counter(x["kind"] for x in order.order["charges"]) == {
        "shipping": 2,
        "gift_wrap": 1,
        "discount": 1,
    }
    assert Decimal(order.order["total"]) == sum(
        Decimal(line["total"]) for line in order.order["lines"]
    ) + sum(Decimal(charge["amount"]) for charge in order.order["charges"])
    assert ["19", "7"] == [x["tax_rate"] for x in order.order["lines"]]


def test_the_business_order_names_company_vat_id_and_purchase_order(
    paths: dict[str, Path],
) -> None:
    order = _sale(paths["02_geschaeftskunde"])

    assert not order.findings
    assert order.order["business"] is True
    assert order.order["purchase_number"] == "BE-2026-0815"
    assert order.persons["vat_id"] == "DE123456788"
    assert order.persons["invoice_address"]["company"] == "Café Süßholz GmbH"
    assert order.persons["delivery_address"]["street"] == "Probestraße 7"


def test_orders_name_articles_of_the_catalogue_and_nobody_real(
    paths: dict[str, Path],
) -> None:
    numbers = {good.number for good in goods.goods()}

    for name in ("01_verbraucher", "02_geschaeftskunde"):
        order = _sale(paths[name])
        assert {x["sku"] for x in order.order["lines"]} <= numbers
        assert order.persons["email"].endswith("@marketplace.example")
        assert order.order["purchased_at"] < "2026-11-24T12"

"""The command line as a person and as a program use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.cli.main import app
from bridge.cli.main import hoisted
from bridge.cli.main import main
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House


@pytest.fixture
def shop(house: House) -> House:
    """A house with one offer, two orders and a file that was refused."""
    house.order()
    house.offer({"0010": "7"})
    house.drop("Urlaub.csv", "a;b\n1;2\n")
    house.once()
    return house


def call(house: House, *words: str) -> int:
    return main(["--workspace", str(house.path), *words])


def data(capsys: pytest.CaptureFixture[str], house: House, *words: str) -> Any:  # noqa: ANN401 - JSON
    call(house, *words, "--json")
    return json.loads(capsys.readouterr().out)


def test_global_options_may_stand_anywhere() -> None:
    assert ["--json", "--workspace", "x", "delivery", "list"] == hoisted(
        ["delivery", "list", "--json", "--workspace", "x"]
    )


def test_delivery_list_has_the_fixed_keys(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = data(capsys, shop, "delivery", "list")

    keys = {
        *("id", "name", "source", "mapping", "state", "received_at"),
        *("records", "accepted", "refused", "sha256", "same_content_as"),
    }
    assert keys <= set(rows[0])
    assert ["refused", "accepted", "accepted", "accepted"] == [
        row["state"] for row in rows
    ]


def test_delivery_list_counts_the_warnings_of_a_file(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.drop("RE_1.pdf", b"%PDF-1.4\nhalf")
    house.drop(house.later("Bestand"), stock({"0010": "1"}))
    house.once()
    rows = data(capsys, house, "delivery", "list")
    call(house, "delivery", "list")

    said = capsys.readouterr().out
    assert {"RE_1.pdf": 1} == {
        row["name"]: row["warnings"] for row in rows if row["warnings"]
    }
    assert "warnings" in said.partition("\n")[0]


def test_status_counts_offers_that_a_fault_holds_back(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.offer({"0010": "7", "0020": "7", "0030": "7"})
    amount = prices({"0020": "10,00"}).replace(";EUR;", ";CHF;")
    house.drop(house.later("Preise"), amount)
    house.drop(
        house.later("Artikeldokumente"),
        "Mandant;Artikelnummer;AuspraegungID;Dateiname;Dokumentart;Sprache;"
        "Sortierung;Bezeichnung\n1;0030;0;0030.jpg;Bild;;1;\n",
    )
    house.once()

    held = data(capsys, house, "status")["offers_held"]
    bad = data(capsys, house, "offer", "list", "--problem")
    call(house, "status")

    assert {"price": 1, "media": 1} == {
        name: held[name] for name in ("price", "media")
    }
    assert {"0020", "0030"} == {row["sku"] for row in bad}
    assert "bridge offer list --problem" in capsys.readouterr().out


def test_delivery_show_says_what_to_do(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, shop, "delivery", "show", "4")["findings"]

    keys = {"line", "field", "value", "code", "message", "hint"}
    assert keys | {"severity", "turn"} == set(found[0])
    assert "intake.no_mapping" == found[0]["code"]
    assert "artikelstamm" in found[0]["hint"]


def test_offer_show_has_every_facet(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, shop, "offer", "show", "0010")

    facets = found["marketplaces"]["DE"]["facets"]
    assert {"content", "price", "stock"} == set(facets)
    assert {"desired", "accepted", "state"} <= set(facets["price"])


def test_order_list_has_no_personal_data(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = data(capsys, shop, "order", "list")

    keys = {"id", "marketplace", "status", "purchased_at", "total"}
    assert keys | {"currency", "files", "acknowledged", "shipped"} <= set(
        rows[0]
    )
    assert "Beispiel" not in json.dumps(rows)


def test_submission_list_and_show(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = data(capsys, shop, "submission", "list")
    shown = data(capsys, shop, "submission", "show", str(row["id"]))

    assert ("call", "putListingsItem", "done") == (
        row["kind"],
        row["operation"],
        row["state"],
    )
    assert ["outbox/amazon/000001_putListingsItem_DE_0010.json"] == shown[
        "body"
    ]


def test_status_counts(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, shop, "status")

    assert "rehearsal" == found["mode"]
    assert {"accepted": 3, "refused": 1} == found["deliveries"]
    assert {"waiting", "running", "failed"} == set(found["jobs"])


def test_find_tells_where_an_article_came_from_and_went(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    hits = data(capsys, shop, "find", "0010")

    kinds = {hit["kind"] for hit in hits}
    assert {"Article", "PriceEntry", "StockLevel", "message"} <= kinds
    assert any("line 2" in hit["says"] for hit in hits)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("delivery", "show", "99"), 3),
        (("offer", "show", "nothing"), 3),
        (("order", "show", "nothing"), 3),
        (("submission", "show", "99"), 3),
        (("delivery", "confirm", "1"), 3),
        (("mapping", "check", "artikelstam"), 2),
        (("mapping", "explain", "artikelstamm", "titel"), 2),
        (("transfer", "run", "magic"), 3),
        (("nonsense",), 2),
    ],
)
def test_a_wrong_word_is_a_sentence_and_an_exit_code(
    shop: House,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
) -> None:
    assert code == call(shop, *words)

    said = capsys.readouterr()
    assert "" == said.out
    assert "Traceback" not in said.err
    assert said.err


def test_an_error_as_json_has_code_message_where_and_hint(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    error = data(capsys, shop, "mapping", "explain", "artikelstamm", "titel")

    assert "cli.no_field" == error["error"]["code"]
    assert "title" in error["error"]["hint"]


@pytest.mark.parametrize(
    "words",
    [
        ("delivery", "list"),
        ("delivery", "show", "4"),
        ("offer", "list"),
        ("offer", "list", "--problem"),
        ("offer", "show", "0010"),
        ("order", "list"),
        ("order", "show", "302-0000001-0000001"),
        ("submission", "list"),
        ("submission", "show", "1"),
        ("transfer", "list"),
        ("transfer", "run", "products", "--dry-run"),
        ("transfer", "run", "orders", "--dry-run"),
        ("mapping", "list"),
        ("mapping", "check"),
        ("mapping", "test", "bestand"),
        ("mapping", "explain", "artikelstamm", "weight"),
        ("mapping", "schema"),
        ("status",),
        ("check",),
        ("find", "0010"),
    ],
)
def test_every_reading_command_speaks_to_people_and_programs(
    shop: House, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert 0 == call(shop, *words)
    assert capsys.readouterr().out
    assert 0 == call(shop, *words, "--json")
    json.loads(capsys.readouterr().out)


def test_a_wish_beside_no_running_service_waits_for_the_next(
    shop: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 4 == call(shop, "order", "again", "302-0000001-0000001")
    assert "once" in capsys.readouterr().out

    shop.once()

    assert 3 == len(shop.sage())


def test_once_says_what_happened(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.drop("Bestand_1.csv", stock({"0010": "x"}))

    code = call(house, "once", "--wait", "5s")

    assert 3 == code
    assert "refused" in capsys.readouterr().out


def test_init_makes_a_workspace_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"

    assert 0 == main(["init", str(folder), "--sample"])
    assert 0 == main(["--workspace", str(folder), "check"])
    assert 2 == main(["init", str(folder)])
    capsys.readouterr()


def test_preview_reads_a_file_and_keeps_nothing(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Artikelstamm.csv"
    path.write_bytes(articles("0010", "0011").encode("windows-1252"))

    rows = data(capsys, house, "mapping", "preview", "artikelstamm", str(path))

    assert ["0010", "0011"] == [row["document"]["article"] for row in rows]
    assert not (house.path / "state").exists()


def test_broken_settings_name_every_mistake(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.path / "bridge.toml").write_text(
        '[amazon]\nmode = "rehersal"\nseler = "x"\n', encoding="utf-8"
    )

    code = call(house, "once")

    said = capsys.readouterr().err
    assert 2 == code
    assert "bridge.toml:2" in said
    assert "bridge.toml:3" in said
    assert "seller_id" in said


def test_a_broken_mapping_stops_the_start(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.path / "mappings").mkdir()
    (house.path / "mappings" / "x.yaml").write_text("mapping: 1\nfoo: 2\n")

    assert 2 == call(house, "once")
    assert "x.yaml:2:1" in capsys.readouterr().err


def test_every_command_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import typer  # noqa: PLC0415

    root: Any = typer.main.get_command(app)
    seen = 0
    for name, command in root.commands.items():
        inner = getattr(command, "commands", None)
        paths = [(name, sub) for sub in inner] if inner else [(name,)]
        for path in paths:
            assert 0 == main([*path, "--help"])
            assert "Example: bridge" in capsys.readouterr().out
            seen += 1
    assert seen >= 25


def test_once_and_check_name_an_answer_that_cannot_be_read(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = house.path / "rehearsal" / "answers"
    folder.mkdir(parents=True)
    (folder / "40.json").write_text('{"match": {"operatoin": 1}}', "utf-8")
    house.drop("Artikelstamm_geaendert.csv", articles("0010"))
    house.drop("Preise.csv", prices({"0010": "5,00"}))
    house.drop("Bestand.csv", stock({"0010": "4"}))

    call(house, "once")
    assert "1 jobs stand still" in capsys.readouterr().out

    for command in ("status", "check"):
        call(house, command)
        told = capsys.readouterr()
        assert "40.json" in told.out + told.err


def test_check_blames_the_mapping_and_not_the_settings(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("inbox", "outbox/sage"):
        (house.path / folder).mkdir(parents=True)
    (house.path / "mappings").mkdir(exist_ok=True)
    (house.path / "mappings" / "a.yaml").write_text("mapping: 2\n", "utf-8")

    assert 2 == call(house, "check")

    told = capsys.readouterr().err
    assert "a.yaml" in told
    assert "bridge.toml" not in told

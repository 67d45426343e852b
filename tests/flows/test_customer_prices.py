"""What single customers pay stays theirs: never in an offer, on a sheet."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.cli.main import main
from bridge.config.settings import Settings
from bridge.flows.customerprices import Refusal
from bridge.flows.customerprices import Terms
from bridge.flows.customerprices import amount_of
from bridge.flows.customerprices import current
from bridge.flows.priced import Amount
from bridge.flows.pricing import offers
from tests.house import articles
from tests.house import prices
from tests.house import stock

if TYPE_CHECKING:
    from tests.house import House

NOW = datetime(2026, 7, 15, 10, tzinfo=UTC)
HEAD = (
    "Mandant;Kunde;Artikelnummer;AuspraegungID;AbMenge;Einzelpreis;"
    "Rabattsatz;WKz;IstBruttopreis;GueltigVon;GueltigBis\n"
)
OUTBOX = """\
[[outbox]]
name = "seller-central"
folder = "outbox/seller-central"
mappings = ["kundenpreise_fuer_amazon"]
format = "csv"
"""


def entry(customer: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A customer's gross price as it is coded."""
    said = {"customer": customer, "article": "0010", "from_quantity": "0"}
    return {**said, "currency": "EUR", "gross": True, **more}


def priced(
    of_customers: list[dict[str, Any]], rule: str = "none", business: str = ""
) -> Any:  # noqa: ANN401
    """The offers of an article of 100 EUR."""
    listed = {"currency": "EUR", "gross": True, "from_quantity": "0"}
    entries = [{**listed, "list": 2, "amount": "100"}]
    if business:
        entries.append({**listed, "list": 3, "amount": business})
    rules = [{"list": 2}, {"list": 3, "audience": "B2B", "customers": rule}]
    settings = Settings.model_validate({"workspace": Path(), "price": rules})
    return offers(
        *(settings, "DE", entries),
        tax_rate=Decimal(19),
        now=NOW,
        customer_prices=of_customers,
    )


AMOUNTS = st.decimals("0.01", "99", places=2).map(str)
CUSTOMERS = st.sampled_from(["D1", "D2", "D3"])


@given(
    st.lists(st.builds(lambda c, a: entry(c, amount=a), CUSTOMERS, AMOUNTS))
)
def test_what_customers_pay_changes_no_offer_unless_it_is_asked_for(
    of_customers: list[dict[str, Any]],
) -> None:
    assert priced([], business="95") == priced(of_customers, business="95")


@given(
    st.sampled_from(["same", "highest"]),
    st.lists(st.builds(lambda c, a: entry(c, amount=a), CUSTOMERS, AMOUNTS)),
)
def test_no_price_below_any_customers_is_ever_shown(
    rule: str, of_customers: list[dict[str, Any]]
) -> None:
    made = priced(of_customers, rule)

    paid = [
        Decimal(one["amount"]) for one in current(of_customers, NOW.date())
    ]
    shown = [one.amount for one in made.offers if one.audience == "B2B"]
    if len({one["customer"] for one in of_customers}) < 2:
        assert [] == shown
    assert all(amount >= max(paid) for amount in shown)


@pytest.mark.parametrize(
    ("rule", "paid", "business", "shown"),
    [
        ("same", ["80", "80"], "", "80"),
        ("same", ["80", "81"], "", None),
        ("highest", ["80", "81"], "", "81"),
        ("highest", ["80"], "", None),  # one customer's price stays his
        ("highest", ["80", "81"], "95", "81"),
        ("highest", ["80", "96"], "95", "95"),
    ],
)
def test_what_customers_have_in_common_is_the_price_for_business(
    rule: str, paid: list[str], business: str, shown: str | None
) -> None:
    of_customers = [
        entry(f"D{number}", amount=amount)
        for number, amount in enumerate(paid)
    ]

    made = priced(of_customers, rule, business)

    amounts = [str(one.amount) for one in made.offers[1:]]
    assert ([] if shown is None else [f"{shown}.00"]) == amounts


def test_a_common_price_is_looked_at_again_when_one_ends() -> None:
    ends = entry("D1", amount="80", valid_to="2026-07-20")

    made = priced([ends, entry("D2", amount="80")], "same")

    assert "2026-07-21T00:00:00+02:00" == made.boundary.isoformat()


def business(*tiers: tuple[int, str]) -> Terms:
    made = {
        pieces: Amount(
            Decimal(0), Decimal(amount), Decimal(1), Decimal(19), {"list": 3}
        )
        for pieces, amount in tiers
    }
    return Terms("EUR", Decimal(19), made)


@pytest.mark.parametrize(
    ("said", "gross"),
    [
        ({"amount": "18.5", "gross": False}, "22.02"),
        ({"amount": "18.5"}, "18.50"),
        ({"amount": "20", "discount": "10"}, "18.00"),
        ({"discount": "12.5"}, "20.83"),  # 20.00 - 12.5 % + 19 %
        ({"discount": "12.5", "from_quantity": "12"}, "18.74"),
    ],
)
def test_a_price_or_a_discount_is_reckoned_and_rounded_once(
    said: dict[str, Any], gross: str
) -> None:
    found = amount_of(entry("D1", **said), business((1, "20"), (10, "18")))

    assert isinstance(found, Amount)
    assert gross == str(found.gross)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"discount": "10"}, "offers.no_discount_base"),
        ({"amount": "5", "currency": "CHF"}, "offers.customer_currency"),
        ({"amount": "5", "discount": "100"}, "offers.customer_no_price"),
    ],
)
def test_what_cannot_be_reckoned_says_why(
    said: dict[str, Any], code: str
) -> None:
    found = amount_of(entry("D1", **said), business())

    assert isinstance(found, Refusal)
    assert code == found.code


def test_of_several_prices_the_one_of_today_that_began_last_counts() -> None:
    always = entry("D1", amount="1")
    summer = entry("D1", amount="2", valid_from="2026-07-01")
    ended = entry("D1", amount="3", valid_to="2026-07-14")
    coming = entry("D1", amount="4", valid_from="2026-07-16")

    found = current([coming, summer, ended, always], date(2026, 7, 15))

    assert ["2"] == [one["amount"] for one in found]


def test_each_customer_gets_a_sheet_and_amazon_hears_nothing_of_it(
    any_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    any_house.more = OUTBOX
    any_house.build()
    net = "1;3;Amazon B2B DE;0010;0;0;20,00;EUR;0;0;;\n"
    any_house.drop("Artikelstamm_geaendert.csv", articles("0010", "0011"))
    any_house.drop("Preise.csv", prices({"0010": "24,90"}) + net)
    any_house.drop("Bestand.csv", stock({"0010": "4", "0011": "4"}))
    rows = (
        "1;D10042;0010;0;0;18,50;;EUR;0;;\n"
        "1;D10042;0010;0;10;;12,50;EUR;0;;31.12.2099\n"
        "1;D10042;0011;0;0;;5,00;EUR;0;;\n"  # not in any list
        "1;D10043;0010;0;0;17,77;;EUR;-1;;\n"
        "1;D10043;0010;0;0;16,66;;EUR;-1;01.01.2020;02.01.2020\n"
    )
    any_house.drop("Kundenpreise.csv", HEAD + rows)
    any_house.once()
    before = any_house.body_names()

    words = ("transfer", "run", "customer-prices")
    main(["--workspace", str(any_house.path), *words])
    said = capsys.readouterr().err
    any_house.once()

    assert before == any_house.body_names()
    told = str(any_house.bodies())
    assert not [one for one in ("22.02", "17.77", "20.83") if one in told]
    assert "D10042, 0011: The discount of 5.00 % has no price" in said
    assert "2 customers, 3 prices, 1 left out" in said
    assert "by hand" in said
    folder = any_house.path / "outbox" / "seller-central"
    first, second = sorted(folder.glob("*.csv"))
    assert first.name.startswith("PROBE_Kundenpreise_D10042_")
    assert [
        "Customer,SKU,Minimum Quantity,Negotiated Price,Currency,End Date",
        "D10042,0010,1,22.02,EUR,",
        "D10042,0010,10,20.83,EUR,2099-12-31",
    ] == first.read_text("utf-8-sig").splitlines()
    assert "D10043,0010,1,17.77,EUR," in second.read_text("utf-8-sig")


def test_an_account_that_is_no_file_name_keeps_no_sheet_back(
    house: House,
) -> None:
    house.more = OUTBOX
    house.build()
    house.offer({"0010": "4"}, "24,90")
    rows = "1;../../x;0010;0;0;18,50;;EUR;0;;\n1;D2;0010;0;0;17,00;;EUR;0;;\n"
    house.drop("Kundenpreise.csv", HEAD + rows)
    house.once()

    words = ("transfer", "run", "customer-prices")
    main(["--workspace", str(house.path), *words])
    code = house.once()

    folder = house.path / "outbox" / "seller-central"
    names = [path.name for path in folder.glob("*.csv")]
    assert (0, 2) == (code, len(names))
    assert any(".._.._x_" in name for name in names)


def test_without_an_outbox_for_them_nobody_waits_for_sheets(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("transfer", "run", "customer-prices")

    code = main(["--workspace", str(house.path), *words])

    assert 3 == code
    assert "kundenpreise_fuer_amazon" in capsys.readouterr().err


def test_a_common_price_of_a_consumer_list_is_refused(house: House) -> None:
    house.more = '[[price]]\nlist = 2\ncustomers = "same"\n'
    house.build()

    assert 2 == main(["--workspace", str(house.path), "check"])

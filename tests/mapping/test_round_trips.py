"""What a shipped mapping writes, its counterpart reads as it was."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bridge.flows.preview import preview
from bridge.formats import writing
from bridge.mapping.book import open_book
from bridge.mapping.compile_out import OutMapping
from bridge.mapping.trial import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.errors import Finding
    from bridge.model.record import Format

BOOK = open_book([Path(__file__).parents[2] / "mappings"])
ZONE = "Europe/Berlin"
CONTEXT = {"now": NOW, "timezone": ZONE, "mandant": "1"}
SOME = settings(max_examples=40, deadline=None)
#: Words, as both sides clean blanks; of signs every encoding has.
WORDS = (
    st.lists(
        st.text("aZäÖß09&<'\";,-", min_size=1, max_size=5),
        min_size=1,
        max_size=4,
    )
    .map(" ".join)
    .filter(lambda text: text[0] not in "\"'=+-@;,")
)
CODES = st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True)
DAYS = st.dates().filter(lambda day: day.year > 1999).map(str)
AMOUNTS = st.decimals(0, 10**6, places=2).map(
    lambda one: f"{one.normalize():f}"
)


def back(
    out: str, into: str, document: dict[str, Any], kind: Format = "xml"
) -> Iterator[dict[str, Any]]:
    """The documents of a file of one document."""
    plan = BOOK.plan(out)
    found: list[Finding] = []
    mapping, profile = OutMapping(plan, ZONE), plan.profiles[kind]
    record = mapping.record(document, CONTEXT, found, form=kind)
    stream = BytesIO()
    head = mapping.head(kind, CONTEXT, found)
    assert [] == writing.write(stream, [record], profile, head)
    assert [] == found
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        path.write_bytes(stream.getvalue())
        for seen in preview(BOOK.plan(into), path, CONTEXT, kind):
            refused = [x for x in seen.findings if x.severity == "refuse"]
            assert [] == refused
            yield seen.document


def same(written: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """What was read, of what was written."""
    return {
        name: _same(value, read.get(name)) for name, value in written.items()
    }


def _same(written: Any, read: Any) -> Any:  # noqa: ANN401 - a document's
    if isinstance(written, dict) and isinstance(read, dict):
        return same(written, read)
    if isinstance(written, list) and isinstance(read, list):
        pairs = zip(written, read, strict=True)
        return [_same(one, other) for one, other in pairs]
    return read


CUSTOMERS = st.fixed_dictionaries(
    {
        "account": CODES,
        "name": WORDS,
        "street": WORDS,
        "city": WORDS,
        "country": st.sampled_from(["DE", "AT", "FR", "NO", "US"]),
        "active": st.booleans(),
    },
    optional={
        "matchcode": WORDS,
        "name2": WORDS,
        "extra": WORDS,
        "address": st.integers(1, 10**6),
        "language": st.sampled_from(["de", "en", "fr"]),
        "group": CODES,
        "currency": st.sampled_from(["EUR", "CHF", "NOK"]),
        "payment_terms": CODES,
    },
)


@pytest.mark.parametrize("kind", ["csv", "txt", "xml", "json"])
@SOME
@given(customer=CUSTOMERS)
def test_customers_come_back(kind: Format, customer: dict[str, Any]) -> None:
    (read,) = back("kundenanlage", "kunden", customer, kind)

    assert customer == same(customer, read)


PRICES = st.fixed_dictionaries(
    {
        "article": CODES,
        "amount": AMOUNTS,
        "currency": st.sampled_from(["EUR", "CHF"]),
        "gross": st.booleans(),
        "from_quantity": st.integers(2, 999).map(str),
    },
    optional={"valid_from": DAYS, "valid_to": DAYS},
)


@SOME
@given(price=PRICES)
def test_prices_come_back_from_bmecat(price: dict[str, Any]) -> None:
    (read,) = back("bmecat_preise_aus", "bmecat_preise", price)

    assert price == same(price, read)


FILES = st.from_regex(r"[a-z0-9]{1,8}\.jpg", fullmatch=True)
PRODUCTS = st.fixed_dictionaries(
    {
        "article": CODES,
        "title": WORDS,
        "prices": st.lists(
            st.fixed_dictionaries(
                {
                    "audience": st.just("ALL"),
                    "from_quantity": st.integers(2, 999).map(str),
                    "amount": AMOUNTS,
                    "currency": st.just("EUR"),
                    "gross": st.booleans(),
                },
                optional={"valid_from": DAYS, "valid_to": DAYS},
            ),
            min_size=1,
            max_size=3,
        ),
        "media": st.lists(
            st.fixed_dictionaries(
                {"kind": st.just("picture"), "file": FILES},
                optional={"position": st.integers(1, 99), "title": WORDS},
            )
            | st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(
                        ["manual", "data_sheet", "safety_data_sheet"]
                    ),
                    "file": FILES.map(lambda name: f"{name[:-4]}.pdf"),
                }
            ),
            max_size=3,
        ),
        "references": st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(
                        [
                            *("accessory", "cross_selling", "up_selling"),
                            "successor",
                        ]
                    ),
                    "to": CODES,
                },
                optional={"factor": st.integers(1, 99).map(str)},
            ).map(lambda one: {**one, "to_kind": "article"}),
            max_size=3,
        ),
    },
    optional={"description": WORDS, "manufacturer": WORDS},
)
#: What a catalogue is read by, and the list of a product it reads.
PARTS = {
    "bmecat_preise": "prices",
    "bmecat_bilder": "media",
    "bmecat_verweise": "references",
}
#: What the product says by being written at all.
UNSAID = {"audience", "to_kind"}


@SOME
@given(product=PRODUCTS)
def test_products_come_back_from_bmecat(product: dict[str, Any]) -> None:
    (read,) = back("bmecat_artikel_aus", "bmecat_artikel", product)

    own = {k: v for k, v in product.items() if k not in PARTS.values()}
    assert own == same(own, read)


@pytest.mark.parametrize("into", PARTS)
@SOME
@given(product=PRODUCTS)
def test_what_belongs_to_a_product_comes_back_from_bmecat(
    into: str, product: dict[str, Any]
) -> None:
    read = list(back("bmecat_artikel_aus", into, product))

    own = [
        {
            "article": product["article"],
            **{k: v for k, v in item.items() if k not in UNSAID},
        }
        for item in product[PARTS[into]]
    ]
    assert own == _same(own, read)


def _lines(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One to three lines, numbered from 1."""
    line = st.fixed_dictionaries(
        {"article": CODES, "quantity": st.integers(1, 999).map(str), **more}
    )
    return st.lists(line, min_size=1, max_size=3).map(
        lambda lines: [
            {"position": at, **one} for at, one in enumerate(lines, 1)
        ]
    )


PARCELS = st.fixed_dictionaries(
    {
        "order": CODES,
        "number": CODES,
        "tracking": CODES,
        "shipped_at": DAYS.map(lambda day: f"{day}T13:05:00+00:00"),
        "lines": _lines(item=CODES),
    }
)


@SOME
@given(parcel=PARCELS)
def test_parcels_come_back_from_opentrans(parcel: dict[str, Any]) -> None:
    name = "opentrans_dispatchnotification"

    (read,) = back(f"{name}_aus", name, parcel)

    assert parcel == same(parcel, read)


INVOICES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["invoice", "credit_note"]),
        "year": st.just(2026),
        "number": CODES,
        "issued": st.just("2026-01-15"),
        "order": CODES,
        "customer": CODES,
        "name": WORDS,
        "street": WORDS,
        "postcode": st.just("01234"),
        "city": WORDS,
        "country": st.just("DE"),
        "currency": st.sampled_from(["EUR", "CHF"]),
        "gross": st.just(value=False),
        "net": AMOUNTS,
        "tax": AMOUNTS,
        "total": AMOUNTS,
        "lines": _lines(
            title=WORDS,
            unit=st.just("Stk"),
            unit_price=AMOUNTS,
            total=AMOUNTS,
            tax_rate=st.sampled_from(["7", "19"]),
        ),
    }
)


@SOME
@given(invoice=INVOICES)
def test_invoices_come_back_from_opentrans(invoice: dict[str, Any]) -> None:
    (read,) = back("opentrans_invoice_aus", "opentrans_invoice", invoice)

    assert invoice == same(invoice, read)


@SOME
@given(confirmed=INVOICES)
def test_a_confirmation_comes_back_as_a_reply_to_its_order(
    confirmed: dict[str, Any],
) -> None:
    confirmed = {**confirmed, "kind": "order"}

    (read,) = back(
        "opentrans_orderresponse_aus", "opentrans_orderresponse", confirmed
    )

    kept = ("order", "number", "year", "customer")
    assert [confirmed[name] for name in kept] == [read[name] for name in kept]


ORDERS = st.fixed_dictionaries(
    {
        "id": CODES,
        "purchased_at": st.just("2026-01-14T10:00:00+00:00"),
        "currency": st.sampled_from(["EUR", "CHF"]),
        "gross": st.just(value=False),
        "lines": _lines(title=WORDS, unit_price=AMOUNTS, total=AMOUNTS),
    }
)


@SOME
@given(order=ORDERS)
def test_orders_come_back_from_opentrans_as_documents(
    order: dict[str, Any],
) -> None:
    (read,) = back("opentrans_order_aus", "opentrans_order", order)

    kept = {name: order[name] for name in ("currency", "gross", "lines")}
    assert kept == same(kept, read)
    assert (order["id"], "2026-01-14") == (read["number"], read["issued"])

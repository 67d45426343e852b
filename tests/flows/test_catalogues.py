"""Files of others: a catalogue is read by several mappings at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.house import House

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE BMECAT SYSTEM "bmecat_2005_tnc.dtd">\n'
    '<BMECAT xmlns="http://www.bmecat.org/bmecat/2005" version="2005">\n'
    "<T_NEW_CATALOG>\n"
)
PRODUCT = """\
<PRODUCT><SUPPLIER_PID>{number}</SUPPLIER_PID>
<PRODUCT_DETAILS>
<DESCRIPTION_SHORT>Salz</DESCRIPTION_SHORT></PRODUCT_DETAILS>
<PRODUCT_PRICE_DETAILS>
<PRODUCT_PRICE price_type="nrp">
<PRICE_AMOUNT>{price}</PRICE_AMOUNT></PRODUCT_PRICE>
<PRODUCT_PRICE price_type="net_list">
<PRICE_AMOUNT>20</PRICE_AMOUNT></PRODUCT_PRICE>
</PRODUCT_PRICE_DETAILS>
<MIME_INFO><MIME><MIME_SOURCE>{number}.jpg</MIME_SOURCE></MIME></MIME_INFO>
</PRODUCT>
"""
END = "</T_NEW_CATALOG></BMECAT>\n"


def test_a_catalogue_gives_articles_prices_and_pictures(house: House) -> None:
    products = PRODUCT.format(number="1", price="24.90")
    products += PRODUCT.format(number="2", price="25")
    house.drop("BMEcat.xml", HEAD + products + END)

    code = house.once()

    found = {
        str(it.mapping): (it.state, it.accepted) for it in house.deliveries()
    }
    assert 0 == code
    assert {
        "bmecat_artikel": ("accepted", 2),
        "bmecat_bilder": ("accepted", 2),
        "bmecat_preise": ("accepted", 4),
        "bmecat_verweise": ("accepted", 0),
    } == found


def test_a_wrong_price_is_put_aside_with_its_product(house: House) -> None:
    good = PRODUCT.format(number="1", price="24.90")
    bad = PRODUCT.format(number="2", price="zwanzig")
    house.drop("BMEcat.xml", HEAD + good + bad + END)

    house.once()

    (prices,) = [x for x in house.deliveries() if x.mapping == "bmecat_preise"]
    assert ("partly", 3, 1) == (prices.state, prices.accepted, prices.refused)
    (rest,) = (house.path / "quarantine").glob("*.zeilen.xml")
    text = rest.read_text("utf-8")
    assert "zwanzig" in text
    assert "24.90" not in text


UPDATE = HEAD.replace("T_NEW_CATALOG", "T_UPDATE_PRICES")


def readers(house: House) -> dict[str, str]:
    """Which mappings read the files, and what became of them."""
    return {str(it.mapping): it.state for it in house.deliveries()}


@pytest.mark.parametrize("name", ["BMECAT_1.xml", "T_NEW_1.xml", "K.xml"])
def test_prices_alone_are_told_by_what_the_file_says(
    house: House, name: str
) -> None:
    product = PRODUCT.format(number="1", price="24.90")
    end = END.replace("T_NEW_CATALOG", "T_UPDATE_PRICES")
    house.drop(name, UPDATE + product + end)

    code = house.once()

    assert 0 == code
    assert {
        "bmecat_bilder": "accepted",
        "bmecat_preise": "accepted",
        "bmecat_verweise": "accepted",
    } == readers(house)


@pytest.mark.parametrize("name", ["T_UPDATE_PRICES_1.xml", "Katalog.xml"])
def test_a_catalogue_of_another_name_is_read_as_one(
    house: House, name: str
) -> None:
    product = PRODUCT.format(number="1", price="24.90")
    house.drop(name, HEAD + product + END)

    house.once()

    assert 4 == len(readers(house))
    assert {"accepted"} == set(readers(house).values())


@pytest.mark.parametrize(
    "content",
    ["<Bestellungen/>", "<BMECAT><T_OTHER/></BMECAT>", "<BMECAT><T_NEW"],
)
def test_another_xml_of_an_unknown_name_has_no_mapping(
    house: House, content: str
) -> None:
    house.drop("Bestellung_305.xml", content)

    house.once()

    (delivery,) = house.deliveries()
    assert "refused" == delivery.state
    assert "intake.no_mapping" in house.codes(delivery.id)


def test_a_catalogue_that_holds_nothing_known_says_so_at_each_mapping(
    house: House,
) -> None:
    house.drop("BMECAT_1.xml", "<BMECAT><T_OTHER/></BMECAT>")

    house.once()

    assert {"refused"} == set(readers(house).values())
    assert 4 == len(readers(house))


def test_the_name_of_a_sage_file_goes_before_what_it_holds(
    house: House,
) -> None:
    product = PRODUCT.format(number="1", price="24.90")
    house.drop("Artikelstamm_1.xml", HEAD + product + END)

    house.once()

    assert {"artikelstamm": "refused"} == readers(house)

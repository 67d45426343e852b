"""Files of others: a catalogue is read by several mappings at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

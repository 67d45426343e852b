"""What a good programmer writes by hand for one file: typed and checked.

No mapping, no findings, no ledger: the floor nothing general can get below.
Every column is typed and checked exactly as ``mappings/bestand.yaml`` and
``artikelstamm.yaml`` say (a test compares the documents); a row with a
fault is counted and yields nothing. The libraries are those of the product:
``csv``, ``lxml.etree.iterparse`` (with the schema where ours has it), and for
json the C scanner of ``json.load``, which keeps the whole file in memory and
is still the fastest that keeps decimals exact.

``python bench/floor.py stock-csv FILE`` prints seconds, counts and memory.
"""

# ruff: noqa: C901, PLR0912, TRY301 - straight on, as one writes for one file
from __future__ import annotations

import csv
import json
import re
import sys
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from lxml import etree
from measure import measured

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    Document = dict[str, Any]

BERLIN = ZoneInfo("Europe/Berlin")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST = Decimal(999_999)
COMMA = re.compile(r"-?[0-9]+(?:,[0-9]+)?").fullmatch
GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+").fullmatch
POINT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?").fullmatch
WHOLE = re.compile(r"-?[0-9]+").fullmatch
LOCAL = re.compile(
    r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})"
).fullmatch
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]").search
TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/tr|/h[1-6])[^>]*>", re.IGNORECASE)
ASIN = re.compile(r"[A-Z0-9]{10}").fullmatch
LONGEST = 40
YES = {"-1", "1", "ja", "j", "true", "wahr", "yes", "y", "x"}
NO = {"0", "nein", "n", "false", "falsch", "no"}
WEIGHTS = {
    **dict.fromkeys(("kg", "KG", "Kg"), "kilogram"),
    **dict.fromkeys(("g", "G", "gr"), "gram"),
    "mg": "milligram",
    "t": "ton",
    "to": "ton",
}
LAND_PAIRS = (
    "A AT B BE D DE E ES F FR H HU I IT J JP L LU N NO P PT S SE FIN FI"
    " IND IN IRL IE SLO SI USA US VN VN CHN CN DEU DE AUT AT CHE CH FRA FR"
    " ITA IT ESP ES NLD NL POL PL TUR TR VNM VN"
)
LAND_WORDS = LAND_PAIRS.split()
LANDS = dict(zip(LAND_WORDS[::2], LAND_WORDS[1::2], strict=True))
ISO = frozenset(LANDS.values()) | {"GB", "CZ", "DK"}


def number(text: str) -> Decimal:
    if COMMA(text):
        return Decimal(text.replace(",", "."))
    if GROUPED(text) and len(text) <= LONGEST:
        return Decimal(text.replace(".", "").replace(",", "."))
    raise ValueError(text)


def pointed(text: str) -> Decimal:
    if POINT(text) and len(text) <= LONGEST:
        return Decimal(text)
    raise ValueError(text)


def canonical(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def within(value: Decimal) -> str:
    if value > MOST:
        raise ValueError(value)
    return canonical(value)


@lru_cache(maxsize=65_536)
def quantity(text: str) -> str:
    return within(number(text))


@lru_cache(maxsize=65_536)
def pointed_quantity(text: str) -> str:
    return within(pointed(text))


@lru_cache(maxsize=65_536)
def positive(text: str) -> Decimal:
    value = number(text)
    if value < 0:
        raise ValueError(text)
    return value


@lru_cache(maxsize=1_024)
def whole(text: str) -> int:
    if WHOLE(text) and len(text) < LONGEST:
        return int(text)
    raise ValueError(text)


@lru_cache(maxsize=64)
def boolean(text: str) -> bool:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError(text)


@lru_cache(maxsize=65_536)
def local(text: str) -> int:
    """Berlin's wall clock as UTC microseconds."""
    found = LOCAL(text)
    if found is None:
        raise ValueError(text)
    day, month, year, hour, minute, second = map(int, found.groups())
    at = datetime(year, month, day, hour, minute, second, tzinfo=BERLIN)
    return (at - EPOCH) // MICROSECOND


@lru_cache(maxsize=65_536)
def iso(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=BERLIN)
    return (at - EPOCH) // MICROSECOND


def visible(text: str) -> str | None:
    text = text.strip()
    if not text.isprintable() and CONTROL(text):
        raise ValueError(text)
    return text or None


def needed(text: str) -> str:
    found = visible(text)
    if found is None:
        raise ValueError(text)
    return found


def stock_csv(path: str) -> Iterator[Document | None]:
    with open(path, encoding="cp1252", newline="") as file:  # noqa: PTH123
        rows = csv.reader(file, delimiter=";", strict=True)
        next(rows)
        for row in rows:
            try:
                (firm, article, variant, store, name, shelf, held, free,
                 unit, at) = row  # fmt: skip
                firm, variant = firm.strip(), variant.strip()
                held, free = held.strip(), free.strip()
                article = needed(article)
                if len(article) > 31:
                    raise ValueError(article)
                kind = whole(variant) if variant else 0
                if kind < 0:
                    raise ValueError(variant)
                yield {
                    "article": article,
                    "variant": kind,
                    "mandant": whole(firm) if firm else None,
                    "warehouse": needed(store),
                    "warehouse_name": visible(name),
                    "bin": visible(shelf),
                    "quantity": quantity(held),
                    "available": quantity(free) if free else None,
                    "unit": visible(unit),
                    "as_of": local(at.strip()),
                }
            except ValueError:
                yield None


def stock_xml(
    path: str, schema: etree.XMLSchema | None = None
) -> Iterator[Document | None]:
    # With a schema and this, lxml takes a truncated file for a whole one.
    entities = {} if schema else {"resolve_entities": False}
    events = etree.iterparse(
        path,
        tag="Bestand",
        schema=schema,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        **entities,
    )
    for _, element in events:
        if len(element):  # the field Bestand has the name of its record
            values = {child.tag: child.text or "" for child in element}
            element.clear(keep_tail=True)
            parent = element.getparent()
            while (before := element.getprevious()) is not None:
                parent.remove(before)
            yield _stock(values, pointed_quantity)


def stock_xsd(path: str) -> Iterator[Document | None]:
    place = Path(__file__).parents[1] / "xsd" / "bestand.xsd"
    return stock_xml(path, etree.XMLSchema(file=str(place)))


def _stock(
    values: dict[str, str], amount: Callable[[Any], str]
) -> Document | None:
    """A stock level of named values; what is not given is left out."""
    try:
        article = needed(values["Artikelnummer"])
        if len(article) > 31:
            raise ValueError(article)
        made: Document = {"article": article}
        if "AuspraegungID" in values:
            text = values["AuspraegungID"].strip()
            kind = made["variant"] = whole(text) if text else 0
            if kind < 0:
                raise ValueError(text)
        if "Mandant" in values:
            text = values["Mandant"].strip()
            made["mandant"] = whole(text) if text else None
        made["warehouse"] = needed(values["Lagerkennung"])
        if "Lagerort" in values:
            made["warehouse_name"] = visible(values["Lagerort"])
        if "Platzbezeichnung" in values:
            made["bin"] = visible(values["Platzbezeichnung"])
        made["quantity"] = amount(values["Bestand"].strip())
        if "Verfuegbar" in values:
            text = values["Verfuegbar"].strip()
            made["available"] = amount(text) if text else None
        if "Lagermengeneinheit" in values:
            made["unit"] = visible(values["Lagermengeneinheit"])
        made["as_of"] = iso(values["Stand"].strip())
    except (KeyError, ValueError):
        return None
    return made


def stock_json(path: str) -> Iterator[Document | None]:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        content = json.load(file, parse_float=Decimal)
    for values in content["Bestaende"]:
        yield _stock_of_json(values)


def _whole_json(value: object) -> int | None:
    if value.__class__ is int:
        return value  # type: ignore[return-value]
    if isinstance(value, Decimal):
        if value != value.to_integral_value():
            raise ValueError(value)
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        return whole(text) if text else None
    if value is None:
        return None
    raise ValueError(value)


def _amount_json(value: object) -> str | None:
    if value.__class__ is int:
        if value > 999_999:  # type: ignore[operator]
            raise ValueError(value)
        return str(value)
    if isinstance(value, Decimal):
        return within(value)
    if isinstance(value, str):
        text = value.strip()
        return pointed_quantity(text) if text else None
    if value is None:
        return None
    raise ValueError(value)


def _text_json(value: object) -> str | None:
    if isinstance(value, str):
        return visible(value)
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return canonical(Decimal(value))
    raise ValueError(value)


def _stock_of_json(values: Document) -> Document | None:
    try:
        article = _text_json(values["Artikelnummer"])
        if article is None or len(article) > 31:
            raise ValueError(article)
        made: Document = {"article": article}
        if "AuspraegungID" in values:
            kind = _whole_json(values["AuspraegungID"])
            made["variant"] = 0 if kind is None else kind
            if kind is not None and kind < 0:
                raise ValueError(kind)
        if "Mandant" in values:
            made["mandant"] = _whole_json(values["Mandant"])
        made["warehouse"] = _text_json(values["Lagerkennung"])
        made["quantity"] = _amount_json(values["Bestand"])
        if made["warehouse"] is None or made["quantity"] is None:
            raise ValueError(article)
        if "Lagerort" in values:
            made["warehouse_name"] = _text_json(values["Lagerort"])
        if "Platzbezeichnung" in values:
            made["bin"] = _text_json(values["Platzbezeichnung"])
        if "Verfuegbar" in values:
            made["available"] = _amount_json(values["Verfuegbar"])
        if "Lagermengeneinheit" in values:
            made["unit"] = _text_json(values["Lagermengeneinheit"])
        made["as_of"] = iso(values["Stand"].strip())
    except (KeyError, ValueError):
        return None
    return made


def collapsed(text: str) -> str | None:
    return needed_or_none(" ".join(text.split()))


def needed_or_none(text: str) -> str | None:
    if not text:
        return None
    if not text.isprintable() and CONTROL(text):
        raise ValueError(text)
    return text


def plain(text: str) -> str | None:
    """Text without tags."""
    if "<" in text or "&" in text or "\xa0" in text or "  " in text:
        from html import unescape  # noqa: PLC0415 - seldom

        bare = unescape(TAG.sub("", BREAK.sub("\n", text)))
        lines = (
            re.sub(r"[ \t\xa0]+", " ", line).strip()
            for line in bare.splitlines()
        )
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    else:
        text = "\n".join(line.strip() for line in text.splitlines()).strip()
        text = re.sub(r"\n{3,}", "\n\n", text)
    return needed_or_none(text)


def cut(text: str) -> str:
    if len(text) <= 200:
        return text
    head = text[:201]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > 100 else text[:200]).rstrip()


def gtin(text: str) -> str:
    if not (text.isascii() and text.isdigit() and text.strip("0")):
        raise ValueError(text)
    if len(text) not in {8, 12, 13, 14}:
        raise ValueError(text)
    signs = [ord(sign) - 48 for sign in reversed(text)]
    if (sum(signs[::2]) + 3 * sum(signs[1::2])) % 10:
        raise ValueError(text)
    return text


def land(text: str) -> str | None:
    code = LANDS.get(text, text)
    if code not in ISO:
        raise ValueError(text)
    return visible(code)


@lru_cache(maxsize=65_536)
def centimeters(text: str) -> dict[str, str] | None:
    if not text:
        return None
    value = positive(text)
    return {"value": canonical(value), "unit": "centimeter"} if value else None


@lru_cache(maxsize=65_536)
def weight(text: str, unit: str) -> dict[str, str] | None:
    if not text:
        return None
    value = positive(text)
    if not value:
        return None
    if unit not in WEIGHTS:
        raise ValueError(unit)
    return {"value": canonical(value), "unit": WEIGHTS[unit]}


@lru_cache(maxsize=1_024)
def share(text: str) -> str:
    value = positive(text)
    if value > 100:
        raise ValueError(text)
    return canonical(value)


def article_csv(path: str) -> Iterator[Document | None]:
    with open(path, encoding="cp1252", newline="") as file:  # noqa: PTH123
        rows = csv.reader(file, delimiter=";", strict=True)
        next(rows)
        for row in rows:
            try:
                yield _article(row)
            except ValueError:
                yield None


def _article(row: list[str]) -> Document:
    (firm, article, match, first, second, text, more, group, brand, part,
     code, tax, rate, unit, heavy, heavy_unit, length, width, height,
     customs, country, bundle, variant, successor, active, offered,
     asin) = map(str.strip, row)  # fmt: skip
    if not article or len(article) > 31 or len(group) > 15:
        raise ValueError(article)
    title = collapsed(" ".join(filter(None, (first, second))))
    if title is None:
        raise ValueError(first)
    if asin and not ASIN(asin):
        raise ValueError(asin)
    maker = collapsed(brand)
    made: Document = {
        "article": visible(article),
        "mandant": whole(firm) if firm else None,
        "matchcode": collapsed(match),
        "title": cut(title),
        "description": plain(text or more),
        "brand": maker,
        "manufacturer": maker,
        "part_number": visible(part),
        "gtin": gtin(code) if code else None,
        "asin": asin or None,
        "group": visible(group),
        "product_type": "KITCHEN_GRINDER" if group == "BEISPIEL" else None,
        "browse_node": "3550339031" if group == "BEISPIEL" else None,
        "tax_class": whole(tax) if tax else None,
        "tax_rate": share(rate) if rate else None,
        "unit": visible(unit),
        "customs_number": visible(customs),
        "country_of_origin": land(country) if country else None,
        "bundle_kind": whole(bundle) if bundle else None,
        "has_variants": boolean(variant) if variant else None,
        "successor": visible(successor),
        "active": boolean(active) if active else True,
        "offered": boolean(offered) if offered else False,
    }
    measures = {
        "weight": weight(heavy, heavy_unit),
        "length": centimeters(length),
        "width": centimeters(width),
        "height": centimeters(height),
    }
    for name, value in measures.items():
        if value is not None:
            made[name] = value
    return made


def stock_body(document: Document) -> bytes:
    """What Amazon would get for one stock level."""
    free = document.get("available")
    if free is None:
        free = document["quantity"]
    pieces = int(free) if free.isdigit() else max(0, int(Decimal(free)))
    return orjson.dumps(
        {
            "sku": document["article"],
            "operationType": "PATCH",
            "productType": "PRODUCT",
            "patches": [
                {
                    "op": "replace",
                    "path": "/attributes/fulfillment_availability",
                    "value": [
                        {
                            "fulfillment_channel_code": "DEFAULT",
                            "quantity": pieces,
                        }
                    ],
                }
            ],
        }
    )


CASES = {
    "stock-csv": (stock_csv, stock_body),
    "stock-xml": (stock_xml, stock_body),
    "stock-xsd": (stock_xsd, stock_body),
    "stock-json": (stock_json, stock_body),
    "article-csv": (article_csv, orjson.dumps),
}


def run(case: str, path: str) -> dict[str, int]:
    """The whole file to bodies; what was made of it."""
    documents, body = CASES[case]
    made = faults = size = 0
    for document in documents(path):
        if document is None:
            faults += 1
        else:
            made += 1
            size += len(body(document))
    return {"made": made, "faults": faults, "bytes": size}


if __name__ == "__main__":
    measured(lambda: run(*sys.argv[1:]))

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InputError
from bridge.formats import cells
from bridge.formats.reading import open_file
from bridge.formats.writing import write
from bridge.model.record import Profile
from bridge.model.record import Record

if TYPE_CHECKING:
    from decimal import Decimal

    from bridge.model.record import Value

CSV = Profile(format="csv")
XML = Profile(
    format="xml",
    root="S",
    record="/S/A",
    lists=frozenset({"L/I", "B"}),
)
JSON = Profile(format="json", record="S", lists=frozenset({"L/I"}))

NAMES = st.from_regex(r"[A-Za-zÄÖÜ][A-Za-z0-9_]{0,8}", fullmatch=True)
# Without what the format refuses or undresses on purpose.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
    | st.sampled_from("\n\r\t;\"',<>&=-"),
    max_size=20,
).filter(
    lambda text: (
        not cells.suspicious(text.replace("#", ""))
        and text not in cells.SHEET_ERRORS
        and not text.startswith('="')
        and not any(ord(sign) in {0xFFFE, 0xFFFF} for sign in text)
    )
)
NUMBERS = st.decimals(
    allow_nan=False,
    allow_infinity=False,
    min_value=-(10**12),
    max_value=10**12,
)


def _back(
    profile: Profile, values: list[dict[str, Value]]
) -> list[dict[str, Value]]:
    stream = BytesIO()
    records = [Record(at, row) for at, row in enumerate(values)]
    assert [] == write(stream, records, profile, {"M": "1"})
    with TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(stream.getvalue())
        with open_file(path, profile) as reading:
            found = [_plain(record) for record in reading.records]
            assert profile.format == "csv" or {"M": "1"} == reading.head
    return found


def _plain(record: Record) -> dict[str, Value]:
    """Without lines, which a round trip does not keep."""
    assert () == record.findings
    return {
        name: [Record(0, _plain(item)) for item in value]
        if isinstance(value, list)
        else value
        for name, value in record.values.items()
    }


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True).flatmap(
        lambda names: st.lists(
            st.fixed_dictionaries(dict.fromkeys(names, TEXTS)).filter(
                lambda row: any(text.strip() for text in row.values())
            ),
            min_size=1,
            max_size=4,
        )
    )
)
def test_what_csv_writes_it_reads(rows: list[dict[str, Value]]) -> None:
    assert rows == _back(CSV, rows)


ITEMS = st.lists(
    st.builds(
        Record,
        st.just(0),
        st.dictionaries(NAMES, TEXTS.filter(bool), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=3,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "@a": TEXTS.filter(bool),
                "x": TEXTS.filter(bool),
                "y/z": TEXTS.filter(bool),
                "y/@w": TEXTS.filter(bool),
                "L/I": ITEMS,
            },
        ).filter(lambda row: "y/z" in row or "y/@w" not in row),
        max_size=3,
    )
)
def test_what_xml_writes_it_reads(rows: list[dict[str, Value]]) -> None:
    assert rows == _back(XML, rows)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "x": TEXTS | NUMBERS | st.booleans(),
                "y/z": TEXTS | NUMBERS,
                "L/I": ITEMS,
                "M": st.lists(
                    st.builds(lambda text: Record(0, {".": text}), TEXTS),
                ),
            },
        ),
        max_size=3,
    )
)
def test_what_json_writes_it_reads(rows: list[dict[str, Value]]) -> None:
    assert rows == _back(JSON, rows)


@given(NUMBERS)
def test_json_keeps_every_digit(number: Decimal) -> None:
    ((value,),) = (row.values() for row in _back(JSON, [{"x": number}]))

    assert format(number, "f") == format(value, "f")


@given(st.binary(max_size=60), st.sampled_from(["csv", "xml", "json", "xlsx"]))
def test_any_bytes_give_records_or_a_refusal(data: bytes, name: str) -> None:
    _read_any(data, name)


@given(
    st.text(st.sampled_from("<>/&A;=\"' \n[]{}:,1-!?x\\u0"), max_size=60),
    st.sampled_from(["csv", "xml", "json"]),
)
def test_any_text_gives_records_or_a_refusal(text: str, name: str) -> None:
    _read_any(text.encode(), name)


def _read_any(data: bytes, name: str) -> None:
    formats = {
        "csv": CSV,
        "xml": Profile(format="xml", record="/A/A"),
        "json": Profile(format="json"),
        "xlsx": Profile(format="xlsx"),
    }
    with TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(data)
        try:
            with open_file(path, formats[name]) as reading:
                list(reading.records)
        except InputError as refusal:
            assert refusal.told("de")  # noqa: PT017 - either end is good

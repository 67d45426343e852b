from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from bridge.errors import ConfigError
from bridge.formats import xsd
from bridge.ports.turns import COMPILING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drop = Callable[[str, bytes | str], Path]

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:include schemaLocation="teil.xsd"/>
<xs:element name="A"><xs:complexType><xs:sequence>
<xs:element name="B" type="Zahl" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute name="c" type="xs:int"/>
</xs:complexType></xs:element></xs:schema>"""
PART = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:simpleType name="Zahl"><xs:restriction base="xs:int"/></xs:simpleType>
<xs:element name="D"/></xs:schema>"""


@pytest.fixture
def schema(drop: Drop) -> Path:
    drop("teil.xsd", PART)
    return drop("s.xsd", SCHEMA)


def test_bytes_that_satisfy_the_schema_have_no_findings(schema: Path) -> None:
    assert [] == xsd.validate_bytes(b"<A c='1'><B>1</B></A>", schema)


def test_bytes_that_break_the_schema_are_explained(schema: Path) -> None:
    data = b"<A c='x'>\n<B>1</B>\n<B>zwei</B></A>"

    rule, value = xsd.validate_bytes(data, schema)

    assert ("formats.schema_rule", 1) == (rule.code, rule.line)
    assert ("formats.schema_value", 3) == (value.code, value.line)
    assert "zwei" in value.message("de")


def test_at_most_two_hundred_findings_are_given(schema: Path) -> None:
    data = b"<A>" + b"<B>x</B>" * 300 + b"</A>"

    assert xsd.MOST_FINDINGS == len(xsd.validate_bytes(data, schema))


def test_large_files_are_explained_by_libxml2(
    drop: Drop, schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xsd, "PLAIN_SIZE", 10)

    (finding,) = xsd.explain(drop("a.xml", "<A>\n<B>x</B></A>"), schema)

    assert ("formats.schema_rule", 2) == (finding.code, finding.line)
    assert "'x'" in finding.message()


def test_names_of_included_schemas_are_known(schema: Path) -> None:
    assert {"A", "B", "c", "D"} == xsd.names(schema)


@pytest.mark.parametrize("content", ["no xml", "<A/>"])
def test_a_broken_schema_is_a_fault_of_the_configuration(
    drop: Drop, content: str
) -> None:
    broken = drop("s.xsd", content)

    with pytest.raises(ConfigError):
        xsd.compiled(broken)
    with pytest.raises(ConfigError):
        xsd.validate_bytes(b"<A/>", broken)


def test_schemas_are_compiled_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "own.xsd"
    path.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="a" type="xs:string"/></xs:schema>',
        encoding="utf-8",
    )
    worker = threading.Thread(target=xsd.compiled, args=(path,))

    with COMPILING:  # libxml2 breaks where two do it at once
        worker.start()
        worker.join(0.2)
        waiting = worker.is_alive()
    worker.join(5)

    assert waiting
    assert not worker.is_alive()

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.mapping.check import load
from bridge.mapping.compile_amazon import AmazonMapping
from bridge.mapping.compile_out import OutMapping
from bridge.mapping.generate_in import compile_in
from bridge.mapping.trial import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.errors import Finding
    from bridge.mapping.plan import Plan
    from bridge.model.record import Format
    from bridge.model.record import Record

CONTEXT = {
    "now": NOW,
    "timezone": "Europe/Berlin",
    "mandant": "1",
    "marketplace": "A1PA6795UKMFR9",
    "language": "de_DE",
    "currency": "EUR",
    "file_name": "Artikelstamm.csv",
    "setting.lager": "HL",
}
ARTICLE = """\
mapping: 1
title: Probe
direction: in
document: Article
files: ["*"]
formats:
  csv: { encoding: windows-1252 }
  txt: { like: csv }
  xml: { record: /A/B }
  json: { record: A }
  xlsx: {}
tables:
  units: { kg: kilogram, g: gram }
fields:
  article: { from: Nr, as: code }
"""
ORDER = """\
mapping: 1
title: Probe
direction: out
document: Order
name: "B_{id}_{now:%Y%m%d}"
formats:
  csv: {}
  json: { record: Orders, head: { Nr: { value: 1, as: integer } } }
fields:
"""
LISTING = """\
mapping: 1
title: Probe
direction: amazon
document: Listing
facets:
  content:
"""


@dataclass
class Result:
    """What became of one record or document."""

    values: dict[str, Any]
    found: list[Finding]

    @property
    def codes(self) -> list[str]:
        return [item.code for item in self.found]


@pytest.fixture
def check(tmp_path: Path) -> Callable[[str], list[Finding]]:
    """Every mistake of a mapping's text."""

    def _check(text: str) -> list[Finding]:
        path = tmp_path / "probe.yaml"
        path.write_bytes(text.encode())
        return load(path)[1]

    return _check


@pytest.fixture
def plan_of(tmp_path: Path) -> Callable[[str], Plan]:
    """The plan of a mapping's text, which must be free of mistakes."""

    def _plan(text: str) -> Plan:
        path = tmp_path / "probe.yaml"
        path.write_text(text, "utf-8")
        plan, found = load(path)
        assert plan, [item.told(path.name) for item in found]
        return plan

    return _plan


@pytest.fixture
def convert(
    plan_of: Callable[[str], Plan],
) -> Callable[..., Result]:
    """One record through an ``in`` mapping with some fields."""

    def _convert(
        fields: str,
        values: Mapping[str, Any],
        form: Format = "csv",
        head: Mapping[str, Any] | None = None,
    ) -> Result:
        plan = plan_of(ARTICLE + indented(fields, 2))
        run = compile_in(
            plan, plan.profiles[form], context=CONTEXT, head=head or {}
        )
        found: list[Finding] = []
        row = {"Nr": "1", **values}
        made = run(7, row, found)
        if form == "csv" and all(isinstance(v, str) for v in values.values()):
            quick = compile_in(
                plan,
                plan.profiles[form],
                context=CONTEXT,
                head=head or {},
                columns=tuple(row),
            )
            again: list[Finding] = []
            assert (made, found) == (quick(7, row, again), again)
        assert made.pop("article") == "1"
        return Result(made, found)

    return _convert


@pytest.fixture
def written(plan_of: Callable[[str], Plan]) -> Callable[..., Result]:
    """One order through an ``out`` mapping with some fields."""

    def _written(
        fields: str,
        document: Mapping[str, Any],
        form: Format | None = None,
    ) -> Result:
        plan = plan_of(ORDER + indented(fields, 2))
        found: list[Finding] = []
        mapping = OutMapping(plan, "Europe/Berlin")
        record = mapping.record(document, CONTEXT, found, form=form)
        return Result(_plain(record), found)

    return _written


@pytest.fixture
def attributes(plan_of: Callable[[str], Plan]) -> Callable[..., Result]:
    """One listing through an ``amazon`` mapping with some attributes."""

    def _attributes(rules: str, listing: Mapping[str, Any]) -> Result:
        plan = plan_of(LISTING + indented(rules, 4))
        found: list[Finding] = []
        mapping = AmazonMapping(plan, "Europe/Berlin")
        made = mapping.attributes("content", listing, CONTEXT, found)
        return Result(made, found)

    return _attributes


def indented(text: str, depth: int) -> str:
    lines = dedent(text).strip().splitlines()
    return "".join(f"{' ' * depth}{line}\n" for line in lines)


def _plain(record: Record) -> dict[str, Any]:
    return {
        name: [_plain(item) for item in value]
        if isinstance(value, list)
        else value
        for name, value in record.values.items()
    }

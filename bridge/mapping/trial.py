"""The tests beside a mapping: ``<name>.test.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.errors import InputError
from bridge.errors import Where
from bridge.mapping import check_trial
from bridge.mapping.compile_amazon import AmazonMapping
from bridge.mapping.compile_out import OutMapping
from bridge.mapping.conditions import predicate
from bridge.mapping.generate_in import compile_in
from bridge.mapping.grouping import grouped
from bridge.mapping.notation import Items
from bridge.mapping.notation import Table
from bridge.messages.catalogue import LANGUAGES
from bridge.model.marketplaces import MARKETPLACES
from bridge.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.mapping.notation import Node
    from bridge.mapping.notation import Text
    from bridge.mapping.plan import Plan
    from bridge.model.record import Profile

    Read = Callable[
        [bytes, Profile], tuple[Mapping[str, Any], Iterable[Record]]
    ]
    Write = Callable[[Record, Profile, Mapping[str, Any]], str]

NOW = "2026-01-14T06:30:00+00:00"  # the instant at which tests stand still


@dataclass(frozen=True)
class Tools:
    """The formats, which the mapping room must not know itself."""

    read: Read
    write: Write
    timezone: str = "Europe/Berlin"


@dataclass(frozen=True)
class Outcome:
    """What became of one test.

    Attributes:
        name: The sentence of the test.
        where: Where it stands.
        differences: What was not as expected; empty if all was.
    """

    name: str
    where: Where
    differences: tuple[str, ...]


def run(plan: Plan, path: Path, tools: Tools) -> list[Outcome]:
    """Run every test of a file; a broken file is one failed test."""
    tests, found = check_trial.read(path, plan)
    if found:
        said = tuple(item.told(path.name) for item in found)
        return [Outcome(path.name, Where(path.name), said)]
    return [_run(plan, path, test, tools) for test in tests]


def _run(plan: Plan, path: Path, node: Table, tools: Tools) -> Outcome:
    where = Where(path.name, node.place.line)
    test = plain(node)
    runner = {"in": _run_in, "out": _run_out, "amazon": _run_amazon}
    differences = runner[plan.direction](plan, test, tools)
    return Outcome(str(test.get("name", "?")), where, tuple(differences))


def plain(node: Node) -> Any:  # noqa: ANN401 - a tree of texts
    """The tree as Python's own: text, lists and dictionaries."""
    if isinstance(node, Table):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return _empty(node)


def _empty(node: Text) -> str | None:
    return (
        None
        if node.value in {"", "~", "null"} and not node.quoted
        else node.value
    )


def _context(tools: Tools, test: Mapping[str, Any]) -> dict[str, str]:
    place = MARKETPLACES[str(test.get("marketplace", "DE"))]
    known = {
        "now": NOW,
        "timezone": tools.timezone,
        "mandant": "1",
        "file_name": "test",
        "seller": "A1EXAMPLESELLER",
        "marketplace": place.id,
        "language": place.language,
        "currency": place.currency,
    }
    return known | (test.get("context") or {})


def _run_in(plan: Plan, test: Mapping[str, Any], tools: Tools) -> list[str]:
    name = test.get("format", next(iter(plan.profiles), "csv"))
    profile = plan.profiles[name]
    found: list[Finding] = []
    documents: list[dict[str, Any]] = []
    try:
        head, records = _given(test.get("input"), profile, tools)
        documents = _documents(
            plan, profile, tools, head, records, found, test
        )
    except InputError as error:  # the whole file is wrong
        found += error.findings or [_whole(error)]
    differences = _findings(test.get("findings") or [], found)
    if "expect" in test:
        differences += _differ(test["expect"] or [], documents, "")
    return differences


def _given(
    given: object,
    profile: Profile,
    tools: Tools,
) -> tuple[Mapping[str, Any], Iterable[Record]]:
    """A file's text, or records without their file."""
    if isinstance(given, str):
        return tools.read(given.encode(profile.encoding), profile)
    rows = given if isinstance(given, list) else [given or {}]
    return {}, [Record(line, row) for line, row in enumerate(rows, 2)]


def _whole(error: InputError) -> Finding:
    facts = {name: str(value) for name, value in error.facts.items()}
    return Finding(error.code, facts=facts)


def _documents(  # noqa: PLR0913, PLR0917 - the parts of one test
    plan: Plan,
    profile: Profile,
    tools: Tools,
    head: Mapping[str, Any],
    records: Iterable[Record],
    found: list[Finding],
    test: Mapping[str, Any],
) -> list[dict[str, Any]]:
    context = _context(tools, test)
    convert = compile_in(plan, profile, context=context, head=head)
    wanted, unwanted = predicate(plan.only), predicate(plan.skip)
    documents = []
    for record in grouped(records, plan, profile):
        if not wanted(record.values) or (
            plan.skip and unwanted(record.values)
        ):
            continue
        own: list[Finding] = list(record.findings)
        document = convert(record.line, record.values, own)
        found += own
        if all(item.severity == "warn" for item in own):
            documents.append(document)
    return documents


def _findings(expected: list[str], found: list[Finding]) -> list[str]:
    said = [
        f"[{item.field}]: {item.message(language)}"
        for item in found
        for language in LANGUAGES
    ]
    missing = [
        f"expected the finding {text!r}"
        for text in expected
        if not any(text in sentence for sentence in said)
    ]
    unexpected = []
    if len(found) > len(expected):
        unexpected = [
            f"unexpected finding {item.told('')}"
            for item in found
            if not any(
                text in f"[{item.field}]: {item.message(language)}"
                for text in expected
                for language in LANGUAGES
            )
        ]
    return missing + unexpected


def _run_amazon(
    plan: Plan, test: Mapping[str, Any], tools: Tools
) -> list[str]:
    mapping = AmazonMapping(plan, tools.timezone)
    found: list[Finding] = []
    made: dict[str, Any] = {}
    listing = test.get("document") or {}
    for facet in plan.facets:
        made |= mapping.attributes(
            facet, listing, _context(tools, test), found
        )
    differences = _findings(test.get("findings") or [], found)
    return differences + _differ(test.get("attributes") or {}, made, "")


def _run_out(plan: Plan, test: Mapping[str, Any], tools: Tools) -> list[str]:
    mapping = OutMapping(plan, tools.timezone)
    name = test.get("format", next(iter(plan.profiles)))
    found: list[Finding] = []
    context = _context(tools, test)
    document = test.get("document") or {}
    record = mapping.record(document, context, found, form=name)
    text = tools.write(
        record, plan.profiles[name], mapping.head(name, context, found)
    )
    differences = _findings(test.get("findings") or [], found)
    expected = str(test.get("file", "")).replace("\r\n", "\n").rstrip("\n")
    if "file" in test and expected != text.replace("\r\n", "\n").rstrip("\n"):
        differences.append(f"expected the file\n{expected}\ngot\n{text}")
    return differences


def _differ(expected: Any, got: Any, path: str) -> list[str]:  # noqa: ANN401
    """Every named field that is not as expected; others are not compared."""
    if isinstance(expected, dict):
        inner = got if isinstance(got, dict) else {}
        return [
            line
            for key, value in expected.items()
            for line in _differ(value, inner.get(key), f"{path}/{key}")
        ]
    if isinstance(expected, list):
        return _differ_lists(expected, got, path)
    if _said(expected) != _said(got):
        return [
            f"{path or 'value'}: expected {expected!r}, got {_said(got)!r}"
        ]
    return []


def _differ_lists(expected: list[Any], got: Any, path: str) -> list[str]:  # noqa: ANN401
    items = got if isinstance(got, list) else []
    if len(items) != len(expected):
        return [
            f"{path or 'list'}: expected {len(expected)}, got {len(items)}"
        ]
    return [
        line
        for number, pair in enumerate(zip(expected, items, strict=True), 1)
        for line in _differ(*pair, f"{path}/{number}")
    ]


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

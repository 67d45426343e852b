"""The records of a delivery become staged documents, chunk by chunk.

A record whose raw row is already known is not converted again: most rows of
most files are as they were.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from dataclasses import replace
from fnmatch import fnmatch
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

import orjson

from bridge.errors import Finding
from bridge.flows.ages import row_age
from bridge.flows.rawrows import DIGEST
from bridge.flows.rawrows import raw_hash
from bridge.flows.rawrows import read_columns
from bridge.formats.reading import open_file
from bridge.ledger import deliveries
from bridge.ledger import staging
from bridge.ledger.staging import Idle
from bridge.ledger.staging import Scope
from bridge.ledger.staging import Staged
from bridge.mapping.conditions import predicate
from bridge.mapping.generate_in import CELLS
from bridge.mapping.generate_in import compile_in
from bridge.mapping.grouping import grouped
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.flows.parts import Parts
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.mapping.plan import Plan
    from bridge.model.kinds import Kind
    from bridge.model.record import Profile
    from bridge.model.record import Record

CHUNK = 5_000  # records of one commit
FULL = "voll"


@dataclass
class Tally:
    """What was counted while reading."""

    records: int = 0
    filtered: int = 0
    keyless: int = 0


@dataclass(frozen=True)
class _Notes:
    """What one chunk leaves behind beside its rows."""

    found: list[Finding]
    partial: set[str]
    tally: Tally


@dataclass(frozen=True)
class Desk:
    """Everything needed to judge one record of the file at hand."""

    delivery: int
    scope: Scope
    kind: Kind
    convert: Callable[..., dict[str, Any]]
    wanted: Callable[[Mapping[str, Any]], bool]
    age: Callable[[Mapping[str, Any]], int]
    raw: Callable[[Mapping[str, Any]], bytes]
    fields: int
    #: Of known documents, by raw row: what is no younger changes nothing.
    ages: Mapping[bytes, int]


def profile_of(parts: Parts, delivery: Delivery, plan: Plan) -> Profile:
    """How the file of a delivery is written."""
    profile = plan.profiles[delivery.format]  # type: ignore[index]
    box = next(b for b in parts.settings.inbox if b.name == delivery.inbox)
    return replace(profile, encoding=box.encoding) if box.encoding else profile


def stage(parts: Parts, delivery: Delivery, path: Path) -> dict[str, Any]:
    """Read a delivery from the start into staging.

    Twice is harmless: staging and findings are replaced.

    Returns:
        Columns of the delivery: counts, and whether the file is complete.

    Raises:
        InputError: The file as a whole cannot be read.
    """
    plan = parts.book.plan(str(delivery.mapping))
    profile = profile_of(parts, delivery, plan)
    with parts.ledger.write() as tx:
        staging.clear(tx, delivery.id)
        deliveries.forget_findings(tx, delivery.id)
    tally = Tally()
    with open_file(path, profile) as reading:
        desk = _desk(parts, delivery, plan, profile, reading)
        records: Iterator[Record] = iter(reading.records)
        if plan.group_by:
            records = grouped(records, plan)
        seq = 0
        while chunk := list(islice(records, CHUNK)):
            _stage_chunk(parts, desk, chunk, seq, tally)
            seq += len(chunk)
        with parts.ledger.write() as tx:
            deliveries.note(tx, delivery.id, reading.findings)
            if desk.ages:
                staging.name_suspects(tx, desk.scope, delivery.id)
        complete = _is_complete(plan, delivery.name, reading.head)
    return {
        "records": tally.records,
        "filtered": tally.filtered,
        "keyless": tally.keyless,
        "complete": complete,
    }


def _desk(
    parts: Parts,
    delivery: Delivery,
    plan: Plan,
    profile: Profile,
    reading: Any,  # noqa: ANN401 - the open file of the formats room
) -> Desk:
    settings = parts.settings
    context = parts.context(file_name=delivery.name)
    default = delivery.as_of or delivery.modified_at
    columns = read_columns(plan, reading.columns)
    own = orjson.dumps(settings.values, option=orjson.OPT_SORT_KEYS).decode()
    head = {k: str(v) for k, v in reading.head.items() if k in plan.reads()}
    start = f"{plan.fingerprint}|{profile.format}|{columns}|{own}|{head}"
    return Desk(
        delivery.id,
        Scope(parts.mandant, plan.document, plan.name),
        plan.kind,
        compile_in(
            plan,
            profile,
            context=context,
            head=reading.head,
            columns=reading.columns,
        ),
        _admits(plan),
        row_age(plan, profile, settings.bridge.timezone, default),
        raw_hash(columns, start),
        len(plan.fields),
        _ages(parts, delivery, plan, profile),
    )


def _ages(
    parts: Parts, delivery: Delivery, plan: Plan, profile: Profile
) -> Mapping[bytes, int]:
    """The known documents' ages, if only the ages may matter.

    A complete file needs every key, to see what it no longer holds; csv and
    txt have no head that could say so.
    """
    if profile.format not in CELLS or _is_complete(plan, delivery.name, {}):
        return {}
    scope = Scope(parts.mandant, plan.document, plan.name)
    with parts.ledger.read() as tx:
        return staging.ages(tx, scope)


def _admits(plan: Plan) -> Callable[[Mapping[str, Any]], bool]:
    if not plan.only and not plan.skip:
        return lambda _values: True
    only = predicate(plan.only)
    if not plan.skip:
        return only
    skip = predicate(plan.skip)
    return lambda values: only(values) and not skip(values)


def _stage_chunk(
    parts: Parts,
    desk: Desk,
    chunk: Sequence[Record],
    start: int,
    tally: Tally,
) -> None:
    """Judge one chunk and commit it; the collector rests meanwhile."""
    tally.records += len(chunk)
    gc.disable()
    try:
        admitted = [
            (start + number, record, desk.raw(record.values))
            for number, record in enumerate(chunk)
            if desk.wanted(record.values)
        ]
        idle, others = _idle(desk, admitted)
        with parts.ledger.write() as tx:
            staging.add_idle(tx, idle)
            known = staging.known_raw(
                tx, desk.scope, [raw for _, _, raw in others]
            )
            found: list[Finding] = []
            partial: set[str] = set()
            rows = list(
                _judged(desk, others, known, _Notes(found, partial, tally))
            )
            if partial:
                rows = _merged(tx, desk, rows, partial)
            if len(admitted) < len(chunk):
                tally.filtered += len(chunk) - len(admitted)
                rows += _withdrawn(tx, desk, chunk, start)
            staging.add(tx, rows)
            deliveries.note(tx, desk.delivery, found)
    finally:
        gc.enable()


def _idle(
    desk: Desk, admitted: Sequence[tuple[int, Record, bytes]]
) -> tuple[list[Idle], Sequence[tuple[int, Record, bytes]]]:
    """The records that change nothing, and all others."""
    if not desk.ages:
        return [], admitted
    number, age, last = desk.delivery, desk.age, desk.ages.get
    idle, others = [], []
    for item in admitted:
        seq, (line, values, findings), raw = item
        known = last(raw)
        at = None if known is None or findings else age(values)
        if at is None or at > known:  # type: ignore[operator] # both or none
            others.append(item)
        else:
            idle.append(Idle(number, seq, line, raw, at))
    return idle, others


def _judged(
    desk: Desk,
    admitted: Iterable[tuple[int, Record, bytes]],
    known: Mapping[bytes, tuple[str, int, str, bytes]],
    notes: _Notes,
) -> Iterator[Staged]:
    number, dumps, found = desk.delivery, orjson.dumps, notes.found
    for seq, record, raw in admitted:
        line, values = record.line, record.values
        same = known.get(raw)
        if same is not None and not record.findings:
            article, variant, key, digest = same
            yield Staged(
                number, seq, line, article, variant, key,
                raw, digest, None, desk.age(values), staging.SAME,
            )  # fmt: skip
            continue
        own: list[Finding] = list(record.findings)
        document = desk.convert(line, values, own)
        place = _key(desk.kind, document)
        if own:
            found += own
        if _other_mandant(desk, document, line, found) or _refuses(own):
            if place is None:
                notes.tally.keyless += 1
            else:
                yield Staged(
                    number, seq, line, *place,
                    None, None, None, desk.age(values), staging.REFUSED,
                )  # fmt: skip
            continue
        if place is None:  # the kind's key is always required
            continue
        if len(document) < desk.fields:
            notes.partial.add(place[2])
        body = dumps(document, option=orjson.OPT_SORT_KEYS)
        digest = blake2b(body, digest_size=DIGEST).digest()
        yield Staged(
            number, seq, line, *place,
            raw, digest, body, desk.age(values), staging.NEW,
        )  # fmt: skip


def _refuses(found: Iterable[Finding]) -> bool:
    return any(item.severity == "refuse" for item in found)


def _other_mandant(
    desk: Desk, document: Mapping[str, Any], line: int, found: list[Finding]
) -> bool:
    mandant = document.get("mandant")
    if mandant is None or mandant == desk.scope.mandant:
        return False
    facts = {"own": str(desk.scope.mandant)}
    found.append(
        Finding(
            "intake.other_mandant", line, "Mandant", str(mandant), facts=facts
        )
    )
    return True


def _key(
    kind: Kind, document: Mapping[str, Any]
) -> tuple[str, int, str] | None:
    """Article, variant and natural key; nothing if a part is missing."""
    parts = []
    for name in kind.key:
        value = document.get(name)
        if value is None:
            field = kind.fields[name]
            if field.needed:
                return None
            value = field.default
        parts.append(str(value))
    key = KEY_SEPARATOR.join(parts)
    if not kind.touches:
        return "", 0, key
    return str(document["article"]), document.get("variant") or 0, key


def _merged(
    tx: Transaction, desk: Desk, rows: list[Staged], partial: set[str]
) -> list[Staged]:
    """Rows that lack columns keep what is known of others (decisions 7)."""
    known = staging.bodies(tx, desk.scope, list(partial))
    return [
        _over(known[row.key], row)
        if row.body is not None and row.key in known
        else row
        for row in rows
    ]


def _over(known: bytes, row: Staged) -> Staged:
    new = orjson.loads(row.body or b"{}")
    body = orjson.dumps(
        {**orjson.loads(known), **new}, option=orjson.OPT_SORT_KEYS
    )
    digest = blake2b(body, digest_size=DIGEST).digest()
    return row._replace(body=body, hash=digest)


def _withdrawn(
    tx: Transaction, desk: Desk, chunk: Sequence[Record], start: int
) -> list[Staged]:
    """Filtered records that are known: they are taken off sale."""
    places: dict[str, tuple[int, Record, tuple[str, int, str]]] = {}
    for number, record in enumerate(chunk):
        if not desk.wanted(record.values):
            place = _key(
                desk.kind, desk.convert(record.line, record.values, [])
            )
            if place is not None:
                places[place[2]] = (start + number, record, place)
    known = staging.bodies(tx, desk.scope, list(places))
    return [
        Staged(
            desk.delivery,
            seq,
            record.line,
            *place,
            None,
            None,
            None,
            desk.age(record.values),
            staging.WITHDRAWN,
        )
        for key, (seq, record, place) in places.items()
        if key in known
    ]


def _is_complete(plan: Plan, name: str, head: Mapping[str, Any]) -> bool:
    """Whether the file states the complete set (decisions 1)."""
    base = name.rpartition("/")[2]
    if ".zeilen." in base:
        return False
    for key, value in head.items():
        if key.casefold() == "umfang" and value:
            return str(value).strip().casefold() == FULL
    if not plan.complete:
        return False
    return not (plan.complete_unless and fnmatch(base, plan.complete_unless))

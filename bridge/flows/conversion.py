"""The records of a delivery become staged documents, chunk by chunk.

A record whose raw row is already known is not converted again: most rows of
most files are as they were.
"""

from __future__ import annotations

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
from bridge.flows.desk import Desk
from bridge.flows.keys import key_of
from bridge.flows.persons import Persons
from bridge.flows.rawrows import DIGEST
from bridge.flows.rawrows import KnownRows
from bridge.flows.rawrows import digest_of_values
from bridge.flows.rawrows import fingerprint
from bridge.flows.reckoning import reckon
from bridge.formats.cells import REPLACEMENT
from bridge.formats.reading import open_file
from bridge.formats.source import Sieve
from bridge.ledger import deliveries
from bridge.ledger import staging
from bridge.ledger.staging import Scope
from bridge.ledger.staging import Staged
from bridge.mapping.conditions import predicate
from bridge.mapping.families import CORRECTED
from bridge.mapping.generate_in import compile_in
from bridge.mapping.grouping import grouped
from bridge.model.values import micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.flows.desk import Place
    from bridge.flows.parts import Parts
    from bridge.formats.source import Reading
    from bridge.ledger.deliveries import Delivery
    from bridge.ledger.engine import Transaction
    from bridge.mapping.plan import Plan
    from bridge.model.record import Profile
    from bridge.model.record import Record

CHUNK = 5_000  # records of one commit
FULL = "voll"
FEW = 1_000  # known rows; they are always loaded
ROW = 50  # bytes; hardly any row is shorter
PAYS = 5  # so many known rows are loaded while one is converted


@dataclass
class Tally:
    """What was counted while reading."""

    records: int = 0
    filtered: int = 0
    keyless: int = 0
    taken_back: int = 0


@dataclass(frozen=True)
class _Notes:
    """What one chunk leaves behind beside its rows."""

    found: list[Finding]
    partial: set[str]
    tally: Tally


def profile_of(parts: Parts, delivery: Delivery, plan: Plan) -> Profile:
    """How the file of a delivery is written."""
    profile = plan.profiles[delivery.format]  # type: ignore[index]
    box = parts.settings.box(delivery.inbox)
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
        records = grouped(reading.records, plan, profile, delivery.name)
        seq = 0
        while chunk := list(islice(records, CHUNK)):
            _stage_chunk(parts, desk, chunk, seq, tally)
            seq += len(chunk)
        complete = _is_complete(plan, delivery.name, reading.head)
        with parts.ledger.write() as tx:
            if plan.group_by:
                staging.refuse_pieces(tx, delivery.id)
            said = desk.persons.hushed(reading.findings)
            deliveries.note(tx, delivery.id, said)
            deliveries.note(tx, delivery.id, _taken_back(desk, tally))
            counted = reckon(tx, desk, complete=complete)
    return {
        "records": tally.records + desk.known.idle,
        "filtered": tally.filtered,
        "keyless": tally.keyless,
        "complete": complete,
        **counted,
    }


def _desk(
    parts: Parts,
    delivery: Delivery,
    plan: Plan,
    profile: Profile,
    reading: Reading,
) -> Desk:
    settings = parts.settings
    context = parts.context(file_name=delivery.name)
    default = delivery.as_of or delivery.modified_at
    scope = Scope(parts.mandant, plan.document, plan.name)
    known = _known_rows(parts, scope, delivery)
    start = fingerprint(plan, profile, reading, context)
    sift = None if plan.group_by else reading.sift
    if sift is not None:
        sift(Sieve(start, known.meet))
    ages = [
        place.text
        for place in plan.as_of
        if place.source == "from"
        and (reading.columns is None or place.text in reading.columns)
    ]
    return Desk(
        delivery.id,
        scope,
        key_of(plan, parts.safe),
        compile_in(
            plan,
            profile,
            context=context,
            head=reading.head,
            columns=reading.columns,
        ),
        _admits(plan),
        row_age(plan, profile, settings.bridge.timezone, default),
        digest_of_values(plan.reads(), ages, start, default),
        len(plan.fields),
        plan.kind.together,
        bool(plan.kind.identity),
        micros(default),
        bool(ages),
        sift is not None,
        known,
        Persons(plan, parts.safe),
    )


def _known_rows(parts: Parts, scope: Scope, delivery: Delivery) -> KnownRows:
    """The known rows, unless to load them costs more than they save.

    A small file beside a large ledger is converted as a whole instead.
    """
    worth = max(FEW, delivery.size // ROW * PAYS)
    with parts.ledger.read() as tx:
        if staging.more_than(tx, scope, worth):
            return KnownRows(())
        return KnownRows(staging.known_rows(tx, scope))


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
    """Judge one chunk and commit it."""
    rest = [
        (start + number, record, raw)
        for number, record in enumerate(chunk)
        if (raw := _unknown(desk, record)) is not None
    ]
    tally.records += len(rest)
    others = [item for item in rest if desk.wanted(item[1].values)]
    found: list[Finding] = []
    partial: set[str] = set()
    rows = list(_judged(desk, others, _Notes(found, partial, tally)))
    with parts.ledger.write() as tx:
        if partial:
            rows = _merged(tx, desk, rows, partial, tally)
        if len(others) < len(rest):
            tally.filtered += len(rest) - len(others)
            rows += _withdrawn(tx, desk, rest)
        staging.add(tx, desk.persons.locked(rows))
        deliveries.note(tx, desk.delivery, desk.persons.hushed(found))


def _unknown(desk: Desk, record: Record) -> bytes | None:
    """The digest of a record, unless its document is known as it is."""
    if record.raw is not None:
        return record.raw  # the reader has passed over what is known
    raw = desk.raw(record.values)
    known = not record.findings and desk.known.meet(raw, record.line)
    return None if known else raw


def _judged(  # noqa: C901, PLR0912 - every changed row passes through it
    desk: Desk, records: Iterable[tuple[int, Record, bytes]], notes: _Notes
) -> Iterator[Staged]:
    number, found, mine = (
        desk.delivery,
        notes.found,
        {desk.scope.mandant, None},
    )
    convert, key_of, age_of = desk.convert, desk.key, desk.age
    dumps, fallback = orjson.dumps, desk.otherwise if desk.aged else None
    texts = desk.texts
    for seq, (line, values, odd, _), digest in records:
        own = list(odd)
        document = convert(line, values, own)
        place, age = key_of(document), age_of(values)
        raw: bytes | None = digest
        if document.get("mandant") not in mine:
            own.append(_other_mandant(desk, document, line))
        if place is None and desk.nameless:
            own.append(Finding("intake.nobody", line))
        if own:
            found += own
            raw = None  # it shall be told next time as well
            if _refuses(own):
                if place is None or REPLACEMENT in place[2]:
                    notes.tally.keyless += 1
                else:
                    yield Staged(
                        number, seq, line, *place,
                        None, None, None, age, staging.REFUSED,
                    )  # fmt: skip
                continue
        if place is None:  # the kind's key is always required
            continue
        if len(document) < desk.fields:
            notes.partial.add(place[2])
        if age == fallback and texts:
            raw = None  # the next file may be younger, the text the same
        body = dumps(document, option=orjson.OPT_SORT_KEYS)
        digested = blake2b(body, digest_size=DIGEST).digest()
        yield Staged(
            number, seq, line, *place,
            raw, digested, body, age, staging.NEW,
        )  # fmt: skip


def _refuses(found: Iterable[Finding]) -> bool:
    return any(item.severity == "refuse" for item in found)


def _other_mandant(
    desk: Desk, document: Mapping[str, Any], line: int
) -> Finding:
    facts = {"own": str(desk.scope.mandant)}
    other = str(document["mandant"])
    return Finding("intake.other_mandant", line, "Mandant", other, facts=facts)


def _merged(
    tx: Transaction,
    desk: Desk,
    rows: list[Staged],
    partial: set[str],
    tally: Tally,
) -> list[Staged]:
    """Rows that lack columns keep what is known of others (decisions 7)."""
    known = staging.bodies(tx, desk.scope, list(partial))
    return [
        _over(desk.persons.opened(known[row.key]), row, desk, tally)
        if row.body is not None and row.key in known
        else row
        for row in rows
    ]


def _over(known: bytes, row: Staged, desk: Desk, tally: Tally) -> Staged:
    old, new = orjson.loads(known), orjson.loads(row.body or b"{}")
    if not new.keys().isdisjoint(desk.together):
        gone = [name for name in desk.together if name not in new]
        said = [old.pop(name, None) for name in gone]
        tally.taken_back += any(value is not None for value in said)
    body = orjson.dumps({**old, **new}, option=orjson.OPT_SORT_KEYS)
    digest = blake2b(body, digest_size=DIGEST).digest()
    return row._replace(body=body, hash=digest)


def _taken_back(desk: Desk, tally: Tally) -> list[Finding]:
    """Said once a file, for it is a column that is missing."""
    if not tally.taken_back:
        return []
    names = ", ".join(desk.together)
    facts = {"number": str(tally.taken_back), "fields": names}
    found = Finding("intake.taken_back", severity="warn", facts=facts)
    return [found]


def _withdrawn(
    tx: Transaction,
    desk: Desk,
    records: Iterable[tuple[int, Record, bytes]],
) -> list[Staged]:
    """Filtered records that are known: they are taken off sale."""
    places: dict[str, tuple[int, Record, Place]] = {}
    for seq, record, _ in records:
        if not desk.wanted(record.values):
            place = desk.key(desk.convert(record.line, record.values, []))
            if place is not None:
                places[place[2]] = (seq, record, place)
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
    if CORRECTED in base:
        return False
    for key, value in head.items():
        if key.casefold() == "umfang" and value:
            return str(value).strip().casefold() == FULL
    if not plan.complete:
        return False
    return not (plan.complete_unless and fnmatch(base, plan.complete_unless))

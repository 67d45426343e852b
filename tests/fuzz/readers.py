"""Feeds broken files to every reader and mapping: ``make fuzz``.

Each case is a real sample, broken at random, read in a child of its own
limits: a crash, more than 5 s or more than 300 MiB is a finding. Its file
stays in ``tests/fuzz/out``; put it into a test before you mend it.
"""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import InputError
from bridge.flows.preview import preview
from bridge.formats import writing
from bridge.formats.reading import detect
from bridge.formats.reading import open_file
from bridge.mapping.book import TEST_ENDING
from bridge.mapping.book import open_book
from bridge.mapping.check_trial import read
from bridge.mapping.trial import NOW
from bridge.mapping.trial import plain
from bridge.samples import write_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.mapping.plan import Plan
    from bridge.model.record import Format

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "mappings"
OUT = Path(__file__).parent / "out"
AT = datetime(2026, 1, 14, 9, tzinfo=UTC)
SECONDS = 5  # the longest a small file may take
MIB = 300  # the most a small file may need
BATCH = 250  # cases of one child
CONTEXT = {"now": NOW, "timezone": "Europe/Berlin", "mandant": "1"}
#: What breaks readers: ends, quotes, numbers, marks and depths.
PIECES = (
    *(b"", b"\x00", b"\xff", b'"', b"'", b";", b",", b"\t", b"\n", b"\r"),
    *(b"<", b">", b"&", b"&#0;", b"<!--", b"]]>", b"<![CDATA[", b"<?x"),
    *(b"{", b"}", b"[", b"]", b"\\u0000", b"\\ud800", b"1e999999", b"NaN"),
    *(b"-0", b"9" * 400, b"1E+400", b"0,5,5", b"31.02.2026", b"99:99"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"=1+1"),
    *(b"[" * 3_000, b"<a>" * 3_000, b'{"a":' * 3_000, b" " * 70_000),
)


@dataclass(frozen=True)
class Sample:
    """A good file and the mapping that reads it."""

    plan: Plan
    kind: Format
    content: bytes


def samples() -> list[Sample]:
    """The files of the demo and of the tests beside the mappings."""
    book = open_book([MAPPINGS])
    inward = [one for one in book.plans.values() if one.direction == "in"]
    found = [one for plan in inward for one in _of_tests(plan)]
    with tempfile.TemporaryDirectory() as folder:
        for path in write_samples(Path(folder), Path(folder), AT):
            kind = detect(path)
            found += [
                Sample(book.plan(name), kind, path.read_bytes())
                for name in book.for_file(path.name)
            ]
    return [*found, *_workbooks(found)]


def _of_tests(plan: Plan) -> Iterator[Sample]:
    path = MAPPINGS / f"{plan.name}{TEST_ENDING}"
    if not path.exists():
        return
    for node in read(path, plan)[0]:
        test = plain(node)
        kind = test.get("format", next(iter(plan.profiles)))
        if isinstance(test.get("input"), str):
            encoding = plan.profiles[kind].encoding
            yield Sample(plan, kind, test["input"].encode(encoding))


def _workbooks(found: list[Sample]) -> Iterator[Sample]:
    """The same rows as xlsx, where a mapping reads it."""
    for one in found:
        profile = one.plan.profiles.get("xlsx")
        if one.kind != "csv" or profile is None:
            continue
        stream = io.BytesIO()
        try:
            with (
                _file(one) as path,
                open_file(path, one.plan.profiles["csv"]) as reading,
            ):
                writing.write(stream, reading.records, profile, {})
        except InputError:
            continue  # a test of a bad file
        yield Sample(one.plan, "xlsx", stream.getvalue())


def _file(one: Sample) -> _File:
    return _File(one)


class _File:
    """A sample on the disk, for as long as it is looked at."""

    def __init__(self, one: Sample) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / f"sample.{one.kind}"
        self.path.write_bytes(one.content)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()


def broken(content: bytes, chance: random.Random) -> bytes:
    """The bytes with some places broken."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        upto = min(len(data), at + chance.choice((0, 1, 2, 9, 80)))
        other = chance.randrange(len(data) + 1)
        repeated = bytes(data[at:upto]) * chance.choice((2, 50))
        data[at:upto] = chance.choice(
            (
                chance.choice(PIECES),
                chance.choice(PIECES),
                chance.randbytes(3),
                bytes(data[other : other + 20]),
                repeated,
            )
        )
    return bytes(
        data[: chance.randrange(len(data) + 1)] if _rare(chance) else data
    )


def _rare(chance: random.Random) -> bool:
    return chance.random() < 0.05


def broken_workbook(content: bytes, chance: random.Random) -> bytes:
    """A workbook with one of its parts broken."""
    if _rare(chance):
        return broken(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = broken(parts[name], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return stream.getvalue()


def case(every: list[Sample], seed: int) -> tuple[Sample, bytes]:
    """A sample and its broken bytes; the same seed gives the same."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    one = chance.choice(every)
    breaks = broken_workbook if one.kind == "xlsx" else broken
    return one, breaks(one.content, chance)


def consume(plan: Plan, path: Path, kind: Format) -> None:
    """Read and convert every record, and word what is found."""
    try:
        for seen in preview(plan, path, CONTEXT, kind):
            for item in seen.findings[:3]:
                item.told(path.name, "de")
    except InputError as error:
        error.told("de")


def child(every: list[Sample], first: int, path: Path) -> None:
    """Some cases, within limits; what breaks is kept."""
    known = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = known * resource.getpagesize() + (MIB << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for seed in range(first, first + BATCH):
        one, content = case(every, seed)
        path.write_bytes(content)
        path.with_suffix(".case").write_text(
            f"{seed} {one.plan.name}.{one.kind}", encoding="utf-8"
        )
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            consume(one.plan, path, one.kind)
        except Exception as error:  # noqa: BLE001 - that is what we look for
            keep(path, _place(error), traceback.format_exc())
        signal.setitimer(signal.ITIMER_REAL, 0)


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}_{Path(last.filename).stem}_{last.lineno}"


def keep(path: Path, name: str, said: str) -> None:
    """Keep the file of a case, once for each place that broke."""
    text = path.with_suffix(".case").read_text("utf-8")
    kept = OUT / f"{name}.{text.rpartition('.')[2]}"
    if not kept.exists():
        kept.write_bytes(path.read_bytes())
        kept.with_suffix(".txt").write_text(f"{text}\n{said}", "utf-8")
        print(f"found: {kept} ({text})", flush=True)


def main() -> int:
    """Fuzz for ``FUZZ_SECONDS``; 1 if something was found."""
    end = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "600"))
    seed = int(os.environ.get("FUZZ_SEED", time.time_ns() // 1_000))
    OUT.mkdir(exist_ok=True)
    every, number = samples(), 0
    print(f"{len(every)} samples, first seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        while time.monotonic() < end:
            pid = os.fork()
            if not pid:
                child(every, seed + number, path)
                os._exit(0)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if code:
                keep(path, f"ended{code}_{seed + number}", "")
            number += BATCH
    print(f"{number} cases")
    return 1 if any(OUT.iterdir()) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Files to a partner and back, beside OpenSSH's own ``sftp``.

One server on the loopback address, both taking turns, each with its own
connection; the best of three counts. Ours also compares what arrived,
writes it down to the metal and gives it its name.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.ports.partners import Appear
from bridge.ports.partners import Fetch
from bridge.ports.partners import Send
from tests.sshd import Sshd

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

LARGE, SMALL, MANY = 200_000_000, 5_000, 500
BEST_OF = 3


def main() -> None:
    """Print ``{case: {"floor": seconds, "ours": seconds}}``."""
    root = Path(tempfile.mkdtemp(prefix="bridge-sftp-"))
    server = Sshd(root / "sshd")
    server.folder.mkdir()
    server.start()
    try:
        print(json.dumps(measured(server, root)))
    finally:
        server.stop()
        shutil.rmtree(root)


def measured(server: Sshd, root: Path) -> dict[str, dict[str, float]]:
    large, small = ["large"], [f"small{number}" for number in range(MANY)]
    for name in large:
        server.put(name, os.urandom(LARGE))
    for name in small:
        server.put(name, os.urandom(SMALL))
    found = {}
    for case, names in (("large", large), ("small", small)):
        for way, ours in (("get", get), ("put", put)):
            floor = partial(peer, server, root, f"{way} {case}*")
            found[f"{way} {case}"] = turns(
                floor, partial(ours, server, root, names), server, root
            )
    return found


def turns(
    floor: Callable[[], object],
    ours: Callable[[], object],
    server: Sshd,
    root: Path,
) -> dict[str, float]:
    times: dict[str, list[float]] = {"floor": [], "ours": []}
    for _ in range(BEST_OF):
        for name, work in (("floor", floor), ("ours", ours)):
            prepare(server, root)
            begun = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - begun)
    return {name: min(found) for name, found in times.items()}


def prepare(server: Sshd, root: Path) -> None:
    """An empty folder to fetch into, another to bring into, full sources."""
    for folder in (root / "here", server.area / "in"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


def peer(server: Sshd, root: Path, what: str) -> None:
    way, _, names = what.partition(" ")
    source = server.area / "out"
    target = root / "here" if way == "get" else server.area / "in"
    batch = root / "batch"
    batch.write_text(f"{way} {source}/{names} {target}/\n", "utf-8")
    options = [
        *("-o", f"Port={server.port}", "-o", "StrictHostKeyChecking=no"),
        *("-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"),
        *("-i", str(server.folder / "user")),
    ]
    command = ["sftp", "-q", *options, "-b", str(batch), "127.0.0.1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def get(server: Sshd, root: Path, names: Sequence[str]) -> None:
    wanted = {name.encode() for name in names}
    folder = str(server.area / "out")
    with server.partner().connect() as area:
        jobs = [
            Fetch(folder, file, root / "here" / file.wire.decode())
            for file in area.look(folder)
            if file.wire in wanted
        ]
        assert not any(area.fetch(jobs))
    assert len(jobs) == len(names)


def put(server: Sshd, _root: Path, names: Sequence[str]) -> None:
    folder, source = str(server.area / "in"), server.area / "out"
    paths = [source / name for name in names]
    with server.partner().connect() as area:
        sent = area.send(
            [
                Send(
                    *(folder, f".{path.name}.part", path.stat().st_size),
                    partial(path.open, "rb"),
                )
                for path in paths
            ]
        )
        named = area.appear(
            [Appear(folder, f".{name}.part", name) for name in names]
        )
    assert not any([*sent, *named])


if __name__ == "__main__":
    main()

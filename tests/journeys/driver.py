"""Runs ``bridge once`` in a forked child that dies after its n-th effect.

Reads lines ``WORKSPACE EFFECT MILLISECONDS`` from stdin (0: never die) and
answers with ``EXIT EFFECTS``: the child's exit code, negative for a signal,
and how many effects it had. An effect is a commit of the ledger, a change
of a folder, or something done at a partner's or at Amazon. With milliseconds
the parent kills the child after that time.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import dbos  # noqa: F401 - loaded before the fork, as all the rest

from bridge.amazon.session import SellingPartner
from bridge.app import wiring
from bridge.app.service import Service
from bridge.app.wiring import assemble
from bridge.databases.sink import TableSink
from bridge.files import disk
from bridge.flows import sending
from bridge.ledger.engine import Ledger
from bridge.partners.area import SftpArea
from tests import books

WAIT = timedelta(seconds=20)
SHORT = timedelta(milliseconds=300)


class Effects:
    """Counts effects and dies after the chosen one."""

    def __init__(self, last: int, out: int) -> None:
        self.last = last
        self.count = 0
        self.out = out
        self._one = threading.Lock()  # errands run side by side

    def happened(self) -> None:
        with self._one:
            self.count += 1
            os.pwrite(self.out, b"%8d" % self.count, 0)
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, owner: Any, name: str) -> None:  # noqa: ANN401
        plain = getattr(owner, name)

        def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            result = plain(*arguments, **named)
            self.happened()
            return result

        setattr(owner, name, counted)

    def after_commits(self) -> None:
        plain = Ledger.write

        def counted(ledger: Ledger) -> Any:  # noqa: ANN401
            return _Counted(plain(ledger), self)

        Ledger.write = counted  # type: ignore[method-assign, assignment]


class _Counted:
    def __init__(self, inner: Any, effects: Effects) -> None:  # noqa: ANN401
        self.inner, self.effects = inner, effects

    def __enter__(self) -> Any:  # noqa: ANN401
        return self.inner.__enter__()

    def __exit__(self, *error: object) -> Any:  # noqa: ANN401
        result = self.inner.__exit__(*error)
        if error[0] is None:
            self.effects.happened()
        return result


def child(workspace: Path, last: int, out: int) -> int:
    effects = Effects(last, out)
    for name in ("rename", "replace", "unlink", "link", "rmdir", "mkdir"):
        effects.after(os, name)
    effects.after(disk, "rename_at_once")
    effects.after(TableSink, "write")
    for name in ("_once", "upload"):
        effects.after(SellingPartner, name)
    for name in ("fetch", "send", "appear", "put_away"):
        effects.after(SftpArea, name)
    for name in ("send", "getreply"):  # every word of a mail server
        effects.after(smtplib.SMTP, name)
    effects.after_commits()
    return Service(assemble(workspace)).once(WAIT)


def main() -> None:
    vars(sending).update(SURE=SHORT, LOOK=SHORT)  # else minutes pass
    vars(wiring)["open_book"] = books.remembered
    books.remembered([wiring.defaults("mappings")])  # before the fork
    for line in sys.stdin:
        rest, _, milliseconds = line.strip().rpartition(" ")
        name, _, last = rest.rpartition(" ")
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
        handle = os.open(f"{name}.effects", flags)
        pid = os.fork()
        if not pid:
            try:
                code = child(Path(name), int(last), handle)
            except BaseException as error:  # noqa: BLE001 - told below
                sys.stderr.write(f"{error!r}\n")
                code = 99
            os._exit(code)
        if int(milliseconds):
            time.sleep(int(milliseconds) / 1000)  # noqa: TID251 - real time
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        seen = int(os.pread(handle, 8, 0) or b"0")
        os.close(handle)
        code = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{code} {seen}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A line to a server that can be cut, held up, or made slow."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta

from bridge.app.clock import SystemClock

PIECE = 65_536
BREATH = timedelta(milliseconds=20)


@dataclass
class Line:
    """Passes bytes on, from a loopback port to another.

    Attributes:
        target: The port behind it.
        most: Bytes it lets pass before it is cut; ``None``: all of them.
        silent: Whether it takes bytes and passes nothing on.
        pause: How long it holds each piece.
    """

    target: int
    most: int | None = None
    silent: bool = False
    pause: timedelta = timedelta(0)
    passed: int = 0
    _ends: list[socket.socket] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._one = threading.Lock()
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def cut(self) -> None:
        """Hang up both ends of what is connected now."""
        ends, self._ends = self._ends, []  # the next one comes at once
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for end in ends:
            end.close()

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes who waits there
        self._serving.join(10)
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self._ends += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(
                    target=self._pass, args=ends, daemon=True
                ).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                while self.silent:
                    SystemClock().sleep(BREATH)
                SystemClock().sleep(self.pause)
                target.sendall(piece)
                with self._one:
                    self.passed += len(piece)
                    over = self.most is not None and self.passed > self.most
                    self.most = None if over else self.most
                if over:  # the next connection holds
                    self.cut()
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

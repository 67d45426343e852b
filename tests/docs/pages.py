"""Pages of the documentation as things to do: files to write, lines to run.

A fenced block behind ``<!-- file: PATH -->`` is written to disk. A
``console`` block is run line by line, and what it prints is compared with
what the page shows; ``…`` stands for anything, alone on a line for any
lines. Runs of blanks count as one: tables are padded.
"""

from __future__ import annotations

import gc
import os
import re
import shlex
import shutil
import warnings
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from dataclasses import dataclass
from dataclasses import field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.cli.main import main
from bridge.jobs import engine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>file|holds): (?P<path>\S+) -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
ANSI = "in Windows-1252 (ANSI)"  # how a page says to save its csv files
SETTLE = ('settle = "2s"', 'settle = "200ms"')  # tests need not wait so long


@dataclass(frozen=True)
class Block:
    """One fenced block of a page and what it asks for."""

    line: int
    language: str
    text: str
    mark: str
    path: str


@dataclass
class Reader:
    """Somebody who does what a page says, in a folder of their own.

    Attributes:
        here: The folder they are in.
        code: The exit code of the last command.
        encoding: How they save csv files: as the page says.
    """

    here: Path
    code: int = 0
    encoding: str = "utf-8"
    differences: list[str] = field(default_factory=list)

    def read(self, page: Path) -> list[str]:
        """Do all a page says; what came out differently than shown."""
        if ANSI in page.read_text("utf-8"):
            self.encoding = "windows-1252"
        for block in blocks(page):
            if block.mark == "file":
                self._write(block)
            elif block.mark == "holds":
                self._compare(block, "", self._content(block.path))
            elif block.language == "console":
                for command, shown in steps(block.text):
                    said = self.run(command)
                    self._compare(block, command, said, shown)
        return self.differences

    def run(self, command: str) -> str:
        """Run one line; what it prints, on both streams."""
        word, *rest = shlex.split(command)
        if word == "bridge":
            return self._bridge(rest)
        if word == "echo":
            return f"{self.code}\n"
        paths = [self._path(item) for item in rest]
        if word == "cd":
            self.here = paths[0]
        elif word == "mv":
            shutil.move(paths[0], paths[1])
        elif word == "cp":
            shutil.copy(paths[0], paths[1])
        else:
            raise AssertionError(f"the reader cannot {word}")
        return ""

    def _path(self, text: str) -> Path:
        found = sorted(self.here.glob(text)) if "*" in text else []
        return found[0] if found else (self.here / text).resolve()

    def _content(self, text: str) -> str:
        content = self._path(text).read_bytes()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("windows-1252")

    def _write(self, block: Block) -> None:
        path = self.here / block.path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = block.text.replace(*SETTLE)
        sheet = path.suffix == ".csv"
        path.write_text(text, self.encoding if sheet else "utf-8")

    def _bridge(self, arguments: list[str]) -> str:
        said = StringIO()
        before = Path.cwd()
        os.chdir(self.here)
        try:
            with (
                redirect_stdout(said),
                redirect_stderr(said),
                warnings.catch_warnings(),
            ):
                warnings.simplefilter("ignore", ResourceWarning)
                self.code = main(arguments)
                if engine._handler is not None:  # it keeps the log file open
                    engine._handler = None
                    gc.collect()
        finally:
            os.chdir(before)
        self._hasten()
        return said.getvalue()

    def _hasten(self) -> None:
        for path in self.here.glob("**/bridge.toml"):
            text = path.read_text("utf-8")
            path.write_text(text.replace(*SETTLE), "utf-8")

    def _compare(
        self, block: Block, command: str, said: str, shown: str | None = None
    ) -> None:
        wanted = block.text if shown is None else shown
        if wanted.strip() and not matches(wanted, said):
            self.differences.append(
                f"line {block.line}: {command}\n--- shown\n{wanted}"
                f"--- came\n{said}"
            )


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text("utf-8")
    for found in BLOCK.finditer(text):
        yield Block(
            text.count("\n", 0, found.start()) + 1,
            found["language"],
            found["text"],
            found["mark"] or "",
            found["path"] or "",
        )


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Each ``$`` line of a console block and what stands below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def matches(shown: str, said: str) -> bool:
    """Whether an output is what a page shows."""
    pattern = "".join(_pattern(line) for line in _lines(shown))
    told = "".join(f"{line}\n" for line in _lines(said))
    return re.fullmatch(pattern, told) is not None


def _pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*"
    return re.escape(line).replace("…", ".*") + r"\n"


def _lines(text: str) -> list[str]:
    tidy = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [line for line in tidy if line]

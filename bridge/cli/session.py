"""What every command shares: workspace, output, language."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.app.running import somebody_runs
from bridge.config.loading import load
from bridge.errors import ConfigError
from bridge.errors import InputError
from bridge.ledger import facts
from bridge.ledger.offers import Side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.config.settings import Settings
    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Ledger

WAITING = 4
PIPE_WIDTH = 1_000  # columns; a program reads, nobody looks
PATIENCE = timedelta(seconds=5)  # a running process takes a wish up in 2 s
LOOK = timedelta(milliseconds=200)


def _console() -> Console:
    """Stdout: a person's width, or no limit for a pipe."""
    console = Console(highlight=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(highlight=False, emoji=False, width=PIPE_WIDTH)
    )


@dataclass
class Session:
    """One call of the command line.

    Attributes:
        workspace: The folder with bridge.toml.
        as_json: One JSON document on stdout instead of tables.
        verbose: The log is shown on stderr as well.
        code: The exit code so far.
    """

    workspace: Path
    as_json: bool = False
    verbose: bool = False
    code: int = 0
    closing: ExitStack = field(default_factory=ExitStack)
    out: Console = field(default_factory=_console)
    talk: Console = field(
        default_factory=lambda: Console(
            stderr=True, highlight=False, emoji=False
        )
    )

    def settings(self) -> Settings:
        """The settings of the workspace."""
        return load(self.workspace)

    def ledger(self) -> tuple[Settings, Ledger]:
        """Settings and ledger, its tables up to date."""
        settings = self.settings()
        wiring.make_folders(settings)
        ledger = wiring.ledger_of(settings)
        self.closing.callback(ledger.close)
        ledger.migrate()
        return settings, ledger

    def assemble(self) -> Parts:
        """The pieces of a bridge; with ``-v`` its log is shown on stderr."""
        echo = sys.stderr if self.verbose else None
        return wiring.assemble(self.workspace, echo=echo)

    @property
    def language(self) -> str:
        """The language of a person: the settings', German without any."""
        try:
            return self.settings().bridge.language
        except ConfigError:
            return "de"

    def data(self, value: object) -> None:
        """One JSON document on stdout."""
        text = orjson.dumps(
            value, option=orjson.OPT_INDENT_2, default=str
        ).decode()
        sys.stdout.write(text + "\n")

    def table(
        self, names: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """A table for a person."""
        made = Table(box=None, pad_edge=False, header_style="bold")
        for name in names:
            made.add_column(name, no_wrap=not self.out.is_terminal)
        for row in rows:
            made.add_row(*("" if c is None else str(c) for c in row))
        self.out.print(made)

    def say(self, text: str) -> None:
        """A sentence on stdout."""
        self.out.print(text, markup=False, soft_wrap=True)

    def note(self, text: str) -> None:
        """A sentence on stderr: talk, not data."""
        self.talk.print(text, markup=False, soft_wrap=True)

    def wish(self, kind: str, argument: str) -> None:
        """Ask the running process for something, or leave it for the next.

        Raises:
            InputError: It was taken up and cannot be done.
        """
        settings, ledger = self.ledger()
        clock = SystemClock()
        with ledger.write() as tx:
            number = facts.ask(tx, kind, argument, clock.now())
        outcome = None
        if somebody_runs(settings):
            end = clock.now() + PATIENCE
            while outcome is None and clock.now() < end:
                clock.sleep(LOOK)
                with ledger.read() as tx:
                    outcome = facts.outcome(tx, number)
        if outcome == "refused":
            raise InputError("cli.refused")
        state = "done" if outcome else "waiting"
        if self.as_json:
            self.data({"request": number, "state": state})
        elif outcome is None:
            later = ConfigError("cli.later")
            self.say(later.message(self.language))
        self.code = 0 if outcome else WAITING


def side_of(settings: Settings) -> Side:
    """Whose Amazon state the settings speak of."""
    return Side(settings.amazon.mode, settings.amazon.account)

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

from bridge.app import wiring
from bridge.app.clock import SystemClock
from bridge.app.running import somebody_runs
from bridge.cli.paper import table
from bridge.cli.paper import wrapped
from bridge.cli.reading import Reader
from bridge.config.loading import language_of
from bridge.config.loading import load
from bridge.errors import ConfigError
from bridge.errors import InputError
from bridge.ledger import facts
from bridge.ledger.offers import Side
from bridge.messages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.config.settings import Settings
    from bridge.errors import BridgeError
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
        return language_of(self.workspace)

    @property
    def reader(self) -> Reader:
        """How values are shown: the settings' language and clock."""
        try:
            zone = self.settings().bridge.timezone
        except ConfigError:
            return Reader(self.language)
        return Reader(self.language, zone)

    @property
    def width(self) -> int | None:
        """The cells of the screen; nothing if nobody looks at one."""
        return self.out.width if self.out.is_terminal else None

    def term(self, kind: str, name: object, /, **facts: object) -> str:
        """A word or line in the language of the person."""
        return catalogue.term(kind, str(name), self.language, **facts)

    def state(self, name: object) -> str | None:
        """The state of a thing in the language of the person."""
        return None if name is None else self.term("state", name)

    def line(self, name: str, /, **facts: object) -> str:
        """A line of talk in the language of the person."""
        return self.term("line", name, **facts)

    def data(self, value: object) -> None:
        """One JSON document on stdout."""
        text = orjson.dumps(
            value, option=orjson.OPT_INDENT_2, default=str
        ).decode()
        sys.stdout.write(text + "\n")

    def table(
        self, names: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """A table for a person; its headings are in the catalogue."""
        heads = [self.term("heading", name) for name in names]
        head, *lines = table(heads, rows, self.width)
        self._print(head, style="bold")
        for line in lines:
            self._print(line)

    def table_of_accounts(
        self,
        names: Sequence[str],
        rows: Iterable[tuple[str, Sequence[Any]]],
    ) -> None:
        """A table; where there are several accounts, whose each row is.

        Args:
            names: Of the columns; the account stands behind the first.
            rows: The account of each, and its cells.
        """
        if len(self.settings().accounts) == 1:
            self.table(names, [cells for _, cells in rows])
            return
        first, *others = names
        whose = [(cell[0], name, *cell[1:]) for name, cell in rows]
        self.table((first, "account", *others), whose)

    def pairs(self, rows: Iterable[tuple[str, object]]) -> None:
        """Names and values, one a line."""
        told = [(self.term("heading", name), said) for name, said in rows]
        widest = max(len(head) for head, _ in told)
        for head, said in told:
            self.say(f"{head:{widest}}  {'-' if said is None else said}")

    def say(self, text: str) -> None:
        """A sentence on stdout."""
        self._print(wrapped(text, self.width))

    def note(self, text: str) -> None:
        """A sentence on stderr: talk, not data."""
        width = self.talk.width if self.talk.is_terminal else None
        self.talk.print(wrapped(text, width), markup=False, soft_wrap=True)

    def warn(self, error: BridgeError) -> None:
        """What went wrong and is waited for, on stderr."""
        self.note(error.told(self.language))

    def _print(self, text: str, style: str | None = None) -> None:
        self.out.print(text, style=style, markup=False, soft_wrap=True)

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
            self.say(catalogue.sentence("cli.later", {}, self.language))
        self.code = 0 if outcome else WAITING


def sides_of(settings: Settings) -> list[Side]:
    """Whose Amazon states the settings speak of, account by account."""
    return [Side(settings.amazon.mode, name) for name in settings.accounts]


def sides_named(settings: Settings, account: str) -> list[Side]:
    """The account that is named; all, if none is.

    Raises:
        InputError: ``cli.no_account``.
    """
    sides = sides_of(settings)
    names = [side.account for side in sides]
    if account and account not in names:
        known = ", ".join(names)
        raise InputError("cli.no_account", value=account, known=known)
    return [side for side in sides if account in {"", side.account}]

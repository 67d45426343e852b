"""What the generated pages share: tables, and words explained in TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from bridge.app.wiring import defaults
from bridge.mapping.book import open_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from bridge.mapping.book import Book
    from bridge.mapping.plan import Rule

HERE = Path(__file__).parent
MEANINGS: dict[str, Any] = tomllib.loads(
    (HERE / "meanings.toml").read_text("utf-8")
)


def table(
    names: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> list[str]:
    """A Markdown table; in a cell a line break is a blank, a bar a sign."""
    lines = ["| " + " | ".join(names) + " |"]
    lines += ["|" + " --- |" * len(names)]
    for row in rows:
        cells = (c.replace("\n", " ").replace("|", r"\|") for c in row)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def same(what: str, said: set[str], known: set[str]) -> None:
    """Refuse to make a page that says too little or too much."""
    if said != known:
        raise SystemExit(
            f"meanings.toml, {what}: missing {sorted(known - said)}, "
            f"needless {sorted(said - known)}"
        )


@cache
def shipped() -> Book:
    """The mappings that come with the program."""
    return open_book((defaults("mappings"),))


def deep(rules: Iterable[Rule], *, parts: bool = True) -> Iterator[Rule]:
    """Rules with their alternatives and, if wanted, the fields of parts."""
    for rule in rules:
        yield rule
        if rule.source != "each" or parts:
            yield from deep((*rule.rules, *rule.fields), parts=parts)

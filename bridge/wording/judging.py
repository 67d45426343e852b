"""What of a workspace's own templates never reaches a reader.

Such a file renders without a mistake and is silent: nobody reads it, it has a
block nobody asks for, or it says less than the shipped one it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from jinja2 import Environment
from jinja2 import TemplateSyntaxError
from jinja2 import meta
from jinja2.nodes import Block

from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

MAIL, PAGE = "mail_", ".html."  # a mail may have a page of its own


@dataclass(frozen=True)
class Text:
    """What a template is made of.

    Attributes:
        blocks: The line of each of its blocks.
        inner: Those that lie within another one.
        others: The templates it extends, includes or imports.
    """

    blocks: Mapping[str, int] = field(default_factory=dict)
    inner: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()


def oddities(own: Path, shipped: Path) -> Iterator[Finding]:
    """Warnings about the templates of a workspace.

    Args:
        own: Its folder.
        shipped: The folder of those it stands for.
    """
    known, mine = _texts(shipped), _texts(own)
    both = {**known, **mine}
    asked = {one for text in mine.values() for one in text.others}
    for name, text in mine.items():
        if name in known:
            yield from _blocks(name, text, _chain(name, known), both)
        elif name not in asked and not _is_page(name, known):
            near = get_close_matches(name, known, 1, 0.5)
            facts = {"near": near[0] if near else "brief.de.jinja"}
            yield Finding(
                "papers.template_unused",
                None,
                None,
                name,
                "warn",
                facts=facts,
                source=name,
            )


def _blocks(
    name: str, text: Text, usual: Iterable[Text], both: Mapping[str, Text]
) -> Iterator[Finding]:
    """Blocks that are too many, and blocks that lack."""
    wanted = {block for one in usual for block in one.blocks}
    chain = _chain(name, both)
    inner = {block for one in chain for block in one.inner}
    for block, line in text.blocks.items():
        if wanted and block not in wanted | inner:
            facts = {"blocks": ", ".join(sorted(wanted))}
            yield Finding(
                "papers.template_block",
                line,
                None,
                block,
                "warn",
                facts=facts,
                source=name,
            )
    lacking = wanted - {block for one in chain for block in one.blocks}
    if lacking:
        yield Finding(
            "papers.template_lacks",
            None,
            None,
            ", ".join(sorted(lacking)),
            "warn",
            facts={"parent": _parent(name)},
            source=name,
        )


def _parent(name: str) -> str:
    """The template that others of its kind extend."""
    _, *rest = name.split(".")
    kind = "mail" if name.startswith("mail") else "brief"
    return ".".join((kind, *rest))


def _is_page(name: str, known: Mapping[str, Text]) -> bool:
    """Whether it is the page of one kind of mail."""
    return name.startswith(MAIL) and name.replace(PAGE, ".") in known


def _chain(name: str, texts: Mapping[str, Text]) -> list[Text]:
    """A template and all it is built upon."""
    found: dict[str, Text] = {}
    left = [name]
    while left:
        one = left.pop()
        if one in texts and one not in found:
            found[one] = texts[one]
            left += texts[one].others
    return list(found.values())


def _texts(folder: Path) -> dict[str, Text]:
    """The templates of a folder; those with a mistake are told elsewhere."""
    found = {}
    for path in sorted(folder.glob("*.jinja")):
        try:
            found[path.name] = _text(path.read_text("utf-8-sig"))
        except (TemplateSyntaxError, UnicodeDecodeError):
            found[path.name] = Text()
    return found


def _text(source: str) -> Text:
    tree = Environment(autoescape=True).parse(source)
    blocks = list(tree.find_all(Block))
    return Text(
        {one.name: one.lineno for one in blocks},
        frozenset(
            inner.name
            for one in blocks
            for inner in one.find_all(Block)
            if inner is not one
        ),
        tuple(filter(None, meta.find_referenced_templates(tree))),
    )

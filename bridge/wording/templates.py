"""Templates (Jinja2, in a sandbox) become paragraphs.

A workspace's own file in ``templates/`` wins over the shipped one of its name.
Each is made of blocks; what a block leaves out its parent says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from jinja2 import StrictUndefined
from jinja2 import TemplateError
from jinja2 import TemplateNotFound
from jinja2 import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bridge.errors import ConfigError
from bridge.errors import Finding
from bridge.errors import Where
from bridge.wording.limits import FAULTS
from bridge.wording.limits import limited
from bridge.wording.limits import measured
from bridge.wording.limits import steps
from bridge.wording.loader import Loader
from bridge.wording.loader import NotUtf8Error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from jinja2 import Template

SUFFIX = "jinja"
PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Templates:
    """The templates of one workspace."""

    folders: tuple[Path, ...]
    _text: ImmutableSandboxedEnvironment
    _html: ImmutableSandboxedEnvironment

    @classmethod
    def of(cls, folders: Iterable[Path]) -> Templates:
        """Templates of several folders; earlier ones win.

        Args:
            folders: The workspace's ``templates`` and the shipped one.
        """
        known = tuple(folders)
        loader = Loader([str(path) for path in known])
        made = [
            ImmutableSandboxedEnvironment(
                loader=loader,
                autoescape=escaped,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
            )
            for escaped in (False, True)
        ]
        for environment in made:
            environment.globals["range"] = steps
        return cls(known, *made)

    def mistakes(self) -> Iterator[Finding]:
        """What is wrong with the workspace's own templates, by line."""
        for path in sorted(self.folders[0].glob(f"*.{SUFFIX}")):
            try:
                self._text.get_template(path.name)
            except TemplateSyntaxError as error:
                place = str(Where(path.name, error.lineno))
                yield Finding(
                    _code(error),
                    error.lineno,
                    facts={"file": place, "reason": _reason(error)},
                    source=path.name,
                )

    def blocks(
        self, name: str, language: str, facts: Mapping[str, object]
    ) -> dict[str, tuple[str, ...]]:
        """Every block of a template as paragraphs.

        Args:
            name: Such as ``rechnung``; its file ends in ``.de.jinja``.
            language: ``de`` or ``en``.
            facts: What the template may name.

        Raises:
            ConfigError: ``papers.template``: it has a mistake, with file,
                line and what is wrong.
        """
        file = f"{name}.{language}.{SUFFIX}"
        template = self._found(self._text, file)
        try:
            with limited():
                return self._blocks(template, facts)
        except FAULTS as error:
            raise self._mistake(file, error) from error

    def _blocks(
        self, template: Template, facts: Mapping[str, object]
    ) -> dict[str, tuple[str, ...]]:
        context = template.new_context(dict(facts))
        try:
            # As far as the first word: its parents lend their blocks.
            next(iter(template.root_render_func(context)), None)
            return {
                block: paragraphs(measured(context.blocks[block][0](context)))
                for block in context.blocks
            }
        except FAULTS:
            self._text.handle_exception()  # with the template's own lines

    def page(
        self, name: str, language: str, facts: Mapping[str, object]
    ) -> str:
        """A whole page of HTML; what facts hold is escaped.

        Raises:
            ConfigError: ``papers.template``, as for ``blocks``.
        """
        file = f"{name}.{language}.html.{SUFFIX}"
        template = self._found(self._html, file)
        try:
            with limited():
                return measured(template.generate(dict(facts)))
        except FAULTS as error:
            raise self._mistake(file, error) from error

    def has_page(self, name: str, language: str) -> bool:
        """Whether somebody wrote a page of that name."""
        file = f"{name}.{language}.html.{SUFFIX}"
        return any((folder / file).is_file() for folder in self.folders)

    def _found(
        self, environment: ImmutableSandboxedEnvironment, file: str
    ) -> Template:
        try:
            return environment.get_template(file)
        except TemplateNotFound as error:
            raise ConfigError(
                "papers.no_template", where=Where(str(error.name)), file=file
            ) from error
        except TemplateSyntaxError as error:
            raise self._mistake(file, error) from error

    def _mistake(self, file: str, error: BaseException) -> ConfigError:
        """The error with the line it is in."""
        source, line = _place(file, error)
        return ConfigError(
            _code(error),
            where=Where(source, line),
            file=str(Where(source, line)),
            reason=_reason(error),
        )


def _code(error: BaseException) -> str:
    """What kind of mistake an error is."""
    if isinstance(error, NotUtf8Error):
        return "papers.template_encoding"
    return "papers.template"


def _place(file: str, error: BaseException) -> tuple[str, int | None]:
    """Which template and line an error is of."""
    if isinstance(error, TemplateSyntaxError):
        return Path(error.filename or error.name or file).name, error.lineno
    trace: Any = error.__traceback__
    found: tuple[str, int | None] = (file, None)
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.endswith(f".{SUFFIX}"):
            found = Path(path).name, trace.tb_lineno
        trace = trace.tb_next
    return found


def _reason(error: BaseException) -> str:
    """Jinja's or Python's own words, without the stop at their end.

    What Python says of a value quotes it, and that may name somebody.
    """
    kind = type(error).__name__
    if isinstance(error, TemplateError):
        return str(error.message or error).strip().rstrip(".")
    if isinstance(error, ValueError | LookupError):
        return kind
    return str(error).strip().rstrip(".") or kind


def paragraphs(text: str) -> tuple[str, ...]:
    """Texts apart by an empty line; what is empty is left out."""
    parts = (part.strip() for part in PARAGRAPHS.split(text))
    return tuple(part for part in parts if part)

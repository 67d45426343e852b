"""Where templates are read from: files in UTF-8, whoever saved them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader
from jinja2 import TemplateSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from jinja2 import Environment


class NotUtf8Error(TemplateSyntaxError):
    """A file is saved in another encoding; with the line of its first sign."""


class Loader(FileSystemLoader):
    """Templates of folders; a mark at the beginning of a file is no text."""

    def __init__(self, folders: Sequence[str]) -> None:
        super().__init__(folders, encoding="utf-8-sig")

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template.

        Raises:
            NotUtf8Error: It is saved in another encoding.
        """
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            path = self._path(template)
            line = _line(path.read_bytes())
            raise NotUtf8Error(
                str(error.reason), line, template, str(path)
            ) from None

    def _path(self, template: str) -> Path:
        """The file a template is read from."""
        paths = (Path(folder) / template for folder in self.searchpath)
        return next(path for path in paths if path.is_file())


def _line(content: bytes) -> int:
    """The line of the first sign that is not in UTF-8."""
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return number
    return 1

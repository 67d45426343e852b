from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def drop(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """A file with some content; text is written as UTF-8, untouched."""

    def _drop(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    return _drop

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sshd import Sshd


@pytest.fixture
def line(sshd: Sshd) -> Iterator[Line]:
    """A line to the server that a test may cut."""
    made = Line(sshd.port)
    yield made
    made.close()

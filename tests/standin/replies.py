"""The forms of the stand-in's answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.standin.amazon import Reply


def reply(content: object, status: int = 200) -> Reply:
    """An answer in JSON."""
    body = json.dumps(content).encode()
    return status, {"Content-Type": "application/json"}, body


def problem(status: int, code: str, message: str) -> Reply:
    """An error as Amazon's models have it."""
    return reply({"errors": [{"code": code, "message": message}]}, status)

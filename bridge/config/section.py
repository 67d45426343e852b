"""What every table of bridge.toml is."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic import ConfigDict


class Section(BaseModel):
    """A table of bridge.toml: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

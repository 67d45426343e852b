"""What every table of bridge.toml is."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict

from bridge.config.durations import duration

Duration = Annotated[timedelta, BeforeValidator(duration)]


class Section(BaseModel):
    """A table of bridge.toml: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

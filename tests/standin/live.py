"""A bridge in live mode that talks to the stand-in."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from bridge.app.service import Service
from bridge.samples.orders import write_orders
from tests.house import House
from tests.standin.amazon import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bridge.flows.parts import Parts
    from tests.conftest import StandingClock
    from tests.standin.amazon import Amazon

SETTINGS = """\
mode = "live"
seller_id = "A1PROBESELLER"
client_id = "file:keys/client_id"
client_secret = "file:keys/client_secret"
refresh_token = "file:keys/refresh_token"
endpoint = "{url}"
token_url = "{url}/auth/o2/token"
{more}
"""


@dataclass
class Shop:
    """A house, its Amazon and the time both live in."""

    house: House
    amazon: Amazon
    clock: StandingClock

    def once(self, wait: timedelta = timedelta(hours=2)) -> int:
        """Everything that is due, then stop."""
        with self.parts() as parts:
            return Service(parts).once(wait)

    @contextmanager
    def parts(self) -> Iterator[Parts]:
        """The pieces of the bridge, closed at the end."""
        parts = self.house.parts(self.clock)
        try:
            yield parts
        finally:
            parts.close()

    def offer(self, pieces: dict[str, str], amount: str = "10,00") -> int:
        """Drop articles, prices and stock, and send what follows."""
        self.house.bring(pieces, amount)
        return self.once()


def open_shop(
    path: Path,
    amazon: Amazon,
    clock: StandingClock,
    more: str = "",
    house: str = "",
) -> Shop:
    """A workspace whose Amazon is the stand-in.

    Args:
        path: Where it lies.
        amazon: The stand-in.
        clock: The time both live in.
        more: Further lines of ``[amazon]``.
        house: Further sections.
    """
    keys = path / "keys"
    keys.mkdir(parents=True)
    for name in ("client_id", "client_secret", "refresh_token"):
        (keys / name).write_text(KEYS[name], encoding="utf-8")
    settings = SETTINGS.format(url=amazon.url, more=more)
    return Shop(
        House(path, amazon=settings, more=house).build(), amazon, clock
    )


def sample_orders(folder: Path, at: datetime) -> list[dict[str, Any]]:
    """The sample orders as Amazon states them, of an instant.

    Args:
        folder: Where their recordings may be written.
        at: When they were changed last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_orders(folder, at)
    return [
        order
        for path in sorted(folder.glob("*.json"))
        for order in json.loads(path.read_text("utf-8"))["orders"]
    ]

"""A bridge in live mode that talks to the stand-in."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.app.service import Service
from tests.house import House
from tests.standin.amazon import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        from tests.house import articles  # noqa: PLC0415
        from tests.house import prices  # noqa: PLC0415
        from tests.house import stock  # noqa: PLC0415

        house = self.house
        house.drop(house.later("Artikelstamm_geaendert"), articles(*pieces))
        house.drop(
            house.later("Preise"), prices(dict.fromkeys(pieces, amount))
        )
        house.drop(house.later("Bestand"), stock(pieces))
        return self.once()


def open_shop(
    path: Path, amazon: Amazon, clock: StandingClock, more: str = ""
) -> Shop:
    """A workspace whose Amazon is the stand-in."""
    keys = path / "keys"
    keys.mkdir(parents=True)
    for name in ("client_id", "client_secret", "refresh_token"):
        (keys / name).write_text(KEYS[name], encoding="utf-8")
    settings = SETTINGS.format(url=amazon.url, more=more)
    return Shop(House(path, amazon=settings).build(), amazon, clock)

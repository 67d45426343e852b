"""What live mode needs beyond what rehearsal does."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from bridge.config.faults import found_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from bridge.config.places import Places
    from bridge.errors import Finding

EXAMPLES = {
    "seller_id": "A2ABCDEFGHIJKL",
    "client_id": "env:LWA_CLIENT_ID",
    "client_secret": "env:LWA_CLIENT_SECRET",
    "refresh_token": "env:LWA_REFRESH_TOKEN",
}
SAMPLE_SELLER = "A1EXAMPLESELLER"
LIVE = "live"


def needed(
    places: Places,
    amazon: Mapping[str, Any],
    regions: Mapping[str, str],
) -> Iterator[Finding]:
    """What is missing in ``[amazon]`` once its mode is live.

    Args:
        places: Where each setting stands.
        amazon: The raw section.
        regions: The region of each marketplace by country code.
    """
    if amazon.get("mode") != LIVE:
        return
    for key, example in EXAMPLES.items():
        if amazon.get(key) in {None, "", SAMPLE_SELLER}:
            path = ("amazon", key if key in amazon else "mode")
            name = ("amazon", key)
            yield found_at(
                *(places.value(path), "config.needed_live", name),
                key=key,
                example=example,
            )
    region = str(amazon.get("region", "eu"))
    markets = amazon.get("marketplaces")
    for number, code in enumerate(
        markets if isinstance(markets, list) else ()
    ):
        other = regions.get(str(code), region)
        if other != region:
            spot = ("amazon", "marketplaces", number)
            yield found_at(
                *(places.value(spot), "config.other_region", spot, code),
                wanted=other,
                region=region,
            )

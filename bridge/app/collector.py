"""The collector of cyclic garbage, set for a process that reads much.

Python looks over every living container after each 700 new ones, old ones
less often. Hundreds of thousands of records make it look again and again at
what is there to stay, and there is next to nothing to be found: a record
goes as soon as nobody holds it.
"""

from __future__ import annotations

import gc
from functools import cache

NEW = 20_000  # containers made and not yet gone, before they are looked over


@cache
def rest() -> None:
    """What is there by now stays; new containers are looked over seldom."""
    gc.freeze()
    gc.set_threshold(NEW, 10, 10)

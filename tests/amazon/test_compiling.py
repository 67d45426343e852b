"""Schemas of two rooms are compiled one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bridge.amazon import orderfeeds
from bridge.ports.turns import COMPILING

SECONDS = 0.2


def test_a_schema_waits_while_another_room_compiles_one() -> None:
    orderfeeds._schema.cache_clear()
    with ThreadPoolExecutor(1) as pool:
        with COMPILING:
            schema = pool.submit(orderfeeds._schema)
            waits = not _ended(schema.result)
        assert waits
        assert schema.result() is not None


def _ended(result: object) -> bool:
    try:
        result(timeout=SECONDS)  # type: ignore[operator]
    except TimeoutError:
        return False
    return True

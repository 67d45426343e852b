"""Two columns that are the same on every database."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

from bridge.model.values import EPOCH
from bridge.model.values import MICROSECOND
from bridge.model.values import canonical
from bridge.model.values import micros

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

__all__ = ["EPOCH", "MICROSECOND", "Amount", "Instant", "micros"]


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> int | None:
        """Refuses naive datetimes: they are nobody's time."""
        del dialect
        return None if value is None else micros(value)

    def process_result_value(
        self, value: int | None, dialect: Dialect
    ) -> datetime | None:
        """Always aware, always UTC."""
        del dialect
        return None if value is None else EPOCH + value * MICROSECOND


class Amount(TypeDecorator[Decimal]):
    """A decimal, stored as its canonical text."""

    impl = String(48)
    cache_ok = True

    def process_bind_param(
        self, value: Decimal | None, dialect: Dialect
    ) -> str | None:
        """No exponent, no useless zero."""
        del dialect
        return None if value is None else canonical(value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> Decimal | None:
        """Exactly what was stored."""
        del dialect
        return None if value is None else Decimal(value)

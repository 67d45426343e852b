"""Which price list of Sage is whose price."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo
from pydantic import field_validator

from bridge.config.section import Section


class Price(Section):
    """``[[price]]``: which list is whose price."""

    list: int
    marketplaces: tuple[str, ...] = ("DE",)
    audience: Literal["ALL", "B2B"] = "ALL"
    promotions: tuple[int, ...] | None = None
    customers: Literal["none", "same", "highest"] = "none"
    account: str = ""

    @field_validator("customers")
    @classmethod
    def _for_business(cls, rule: str, info: ValidationInfo) -> str:
        """What customers pay is no consumer's business."""
        if rule != "none" and info.data.get("audience") != "B2B":
            raise ValueError("config.customers_public")
        return rule

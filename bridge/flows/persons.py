"""What names a person is locked before a document is kept.

Only that: whatever else a document says stays readable, so that it is found
again by its numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.errors import Finding
    from bridge.flows.parts import Safe
    from bridge.ledger.staging import Staged
    from bridge.mapping.compile_out import OutMapping
    from bridge.mapping.plan import Plan

LOCKED = "locked"  # no field of a document is called so
HUSHED = "…"


def hushed_out(mapping: OutMapping, found: Iterable[Finding]) -> list[Finding]:
    """Findings about what is written, quoting nobody.

    Args:
        mapping: Of direction ``out``.
        found: Named by the fields on the left of the mapping.
    """
    return [
        item
        if item.value is None or _bare(item.field) in mapping.harmless
        else replace(item, value=HUSHED)
        for item in found
    ]


def _bare(field: str | None) -> str:
    return (field or "").rpartition("/")[2]


class Persons:
    """The personal fields of a mapping's documents, and their lock."""

    def __init__(self, plan: Plan, safe: Safe) -> None:
        self._fields = plan.kind.persons
        self._hushes = plan.kind.names_people
        self._safe = safe
        self._open = {
            name
            for rule in plan.fields
            if rule.field not in self._fields
            for name in rule.reads()
        } - {
            name
            for rule in plan.fields
            if rule.field in self._fields
            for name in rule.reads()
        }

    def locked(self, rows: list[Staged]) -> list[Staged]:
        """Rows as they may be kept; the digest is that of the open body."""
        if not self._fields:
            return rows
        return [
            row if row.body is None else row._replace(body=self._cut(row.body))
            for row in rows
        ]

    def opened(self, body: bytes) -> bytes:
        """A kept body, complete."""
        if not self._fields:
            return body
        document: dict[str, Any] = orjson.loads(body)
        kept = document.pop(LOCKED, None)
        if kept is None:
            return body
        blob = self._safe.unlock(kept["blob"].encode(), kept["key"])
        document |= orjson.loads(blob)
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)

    def hushed(self, found: Iterable[Finding]) -> list[Finding]:
        """Findings that quote nobody: only columns known to be harmless."""
        if not self._hushes:
            return list(found)
        return [
            item
            if item.value is None or item.field in self._open
            else replace(item, value=HUSHED)
            for item in found
        ]

    def _cut(self, body: bytes) -> bytes:
        document: dict[str, Any] = orjson.loads(body)
        personal = {
            name: document.pop(name)
            for name in self._fields
            if name in document
        }
        if personal:
            blob = self._safe.lock(orjson.dumps(personal))
            key = self._safe.key_id
            document[LOCKED] = {"key": key, "blob": blob.decode()}
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)

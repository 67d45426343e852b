"""Product type definitions: asked for, kept in a folder, used from there.

``<folder>/<marketplace>/<TYPE>.json`` holds the schema with its checksum,
its version and when Amazon was last asked. What a person puts there (the
schema as Amazon has it, or a file of ours) is used as well.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol
from urllib.parse import quote

import orjson

from bridge.errors import ConfigError
from bridge.errors import RefusedError
from bridge.errors import TransientError
from bridge.errors import Where
from bridge.model.marketplaces import MARKETPLACES
from bridge.ports.rules import LISTING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from bridge.amazon.rules import Rules
    from bridge.amazon.session import SellingPartner
    from bridge.ports import Clock
    from bridge.ports import Desk
    from bridge.ports.rules import Fault
    from bridge.ports.rules import Wanted

#: Languages of ours the operation does not know (its model's enumeration).
STRANGE = frozenset({"fr_BE", "en_IE"})
OPERATION = "getDefinitionsProductType"
REMEMBERED = 50_000  # judged bodies between two refreshes: 8 MiB
DIGEST = 16  # bytes
PAUSE = timedelta(minutes=15)  # after Amazon did not answer


@dataclass(frozen=True)
class Fetched:
    """What Amazon said of a definition.

    Attributes:
        version: Amazon's name of it.
        checksum: Of the schema, as Amazon states it.
        schema: Its bytes; ``None``: the checksum is the one that is known.
    """

    version: str
    checksum: str
    schema: bytes | None


class Asked(Protocol):
    """Who is asked for definitions."""

    def __call__(self, wanted: Wanted, checksum: str) -> Fetched:
        """A definition, its schema only if its checksum is another."""
        ...


@dataclass(frozen=True)
class Amazon:
    """Asks Amazon itself, for the rights and limits of one seller."""

    seller: str
    partner: SellingPartner

    def __call__(self, wanted: Wanted, checksum: str) -> Fetched:
        """A definition, its schema only if its checksum is another.

        Raises:
            TransientError: It did not come whole.
            RefusedError: Amazon has no such type, or does not say.
        """
        place = MARKETPLACES[wanted.marketplace]
        strange = place.language in STRANGE
        answer = self.partner.ask(
            OPERATION,
            wanted.product_type,
            query={
                "sellerId": self.seller,
                "marketplaceIds": [place.id],
                "requirements": wanted.requirements,
                "requirementsEnforced": "ENFORCED",
                "locale": "DEFAULT" if strange else place.language,
            },
        )
        try:
            said = answer["schema"]
            version = str(answer["productTypeVersion"]["version"])
            known, link = str(said["checksum"]), said["link"]["resource"]
        except (KeyError, TypeError):
            raise TransientError(
                "amazon.odd_answer", operation=OPERATION
            ) from None
        if known == checksum:
            return Fetched(version, known, None)
        schema = self.partner.download(link)
        if _checksum(schema) != known:
            raise TransientError("amazon.odd_answer", operation=OPERATION)
        return Fetched(version, known, schema)


def _checksum(schema: bytes) -> str:
    """Base64 of MD5, as the operation's model says."""
    digest = hashlib.md5(schema, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


@dataclass(frozen=True)
class _Known:
    """A definition that was read.

    Attributes:
        stamp: Of the file: its time and size.
        asked_at: When Amazon was last asked, if it was.
    """

    stamp: tuple[int, int]
    asked_at: datetime | None
    checksum: str
    rules: Rules


@dataclass
class Definitions:
    """The port Rulebook on a folder of definitions.

    Attributes:
        folder: ``state/product-types``.
        every: How old a definition may become before it is asked for again.
        clock: The time.
        desk: Who writes files.
        log: One line where a definition could not be had.
        asked: Who is asked; nobody in rehearsal.
    """

    folder: Path
    every: timedelta
    clock: Clock
    desk: Desk
    log: Any
    asked: Asked | None = None
    _known: dict[Wanted, _Known] = field(default_factory=dict)
    _quiet: dict[Wanted, datetime] = field(default_factory=dict)
    _said: dict[Any, Sequence[Fault]] = field(default_factory=dict)

    def refresh(self, wanted: Iterable[Wanted]) -> None:
        """Bring definitions up to date; what cannot be had is not checked.

        Raises:
            ConfigError: ``amazon.bad_definition``: nobody would replace a
                file that cannot be read.
        """
        self._said.clear()
        for one in wanted:
            self._read(one)
            if self.asked is not None and self._ripe(one):
                self._renew(one, self.asked)

    def knows(self, wanted: Wanted) -> bool:
        """Whether anything can be checked."""
        return wanted in self._known

    def faults(
        self, wanted: Wanted, attributes: Mapping[str, Any], *, whole: bool
    ) -> Sequence[Fault]:
        """What is wrong with attributes; nothing where no rules are known."""
        known = self._known.get(wanted)
        if known is None:
            return ()
        said = orjson.dumps(attributes)
        key = (wanted, whole, blake2b(said, digest_size=DIGEST).digest())
        faults = self._said.get(key)
        if faults is None:
            faults = known.rules.faults(said, whole=whole)
            if len(self._said) < REMEMBERED:
                self._said[key] = faults
        return faults

    def _path(self, wanted: Wanted) -> Path:
        tail = "" if wanted.requirements == LISTING else ".offer"
        name = f"{quote(wanted.product_type, safe='')}{tail}.json"
        return self.folder / wanted.marketplace / name

    def _ripe(self, wanted: Wanted) -> bool:
        now = self.clock.now()
        quiet = self._quiet.get(wanted)
        if quiet is not None and _within(now - quiet, PAUSE):
            return False
        known = self._known.get(wanted)
        asked_at = known.asked_at if known else None
        return asked_at is None or not _within(now - asked_at, self.every)

    def _renew(self, wanted: Wanted, ask: Asked) -> None:
        known = self._known.get(wanted)
        try:
            fetched = ask(wanted, known.checksum if known else "")
        except (RefusedError, TransientError) as error:
            self._quiet[wanted] = self.clock.now()
            self.log.warning(
                "amazon.no_definition",
                code=error.code,
                product_type=wanted.product_type,
            )
            return
        self._keep(wanted, fetched)
        self._read(wanted)
        if not self.knows(wanted):  # what it sent is no schema
            self._quiet[wanted] = self.clock.now()

    def _keep(self, wanted: Wanted, fetched: Fetched) -> None:
        path = self._path(wanted)
        schema = fetched.schema
        if schema is None:  # as it was; only Amazon has been asked again
            schema = _schema_bytes(path.read_bytes())
        head = {
            "productType": wanted.product_type,
            "requirements": wanted.requirements,
            "version": fetched.version,
            "checksum": fetched.checksum,
            "asked_at": self.clock.now().isoformat(),
            "schema": orjson.Fragment(schema),
        }
        self.desk.replace_whole(path, orjson.dumps(head))

    def _read(self, wanted: Wanted) -> None:
        """Read a definition, unless its file is the one that was read."""
        path = self._path(wanted)
        if not path.is_file():
            self._known.pop(wanted, None)
            return
        about = path.stat()
        stamp = (about.st_mtime_ns, about.st_size)
        known = self._known.get(wanted)
        if known is not None and known.stamp == stamp:
            return
        try:
            self._known[wanted] = _opened(path.read_bytes(), stamp)
        except (ValueError, TypeError, AttributeError) as error:
            self._known.pop(wanted, None)
            if self.asked is None:
                raise ConfigError(
                    "amazon.bad_definition", where=Where(str(path))
                ) from error


def _opened(content: bytes, stamp: tuple[int, int]) -> _Known:
    """A file of ours, or a schema as Amazon has it."""
    from bridge.amazon.rules import Rules  # noqa: PLC0415 - jsonschema: 4 MiB

    head = json.loads(content, parse_float=Decimal)
    asked_at = head.get("asked_at")
    return _Known(
        stamp,
        datetime.fromisoformat(asked_at) if asked_at else None,
        str(head.get("checksum", "")),
        Rules(head.get("schema", head)),
    )


def _schema_bytes(content: bytes) -> bytes:
    return orjson.dumps(orjson.loads(content)["schema"])


def _within(passed: timedelta, pause: timedelta) -> bool:
    """Whether a pause lasts; a clock that was set back ends it."""
    return timedelta(0) <= passed < pause

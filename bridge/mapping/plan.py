"""A checked mapping: frozen, complete, ready to be compiled."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING
from typing import Literal

from bridge.model.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from bridge.errors import Severity
    from bridge.mapping.notation import Place
    from bridge.model.kinds import Kind
    from bridge.model.record import Format
    from bridge.model.record import Profile

Direction = Literal["in", "amazon", "out"]

ANY = ""  # in place of a language, where only one is said


@dataclass(frozen=True)
class Condition:
    """A test of one source field.

    Attributes:
        name: Column, element or document field.
        type: How the value is read before it is compared.
        test: ``is`` and ``not`` compare with the values, ``empty`` with
            nothing.
        values: As written; any of them satisfies ``is``.
        wanted: For ``empty``: whether it should be.
    """

    name: str
    type: str
    test: Literal["is", "not", "empty"]
    values: tuple[str, ...] = ()
    wanted: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One field: a source, steps in a fixed order, tests.

    Attributes:
        field: The name on the left.
        source: The verb that yields the value.
        names: What the source reads.
        constant: Text of ``value``, ``context`` and ``template``.
        joiner: Text of ``with``.
        rules: Alternatives of ``first``, lists of an ``each``.
        fields: Parts of an ``object`` or of each sub-record.
        table: Translation of ``map`` or ``lookup``.
        missing: ``None``: unknown is a finding; else keep, drop or a text.
        otherwise: Text of ``else``.
        note: What a person should know of the column, by language; what
            is said in one only stands under ``ANY``.
        example: A value as it may stand there.
        in_formats: Formats the field stands in; empty means all (``out``).
    """

    field: str
    place: Place
    source: str
    names: tuple[str, ...] = ()
    constant: str = ""
    joiner: str = ""
    rules: tuple[Rule, ...] = ()
    fields: tuple[Rule, ...] = ()
    split: str | None = None
    clean: tuple[str, ...] = ()
    take: str | None = None
    type: str = ""
    decimal: str = ""
    currency: Rule | None = None
    table: Mapping[str, str] | None = None
    missing: str | None = None
    scale: Decimal | None = None
    round: int | None = None
    unit: Rule | None = None
    cut: int | None = None
    cut_bytes: int | None = None
    most: int | None = None
    otherwise: str | None = None
    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    pattern: str | None = None
    one_of: tuple[str, ...] = ()
    check: str | None = None
    when: tuple[Condition, ...] = ()
    severity: Severity = "refuse"
    element: str = ""
    note: Mapping[str, str] = attribute(default_factory=dict)
    example: str = ""
    in_formats: tuple[str, ...] = ()
    units: Mapping[str, str] = attribute(default_factory=dict)
    marketplace_id: bool = True
    clear: bool = False

    def reads(self) -> Iterator[str]:
        """Every source name the rule may look at, conditions included."""
        if self.source in {"from", "join", "sum", "each"}:
            yield from (name.partition("[]")[0] for name in self.names)
        for condition in self.when:
            yield condition.name
        nested = (*self.rules, *(() if self.source == "each" else self.fields))
        inner = [item for item in (self.unit, self.currency) if item]
        for rule in (*nested, *inner):
            yield from rule.reads()

    def contexts(self) -> Iterator[str]:
        """What the rule, and those inside it, take from the context."""
        if self.source == "context":
            yield self.constant
        inner = [item for item in (self.unit, self.currency) if item]
        for rule in (*self.rules, *self.fields, *inner):
            yield from rule.contexts()


@dataclass(frozen=True)
class Pick:
    """One item of a list, by a name of its own.

    Attributes:
        name: What its values are found under.
        names: The lists it is looked for in, the first wins.
        where: What it must say.
    """

    name: str
    names: tuple[str, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AsOf:
    """One place where the age of the data may stand."""

    source: Literal["from", "head", "name", "mtime"]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One mapping file, checked.

    Attributes:
        name: File name without ending; what inboxes and commands use.
        path: Where it was read.
        fingerprint: Changes with the text of the mapping and its tables.
        files: Patterns of file names (``in``).
        complete: Whether a file without a head states the complete set.
        complete_unless: Names of this pattern never do.
        each: The list of a record whose items are the documents; several
            where it may have several names.
        pick: Items of lists that fields call by name.
        fields: One rule each, in file order.
        heads: Values beside the records of a written file.
        facets: Attributes by facet (``amazon``).
        tables: Every translation table by its name.
    """

    name: str
    path: Path
    title: str
    direction: Direction
    document: str
    fingerprint: str
    files: tuple[str, ...] = ()
    complete: bool = False
    complete_unless: str = ""
    priority: int = 5
    as_of: tuple[AsOf, ...] = ()
    key: tuple[str, ...] = ()
    profiles: Mapping[Format, Profile] = attribute(default_factory=dict)
    only: tuple[Condition, ...] = ()
    skip: tuple[Condition, ...] = ()
    group_by: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    pick: tuple[Pick, ...] = ()
    fields: tuple[Rule, ...] = ()
    file_name: str = ""
    one_file_per: Literal["document", "run"] = "document"
    heads: Mapping[Format, tuple[Rule, ...]] = attribute(default_factory=dict)
    product_type: Rule | None = None
    facets: Mapping[str, tuple[Rule, ...]] = attribute(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = attribute(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The kind of document the mapping makes or reads."""
        return KINDS[self.document]

    @property
    def own_key(self) -> tuple[str, ...]:
        """The fields that tell its documents apart.

        A kind that concerns listings can only get more of them: others look
        for article, variant and warehouse in its keys.
        """
        if not self.key:
            return self.kind.key
        kept = self.kind.key if self.kind.place else ()
        return tuple(dict.fromkeys((*kept, *self.key)))

    def column(self, field: str) -> str:
        """What a file calls a field of a document, or of its lines.

        Args:
            field: Its name; ``lines.total`` means that of a line only.
        """
        outer, _, name = field.rpartition(".")
        inner = [one for rule in self.fields for one in rule.fields]
        for rule in inner if outer else (*self.fields, *inner):
            if rule.field == name and (names := (*rule.reads(),)):
                return names[0]
        return field

    def contexts(self) -> frozenset[str]:
        """What the mapping takes from the context."""
        return frozenset(
            name for rule in self.fields for name in rule.contexts()
        )

    def reads(self) -> tuple[str, ...]:
        """The source names of the mapping, each once, sorted."""
        names = {name for rule in self.fields for name in rule.reads()}
        names |= {condition.name for condition in (*self.only, *self.skip)}
        return tuple(sorted(names | set(self.group_by)))

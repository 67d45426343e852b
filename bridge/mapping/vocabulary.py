"""The closed vocabulary: every word a mapping may hold, said once.

The checker, the editor's JSON schema and the reference page are all made
from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bridge.model.record import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTIONS = ("in", "amazon", "out")
TYPES = (
    *("text", "code", "integer", "decimal", "money", "boolean"),
    *("date", "datetime", "list"),
)
CLEANERS = (
    "trim",
    "collapse",
    "upper",
    "lower",
    "html_to_text",
    "unquote_excel",
    "strip_control",
    "digits",
)
CHECKS = (
    "gtin",
    "vat_id",
    "iban",
    "email",
    "url",
    "country",
    "currency",
    "language",
    "postcode",
    "file_name",
)
CONTEXTS = (
    "marketplace",
    "language",
    "currency",
    "seller",
    "now",
    "file_name",
    "mandant",
    "position",
)
#: What the bridge knows only while it goes one way.
CONTEXT_ALONE: Mapping[str, str] = MappingProxyType(
    {
        "marketplace": "amazon",
        "language": "amazon",
        "currency": "amazon",
        "file_name": "in",
        "position": "out",
    }
)
UNITS = (
    *("milligram", "gram", "kilogram", "ton", "ounce", "pound"),
    *("micrometer", "millimeter", "centimeter", "decimeter", "meter"),
    *("kilometer", "inch", "foot", "yard"),
    *("square_centimeter", "square_meter", "cubic_centimeter"),
    *("cubic_meter", "milliliter", "centiliter", "liter", "piece"),
)
SETTING = "setting."  # context: setting.NAME reads [values] of bridge.toml


@dataclass(frozen=True)
class Verb:
    """One word of the language.

    Attributes:
        directions: Where it may stand: ``in``, ``out``, ``amazon``.
        takes: ``text``, ``texts`` (one or a list), ``note``, ``table``,
            ``rule``, ``rules``, ``number``, ``whole``, ``flag``, ``one_of``,
            ``any_of``, ``fields``, ``anything``.
        choices: The allowed words for ``one_of`` and ``any_of``.
        says: What it does, one English sentence.
        example: One line to copy.
    """

    directions: str
    takes: str
    says: str
    example: str
    choices: tuple[str, ...] = ()


#: The sources: a rule has exactly one of them.
SOURCES: Mapping[str, Verb] = MappingProxyType(
    {
        "from": Verb(
            "in out amazon",
            "texts",
            "Takes a column, element, key or path; of a list the first that "
            "is not empty (with `as: list`: all, `A[]/B` also those in the "
            "items of A).",
            "from: [Langtext, Dimensionstext]",
        ),
        "value": Verb(
            "in out amazon", "text", "A constant.", "value: DEFAULT"
        ),
        "join": Verb(
            "in out amazon",
            "texts",
            "Joins the values that are not empty, with `with` between.",
            'join: [Bezeichnung1, Bezeichnung2]\nwith: " "',
        ),
        "sum": Verb(
            "in",
            "texts",
            "Adds up the numbers of lists; `A[]/B` is B in the items of A.",
            'sum: "Steuern/Satz[]/Betrag"',
        ),
        "context": Verb(
            "in out amazon",
            "text",
            "Takes what the bridge itself knows; `setting.NAME` is an entry "
            "of `[values]` in bridge.toml.",
            "context: setting.sammeldebitor",
            CONTEXTS,
        ),
        "template": Verb(
            "out",
            "text",
            "A text with `{field}` places.",
            'template: "Amazon {id}"',
        ),
        "count": Verb(
            "out", "text", "How many items a list has.", "count: lines"
        ),
        "each": Verb(
            "in out amazon",
            "anything",
            "Makes a list of sub-records, each with its own `fields`; out and "
            "amazon: several lists one after the other.",
            "each: lines\nelement: Belegposition\nfields: {…}",
        ),
        "first": Verb(
            "in out amazon",
            "rules",
            "The first rule that yields a value.",
            "first: [{from: Verfuegbar}, {from: Bestand}]",
        ),
        "text": Verb(
            "amazon",
            "text",
            "One instance a text, with language_tag and marketplace_id.",
            "text: title",
        ),
        "plain": Verb(
            "amazon",
            "text",
            "One instance `{value, marketplace_id}`.",
            "plain: country_of_origin",
        ),
        "measure": Verb(
            "amazon",
            "text",
            "One instance `{unit, value, marketplace_id}`; `units` "
            "translates the unit.",
            "measure: weight\nunits: {kilogram: kilograms}",
        ),
        "object": Verb(
            "out amazon",
            "fields",
            "One instance made of named rules, with marketplace_id; out, "
            "xml: an element with these in it.",
            "object: {type: {value: ean}, value: {from: gtin}}",
        ),
        "offer": Verb(
            "amazon",
            "text",
            "The complete offers: consumer price, sale, business price and "
            "its tiers.",
            "offer: prices",
        ),
    }
)

#: The steps, applied in the order of this table.
STEPS: Mapping[str, Verb] = MappingProxyType(
    {
        "split": Verb("in", "text", "Makes a list of one cell.", 'split: ";"'),
        "clean": Verb(
            "in out amazon",
            "any_of",
            "Tidies a text.",
            "clean: [trim, collapse]",
            CLEANERS,
        ),
        "take": Verb(
            "in",
            "text",
            "Keeps what the regular expression finds, of a group only that; "
            "finds it nothing, the value is empty.",
            r"take: '(\d{4})$'",
        ),
        "as": Verb(
            "in out amazon",
            "one_of",
            "What the value is; `code` is text that keeps leading zeros.",
            "as: decimal",
            TYPES,
        ),
        "decimal": Verb(
            "in",
            "one_of",
            "Overrules the format's decimal sign for this field; `any` takes "
            "both, where a single point can only be a decimal point.",
            "decimal: any",
            (",", ".", "any"),
        ),
        "currency": Verb(
            "in", "rule", "The currency of `as: money`.", "currency: EUR"
        ),
        "map": Verb(
            "in out amazon",
            "table",
            "A closed translation; an unknown value is a finding unless "
            "`missing` says otherwise.",
            "map: {D: DE, A: AT}",
        ),
        "lookup": Verb(
            "in out amazon",
            "text",
            "The same with a table named under `tables`.",
            "lookup: units",
        ),
        "missing": Verb(
            "in out amazon",
            "text",
            "What an unknown value of `map` or `lookup` becomes; `keep` "
            "leaves it, `drop` empties it.",
            "missing: keep",
        ),
        "scale": Verb(
            "in out amazon",
            "number",
            "Multiplies, exactly.",
            "scale: 0.001",
        ),
        "round": Verb(
            "in out amazon",
            "whole",
            "Rounds to so many decimals, half up.",
            "round: 2",
        ),
        "unit": Verb(
            "in",
            "rule",
            "Makes a measure of a decimal; the rule yields its unit.",
            "unit: {from: Gewichtseinheit, lookup: units}",
        ),
        "cut": Verb(
            "in out amazon",
            "whole",
            "Shortens to so many characters at a word, with a warning.",
            "cut: 200",
        ),
        "cut_bytes": Verb(
            "out amazon",
            "whole",
            "Shortens to so many bytes at a word, and warns what is lost.",
            "cut_bytes: 249",
        ),
        "most": Verb(
            "in amazon",
            "whole",
            "Keeps so many entries of a list, with a warning.",
            "most: 5",
        ),
        "else": Verb(
            "in out amazon",
            "text",
            "What an empty value becomes.",
            'else: "Ohne Marke"',
        ),
    }
)

#: What is checked, after the steps.
TESTS: Mapping[str, Verb] = MappingProxyType(
    {
        "required": Verb(
            "in out amazon", "flag", "Must not be empty.", "required: true"
        ),
        "min_length": Verb(
            "in", "whole", "At least so many characters.", "min_length: 3"
        ),
        "max_length": Verb(
            "in", "whole", "At most so many characters.", "max_length: 40"
        ),
        "min": Verb("in", "number", "Not below.", "min: 0.01"),
        "max": Verb("in", "number", "Not above.", "max: 9999999.99"),
        "pattern": Verb(
            "in",
            "text",
            "The whole text must match the regular expression, as RE2 reads "
            "it: no look-ahead, no back reference; `\\p{L}` is any letter.",
            "pattern: '[A-Z0-9-]+'",
        ),
        "one_of": Verb(
            "in", "texts", "One of these, exactly.", "one_of: [EUR, CHF]"
        ),
        "check": Verb(
            "in",
            "one_of",
            "Satisfies a known rule.",
            "check: gtin",
            CHECKS,
        ),
    }
)

#: Words that belong to a rule but are neither source, step nor test.
FRAME: Mapping[str, Verb] = MappingProxyType(
    {
        "when": Verb(
            "in out amazon",
            "table",
            "The whole rule applies only then.",
            "when: {Status: {not: storniert}}",
        ),
        "severity": Verb(
            "in out amazon",
            "one_of",
            "Whether a failed check refuses the row or only warns.",
            "severity: warn",
            ("refuse", "warn"),
        ),
        "with": Verb(
            "in out amazon",
            "text",
            "Stands between joined values.",
            'with: " "',
        ),
        "fields": Verb(
            "in out amazon", "fields", "Fields of a sub-record.", "fields: {…}"
        ),
        "in_formats": Verb(
            "out",
            "any_of",
            "The field stands only in files of these formats.",
            "in_formats: [csv, json]",
            FORMATS,
        ),
        "element": Verb(
            "out",
            "text",
            "xml: the name of a repeated element. A field may be a path: "
            "`A/B[2]/@c` is, in A, the attribute c of the second B.",
            "element: Belegposition",
        ),
        "note": Verb(
            "in",
            "note",
            "What a person should know of the column; a template shows it.",
            "note: {de: Straße mit Hausnummer, en: Street and number}",
        ),
        "example": Verb(
            "in",
            "text",
            "A value as it may stand there; a template shows it.",
            "example: Musterweg 1",
        ),
        "units": Verb(
            "amazon",
            "table",
            "Amazon's word of each unit.",
            "units: {gram: grams}",
        ),
        "marketplace_id": Verb(
            "amazon",
            "flag",
            "`false` leaves marketplace_id out.",
            "marketplace_id: false",
        ),
        "clear": Verb(
            "amazon",
            "flag",
            "`true` deletes the attribute at Amazon when it becomes empty.",
            "clear: true",
        ),
    }
)

VERBS: Mapping[str, Verb] = MappingProxyType(
    {**SOURCES, **STEPS, **TESTS, **FRAME}
)

"""The words of a mapping file outside its rules: its top, its formats."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bridge.mapping.vocabulary import DIRECTIONS
from bridge.mapping.vocabulary import Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a mapping file holds at its top.
TOP: Mapping[str, Verb] = MappingProxyType(
    {
        "mapping": Verb(
            "in out amazon", "text", "The version: 1.", "mapping: 1"
        ),
        "title": Verb(
            "in out amazon",
            "text",
            "What a person calls it.",
            "title: Artikelstamm",
        ),
        "direction": Verb(
            "in out amazon",
            "one_of",
            "Into documents, to Amazon, or out to a file.",
            "direction: in",
            DIRECTIONS,
        ),
        "document": Verb(
            "in out amazon",
            "text",
            "The kind of document.",
            "document: Article",
        ),
        "files": Verb(
            "in",
            "texts",
            "Patterns of file names; one like `*.xml` takes what no closer"
            " one takes. Of several mappings those read a xml whose"
            " `record` it leads to.",
            'files: ["Artikelstamm*.csv"]',
        ),
        "complete": Verb(
            "in",
            "anything",
            "Whether a file states the complete set: `true`, `false` or "
            "`{unless_name: PATTERN}`.",
            'complete: {unless_name: "*_geaendert*"}',
        ),
        "priority": Verb(
            "in",
            "whole",
            "0 to 9; where two mappings state one field the higher wins.",
            "priority: 7",
        ),
        "as_of": Verb(
            "in",
            "anything",
            "Where the age of the data stands; the first present counts.",
            "as_of: [{from: Stand}, {head: Erstellt}, mtime]",
        ),
        "key": Verb(
            "in",
            "texts",
            "Overrules the key fields of the document.",
            "key: [article]",
        ),
        "formats": Verb(
            "in out",
            "table",
            "How each format is written.",
            "formats: {csv: {…}}",
        ),
        "tables": Verb(
            "in out amazon",
            "table",
            "Translation tables, written here or read from a csv beside.",
            "tables: {units: {kg: kilogram}}",
        ),
        "only": Verb(
            "in out",
            "table",
            "Other records are counted, not read; out: other documents are "
            "not written.",
            "only: {USER_Amazon: true}",
        ),
        "skip": Verb(
            "in out",
            "table",
            "These records are counted, not read; out: these documents are "
            "not written.",
            "skip: {Typ: Muster}",
        ),
        "group_by": Verb(
            "in",
            "texts",
            "Flat files: rows of one document.",
            "group_by: [Referenznummer]",
        ),
        "each": Verb(
            "in",
            "texts",
            "xml, json: one document for each item of this list of a record; "
            "`A[]/B` is the list B in each item of A, `../name` is what "
            "stands around an item.",
            "each: MIME_INFO/MIME",
        ),
        "pick": Verb(
            "in",
            "table",
            "xml, json: the first item of a list that says something, by a "
            "name of your own: `from: kaeufer/Name1` reads in it, and so may "
            "the picks below.",
            "pick: {kaeufer: {from: Partner, where: {Rolle: kaeufer}}}",
        ),
        "record_type": Verb(
            "in",
            "table",
            "csv, txt: how a line tells its type, where a file has several.",
            "record_type: {column: 1}",
        ),
        "record_types": Verb(
            "in",
            "table",
            "csv, txt: the types of lines, each with its columns and fields; "
            "instead of `fields`.",
            "record_types: {A0: {…}, P0: {parent: A0, each: lines, …}}",
        ),
        "trailer": Verb(
            "in",
            "table",
            "With `record_types`: the last line, which says what should have "
            "come before it. A difference, or a missing trailer, refuses the "
            "file.",
            "trailer: {type: Z9, columns: […], count: Anzahl}",
        ),
        "fields": Verb(
            "in out", "fields", "The fields, one rule each.", "fields: {…}"
        ),
        "name": Verb(
            "out",
            "text",
            "The name of the file, without its ending.",
            'name: "Bestellung_{id}"',
        ),
        "one_file_per": Verb(
            "out",
            "one_of",
            "A file for each document, or one for all of a run.",
            "one_file_per: document",
            ("document", "run"),
        ),
        "product_type": Verb(
            "amazon",
            "rule",
            "Amazon's product type.",
            "product_type: {from: product_type}",
        ),
        "facets": Verb(
            "amazon",
            "table",
            "The attributes, by facet.",
            "facets: {stock: {fulfillment_availability: {…}}}",
        ),
    }
)

#: The words of a format block.
FORMAT: Mapping[str, Verb] = MappingProxyType(
    {
        "like": Verb(
            "in out", "text", "Starts from another block.", "like: csv"
        ),
        "encoding": Verb(
            "in out",
            "text",
            "Where no BOM says otherwise.",
            "encoding: windows-1252",
        ),
        "delimiter": Verb(
            "in out", "text", "Between cells.", 'delimiter: ";"'
        ),
        "decimal": Verb(
            "in out",
            "one_of",
            "The decimal sign.",
            'decimal: ","',
            (",", ".", "any"),
        ),
        "date": Verb(
            "in out", "text", "The form of a date.", 'date: "%d.%m.%Y"'
        ),
        "datetime": Verb(
            "in out",
            "text",
            "The form of an instant.",
            'datetime: "%d.%m.%Y %H:%M:%S"',
        ),
        "boolean": Verb(
            "in out",
            "one_of",
            "How yes and no are written.",
            "boolean: sage",
            ("sage", "json"),
        ),
        "header": Verb(
            "in", "flag", "Whether row 1 names the columns.", "header: false"
        ),
        "columns": Verb(
            "in out",
            "anything",
            "The names where there is no header; with `layout: fixed` a table "
            "for each: `name`, `at` (from 1), `length`, `align`, `pad`, "
            "`implied` (decimal places).",
            "columns: [A, B]",
        ),
        "layout": Verb(
            "in",
            "one_of",
            "Cells with a delimiter, or at fixed places of the line.",
            "layout: fixed",
            ("delimited", "fixed"),
        ),
        "short": Verb(
            "in",
            "one_of",
            "A line that ends early is filled up, as one of fixed width is "
            "anyway, or refused, as others are.",
            "short: refuse",
            ("pad", "refuse"),
        ),
        "count": Verb(
            "in",
            "one_of",
            "Fixed width: places are characters or bytes.",
            "count: bytes",
            ("characters", "bytes"),
        ),
        "record": Verb(
            "in out",
            "text",
            "xml: path of the record, `A|B` is either name, one step is the "
            "root; json: key of the list.",
            "record: /Artikelstamm/Artikel",
        ),
        "root": Verb(
            "out", "text", "Name of the xml root.", "root: Bestellungen"
        ),
        "head": Verb(
            "in out",
            "table",
            "What the file says of itself: name and path (in), or rule (out).",
            'head: {Mandant: "@Mandant"}',
        ),
        "attributes": Verb(
            "out",
            "table",
            "What the xml says at its top: `name` is an attribute of the "
            "root, `A/B` an element, and a rule for each.",
            "attributes: {Mandant: {context: mandant}}",
        ),
        "namespaces": Verb(
            "in out",
            "table",
            "Prefixes of the paths.",
            "namespaces: {o: 'http://…'}",
        ),
        "xsd": Verb(
            "in out",
            "text",
            "The schema file, in xsd/.",
            "xsd: artikelstamm.xsd",
        ),
        "sheet": Verb("in out", "text", "Number or name.", "sheet: 1"),
        "rows": Verb(
            "out",
            "text",
            "csv, txt: the list whose items become rows.",
            "rows: Positionen/Belegposition",
        ),
    }
)

#: What is said of a picked item.
PICK: Mapping[str, Verb] = MappingProxyType(
    {
        "from": Verb(
            "in", "texts", "The list, or several.", "from: PARTIES/PARTY"
        ),
        "where": Verb(
            "in",
            "table",
            "What the item says, as `only`; `.` is its own text.",
            "where: {PARTY_ROLE: buyer}",
        ),
    }
)

#: How a line tells its type: one of three ways, and what is passed over.
RECORD_TYPE: Mapping[str, Verb] = MappingProxyType(
    {
        "column": Verb(
            "in", "whole", "The cell that holds it, from 1.", "column: 1"
        ),
        "at": Verb(
            "in",
            "whole",
            "Fixed width: the first place that holds it, from 1.",
            "at: 1",
        ),
        "length": Verb(
            "in", "whole", "Fixed width: how many places.", "length: 2"
        ),
        "first": Verb(
            "in", "text", "The type of the first line.", "first: Kopf"
        ),
        "rest": Verb(
            "in",
            "text",
            "The type of all other lines: one file is one document.",
            "rest: Position",
        ),
        "skip": Verb(
            "in", "texts", "Types that are passed over.", "skip: [V0]"
        ),
    }
)

#: What is said of one type of lines.
RECORD_TYPES: Mapping[str, Verb] = MappingProxyType(
    {
        "columns": Verb(
            "in",
            "anything",
            "The names of its cells; with `layout: fixed` a table for each.",
            "columns: [Satzart, Belegnummer]",
        ),
        "parent": Verb(
            "in",
            "text",
            "The type it stands below; the one type without begins a "
            "document.",
            "parent: A0",
        ),
        "each": Verb(
            "in",
            "text",
            "The list of the document its lines become; without, a line is a "
            "part of its parent and stands there once.",
            "each: lines",
        ),
        "fields": Verb(
            "in",
            "fields",
            "The fields its columns fill; `../Name` is a column of the "
            "parent.",
            "fields: {…}",
        ),
    }
)

#: What the last line says.
TRAILER: Mapping[str, Verb] = MappingProxyType(
    {
        "type": Verb("in", "text", "What it bears.", "type: Z9"),
        "columns": Verb(
            "in",
            "anything",
            "Its columns, as those of a type.",
            "columns: [Satzart, Anzahl, Summe]",
        ),
        "count": Verb(
            "in",
            "anything",
            "The column that counts all lines before it, or a table: column "
            "to the type whose lines it counts.",
            "count: {Positionen: P0}",
        ),
        "sum": Verb(
            "in",
            "table",
            "Column to the column of other lines that it adds up.",
            "sum: {Summe: Gesamtpreis}",
        ),
    }
)

"""Accessories, cross- and up-selling: what articles point at.

Sellers cannot tell Amazon of them: no attribute takes them, and Amazon
reckons "bought together" itself (amazon.md M10). They are kept whole and
listed for a person, each with what keeps it from Amazon.

An article nobody knows is not written down as a fault but looked for when
somebody asks: the fault is gone when the article is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any

from bridge.errors import Finding
from bridge.flows import joining
from bridge.flows.accounts import about
from bridge.flows.accounts import key_of
from bridge.flows.sheets import save
from bridge.flows.sheets import sheet_path
from bridge.ledger import documents
from bridge.ledger import dues
from bridge.ledger import offers
from bridge.ledger import pages
from bridge.ledger import references
from bridge.messages import catalogue
from bridge.model.kinds import KEY_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from bridge.flows.parts import Parts
    from bridge.ledger.engine import Transaction
    from bridge.ledger.offers import Side
    from bridge.mapping.book import Book

    Coded = Mapping[str, Any]

ERRAND = "references"
#: Modules that can be listed by hand, and whose references each lists.
MODULES = {
    "accessories": "accessory",
    "cross-selling": "cross_selling",
    "up-selling": "up_selling",
}
ARTICLE = "article"
SUCCESSOR = "successor"
AT_HOME = "offers.not_transferable"
#: How far the A+ page is that shows a reference, by its state.
PAGED = {
    "waiting": "offers.page_begun",
    "creating": "offers.page_begun",
    "changing": "offers.page_begun",
    "made": "offers.page_begun",
    "submitting": "offers.page_begun",
    "held": "offers.page_held",
    "submitted": "offers.page_submitted",
    "approved": "offers.page_approved",
    "rejected": "offers.page_rejected",
    "refused": "offers.page_refused",
}
#: What a page can show: all that only Amazon's form stands against.
TRANSFERABLE = frozenset({AT_HOME, *PAGED.values()})
LOT = 500  # references looked at together
LAST = 1_000_000  # what says no place of its own stands behind
COLUMNS = (
    *("article", "sku", "reference", "to", "to_sku", "factor"),
    *("automatic", "reason", "hint"),
)


@dataclass(frozen=True)
class Shown:
    """A reference, and what keeps it from Amazon.

    Attributes:
        said: The coded Reference.
        sku: What Amazon calls the article that points.
        to_sku: What it calls the other, where that is offered.
        why: Always something.
    """

    said: Coded
    sku: str | None
    to_sku: str | None
    why: Finding

    def as_json(self, language: str) -> dict[str, Any]:
        """As ``offer show --json`` shows it."""
        return {
            "kind": self.said["kind"],
            "to_kind": self.said.get("to_kind", ARTICLE),
            "to": self.said["to"],
            "sku": self.to_sku,
            "factor": self.said.get("factor"),
            "automatic": self.said.get("automatic"),
            "code": self.why.code,
            "message": self.why.message(language),
            "hint": self.why.hint(language),
        }

    def row(self, language: str) -> dict[str, str | None]:
        """As a spreadsheet shows it, by the names of the columns."""
        automatic = self.said.get("automatic")
        yes = catalogue.term("state", "yes", language)
        return {
            "article": str(self.said["article"]),
            "sku": self.sku,
            "reference": catalogue.term(
                "reference", str(self.said["kind"]), language
            ),
            "to": str(self.said["to"]),
            "to_sku": self.to_sku,
            "factor": self.said.get("factor"),
            "automatic": yes if automatic else None,
            "reason": self.why.message(language),
            "hint": self.why.hint(language),
        }


def stated(article: Coded, references: Iterable[Coded]) -> list[Coded]:
    """What an article points at, and its successor, if that is not said."""
    shared = {"from_kind": ARTICLE, "to_kind": ARTICLE}
    made = [
        {**shared, **one}
        for one in references
        if one.get("from_kind", ARTICLE) == ARTICLE
    ]
    next_one = article.get(SUCCESSOR)
    if next_one and not any(one["kind"] == SUCCESSOR for one in made):
        number = {"article": article["article"], "to": next_one}
        made.append({**shared, **number, "kind": SUCCESSOR})
    return sorted(
        made, key=lambda one: (one["kind"], place(one), str(one["to"]))
    )


def place(item: Coded) -> int:
    """Where a reference stands among others."""
    return int(item.get("position") or LAST)


def of_article(
    tx: Transaction, book: Book, mandant: int, side: Side, article: str
) -> list[Shown]:
    """What one article points at."""
    kinds = ("Article", "Reference")
    bodies = documents.of_articles(tx, mandant, [(article, 0)], kinds)
    known = joining.gather(bodies, book).get((article, 0), joining.Known())
    said = stated({"article": article, **known.article}, known.references)
    return _shown(tx, mandant, side, said)


def of_kind(
    tx: Transaction, book: Book, mandant: int, side: Side, kind: str
) -> Iterator[Shown]:
    """Every reference of a kind, article by article."""
    bodies = references.every(tx, mandant)
    merged = (
        joining.merge(list(same), book)
        for _, same in groupby(bodies, lambda body: (body.article, body.key))
    )
    wanted = (one for one in merged if one["kind"] == kind)
    while lot := list(islice(wanted, LOT)):
        yield from _shown(tx, mandant, side, lot)


def _shown(
    tx: Transaction, mandant: int, side: Side, said: Sequence[Coded]
) -> list[Shown]:
    targets = {str(one["to"]) for one in said if _names_article(one)}
    known = references.known(tx, mandant, targets)
    numbers = targets | {str(one["article"]) for one in said}
    listed = offers.of_articles(tx, side, mandant, numbers)
    skus = {row.article: row.sku for row in listed if not row.variant}
    owners = {str(one["article"]) for one in said}
    paged = pages.of_skus(
        tx, side, [sku for number, sku in skus.items() if number in owners]
    )
    found = []
    for one in said:
        sku = skus.get(str(one["article"]))
        to_sku = skus.get(str(one["to"])) if _names_article(one) else None
        why = _why(one, known)
        shown = [r for r in paged if r.sku == sku and to_sku in r.others]
        if shown and why.code == AT_HOME:
            why = _on_page(one, shown[0])
        found.append(Shown(one, sku, to_sku, why))
    return found


def _on_page(one: Coded, row: Any) -> Finding:  # noqa: ANN401 - a row
    """How far the page is that shows a reference."""
    issues = row.issues or ()
    facts = {
        "marketplace": row.marketplace,
        "sku": row.sku,
        "other": str(row.other),
        "said": "; ".join(str(i.get("message")) for i in issues) or "-",
    }
    to = str(one["to"])
    code = PAGED[row.state]
    return Finding(code, None, "to", to, "warn", "nobody", facts)


def _names_article(one: Coded) -> bool:
    return bool(one.get("to_kind", ARTICLE) == ARTICLE)


def _why(one: Coded, known: set[str]) -> Finding:
    to = str(one["to"])
    code = AT_HOME
    if not _names_article(one):
        code = "offers.reference_group"
    elif to not in known:
        code = "offers.unknown_target"
    elif one["kind"] == SUCCESSOR:
        code = "offers.successor_stays"
    return Finding(code, None, "to", to, "warn", "nobody")


def unknown(
    tx: Transaction, book: Book, mandant: int, delivery: int
) -> list[Finding]:
    """What references of a delivery name that nobody knows, up to now."""
    rows = [
        (row, row.key.split(KEY_SEPARATOR))
        for row in references.of_delivery(tx, mandant, delivery)
    ]
    targets = {to for _, (*_, kind, to) in rows if kind == ARTICLE}
    known = references.known(tx, mandant, targets)
    return [
        Finding("offers.unknown_target", row.line, column, to, "warn")
        for row, (*_, kind, to) in rows
        for column in (book.plan(row.mapping).column("to"),)
        if kind == ARTICLE and to not in known
    ]


def raise_references(parts: Parts, tx: Transaction, name: str) -> None:
    """Have a module's list written."""
    key, at = key_of(parts, name), parts.clock.now()
    dues.raise_due(tx, ERRAND, key, lane=ERRAND, at=at)


def write_references(parts: Parts, key: str, generation: int) -> None:
    """Write a module's list for a person; twice makes a second file."""
    name = about(key)
    language = parts.settings.bridge.language
    path = sheet_path(parts, name, parts.settings.home)
    place = (parts.mandant, parts.side, MODULES[name])
    with parts.ledger.read() as tx:
        shown = of_kind(tx, parts.book, *place)
        rows = (one.row(language) for one in shown)
        cells = (tuple(map(row.get, COLUMNS)) for row in rows)
        number = save(path, COLUMNS, cells, language)
    parts.log.info("references.listed", references=number)
    with parts.ledger.write() as tx:
        dues.done(tx, ERRAND, key, generation)

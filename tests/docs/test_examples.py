"""What README, tutorial and the mapping how-to show is what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import ROOT
from tests.docs.pages import Reader
from tests.docs.pages import matches

if TYPE_CHECKING:
    from pathlib import Path

PAGES = (
    "README.md",
    "docs/tutorial.md",
    "docs/how-to/write-a-mapping.md",
    "docs/how-to/new-layout.md",
    "docs/how-to/correct-a-refused-file.md",
    "docs/how-to/rehearse-amazon.md",
    "docs/how-to/customer-prices.md",
    "docs/how-to/prices.md",
    "docs/how-to/media.md",
    "docs/how-to/variants.md",
    "docs/how-to/sets.md",
    "docs/how-to/languages.md",
    "docs/how-to/references.md",
    "docs/how-to/shipments.md",
    "docs/how-to/invoices.md",
    "docs/how-to/papers.md",
    "docs/how-to/refunds.md",
    "docs/how-to/fulfilment.md",
    "docs/how-to/database-table.md",
    "docs/how-to/customers.md",
    "docs/how-to/personal-data.md",
    "docs/how-to/sftp-partner.md",
    "docs/how-to/mail.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_what_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("BRIDGE_WORKSPACE", raising=False)
    reader = Reader(tmp_path)

    differences = reader.read(ROOT / page)

    assert not differences, "\n".join(differences)


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("a\n", "a\n", True),
        ("a  b\n", "a b\n", True),
        ("a …\n", "a b c\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\n", "a\nb\n", False),
        ("a\nb\n", "a\n", False),
        ("(a)\n", "(b)\n", False),
    ],
)
def test_an_output_matches_what_is_shown(
    shown: str,
    said: str,
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert same == matches(shown, said)

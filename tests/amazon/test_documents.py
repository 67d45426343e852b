"""A document comes to the disk whole, or not at all."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import httpx
import pytest

from bridge.amazon.documents import save
from bridge.amazon.reports import encoding_of
from bridge.errors import TransientError

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"seller-sku\tprice\n" * 10_000


def brought(
    path: Path, content: bytes, algorithm: str | None, status: int = 200
) -> str:
    """Fetch a document that is served so; what it says of itself."""
    kind = {"Content-Type": "text/plain; charset=Cp1252"}
    answer = httpx.Response(status, headers=kind, content=content)
    with httpx.Client(
        transport=httpx.MockTransport(lambda _request: answer)
    ) as http:
        return save(http, "https://example.test/1", algorithm, path)


@pytest.mark.parametrize(
    ("content", "algorithm"),
    [
        (CONTENT, None),
        (gzip.compress(CONTENT), "GZIP"),
        (gzip.compress(CONTENT[:50]) + gzip.compress(CONTENT[50:]), "GZIP"),
    ],
    ids=["plain", "gzip", "gzip in two pieces"],
)
def test_a_document_is_as_it_was_before_it_was_packed(
    tmp_path: Path, content: bytes, algorithm: str | None
) -> None:
    path = tmp_path / "new" / "7"

    kind = brought(path, content, algorithm)

    assert path.read_bytes() == CONTENT
    assert kind == "text/plain; charset=Cp1252"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (gzip.compress(CONTENT)[:-40], 200),
        (b"<html>no gzip</html>", 200),
        (gzip.compress(CONTENT), 404),
    ],
    ids=["cut", "not packed", "gone"],
)
def test_what_does_not_come_whole_is_not_there(
    tmp_path: Path, content: bytes, status: int
) -> None:
    path = tmp_path / "7"

    with pytest.raises(TransientError):
        brought(path, content, "GZIP", status)

    assert not path.exists()


@pytest.mark.parametrize(
    ("kind", "start", "encoding"),
    [
        ("text/plain; charset=Cp1252", b"a", "cp1252"),
        ("text/plain; charset=UTF-8", b"a", "utf-8"),
        ("text/plain; charset=klingon", b"a", "cp1252"),
        ("", b"a", "cp1252"),
        ("text/plain; charset=Cp1252", b"\xef\xbb\xbfa", "utf-8-sig"),
    ],
)
def test_a_document_says_how_it_is_encoded(
    tmp_path: Path, kind: str, start: bytes, encoding: str
) -> None:
    path = tmp_path / "7"
    path.write_bytes(start)

    assert encoding == encoding_of(kind, path, "cp1252")

"""Whether bytes are a PDF that any reader opens; nothing is read of it."""

from __future__ import annotations

import re

HEAD = b"%PDF-"
NEAR = 1024  # bytes within which readers look for head and end
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_ENCRYPTED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")


def pdf_fault(content: bytes) -> str | None:
    """Why a PDF would not open for everybody, if it would not.

    Returns:
        ``no_pdf``, ``cut`` (the end is missing, or its table of contents is
        not where it should be) or ``encrypted``.
    """
    if HEAD not in content[:NEAR]:
        return "no_pdf"
    end = _START.findall(content[-NEAR:])
    if not end or int(end[-1]) >= len(content):
        return "cut"
    if _ENCRYPTED.search(content):
        return "encrypted"
    return None

"""Texts that are longer than their reader takes end at a word."""

from __future__ import annotations


def cut(value: str, length: int) -> str:
    """At most so many characters, ended at a word where one ends late."""
    if len(value) <= length:
        return value
    head = value[: length + 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > length // 2 else value[:length]).rstrip()


def cut_bytes(value: str, length: int) -> tuple[str, str]:
    """At most so many bytes of UTF-8, ended at a word if one is whole.

    Returns:
        What is kept, and what is lost.
    """
    raw = value.encode()
    if len(raw) <= length:
        return value, ""
    kept = raw[:length].decode(errors="ignore")
    if not value[len(kept)].isspace():
        kept = kept[: max(kept.rfind(" "), kept.rfind("\n"), 0)] or kept
    return kept.rstrip(), value[len(kept) :].strip()

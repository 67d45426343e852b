"""Names of servers, tables and encodings, as settings may give them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field

_HOST = re.compile(r"\w[\w.-]*")
#: A table, before it perhaps its schema, before that its database.
_TABLE = re.compile(r"(?:\w[\w $#-]*\.){0,2}\w[\w $#-]*")
LONGEST_TABLE = 63  # bytes; PostgreSQL cuts longer names without a word


def _host(text: str) -> str:
    """A server alone: what else an address has stands in other settings."""
    if not _HOST.fullmatch(text):
        try:
            ip_address(text)  # of version 6, with its colons
        except ValueError:
            raise ValueError("config.not_a_host") from None
    return text


def _perhaps_host(text: str) -> str:
    return _host(text) if text else text


def _encoding(text: str) -> str:
    try:
        "".encode(text or "utf-8")
    except (LookupError, ValueError):
        raise ValueError("config.unknown_encoding") from None
    return text


def _table(text: str) -> str:
    if not _TABLE.fullmatch(text) or text.endswith(" "):
        raise ValueError("config.not_a_table")
    return text


def _written(text: str) -> str:
    """A table that may be made must have a name every database takes."""
    if len(text.rpartition(".")[2].encode()) > LONGEST_TABLE:
        raise ValueError("config.long_table")
    return text


Host = Annotated[str, Field(min_length=1), AfterValidator(_host)]
#: A server, or none.
PerhapsHost = Annotated[str, AfterValidator(_perhaps_host)]
Encoding = Annotated[str, AfterValidator(_encoding)]
TableName = Annotated[str, Field(min_length=1), AfterValidator(_table)]
WrittenName = Annotated[TableName, AfterValidator(_written)]

"""Values as a file writes them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.errors import DefectError
from bridge.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.model.record import Profile
    from bridge.model.record import Value

LONGEST_NUMBER = 400  # digits; beyond, an exponent is shorter than a flood
# What xml 1.0 cannot hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Signs that Unicode does not take apart, as a typist writes them.
_TYPED = str.maketrans(
    {
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u0131": "i",
        "\u00d7": "x",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2022": "-",
        "\u20ac": "EUR",
        "\u2264": "<=",
        "\u2265": ">=",
        "\u00c6": "AE",
        "\u00d8": "O",
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00f8": "o",
        "\u0152": "OE",
        "\u0153": "oe",
        "\u1e9e": "SS",
    }
)
_NOTHING = frozenset("\u200b\ufeff")  # marks without a look of their own


def writer_of(profile: Profile) -> Callable[[Value], str]:
    """How the profile writes a single value as text.

    Empty for ``None``; a list has no single text.
    """
    true, false = ("-1", "0") if profile.boolean == "sage" else _JSON
    sign = "," if profile.decimal == "," else "."

    def _text(value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return true if value else false
        if isinstance(value, Decimal):
            return number(value).replace(".", sign)
        return "" if value is None else _moment(value, profile)

    return _text


def number(value: Decimal) -> str:
    """A number with its own digits and a point.

    Raises:
        DefectError: It is not finite; no document holds such a number.
    """
    if not value.is_finite():
        raise DefectError("formats.not_finite", value=str(value))
    if abs(value.adjusted()) > LONGEST_NUMBER:
        return str(value)
    return format(value, "f")


def encodable(text: str, encoding: str) -> str:
    """The text with what the encoding lacks in its nearest form."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_nearest(sign, encoding) for sign in text)
    return text


def lost(line: int, name: str, before: str, after: str) -> Finding:
    """The warning that a text was written with other signs."""
    signs = dict.fromkeys(sign for sign in before if sign not in after)
    shown = " ".join(
        sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in signs
    )
    facts = {"written": after, "signs": shown}
    return Finding(
        "formats.replaced",
        line,
        name,
        before.encode("utf-8", "replace").decode(),
        severity="warn",
        turn="nobody",
        facts=facts,
    )


_JSON = ("true", "false")


def _moment(value: Value, profile: Profile) -> str:
    if isinstance(value, datetime):
        form = profile.datetime
        return value.strftime(form) if form else value.isoformat()
    if isinstance(value, date):
        form = profile.date
        return value.strftime(form) if form else value.isoformat()
    raise DefectError("formats.not_a_value", value=type(value).__name__)


def _nearest(sign: str, encoding: str) -> str:
    if sign in _NOTHING:
        return ""
    for form in (sign, sign.translate(_TYPED), _plain(sign)):
        try:
            form.encode(encoding)
        except UnicodeEncodeError:
            continue
        if form:
            return form
    return "?"


def _plain(sign: str) -> str:
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in parts if not unicodedata.combining(part))

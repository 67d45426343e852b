"""What the verbs do to one value; compiled mappings call these.

A function that cannot make sense of a value raises ValueError whose first
argument is the finding's code. Results are coded values (see
``bridge.model.coding``): decimals are canonical text, dates ISO 8601.
"""

from __future__ import annotations

import re
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import ROUND_HALF_UP
from decimal import Decimal
from functools import lru_cache
from functools import partial
from html import unescape
from inspect import unwrap
from typing import TYPE_CHECKING

import re2

from bridge.model.values import canonical

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from bridge.model.record import Profile

_COMMA_PLAIN = re.compile(r"-?[0-9]+(?:,[0-9]+)?").fullmatch
_COMMA_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+").fullmatch
_POINT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?").fullmatch
_WHOLE = re.compile(r"-?[0-9]+").fullmatch
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile(
    r"<\s*(?:br|/p|/li|/div|/tr|/h[1-6])[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_GAPS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\xa0]+")
NUMBERS = {"Y": "[0-9]{4}", **dict.fromkeys("mdHMS", "[0-9]{2}")}
_EXCEL = re.compile(r'="(.*)"', re.DOTALL).fullmatch
REMEMBERED = 32_768  # texts and what they mean; most files repeat themselves
LONGEST_NUMBER = 40  # characters; Sage's decimal(19,4) needs 24

YES = frozenset({"-1", "1", "ja", "j", "true", "wahr", "yes", "y", "x"})
NO = frozenset({"0", "nein", "n", "false", "falsch", "no"})


def text(value: object) -> str | None:
    """The text of a typed cell; ``None`` if it is empty."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise ValueError("mapping.not_a_single_value")


@lru_cache(maxsize=REMEMBERED)
def comma(cell: str) -> Decimal:
    """A number with a decimal comma: ``12,5`` or ``1.234,56``."""
    if _COMMA_PLAIN(cell):
        plain = cell.replace(",", ".")
    elif _COMMA_GROUPED(cell):
        plain = cell.replace(".", "").replace(",", ".")
    elif _POINT(cell):
        raise ValueError("mapping.decimal_point")
    else:
        raise ValueError("mapping.not_a_number")
    return _sane(plain)


@lru_cache(maxsize=REMEMBERED)
def point(cell: str) -> Decimal:
    """A number with a decimal point: ``12.5``."""
    if _POINT(cell):
        return _sane(cell)
    if _COMMA_PLAIN(cell) or _COMMA_GROUPED(cell):
        raise ValueError("mapping.decimal_comma")
    raise ValueError("mapping.not_a_number")


@lru_cache(maxsize=REMEMBERED)
def either(cell: str) -> Decimal:
    """A number with comma or point; a single point is a decimal point."""
    return point(cell) if _POINT(cell) else comma(cell)


def _sane(plain: str) -> Decimal:
    if len(plain) > LONGEST_NUMBER:
        raise ValueError("mapping.not_a_number")
    return Decimal(plain)


def sound_number(
    parse: Callable[[str], Decimal],
    scale: Decimal | None,
    places: int | None,
    low: Decimal | None,
    high: Decimal | None,
) -> Callable[[str], str]:
    """A function from a cell to the canonical text of a number in bounds.

    It remembers, because most cells repeat themselves. A ValueError says
    only that something is wrong; which step it was must be found out by
    taking the steps one by one.
    """
    parse = unwrap(parse)  # one memory of a text is enough

    @lru_cache(maxsize=REMEMBERED)
    def sound(cell: str) -> str:
        found = parse(cell)
        if scale is not None:
            found *= scale
        if places is not None:
            found = rounded(found, places)
        if low is not None and found < low:
            raise ValueError("mapping.below")
        if high is not None and found > high:
            raise ValueError("mapping.above")
        return canonical(found)

    return sound


def number(value: object, parse: Callable[[str], Decimal]) -> Decimal:
    """A number of a typed cell; text is parsed, a truth value is none."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return parse(value)
    raise ValueError("mapping.not_a_number")


@lru_cache(maxsize=REMEMBERED)
def whole(cell: str) -> int:
    """A whole number."""
    if _WHOLE(cell) and len(cell) < LONGEST_NUMBER:
        return int(cell)
    raise ValueError("mapping.not_whole")


def whole_typed(value: object) -> int:
    """A whole number of a typed cell."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, str):
        return whole(value)
    raise ValueError("mapping.not_whole")


@lru_cache(maxsize=1024)
def boolean(cell: str) -> bool:
    """Yes or no, as Sage (-1 is yes), people and programs write it."""
    word = cell.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("mapping.not_yes_or_no")


def boolean_typed(value: object) -> bool:
    """Yes or no of a typed cell."""
    if isinstance(value, bool):
        return value
    return boolean(text(value) or "")


def day(form: str) -> Callable[[object], str]:
    """A parser of days of one form; empty means ISO 8601."""
    read_form = _reader(form)

    @lru_cache(maxsize=REMEMBERED)
    def parse(cell: str) -> str:
        try:
            if not form:
                return date.fromisoformat(cell[:10]).isoformat()
            return read_form(cell).date().isoformat()
        except ValueError:
            raise ValueError("mapping.not_a_date") from None

    def read(value: object) -> str:
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            return parse(value)
        raise ValueError("mapping.not_a_date")

    return read


def instant(
    form: str, day_form: str, zone: ZoneInfo
) -> Callable[[object], str]:
    """A parser of instants; a time without offset is local to the zone."""
    readers = (_reader(form), _reader(day_form))

    @lru_cache(maxsize=REMEMBERED)
    def parse(cell: str) -> str:
        for reader in readers:
            try:
                return _utc(reader(cell), zone)
            except ValueError:
                continue
        raise ValueError("mapping.not_an_instant")

    def read(value: object) -> str:
        if isinstance(value, datetime):
            return _utc(value, zone)
        if isinstance(value, date):
            midnight = datetime(
                value.year, value.month, value.day, tzinfo=zone
            )
            return _utc(midnight, zone)
        if isinstance(value, str):
            return parse(value)
        raise ValueError("mapping.not_an_instant")

    return read


def _reader(form: str) -> Callable[[str], datetime]:
    """A reader of one strftime form; empty means ISO 8601.

    Forms of plain numbers, such as ``%d.%m.%Y``, are read by a pattern of
    our own: strptime takes five times as long. A text that does not fit it
    exactly is left to strptime.
    """
    if not form:
        return datetime.fromisoformat
    pattern = re.escape(form)
    for sign, digits in NUMBERS.items():
        pattern = pattern.replace(f"%{sign}", f"(?P<{sign}>{digits})")
    signs = [sign for sign in NUMBERS if f"%{sign}" in form]
    known = "".join(signs) in {"Ymd", "YmdHM", "YmdHMS"}
    if not known or form.count("%") != len(signs):
        return partial(_strptime, form)
    fits = re.compile(pattern).fullmatch

    def read(cell: str) -> datetime:
        found = fits(cell)
        if found is None:
            return _strptime(form, cell)
        return datetime(*map(int, found.group(*signs)))  # type: ignore[arg-type] # noqa: DTZ001 - _utc adds the zone

    return read


def _strptime(form: str, cell: str) -> datetime:
    return datetime.strptime(cell, form)  # noqa: DTZ007 - _utc adds the zone


def _utc(found: datetime, zone: ZoneInfo) -> str:
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC).isoformat()
    except OverflowError:  # the first or last day there is
        raise ValueError("mapping.not_an_instant") from None


def has_control(value: str) -> bool:
    """Whether a text holds signs that no one can see or type."""
    if value.replace("\n", "").isprintable():
        return False  # five times faster, and true of most texts with lines
    return _CONTROL.search(value) is not None


def strip_control(value: str) -> str:
    """The text without control signs; tabs and line breaks stay."""
    return _CONTROL.sub("", value)


def collapse(value: str) -> str:
    """Every run of white space is one blank."""
    return " ".join(value.split())


def digits(value: str) -> str:
    """Only the digits."""
    return "".join(sign for sign in value if sign in "0123456789")


def has_html(value: str) -> bool:
    """Whether a text holds something that looks like a tag."""
    return "<" in value and _TAG.search(value) is not None


def html_to_text(value: str) -> str:
    """Plain text of HTML: breaks become line breaks, tags vanish."""
    bare = value
    if "<" in bare:
        bare = _TAG.sub("", _BREAKS.sub("\n", bare))
    if "&" in bare:
        bare = unescape(bare)
    if "  " in bare or "\t" in bare or "\xa0" in bare:
        bare = _SPACES.sub(" ", bare)
    clean = "\n".join([line.strip() for line in bare.splitlines()])
    if "\n\n\n" in clean:
        clean = _GAPS.sub("\n\n", clean)
    return clean.strip()


def unquote_excel(value: str) -> str:
    """``="0012"``, Excel's way to keep zeros, becomes ``0012``."""
    found = _EXCEL(value)
    return found.group(1) if found else value


CLEANERS: dict[str, Callable[[str], str]] = {
    "trim": str.strip,
    "collapse": collapse,
    "upper": str.upper,
    "lower": str.lower,
    "html_to_text": html_to_text,
    "unquote_excel": unquote_excel,
    "strip_control": strip_control,
    "digits": digits,
}


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text matches a regular expression.

    RE2 takes time that grows with the text and never more; Python's own
    ``re`` may take years for ``(a+)+``. Its sets answer five times faster
    than its patterns do.
    """
    options = re2.Options()
    options.log_errors = False
    patterns = re2.Set.FullMatchSet(options)
    patterns.Add(pattern)
    patterns.Compile()
    match = patterns.Match

    @lru_cache(maxsize=REMEMBERED)
    def matches(value: str) -> bool:
        return bool(match(value))

    return matches


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as German merchants round."""
    step = Decimal(1).scaleb(-places)
    return value.quantize(step, rounding=ROUND_HALF_UP)


def number_parser(profile: Profile, own: str = "") -> Callable[[str], Decimal]:
    """The parser of the decimal sign a format or a field states."""
    return {",": comma, ".": point, "any": either}[own or profile.decimal]


def taken(pattern: str) -> Callable[[str], str | None]:
    """A function to what a regular expression finds in a text.

    Returns:
        What its first group holds, or all of it; nothing if it finds
        nothing.
    """
    search = re2.compile(pattern).search

    def take(value: str) -> str | None:
        found = search(value)
        if found is None:
            return None
        whole: tuple[str | None, ...] = found.groups() or (found.group(),)
        return whole[0]

    return take

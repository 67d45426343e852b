"""Mappings are read fast, and as if they were read slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bridge.app.wiring import defaults
from bridge.mapping import notation

if TYPE_CHECKING:
    from bridge.errors import Finding

WHOLE = [
    path.read_text("utf-8")
    for path in sorted(defaults("mappings").glob("*.yaml"))
    if not path.name.endswith(".test.yaml")
]
TEXTS = [text[:900] for text in WHOLE]
SIGNS = "{}[]:,-#&*!|>'\"%@`?\t\n\x85 \\aä0"


def both(text: str) -> list[tuple[notation.Node | None, list[Finding]]]:
    """A text read as it comes, and by ruamel alone."""
    with pytest.MonkeyPatch.context() as patch:
        quick = notation.read(text)
        patch.setattr(yaml, "__with_libyaml__", False)
        return [quick, notation.read(text)]


@settings(max_examples=150)
@given(
    text=st.sampled_from(TEXTS),
    place=st.floats(0, 1),
    sign=st.sampled_from(SIGNS),
    over=st.booleans(),
)
def test_a_text_says_the_same_to_both(
    text: str, place: float, sign: str, *, over: bool
) -> None:
    at = int(place * (len(text) - 1))

    quick, slow = both(text[:at] + sign + text[at + over :])

    assert quick == slow


@pytest.mark.parametrize("text", ["", "a:", "- \n- b", "a: {b: [", "a: 1\na"])
def test_short_texts_say_the_same_to_both(text: str) -> None:
    quick, slow = both(text)

    assert quick == slow


def test_the_shipped_mappings_need_no_second_reading() -> None:
    if not yaml.__with_libyaml__:
        pytest.skip("PyYAML has no libyaml here")
    assert all(notation._is_plain(text) for text in WHOLE)

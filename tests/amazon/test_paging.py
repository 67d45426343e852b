"""Pages lead to others, or are asked for later."""

from __future__ import annotations

import pytest

from bridge.amazon.paging import following
from bridge.errors import TransientError


@pytest.mark.parametrize(
    ("answer", "token"),
    [
        ({}, None),
        ({"pagination": None}, None),
        ({"pagination": {"nextToken": ""}}, None),
        ({"pagination": {"nextToken": "b"}}, "b"),
        ({"nextToken": "b"}, "b"),
    ],
)
def test_a_page_says_which_comes_next(
    answer: dict[str, object], token: str | None
) -> None:
    assert token == following(answer, "a")


def test_a_page_that_leads_to_itself_is_asked_for_later() -> None:
    with pytest.raises(TransientError) as caught:
        following({"pagination": {"nextToken": "a"}}, "a")

    assert "amazon.same_page" == caught.value.code

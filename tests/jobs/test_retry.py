"""What becomes of a job that failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bridge.errors import DefectError
from bridge.errors import InputError
from bridge.errors import PlaceError
from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError
from bridge.jobs.foreman import describe
from bridge.jobs.retry import Again
from bridge.jobs.retry import Park
from bridge.jobs.retry import decide

BUSY = TransientError("amazon.busy", status=503)
MINUTE = timedelta(minutes=1)
SOON = timedelta(seconds=5)


@pytest.mark.parametrize(
    ("error", "attempt", "verdict"),
    [
        (BUSY, 1, Again(timedelta(seconds=5))),
        (BUSY, 2, Again(timedelta(seconds=10))),
        (BUSY, 10, Again(timedelta(minutes=30))),
        (BUSY, 9_999, Again(timedelta(minutes=30))),
        (
            ThrottledError("offers.not_yet", retry_after=MINUTE),
            99,
            Again(MINUTE, spends=False),
        ),
        (PlaceError("files.full", path="outbox"), 1, Again(SOON)),
        (PlaceError("files.full", path="outbox"), 9_999, Again(5 * MINUTE)),
        (RefusedError("amazon.declined"), 1, Park()),
        (InputError("intake.no_records"), 1, Park()),
        (DefectError("jobs.defect"), 1, Park()),
        (ZeroDivisionError(), 1, Park()),
    ],
)
def test_the_error_decides(
    error: Exception, attempt: int, verdict: Again | Park
) -> None:
    assert verdict == decide(error, attempt=attempt)


def test_an_unknown_error_is_kept_without_what_it_held() -> None:
    with pytest.raises(ValueError, match="Erika") as caught:
        int("Erika Beispiel")

    kept = describe(caught.value)

    assert "jobs.defect" == kept["code"]
    assert "Erika" not in str(kept)

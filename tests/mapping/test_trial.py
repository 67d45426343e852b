from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.flows.trials import tools
from bridge.mapping.trial import run

from .conftest import ARTICLE
from .conftest import indented

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.mapping.plan import Plan

FIELDS = """
    title: { from: A, max_length: 3 }
    active: { from: B, as: boolean }
    bullets: { from: C, as: list }
"""
FILTERS = "skip: { E: y }\nonly: { D: { not: x } }\n"


@pytest.fixture
def outcome(
    plan_of: Callable[[str], Plan], tmp_path: Path
) -> Callable[[str], str]:
    """What differs in one test of a small mapping."""

    def _outcome(trial: str) -> str:
        plan = plan_of(
            ARTICLE.replace("tables:", f"{FILTERS}tables:")
            + indented(FIELDS, 2)
        )
        path = tmp_path / "trial.yaml"
        path.write_text(f"- {{ name: a, {trial} }}\n", "utf-8")
        (found,) = run(plan, path, tools("Europe/Berlin"))
        return "\n".join(found.differences)

    return _outcome


@pytest.mark.parametrize(
    ("trial", "difference"),
    [
        ("input: { Nr: 1 }", ""),
        ("input: { Nr: 1, A: ab }, expect: [{ title: ab }]", ""),
        ("format: pdf, input: { Nr: 1 }", "'pdf' is not possible here"),
        ("marketplace: XX, input: { Nr: 1 }", "'XX' is not possible here"),
        (
            "input: { Nr: 1, A: ab }, expect: [{ title: x }]",
            "/1/title: expected 'x', got 'ab'",
        ),
        ("input: [{ Nr: 1 }, { Nr: 2 }], expect: [{}]", "expected 1, got 2"),
        ("input: { Nr: 1, B: ja }, expect: [{ active: true }]", ""),
        ("input: { Nr: 1, C: p }, expect: [{ bullets: [p] }]", ""),
        (
            "input: { Nr: 1, C: p }, expect: [{ bullets: ~ }]",
            "/1/bullets: expected None",
        ),
        ("input: { Nr: 1, D: x }, expect: []", ""),
        ("context: x, input: { Nr: 1 }", "'context' takes keys"),
        ("input: [text]", "'input' takes keys"),
        ("marketplace: [DE]", "'marketplace' takes a single text"),
        ("findings: text", "'findings' takes a list"),
        ("findings: [[x]]", "'findings' takes a single text"),
        ("expect: text", "'expect' takes a list"),
        ("document: { sku: 1 }", "'document' is not a word of a test"),
        ("input: { Nr: 1, E: y }, expect: []", ""),
        ("input: { Nr: 1, A: long }, expect: []", "unexpected finding"),
        (
            "input: { Nr: 1, A: long }, findings: [kürzer]",
            "expected the finding 'kürzer'",
        ),
        ("input: { Nr: 1, A: long }, findings: [länger]", ""),
        (
            """format: json, input: '{"A": [', findings: [x]""",
            "expected the finding 'x'",
        ),
        (
            """format: json, input: '{"A": 1}', expect: [{}]""",
            "expected 1, got 0",
        ),
    ],
)
def test_a_trial_says_what_differs(
    outcome: Callable[[str], str], trial: str, difference: str
) -> None:
    told = outcome(trial)

    assert difference in told
    assert bool(difference) == bool(told)


def test_a_file_of_tests_that_is_not_utf8_is_one_failed_test(
    plan_of: Callable[[str], Plan], tmp_path: Path
) -> None:
    path = tmp_path / "trial.yaml"
    path.write_bytes("- name: ä\n".encode("cp1252"))

    (outcome,) = run(plan_of(ARTICLE), path, tools("Europe/Berlin"))

    assert "UTF-8" in outcome.differences[0]

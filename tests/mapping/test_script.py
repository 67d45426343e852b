from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bridge.mapping.check import load
from bridge.mapping.generate_in import compile_in
from bridge.mapping.script import Script

from .conftest import CONTEXT

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.errors import Finding

HOSTILE = [
    'x"); import os',
    "x'); raise SystemExit #",
    'x"""\nimport os\n"""',
    "\\",
    "{0.__class__}",
    "%s%n",
    "c0",
    "v",
    "found",
    "__import__('os').system('echo')",
    "break\n    pass",
    "\u2028return",
]
NAME = re.compile(r"\bc\d+\b")  # of a bound object


def _quote(text: str) -> str:
    """A YAML scalar that holds any text."""
    escaped = "".join(
        sign if sign.isalnum() else f"\\U{ord(sign):08x}" for sign in text
    )
    return f'"{escaped}"'


def _mapping(word: str) -> str:
    q = _quote(word)
    return f"""\
mapping: 1
title: {q}
direction: in
document: Article
files: ["*"]
tables: {{ {q}: {{ {q}: {q} }} }}
fields:
  article: {{ from: Nr, as: code }}
  title: {{ from: {q}, else: {q}, max_length: 3 }}
  brand: {{ from: A, map: {{ {q}: {q} }} }}
  keywords: {{ join: [A, {q}], with: {q} }}
  unit: {{ value: {q} }}
  group: {{ from: A, one_of: [{q}], when: {{ {q}: {q} }} }}
  matchcode: {{ from: A, lookup: {q}, missing: {q} }}
  bullets: {{ from: {q}, as: list, split: {q} }}
  weight: {{ from: B, as: decimal, min: 1, unit: {{ from: {q} }} }}
  asin: {{ first: [{{ from: {q} }}, {{ context: setting.x }}] }}
"""


def _convert(path: Path, word: str) -> tuple[dict[str, Any], list[Finding]]:
    path.write_text(_mapping(word), "utf-8")
    plan, mistakes = load(path)
    assert plan, [item.told("") for item in mistakes]
    run = compile_in(
        plan, plan.profiles["csv"], context=CONTEXT, head={word: word}
    )
    found: list[Finding] = []
    return run(2, {"Nr": "1", "A": word, "B": "2,5"}, found), found


def _program(path: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> str:
    """The program a mapping becomes, its objects without their numbers."""
    programs: list[str] = []
    compiler = builtins.compile

    def spy(text: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        programs.append(str(text))
        return compiler(text, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "compile", spy)
        _convert(path, word)
    (program,) = [text for text in programs if "def convert" in text]
    return NAME.sub("c", program)


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_of_a_mapping_becomes_program_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    path = tmp_path / "a.yaml"

    hostile = _program(path, monkeypatch, word)

    assert hostile == _program(path, monkeypatch, "harmlos")
    assert "harmlos" not in hostile


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
        min_size=1,
    ).filter(lambda text: text.strip() == text)
)
def test_any_word_is_only_data(tmp_path: Path, word: str) -> None:
    made, _ = _convert(tmp_path / "a.yaml", word)

    assert made["unit"] == word


def test_the_same_object_keeps_its_name() -> None:
    script = Script()
    thing = object()

    first, second = script.bind(thing), script.bind(thing)
    other = script.bind(object())

    assert first == second != other


def test_a_program_runs_with_what_was_bound() -> None:
    script = Script()
    name = script.bind('"); raise SystemExit')
    with script.block("def say():"):
        script.put(f"return {name}")

    space = script.run("a title")

    assert space["say"]() == '"); raise SystemExit'

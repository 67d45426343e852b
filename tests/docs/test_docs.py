"""Documentation that cannot lie: complete, linked, and of the right shape."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from typing import Any

import pytest
import typer
from babel.messages.pofile import read_po

from bridge.cli.main import app
from bridge.config.settings import Settings
from bridge.mapping import keywords
from bridge.mapping import vocabulary
from bridge.messages import catalogue
from bridge.model.kinds import KINDS
from tests.docs.pages import ROOT
from tests.docs.pages import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REFERENCE = ROOT / "docs/reference"
MOST_README = 80  # lines; who must scroll does not read
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
SHAPE = re.compile(
    r"^<!-- json: (.+?) -->\n```json\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
CODE = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*")
ROOMS = {code.partition(".")[0] for code in catalogue.codes("en")}
#: Words of our own that look like a code: names of settings, log actions.
SETTINGS = {
    f"{name}.{key}"
    for name, field in Settings.model_fields.items()
    for key in getattr(field.annotation, "model_fields", {})
}
ACTIONS = re.compile(r"log\.\w+\(\s*f?\"([a-z]+\.[a-z_{}]+)\"")


def test_the_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(REFERENCE / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= (
        MOST_README
    )


def test_every_decision_is_one_page() -> None:
    for path in ROOT.glob("docs/adr/*.md"):
        text = path.read_text("utf-8")

        assert len(text.splitlines()) <= 50, path.name
        for word in ("Question.", "Decision.", "We gave up.", "wrong if"):
            assert word in text, f"{path.name} lacks {word}"


def _commands() -> Iterator[str]:
    root: Any = typer.main.get_command(app)
    for word, command in root.commands.items():
        for inner in getattr(command, "commands", {"": None}):
            yield f"bridge {word} {inner}".strip()


@pytest.mark.parametrize("command", list(_commands()))
def test_every_command_is_documented_with_an_example(command: str) -> None:
    page = (REFERENCE / "commands.md").read_text("utf-8")

    _, _, section = page.partition(f"\n## {command}\n")
    own = section.partition("\n## ")[0]

    assert f"Example: `{command}" in own


def test_every_setting_is_documented() -> None:
    page = (REFERENCE / "settings.md").read_text("utf-8")

    for name, field in Settings.model_fields.items():
        if name in {"workspace", "values"}:
            continue
        kind: Any = field.annotation
        model = getattr(kind, "__args__", (kind,))[0]
        own = re.split(rf"^## \[+{name}\]+$", page, flags=re.MULTILINE)[1]
        for field_name, setting in model.model_fields.items():
            key = setting.alias or field_name
            assert f"| `{key}` |" in own.partition("\n## ")[0], (name, key)


def test_every_word_and_field_of_a_mapping_is_documented() -> None:
    page = (REFERENCE / "mapping.md").read_text("utf-8")

    words = {*vocabulary.VERBS, *keywords.TOP, *keywords.FORMAT}
    fields = {name for kind in KINDS.values() for name in kind.fields}

    for word in words | set(KINDS):
        assert f"| `{word}` |" in page or f"### {word}\n" in page, word
    for name in fields:
        assert f"`{name}`" in page, name


def test_every_message_is_documented() -> None:
    page = (REFERENCE / "errors.md").read_text("utf-8")

    for code in catalogue.codes("en"):
        assert f"\n### {code}\n" in page, code


def _texts(language: str) -> dict[tuple[str, str], str]:
    found = {}
    for path in catalogue.FOLDER.glob(f"*.{language}.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    key = (message.context or "", str(message.id))
                    found[key] = str(message.string)
    return found


def test_both_languages_say_the_same_things_about_the_same_facts() -> None:
    german, english = _texts("de"), _texts("en")

    assert set(german) == set(english)
    for key, text in english.items():
        assert text.strip(), key
        assert german[key].strip(), key
        assert _facts(german[key]) == _facts(text), key


def _facts(text: str) -> set[str]:
    bare = text.replace("{{", "").replace("}}", "")
    return set(re.findall(r"\{(\w+)(?::\w+)?\}", bare))


def _codes_in(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    actions = set(ACTIONS.findall(source))
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant):
            continue
        text = node.value
        if (
            isinstance(text, str)
            and CODE.fullmatch(text)
            and text.partition(".")[0] in ROOMS
            and text not in actions | SETTINGS
        ):
            yield text


def test_every_code_in_the_program_has_its_sentences() -> None:
    used = {
        code
        for path in ROOT.glob("bridge/**/*.py")
        if path.name != "marketplaces.py"  # amazon.de is a host
        for code in _codes_in(path)
    }
    assert used
    assert sorted(used - catalogue.codes("en")) == []
    assert sorted(used - catalogue.codes("de")) == []


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_page_links_to_what_is_not_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target, anchor in LINK.findall(text):
        if "://" in target:
            continue
        path = (page.parent / target).resolve() if target else page

        assert path.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in _anchors(path), f"{page.name}: {target}#{anchor}"


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in titles
    }


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")

    for path in ROOT.glob("docs/**/*.md"):
        name = path.relative_to(ROOT / "docs").as_posix()
        assert f"({name})" in index or name == "index.md", name


def test_every_target_of_make_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for page in PAGES:
        text = page.read_text("utf-8")
        for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
            assert f"\n{target}:" in makefile, f"{page.name}: {target}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A workspace in which the demo has run."""
    reader = Reader(tmp_path_factory.mktemp("house"))
    reader.run("bridge demo shop")
    reader.run("cd shop")
    return reader


SHAPES = SHAPE.findall((REFERENCE / "interfaces.md").read_text("utf-8"))


@pytest.mark.parametrize(
    ("command", "shown"), SHAPES, ids=[name for name, _ in SHAPES]
)
def test_json_has_the_shape_that_is_promised(
    house: Reader, command: str, shown: str
) -> None:
    said = house.run(f"bridge {command} --json")

    assert _shape_differs(json.loads(shown), json.loads(said), "") == []


def _shape_differs(shown: Any, said: Any, path: str) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(shown, dict) and isinstance(said, dict):
        if set(shown) != set(said) and "…" not in shown:
            return [f"{path}: {sorted(shown)} is really {sorted(said)}"]
        return [
            line
            for key in shown
            if key in said
            for line in _shape_differs(shown[key], said[key], f"{path}/{key}")
        ]
    if isinstance(shown, list) and isinstance(said, list):
        if not shown or not said:
            return []
        return _shape_differs(shown[0], said[0], f"{path}/0")
    if shown is None or said is None or type(shown) is type(said):
        return []
    return [f"{path}: {shown!r} is really {said!r}"]

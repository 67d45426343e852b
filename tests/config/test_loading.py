"""All problems of bridge.toml in one report, each with its line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.config.loading import load
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def faults(tmp_path: Path, text: str) -> dict[str, tuple[str, int | None]]:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    return {
        str(item.field): (item.code, item.line)
        for item in caught.value.findings
    }


def test_an_empty_file_is_a_rehearsal_with_one_inbox(tmp_path: Path) -> None:
    (tmp_path / "bridge.toml").write_text("", encoding="utf-8")

    settings = load(tmp_path)

    assert "rehearsal" == settings.amazon.mode
    assert [tmp_path / "inbox"] == [box.folder for box in settings.inbox]
    assert timedelta(seconds=2) == settings.inbox[0].settle


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        '[bridge]\nlanguage = "fr"\nmandnat = 1\n\n[amazon]\n'
        'poll_feeds = "60"\nclient_secret = "hunter2"\n\n[[inbox]]\n'
        'name = "a"\n',
    )

    assert {
        "bridge.language": ("config.wrong_value", 2),
        "bridge.mandnat": ("config.unknown_key", 3),
        "amazon.poll_feeds": ("config.not_a_duration", 6),
        "amazon.client_secret": ("config.plain_secret", 7),
        "inbox.0.folder": ("config.missing", 9),
    } == found


def test_a_secret_is_never_quoted(tmp_path: Path) -> None:
    (tmp_path / "bridge.toml").write_text(
        '[amazon]\nrefresh_token = "hunter2"\n', encoding="utf-8"
    )

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert "hunter2" not in caught.value.told("en")
    assert "hunter2" not in caught.value.told("de")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[amazon]\nmarketplaces = ["XX"]', "config.unknown_marketplace"),
        ('[[inbox]]\nfolder = "archive"', "config.overlap"),
        ('[[inbox]]\nfolder = "."', "config.overlap"),
        ('[[inbox]]\nfolder = "outbox/sage/x"', "config.overlap"),
        (
            '[[inbox]]\nfolder = "a"\n[[inbox]]\nfolder = "b"',
            "config.doubled_name",
        ),
        ('[amazon]\nendpoint = "http://example.org"', "config.plain_http"),
        ("[amazon]\nconfirm_above_share = 2", "config.not_a_share"),
        ('[bridge]\ntimezone = "Mars"', "config.unknown_zone"),
        ("[mail]", "config.later"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(
    tmp_path: Path, text: str, code: str
) -> None:
    assert code in [found for found, _ in faults(tmp_path, text).values()]


def test_the_environment_trap_of_the_client_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "US")

    assert "config.trap" in [code for code, _ in faults(tmp_path, "").values()]


@pytest.mark.parametrize("text", ["[amazon", "a = ", "[a]\n[a]"])
def test_what_is_no_toml_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match="not TOML"):
        load(tmp_path)


def test_a_folder_without_settings_says_how_to_make_them(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError, match="bridge init"):
        load(tmp_path)

"""All problems of bridge.toml in one report, each with its line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.config.loading import language_of
from bridge.config.loading import load
from bridge.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


ENCODING = "config.unknown_encoding"
TABLE = "[[table]]\nname = 'a'\nurl = 'env:A'\nmapping = 'bestellung'\n"


def broken(tmp_path: Path, text: str) -> ConfigError:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    return caught.value


def faults(
    tmp_path: Path, text: str
) -> dict[str, tuple[str, int | None, int | None]]:
    return {
        str(item.field): (item.code, item.line, item.column)
        for item in broken(tmp_path, text).findings
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
        "bridge.language": ("config.not_one_of", 2, 12),
        "bridge.mandnat": ("config.unknown_key", 3, 1),
        "amazon.poll_feeds": ("config.not_a_duration", 6, 14),
        "amazon.client_secret": ("config.plain_secret", 7, 17),
        "inbox.0.folder": ("config.missing", 9, 1),
    } == found


def test_what_cannot_be_is_told_together_with_what_is_misspelt(
    tmp_path: Path,
) -> None:
    found = faults(
        tmp_path,
        '[amazon]\nmode = "live"\nmarketplaces = ["DE", "XX"]\nseler = 1\n'
        '[[inbox]]\nfolder = "archive"\nsettle = 2\n'
        '[[inbox]]\nname = "sage"\nfolder = "b"\n'
        '[[price]]\nlist = 2\nmarketplaces = ["YY"]\n',
    )

    assert {
        **{
            f"amazon.{key}": ("config.needed_live", 2, 8)
            for key in (
                "seller_id",
                "client_id",
                "client_secret",
                "refresh_token",
            )
        },
        "amazon.marketplaces": ("config.unknown_marketplace", 3, 23),
        "amazon.seler": ("config.unknown_key", 4, 1),
        "inbox.0.folder": ("config.overlap", 6, 10),
        "inbox.0.settle": ("config.not_a_duration", 7, 10),
        "inbox.0.name": ("config.doubled_name", 5, 1),
        "inbox.1.name": ("config.doubled_name", 9, 8),
        "price.0.marketplaces": ("config.unknown_marketplace", 13, 17),
    } == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[bridge]\nlanguage = 1", "config.not_one_of"),
        ('[bridge]\nmandant = "x"', "config.whole_expected"),
        ("[bridge]\nmandant = 1.5", "config.whole_expected"),
        ("[bridge]\nmandant = -1", "config.too_small"),
        ("bridge = 1", "config.table_expected"),
        ("[database]\nurl = 5", "config.text_expected"),
        ('[amazon]\nmarketplaces = "DE"', "config.list_expected"),
        ("[amazon]\nmarketplaces = []", "config.nothing_there"),
        ('[amazon]\naccount = "a b"', "config.not_a_name"),
        ('[amazon]\naccount = ""', "config.nothing_there"),
        ('[amazon]\ntiers_to_b2b = "perhaps"', "config.flag_expected"),
        ('[amazon]\nconfirm_above_share = "x"', "config.not_a_share"),
        ("[amazon]\nconfirm_above_share = nan", "config.not_a_share"),
        ('[amazon]\npoll_feeds = "99999999999d"', "config.not_a_duration"),
        ('[inbox]\nfolder = "a"', "config.double_brackets"),
        ('[[inbox]]\nfolder = "a"\nfiles = "b"', "config.table_expected"),
        ("[values]\na = 1", "config.text_expected"),
        ('[media]\nbase_url = "bilder.example"', "config.no_public_address"),
        ('[media]\nbase_url = "https://a/?b="', "config.no_public_address"),
        ('[media]\nfolder = "a"\npublish = "b"', "config.half_media"),
        ('[[inbox]]\nfolder = "a"\nencoding = "cp12"', ENCODING),
        ('[[outbox]]\nfolder = "a"\nencoding = "hex"', ENCODING),
        (TABLE + "table = ''", "config.nothing_there"),
        (TABLE + """table = 'a"b'""", "config.not_a_table"),
        (TABLE + "table = 'a; DROP TABLE b'", "config.not_a_table"),
        (TABLE + "table = 'a..b'", "config.not_a_table"),
        (TABLE + f"table = '{'ä' * 32}'", "config.long_table"),
        (TABLE + "table = 'a'\nkey = []", "config.nothing_there"),
    ],
)
def test_a_wrong_value_is_told_in_our_own_words(
    tmp_path: Path, text: str, code: str
) -> None:
    error = broken(tmp_path, text)

    assert code in [item.code for item in error.findings]
    for word in ("Input", "should", "valid", "None", "{", "„“"):
        assert word not in error.told("de")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[bridge]\nmandant = \n", "bridge.toml:2:11"),
        ('[bridge]\nlanguage = "de', "bridge.toml:2:15"),
        ("a = [1,\n 2", "bridge.toml:2:3"),
    ],
)
def test_what_is_no_toml_has_a_place(
    tmp_path: Path, text: str, where: str
) -> None:
    assert where == str(broken(tmp_path, text).where)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('[bridge]\nlanguage = "en"\nmandnat = 1', "en"),
        ('[bridge]\nlanguage = "fr"', "de"),
        ("[bridge", "de"),
        ('[bridge]\nlanguage = "en"\nmandant = ', "en"),
        ('[bridge]\n# language = "en"\nmandant = ', "de"),
        ('bridge = { language = "en"', "en"),
        ("bridge = 1", "de"),
    ],
)
def test_broken_settings_are_told_in_the_language_they_ask_for(
    tmp_path: Path, text: str, language: str
) -> None:
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    assert language == language_of(tmp_path)


def test_tables_are_called_as_databases_call_them(tmp_path: Path) -> None:
    names = ["bestellung", "dbo.Bestellung", "OLDemo.dbo.Über-Sicht_2 neu"]
    text = "".join(
        TABLE.replace("'a'", f"'t{number}'") + f"table = '{name}'\n"
        for number, name in enumerate(names)
    )
    (tmp_path / "bridge.toml").write_text(text, encoding="utf-8")

    assert names == [table.table for table in load(tmp_path).table]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            TABLE + "table = 'a'\n" + TABLE.replace("'a'", "'A'", 1),
            "jedem [[table]] einen",
        ),
        ('[partner]\nname = "a"', "wie [[partner]]."),
        ('[[outbox]]\nfolder = "a"\n' * 2, "jedem [[outbox]] einen"),
    ],
)
def test_a_hint_speaks_of_the_section_meant(
    tmp_path: Path, text: str, hint: str
) -> None:
    assert hint in broken(tmp_path, text).told("de")


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
        ('[mail]\ndeliver = "smtp"', "config.half_mail"),
        ('[mail]\nevents = ["invoices"]', "config.half_mail"),
        ('[mail]\nuser = "env:A"', "config.half_mail"),
        ('[mail]\npassword = "env:A"', "config.half_mail"),
        ('[mail]\nuser = "env:A"\npassword = "x"', "config.plain_secret"),
        ('[mail]\nevents = ["birthdays"]', "config.not_one_of"),
        ('[mail]\nsender = "Muster GmbH"', "config.not_a_sender"),
        ('[mail]\nsender = "a@b.de, c@d.de"', "config.not_a_sender"),
        ('[mail]\nsender = "A\\nBcc: x <a@b.de>"', "config.not_a_sender"),
        (
            '[mail]\nhost = "smtp.example"\nsecurity = "none"',
            "config.open_mail",
        ),
    ],
)
def test_what_cannot_work_is_said_at_the_start(
    tmp_path: Path, text: str, code: str
) -> None:
    assert code in [found for found, *_ in faults(tmp_path, text).values()]


def test_the_environment_trap_of_the_client_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "US")

    found = [code for code, *_ in faults(tmp_path, "").values()]

    assert "config.trap" in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bridge", "eine Klammer ist nicht geschlossen"),
        ("a = [1", "eine Klammer ist nicht geschlossen"),
        ("a = ", "hier fehlt der Wert"),
        ("a = wahr", "hier fehlt der Wert"),
        ("a\n", "fehlt das Gleichheitszeichen"),
        ("[a]\n[a]", "steht zweimal da"),
        ("a = 1\na = 2", "steht zweimal da"),
        ('a = "b\n', "nicht mit Anführungszeichen geschlossen"),
        ('a = "b" "c"', "steht noch etwas"),
        ("= 1", "weder ein Abschnitt"),
        (r'a = "C:\inbox"', "in einfache Anführungszeichen"),
    ],
)
def test_what_is_no_toml_is_told_in_the_language_of_the_reader(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in broken(tmp_path, text).told("de")


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


def test_accounts_have_names_of_their_own_and_rules_name_real_ones(
    tmp_path: Path,
) -> None:
    found = faults(
        tmp_path,
        '[[account]]\nname = "Main"\n[[account]]\nname = "b"\n'
        'marketplaces = ["XX"]\n[[stock]]\naccount = "c"\n',
    )

    assert {
        "account.0.name": ("config.doubled_name", 2, 8),
        "account.1.marketplaces": ("config.unknown_marketplace", 5, 17),
        "stock.0.account": ("config.unknown_account", 7, 11),
    } == found


def test_a_live_account_needs_keys_of_its_own(tmp_path: Path) -> None:
    keys = "".join(
        f'{name} = "env:{name}"\n'
        for name in ("client_id", "client_secret", "refresh_token")
    )
    seller = 'seller_id = "A2SELLERSELLER"\n'
    found = faults(
        tmp_path,
        f'[amazon]\nmode = "live"\n{seller}{keys}'
        f'[[account]]\nname = "b"\n{seller}',
    )

    assert {
        "account.0.client_id": ("config.needed_live", 7, 1),
        "account.0.client_secret": ("config.needed_live", 7, 1),
        "account.0.refresh_token": ("config.needed_live", 7, 1),
        "account.0.seller_id": ("config.same_seller", 9, 13),
    } == found

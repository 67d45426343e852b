"""Addresses of pictures and papers are asked before Amazon hears of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bridge.files.web import WebServers
from bridge.flows.asking import PAUSE
from bridge.flows.asking import ask
from bridge.flows.asking import fault_of
from bridge.flows.compose import compose
from bridge.flows.media import errand_of
from bridge.ledger import mediafiles
from bridge.ledger.mediafiles import Named
from bridge.ports.web import Answer
from tests.flows.test_media import named
from tests.flows.test_media import showing
from tests.flows.test_media import told
from tests.pictures import PDF
from tests.pictures import jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.house import House

PICTURE, PAPER = (
    Named("1", 0, "a", picture=True),
    Named("1", 0, "a", picture=False),
)


@dataclass
class Site:
    """A web server of some files.

    Attributes:
        files: Status, type and bytes by path.
        heads: Whether it answers HEAD.
        asked: What was asked for, in order.
    """

    files: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    heads: bool = True
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            found.asked.append(f"HEAD {self.path}")
            if found.heads:
                self._head()
            else:
                self.send_error(405)

        def do_GET(self) -> None:
            found.asked.append(f"GET {self.path}")
            self.wfile.write(self._head()[:1024])

        def _head(self) -> bytes:
            nothing = (404, "text/html", b"")
            status, kind, content = found.files.get(self.path, nothing)
            part = status == 200 and "Range" in self.headers
            self.send_response(206 if part else status)
            self.send_header("Content-Type", kind)
            if part:
                whole = f"bytes 0-{len(content[:1024]) - 1}/{len(content)}"
                self.send_header("Content-Range", whole)
            size = len(content[:1024]) if part else len(content)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            return content

        def log_message(self, *_arguments: object) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield found
    server.shutdown()
    serving.join(10)
    server.server_close()


@dataclass
class Patient:
    """A clock that only counts."""

    at: datetime
    slept: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.at + self.slept

    def sleep(self, duration: timedelta) -> None:
        self.slept += duration


def test_a_file_is_asked_for_by_its_head(site: Site) -> None:
    site.files["/a%20b.jpg"] = (200, "image/jpeg", jpeg(1000, 900))

    found = WebServers().ask(f"{site.address}/a%20b.jpg")

    size = len(jpeg(1000, 900))
    assert Answer(200, "image/jpeg", size) == found
    assert ["HEAD /a%20b.jpg"] == site.asked


def test_where_the_head_is_refused_its_first_bytes_are_fetched(
    site: Site,
) -> None:
    site.heads = False
    content = PDF + bytes(5000)
    site.files["/a.pdf"] = (200, "application/pdf; charset=x", content)

    found = WebServers().ask(f"{site.address}/a.pdf")

    expected = Answer(200, "application/pdf", len(content), content[:1024])
    assert expected == found


def test_what_is_not_there_is_said_and_nothing_is_raised(site: Site) -> None:
    assert 404 == WebServers().ask(f"{site.address}/a.pdf").status
    assert Answer(0) == WebServers().ask("http://127.0.0.1:9/a.pdf")


@pytest.mark.parametrize(
    ("answer", "file", "code"),
    [
        (Answer(200, "image/png", 9), PICTURE, None),
        (Answer(200, "application/pdf", 9), PAPER, None),
        (Answer(200, "application/pdf", None, PDF), PAPER, None),
        (Answer(0), PICTURE, "media.no_answer"),
        (Answer(403), PICTURE, "media.not_public"),
        (Answer(200, "image/png", 0), PICTURE, "media.empty"),
        (Answer(200, "text/html", 9), PICTURE, "media.other_type"),
        (Answer(200, "image/png", 9), PAPER, "media.other_type"),
        (Answer(200, "image/png", 9, b"<html>"), PICTURE, "media.no_picture"),
        (Answer(200, "application/pdf", 9, b"<html>"), PAPER, "media.no_pdf"),
        (Answer(200, "application/pdf", 10_000_001), PAPER, "media.too_large"),
    ],
)
def test_an_answer_is_good_or_it_is_said_why_not(
    answer: Answer, file: Named, code: str | None
) -> None:
    assert code == fault_of(answer, file)


def test_an_address_is_asked_once_a_day_and_a_bad_one_is_left_out(
    house: House, site: Site
) -> None:
    showing(house, f'[media]\nbase_url = "{site.address}"\n')
    house.bring({"0010": "7"})
    rows = ("a.jpg;Bild;;1", "b.jpg;Bild;;2")
    house.drop(house.later("Artikeldokumente"), named(*rows))
    house.once()
    assert [] == site.asked  # a rehearsal touches no network
    site.files["/a.jpg"] = (200, "image/jpeg", jpeg(1000, 900))
    parts = house.parts()
    clock = Patient(parts.clock.now())
    live = replace(parts, web=WebServers(), clock=clock)

    ask(live, "1", 1)
    ask(live, "1", 2)
    compose(live, "1", 1)

    assert "addresses" == errand_of(live)
    assert ["HEAD /a.jpg", "HEAD /b.jpg", "GET /b.jpg"] == site.asked
    assert 2 * PAUSE == clock.slept
    media = house.facets("0010")["media"]["desired"]
    assert {"main_product_image_locator"} == media.keys()
    assert {"media.not_public": f"{site.address}/b.jpg"} == told(house)

    site.files.clear()
    clock.at += timedelta(days=1)
    ask(live, "1", 3)
    compose(live, "1", 2)

    assert media == house.facets("0010")["media"]["desired"]
    with live.ledger.read() as tx:
        known = mediafiles.of_articles(tx, 1, ["0010"])
    assert {"media.not_public"} == {one.fault for one in known.values()}
    assert 5 < len(site.asked)
    parts.close()


def test_many_addresses_are_asked_in_turns(
    house: House, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.flows.asking.MOST", 2)
    showing(house, f'[media]\nbase_url = "{site.address}"\n')
    rows = (f"{n}.jpg;Bild;;{n}" for n in range(1, 4))
    house.drop(house.later("Artikeldokumente"), named(*rows))
    house.once()
    parts = house.parts()
    live = replace(parts, web=WebServers(), clock=Patient(parts.clock.now()))

    counts = []
    for turn in (1, 2, 3):
        ask(live, "1", turn)
        counts.append(len([one for one in site.asked if "HEAD" in one]))

    assert [2, 3, 3] == counts
    parts.close()

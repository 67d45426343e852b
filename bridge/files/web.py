"""What a web server says of a file to whoever asks without a sign-in."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request
from urllib.request import urlopen

from bridge.ports.web import Answer

if TYPE_CHECKING:
    from http.client import HTTPResponse

PATIENCE_SECONDS = 20
START = 1024  # bytes that tell a picture or a PDF
OK, PARTIAL = 200, 206
#: What servers say that do not answer HEAD.
NO_HEAD = frozenset({400, 403, 404, 405, 501})


class WebServers:
    """The port Web on the network."""

    def ask(self, address: str) -> Answer:
        """Ask for the head; where that is refused, for the first bytes."""
        said = _asked(Request(address, method="HEAD"))  # noqa: S310 - http, of bridge.toml
        if said.status not in NO_HEAD:
            return said
        wanted = {"Range": f"bytes=0-{START - 1}"}
        return _asked(Request(address, headers=wanted))  # noqa: S310 - likewise


def _asked(request: Request) -> Answer:
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - likewise
            return _answer(response)
    except HTTPError as error:
        with error:
            return Answer(error.code)
    except (OSError, HTTPException):
        return Answer(0)


def _answer(response: HTTPResponse) -> Answer:
    """What was said; a part stands for the whole file."""
    kind = response.headers.get_content_type()
    start = response.read(START)
    size = response.headers.get("Content-Length")
    if response.status == PARTIAL:
        size = response.headers.get("Content-Range", "").rpartition("/")[2]
    number = int(size) if size and size.isdigit() else None
    status = OK if response.status == PARTIAL else response.status
    return Answer(status, kind, number, start)

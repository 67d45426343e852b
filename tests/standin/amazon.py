"""The server: tokens, limits, rules and faults in front of a seller."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.standin.faults import Faults
from tests.standin.operations import answer
from tests.standin.plans import Meter
from tests.standin.replies import problem
from tests.standin.routes import QUERY
from tests.standin.routes import route
from tests.standin.seller import Seller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bridge.ports import Clock
    from tests.standin.routes import Route

    Reply = tuple[int, dict[str, str], bytes]

KEYS = {
    "grant_type": "refresh_token",
    "refresh_token": "Atzr|refresh",
    "client_id": "amzn1.application-oa2-client.probe",
    "client_secret": "amzn1.oa2-cs.v1.probe",
}
LIVES = timedelta(hours=1)
HTML = b"<html><body>Service Unavailable</body></html>"


@dataclass
class Seen:
    """One request, as a test looks at it."""

    operation: str
    at: datetime
    parts: tuple[str, ...]
    query: dict[str, str]
    body: Any
    status: int = 0


@dataclass
class Amazon:
    """The stand-in.

    Attributes:
        clock: The time, as the bridge has it.
        seller: The account behind it.
        faults: What goes wrong next.
        meter: The plans.
        seen: Every request in its order.
        tokens: Access tokens and until when they are good.
        restricted: What else a token opens, and nothing more.
        token: Of the request at hand.
        rates: What ``x-amzn-RateLimit-Limit`` says of an operation.
    """

    clock: Clock
    seller: Seller
    faults: Faults = field(default_factory=Faults)
    meter: Meter = field(default_factory=Meter)
    seen: list[Seen] = field(default_factory=list)
    tokens: dict[str, datetime] = field(default_factory=dict)
    restricted: dict[str, str] = field(default_factory=dict)
    token: str = ""
    grants: bool = True
    rates: dict[str, str] = field(default_factory=dict)
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(1 for one in self.seen if one.operation == operation)

    def calls(self, operation: str) -> list[Seen]:
        """The requests of an operation."""
        return [one for one in self.seen if one.operation == operation]

    def handle(
        self,
        method: str,
        target: str,
        headers: Any,  # noqa: ANN401
        content: bytes,
    ) -> Reply | None:
        """The reply to a request; ``None`` cuts the line."""
        with self._lock:
            split = urlsplit(target)
            if split.path == "/auth/o2/token":
                return self._token(content)
            if split.path.startswith("/upload/"):
                return self._upload(split.path, method, headers, content)
            found = route(method, split.path)
            if found is None:
                return problem(404, "NotFound", f"{method} {split.path}")
            query = {
                key: values[0] for key, values in parse_qs(split.query).items()
            }
            many = [k for k, v in parse_qs(split.query).items() if len(v) > 1]
            if many:
                return problem(400, "InvalidInput", f"repeated: {many}")
            return self._operation(found, query, headers, content)

    def _operation(
        self,
        found: Route,
        query: dict[str, str],
        headers: Any,  # noqa: ANN401
        content: bytes,
    ) -> Reply | None:
        now = self.clock.now()
        body = json.loads(content) if content else None
        seen = Seen(found.name, now, found.parts, query, body)
        self.seen.append(seen)
        fault = self.faults.next(found.name)
        reply: Reply | None
        if not self._knows(headers):
            reply = problem(403, "Unauthorized", "Access is forbidden.")
        elif not _is_paper(body) and not self.meter.allows(found.name, now):
            reply = problem(429, "QuotaExceeded", "You exceeded your quota.")
        elif fault is not None and fault != "lost":
            reply = _failed(fault)
        elif strange := query.keys() - QUERY.get(found.name, set()):
            reply = problem(400, "InvalidInput", f"unknown: {strange}")
        else:
            self.token = headers.get("x-amz-access-token", "")
            reply = answer(self, found, query, body)
            if fault == "lost":
                reply = None
        seen.status = 0 if reply is None else reply[0]
        if reply is not None and found.name in self.rates:
            limit = {"x-amzn-RateLimit-Limit": self.rates[found.name]}
            return reply[0], reply[1] | limit, reply[2]
        return reply

    def _knows(self, headers: Any) -> bool:  # noqa: ANN401
        until = self.tokens.get(headers.get("x-amz-access-token", ""))
        good = until is not None and self.clock.now() < until
        return good and headers.get("host", "") in self.url

    def _token(self, content: bytes) -> Reply:
        self.seen.append(Seen("token", self.clock.now(), (), {}, None))
        form = {k: v[0] for k, v in parse_qs(content.decode()).items()}
        fault = self.faults.next("token")
        if fault is not None:
            return _failed(fault) or (503, {}, HTML)
        if not self.grants:
            return _json(400, {"error": "invalid_grant"})
        if form != KEYS:
            return _json(401, {"error": "invalid_client"})
        token = f"Atza|{len(self.tokens) + 1}"
        self.tokens[token] = self.clock.now() + LIVES
        return _json(
            200,
            {
                "access_token": token,
                "token_type": "bearer",
                "expires_in": int(LIVES.total_seconds()),
            },
        )

    def _upload(
        self,
        path: str,
        method: str,
        headers: Any,  # noqa: ANN401
        content: bytes,
    ) -> Reply | None:
        upload = self.seller.documents.get(path.rpartition("/")[2])
        if upload is None:
            return 404, {}, b"<Error>NoSuchKey</Error>"
        kind = "download" if method == "GET" else "upload"
        self.seen.append(Seen(kind, self.clock.now(), (), {}, None))
        fault = self.faults.next(kind)
        if fault is not None:
            return _failed(fault)
        if method == "GET":
            said = {"Content-Type": upload.content_type}
            return 200, said, upload.content or b""
        kind = headers.get("content-type")
        if kind != upload.content_type or headers.get("x-amz-access-token"):
            return 403, {}, b"<Error>SignatureDoesNotMatch</Error>"
        upload.content = content
        return 200, {}, b""


def _is_paper(body: Any) -> bool:  # noqa: ANN401
    """Uploads of papers have a plan of their own, and no other."""
    return isinstance(body, dict) and (
        body.get("feedType") == "UPLOAD_VAT_INVOICE"
    )


def _failed(fault: str) -> Reply | None:
    """The reply of a fault; ``None`` where the line is cut."""
    if fault == "503":
        return 503, {"Content-Type": "text/html"}, HTML
    if fault in {"empty", "list"}:
        return 200, {}, b"" if fault == "empty" else b"[1]"
    if fault == "errors":
        return _json(400, {"errors": []})
    if fault.isdigit():
        return problem(int(fault), "InternalFailure", "It broke.")
    return None


def _json(status: int, content: object) -> Reply:
    body = json.dumps(content).encode()
    return status, {"Content-Type": "application/json"}, body


@contextmanager
def serving(clock: Clock) -> Iterator[Amazon]:
    """A stand-in on a loopback port, until the test is over."""
    amazon = Amazon(clock, Seller(clock))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            content = self.rfile.read(size)
            reply = amazon.handle(
                self.command, self.path, self.headers, content
            )
            if reply is None:
                self.close_connection = True
                self.connection.close()
                return
            status, headers, body = reply
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    amazon.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield amazon
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A conversation with Amazon: python-amazon-sp-api, and what it does not do.

The library brings headers, tokens and addresses together. Here are: the
limits, one new token after a 401 or 403, time limits, and an answer for
every way an answer can go wrong (amazon.md 6 and 9).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

import httpx
from sp_api.base import Client

from bridge.amazon import documents
from bridge.amazon.operations import OPERATIONS
from bridge.amazon.operations import planned
from bridge.errors import RefusedError
from bridge.errors import ThrottledError
from bridge.errors import TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bridge.amazon.operations import Operation
    from bridge.amazon.throttle import Throttle
    from bridge.amazon.tokens import Tokens

UNAUTHORISED = frozenset({401, 403})
THROTTLED = 429
THEIRS = 500  # and above
OURS = 400  # and above: repeating it would not help
EMPTY = 204
#: Between attempts at once, where a second request is harmless; what fails
#: for longer waits for the foreman.
PAUSES = (timedelta(seconds=1), timedelta(seconds=4))
TIMEOUT = httpx.Timeout(60, connect=15)
LIMIT = "x-amzn-RateLimit-Limit"
REQUEST = "x-amzn-RequestId"


def connections() -> httpx.Client:
    """Connections to Amazon; nothing it sends leads anywhere else."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False)


@dataclass(frozen=True)
class Place:
    """A region as the library wants it."""

    endpoint: str
    region: str
    marketplace_id: str = ""


class SellingPartner(Client):  # type: ignore[misc] # the library has no types
    """The Selling Partner API for one account in one region.

    Args:
        place: Where it is.
        tokens: Who brings access tokens.
        throttle: Who lets requests pass.
        http: The connections; shared with the tokens.
        log: One line per answer that was an error.
    """

    def __init__(
        self,
        place: Place,
        tokens: Tokens,
        throttle: Throttle,
        http: httpx.Client,
        log: Any,  # noqa: ANN401 - structlog's bound logger
    ) -> None:
        super().__init__(
            place,
            credentials={"lwa_app_id": "-", "lwa_client_secret": "-"},
            auth_token_client_class=lambda **_: tokens,
        )
        unused: Any = self._transport
        unused.close()
        self._transport: Any = _Lines(http)
        self._tokens, self.throttle = tokens, throttle
        self._http, self._log = http, log

    def ask(
        self,
        name: str,
        *parts: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        token: str = "",
    ) -> Any:  # noqa: ANN401 - JSON
        """Call one operation.

        Args:
            name: Amazon's operationId.
            parts: What is filled into its path.
            query: Lists are joined by commas, as the models say.
            body: JSON-ready; decimals are written as they are.
            token: Instead of the account's own, for personal data.

        Returns:
            The answer's JSON; numbers with a point are Decimal. ``None``
            where Amazon answers nothing by design.

        Raises:
            ThrottledError: The plan or Amazon says to wait.
            TransientError: ``amazon.busy``, ``amazon.unreachable`` or
                ``amazon.odd_answer``.
            RefusedError: ``amazon.declined`` or ``amazon.forbidden``.
        """
        operation = planned(OPERATIONS[name], query, body)
        request = partial(self._authorised, operation, parts, query, body)
        if token:
            request = partial(self._allowed, operation, parts, token)
        for pause in PAUSES if operation.again else ():
            try:
                return request()
            except ThrottledError:
                raise
            except TransientError:
                self.throttle.breathe(pause)
        return request()

    def _authorised(
        self,
        operation: Operation,
        parts: tuple[str, ...],
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
    ) -> Any:  # noqa: ANN401 - JSON
        """One request; a second with a new token where the first was none."""
        self.throttle.pass_gate(operation)
        answer = self._once(operation, parts, query, body)
        if answer.status_code in UNAUTHORISED:
            self._tokens.spoil(answer.request.headers["x-amz-access-token"])
            self.throttle.pass_gate(operation)
            answer = self._once(operation, parts, query, body)
        return self._judged(operation, answer)

    def _allowed(
        self, operation: Operation, parts: tuple[str, ...], token: str
    ) -> Any:  # noqa: ANN401 - JSON
        """One request with a token that opens nothing else."""
        self.throttle.pass_gate(operation)
        answer = self._once(operation, parts, None, None, token)
        return self._judged(operation, answer)

    def _once(
        self,
        operation: Operation,
        parts: tuple[str, ...],
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        token: str = "",
    ) -> httpx.Response:
        params = {key: _joined(value) for key, value in (query or {}).items()}
        try:
            answer: httpx.Response = self._request(
                operation.address(*parts),
                params={**params, "method": operation.method},
                data=_plain(body) if body is not None else None,
                headers=self._headed(token),
                add_marketplace=False,
            )
        except httpx.HTTPError as error:
            raise TransientError(
                "amazon.unreachable", problem=type(error).__name__
            ) from None  # it carries the request with its token
        return answer

    def _headed(self, token: str) -> dict[str, str] | None:
        """The library's headers with another token; nothing: its own."""
        if not token:
            return None
        return {**self.headers, "x-amz-access-token": token}

    def _check_response(
        self,
        res: httpx.Response,
        *_args: object,
        **_kwargs: object,
    ) -> httpx.Response:
        """The answer as it came: the library would lose an HTML page."""
        return res

    def _judged(self, operation: Operation, answer: httpx.Response) -> Any:  # noqa: ANN401
        self._learn(operation, answer)
        status = answer.status_code
        if status < OURS:
            return _content(operation, answer)
        said = _errors(answer)
        code = said[0]["code"] if said else "-"
        self._log.warning(
            "amazon.error",
            state=status,
            code=code,
            request=answer.headers.get(REQUEST, "-"),
            operation=operation.name,
        )
        if status == THROTTLED:
            raise self.throttle.refused(operation)
        if status >= THEIRS:
            raise TransientError("amazon.busy", status=status)
        if status in UNAUTHORISED:
            raise RefusedError(
                "amazon.forbidden",
                operation=operation.name,
                role=operation.role,
            )
        raise RefusedError("amazon.declined", status=status, said=_told(said))

    def _learn(self, operation: Operation, answer: httpx.Response) -> None:
        try:
            rate = float(answer.headers.get(LIMIT, 0))
        except ValueError:
            return
        self.throttle.learn(operation, rate)

    def upload(
        self,
        url: str,
        content: bytes,
        content_type: str,
        marks: Mapping[str, str] | None = None,
    ) -> None:
        """Bring a document to the address Amazon gave for it.

        Args:
            url: Where to.
            content: The document.
            content_type: As Amazon was told.
            marks: Further headers.

        Raises:
            TransientError: It did not arrive; a new address is needed.
        """
        try:
            answer = self._http.put(
                url,
                content=content,
                headers={"Content-Type": content_type, **(marks or {})},
            )
        except httpx.HTTPError as error:
            raise TransientError(
                "amazon.unreachable", problem=type(error).__name__
            ) from None
        if answer.status_code >= OURS:
            raise TransientError("amazon.busy", status=answer.status_code)

    def save(self, url: str, algorithm: str | None, target: Path) -> str:
        """Fetch a document into a file; its content type.

        Raises:
            TransientError: It did not come whole; a new address is needed.
        """
        return documents.save(self._http, url, algorithm, target)

    def download(self, url: str) -> bytes:
        """Fetch a document from the address Amazon gave for it.

        Raises:
            TransientError: It did not come; a new address is needed.
        """
        try:
            answer = self._http.get(url)
        except httpx.HTTPError as error:
            raise TransientError(
                "amazon.unreachable", problem=type(error).__name__
            ) from None
        if answer.status_code >= OURS:
            raise TransientError("amazon.busy", status=answer.status_code)
        return answer.content


@dataclass(frozen=True)
class _Lines:
    """The library's transport on connections of ours.

    Its ``Host`` header is wrong for any address but https.
    """

    http: httpx.Client

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        **more: Any,  # noqa: ANN401 - params and content
    ) -> httpx.Response:
        """One request."""
        sent = {key: value for key, value in headers.items() if key != "host"}
        more = {key: value for key, value in more.items() if value}
        return self.http.request(method, url, headers=sent, **more)

    def close(self) -> None:
        """Whoever opened the connections closes them."""


def _joined(value: Any) -> Any:  # noqa: ANN401 - what stands in an address
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Numbers as the library writes them; what they say is unchanged."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return (
            int(value) if value == value.to_integral_value() else _short(value)
        )
    return value


def _short(value: Decimal) -> float:
    """A decimal of at most 15 digits is written as it was (IEEE 754)."""
    written = float(value)
    if Decimal(repr(written)) != value:
        raise ValueError(value)
    return written


def _content(operation: Operation, answer: httpx.Response) -> Any:  # noqa: ANN401
    if answer.status_code == EMPTY:
        return None
    try:
        content = json.loads(answer.content, parse_float=Decimal)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise TransientError("amazon.odd_answer", operation=operation.name)
    return content


def _errors(answer: httpx.Response) -> list[dict[str, str]]:
    """Amazon's errors, if it sent any in the form it promises."""
    try:
        said = answer.json()
    except ValueError:
        return []
    listed = said.get("errors") if isinstance(said, dict) else None
    return [
        {
            "code": str(one.get("code", "-")),
            "message": str(one.get("message", "")),
        }
        for one in listed or []
        if isinstance(one, dict)
    ]


def _told(said: list[dict[str, str]]) -> str:
    return "; ".join(f"{one['code']}: {one['message']}" for one in said) or "-"

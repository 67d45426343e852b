"""Access tokens of Login with Amazon: one refresh at a time, never shown."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

import httpx
from sp_api.auth import AccessTokenResponse

from bridge.errors import RefusedError
from bridge.errors import TransientError

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.ports import Clock

EARLY = timedelta(minutes=5)  # before the hour a token lives is over
OK = 200
OVERLOADED = 500  # and above: theirs, and it passes
TOO_MANY = 429


@dataclass(frozen=True)
class Keys:
    """What proves who asks. It must never be shown."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


class Tokens:
    """The access token of one account, shared by all its threads.

    Args:
        keys: Of the application and of the seller's authorisation.
        url: Where tokens are given out.
        clock: The time.
        http: The connections.
    """

    def __init__(
        self, keys: Keys, url: str, clock: Clock, http: httpx.Client
    ) -> None:
        self._keys, self._url = keys, url
        self._clock, self._http = clock, http
        self._lock = threading.Lock()
        self._token = ""
        self._until: datetime | None = None

    def get_auth(self) -> AccessTokenResponse:
        """The token as Amazon's client asks for it.

        Raises:
            TransientError: Nobody answered, or not as agreed.
            RefusedError: ``amazon.bad_keys`` or ``amazon.no_grant``.
        """
        with self._lock:
            now = self._clock.now()
            if self._until is None or now >= self._until:
                given = self._ask()
                self._token = given["access_token"]
                lives = timedelta(seconds=int(given.get("expires_in", 3600)))
                self._until = now + max(lives - EARLY, lives / 2)
            return AccessTokenResponse(access_token=self._token)

    def spoil(self, token: str) -> None:
        """Amazon does not take a token any more; the next one is new."""
        with self._lock:
            if token == self._token:
                self._until = None

    def _ask(self) -> dict[str, Any]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._keys.refresh_token,
            "client_id": self._keys.client_id,
            "client_secret": self._keys.client_secret,
        }
        try:
            answer = self._http.post(self._url, data=form)
        except httpx.HTTPError as error:
            raise TransientError(
                "amazon.unreachable", problem=type(error).__name__
            ) from None  # it would carry the form
        return _judged(answer)


def _judged(answer: httpx.Response) -> dict[str, Any]:
    """The token, or what is wrong with what was shown."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    told = said if isinstance(said, dict) else {}
    if answer.status_code == OK and told.get("access_token"):
        return told
    error = str(told.get("error", ""))
    if answer.status_code in {OK, TOO_MANY} or not error:
        raise TransientError("amazon.busy", status=answer.status_code)
    if answer.status_code >= OVERLOADED:
        raise TransientError("amazon.busy", status=answer.status_code)
    if error == "invalid_grant":
        raise RefusedError("amazon.no_grant", status=error)
    raise RefusedError("amazon.bad_keys", status=error)

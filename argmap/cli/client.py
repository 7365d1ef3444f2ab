"""A service called over HTTP: patiently, since lines break and servers restart, and never elsewhere than asked."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import typer

from argmap.cli.say import plain, say

if TYPE_CHECKING:
    import http.client

ATTEMPTS = 8  # of a request, over two minutes or so
LONGEST_WAIT = 60.0  # seconds between two of them
TIMEOUT = 120.0  # seconds that the server may be silent
_AGAIN = (429, 502, 503, 504, 507)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered: `body` is its JSON, {} where it sent none."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Service:
    """A service by its address, as somebody with a token. The connection is kept, and made anew when it is lost."""

    def __init__(self, url: str, token: str) -> None:
        import http.client  # brings TLS along, which no other command needs

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise typer.BadParameter(
                "it is an address such as https://maps.example.org", param_hint="--server"
            )
        try:
            place = parts.hostname, parts.port
        except ValueError:
            raise typer.BadParameter("its port is not a number", param_hint="--server") from None
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self.url = url
        self._path = parts.path.rstrip("/") + "/api/v1"
        self._connection = kind(*place, timeout=TIMEOUT)
        self._token = token

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request, again and again while the service is busy or away, and return the answer.

        Raises typer.TyperException with one sentence when there is none in the end, or the token is refused.
        """
        import http.client

        target = f"{self._path}{path}" + (f"?{urlencode(query)}" if query else "")
        sent = {"Authorization": f"Bearer {self._token}", **(headers or {})}
        for attempt in range(ATTEMPTS):
            wait = min(0.5 * 2**attempt, LONGEST_WAIT)
            try:
                answer = self._once(method, target, body, sent)
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                trouble = f"cannot reach {self.url}: {_reason(error)}"
            else:
                if answer.status not in _AGAIN:
                    return self._checked(answer)
                trouble = f"{self.url} answers {told(answer)}"
                asked = answer.headers.get("retry-after", "")
                if asked.isdecimal():
                    wait = max(wait, min(float(asked), LONGEST_WAIT))
            if attempt + 1 < ATTEMPTS:
                say(f"{trouble}; trying again in {wait:g} seconds")
                time.sleep(wait)
        raise typer.TyperException(trouble)

    def _once(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        try:
            self._connection.request(method, target, body, dict(headers))
        except (BrokenPipeError, ConnectionResetError):
            if self._connection.sock is None:
                raise  # there is no connection that an early answer could be read from
        response = self._connection.getresponse()
        data = response.read()
        try:
            value = json.loads(data) if data else {}
        except ValueError:
            value = {}
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, value)

    def _checked(self, answer: Answer) -> Answer:
        if answer.status in (401, 403):
            raise typer.TyperException(f"{self.url} refuses the token: {told(answer)}")
        if 300 <= answer.status < 400:
            place = plain(answer.headers.get("location", "elsewhere"))
            raise typer.TyperException(f"{self.url} leads to {place}; give that as --server")
        return answer


def told(answer: Answer) -> str:
    """Return what an answer says is wrong."""
    detail = answer.body.get("detail") if isinstance(answer.body, dict) else None
    return plain(detail) if isinstance(detail, str) and detail else f"status {answer.status}"


def _reason(error: "OSError | http.client.HTTPException") -> str:
    return (
        (error.strerror if isinstance(error, OSError) else None)
        or str(error)
        or type(error).__name__
    )

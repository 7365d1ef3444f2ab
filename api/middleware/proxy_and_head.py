"""The outermost layer: the prefix of a proxy, HEAD wherever GET, preflights, headers that every answer carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.responses.problems import allowed

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# The API reference brings a script in its page, and asks this service alone.
_REFERENCE_POLICY = (
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    b" img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PREFLIGHT = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"Accept, If-None-Match"),
    (b"access-control-max-age", b"86400"),
    *_ALWAYS,
)


class Edge:
    """Answers HEAD like GET without a body, allows other sites to read what is public, adds security headers.

    Behind a proxy that serves the service under a `prefix` (such as `/argmap`) it takes requests with and without it,
    so that the proxy may strip or keep it, and sends back addresses that have it.
    """

    def __init__(self, app: ASGIApp, prefix: str = "") -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._prefix:
            scope = self._prefixed(scope)
        method = scope["method"]
        if method == "OPTIONS" and (methods := allowed(scope)):
            headers = [*_PREFLIGHT, (b"allow", methods.encode())]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        ended: list[bool] = []

        path = scope["path"].removeprefix(self._prefix)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *map(self._led, message["headers"]),
                    *(header for header in _ALWAYS if header[0] not in given),
                ]
                if path == "/docs":
                    message["headers"].append((b"content-security-policy", _REFERENCE_POLICY))
            elif method == "HEAD":
                if ended:
                    return
                # at once, though a stream of events goes on: nobody will read it
                ended.append(True)
                message = {**message, "body": b"", "more_body": False}
            await send(message)

        await self._app(scope, receive, send_on)

    def _prefixed(self, scope: Scope) -> Scope:
        """Return the request as one for the address with the prefix, as the ASGI standard has it."""
        path, prefix = scope["path"], self._prefix
        if path != prefix and not path.startswith(f"{prefix}/"):
            path = prefix + path
        elif path == prefix:
            path += "/"
        return {**scope, "path": path, "root_path": prefix}

    def _led(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        name, value = header
        if self._prefix and name == b"location" and value.startswith(b"/"):
            return name, self._prefix.encode() + value
        return header

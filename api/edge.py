"""The outermost layer: HEAD wherever GET, preflights, and the headers that every answer carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import allowed

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PREFLIGHT = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"Accept, If-None-Match"),
    (b"access-control-max-age", b"86400"),
    *_ALWAYS,
)


class Edge:
    """Answers HEAD like GET without a body, allows other sites to read what is public, adds security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS" and (methods := allowed(scope)):
            headers = [*_PREFLIGHT, (b"allow", methods.encode())]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in _ALWAYS if header[0] not in given),
                ]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, send_on)

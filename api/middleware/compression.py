"""Text is compressed on its way out (gzip) for clients that take it, once for what does not change.

A compressed answer is another representation (RFC 9110, section 8.8.3): its ETag ends in `-gzip`, which is taken off
again where a request sends it back, so that routes know one tag for a version.
"""

import asyncio
import gzip
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 1_000  # bytes; less is not worth it
MOST = 64 << 20  # bytes; more is sent as it is
_LEVEL = 6
_IN_A_THREAD = 100_000  # bytes from which compressing would hold up other requests
_TEXT = (
    "text/", "application/json", "application/javascript", "application/xml", "application/problem+json",
    "application/ld+json", "application/manifest+json", "image/svg+xml",
)  # fmt: skip
_SUFFIX = b'-gzip"'
_TAGGED = (b"if-none-match", b"if-match")


class Compression:
    """Compresses what is text, not a stream, and may be kept by the client."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted, sent_back = False, False
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = accepted or _takes_gzip(value)
            elif name in _TAGGED and _SUFFIX in value:
                sent_back = True
        if sent_back:
            headers = [
                (name, value.replace(_SUFFIX, b'"') if name in _TAGGED else value)
                for name, value in scope["headers"]
            ]
            scope = {**scope, "headers": headers}
        await self._app(scope, receive, _Answer(scope, send, accepted, sent_back).take)


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send, accepted: bool, sent_back: bool) -> None:
        self._scope = scope
        self._send = send
        self._accepted = accepted
        self._sent_back = sent_back
        self._start: Message | None = None  # held back until its body is there
        self._body: list[bytes] = []

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] in (200, 304) and "etag" in MutableHeaders(scope=message):
                # also of what is not compressed: a 304 says the same as the answer that it stands for
                _vary(message)
            if not self._may_compress(message):
                await self._send(message)
            elif self._accepted:
                self._start = message
            else:
                _vary(message)
                await self._send(message)
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._start, b"".join(self._body))

    def _may_compress(self, start: Message) -> bool:
        """Say whether it is text that is there as a whole; give the 304 of a compressed answer the tag of that."""
        kind, length, tag = "", "", None
        for place, (name, value) in enumerate(start["headers"]):
            match name:
                case b"content-type":
                    kind = value.decode("latin-1")
                case b"content-length":
                    length = value.decode("latin-1")
                case b"content-encoding":
                    return False
                case b"cache-control" if b"no-store" in value or b"no-transform" in value:
                    return False
                case b"etag":
                    tag = place
        if start["status"] == 304 and self._sent_back and tag is not None:
            name, value = start["headers"][tag]
            start["headers"] = [*start["headers"]]
            start["headers"][tag] = (name, _of_gzip(value))
        return (
            start["status"] in (200, 201)
            and kind.startswith(_TEXT)
            and not kind.startswith("text/event-stream")
            and length.isdecimal()
            and LEAST <= int(length) <= MOST
        )

    async def _finish(self, start: Message, body: bytes) -> None:
        start = {**start, "headers": [*start["headers"]]}
        _vary(start)
        headers = MutableHeaders(scope=start)
        tag = headers.get("etag")
        packed = await self._packed(body, tag)
        if len(packed) < len(body):
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(packed))
            if tag is not None:
                headers["ETag"] = _of_gzip(tag.encode("latin-1")).decode("latin-1")
            if "accept-ranges" in headers:
                del headers["accept-ranges"]
            body = packed
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    async def _packed(self, body: bytes, tag: str | None) -> bytes:
        """Compress a body, or find it compressed: with a strong tag the same bytes are asked for again."""
        scope = self._scope
        if tag is None or tag.startswith("W/") or scope["method"] != "GET":
            return await _compressed(body)
        kept = scope["app"].state.kept
        key = ("gzip", scope["path"], scope["query_string"], tag, hash(body))
        found: bytes | None = kept.get(key)
        if found is None:
            found = await _compressed(body)
            kept.put(key, found, len(found))
        return found


def _vary(start: Message) -> None:
    """Say, once, that the answer depends on the encodings that are accepted."""
    headers = MutableHeaders(scope=start)
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")


async def _compressed(body: bytes) -> bytes:
    if len(body) < _IN_A_THREAD:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)


def _of_gzip(tag: bytes) -> bytes:
    return tag[:-1] + _SUFFIX if tag.endswith(b'"') else tag


@lru_cache(maxsize=256)
def _takes_gzip(header: bytes) -> bool:
    """Say whether an Accept-Encoding header takes gzip (RFC 9110, section 12.5.3)."""
    qualities: dict[str, float] = {}
    for part in header.decode("latin-1")[:1_000].lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            quality = 0.0
        qualities[coding.strip()] = quality
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0

"""Answers that go on: server-sent events, written until the other side leaves, the service stops, or nobody reads."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from fastapi import Response
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

STALLED_SECONDS = 30.0  # that a client may take no bytes

HEARTBEAT = b":\n\n"


def event(name: str, data: BaseModel | bytes, id: int | None = None) -> bytes:
    """Write one event; data has no line ends, being JSON."""
    written = data if isinstance(data, bytes) else data.__pydantic_serializer__.to_json(data)
    number = b"" if id is None else b"id: %d\n" % id
    return b"%sevent: %s\ndata: %s\n\n" % (number, name.encode(), written)


def retry(milliseconds: int) -> bytes:
    """Write after which time a browser connects again."""
    return b"retry: %d\n\n" % milliseconds


class EventStream(Response):
    """Server-sent events (HTML Standard, section 9.2) from a generator of bytes.

    The generator is closed when the client leaves, or takes nothing for long.
    """

    media_type = "text/event-stream"

    def __init__(self, chunks: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            headers={
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # nginx
            }
        )
        del self.headers["content-length"]
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is nothing more to send, or nobody to send it to."""
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
                with suppress(asyncio.CancelledError, TimeoutError):
                    await task

    async def _send(self, send: Send) -> None:
        async with aclosing(self._chunks) as chunks:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            async for chunk in chunks:
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

"""Connections bounded before there is a request: its head has to come in time and in size."""

import asyncio
import json

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.responses.problems import KINDS

HEAD_SECONDS = (
    10.0  # from the connection, or the first byte of a later request, to the end of the head
)
HEAD_BYTES = 64 * 1024
_TOO_LARGE = f"The head of the request is larger than {HEAD_BYTES:,} bytes."
_HOSTS = "A request names its host once, in the header Host."
WRITE_SECONDS = 30.0  # in which a client takes something of what is sent to it
LOOK_SECONDS = 5.0  # between looks at that
LINGER_SECONDS = 1.0  # for the other side to read why it was refused


class Connection(HttpToolsProtocol):
    """uvicorn's connection with a deadline and a size for each request's head; it refuses with problem details.

    Without them a few hundred connections that never finish their head use up the descriptors of the server.
    The deadline of a body is that of `api.requests.body`, the one of an idle connection uvicorn's own.
    """

    _deadline: asyncio.TimerHandle | None = None
    _arrived = 0  # bytes of a head that is not whole yet
    _measured = 0  # bytes of what the parser has found in it
    _hosts = 0  # lines that name a host
    _look: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin waiting for the first head."""
        super().connection_made(transport)
        self._await_head()
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_at_writing, 0, 0.0)

    def data_received(self, data: bytes) -> None:
        """Take what arrived; refuse a head that has become too large."""
        if self._refused:
            return
        if self._deadline is None and not self._body_expected():
            self._await_head()
        super().data_received(data)
        if self._deadline is not None:
            self._arrived += len(data)
            if self._arrived > HEAD_BYTES:
                self._refuse("bad-request", _TOO_LARGE)

    def on_message_begin(self) -> None:
        """Begin to measure a head, of which several may arrive at once."""
        self._measured = self._hosts = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take the address."""
        self._measure(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._measure(len(name) + len(value) + 4)
        self._hosts += name.lower() == b"host"
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock of the head, which names one host (RFC 9112, section 3.2)."""
        self._head_is_over()
        if self._hosts != 1 and (self._hosts or self.parser.get_http_version() == "1.1"):
            self._refuse("bad-request", _HOSTS)
            raise ValueError(_HOSTS)
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._head_is_over()
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Stop after the request that is under way; one that goes on for long sees it in `request.state.stopping`.

        What it has put into `request.state.on_stopping` is called.
        """
        if "on_stop" in self.app_state:
            self.app_state["on_stop"]()
        if self.cycle is not None:
            state = self.cycle.scope["state"]
            state["stopping"] = True
            state.get("on_stopping", int)()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse("bad-request", msg)

    def _measure(self, length: int) -> None:
        """Count what a head has; the parser, which calls this, ends with the error."""
        self._measured += length
        if self._measured > HEAD_BYTES:
            self._refuse("bad-request", _TOO_LARGE)
            raise ValueError(_TOO_LARGE)

    def _look_at_writing(self, left: int, seconds: float) -> None:
        """Drop a client that has taken none of what is to be sent for too long; `left` was unsent that long ago."""
        now = self.transport.get_write_buffer_size()
        seconds = seconds + LOOK_SECONDS if now and now == left else 0.0
        if seconds >= WRITE_SECONDS:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_SECONDS, self._look_at_writing, now, seconds)

    def _body_expected(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete and self.cycle.more_body

    def _await_head(self) -> None:
        self._arrived = 0
        self._deadline = self.loop.call_later(
            HEAD_SECONDS,
            self._refuse,
            "timeout",
            f"The head did not arrive within {HEAD_SECONDS:g} seconds.",
        )

    def _head_is_over(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, slug: str, detail: str) -> None:
        self._head_is_over()
        if self._refused or self.transport.is_closing():
            return
        kind = KINDS[slug]
        problem = {
            "type": f"/problems/{slug}",  # relative: whoever sent no head has named no host
            "title": kind.title,
            "status": kind.status,
            "detail": detail,
        }
        body = json.dumps(problem).encode()
        head = f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[kind.status] + head.encode() + body)
        # Closed at once, with bytes still unread, the connection would be reset and the answer lost on its way.
        self._refused = True
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

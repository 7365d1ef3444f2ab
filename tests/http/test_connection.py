"""Connections that never become a request are ended in time, and told why."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

from api import connection

SOON = 4  # seconds: longer than a busy machine stands still, shorter than any other deadline of the server


async def _hello(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    more = True
    while more:
        message = await receive()
        more = message["type"] == "http.request" and message["more_body"]
    if scope["type"] == "http" and scope["path"] == "/large":
        head = {"type": "http.response.start", "status": 200, "headers": [], "trailers": False}
        await send(head)  # type: ignore[arg-type]  # as below
        body = {"type": "http.response.body", "body": bytes(32 << 20), "more_body": False}
        await send(body)  # type: ignore[arg-type]
        return
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"5")],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": b"hello", "more_body": False})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with a deadline of a third of a second for heads, in a thread."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    config = uvicorn.Config(
        _hello, http=connection.Connection, lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


def _talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts and return everything that comes back until the server closes, which it must within SOON."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=SOON)) as end:
        for part in parts:
            end.sendall(part)
            time.sleep(pause)
        answer = b""
        while chunk := end.recv(65536):
            answer += chunk
    return answer


def _problem(answer: bytes) -> dict[str, object]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    problem = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % problem["status"])
    return dict(problem)


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(begun: bytes, port: int) -> None:
    problem = _problem(_talk(port, begun))
    assert (problem["status"], problem["type"]) == (408, "/problems/timeout")


def test_a_head_in_drops_has_no_more_time_than_another(port: int) -> None:
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        _talk(
            port,
            *[b"x-drop: 1\r\n" if index else b"GET / HTTP/1.1\r\n" for index in range(40)],
            pause=0.05,
        )


def test_a_head_without_end_is_refused(port: int) -> None:
    problem = _problem(_talk(port, b"GET / HTTP/1.1\r\nx: ", b"a" * (connection.HEAD_BYTES + 1)))
    assert (problem["status"], problem["type"]) == (400, "/problems/bad-request")
    assert "65,536 bytes" in str(problem["detail"])


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nx: %s\r\n\r\n", b"GET /%s HTTP/1.1\r\n\r\n"])
@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"])
def test_a_large_head_is_refused_also_when_it_comes_at_once(
    head: bytes, before: bytes, port: int
) -> None:
    answer = _talk(port, before + head % (b"a" * 70_000))
    problem = _problem(answer[answer.index(b"HTTP/1.1 4") :])
    assert (problem["status"], problem["type"]) == (400, "/problems/bad-request")
    assert "65,536 bytes" in str(problem["detail"])


def test_what_is_no_http_is_refused(port: int) -> None:
    assert _problem(_talk(port, b"\x16\x03\x01 hello\r\n\r\n"))["type"] == "/problems/bad-request"


def test_a_slow_body_is_not_the_business_of_the_heads_clock(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    answer = _talk(port, head, b"a", b"b", b"c", pause=0.25)  # a head would be late by then
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"hello")


def test_a_second_request_has_a_clock_of_its_own(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = _talk(port, request, request, b"GET / HTTP/1.1\r\n", pause=0.2)
    assert answer.count(b"hello") == 2
    assert b"408 Request Timeout" in answer


def test_many_unfinished_connections_are_all_ended(port: int) -> None:
    ends = [socket.create_connection(("127.0.0.1", port), timeout=SOON) for _ in range(60)]
    for end in ends:
        end.sendall(b"GET / HTTP/1.1\r\n")
    answers = [end.recv(65536) for end in ends]
    for end in ends:
        end.close()
    assert all(answer.startswith(b"HTTP/1.1 408") for answer in answers)
    assert _talk(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").endswith(
        b"hello"
    )


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n", 400),
        (b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n", 400),
        (b"GET / HTTP/1.0\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 200),
    ],
)
def test_a_request_names_its_host_once(head: bytes, status: int, port: int) -> None:
    answer = _talk(port, head + b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    if status == 400:
        assert "Host" in str(_problem(answer)["detail"])


def _read_all(end: socket.socket) -> int:
    """Read until the other side ends the connection, one way or the other; return how many bytes there were."""
    taken = 0
    with contextlib.suppress(ConnectionResetError):
        while chunk := end.recv(1 << 20):
            taken += len(chunk)
    return taken


def test_a_client_that_reads_nothing_is_dropped_and_one_that_reads_slowly_is_not(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_SECONDS", 0.5)
    monkeypatch.setattr(connection, "LOOK_SECONDS", 0.1)
    asked = b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as end:
        end.sendall(asked)
        time.sleep(1.5)
        assert _read_all(end) < 32 << 20
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as end:
        end.sendall(asked)
        taken = 0
        for _ in range(15):  # three times as long as silence is borne
            taken += len(end.recv(1 << 20))
            time.sleep(0.1)
        while taken < 32 << 20:
            taken += len(end.recv(1 << 20))

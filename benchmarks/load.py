"""A load generator for one address: kept-alive connections that ask again as soon as they are answered.

Run as `python -m benchmarks.load PORT CONNECTIONS SECONDS` with the request on standard input; prints requests per
second. One process with raw sockets, so that it costs little beside the server that is measured.
"""

import selectors
import socket
import sys
import time


def main() -> None:
    """Read the arguments and the request, load the address, print the rate."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    request = sys.stdin.buffer.read()
    length = len(_one_answer(port, request))
    print(f"{rate(port, request, length, connections, seconds):.1f}")


def rate(port: int, request: bytes, length: int, connections: int, seconds: float) -> float:
    """Return answers per second, each of `length` bytes, over so many connections at once."""
    selector = selectors.DefaultSelector()
    missing: dict[int, int] = {}
    sockets = []
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, connection)
        missing[connection.fileno()] = length
        sockets.append(connection)
    for connection in sockets:
        connection.sendall(request)
    done, begin = 0, time.perf_counter()
    while (now := time.perf_counter()) - begin < seconds:
        for key, _ in selector.select(1):
            connection = key.data
            left = missing[key.fd] - len(connection.recv(1 << 18))
            if left < 0:
                raise RuntimeError("an answer is longer than the first one was")
            if left == 0:
                done += 1
                left = length
                connection.sendall(request)
            missing[key.fd] = left
    for connection in sockets:
        connection.close()
    return done / (now - begin)


def _one_answer(port: int, request: bytes) -> bytes:
    """Return the whole of one answer, head and body, after checking that it is a success or a 304."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(1 << 18)
        head, _, body = answer.partition(b"\r\n\r\n")
        if head.split(b" ", 2)[1] not in (b"200", b"304"):
            raise RuntimeError(f"the answer is {head[:200]!r}")
        size = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
        while len(body) < size:
            body += connection.recv(1 << 18)
        return head + b"\r\n\r\n" + body


if __name__ == "__main__":
    main()

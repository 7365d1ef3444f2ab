"""Hot reads over HTTP against a bare Starlette app that answers as many bytes under the same server."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROUNDS = 5
SECONDS = 1.0
CONNECTIONS = 32
CLAIMS = 30

_SERVE = """
import socket
import sys
import uvicorn
config = uvicorn.Config(sys.argv[1], factory=True, http="api.connection:Connection",
                        server_header=False, access_log=False, log_level="error")
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[2]))])
"""


def rows() -> list[tuple[str, str, str, float, str]]:
    """Measure each kind of hot read in rounds that alternate with the bare app; medians of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        token = _account(Path(folder))
        with _server("api.app:create_app", folder) as ours:
            private, public = (
                _stored(ours, token, visibility) for visibility in ("private", "public")
            )
            signed = {"Authorization": f"Bearer {token}"}
            cases = {
                "304 of a private map": (f"/api/v1/maps/{private}", {**signed, "If-None-Match": '"1"'}, ">= 0.30"),
                "cached SVG of a private map": (f"/api/v1/maps/{private}.svg", signed, ">= 0.40"),
                "JSON of a private map": (f"/api/v1/maps/{private}", signed, ">= 0.35"),
                "pinned SVG of a public map": (_pinned(public), {}, ">= 0.50"),
            }  # fmt: skip
            return [
                _compared(f"requests/s, {CLAIMS} claims: {name}", ours, address, headers, goal)
                for name, (address, headers, goal) in cases.items()
            ]


def bare() -> Any:
    """Build the Starlette app that is the limit: fixed bytes, or a bare 304."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    length = int(os.environ["BARE_LENGTH"])
    body, media_type = b"x" * length, os.environ["BARE_TYPE"]

    async def answer(request: Request) -> Response:
        if length == 0:
            return Response(status_code=304)
        return Response(body, media_type=media_type)

    return Starlette(routes=[Route("/", answer)])


def _compared(
    name: str, port: int, address: str, headers: dict[str, str], goal: str
) -> tuple[str, str, str, float, str]:
    length, media_type = _answer(port, address, headers)
    os.environ.update(BARE_LENGTH=str(length), BARE_TYPE=media_type)
    with _server("benchmarks.bench_http:bare", "") as other:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(_rate(port, address, headers))
            theirs.append(_rate(other, "/", {}))
    mine, limit = statistics.median(ours), statistics.median(theirs)
    return name, f"{mine:,.0f}/s", f"{limit:,.0f}/s", mine / limit, goal


def _rate(port: int, address: str, headers: dict[str, str]) -> float:
    lines = [
        f"GET {address} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    request = "\r\n".join([*lines, "", ""]).encode()
    command = [sys.executable, "-m", "benchmarks.load", str(port), str(CONNECTIONS), str(SECONDS)]
    done = subprocess.run(command, input=request, capture_output=True, check=True)
    return float(done.stdout)


def _answer(port: int, address: str, headers: dict[str, str]) -> tuple[int, str]:
    """Return how long the body of an answer is (0 for a 304) and its media type."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return len(answer.read()), answer.headers["content-type"]
    except urllib.error.HTTPError as error:
        if error.code != 304:
            raise
        return 0, ""


@contextmanager
def _server(app: str, data: str) -> Iterator[int]:
    """Run an app factory in a process of its own, as `argmap serve` does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environment = {**os.environ, "ARGMAP_DATA": data, "ARGMAP_EXAMPLES": os.devnull}
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, app, str(listener.fileno())],
            pass_fds=[listener.fileno()],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _account(folder: Path) -> str:
    """Create an account in a new database and return a token of it."""
    from argmap.store import Database, accounts
    from argmap.store.records import Scope

    database = Database(f"sqlite:///{folder / 'argmap.db'}")
    database.migrate()
    with database.write() as session:
        account = accounts.create_account(session, "bench", True)
        _, plain = accounts.add_token(session, account.id, "bench", Scope.WRITE)
    database.dispose()
    return plain


def _stored(port: int, token: str, visibility: str) -> str:
    """Store a map of 30 claims and return its id."""
    text = "The council should keep the library open in the evening because pupils study there"
    claims = [{"kind": "thesis", "text": f"{text}."}] + [
        {"kind": "premise", "text": f"{text}, reason {number}.", "label": f"Reason {number}"}
        for number in range(1, CLAIMS)
    ]
    relations = [
        {
            "kind": "supports",
            "sources": [f"c{number + 1}"],
            "target": f"c{number // 2 + number % 2}",
        }
        for number in range(1, CLAIMS)
    ]
    for number, claim in enumerate(claims, 1):
        claim["id"] = f"c{number}"
    body = {"title": "Bench", "claims": claims, "relations": relations, "visibility": visibility}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/maps",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return str(json.load(answer)["id"])


def _pinned(map_id: str) -> str:
    from argmap.picture.revision import REVISION

    return f"/api/v1/maps/{map_id}.svg?version=1&revision={REVISION}"

"""How long a change takes to reach all who watch a map, and what each of them costs in memory."""

import asyncio
import json
import os
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

import psutil

READERS = 100
CHANGES = 20
CLAIMS = 40


def rows() -> list[tuple[str, str, str, float, str]]:
    """Measure with 100 readers against one reader, and in another process than the writer's."""
    with tempfile.TemporaryDirectory() as folder:
        token = _account(Path(folder))
        with _served(folder) as (own, process), _served(folder) as (other, _):
            map_id = _map(own, token)
            alone, _ = asyncio.run(_measured(own, own, token, map_id, 1, process))
            many, memory = asyncio.run(_measured(own, own, token, map_id, READERS, process))
            across, _ = asyncio.run(_measured(own, other, token, map_id, READERS, process))
    goal = "<= 1 s"
    return [
        _row(f"a change to all {READERS} readers of a map, beside one reader", many, alone, goal),
        _row("the same, readers in another process than the writer", across, alone, goal),
        (
            f"memory of a reader ({READERS} readers)",
            f"{memory / 1024:.0f} kB",
            "",
            float("nan"),
            "",
        ),
    ]


def _row(
    name: str, ours: list[float], bare: list[float], goal: str
) -> tuple[str, str, str, float, str]:
    slow, alone = _p95(ours), _p95(bare)
    return name, f"{slow * 1e3:.0f} ms (p95)", f"{alone * 1e3:.0f} ms", slow / alone, goal


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def _measured(
    writing: str, reading: str, token: str, map_id: str, readers: int, process: psutil.Process
) -> tuple[list[float], float]:
    """Return for each change the seconds from sending it to the last reader's receiving it; bytes for each reader."""
    before = process.memory_info().rss
    address = f"/api/v1/maps/{map_id}/events"
    streams = [await _opened(reading, address, token) for _ in range(readers)]
    await asyncio.sleep(1)
    memory = (process.memory_info().rss - before) / readers
    taken = []
    for number in range(CHANGES):
        began = time.perf_counter()
        patch = {"op": "change_claim", "id": "c1", "patch": {"text": f"Changed {number}"}}
        sending = asyncio.to_thread(
            _post, f"{writing}/api/v1/maps/{map_id}/changes", token, {"changes": [patch]}
        )
        await asyncio.gather(sending, *(_change(stream) for stream in streams))
        taken.append(time.perf_counter() - began)
    for stream in streams:
        stream[1].close()
    return taken, memory


async def _opened(
    base: str, address: str, token: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = base.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b"event: open")
    return reader, writer


async def _change(stream: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    await stream[0].readuntil(b"event: change")


def _post(url: str, token: str, body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310  ours
    with urllib.request.urlopen(request) as answer:  # noqa: S310  ours
        return json.load(answer)


def _map(base: str, token: str) -> str:
    claims = [
        {"id": f"c{number}", "kind": "premise", "text": f"Claim {number} of a map of this size."}
        for number in range(1, CLAIMS + 1)
    ]
    made: str = _post(f"{base}/api/v1/maps", token, {"claims": claims})["id"]
    return made


def _account(data: Path) -> str:
    from argmap.store import Database, accounts
    from argmap.store.records import Scope

    database = Database(f"sqlite:///{data / 'argmap.db'}")
    database.migrate()
    with database.write() as session:
        account = accounts.create_account(session, "writer", True)
        _, plain = accounts.add_token(session, account.id, "bench", Scope.WRITE)
    database.dispose()
    return plain


@contextmanager
def _served(data: str) -> Iterator[tuple[str, psutil.Process]]:
    command = [sys.executable, "-m", "argmap", "serve", "--port", "0", "--data", data]
    settings = {"ARGMAP_EXAMPLES": os.devnull, "ARGMAP_PICTURE_WORKERS": "0"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **settings},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[3], psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()

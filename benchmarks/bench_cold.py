"""Cold pictures over HTTP: many clients that ask for different maps at once, against one after the other."""

import http.client
import json
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.bench_http import _account, _server
from benchmarks.bench_picture import tree

CLIENTS, MAPS, CLAIMS = 32, 200, 30
THEMES = ("light", "dark", "print")  # each a round: a picture not drawn before

Row = tuple[str, str, str, float, str]
Answer = tuple[int, float]  # status, seconds


def rows() -> list[Row]:
    """Return the throughput of 32 clients against the sum of single cold times, and their failures."""
    with tempfile.TemporaryDirectory() as folder:
        token = _account(Path(folder))
        with _server("api.app:create_app", folder) as port:
            ids = _stored(port, token)
            asked(port, token, [f"/api/v1/maps/{ids[0]}.svg?theme=contrast"], 1)  # warm
            single: list[float] = []
            together: list[float] = []
            answers: list[Answer] = []
            for theme in THEMES:
                alone = [f"/api/v1/maps/{id}.svg?theme={theme}" for id in ids]
                single.append(sum(seconds for _, seconds in asked(port, token, alone, 1)))
                begun = time.perf_counter()
                at_once = [f"{address}&id_prefix=a" for address in alone]
                answers += asked(port, token, at_once, CLIENTS)
                together.append(time.perf_counter() - begun)
    failed = sum(status != 200 for status, _ in answers)
    latest = statistics.quantiles([seconds for _, seconds in answers], n=100)[98]
    one, all = min(single), min(together)
    what = f"{CLIENTS} clients, {MAPS} cold maps of {CLAIMS} claims"
    return [
        (
            f"{what}: throughput / one after the other",
            f"{MAPS / all:,.0f}/s",
            f"{MAPS / one:,.0f}/s",
            one / all,
            ">= 1.6",
        ),
        (
            f"{what}: 99th of 100 answers / all of them alone",
            f"{latest * 1e3:.0f} ms",
            f"{one * 1e3:.0f} ms",
            latest / one,
            "",
        ),
        (
            f"{what}: answers other than 200",
            f"{failed}",
            f"{len(answers)} asked",
            failed / len(answers),
            "0",
        ),
    ]


def asked(port: int, token: str, addresses: list[str], clients: int) -> list[Answer]:
    """Ask for addresses with that many clients, each on a connection that it keeps."""
    own = threading.local()

    def ask(address: str) -> Answer:
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        begun = time.perf_counter()
        own.connection.request("GET", address, headers={"Authorization": f"Bearer {token}"})
        answer = own.connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - begun

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(ask, addresses))


def _stored(port: int, token: str) -> list[str]:
    """Store the maps and return their ids."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    ids = []
    for seed in range(MAPS):
        body = json.loads(tree(CLAIMS, seed).model_dump_json(exclude_defaults=True))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/maps", json.dumps(body), headers)
        answer = connection.getresponse()
        ids.append(str(json.load(answer)["id"]))
    return ids

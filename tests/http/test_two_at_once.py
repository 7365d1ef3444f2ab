"""Two people edit one map at random through two processes that are killed, over a network that is cut.

Each writer does what the page does: an outbox of operations with keys, sent again until they are answered, and a copy
of the map that is kept by the event stream alone. At the end both copies and the database are equal, every edit that
was acknowledged is in the history once, and no version came twice or was left out.
"""

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from argmap.model import ArgumentMap, Change, apply
from argmap.store import Database, accounts
from argmap.store.records import Scope
from tests.support.postgres import POSTGRESQL, Postgres
from tests.support.service import small_map

EDITS = 250 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 40  # of each of the two
ENVELOPE = frozenset(
    (
        "id", "owner", "visibility", "quotes_only", "article_id", "article_version", "version", "created",
        "updated",
    )
)  # fmt: skip


class Process:
    """`argmap serve` on a port of its own, which can be killed and started again."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._data, self._environment = data, environment
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "argmap", "serve", "--port", str(self.port), "--data", str(self._data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={
                **os.environ, "ARGMAP_EXAMPLES": os.devnull, "ARGMAP_PICTURE_WORKERS": "0",
                **self._environment,
            },
        )  # fmt: skip
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


class Writer:
    """One person's window: edits at random, keeps an outbox, and a copy of the map by the stream."""

    def __init__(self, process: Process, token: str, map_id: str, name: str, seed: int) -> None:
        self.url = f"http://127.0.0.1:{process.port}/api/v1/maps/{map_id}"
        self.headers = {"Authorization": f"Bearer {token}"}
        self.name, self.random = name, random.Random(seed)
        self.acknowledged: dict[str, int] = {}
        self.refused = 0
        self.sent = self.failed = 0
        self.faults: list[str] = []
        self.cut = threading.Event()
        self.done = threading.Event()
        self.lock = threading.Lock()
        body = httpx.get(self.url, headers=self.headers).json()
        self.version = body["version"]
        self.copy = content(body)
        self.threads = [threading.Thread(target=self.listen), threading.Thread(target=self.write)]
        for thread in self.threads:
            thread.start()

    def listen(self) -> None:
        while not self.done.is_set():
            with suppress(httpx.HTTPError, OSError):
                self.read_stream()
            time.sleep(0.05)

    def read_stream(self) -> None:
        if self.cut.is_set():
            return
        timeout = httpx.Timeout(5, read=2)
        address = f"{self.url}/events?tab={self.name}"
        headers = {**self.headers, "Last-Event-ID": str(self.version)}
        event = data = ""
        with (
            httpx.Client(timeout=timeout) as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            for line in answer.iter_lines():
                if self.cut.is_set() or self.done.is_set():
                    return
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    data = line[6:]
                elif not line and event == "change":
                    self.take(json.loads(data))
                    event = ""
                elif not line and event == "reset":
                    self.faults.append("reset")

    def take(self, entry: dict[str, Any]) -> None:
        with self.lock:
            if entry["version"] != self.version + 1:
                self.faults.append(f"{entry['version']} after {self.version}")
            changes = [Change.model_validate(change) for change in entry["changes"]]
            try:
                self.copy = apply(self.copy, changes)
            except Exception as error:  # noqa: BLE001  whatever it is, it is the test's finding
                self.faults.append(f"{entry['version']}: {error}")
            self.version = entry["version"]

    def write(self) -> None:
        outbox: list[dict[str, Any]] = []
        for number in range(EDITS):
            with self.lock:
                operation = self.edit(f"{self.name}.{number}")
            outbox.append(operation)
            if self.random.random() < 0.7:
                self.flush(outbox)
        self.flush(outbox)

    def edit(self, key: str) -> dict[str, Any]:
        """Make up an operation on what the window shows."""
        claims = [claim.id for claim in self.copy.claims]
        relations = [relation.id for relation in self.copy.relations]
        some = self.random.choice
        kind = self.random.random()
        if kind < 0.35 or len(claims) < 4:
            claim = {"id": f"new:{key.replace('.', '-')}", "kind": "premise", "text": f"By {key}"}
            return {"op": "add_claim", "key": key, "claim": claim}
        if kind < 0.55:
            new = {
                "kind": some(["supports", "attacks"]),
                "sources": [some(claims)],
                "target": some(claims),
            }
            return {"op": "add_relation", "key": key, "relation": new, "base": self.version}
        if kind < 0.85:
            patch = {some(["text", "label"]): f"{self.name} {key}"}
            return {
                "op": "change_claim", "key": key, "id": some(claims), "patch": patch, "base": self.version,
            }  # fmt: skip
        if kind < 0.93 and relations:
            return {
                "op": "remove_relation",
                "key": key,
                "id": some(relations),
                "base": self.version,
            }
        return {"op": "remove_claim", "key": key, "id": some(claims), "base": self.version}

    def flush(self, outbox: list[dict[str, Any]]) -> None:
        """Send the outbox until all of it is acknowledged or refused; of a conflict, the other's version stays."""
        until = time.monotonic() + 90
        while outbox and time.monotonic() < until:
            if self.cut.is_set():
                time.sleep(0.05)
                continue
            # now and then the answer is not waited for: it was done, perhaps, and nobody was told
            impatient = self.random.random() < 0.1
            timeout = httpx.Timeout(5, read=0.005 if impatient else 20)
            try:
                with httpx.Client(timeout=timeout, headers=self.headers) as client:
                    self.sent += 1
                    body = {"changes": outbox}
                    answer = client.post(
                        f"{self.url}/changes", json=body, headers={"Prefer": "return=minimal"}
                    )
            except (httpx.HTTPError, OSError):
                self.failed += 1
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                for operation, result in zip(outbox, answer.json()["results"], strict=True):
                    self.acknowledged[operation["key"]] = result["version"]
                outbox.clear()
            elif answer.status_code == 409 and answer.json()["type"].endswith("/edit-conflict"):
                wrong = {conflict["index"] for conflict in answer.json()["conflicts"]}
                self.drop(outbox, wrong)
            elif answer.status_code == 422:
                places = (fault["place"].split("/") for fault in answer.json()["errors"])
                self.drop(outbox, {int(place[1]) for place in places})
            elif answer.status_code == 503:
                time.sleep(0.05)
            else:
                self.faults.append(answer.text)
                return
        if outbox:
            self.faults.append("the outbox was not sent in time")

    def drop(self, outbox: list[dict[str, Any]], indices: set[int]) -> None:
        self.refused += len(indices)
        outbox[:] = [each for index, each in enumerate(outbox) if index not in indices]


def content(body: dict[str, Any]) -> ArgumentMap:
    kept = {name: value for name, value in body.items() if name not in ENVELOPE}
    return ArgumentMap.model_validate(kept)


def shown(map: ArgumentMap) -> Any:
    return map.model_dump(mode="json", exclude={"counters"})


@pytest.mark.parametrize("kind", ["sqlite", POSTGRESQL])
def test_two_who_edit_at_random_end_with_the_same_map_and_lose_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    environment: dict[str, str] = {}
    url = f"sqlite:///{tmp_path / 'argmap.db'}"
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE two_at_once")
        url = environment["ARGMAP_DATABASE_URL"] = server.url("two_at_once")
    database = Database(url)
    database.migrate()
    tokens = []
    with database.write() as session:
        for name in ("ann", "ben"):
            account = accounts.create_account(session, name)
            tokens.append(
                (account.id, accounts.add_token(session, account.id, "t", Scope.WRITE)[1])
            )
    processes = [Process(tmp_path, environment) for _ in range(2)]
    writers: list[Writer] = []
    try:
        base = f"http://127.0.0.1:{processes[0].port}/api/v1"
        mine = {"Authorization": f"Bearer {tokens[0][1]}"}
        map_id = httpx.post(f"{base}/maps", json=small_map(), headers=mine).json()["id"]
        grant = f"{base}/maps/{map_id}/grants/{tokens[1][0]}"
        httpx.put(grant, json={"role": "editor"}, headers=mine)
        writers = [
            Writer(process, token, map_id, f"window-{index}", seed=index)
            for index, (process, (_, token)) in enumerate(zip(processes, tokens, strict=True))
        ]
        for process, writer in zip(processes, reversed(writers), strict=True):
            time.sleep(0.4)
            process.kill()
            process.start()
            writer.cut.set()
            time.sleep(0.3)
            writer.cut.clear()
        for writer in writers:
            writer.threads[1].join(120)
        newest = httpx.get(f"{base}/maps/{map_id}", headers=mine).json()
        until = time.monotonic() + 30
        while (
            any(each.version < newest["version"] for each in writers) and time.monotonic() < until
        ):
            time.sleep(0.05)
        history: list[dict[str, Any]] = []
        cursor = ""
        while cursor is not None:
            page = httpx.get(f"{base}/maps/{map_id}/history?limit=200{cursor}", headers=mine).json()
            history += page["items"]
            cursor = f"&cursor={page['next']}" if page["next"] else None  # type: ignore[assignment]
    finally:
        for writer in writers:
            writer.done.set()
        for process in processes:
            process.kill()
        for writer in writers:
            for thread in writer.threads:
                thread.join(10)
    assert [writer.faults for writer in writers] == [[], []]
    assert shown(writers[0].copy) == shown(writers[1].copy) == shown(content(newest))
    versions = [entry["version"] for entry in history]
    assert versions == list(range(newest["version"], 0, -1))
    # every acknowledged addition is in the history once, though it may have been sent many times
    added = Counter(
        change["after"]["text"]
        for entry in history
        for change in entry["changes"]
        if change["kind"] == "claim_added"
    )
    for writer in writers:
        assert writer.acknowledged
        assert max(writer.acknowledged.values()) <= newest["version"]
        mine_added = {
            text: times for text, times in added.items() if text.startswith(f"By {writer.name}.")
        }
        assert set(mine_added.values()) <= {1}
        # whatever was not acknowledged was refused: nothing was sent without an end
        assert len(writer.acknowledged) + writer.refused == EDITS
    # the control: kills and cuts did come between
    assert sum(writer.failed for writer in writers) > 0
    with database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT key FROM operation").fetchall()
    assert Counter(key for (key,) in rows) == Counter(
        key for writer in writers for key in writer.acknowledged
    )
    database.dispose()

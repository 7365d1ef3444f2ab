"""Bad days: a killed process, a database that is locked, damaged or gone, a full disk, a stopped server."""

import errno
import os
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from argmap.errors import StoreFull, StoreUnavailable
from tests.support.process import new_token, process
from tests.support.service import Person, Service, problem, serving, small_map

CLAIM = {"kind": "premise", "text": "One more."}


def test_a_killed_server_loses_nothing_acknowledged_and_a_retry_counts_once(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {new_token(tmp_path)}"}
    acknowledged: list[str] = []
    kills, map_id, key = 3, "", ""
    for round in range(kills + 1):
        with process(tmp_path) as (server, url):
            client = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=5)
            if round == 0:
                map_id = client.post("/maps", json=small_map()).json()["id"]
            else:
                for _ in range(2):  # the request whose answer was lost, twice
                    answer = client.post(
                        f"/maps/{map_id}/claims", json=CLAIM, headers={"Idempotency-Key": key}
                    )
                    assert answer.status_code == 201
                acknowledged.append(answer.json()["id"])
                claims = [claim["id"] for claim in client.get(f"/maps/{map_id}/claims").json()]
                assert claims[4:] == acknowledged
            if round == kills:
                break
            with suppress(httpx.HTTPError):
                for number in range(200):
                    key = f"{round}-{number}"
                    if number == 20 + round * 7:
                        # some milliseconds later, amid one of the next requests
                        kill = (server.pid, signal.SIGKILL)
                        threading.Timer(0.004 * (round + 1), os.kill, kill).start()
                    answer = client.post(
                        f"/maps/{map_id}/claims", json=CLAIM, headers={"Idempotency-Key": key}
                    )
                    if answer.status_code == 201:
                        acknowledged.append(answer.json()["id"])
            assert server.wait() == -signal.SIGKILL
    assert len(acknowledged) > 50


def test_a_stopped_server_ends_within_ten_seconds_and_finishes_what_it_began(
    tmp_path: Path,
) -> None:
    headers = {"Authorization": f"Bearer {new_token(tmp_path)}"}
    with process(tmp_path) as (server, url):
        answer = httpx.post(f"{url}/api/v1/maps", json=small_map(), headers=headers)
        assert answer.status_code == 201
        begin = time.monotonic()
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=12)
        assert time.monotonic() - begin < 11


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (StoreUnavailable("the database is locked"), 503, "store-unavailable"),
        (StoreFull("the disk is full"), 507, "store-full"),
    ],
)
def test_a_store_that_cannot_is_a_problem_that_says_when_to_come_back(
    owner: Person, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, slug: str
) -> None:
    from argmap.store.maps import maps

    def failing(*args: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr(maps, "create_maps", failing)
    answer = owner.client.post("/maps", json=small_map())
    problem(answer, status, slug)
    assert int(answer.headers["retry-after"]) >= 1


def test_a_database_locked_by_another_program_is_a_503_and_reading_goes_on(
    service: Service, owner: Person
) -> None:
    map = owner.map()
    path = service.app.state.settings.data / "argmap.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert owner.client.get(f"/maps/{map['id']}").status_code == 200
        begin = time.monotonic()
        answer = owner.client.post(f"/maps/{map['id']}/claims", json=CLAIM, timeout=60)
        assert time.monotonic() - begin < 20
        problem(answer, 503, "store-unavailable")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert owner.client.post(f"/maps/{map['id']}/claims", json=CLAIM).status_code == 201


@pytest.mark.parametrize("fault", ["removed", "replaced", "read-only"])
def test_a_database_that_is_gone_is_named_and_nothing_is_acknowledged(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, aside = tmp_path / "data", tmp_path / "aside"
    with serving(data) as service:
        person = service.person()
        map = person.map()
        claims = f"/maps/{map['id']}/claims"
        ready = f"{service.url}/readyz"
        assert httpx.get(ready).status_code == 200
        if fault == "read-only":

            def refused(*args: Any, **more: Any) -> None:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))

            with monkeypatch.context() as patched:
                patched.setattr(tempfile, "TemporaryFile", refused)
                answer = httpx.get(ready)
                assert answer.status_code == 503
                assert "read-only file system" in answer.json()["detail"]
            assert httpx.get(ready).status_code == 200
            return
        data.rename(aside)
        if fault == "replaced":
            shutil.copytree(aside, data)
        try:
            for answer in (person.client.post(claims, json=CLAIM), httpx.get(ready)):
                body = problem(answer, 503, "store-unavailable")
                assert "removed or replaced" in body["detail"]
        finally:
            shutil.rmtree(data, ignore_errors=True)
            aside.rename(data)
        assert person.client.post(claims, json=CLAIM).status_code == 201
        assert len(person.client.get(claims).json()) == len(map["claims"]) + 1


def test_behind_a_foreign_lock_writers_wait_a_bounded_time_and_readers_do_not(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as service, ThreadPoolExecutor(90) as pool:
        person = service.person()
        map = person.map()
        other = sqlite3.connect(tmp_path / "argmap.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()

        def write() -> tuple[int, float]:
            with httpx.Client(base_url=service.url, timeout=60) as client:
                headers = {"Authorization": f"Bearer {person.token}"}
                answer = client.post(
                    f"/api/v1/maps/{map['id']}/claims", json=CLAIM, headers=headers
                )
            return answer.status_code, time.monotonic() - begun

        writing = [pool.submit(write) for _ in range(80)]
        time.sleep(0.5)
        listed = time.monotonic()
        assert person.client.get(f"/maps/{map['id']}/claims").status_code == 200  # takes a thread
        assert time.monotonic() - listed < 4
        answers = [each.result() for each in writing]
        other.execute("ROLLBACK")
        other.close()
        assert {status for status, _ in answers} == {503}
        assert max(seconds for _, seconds in answers) < 9
        assert person.client.post(f"/maps/{map['id']}/claims", json=CLAIM).status_code == 201

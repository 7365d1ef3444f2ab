"""Pictures drawn by processes beside the service: the same ones, bounded, and gone with the service."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from api.settings import Settings
from tests.support.process import new_token, process
from tests.support.service import Person, Service, problem, serving, slow_map, timeless

FORMS = (".svg", ".svg?overlay=strength", ".png?scale=1", ".pdf?handout=true", "/layout")
SLOW = "svg?layout=layered"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("data")
    with serving(data, picture_workers=2, picture_queue=1, picture_seconds=60) as running:
        yield running


@pytest.fixture(scope="module")
def slow(owner: Person) -> str:
    """The address of a picture that takes seconds; before it is asked for, a process waits that can draw."""
    assert owner.client.get(f"/maps/{owner.map()['id']}.svg").status_code == 200
    return f"/maps/{owner.map(**slow_map())['id']}.{SLOW}"


def workers_of(process: int) -> list[psutil.Process]:
    """Return the drawing processes of a service."""
    found = psutil.Process(process).children(recursive=True)
    return [
        each for each in found if each.is_running() and "argmap.drawing.workers" in each.cmdline()
    ]


def at_work(process: int, number: int = 1) -> list[psutil.Process]:
    """Wait until that many drawing processes of a service are busy, and return them."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        time.sleep(0.1)
        busy = [each for each in workers_of(process) if each.status() == psutil.STATUS_RUNNING]
        if len(busy) == number:
            return busy
    raise AssertionError(f"not {number} processes are at work")


def test_a_picture_is_the_same_whoever_draws_it(owner: Person, tmp_path: Path) -> None:
    article = {"text": "Pupils need a quiet place. The library is quiet.", "authors": ["A. Writer"]}
    answers: dict[str, list[tuple[bytes, str]]] = {form: [] for form in FORMS}
    with serving(tmp_path) as alone:
        for person in (owner, alone.person()):
            map = f"/maps/{person.map(person.article(**article)['id'])['id']}"
            for form in FORMS:
                answer = person.client.get(map + form)
                assert answer.status_code == 200, answer.text
                answers[form].append((answer.content, answer.headers["etag"]))
    for form, ((there, tag), (here, same)) in answers.items():
        assert timeless(there) == timeless(here), form
        assert tag == same


def test_a_focus_that_is_not_there_is_the_same_problem(owner: Person) -> None:
    answer = owner.client.get(f"/maps/{owner.map()['id']}.svg?focus=c9")
    body = problem(answer, 400, "bad-parameter")
    assert [fault["place"] for fault in body["errors"]] == ["focus"]


def test_a_drawing_process_that_is_killed_costs_its_picture_alone(owner: Person, slow: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(owner.client.get, slow)
        (busy,) = at_work(os.getpid())
        busy.kill()
        answer = waiting.result(60)
    problem(answer, 503, "picture-unavailable")
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["cache-control"] == "no-store"
    assert owner.client.get(f"/maps/{owner.map()['id']}.svg").status_code == 200


def test_drawing_processes_end_with_their_service(service: Service, tmp_path: Path) -> None:
    others = workers_of(os.getpid())
    with serving(tmp_path, picture_workers=1) as stopping:
        person = stopping.person()
        assert person.client.get(f"/maps/{person.map()['id']}.svg").status_code == 200
        workers = [each for each in workers_of(os.getpid()) if each not in others]
        assert len(workers) == 1
    assert not any(running(workers))


def test_no_drawing_process_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {new_token(tmp_path)}"}
    settings = {"ARGMAP_PICTURE_WORKERS": "2", "ARGMAP_PICTURE_SECONDS": "60"}
    with process(tmp_path, **settings) as (server, url), ThreadPoolExecutor(1) as pool:
        client = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60)
        map = client.post("/maps", json=slow_map()).json()
        cut_off = pool.submit(client.get, f"/maps/{map['id']}.{SLOW}")
        at_work(server.pid)
        workers = workers_of(server.pid)
        assert [each.net_connections("inet") for each in workers] == [[]] * len(workers)
        server.kill()
        with pytest.raises(httpx.RemoteProtocolError):
            cut_off.result(60)
    deadline = time.monotonic() + 20
    while any(running(workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(running(workers))


def running(processes: list[psutil.Process]) -> Iterator[bool]:
    """Say of each process whether it still runs; one that nobody has waited for does not."""
    for each in processes:
        try:
            yield each.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            yield False


@pytest.mark.parametrize(("asked", "workers"), [("0", 0), ("1", 1), ("7", 7), ("", None)])
def test_the_number_of_drawing_processes_is_that_of_the_settings_or_of_the_cores(
    asked: str, workers: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGMAP_PICTURE_WORKERS", asked)
    if workers is None:
        workers = min(4, len(os.sched_getaffinity(0)))
    assert Settings().workers == workers

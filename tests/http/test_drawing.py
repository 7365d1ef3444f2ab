"""The drawing desk: one drawing at a time for one picture, bounded waiting, bounded memory, bounded time."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.jobs.desk import Desk
from api.responses.problems import ProblemError
from argmap.errors import EngineTimeout, EngineUnavailable
from argmap.picture import engine
from tests.support.service import Person, problem, serving, slow_map


def run(test: Callable[[], "asyncio.Future[None]"]) -> None:
    asyncio.run(test())


def test_the_same_picture_asked_for_at_once_is_drawn_once() -> None:
    drawn: list[int] = []
    gate = threading.Event()

    def draw() -> bytes:
        gate.wait(5)
        drawn.append(1)
        return b"picture"

    async def test() -> None:
        desk = Desk(2, 10, 1000, 1)
        waiting = [asyncio.create_task(desk.get("key", draw)) for _ in range(8)]
        await asyncio.sleep(0.05)
        gate.set()
        assert await asyncio.gather(*waiting) == [b"picture"] * 8
        assert await desk.get("key", draw) == b"picture"
        desk.close()

    run(test)
    assert drawn == [1]


def test_past_the_queue_asking_is_refused_and_those_in_it_are_served() -> None:
    gate = threading.Event()

    def draw() -> bytes:
        gate.wait(5)
        return b"picture"

    async def test() -> None:
        desk = Desk(1, 2, 1000, 1)
        waiting = [asyncio.create_task(desk.get(f"key {n}", draw)) for n in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(ProblemError) as refused:
            await desk.get("one too many", draw)
        assert refused.value.kind.slug == "busy"
        gate.set()
        assert await asyncio.gather(*waiting) == [b"picture"] * 3
        assert await desk.get("one too many", draw) == b"picture"
        desk.close()

    run(test)


def test_what_is_kept_is_bounded_in_bytes_and_the_least_used_leaves_first() -> None:
    async def test() -> None:
        desk = Desk(1, 10, 25, 1)
        for key in ("a", "b"):
            await desk.get(key, lambda: b"x" * 10)
        desk.kept("a")
        await desk.get("c", lambda: b"x" * 10)
        assert [key for key in "abc" if desk.kept(key)] == ["a", "c"]
        await desk.get("huge", lambda: b"x" * 26)
        assert desk.kept("huge") is None
        assert desk.kept("c")
        desk.close()

    run(test)


def test_a_failed_drawing_is_tried_again_and_one_caller_leaving_harms_no_other() -> None:
    attempts: list[int] = []
    gate = threading.Event()

    def draw() -> bytes:
        attempts.append(1)
        if len(attempts) == 1:
            raise EngineUnavailable("crashed")
        gate.wait(5)
        return b"picture"

    async def test() -> None:
        desk = Desk(1, 10, 1000, 1)
        with pytest.raises(EngineUnavailable):
            await desk.get("key", draw)
        leaving, staying = (asyncio.create_task(desk.get("key", draw)) for _ in range(2))
        await asyncio.sleep(0.05)
        leaving.cancel()
        gate.set()
        assert await staying == b"picture"
        desk.close()

    run(test)
    assert len(attempts) == 2


def test_a_picture_that_takes_too_long_is_a_problem_and_the_next_is_drawn(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    map = f"/maps/{owner.map()['id']}"

    def slow(*args, **more):
        raise EngineTimeout("the layout took longer than 10 s")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "lay_out", slow)
        answer = owner.client.get(f"{map}.svg?layout=layered")
    problem(answer, 503, "picture-timeout")
    assert answer.headers["cache-control"] == "no-store"
    assert owner.client.get(f"{map}.svg?layout=layered").status_code == 200


@pytest.mark.parametrize("workers", [0, 1])
def test_the_deadline_of_the_settings_reaches_the_layout(workers: int, tmp_path: Path) -> None:
    with serving(tmp_path, picture_seconds=0.05, picture_workers=workers) as service:
        person = service.person()
        map = person.map(**slow_map())
        answer = person.client.get(f"/maps/{map['id']}.svg?layout=layered")
        problem(answer, 503, "picture-timeout")


@pytest.mark.parametrize("parameter", ["focus", "fold"])
def test_a_claim_that_is_not_there_is_told_of_by_the_parameter_that_names_it(
    owner: Person, parameter: str
) -> None:
    answer = owner.client.get(f"/maps/{owner.map()['id']}.svg", params={parameter: "c99"})
    fault = problem(answer, 400, "bad-parameter")["errors"][0]
    assert (fault["place"], fault["code"]) == (parameter, "unknown_id")

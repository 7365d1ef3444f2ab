"""Workers: what is called in another process is bounded in time and memory, and one that dies costs one call."""

import asyncio
import functools
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psutil
import pytest

from argmap import errors, formats, picture
from argmap.drawing import orders, workers
from argmap.drawing.overlays import Laid
from argmap.drawing.workers import Workers
from argmap.errors import (
    ArgmapError,
    EngineUnavailable,
    Fault,
    FormatError,
    InvalidMap,
    NotFound,
    WorkEnded,
    WorkTimeout,
    WorkTooLarge,
)
from argmap.model import ArgumentMap, Article, Claim, Relation, Scheme, canonical, parse_map
from argmap.picture.engine import sandbox
from tests.support.service import timeless

MAP = ArgumentMap(
    title="A map",
    claims=(
        Claim(id="c1", kind="thesis", text="The library should stay open."),
        Claim(id="c2", kind="premise", text="Pupils need a quiet place."),
        Claim(id="c3", kind="rebuttal", text="Not in the evening."),
    ),
    relations=(
        Relation(
            id="r1",
            kind="supports",
            sources=("c2",),
            target="c1",
            scheme=Scheme(key="expert_opinion"),
        ),
        Relation(id="r2", kind="attacks", sources=("c3",), target="r1"),
    ),
)
ARTICLE = Article(title="Keep it open", authors=("A. Writer",), text="Pupils need a quiet place.")
FORMS = {
    "svg": picture.draw,
    "png": functools.partial(picture.draw_png, scale=1.5),
    "pdf": functools.partial(picture.draw_pdf, handout=True),
    "layout": orders.layout,
}


NO_ENGINE = functools.partial(sandbox.run, "no graph", 5.0)  # begins as if the engine were broken

T = TypeVar("T")


def busy(made: Workers) -> list[int]:
    """Return the process ids of workers that are called."""
    return [worker.process.pid for worker in made._all if worker not in made._idle]


async def busy_soon(made: Workers, number: int = 1) -> list[int]:
    """Wait until that many workers are called, and return their process ids."""
    while len(busy(made)) < number:
        await asyncio.sleep(0.01)
    return busy(made)


class Ready:
    """Workers of which one is ready, in an event loop of their own."""

    def __init__(self, begin: Callable[[], object] = os.getpid, seconds: float = 20) -> None:
        self.loop = asyncio.Runner()
        self.workers = Workers(begin)
        self.seconds = seconds

    def call(self, function: Callable[..., T], *arguments: object) -> T:
        return self.loop.run(self.workers.call(function, *arguments, seconds=self.seconds))

    def close(self) -> None:
        self.loop.run(self.workers.close())
        self.loop.close()


@pytest.fixture(scope="module")
def ready() -> Iterator[Ready]:
    """Workers of which one is ready to draw."""
    made = Ready(picture.ready)
    made.loop.run(made.workers.start())
    yield made
    made.close()


@pytest.fixture
def made() -> Iterator[Ready]:
    """Workers that have done nothing yet."""
    made = Ready()
    yield made
    made.close()


def order(form: str, analysis: Laid | None = None, focus: str | None = None) -> orders.Order:
    work = functools.partial(
        orders.drawn,
        draw=FORMS[form],
        options=picture.Options(focus=focus),
        analysis=analysis,
        version=3,
        seconds=5.0,
    )
    return orders.Order((orders.Source(canonical(MAP), ARTICLE),), work)


@pytest.mark.parametrize("form", FORMS)
def test_a_worker_draws_the_same_bytes_as_this_process(ready: Ready, form: str) -> None:
    far = ready.call(orders.filled, order(form)).data
    assert timeless(far) == timeless(orders.filled(order(form)).data)
    assert len(far) > 500


@pytest.mark.parametrize("analysis", Laid)
def test_a_worker_lays_the_same_analysis_over_a_picture(ready: Ready, analysis: Laid) -> None:
    far = ready.call(orders.filled, order("svg", analysis))
    assert far == orders.filled(order("svg", analysis))
    assert far != orders.filled(order("svg"))


def test_an_order_draws_what_its_parts_say() -> None:
    drawn = picture.draw(MAP.replace(article=ARTICLE), version=3, deadline=5.0)
    assert orders.filled(order("svg")).data.decode() == drawn


def test_files_losses_and_values_come_out_of_orders(ready: Ready) -> None:
    source = orders.Source(canonical(MAP), ARTICLE)
    written = functools.partial(orders.written, format="argdown", part=picture.Part())
    file = ready.call(orders.filled, orders.Order((source,), written))
    here = formats.dump(MAP.replace(article=ARTICLE), "argdown")
    assert file == (here.data, sum(loss.count for loss in here.report.losses))
    told = functools.partial(orders.losses, formats=("tgf", "argdown"))
    losses = json.loads(ready.call(orders.filled, orders.Order((source,), told)).data)
    assert losses["title"] == "A map"
    assert [loss["message"] for loss in losses["losses"]["argdown"]] == [
        loss.message for loss in here.report.losses
    ]
    counted = ready.call(orders.filled, orders.Order((source, source), _both)).data
    assert json.loads(counted) == {"claims": 6}


def _both(one: ArgumentMap, other: ArgumentMap) -> dict[str, int]:
    return {"claims": len(one.claims) + len(other.claims)}


def test_a_refusal_of_argmap_is_the_same_in_a_worker(ready: Ready) -> None:
    worker = ready.call(os.getpid)
    with pytest.raises(NotFound) as absent:
        ready.call(orders.filled, order("svg", focus="c9"))
    with pytest.raises(NotFound) as absent_here:
        orders.filled(order("svg", focus="c9"))
    assert str(absent.value) == str(absent_here.value)
    wrong = {"claims": [{"id": "c1", "kind": "hunch"}, {"kind": "premise"}]}
    with pytest.raises(InvalidMap) as invalid:
        ready.call(parse_map, wrong)
    with pytest.raises(InvalidMap) as invalid_here:
        parse_map(wrong)
    assert invalid.value.faults == invalid_here.value.faults
    with pytest.raises(FormatError) as unread:
        ready.call(formats.load, b"{", "json")
    assert unread.value.line == 1
    assert ready.call(os.getpid) == worker  # it goes on


def test_every_error_is_the_same_after_pickling() -> None:
    made: list[ArgmapError] = [
        InvalidMap((Fault("claims/0", "too_long", "is too long"), Fault("", "empty", "is empty"))),
        FormatError("is no map", line=3),
        FormatError("is no map", place="nodes/1"),
    ]
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type)}
    plain = [kind for kind in kinds if issubclass(kind, ArgmapError)]
    made += [kind("a sentence") for kind in plain if kind not in (InvalidMap, FormatError)]
    assert len(made) > 15
    for error in made:
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_a_call_past_its_time_is_ended_and_the_next_one_is_answered(made: Ready) -> None:
    first = made.call(os.getpid)
    begun = time.monotonic()
    made.seconds = 0.5
    with pytest.raises(WorkTimeout, match=r"longer than 0\.5 s"):
        made.call(time.sleep, 60)
    made.seconds = 20
    assert time.monotonic() - begun < 20
    assert made.call(os.getpid) != first
    assert gone_soon(first)


def gone_soon(process: int) -> bool:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not psutil.pid_exists(process)


def test_a_call_that_nobody_awaits_any_more_is_ended_with_its_process(made: Ready) -> None:
    async def test() -> int:
        call = asyncio.ensure_future(made.workers.call(time.sleep, 60, seconds=60))
        (process,) = await busy_soon(made.workers)
        await asyncio.sleep(0.1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        while psutil.pid_exists(process):
            await asyncio.sleep(0.01)
        return process

    assert made.loop.run(test()) != made.call(os.getpid)


def test_a_call_past_its_memory_is_refused_and_the_worker_goes_on(ready: Ready) -> None:
    worker = ready.call(os.getpid)
    with pytest.raises(WorkTooLarge, match="more memory"):
        ready.call(bytes, workers.MEMORY_LIMIT)
    assert ready.call(os.getpid) == worker


def test_a_worker_starts_where_less_memory_is_allowed_than_it_may_fill() -> None:
    program = (
        "import asyncio, os; from argmap.drawing.workers import Workers;"
        " print(asyncio.run(Workers(os.getpid).call(int, '7', seconds=9)))"
    )
    command = ["sh", "-c", 'ulimit -d 700000; exec "$0" -c "$1"', sys.executable, program]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "7\n"


def test_a_worker_that_has_grown_large_is_not_used_again(
    made: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made.call(os.getpid)
    assert made.call(os.getpid) == first
    monkeypatch.setattr(workers, "MEMORY_KEPT", 1 << 20)
    assert made.call(os.getpid) == first
    assert made.call(os.getpid) != first
    assert gone_soon(first)


def test_a_worker_that_is_killed_amid_a_call_costs_that_call_alone(made: Ready) -> None:
    async def test() -> None:
        doomed = asyncio.ensure_future(made.workers.call(time.sleep, 60, seconds=60))
        (sleeping,) = await busy_soon(made.workers)
        spared = asyncio.ensure_future(made.workers.call(time.sleep, 0.5, seconds=60))
        await busy_soon(made.workers, 2)
        os.kill(sleeping, signal.SIGKILL)
        with pytest.raises(WorkEnded, match="was ended"):
            await doomed
        assert await spared is None

    made.loop.run(test())
    assert made.call(int, "7") == 7


def test_a_worker_that_is_killed_while_idle_costs_nothing(ready: Ready) -> None:
    killed = ready.call(os.getpid)
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
    assert ready.call(os.getpid) != killed


def test_a_call_that_fails_by_a_fault_of_the_program_says_where_and_repeats_no_content(
    made: Ready, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError, match="standard error"):
        made.call(int, "words of an article")
    told = capfd.readouterr().err
    assert "ValueError" in told
    assert "workers.py" in told
    assert "words of an article" not in told
    assert made.call(int, "7") == 7


def test_a_call_that_crashes_its_worker_is_a_refusal(ready: Ready) -> None:
    with pytest.raises(WorkEnded):
        ready.call(os.abort)
    assert ready.call(int, "7") == 7


def test_idle_workers_are_used_again_and_there_are_no_more_than_calls_at_once(made: Ready) -> None:
    assert len({made.call(os.getpid) for _ in range(5)}) == 1

    async def two_at_once() -> None:
        for _ in range(3):
            calls = (made.workers.call(time.sleep, 0.05, seconds=20) for _ in range(2))
            await asyncio.gather(*calls)

    made.loop.run(two_at_once())
    assert len(made.workers._all) == 2
    made.loop.run(made.workers.close())
    assert not made.workers._all
    with pytest.raises(WorkEnded, match="stopping"):
        made.call(os.getpid)


def test_a_worker_that_cannot_begin_is_a_refusal_and_leaves_nothing() -> None:
    made = Ready(NO_ENGINE)
    with pytest.raises(EngineUnavailable, match="no positions"):
        made.call(os.getpid)
    made.close()
    assert not made.workers._all


def test_closing_ends_workers_amid_their_calls(made: Ready) -> None:
    worker = made.call(os.getpid)

    async def test() -> None:
        call = asyncio.ensure_future(made.workers.call(time.sleep, 60, seconds=60))
        assert await busy_soon(made.workers) == [worker]
        await made.workers.close()
        with pytest.raises(WorkEnded):
            await call

    made.loop.run(test())
    assert not psutil.pid_exists(worker)


def test_workers_for_long_work_leave_the_processor_to_others() -> None:
    made = Ready()
    made.workers = Workers(os.getpid, nice=7)
    assert made.call(os.nice, 0) == os.nice(0) + 7
    made.close()


def test_signals_to_stop_are_left_to_the_service(ready: Ready) -> None:
    worker = ready.call(os.getpid)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(worker, number)
    assert ready.call(os.getpid) == worker

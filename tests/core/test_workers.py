"""Workers: what is called in another process is bounded in time and memory, and one that dies costs one call."""

import functools
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from argmap import errors, formats, picture
from argmap.drawing import orders, workers
from argmap.drawing.overlays import Laid
from argmap.drawing.workers import Workers
from argmap.errors import (
    ArgmapError,
    EngineTimeout,
    EngineUnavailable,
    Fault,
    FormatError,
    InvalidMap,
    NotFound,
    PictureTooLarge,
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


def busy(made: Workers) -> list[int]:
    """Return the process ids of workers that are called."""
    return [worker._process.pid for worker in made._all if worker not in made._idle]


def busy_soon(made: Workers) -> list[int]:
    """Wait until a worker is called, and return its process id."""
    while not busy(made):
        time.sleep(0.01)
    return busy(made)


@pytest.fixture(scope="module")
def ready() -> Iterator[Workers]:
    """Workers of which one is ready."""
    made = Workers(picture.ready, 20)
    made.start()
    yield made
    made.close()


def order(form: str, analysis: Laid | None = None, focus: str | None = None) -> orders.Order:
    options = picture.Options(focus=focus)
    return orders.Order(canonical(MAP), ARTICLE, options, analysis, FORMS[form], 3, 5.0)


@pytest.mark.parametrize("form", FORMS)
def test_a_worker_draws_the_same_bytes_as_this_process(ready: Workers, form: str) -> None:
    far = ready.call(orders.filled, order(form))
    assert timeless(far) == timeless(orders.filled(order(form)))
    assert len(far) > 500


@pytest.mark.parametrize("analysis", Laid)
def test_a_worker_lays_the_same_analysis_over_a_picture(ready: Workers, analysis: Laid) -> None:
    far = ready.call(orders.filled, order("svg", analysis))
    assert far == orders.filled(order("svg", analysis))
    assert far != orders.filled(order("svg"))


def test_an_order_draws_what_its_parts_say() -> None:
    drawn = picture.draw(MAP.replace(article=ARTICLE), version=3, deadline=5.0)
    assert orders.filled(order("svg")).decode() == drawn


def test_a_refusal_of_argmap_is_the_same_in_a_worker(ready: Workers) -> None:
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


def test_a_call_past_its_time_is_ended_and_the_next_one_is_answered() -> None:
    made = Workers(os.getpid, 0.5)
    first = made.call(os.getpid)
    begun = time.monotonic()
    with pytest.raises(EngineTimeout, match=r"longer than 0\.5 s"):
        made.call(time.sleep, 60)
    assert time.monotonic() - begun < 20
    assert not psutil.pid_exists(first)
    assert made.call(os.getpid) != first
    made.close()


def test_a_call_past_its_memory_is_refused_and_the_worker_goes_on(ready: Workers) -> None:
    worker = ready.call(os.getpid)
    with pytest.raises(PictureTooLarge, match="more memory"):
        ready.call(bytes, workers.MEMORY_LIMIT)
    assert ready.call(os.getpid) == worker


def test_a_worker_starts_where_less_memory_is_allowed_than_it_may_fill() -> None:
    program = "import os; from argmap.drawing.workers import Workers; print(Workers(os.getpid, 9).call(int, '7'))"
    command = ["sh", "-c", 'ulimit -d 700000; exec "$0" -c "$1"', sys.executable, program]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "7\n"


def test_a_worker_that_has_grown_large_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Workers(os.getpid, 20)
    first = made.call(os.getpid)
    assert made.call(os.getpid) == first
    monkeypatch.setattr(workers, "MEMORY_KEPT", 1 << 20)
    assert made.call(os.getpid) == first
    assert not psutil.pid_exists(first)
    assert made.call(os.getpid) != first
    made.close()


def test_a_worker_that_is_killed_amid_a_call_costs_that_call_alone(ready: Workers) -> None:
    with ThreadPoolExecutor(2) as pool:
        doomed = pool.submit(ready.call, time.sleep, 60)
        (sleeping,) = busy_soon(ready)
        spared = pool.submit(ready.call, time.sleep, 0.5)
        while len(busy(ready)) < 2:
            time.sleep(0.01)
        os.kill(sleeping, signal.SIGKILL)
        with pytest.raises(EngineUnavailable, match="was ended"):
            doomed.result(20)
        assert spared.result(20) is None
    assert ready.call(orders.filled, order("svg")) == orders.filled(order("svg"))


def test_a_worker_that_is_killed_while_idle_costs_nothing(ready: Workers) -> None:
    killed = ready.call(os.getpid)
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
    assert ready.call(os.getpid) != killed


def test_a_call_that_fails_by_a_fault_of_the_program_says_so(
    capfd: pytest.CaptureFixture[str],
) -> None:
    made = Workers(os.getpid, 20)
    with pytest.raises(RuntimeError, match="standard error"):
        made.call(int, "no number")
    assert "ValueError: invalid literal" in capfd.readouterr().err
    assert made.call(int, "7") == 7
    made.close()


def test_a_call_that_crashes_its_worker_is_a_refusal(ready: Workers) -> None:
    with pytest.raises(EngineUnavailable):
        ready.call(os.abort)
    assert ready.call(int, "7") == 7


def test_idle_workers_are_used_again_and_there_are_no_more_than_calls_at_once() -> None:
    made = Workers(os.getpid, 20)
    assert len({made.call(os.getpid) for _ in range(5)}) == 1
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: made.call(time.sleep, 0.05), range(6)))
    assert len(made._all) == 2
    made.close()
    assert not made._all
    with pytest.raises(EngineUnavailable, match="stopping"):
        made.call(os.getpid)


def test_a_worker_that_cannot_begin_is_a_refusal_and_leaves_nothing() -> None:
    made = Workers(NO_ENGINE, 20)
    with pytest.raises(EngineUnavailable, match="no positions"):
        made.call(os.getpid)
    assert not made._all


def test_closing_ends_workers_amid_their_calls() -> None:
    made = Workers(os.getpid, 60)
    with ThreadPoolExecutor(1) as pool:
        worker = made.call(os.getpid)
        call = pool.submit(made.call, time.sleep, 60)
        assert busy_soon(made) == [worker]
        made.close()
        with pytest.raises(EngineUnavailable):
            call.result(10)
    assert not psutil.pid_exists(worker)


def test_signals_to_stop_are_left_to_the_service(ready: Workers) -> None:
    worker = ready.call(os.getpid)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(worker, number)
    assert ready.call(os.getpid) == worker

"""The desk: bounded waiting, turns by client, lanes by cost, an end when nobody waits, one making for all who ask."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import psutil
import pytest
from fastapi import Request

from api.jobs import desk as desks
from api.jobs.desk import Call, Desk, client_of
from api.jobs.turns import Turns
from api.responses.kept import Kept
from api.responses.problems import ProblemError
from argmap.drawing.orders import Product
from argmap.errors import ClientGone, EngineTimeout, InvalidMap, WorkEnded, WorkTimeout
from argmap.store.records import ANONYMOUS, Asker

MARK = Product(b"made")


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def idle_desk(*, queue: int = 10, cache_bytes: int = 1000, seconds: float = 5) -> Desk:
    """Return a desk with one slot in each lane whose work is done in threads."""
    return Desk(0, queue, Kept(cache_bytes), seconds)


def after(gate: asyncio.Event, log: list[str] | None = None, name: str = "") -> desks.Make:
    async def make(call: Call) -> Product:
        if log is not None:
            log.append(name)
        await gate.wait()
        return MARK

    return make


async def at_once(product: Product, call: Call) -> Product:
    return product


def asked(
    desk: Desk, key: str, make: desks.Make, who: str = "", cost: float = 0
) -> "asyncio.Task[Product]":
    return asyncio.create_task(desk.get(None, Asker(who or None), key, cost, make))


def test_the_same_thing_asked_for_at_once_is_made_once() -> None:
    async def test() -> None:
        desk, gate, log = idle_desk(), asyncio.Event(), list[str]()
        waiting = [asked(desk, "key", after(gate, log), f"a{n}") for n in range(8)]
        await asyncio.sleep(0.01)
        gate.set()
        assert await asyncio.gather(*waiting) == [MARK] * 8
        assert await asked(desk, "key", after(gate, log)) == MARK
        assert len(log) == 1
        await desk.close()

    run(test)


def test_clients_take_turns_however_much_one_of_them_asks_for() -> None:
    async def test() -> None:
        desk, gate, log = idle_desk(queue=50), asyncio.Event(), list[str]()
        many = [asked(desk, f"many {n}", after(gate, log, "many"), "many") for n in range(20)]
        await asyncio.sleep(0.01)
        few = [asked(desk, f"few {n}", after(gate, log, "few"), "few") for n in range(2)]
        await asyncio.sleep(0.01)
        gate.set()
        await asyncio.gather(*many, *few)
        assert [place for place, name in enumerate(log) if name == "few"] == [2, 4]
        await desk.close()

    run(test)


def test_small_work_does_not_wait_behind_large_work() -> None:
    async def test() -> None:
        desk, gate = idle_desk(queue=50), asyncio.Event()
        large = [asked(desk, f"large {n}", after(gate), "many", cost=20) for n in range(8)]
        middle = [asked(desk, f"middle {n}", after(gate), "many", cost=1) for n in range(8)]
        await asyncio.sleep(0.01)
        small = asked(desk, "small", partial(at_once, MARK), "few", cost=0.01)
        assert await asyncio.wait_for(small, 1) == MARK
        gate.set()
        await asyncio.gather(*large, *middle)
        await desk.close()

    run(test)


def test_past_the_queue_the_client_with_the_longest_line_is_refused() -> None:
    async def test() -> None:
        desk, gate = idle_desk(queue=4), asyncio.Event()
        many = [asked(desk, f"many {n}", after(gate), "many") for n in range(5)]
        await asyncio.sleep(0.01)
        few = asked(desk, "few", after(gate), "few")
        await asyncio.sleep(0.01)
        with pytest.raises(ProblemError) as refused:
            await many[-1]
        assert refused.value.kind.slug == "busy"
        assert int((refused.value.headers or {})["Retry-After"]) >= 1
        gate.set()
        assert await asyncio.gather(*many[:-1], few) == [MARK] * 5
        await desk.close()

    run(test)


def test_nothing_waits_longer_than_the_deadline() -> None:
    async def test() -> None:
        desk, gate = idle_desk(seconds=0.2), asyncio.Event()
        first, second = (asked(desk, f"key {n}", after(gate)) for n in range(2))
        begun = time.monotonic()
        with pytest.raises(ProblemError) as refused:
            await second
        assert refused.value.kind.slug == "busy"
        assert time.monotonic() - begun >= 0.19
        gate.set()
        assert await first == MARK
        await desk.close()

    run(test)


def test_work_that_nobody_awaits_is_ended_whether_it_waits_or_is_under_way() -> None:
    async def test() -> None:
        desk, gate, log = Desk(1, 10, Kept(1000), 20), asyncio.Event(), list[str]()
        ended = list[int]()

        async def sleep(call: Call) -> Product:
            ended.append(await call(os.getpid))
            await call(time.sleep, 60)
            return MARK

        leaving, behind = asked(desk, "long", sleep), asked(desk, "behind", after(gate, log))
        while not ended:
            await asyncio.sleep(0.01)
        staying = asked(desk, "behind", after(gate, log))
        await asyncio.sleep(0.1)
        behind.cancel()  # another still waits for that
        leaving.cancel()
        gate.set()
        assert await asyncio.wait_for(staying, 10) == MARK
        assert log == [""]
        while psutil.pid_exists(ended[0]):
            await asyncio.sleep(0.01)
        await desk.close()

    run(test)


class Line:
    """The receiving half of a connection, which can be closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        await self.closed.wait()
        return {"type": "http.disconnect"}


def test_work_whose_client_has_left_is_ended_within_a_second() -> None:
    async def test() -> None:
        desk, gate, line = idle_desk(), asyncio.Event(), Line()
        scope = {"type": "http", "client": ("192.0.2.1", 9), "headers": []}
        request = Request(scope, line.receive)
        ended = asyncio.Event()

        async def make(call: Call) -> Product:
            try:
                await gate.wait()
            except asyncio.CancelledError:
                ended.set()
                raise
            return MARK

        waiting = asyncio.create_task(desk.get(request, ANONYMOUS, "key", 0, make))
        await asyncio.sleep(0.01)
        line.closed.set()
        with pytest.raises(ClientGone):
            await waiting
        await asyncio.wait_for(ended.wait(), 1)
        assert await asyncio.wait_for(asked(desk, "key", partial(at_once, MARK)), 1) == MARK
        await desk.close()

    run(test)


def test_work_that_takes_longer_than_expected_goes_on_among_the_longer_and_is_refused_at_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "QUICK_SECONDS", 0.1)

    async def test() -> None:
        desk, tries = Desk(1, 10, Kept(1000), 0.4), list[float]()

        async def sleep(seconds: float, call: Call) -> Product:
            tries.append(time.monotonic())
            await call(time.sleep, seconds)
            return MARK

        assert await asked(desk, "a bit", partial(sleep, 0.2)) == MARK
        assert len(tries) == 2
        with pytest.raises(EngineTimeout):
            await desk.get(
                None, ANONYMOUS, "far", 0, partial(sleep, 60), {WorkTimeout: EngineTimeout}
            )
        assert len(tries) == 5
        with pytest.raises(EngineTimeout):  # remembered
            await asked(desk, "far", partial(sleep, 60))
        assert len(tries) == 5
        await desk.close()

    run(test)


def test_what_failed_otherwise_is_tried_again() -> None:
    async def test() -> None:
        desk = idle_desk()

        async def fail(call: Call) -> Product:
            raise InvalidMap(())

        with pytest.raises(InvalidMap):
            await asked(desk, "key", fail)
        assert await asked(desk, "key", partial(at_once, MARK)) == MARK
        await desk.close()

    run(test)


def test_what_is_kept_is_bounded_in_bytes_and_the_least_used_leaves_first() -> None:
    async def test() -> None:
        desk = idle_desk(cache_bytes=25_000)
        ten = partial(at_once, Product(b"x" * 10_000))
        for key in ("a", "b"):
            await asked(desk, key, ten)
        desk.kept("a")
        await asked(desk, "c", ten)
        assert [key for key in "abc" if desk.kept(key)] == ["a", "c"]
        await asked(desk, "huge", partial(at_once, Product(b"x" * 26_000)))
        assert desk.kept("huge") is None
        assert desk.kept("c")
        await desk.close()

    run(test)


def test_a_desk_that_stops_refuses_what_waits_and_lets_what_is_under_way_end() -> None:
    async def test() -> None:
        desk, gate = idle_desk(), asyncio.Event()
        first, second = (asked(desk, f"key {n}", after(gate)) for n in range(2))
        await asyncio.sleep(0.01)
        desk.stop()
        with pytest.raises(WorkEnded, match="stopping"):
            await second
        with pytest.raises(WorkEnded, match="stopping"):
            await asked(desk, "key 2", after(gate))
        gate.set()
        assert await first == MARK
        await desk.close()

    run(test)


def test_turns_go_to_whom_least_is_done_for() -> None:
    turns = Turns[str](3)
    assert turns.next(Counter()) is None
    assert [turns.add("a", "a1"), turns.add("a", "a2"), turns.add("b", "b1")] == [None] * 3
    assert turns.add("b", "b2") == "b2"  # as many as of a, and a was here before
    assert turns.add("c", "c1") == "a2"
    assert len(turns) == 3
    assert turns.next(Counter(a=1)) == "b1"
    assert turns.next(Counter()) == "a1"
    turns.remove("c", "c1")
    assert turns.next(Counter()) is None


@pytest.mark.parametrize(
    ("asker", "host", "client"),
    [
        (Asker("a1"), "192.0.2.1", "a1"),
        (ANONYMOUS, "192.0.2.1", "192.0.2.1"),
        (ANONYMOUS, "2001:db8::12:3", "2001:db8::/64"),
        (ANONYMOUS, "testclient", "testclient"),
    ],
)
def test_a_client_is_an_account_or_an_address(asker: Asker, host: str, client: str) -> None:
    request = Request({"type": "http", "client": (host, 9), "headers": []})
    assert client_of(request, asker) == client

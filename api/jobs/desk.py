"""The desk: everything heavy is asked for here, bounded before it begins, made elsewhere, in turn, while it is awaited.

docs/decisions/0008-one-desk.md says why it is as it is.
"""

import asyncio
import ipaddress
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from fastapi import Request

from api.jobs.turns import Turns
from api.responses.kept import Kept
from api.responses.problems import ProblemError
from argmap import picture
from argmap.drawing.orders import Product
from argmap.drawing.workers import Workers
from argmap.errors import (
    AnalysisTimeout,
    ArgmapError,
    ClientGone,
    EngineTimeout,
    PictureTooLarge,
    WorkEnded,
    WorkTimeout,
    WorkTooLarge,
)
from argmap.store.records import Asker

R = TypeVar("R")

QUICK, MIDDLE = 0.25, 2.5  # seconds that work in these lanes is expected to take, at most
QUICK_SECONDS = 2.0  # that it may take there; then it waits among the longer work, and begins anew
LAYOUTS = 2  # in whose time a picture is to be finished, converting it to PNG or PDF included
LONG_NICE = 5  # niceness of processes for long work, so that they leave the processor to others
STOP_SECONDS = 5.0  # for work under way when the service is told to stop
REMEMBERED = 2_000  # keys of work that failed for its size
REMEMBERED_SECONDS = 600.0

# What failed because of its size fails again.
_FOR_SIZE = (WorkTimeout, WorkTooLarge, EngineTimeout, PictureTooLarge, AnalysisTimeout)

Errors = Mapping[type[ArgmapError], type[ArgmapError]]
"""What the errors of workers are called for some kind of work."""


class Call(Protocol):
    """Calls a function where work is done."""

    def __call__(self, function: Callable[..., R], *arguments: object) -> Awaitable[R]:
        """Return what the function returns. Raises what `Workers.call` does."""
        ...


Make = Callable[[Call], Awaitable[Product]]


class _Threads:
    """Work in threads of this process, where no other processes are wanted; it cannot be ended."""

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="work")

    async def call(self, function: Callable[..., R], *arguments: object, seconds: float) -> R:
        work = asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)
        work.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may look
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(work)
        except TimeoutError:
            raise WorkTimeout(f"it took longer than {seconds:g} s") from None

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass(eq=False)
class _Lane:
    """Work of about the same length: how much of it is done at once, and how long it may take."""

    slots: int
    seconds: float
    turns: "Turns[_Job]"
    place: Workers | _Threads
    under_way: Counter[str] = field(default_factory=Counter)

    def free(self) -> bool:
        return self.under_way.total() < self.slots


@dataclass(eq=False)
class _Job:
    key: str
    client: str
    make: Make
    errors: Errors
    lane: int
    until: float
    answer: "asyncio.Future[Product]"
    waiters: int = 0
    task: "asyncio.Task[Product] | None" = None
    timer: asyncio.TimerHandle | None = None


class Desk:
    """Has work done off the event loop; used from the loop's thread only.

    Work is sorted by what it is expected to cost into three lanes with workers of their own, so that nothing small
    waits behind anything large; what takes longer than its lane allows goes on to the next. In each lane the clients
    take turns. At most `queue` pieces of work wait, none longer than `seconds`; past that asking is refused with 503.
    Asked for twice at once, a thing is made once. Work that nobody awaits any more is ended.

    Finished things are kept in `kept`. With `workers` 0 the work is done in threads, which cannot be ended.
    """

    def __init__(self, workers: int, queue: int, kept: Kept, seconds: float) -> None:
        self.seconds = seconds
        longest = LAYOUTS * seconds
        slots = (max(1, workers), max(1, workers - 1), max(1, workers // 2))
        allowed = (min(QUICK_SECONDS, longest), min(seconds, longest), longest)
        self._ended = workers > 0
        self._lanes = [
            _Lane(
                most,
                time if workers else longest,
                Turns(queue),
                Workers(picture.ready, nice) if workers else _Threads(most),
            )
            for most, time, nice in zip(slots, allowed, (0, 0, LONG_NICE), strict=True)
        ]
        self._jobs: dict[str, _Job] = {}
        self._kept = kept
        self._failed: OrderedDict[str, tuple[float, ArgmapError]] = OrderedDict()
        self._stopping = False

    async def start(self) -> None:
        """Have a worker ready for the first picture. That none can be started is told by what is asked for."""
        with suppress(ArgmapError, RuntimeError):
            await self._lanes[0].place.start()

    def kept(self, key: str) -> Product | None:
        """Return what is at hand under a key, or None."""
        found: Product | None = self._kept.get(key)
        return found

    async def get(
        self,
        request: Request | None,
        asker: Asker,
        key: str,
        cost: float,
        make: Make,
        errors: Errors | None = None,
    ) -> Product:
        """Return what belongs to a key, having it made if need be.

        `request`: while its client is there, the work is wanted. `cost`: seconds that it is expected to take on an
        idle machine. `make` gets a function that calls others where the work is done.
        Raises ProblemError (503) when too much waits, ClientGone, and what `make` raises, under the names in `errors`.
        """
        found = self.kept(key)
        if found is not None:
            return found
        job = self._jobs.get(key)
        if job is None:
            if self._stopping:
                raise WorkEnded("the service is stopping")
            self._refuse_failed(key)
            lane = 0 if cost <= QUICK else 1 if cost <= MIDDLE else 2
            loop = asyncio.get_running_loop()
            until = loop.time() + self.seconds
            client = client_of(request, asker)
            job = _Job(key, client, make, errors or {}, lane, until, loop.create_future())
            self._jobs[key] = job
            self._wait_in(job, lane)
        job.waiters += 1
        try:
            return await _while_there(request, job.answer)
        finally:
            job.waiters -= 1
            if job.waiters == 0:
                self._abandon(job)

    def stop(self) -> None:
        """Begin nothing any more: refuse what waits, and give what is under way a few seconds."""
        if self._stopping:
            return
        self._stopping = True
        for lane in self._lanes:
            for job in lane.turns.drained():
                self._settle(job, WorkEnded("the service is stopping"))
        asyncio.get_running_loop().call_later(STOP_SECONDS, self._cut)

    async def close(self) -> None:
        """End all that is under way, and all workers."""
        self.stop()
        self._cut()
        for lane in self._lanes:
            await lane.place.close()

    def _wait_in(self, job: _Job, number: int) -> None:
        job.lane, job.task = number, None
        lane = self._lanes[number]
        gone = lane.turns.add(job.client, job)
        if gone is not None:
            self._settle(gone, self._busy(gone))
        if gone is not job:
            loop = asyncio.get_running_loop()
            job.timer = loop.call_at(job.until, self._waited_in_vain, job)
            self._go_on(lane)

    def _waited_in_vain(self, job: _Job) -> None:
        self._lanes[job.lane].turns.remove(job.client, job)
        self._settle(job, self._busy(job))

    def _busy(self, job: _Job) -> ProblemError:
        again = math.ceil(self._lanes[job.lane].seconds)
        return ProblemError(
            "busy",
            "Much work is waiting to be done, and this did not get its turn in time; try again later.",
            headers={"Retry-After": str(again)},
        )

    def _go_on(self, lane: _Lane) -> None:
        while lane.free() and not self._stopping:
            job = lane.turns.next(lane.under_way)
            if job is None:
                return
            if job.timer is not None:
                job.timer.cancel()
            lane.under_way[job.client] += 1
            call = partial(lane.place.call, seconds=lane.seconds)
            job.task = asyncio.ensure_future(job.make(call))
            job.task.add_done_callback(partial(self._done, job, lane))

    def _done(self, job: _Job, lane: _Lane, task: "asyncio.Task[Product]") -> None:
        lane.under_way[job.client] -= 1
        if not lane.under_way[job.client]:
            del lane.under_way[job.client]
        error = WorkEnded("the work was ended") if task.cancelled() else task.exception()
        longer = isinstance(error, WorkTimeout) and self._ended and job.lane + 1 < len(self._lanes)
        if longer and not job.answer.done() and not self._stopping:
            job.until = max(job.until, asyncio.get_running_loop().time() + self.seconds / 2)
            self._wait_in(job, job.lane + 1)
        elif error is not None:
            self._settle(job, error)
        elif not task.cancelled():
            self._kept.put(job.key, task.result(), len(task.result().data))
            self._settle(job, task.result())
        self._go_on(lane)

    def _settle(self, job: _Job, outcome: Product | BaseException) -> None:
        """Give all who wait for a job its product, or the error."""
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if isinstance(outcome, ArgmapError):
            kind = job.errors.get(type(outcome))
            outcome = outcome if kind is None else kind(str(outcome))
            if isinstance(outcome, _FOR_SIZE):
                self._failed[job.key] = time.monotonic() + REMEMBERED_SECONDS, outcome
                while len(self._failed) > REMEMBERED:
                    self._failed.popitem(last=False)
        if job.answer.done():
            return
        if isinstance(outcome, BaseException):
            job.answer.set_exception(outcome)
            job.answer.exception()  # nobody may be there to look at it
        else:
            job.answer.set_result(outcome)

    def _abandon(self, job: _Job) -> None:
        """End a job that nobody waits for any more."""
        if job.answer.done():
            return
        job.answer.cancel()
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if job.task is not None:
            job.task.cancel()
        else:
            if job.timer is not None:
                job.timer.cancel()
            self._lanes[job.lane].turns.remove(job.client, job)

    def _cut(self) -> None:
        for job in list(self._jobs.values()):
            if job.task is not None:
                job.task.cancel()
            self._settle(job, WorkEnded("the service is stopping"))

    def _refuse_failed(self, key: str) -> None:
        """Raise again what such work failed with a while ago because of its size."""
        until, error = self._failed.get(key, (0.0, None))
        if error is not None:
            if time.monotonic() < until:
                raise type(error)(str(error))
            del self._failed[key]


def client_of(request: Request | None, asker: Asker) -> str:
    """Return whose turn it is when a request is served: an account's, else an address's (of IPv6, a network's)."""
    if asker.account_id is not None:
        return asker.account_id
    if request is None or request.client is None:
        return ""
    host = request.client.host
    with suppress(ValueError):
        if isinstance(ipaddress.ip_address(host), ipaddress.IPv6Address):
            return str(ipaddress.ip_network((host, 64), strict=False))
    return host


async def _while_there(request: Request | None, answer: "asyncio.Future[Product]") -> Product:
    """Wait for an answer for as long as the client does. Raises ClientGone."""
    if request is None or answer.done():
        return await asyncio.shield(answer)
    gone = asyncio.ensure_future(_left(request))
    either: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise ClientGone
    finally:
        gone.cancel()


async def _left(request: Request) -> None:
    """Return when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass

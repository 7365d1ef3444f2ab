"""Processes that call functions for this one, each call bounded in time and memory; one that dies costs one call."""

import asyncio
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from argmap.collector import collect_seldom
from argmap.errors import ArgmapError, WorkEnded, WorkTimeout, WorkTooLarge

R = TypeVar("R")
_LENGTH = struct.Struct(">Q")  # before each message

MEMORY_LIMIT = 1 << 30  # bytes that a worker may fill, besides the code that it has loaded
MEMORY_KEPT = 256 << 20  # a worker that holds more after a call is not used again
START_SECONDS = 30.0  # for a worker to start, on a busy machine and with an engine to be compiled


class Workers:
    """A worker for each call that is under way; idle ones are kept for the next. Used from one event loop.

    `begin` is called in each worker when it starts. `nice` is added to the niceness of each, so that those who work for
    long leave the processor to others. A call is ended with its process: by its time, or when whoever awaits it is
    cancelled.
    """

    def __init__(self, begin: Callable[[], object], nice: int = 0) -> None:
        self._begin = begin
        self._nice = nice
        self._all: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False
        self._starting = asyncio.Lock()
        self._ending: set[asyncio.Future[int]] = set()

    async def call(self, function: Callable[..., R], *arguments: object, seconds: float) -> R:
        """Return what a function returns; it is sent by its name, arguments and value are pickled.

        Raises what it raises, where that is an ArgmapError; WorkTimeout past its time, WorkTooLarge past its memory,
        WorkEnded when the worker does not start or is killed, RuntimeError when it fails otherwise (it has then
        written where to standard error).
        """
        worker = await self._taken()
        try:
            async with asyncio.timeout(seconds):
                outcome, held = await worker.call(function, arguments)
        except TimeoutError:
            self._dismiss(worker)
            raise WorkTimeout(f"it took longer than {seconds:g} s") from None
        except (EOFError, ConnectionError) as error:
            raise await self._end_of(worker) from error
        except BaseException:
            self._dismiss(worker)
            raise
        if held <= MEMORY_KEPT:
            self._put_back(worker)
        else:
            self._dismiss(worker)
        if isinstance(outcome, ArgmapError):
            raise outcome
        return outcome  # type: ignore[no-any-return]  # what came through the line has no type

    async def start(self) -> None:
        """Start a worker if none is idle, so that the next call need not wait for it."""
        async with self._starting:
            if not self._idle:
                self._put_back(await self._started())

    async def close(self) -> None:
        """End all workers; calls that are under way raise WorkEnded."""
        self._closed = True
        for worker in self._all:
            worker.kill()
        for worker in self._idle:
            self._dismiss(worker)
        self._idle.clear()
        await asyncio.gather(*self._ending)

    async def _taken(self) -> "_Worker":
        worker = self._idle_one()
        if worker is not None:
            return worker
        async with self._starting:  # one after the other, and the one that has just started may do
            return self._idle_one() or await self._started()

    def _idle_one(self) -> "_Worker | None":
        while self._idle:
            worker = self._idle.pop()  # the last one used: what is not needed stays asleep
            if worker.alive():
                return worker
            self._dismiss(worker)
        return None

    async def _started(self) -> "_Worker":
        if self._closed:
            raise WorkEnded("the service is stopping")
        worker = _Worker()
        self._all.add(worker)
        try:
            async with asyncio.timeout(START_SECONDS):
                begun, _ = await worker.call(_begun, (self._begin, self._nice))
        except TimeoutError:
            self._dismiss(worker)
            raise WorkEnded("a process that was to do the work did not start in time") from None
        except (EOFError, ConnectionError) as error:
            raise await self._end_of(worker) from error
        except BaseException:
            self._dismiss(worker)
            raise
        if isinstance(begun, ArgmapError):
            self._dismiss(worker)
            raise begun
        return worker

    def _put_back(self, worker: "_Worker") -> None:
        if self._closed:
            self._dismiss(worker)
        else:
            self._idle.append(worker)

    def _dismiss(self, worker: "_Worker") -> None:
        """Kill a worker; the system may take a moment to clear up after it, for which nobody waits."""
        worker.kill()
        worker.line.close()
        ended = asyncio.ensure_future(asyncio.to_thread(worker.process.wait))
        self._ending.add(ended)
        ended.add_done_callback(self._ending.discard)
        ended.add_done_callback(lambda _: self._all.discard(worker))

    async def _end_of(self, worker: "_Worker") -> Exception:
        worker.line.close()
        try:
            async with asyncio.timeout(1):
                code = await asyncio.shield(asyncio.to_thread(worker.process.wait))
        except TimeoutError:
            code = 0
        self._dismiss(worker)
        if code > 0:
            return RuntimeError("a process failed that did work; it wrote where to standard error")
        return WorkEnded("the process that did the work was ended")


class _Worker:
    """One process, and this end of the line to it."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        self.line.setblocking(False)
        with theirs:
            try:
                # A program begun anew, without this process's threads, locks, files and connections; it finds its
                # modules where this one does, and not in the working folder.
                self.process = subprocess.Popen(
                    [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            except OSError as error:
                self.line.close()
                raise WorkEnded(f"no process can be started: {error.strerror}") from error

    async def call(
        self, function: Callable[..., object], arguments: tuple[object, ...]
    ) -> tuple[Any, int]:
        """Return what a function returns or the ArgmapError that it raises, and the bytes that the worker holds."""
        loop = asyncio.get_running_loop()
        data = pickle.dumps((function, arguments))
        await loop.sock_sendall(self.line, _LENGTH.pack(len(data)) + data)
        (length,) = _LENGTH.unpack(await self._received(_LENGTH.size))
        # S301: it comes from a process of this very program
        outcome, held = pickle.loads(await self._received(length))  # noqa: S301
        return outcome, held

    async def _received(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        data = bytearray(length)
        rest = memoryview(data)
        while rest:
            count = await loop.sock_recv_into(self.line, rest)
            if count == 0:
                raise EOFError
            rest = rest[count:]
        return data

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()


def _begun(begin: Callable[[], object], nice: int) -> None:
    os.nice(nice)
    begin()


def _serve(line: socket.socket) -> None:
    """Answer calls until nobody is there to make them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # meant for the service, which ends after its answers
    sys.excepthook = _written_bare
    _bound_memory()
    collect_seldom()
    threading.Thread(target=_end_with_caller, args=(line.fileno(),), daemon=True).start()
    with suppress(EOFError, ConnectionError):
        while True:
            (length,) = _LENGTH.unpack(_bytes(line, _LENGTH.size))
            # S301: it comes from the process that started this one
            function, arguments = pickle.loads(_bytes(line, length))  # noqa: S301
            try:
                outcome = function(*arguments)
            except MemoryError:
                outcome = WorkTooLarge("it needs more memory than it may have")
            except ArgmapError as error:
                outcome = error
            data = pickle.dumps((outcome, _bytes_held()))
            line.sendall(_LENGTH.pack(len(data)) + data)


def _written_bare(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Write where an error of the program came about, and of what kind it is: its words may have somebody's text."""
    places = traceback.format_tb(trace)
    sys.stderr.write("".join(("A worker failed:\n", *places, kind.__qualname__, "\n")))


def _bytes(line: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        count = line.recv_into(rest)
        if count == 0:
            raise EOFError
        rest = rest[count:]
    return data


def _bound_memory() -> None:
    import resource  # not on Windows, where there are no workers

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = MEMORY_LIMIT if most == resource.RLIM_INFINITY else min(MEMORY_LIMIT, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def _bytes_held() -> int:
    """Return how much memory this process holds; 0 where the system does not tell, as other than Linux."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except FileNotFoundError:
        return 0


def _end_with_caller(line: int) -> None:
    """End this process when the other end of the line is closed, amid a call too."""
    hanging_up = select.poll()
    hanging_up.register(line, 0)
    hanging_up.poll()
    os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))

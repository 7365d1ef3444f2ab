"""Processes that call functions for this one, each call bounded in time and memory; one that dies costs one call."""

import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from argmap.errors import ArgmapError, EngineTimeout, EngineUnavailable, PictureTooLarge

R = TypeVar("R")
_LENGTH = struct.Struct(">Q")  # before each message

MEMORY_LIMIT = 1 << 30  # bytes that a worker may fill, besides the code that it has loaded
MEMORY_KEPT = 256 << 20  # a worker that holds more after a call is not used again
START_SECONDS = 30.0  # for a worker to start, on a busy machine and with an engine to be compiled


class Workers:
    """A worker for each call that is under way; idle ones are kept for the next. Threads may share it.

    `begin` is called in each worker when it starts. `seconds`: what a call may take.
    """

    def __init__(self, begin: Callable[[], object], seconds: float) -> None:
        self._begin = begin
        self._seconds = seconds
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False

    def call(self, function: Callable[..., R], *arguments: object) -> R:
        """Return what a function returns; it is sent by its name, arguments and value are pickled.

        Raises what it raises, where that is an ArgmapError; EngineTimeout past its time, PictureTooLarge past its
        memory, EngineUnavailable when the worker does not start or is killed, RuntimeError when it fails otherwise (it
        has then written why to standard error).
        """
        worker = self._taken()
        try:
            outcome, held = worker.call(function, arguments, self._seconds)
        except BaseException:
            self._dismiss(worker)
            raise
        if held <= MEMORY_KEPT:
            self._put_back(worker)
        else:
            self._dismiss(worker)
        if isinstance(outcome, ArgmapError):
            raise outcome
        return outcome  # type: ignore[no-any-return]  # what came through the pipe has no type

    def start(self) -> None:
        """Start a worker if none is idle, so that the next call need not wait for it."""
        self._put_back(self._taken())

    def close(self) -> None:
        """End all workers; calls that are under way raise EngineUnavailable."""
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.kill()
            idle, self._idle = self._idle, []
        for worker in idle:
            self._dismiss(worker)

    def _taken(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise EngineUnavailable("the service is stopping")
            while self._idle:
                worker = self._idle.pop()  # the last one used: what is not needed stays asleep
                if worker.alive():
                    return worker
                self._all.discard(worker)
                worker.end()
            worker = _Worker()
            self._all.add(worker)
        try:
            begun, _ = worker.call(self._begin, (), START_SECONDS)
            if isinstance(begun, ArgmapError):
                raise begun
        except BaseException:
            self._dismiss(worker)
            raise
        return worker

    def _put_back(self, worker: "_Worker") -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        self._dismiss(worker)

    def _dismiss(self, worker: "_Worker") -> None:
        with self._lock:
            self._all.discard(worker)
        worker.end()


class _Worker:
    """One process, and this end of the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                # A program begun anew, without this process's threads, locks, files and connections; it finds its
                # modules where this one does, and not in the working folder.
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            except OSError as error:
                self._line.close()
                raise EngineUnavailable(f"no process can be started: {error.strerror}") from error

    def call(
        self, function: Callable[..., object], arguments: tuple[object, ...], seconds: float
    ) -> tuple[Any, int]:
        """Return what a function returns or the ArgmapError that it raises, and the bytes that the worker holds."""
        try:
            self._line.settimeout(seconds)
            _send(self._line, (function, arguments))
            outcome, held = _received(self._line)
            return outcome, held
        except TimeoutError:
            raise EngineTimeout(f"the picture took longer than {seconds:g} s") from None
        except (EOFError, ConnectionError) as error:
            raise self._end_told() from error

    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._line.close()

    def _end_told(self) -> Exception:
        if self._process.wait() > 0:
            return RuntimeError("a drawing process failed; it wrote why to standard error")
        return EngineUnavailable("the process that drew the picture was ended")


def _send(line: socket.socket, value: object) -> None:
    data = pickle.dumps(value)
    line.sendall(_LENGTH.pack(len(data)) + data)


def _received(line: socket.socket) -> Any:
    """Return what the other end has sent. Raises EOFError when it is gone, TimeoutError when nothing comes."""
    (length,) = _LENGTH.unpack(_bytes(line, _LENGTH.size))
    return pickle.loads(_bytes(line, length))  # noqa: S301  from a process of this very program


def _bytes(line: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        count = line.recv_into(rest)
        if count == 0:
            raise EOFError
        rest = rest[count:]
    return data


def _serve(line: socket.socket) -> None:
    """Answer calls until nobody is there to make them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # meant for the service, which ends after its answers
    _bound_memory()
    threading.Thread(target=_end_with_caller, args=(line.fileno(),), daemon=True).start()
    with suppress(EOFError, ConnectionError):
        while True:
            function, arguments = _received(line)
            try:
                outcome = function(*arguments)
            except MemoryError:
                outcome = PictureTooLarge("the picture needs more memory than it may have")
            except ArgmapError as error:
                outcome = error
            _send(line, (outcome, _bytes_held()))


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

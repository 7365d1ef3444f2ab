"""Graphviz in a WebAssembly sandbox of this process: no files, no network, bounded in time and memory."""

import atexit
import struct
import threading
import time
from functools import cache
from typing import Any

import wasmtime

from argmap.errors import EngineTimeout, EngineUnavailable, PictureTooLarge
from argmap.picture.engine.compiled import compiled

MEMORY_LIMIT = 512 * 1024 * 1024  # bytes of one instance
MEMORY_KEPT = 64 * 1024 * 1024  # an instance that grew beyond this is not used again
TICK = 0.02  # seconds between two looks at the clock
_ERROR_BYTES = 1_000


def run(dot: str, deadline: float) -> bytes:
    """Lay out a graph in the DOT language and return Graphviz's `plain` text with the positions.

    deadline: seconds that it may take. An instance lays out one graph at a time, and is replaced after any failure.
    Raises EngineTimeout, PictureTooLarge (memory), EngineUnavailable.
    """
    try:
        instance = _idle.pop()
    except IndexError:
        instance = _Instance()
    output = instance.run(dot, deadline)
    if instance.memory_bytes() <= MEMORY_KEPT:
        _idle.append(instance)  # it is not kept unless the layout ended well
    return output


class _Instance:
    """One running Graphviz, for one thread at a time."""

    def __init__(self) -> None:
        engine, linker, module = _machine()
        self.store = wasmtime.Store(engine)
        self.store.set_limits(memory_size=MEMORY_LIMIT, instances=1, memories=1, tables=4)
        self.store.set_wasi(wasmtime.WasiConfig())  # no arguments, environment, files or output
        self.store.set_epoch_deadline(_ticks(10.0))
        try:
            exports = linker.instantiate(self.store, module).exports(self.store)
            self.memory: Any = exports["memory"]
            self.malloc: Any = exports["malloc"]
            self.render: Any = exports["graphviz_render"]
            self.release: Any = exports["graphviz_free"]
            self.last_error: Any = exports["graphviz_last_error"]
            self.format, self.engine = self._text("plain"), self._text("dot")
            self.length = self._allocate(4)
            self.source, self.room = 0, 0  # where graphs are written, and how long they may be
        except (wasmtime.WasmtimeError, wasmtime.Trap, KeyError) as error:
            raise EngineUnavailable(f"the layout engine does not start: {_line(error)}") from error

    def run(self, dot: str, deadline: float) -> bytes:
        with _clock:
            self.store.set_epoch_deadline(_ticks(deadline))
            try:
                return self._layout(dot)
            except wasmtime.Trap as trap:
                if trap.trap_code is wasmtime.TrapCode.INTERRUPT:
                    raise EngineTimeout(f"the layout took longer than {deadline:g} s") from None
                raise self._crash(trap) from trap
            except wasmtime.WasmtimeError as error:  # the program ended itself, or grew too large
                raise self._crash(error) from error

    def memory_bytes(self) -> int:
        return int(self.memory.data_len(self.store))

    def _layout(self, dot: str) -> bytes:
        store = self.store
        data = dot.encode() + b"\0"
        if len(data) > self.room:
            self.room = 2 * len(data)
            self.source = self._allocate(self.room)  # the former one stays with the instance
        self.memory.write(store, data, self.source)
        result = self.render(store, self.source, self.format, self.engine, self.length)
        if result == 0:
            start = self.last_error(store)
            words = bytes(self.memory.read(store, start, start + _ERROR_BYTES)).split(b"\0", 1)[0]
            reason = words.decode("utf-8", "replace").strip().split("\n", 1)[0]
            raise EngineUnavailable(f"the layout engine gave no positions: {reason or 'no reason'}")
        (length,) = struct.unpack("<I", self.memory.read(store, self.length, self.length + 4))
        output = bytes(self.memory.read(store, result, result + length))
        self.release(store, result)
        return output

    def _text(self, text: str) -> int:
        data = text.encode() + b"\0"
        place = self._allocate(len(data))
        self.memory.write(self.store, data, place)
        return place

    def _allocate(self, size: int) -> int:
        place = int(self.malloc(self.store, size))
        if place == 0:
            raise PictureTooLarge("the layout needs more memory than it may have")
        return place

    def _crash(self, error: Exception) -> PictureTooLarge | EngineUnavailable:
        # Graphviz does not survive a refused allocation; how it falls differs from place to place.
        if self.memory_bytes() > MEMORY_LIMIT * 0.75:
            return PictureTooLarge("the layout needs more memory than it may have")
        return EngineUnavailable(f"the layout engine crashed: {_line(error)}")


_idle: list[_Instance] = []


class _Clock:
    """Advances the engine's epoch while any thread is laying out, so that deadlines come true."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.busy = threading.Event()
        self.running = 0
        self.thread: threading.Thread | None = None

    def __enter__(self) -> None:
        with self.lock:
            self.running += 1
            if self.thread is None or not self.thread.is_alive():  # threads do not survive a fork
                self.thread = threading.Thread(target=self._tick, name="argmap-clock", daemon=True)
                self.thread.start()
            self.busy.set()

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.running -= 1
            if self.running == 0:
                self.busy.clear()

    def _tick(self) -> None:
        engine = _machine()[0]
        while True:
            self.busy.wait()
            time.sleep(TICK)
            engine.increment_epoch()


_clock = _Clock()


def _ticks(seconds: float) -> int:
    return max(1, round(seconds / TICK)) + 1  # the first tick may come at once


def prepare() -> None:
    """Compile Graphviz, or find it compiled. Raises EngineUnavailable."""
    _machine()


_compiling = threading.Lock()


def _machine() -> tuple[wasmtime.Engine, wasmtime.Linker, wasmtime.Module]:
    with _compiling:  # two first callers compile once
        return _build_machine()


@cache
def _build_machine() -> tuple[wasmtime.Engine, wasmtime.Linker, wasmtime.Module]:
    config = wasmtime.Config()
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    return engine, linker, compiled(engine)


@atexit.register
def _close() -> None:
    """Free what wasmtime holds while Python can still do it: later its destructors would complain on standard error."""
    while _idle:
        _idle.pop().store.close()
    if _clock.running == 0 and _build_machine.cache_info().currsize:
        for part in reversed(_build_machine()):
            part.close()
        _build_machine.cache_clear()


def _line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]

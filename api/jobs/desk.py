"""The desk: pictures and analyses made in a bounded pool, each only once at a time, and kept while there is room."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.responses.problems import ProblemError
from argmap.drawing.workers import Workers

R = TypeVar("R")


class Desk:
    """Draws pictures off the event loop; used from the loop's thread only.

    At most `most` are drawn at once and `queue` wait; past that asking is refused with 503 and Retry-After.
    Asked for twice at once, a picture is drawn once. Finished ones are kept up to `cache_bytes`, the least lately
    used leaving first; keys name content, so that an entry never goes stale. `workers` draw beside this process.
    """

    def __init__(
        self,
        most: int,
        queue: int,
        cache_bytes: int,
        seconds: float,
        workers: Workers | None = None,
    ) -> None:
        self.seconds = seconds
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="draw")
        self._workers = workers
        if workers is not None:
            self._pool.submit(workers.start)
        self._most = most + queue
        self._under_way: dict[str, asyncio.Future[bytes]] = {}
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._cache_bytes = cache_bytes

    def kept(self, key: str) -> bytes | None:
        """Return a picture that is at hand, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    async def get(self, key: str, draw: Callable[[], bytes]) -> bytes:
        """Return the picture of that key, drawing it if need be.

        Raises ProblemError (503) when too many are waiting, and what `draw` raises.
        """
        found = self.kept(key)
        if found is not None:
            return found
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= self._most:
                raise ProblemError("busy", "Many pictures are waiting to be drawn; try again soon.")
            task = asyncio.ensure_future(self._draw(key, draw))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._finish(key, done))
        # Shielded: when one of several callers goes away, the others still get their picture.
        return await asyncio.shield(task)

    def call(self, function: Callable[..., R], *arguments: object) -> R:
        """Call a function that draws: in a worker if there are any, else here. Raises what `Workers.call` does."""
        if self._workers is None:
            return function(*arguments)
        return self._workers.call(function, *arguments)

    def close(self) -> None:
        """Let go of threads and workers; pictures not begun are not drawn."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._workers is not None:
            self._workers.close()

    async def _draw(self, key: str, draw: Callable[[], bytes]) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._pool, draw)

    def _finish(self, key: str, done: "asyncio.Future[bytes]") -> None:
        self._under_way.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        picture = done.result()
        if len(picture) > self._cache_bytes:
            return
        self._kept[key] = picture
        self._kept_bytes += len(picture)
        while self._kept_bytes > self._cache_bytes:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= len(gone)

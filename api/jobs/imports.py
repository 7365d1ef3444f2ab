"""Imports: their files read one by one in processes that can be ended, their maps stored off the event loop."""

import asyncio
import concurrent.futures
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial

from api.responses.problems import report
from argmap import formats
from argmap.drawing.workers import Workers
from argmap.errors import ArgmapError, StoreFull, StoreUnavailable, WorkEnded
from argmap.formats import Loaded, Loss, LossKind
from argmap.store import Database, Session, articles, import_queue
from argmap.store.import_queue import Taken, WaitingFile
from argmap.store.imports import FileState
from argmap.store.maps import maps
from argmap.store.records import Asker, Scope
from schemas.imports import stored_report

SLOTS = 2  # jobs of which a file is read at a time, so that one that takes long stops nobody else's
FILE_SECONDS = 20.0  # that reading one file may take
RENEW_SECONDS = 2.0  # between signs of life while a file is read
NICE = 10  # niceness of the processes that read files
TRIES = 3  # of a file that ends the process or meets a fault of argmap
TURN_SECONDS = 1.0  # after which the next job has its turn
IDLE_SECONDS = 2.0  # between looks for jobs that another process left or took in
TROUBLE_SECONDS = 1.0  # to wait when the database is full or gone
CLOSING_SECONDS = 5.0

logger = logging.getLogger("argmap.api")


class ReadingFailed(ArgmapError):
    """Reading a file failed again and again by a fault of argmap."""


class Importer:
    """Takes turns with the jobs in the database; used from the event loop's thread only.

    There is one in each process; the database says which of them has which job. Nothing is kept here that a killed
    process would lose: each file is settled in the transaction that stores its map. Without `processes` files are read
    in threads of this process, which nothing can end.
    """

    def __init__(self, database: Database, processes: bool = True) -> None:
        self._database = database
        self._processes = processes
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="import")
        self._workers = Workers(
            partial(formats.by_ending, ""), NICE
        )  # which loads what reads files
        self._wakes: list[asyncio.Event] = []
        self._closing = False

    def wake(self) -> None:
        """Have the jobs looked at now."""
        for wake in self._wakes:
            wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as slots:
                for _ in range(SLOTS):
                    slots.create_task(self._work())
        finally:
            self._pool.shutdown(wait=False)
            await self._workers.close()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        holder = secrets.token_hex(8)
        wake = asyncio.Event()
        self._wakes.append(wake)
        counted = True
        while True:
            wake.clear()
            turn = loop.run_in_executor(self._pool, self._turn, loop, holder, counted)
            try:
                await asyncio.wait([turn])
            except asyncio.CancelledError:
                self._closing = True
                await (
                    self._workers.close()
                )  # a file that is being read is read again after the start
                await asyncio.wait([turn], timeout=CLOSING_SECONDS)
                raise
            error = turn.exception()
            counted = not isinstance(error, StoreUnavailable | StoreFull)
            if error is not None:
                logger.error(
                    "an import goes on later: %s", error, exc_info=error if counted else None
                )
                await asyncio.sleep(TROUBLE_SECONDS)
            elif not turn.result():
                await self._idle(wake)

    async def _idle(self, wake: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await wake.wait()

    def _turn(self, loop: asyncio.AbstractEventLoop, holder: str, counted: bool) -> bool:
        """Take a job and settle some of its files; tell whether there was one.

        Raises StoreUnavailable and StoreFull, after which the same file is tried again, and whatever a fault of argmap
        raises, after which it is tried again a few times.
        """
        with self._database.read() as session:
            if not import_queue.waits(session, holder):
                return False
        with self._database.write() as session:
            job = import_queue.take_job(session, holder, counted=counted)
        if job is None:
            return False
        read = partial(self._read, loop, holder)
        until = time.monotonic() + TURN_SECONDS
        while True:
            with self._database.read() as session:
                file = import_queue.next_file(session, job.id)
            if file is None or settle_file(self._database, job, file, read):
                return True
            if self._closing or time.monotonic() > until:
                return True
            job = replace(job, tries=0)

    def _read(
        self,
        loop: asyncio.AbstractEventLoop,
        holder: str,
        data: bytes,
        format: str | None,
        name: str | None,
        beside: bytes | None,
    ) -> Loaded:
        """Have a file read in a process, from the thread of a turn, and keep the job meanwhile."""
        if not self._processes:
            return formats.load(data, format, name, beside)
        call = self._workers.call(formats.load, data, format, name, beside, seconds=FILE_SECONDS)
        reading = asyncio.run_coroutine_threadsafe(call, loop)
        while True:
            try:
                return reading.result(RENEW_SECONDS)
            except concurrent.futures.TimeoutError:
                if reading.done():
                    raise
                with self._database.write() as session:
                    import_queue.renew(session, holder)


Read = Callable[[bytes, str | None, str | None, bytes | None], Loaded]


def settle_file(
    database: Database, job: Taken, file: WaitingFile, read: Read = formats.load
) -> bool:
    """Read one file and store its map and its result together, or why that failed; tell whether it was the last.

    A file that somebody else has settled meanwhile is left alone.
    Raises StoreUnavailable, StoreFull, WorkEnded when the process that reads it was killed.
    """
    try:
        if job.tries > TRIES:
            raise ReadingFailed(f"Reading it failed {TRIES} times by a fault of the service.")
        loaded = read(file.data, job.format, file.name, file.beside)
        with database.write() as session:
            if not import_queue.still_waits(session, job.id, file.position):
                return False
            return _store(session, job, file, loaded)
    except (StoreUnavailable, StoreFull, WorkEnded):
        raise
    except ArgmapError as error:
        with database.write() as session:
            if not import_queue.still_waits(session, job.id, file.position):
                return False
            return import_queue.settle(
                session, job.id, file.position, FileState.FAILED, report=report(error)
            )


def _store(session: Session, job: Taken, file: WaitingFile, loaded: Loaded) -> bool:
    asker = Asker(job.account_id, Scope.WRITE)
    article, article_id, lost = loaded.map.article, job.article_id, []
    if not loaded.beside_read:
        message = (
            "The text beside the file was left out; a file of this format is read without one."
        )
        lost.append(Loss(LossKind.ARTICLE, 1, "", message))
    if article is not None and article_id is not None:
        message = "The article in the file was not stored; the map reads the one that was named."
        lost.append(Loss(LossKind.ARTICLE, 1, "", message))
    elif article is not None:
        article_id = import_queue.known_article(session, job.account_id, article, job.visibility)
        if article_id is None:
            article_id = articles.create_article(session, asker, article, job.visibility).id
    map = maps.create_map(
        session,
        asker,
        loaded.map.replace(article=None),
        article_id=article_id,
        visibility=job.visibility,
    )
    return import_queue.settle(
        session,
        job.id,
        file.position,
        FileState.STORED,
        report=stored_report(loaded, lost),
        map_id=map.id,
        article_id=article_id,
    )

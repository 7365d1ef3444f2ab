"""The worker that reads the files of imports and stores their maps, one after the other, off the event loop."""

import asyncio
import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from api.responses.problems import report
from argmap import formats
from argmap.errors import ArgmapError, StoreFull, StoreUnavailable
from argmap.formats import Loaded, Loss, LossKind
from argmap.store import Database, Session, articles, import_queue
from argmap.store.import_queue import Taken, WaitingFile
from argmap.store.imports import FileState
from argmap.store.maps import maps
from argmap.store.records import Asker, Scope
from schemas.imports import stored_report

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
    process would lose: each file is settled in the transaction that stores its map.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = secrets.token_hex(8)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._wake = asyncio.Event()
        self._closing = False

    def wake(self) -> None:
        """Have the jobs looked at now."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        loop = asyncio.get_running_loop()
        counted = True
        while True:
            self._wake.clear()
            turn = loop.run_in_executor(self._pool, self._turn, counted)
            try:
                await asyncio.wait([turn])
            except asyncio.CancelledError:
                self._closing = True
                await asyncio.wait([turn], timeout=CLOSING_SECONDS)
                self._pool.shutdown(wait=False)
                raise
            error = turn.exception()
            counted = not isinstance(error, StoreUnavailable | StoreFull)
            if error is not None:
                logger.error(
                    "an import goes on later: %s", error, exc_info=error if counted else None
                )
                await asyncio.sleep(TROUBLE_SECONDS)
            elif not turn.result():
                await self._idle()

    async def _idle(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()

    def _turn(self, counted: bool) -> bool:
        """Take a job and settle some of its files; tell whether there was one.

        Raises StoreUnavailable and StoreFull, after which the same file is tried again, and whatever a fault of argmap
        raises, after which it is tried again a few times.
        """
        with self._database.read() as session:
            if not import_queue.waits(session, self._holder):
                return False
        with self._database.write() as session:
            job = import_queue.take_job(session, self._holder, counted=counted)
        if job is None:
            return False
        until = time.monotonic() + TURN_SECONDS
        while True:
            with self._database.read() as session:
                file = import_queue.next_file(session, job.id)
            if file is None or settle_file(self._database, job, file):
                return True
            if self._closing or time.monotonic() > until:
                return True
            job = replace(job, tries=0)


def settle_file(database: Database, job: Taken, file: WaitingFile) -> bool:
    """Read one file and store its map and its result together, or why that failed; tell whether it was the last.

    A file that somebody else has settled meanwhile is left alone. Raises StoreUnavailable, StoreFull.
    """
    try:
        if job.tries > TRIES:
            raise ReadingFailed(f"Reading it failed {TRIES} times by a fault of the service.")
        loaded = formats.load(file.data, job.format, file.name, file.beside)
        with database.write() as session:
            if not import_queue.still_waits(session, job.id, file.position):
                return False
            return _store(session, job, file, loaded)
    except (StoreUnavailable, StoreFull):
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
        message = "The text beside the file was left out; a file of this format has none beside it."
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

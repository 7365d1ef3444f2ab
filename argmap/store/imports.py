"""Imports: files sent in to be read into maps, and what became of each; `argmap.store.import_queue` works on them."""

import datetime
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from argmap.errors import NotFound
from argmap.store.events import ImportChanged
from argmap.store.ids import (
    cursor_after,
    from_microseconds,
    new_id,
    now,
    read_cursor,
    to_microseconds,
)
from argmap.store.records import Page, Visibility
from argmap.store.sql.session import Session
from argmap.store.sql.tables import IMPORT_FILE, IMPORT_JOB

KEPT = datetime.timedelta(days=7)  # how long one can look at a finished import


class JobState(StrEnum):
    """How far an import is."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class FileState(StrEnum):
    """What became of a file: its map is stored, or it failed, or the import was cancelled before its turn came."""

    WAITING = "waiting"
    STORED = "stored"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING = IMPORT_FILE.c.state == FileState.WAITING.value


@dataclass(frozen=True, slots=True)
class Sent:
    """A file sent in: its bytes and those of the text that it annotates, as `packed` gives them.

    A file that was refused before it was read has no bytes but a `refusal`, the report of why.
    """

    name: str | None
    data: bytes = b""
    beside: bytes | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class ImportJob:
    """An import: its state and how many of its files are in which state."""

    id: str
    state: JobState
    created: datetime.datetime
    finished: datetime.datetime | None
    total: int
    waiting: int
    stored: int
    failed: int


@dataclass(frozen=True, slots=True)
class ImportFile:
    """What became of a file. `report` is JSON, as whoever read the file wrote it."""

    name: str | None
    state: FileState
    map_id: str | None
    article_id: str | None
    report: str | None


def packed(data: bytes) -> bytes:
    """Compress the bytes of a file for the time that it waits."""
    return zlib.compress(data, 1)


def add_job(
    session: Session,
    account_id: str,
    files: Sequence[Sent],
    *,
    format: str | None = None,
    visibility: Visibility = Visibility.PRIVATE,
    article_id: str | None = None,
) -> str:
    """Keep files to be imported for an account, and return the id of the job."""
    id, moment = new_id(), now()
    ready = all(file.refusal is not None for file in files)
    session.execute(
        insert(IMPORT_JOB).values(
            id=id,
            account_id=account_id,
            created=moment,
            finished=moment if ready else None,
            cancelled=False,
            format=format,
            visibility=visibility.value,
            article_id=article_id,
            worked=moment,
            tries=0,
        )
    )
    rows = [
        {
            "job_id": id,
            "position": position,
            "name": file.name,
            "state": (FileState.WAITING if file.refusal is None else FileState.FAILED).value,
            "data": file.data if file.refusal is None else None,
            "beside": file.beside,
            "report": file.refusal,
        }
        for position, file in enumerate(files)
    ]
    if rows:
        session.execute(insert(IMPORT_FILE), rows)
    return id


def unfinished(session: Session, account_id: str) -> int:
    """Count the imports of an account that are under way."""
    running = IMPORT_JOB.c.account_id == account_id, IMPORT_JOB.c.finished.is_(None)
    query = select(func.count()).select_from(IMPORT_JOB).where(*running)
    count: int = session.execute(query).scalar_one()
    return count


def job(session: Session, account_id: str, id: str) -> ImportJob:
    """Return an import of that account. Raises NotFound."""
    query = select(IMPORT_JOB).where(*_own(account_id, id))
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFound("the import does not exist")
    return _jobs(session, [row])[0]


def jobs(
    session: Session, account_id: str, cursor: str | None = None, limit: int = 50
) -> Page[ImportJob]:
    """List the imports of that account, newest first. Raises BadCursor."""
    query = (
        select(IMPORT_JOB)
        .where(IMPORT_JOB.c.account_id == account_id)
        .order_by(IMPORT_JOB.c.created.desc(), IMPORT_JOB.c.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        moment, id = read_cursor(cursor)
        last = from_microseconds(moment)
        same = and_(IMPORT_JOB.c.created == last, IMPORT_JOB.c.id < id)
        query = query.where(or_(IMPORT_JOB.c.created < last, same))
    rows = session.execute(query).mappings().all()
    found = _jobs(session, rows[:limit])
    next = None
    if len(rows) > limit:
        next = cursor_after(to_microseconds(found[-1].created), found[-1].id)
    return Page(tuple(found), next)


def _jobs(session: Session, rows: Sequence[Any]) -> list[ImportJob]:
    """Make records of jobs, with how many of their files are in which state."""
    counted = (
        select(IMPORT_FILE.c.job_id, IMPORT_FILE.c.state, func.count())
        .where(IMPORT_FILE.c.job_id.in_([row["id"] for row in rows]))
        .group_by(IMPORT_FILE.c.job_id, IMPORT_FILE.c.state)
    )
    counts = {(id, state): count for id, state, count in session.execute(counted)}
    found = []
    for row in rows:
        state = JobState.RUNNING
        if row["finished"] is not None:
            state = JobState.CANCELLED if row["cancelled"] else JobState.FINISHED
        of = {file: counts.get((row["id"], file.value), 0) for file in FileState}
        found.append(
            ImportJob(
                id=row["id"],
                state=state,
                created=row["created"],
                finished=row["finished"],
                total=sum(of.values()),
                waiting=of[FileState.WAITING],
                stored=of[FileState.STORED],
                failed=of[FileState.FAILED],
            )
        )
    return found


def files(
    session: Session, account_id: str, id: str, cursor: str | None = None, limit: int = 50
) -> Page[ImportFile]:
    """List the files of an import in the order sent, with what became of them. Raises NotFound, BadCursor."""
    job(session, account_id, id)
    after = -1 if cursor is None else read_cursor(cursor)[0]
    columns = ("position", "name", "state", "map_id", "article_id", "report")
    query = (
        select(*[IMPORT_FILE.c[name] for name in columns])
        .where(IMPORT_FILE.c.job_id == id, IMPORT_FILE.c.position > after)
        .order_by(IMPORT_FILE.c.position)
        .limit(limit + 1)
    )
    rows = session.execute(query).mappings().all()
    found = tuple(
        ImportFile(
            row["name"], FileState(row["state"]), row["map_id"], row["article_id"], row["report"]
        )
        for row in rows[:limit]
    )
    return Page(found, cursor_after(rows[limit - 1]["position"]) if len(rows) > limit else None)


def cancel(session: Session, account_id: str, id: str) -> None:
    """Import no more files of a job; what is stored stays. A finished job stays what it is. Raises NotFound."""
    if job(session, account_id, id).state is not JobState.RUNNING:
        return
    session.execute(
        update(IMPORT_FILE)
        .where(IMPORT_FILE.c.job_id == id, WAITING)
        .values(state=FileState.CANCELLED.value, data=None, beside=None)
    )
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.id == id, IMPORT_JOB.c.finished.is_(None))
        .values(finished=now(), cancelled=True)
    )
    session.publish(ImportChanged(id))


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Forget the imports that ended before that moment (7 days ago unless said), and say how many they were."""
    before = older_than or now() - KEPT
    gone = delete(IMPORT_JOB).where(IMPORT_JOB.c.finished < before)
    return session.connection().execute(gone).rowcount


def _own(account_id: str, id: str) -> tuple[ColumnElement[bool], ...]:
    return IMPORT_JOB.c.id == id, IMPORT_JOB.c.account_id == account_id

"""Imports: files that wait to be read into maps, settled one by one, and what became of each."""

import datetime
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from argmap.errors import NotFound
from argmap.model import Article, canonical
from argmap.store.ids import cursor_after, new_id, now, read_cursor
from argmap.store.records import Page, Visibility
from argmap.store.session import Session
from argmap.store.tables import ARTICLE, IMPORT_FILE, IMPORT_JOB

LEASE = datetime.timedelta(seconds=5)  # after it another worker takes over a job
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


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that a worker has taken: whose it is, how its files are to be read, how often it was taken in vain."""

    id: str
    account_id: str
    format: str | None
    visibility: Visibility
    article_id: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """The next file of a job, whose place in it is `position`."""

    position: int
    name: str | None
    data: bytes
    beside: bytes | None


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
        raise NotFound("there is no such import")
    counted = (
        select(IMPORT_FILE.c.state, func.count())
        .where(IMPORT_FILE.c.job_id == id)
        .group_by(IMPORT_FILE.c.state)
    )
    counts = {FileState(state): count for state, count in session.execute(counted)}
    if row["finished"] is None:
        state = JobState.RUNNING
    else:
        state = JobState.CANCELLED if row["cancelled"] else JobState.FINISHED
    return ImportJob(
        id=id,
        state=state,
        created=row["created"],
        finished=row["finished"],
        total=sum(counts.values()),
        waiting=counts.get(FileState.WAITING, 0),
        stored=counts.get(FileState.STORED, 0),
        failed=counts.get(FileState.FAILED, 0),
    )


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
        .where(IMPORT_FILE.c.job_id == id, _WAITING)
        .values(state=FileState.CANCELLED.value, data=None, beside=None)
    )
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.id == id, IMPORT_JOB.c.finished.is_(None))
        .values(finished=now(), cancelled=True)
    )


def waits(session: Session, holder: str) -> bool:
    """Tell whether there is a job that this worker could take."""
    return (
        session.execute(select(IMPORT_JOB.c.id).where(_free(holder)).limit(1)).first() is not None
    )


def take_job(session: Session, holder: str, *, counted: bool = True) -> Taken | None:
    """Give a worker the free job that nobody has taken up for longest, and free the one it had; None: there is none.

    A job is free when no worker has it, its worker has it no longer (it was killed, say), or this very one has it.
    `counted` is false after troubles that are none of the files' fault.
    """
    oldest = select(IMPORT_JOB).where(_free(holder)).order_by(IMPORT_JOB.c.worked, IMPORT_JOB.c.id)
    row = session.execute(oldest.limit(1)).mappings().first()
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.holder == holder, IMPORT_JOB.c.finished.is_(None))
        .values(holder=None, leased=None)
    )
    if row is None:
        return None
    moment, tries = now(), row["tries"] + counted
    took = session.connection().execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.id == row["id"], _free(holder))
        .values(holder=holder, leased=moment + LEASE, worked=moment, tries=tries)
    )
    if took.rowcount != 1:
        return None
    visibility = Visibility(row["visibility"])
    return Taken(row["id"], row["account_id"], row["format"], visibility, row["article_id"], tries)


def next_file(session: Session, job_id: str) -> WaitingFile | None:
    """Return the first file of a job that still waits."""
    query = select(IMPORT_FILE).where(IMPORT_FILE.c.job_id == job_id, _WAITING)
    row = session.execute(query.order_by(IMPORT_FILE.c.position).limit(1)).mappings().first()
    if row is None:
        return None
    beside = row["beside"]
    return WaitingFile(
        row["position"],
        row["name"],
        zlib.decompress(row["data"]),
        None if beside is None else zlib.decompress(beside),
    )


def still_waits(session: Session, job_id: str, position: int) -> bool:
    """Tell whether a file still waits, and keep everybody else from settling it until the transaction ends."""
    query = select(IMPORT_FILE.c.position).where(*_file(job_id, position), _WAITING)
    return session.execute(query.with_for_update()).first() is not None


def settle(
    session: Session,
    job_id: str,
    position: int,
    state: FileState,
    *,
    report: str,
    map_id: str | None = None,
    article_id: str | None = None,
) -> bool:
    """Note what became of a file, in the transaction that stores its map; tell whether it was the job's last."""
    session.execute(
        update(IMPORT_FILE)
        .where(*_file(job_id, position))
        .values(
            state=state.value,
            data=None,
            beside=None,
            map_id=map_id,
            article_id=article_id,
            report=report,
        )
    )
    waiting = select(IMPORT_FILE.c.position).where(IMPORT_FILE.c.job_id == job_id, _WAITING)
    last = session.execute(waiting.limit(1)).first() is None
    values: dict[str, Any] = {"finished": now()} if last else {"leased": now() + LEASE}
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.id == job_id, IMPORT_JOB.c.finished.is_(None))
        .values(tries=0, **values)
    )
    return last


def known_article(
    session: Session, account_id: str, article: Article, visibility: Visibility
) -> str | None:
    """Return the id of an article of that account that is the same in every word and as visible, if there is one.

    Many maps of one text then share its article, as they did where they come from.
    """
    same = (
        ARTICLE.c.owner == account_id,
        ARTICLE.c.deleted.is_(None),
        ARTICLE.c.visibility == visibility.value,
        ARTICLE.c.title == article.title,
        ARTICLE.c.body == canonical(article.model_copy(update={"text": None})),
        ARTICLE.c.text.is_not_distinct_from(article.text),
    )
    query = select(ARTICLE.c.id).where(*same).order_by(ARTICLE.c.created, ARTICLE.c.id)
    return session.execute(query.limit(1)).scalar()


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Forget the imports that ended before that moment (7 days ago unless said), and say how many they were."""
    before = older_than or now() - KEPT
    gone = delete(IMPORT_JOB).where(IMPORT_JOB.c.finished < before)
    return session.connection().execute(gone).rowcount


_WAITING = IMPORT_FILE.c.state == FileState.WAITING.value


def _own(account_id: str, id: str) -> tuple[ColumnElement[bool], ...]:
    return IMPORT_JOB.c.id == id, IMPORT_JOB.c.account_id == account_id


def _file(job_id: str, position: int) -> tuple[ColumnElement[bool], ...]:
    return IMPORT_FILE.c.job_id == job_id, IMPORT_FILE.c.position == position


def _free(holder: str) -> ColumnElement[bool]:
    job = IMPORT_JOB.c
    held = or_(job.leased.is_(None), job.leased < now(), job.holder == holder)
    return and_(job.finished.is_(None), held)

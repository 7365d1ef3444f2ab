"""What workers do with imports: take a job in turn, read its next file, settle it in the transaction of its map."""

import datetime
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from argmap.model import Article, canonical
from argmap.store.events import ImportChanged
from argmap.store.ids import now
from argmap.store.imports import WAITING, FileState
from argmap.store.records import Visibility
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ARTICLE, IMPORT_FILE, IMPORT_JOB

LEASE = datetime.timedelta(seconds=5)  # after it another worker takes over a job


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


def waits(session: Session, holder: str) -> bool:
    """Tell whether there is a job that this worker could take."""
    return (
        session.execute(select(IMPORT_JOB.c.id).where(_free(holder)).limit(1)).first() is not None
    )


def take_job(session: Session, holder: str, *, counted: bool = True) -> Taken | None:
    """Give a worker a free job, and free the one it had; None: there is none.

    Accounts take turns, and the jobs of each: it is the one that nobody has taken up for longest.

    A job is free when no worker has it, its worker has it no longer (it was killed, say), or this very one has it.
    `counted` is false after troubles that are none of the files' fault.
    """
    others = IMPORT_JOB.alias()
    served = (  # when the account last had a turn, with whichever job
        select(func.max(others.c.worked))
        .where(others.c.account_id == IMPORT_JOB.c.account_id)
        .scalar_subquery()
    )
    oldest = (
        select(IMPORT_JOB)
        .where(_free(holder))
        .order_by(served, IMPORT_JOB.c.worked, IMPORT_JOB.c.id)
    )
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


def renew(session: Session, holder: str) -> None:
    """Keep the job that a worker has, which is at a file that takes long."""
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.holder == holder, IMPORT_JOB.c.finished.is_(None))
        .values(leased=now() + LEASE)
    )


def next_file(session: Session, job_id: str) -> WaitingFile | None:
    """Return the first file of a job that still waits."""
    query = select(IMPORT_FILE).where(IMPORT_FILE.c.job_id == job_id, WAITING)
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
    query = select(IMPORT_FILE.c.position).where(*_file(job_id, position), WAITING)
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
    waiting = select(IMPORT_FILE.c.position).where(IMPORT_FILE.c.job_id == job_id, WAITING)
    last = session.execute(waiting.limit(1)).first() is None
    values: dict[str, Any] = {"finished": now()} if last else {"leased": now() + LEASE}
    session.execute(
        update(IMPORT_JOB)
        .where(IMPORT_JOB.c.id == job_id, IMPORT_JOB.c.finished.is_(None))
        .values(tries=0, **values)
    )
    session.publish(ImportChanged(job_id))
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


def _file(job_id: str, position: int) -> tuple[ColumnElement[bool], ...]:
    return IMPORT_FILE.c.job_id == job_id, IMPORT_FILE.c.position == position


def _free(holder: str) -> ColumnElement[bool]:
    job = IMPORT_JOB.c
    held = or_(job.leased.is_(None), job.leased < now(), job.holder == holder)
    return and_(job.finished.is_(None), held)

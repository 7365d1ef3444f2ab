"""Answers kept for a day, so that a request that is sent twice counts once."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from argmap.errors import IdempotencyMismatch
from argmap.store.ids import now
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ANSWER, OPERATION

KEPT = datetime.timedelta(hours=24)
OPERATIONS_KEPT = datetime.timedelta(days=30)  # a browser may have been shut with edits in it


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer that the first request of its key was given."""

    status: int
    headers: dict[str, str]
    body: bytes


def begin(session: Session, account_id: str, key: str, fingerprint: str) -> Replay | None:
    """Claim a key for a request, or return the answer that it was given before.

    A duplicate that comes while the first is under way waits for it: on SQLite because there is one writer, on
    PostgreSQL because the insert waits for the other's. `fingerprint` is a hash of what was asked.
    Raises IdempotencyMismatch when the key was used for another request.
    """
    session.execute(delete(ANSWER).where(*_of(account_id, key), ANSWER.c.created < now() - KEPT))
    sqlite_ = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert(ANSWER) if sqlite_ else postgresql.insert(ANSWER)
    claimed = session.execute(
        insert.values(
            account_id=account_id, key=key, fingerprint=fingerprint, created=now()
        ).on_conflict_do_nothing()
    )
    if claimed.rowcount == 1:
        return None
    row = session.execute(select(ANSWER).where(*_of(account_id, key))).mappings().one()
    if row["fingerprint"] != fingerprint:
        raise IdempotencyMismatch("this idempotency key was used before, for another request")
    if row["status"] is None:
        return None  # claimed and committed without an answer, so nothing was done under it
    return Replay(row["status"], json.loads(row["headers"]), bytes(row["body"]))


def finish(
    session: Session,
    account_id: str,
    key: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Keep the answer, in the transaction of what was done."""
    session.execute(
        update(ANSWER)
        .where(*_of(account_id, key))
        .values(status=status, headers=json.dumps(dict(headers)), body=body)
    )


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Forget answers (older than 24 hours) and keys of operations (30 days), or all before a moment; say how many."""
    before = older_than or now() - KEPT
    gone = session.execute(delete(ANSWER).where(ANSWER.c.created < before)).rowcount
    long_before = older_than or now() - OPERATIONS_KEPT
    operations = delete(OPERATION).where(OPERATION.c.created < long_before)
    return gone + session.execute(operations).rowcount


def _of(account_id: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return ANSWER.c.account_id == account_id, ANSWER.c.key == key

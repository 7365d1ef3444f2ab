"""Answers kept for a day, so that a request that is sent twice counts once."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Replay:
    """The answer that the first request of its key was given."""

    status: int
    headers: dict[str, str]
    body: bytes


def begin(session: Session, account_id: str, key: str, fingerprint: str) -> Replay | None:
    """Claim a key for a request, or return the answer that it was given before.

    A duplicate that comes while the first is under way waits for it. `fingerprint` is a hash of what was asked.
    Raises IdempotencyMismatch when the key was used for another request.
    """
    raise NotImplementedError


def finish(
    session: Session, account_id: str, key: str, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Keep the answer, in the transaction of what was done."""
    raise NotImplementedError


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Forget the answers given before that moment (24 hours ago unless said), and say how many they were."""
    raise NotImplementedError

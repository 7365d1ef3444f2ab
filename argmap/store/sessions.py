"""Signing in: sessions of browsers, which are tokens with an end, and the passwords that begin them.

The store keeps and compares hashes; what makes them, and how many at once, is the service's.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from argmap.errors import NotFound
from argmap.store.events import AccessChanged
from argmap.store.ids import new_id, new_secret, now, token_hash
from argmap.store.records import AccountKind, Scope
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ACCOUNT, TOKEN

DAYS = 30  # that a session lasts
FRESH = datetime.timedelta(minutes=15)  # after a link, in which the old password is not needed
BY_LINK, BY_PASSWORD = "signed in by link", "signed in by password"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: since when and until when, when it was last used, and in which browser."""

    id: str
    created: datetime.datetime
    last_used: datetime.datetime | None
    expires: datetime.datetime | None
    agent: str | None
    hash: str


def begin(session: Session, account_id: str, agent: str | None, how: str) -> str:
    """Begin a session of an account and return its secret."""
    plain, moment = new_secret("argmap"), now()
    session.execute(
        TOKEN.insert().values(
            id=new_id(),
            hash=token_hash(plain),
            account_id=account_id,
            name=how,
            scope=Scope.WRITE.value,
            created=moment,
            expires=moment + datetime.timedelta(days=DAYS),
            session=True,
            agent=agent,
        )
    )
    return plain


def sessions(session: Session, account_id: str) -> tuple[SignedIn, ...]:
    """List the sessions of an account that have not ended, newest first."""
    live = TOKEN.c.expires.is_(None) | (TOKEN.c.expires > now())
    query = select(TOKEN).where(TOKEN.c.account_id == account_id, TOKEN.c.session, live)
    rows = session.execute(query.order_by(TOKEN.c.created.desc(), TOKEN.c.id)).mappings()
    names = ("id", "created", "last_used", "expires", "agent", "hash")
    return tuple(SignedIn(**{name: row[name] for name in names}) for row in rows)


def end(session: Session, account_id: str, id: str) -> None:
    """End one session of an account. Raises NotFound."""
    gone = delete(TOKEN).where(TOKEN.c.account_id == account_id, TOKEN.c.session, TOKEN.c.id == id)
    if session.execute(gone).rowcount != 1:
        raise NotFound("the session does not exist")
    session.publish(AccessChanged())


def end_all(session: Session, account_id: str, but: str | None = None) -> None:
    """End the sessions of an account everywhere, `but` for the one of that hash; API tokens stay."""
    gone = delete(TOKEN).where(TOKEN.c.account_id == account_id, TOKEN.c.session)
    session.execute(gone if but is None else gone.where(TOKEN.c.hash != but))
    session.publish(AccessChanged())


def password_of(session: Session, name: str) -> tuple[str, str] | None:
    """Return the id of a person of that name and the hash of their password; None where there is none."""
    query = select(ACCOUNT.c.id, ACCOUNT.c.password).where(
        ACCOUNT.c.folded == name.strip().casefold(),
        ACCOUNT.c.erased.is_(None),
        ACCOUNT.c.kind == AccountKind.PERSON.value,
        ACCOUNT.c.password.is_not(None),
    )
    row = session.execute(query).first()
    return None if row is None else (row.id, row.password)


def own_password(session: Session, account_id: str) -> str | None:
    """Return the hash of an account's password, if it has one."""
    return session.execute(select(ACCOUNT.c.password).where(ACCOUNT.c.id == account_id)).scalar()


def is_fresh(session: Session, account_id: str, hash: str) -> bool:
    """Tell whether a session of that hash was begun by a one-time link a short while ago."""
    query = select(TOKEN.c.id).where(
        TOKEN.c.account_id == account_id,
        TOKEN.c.hash == hash,
        TOKEN.c.session,
        TOKEN.c.name == BY_LINK,
        TOKEN.c.created > now() - FRESH,
    )
    return session.execute(query).first() is not None


def set_password(session: Session, account_id: str, hash: str, keep: str | None = None) -> None:
    """Set the hash of an account's password and end its sessions, but for the one of the hash `keep`."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(password=hash))
    end_all(session, account_id, keep)

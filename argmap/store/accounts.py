"""Accounts, their API tokens and one-time sign-ins."""

import datetime
import itertools
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from argmap.errors import BadValue, Conflict, NotFound
from argmap.store.events import AccessChanged
from argmap.store.export_and_erase import erase_account, export_account
from argmap.store.ids import new_id, new_secret, now, to_microseconds, token_hash
from argmap.store.records import Account, AccountKind, Asker, Scope, Token
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow, Prepared
from argmap.store.sql.tables import ACCOUNT, SIGN_IN, TOKEN

__all__ = [
    "account", "accounts", "add_sign_in", "add_token", "create_account", "erase_account",
    "export_account", "find_account", "has_session", "note_uses", "owner", "redeem_sign_in",
    "revoke_token", "token_asker", "token_hash", "tokens", "use_sign_in",
]  # fmt: skip

SIGN_IN_MINUTES = 15
NAME_LENGTH = 60

WHO_ASKS = Prepared(
    select(ACCOUNT.c.id, ACCOUNT.c.admin, ACCOUNT.c.kind, TOKEN.c.scope, TOKEN.c.expires)
    .join(ACCOUNT, ACCOUNT.c.id == TOKEN.c.account_id)
    .where(
        TOKEN.c.hash == bindparam("hash"),
        or_(TOKEN.c.expires.is_(None), TOKEN.c.expires > bindparam("now")),
    )
)
_USED = Prepared(
    update(TOKEN)
    .where(
        TOKEN.c.hash == bindparam("of_hash"),
        or_(TOKEN.c.last_used.is_(None), TOKEN.c.last_used < bindparam("moment")),
    )
    .values(last_used=bindparam("moment"))
)


def create_account(session: Session, name: str, admin: bool = False) -> Account:
    """Add an account. Raises BadValue for an empty, overlong or unprintable name, Conflict for a taken one."""
    name = _checked_name(name, "an account's name")
    account = Account(new_id(), name, admin, now())
    row = {
        "id": account.id,
        "name": name,
        "folded": name.casefold(),
        "admin": admin,
        "kind": account.kind.value,
        "created": account.created,
    }
    try:
        with session.begin_nested():
            session.execute(insert(ACCOUNT).values(row))
    except IntegrityError:
        raise Conflict(f"there is already an account of the name {name!r}") from None
    return account


def accounts(session: Session) -> tuple[Account, ...]:
    """List the accounts of persons that are not erased, oldest first."""
    query = select(ACCOUNT).where(
        ACCOUNT.c.erased.is_(None), ACCOUNT.c.kind == AccountKind.PERSON.value
    )
    rows = session.execute(query.order_by(ACCOUNT.c.created, ACCOUNT.c.id)).mappings()
    return tuple(Account.of(row) for row in rows)


def account(session: Session, id: str) -> Account:
    """Return an account, an erased one too. Raises NotFound."""
    return _one(session, ACCOUNT.c.id == id)


def find_account(session: Session, name: str) -> Account:
    """Return the account of that name, whatever its case. Raises NotFound."""
    return _one(session, ACCOUNT.c.folded == name.strip().casefold())


def _one(session: Session, condition: Any) -> Account:
    row = session.execute(select(ACCOUNT).where(condition)).mappings().first()
    if row is None:
        raise NotFound("the account does not exist")
    return Account.of(row)


def add_token(
    session: Session,
    account_id: str,
    name: str,
    scope: Scope,
    expires: datetime.datetime | None = None,
) -> tuple[Token, str]:
    """Make a token and return it with its secret ("argmap_..."), which is not kept. Raises NotFound, BadValue."""
    name = _checked_name(name, "a token's name")
    if account(session, account_id).erased is not None:
        raise NotFound("the account does not exist")
    if expires is not None and expires <= now():
        raise BadValue("a token must expire in the future")
    plain = new_secret("argmap")
    token = Token(new_id(), account_id, name, scope, now(), None, expires)
    session.execute(
        insert(TOKEN).values(
            id=token.id,
            hash=token_hash(plain),
            account_id=account_id,
            name=name,
            scope=scope.value,
            created=token.created,
            expires=expires,
        )
    )
    return token, plain


def tokens(session: Session, account_id: str) -> tuple[Token, ...]:
    """List the API tokens of an account, oldest first; sessions of browsers are no such."""
    query = select(TOKEN).where(TOKEN.c.account_id == account_id, TOKEN.c.session.is_(False))
    return tuple(
        Token(
            row["id"], row["account_id"], row["name"], Scope(row["scope"]), row["created"],
            row["last_used"], row["expires"],
        )
        for row in session.execute(query.order_by(TOKEN.c.created, TOKEN.c.id)).mappings()
    )  # fmt: skip


def revoke_token(session: Session, account_id: str, token_id: str) -> None:
    """Make a token useless at once. Raises NotFound."""
    gone = delete(TOKEN).where(TOKEN.c.account_id == account_id, TOKEN.c.id == token_id)
    if session.execute(gone.returning(TOKEN.c.id)).first() is None:
        raise NotFound("the token does not exist")
    session.publish(AccessChanged())


def sign_out(session: Session, plain: str) -> None:
    """Make a token useless at once by its secret; an unknown one is no error."""
    session.execute(delete(TOKEN).where(TOKEN.c.hash == token_hash(plain)))
    session.publish(AccessChanged())


def token_asker(session: Session, plain: str) -> Asker | None:
    """Say who asks by a token; None when it is unknown, expired or revoked."""
    row = WHO_ASKS.first(session, {"hash": token_hash(plain), "now": to_microseconds(now())})
    return asker_of(row)


def asker_of(row: LoadedRow | None) -> Asker | None:
    """Read what WHO_ASKS gives."""
    if row is None:
        return None
    scope, kind = Scope(row["scope"]), AccountKind(row["kind"])
    return Asker(row["id"], scope, bool(row["admin"]), kind=kind)


def note_uses(session: Session, uses: Mapping[str, datetime.datetime]) -> None:
    """Write down when tokens (by their hash) were last used; meant to be called about once a minute."""
    for hash, moment in sorted(uses.items()):
        _USED.count(session, {"of_hash": hash, "moment": to_microseconds(moment)})


def add_sign_in(session: Session, account_id: str, minutes: int = SIGN_IN_MINUTES) -> str:
    """Make a secret that signs the account in once within so many minutes. Raises NotFound."""
    if account(session, account_id).erased is not None:
        raise NotFound("the account does not exist")
    moment = now()
    session.execute(delete(SIGN_IN).where(SIGN_IN.c.expires <= moment))
    plain = new_secret("argmap_once")
    session.execute(
        insert(SIGN_IN).values(
            hash=token_hash(plain),
            account_id=account_id,
            expires=moment + datetime.timedelta(minutes=minutes),
        )
    )
    return plain


def redeem_sign_in(session: Session, plain: str) -> tuple[Account, Token, str]:
    """Use up a sign-in and return its account and a new write token with its secret.

    Of several who try at once one succeeds. Raises NotFound when it is unknown, used or expired.
    """
    account_id = use_sign_in(session, plain)
    token, secret = add_token(session, account_id, "signed in", Scope.WRITE)
    return account(session, account_id), token, secret


def use_sign_in(session: Session, plain: str) -> str:
    """Use up a sign-in and return its account's id. Raises NotFound when it is unknown, used or expired."""
    used = delete(SIGN_IN).where(SIGN_IN.c.hash == token_hash(plain), SIGN_IN.c.expires > now())
    account_id: str | None = session.execute(used.returning(SIGN_IN.c.account_id)).scalar()
    if account_id is None:
        raise NotFound("this sign-in is unknown, used or expired")
    return account_id


def owner(session: Session, name: str = "owner") -> Account:
    """Return the owner of the service, its first administrator; a database without one gets it under that name.

    Where the name is somebody else's, a number follows it. Raises BadValue for a name that an account cannot have.
    """
    first = (
        select(ACCOUNT)
        .where(ACCOUNT.c.admin, ACCOUNT.c.erased.is_(None))
        .order_by(ACCOUNT.c.created, ACCOUNT.c.id)
        .limit(1)
    )
    row = session.execute(first).mappings().first()
    if row is not None:
        return Account.of(row)
    for number in itertools.count(1):
        with suppress(Conflict):
            return create_account(session, name if number == 1 else f"{name} {number}", admin=True)
    raise AssertionError("unreachable")


def has_session(session: Session, account_id: str) -> bool:
    """Say whether somebody is signed in to the account with a browser, at this moment."""
    live = select(TOKEN.c.id).where(
        TOKEN.c.account_id == account_id,
        TOKEN.c.session,
        or_(TOKEN.c.expires.is_(None), TOKEN.c.expires > now()),
    )
    return session.execute(live.limit(1)).first() is not None


def _checked_name(name: str, what: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise BadValue(f"{what} is one line of 1 to {NAME_LENGTH} characters")
    return name

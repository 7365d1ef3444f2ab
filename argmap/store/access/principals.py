"""Principals: whom a grant can name. An account stands for itself and for every group that it is a member of.

A group (a team, a class) is a row of `account` too, of another kind: it has a name and grants, and nobody signs in as
it. Who is a member is asked in the very query that loads a map, so that joining and leaving work at once.
"""

from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from argmap.errors import BadValue, NotFound
from argmap.store.events import AccessChanged
from argmap.store.ids import new_id, now
from argmap.store.records import Account, AccountKind
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ACCOUNT, GRANT, MEMBER


def stands_for(principal: ColumnElement[str], account: Any) -> ColumnElement[bool]:
    """Say whether a principal is the account itself or a group that it is a member of."""
    groups = select(MEMBER.c.group_id).where(MEMBER.c.account_id == account)
    return or_(principal == account, principal.in_(groups))


def highest_role(subject: ColumnElement[Any], id: ColumnElement[Any], account: Any) -> Any:
    """Return the highest role that grants give an account on an article or map, as a column of the query around it.

    `subject` is the column of the grants that names the article or map of that `id`.
    """
    highest = func.min(GRANT.c.role)  # "editor" comes before "viewer"
    return (
        select(highest)
        .where(subject == id, stands_for(GRANT.c.account_id, account))
        .scalar_subquery()
    )


def create_group(session: Session, kind: AccountKind, name: str) -> Account:
    """Add a group: a principal with a name that need not be its own, as which nobody can sign in."""
    group = Account(new_id(), name, False, now(), kind=kind)
    session.execute(
        insert(ACCOUNT).values(
            id=group.id, name=name, admin=False, kind=kind.value, created=group.created
        )
    )
    return group


def add_member(session: Session, group_id: str, account_id: str) -> None:
    """Make an account a member of a group; it has the grants of the group from now on. Once more is no error.

    Raises NotFound when one of the two does not exist, BadValue for a group in a group.
    """
    query = select(ACCOUNT.c.id, ACCOUNT.c.kind)
    kinds = {
        row[0]: AccountKind(row[1])
        for row in session.execute(
            query.where(ACCOUNT.c.id.in_((group_id, account_id)), ACCOUNT.c.erased.is_(None))
        )
    }
    if not {group_id, account_id} <= set(kinds) or not kinds[group_id].is_group:
        raise NotFound("the group or the account does not exist")
    if kinds[account_id].is_group:
        raise BadValue("a group cannot be a member of a group")
    try:
        with session.begin_nested():
            session.execute(insert(MEMBER).values(group_id=group_id, account_id=account_id))
    except IntegrityError:
        return
    session.publish(AccessChanged())


def remove_member(session: Session, group_id: str, account_id: str) -> None:
    """End a membership, and with it at once what the grants of the group gave. Raises NotFound."""
    there = (MEMBER.c.group_id == group_id, MEMBER.c.account_id == account_id)
    gone = delete(MEMBER).where(*there).returning(MEMBER.c.account_id)
    if session.execute(gone).first() is None:
        raise NotFound("the account is not a member")
    session.publish(AccessChanged())


def members(session: Session, group_id: str) -> tuple[Account, ...]:
    """List the members of a group by name."""
    query = (
        select(ACCOUNT)
        .join(MEMBER, MEMBER.c.account_id == ACCOUNT.c.id)
        .where(MEMBER.c.group_id == group_id)
        .order_by(ACCOUNT.c.name, ACCOUNT.c.id)
    )
    return tuple(Account.of(row) for row in session.execute(query).mappings())

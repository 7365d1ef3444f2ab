"""What an owner decides: visibility, grants, share tokens, and who the owner is."""

import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from argmap.errors import BadValue, Conflict, NotFound, NotPermitted, VersionMismatch
from argmap.store.access.loading import check_expected, check_writer, load_article, load_map
from argmap.store.access.rules import article_record, effective, map_record
from argmap.store.articles import write_next_article
from argmap.store.events import AccessChanged
from argmap.store.ids import new_id, new_secret, now, token_hash
from argmap.store.maps.bodies import parsed
from argmap.store.maps.maps import check_publishing
from argmap.store.maps.write import write_next
from argmap.store.records import (
    Access,
    AccountKind,
    Asker,
    Grant,
    Role,
    Share,
    StoredArticle,
    StoredMap,
    Subject,
    Visibility,
)
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow
from argmap.store.sql.tables import ACCOUNT, GRANT, MAP, SHARE

__all__ = [
    "add_share", "effective", "grant", "grant_by_name", "grants", "revoke_share", "set_visibility", "shares",
    "transfer", "ungrant",
]  # fmt: skip

LABEL_LENGTH = 120
_A = {Subject.ARTICLE: "an article", Subject.MAP: "a map"}


def set_visibility(
    session: Session,
    asker: Asker,
    subject: Subject,
    id: str,
    visibility: Visibility,
    quotes_only: bool | None = None,
    *,
    expected: int | None = None,
) -> StoredArticle | StoredMap:
    """Make an article or map private, unlisted or public; that is a version, of a map with an entry "visibility".

    `quotes_only` (of a map; none leaves it as it is) lets the map be more visible than its article, showing the words
    of its quotes but nothing around them. An article that becomes less visible takes its maps along as long as it is
    so: see `effective`.
    Raises NotFound, NotPermitted (only the owner may), VersionMismatch, and Conflict when a map would claim to be more
    visible than its article lets it.
    """
    row = _owned(session, asker, subject, id)
    check_expected(row, expected)
    values: dict[str, Any] = {"visibility": visibility.value}
    if subject is Subject.MAP:
        bare = bool(row["quotes_only"]) if quotes_only is None else quotes_only
        article = row["article_visibility"]
        above = None if article is None else Visibility(article)
        check_publishing(visibility, bare, above, row["article_owner"] == row["owner"])
        values["quotes_only"] = bare
    if all(row[name] == value for name, value in values.items()):
        return _record(session, asker, subject, id)
    return _changed(session, asker, subject, row, values, "visibility")


def transfer(
    session: Session, asker: Asker, subject: Subject, id: str, account_id: str
) -> StoredArticle | StoredMap:
    """Give an article or map to another person; the owner until now keeps nothing but a view of it.

    A map gets a version and an entry "transfer". Raises NotFound (also for an unknown account), NotPermitted.
    """
    row = _owned(session, asker, subject, id)
    _, kind = _principal(session, account_id)
    if kind is not AccountKind.PERSON:
        raise Conflict(f"only a person can own {_A[subject]}")
    if account_id == row["owner"]:
        raise Conflict(f"the account owns this {subject} already")
    column = _column(GRANT, subject)
    session.execute(delete(GRANT).where(column == id, GRANT.c.account_id == account_id))
    _put_grant(session, subject, id, row["owner"], Role.VIEWER)
    return _changed(session, asker, subject, row, {"owner": account_id}, "transfer")


def grant(
    session: Session, asker: Asker, subject: Subject, id: str, account_id: str, role: Role
) -> Grant:
    """Let a principal view or edit an article or map; a second grant replaces the first.

    Raises NotFound (also for an unknown account), NotPermitted, Conflict for the owner itself.
    """
    row = _owned(session, asker, subject, id)
    name, _ = _principal(session, account_id)
    if account_id == row["owner"]:
        raise Conflict(f"the account owns this {subject} already")
    created = _put_grant(session, subject, id, account_id, role)
    _publish(session, subject, id)
    return Grant(subject, id, account_id, name, role, created)


def grant_by_name(
    session: Session, asker: Asker, subject: Subject, id: str, name: str, role: Role
) -> Grant:
    """Let the person of a name (whatever its case) view or edit, as `grant` does. Raises as that, NotFound."""
    _owned(session, asker, subject, id)
    query = select(ACCOUNT.c.id).where(
        ACCOUNT.c.folded == name.strip().casefold(), ACCOUNT.c.erased.is_(None)
    )
    found = session.execute(query).scalar()
    if found is None:
        raise NotFound("there is no account of that name")
    return grant(session, asker, subject, id, found, role)


def grants(session: Session, asker: Asker, subject: Subject, id: str) -> tuple[Grant, ...]:
    """List the grants of an article or map, oldest first, to its owner. Raises NotFound, NotPermitted."""
    _check_owner(session, asker, subject, id)
    query = (
        select(GRANT, ACCOUNT.c.name)
        .join(ACCOUNT, ACCOUNT.c.id == GRANT.c.account_id)
        .where(_column(GRANT, subject) == id)
        .order_by(GRANT.c.created, GRANT.c.id)
    )
    return tuple(
        Grant(subject, id, row["account_id"], row["name"], Role(row["role"]), row["created"])
        for row in session.execute(query).mappings()
    )


def ungrant(session: Session, asker: Asker, subject: Subject, id: str, account_id: str) -> None:
    """Take a grant back; the account itself may give it up too. Raises NotFound, NotPermitted."""
    need = Access.VIEW if account_id == asker.account_id else Access.OWN
    _load(session, asker, subject, id, need)
    check_writer(asker)
    there = (_column(GRANT, subject) == id, GRANT.c.account_id == account_id)
    if session.execute(delete(GRANT).where(*there).returning(GRANT.c.id)).first() is None:
        raise NotFound("the grant does not exist")
    _publish(session, subject, id)


def add_share(
    session: Session,
    asker: Asker,
    subject: Subject,
    id: str,
    *,
    label: str = "",
    role: Role = Role.VIEWER,
    expires: datetime.datetime | None = None,
) -> tuple[Share, str]:
    """Make a share token and return it with its secret, which is not kept.

    It opens what is unlisted, and nothing while that is private. With the role of an editor whoever has it and an
    account may edit. Raises NotFound, NotPermitted, BadValue.
    """
    _owned(session, asker, subject, id)
    if len(label) > LABEL_LENGTH or not label.isprintable():
        raise BadValue(f"a label is one line of at most {LABEL_LENGTH} characters")
    if expires is not None and expires <= now():
        raise BadValue("a share token must expire in the future")
    plain = new_secret("argmap_share")
    share = Share(new_id(), subject, id, label, now(), expires, role)
    session.execute(
        insert(SHARE).values(
            id=share.id,
            hash=token_hash(plain),
            article_id=id if subject is Subject.ARTICLE else None,
            map_id=id if subject is Subject.MAP else None,
            label=label,
            created=share.created,
            expires=expires,
            role=role.value,
        )
    )
    return share, plain


def shares(session: Session, asker: Asker, subject: Subject, id: str) -> tuple[Share, ...]:
    """List the share tokens of an article or map, oldest first, to its owner. Raises NotFound, NotPermitted."""
    _check_owner(session, asker, subject, id)
    query = select(SHARE).where(_column(SHARE, subject) == id).order_by(SHARE.c.created, SHARE.c.id)
    return tuple(
        Share(
            row["id"], subject, id, row["label"], row["created"], row["expires"], Role(row["role"])
        )
        for row in session.execute(query).mappings()
    )


def revoke_share(session: Session, asker: Asker, subject: Subject, id: str, share_id: str) -> None:
    """Make a share token useless at once. Raises NotFound, NotPermitted."""
    _owned(session, asker, subject, id)
    there = _column(SHARE, subject) == id
    gone = delete(SHARE).where(there, SHARE.c.id == share_id).returning(SHARE.c.id)
    if session.execute(gone).first() is None:
        raise NotFound("the share token does not exist")
    _publish(session, subject, id)


def _owned(session: Session, asker: Asker, subject: Subject, id: str) -> LoadedRow:
    return _load(session, asker, subject, id, Access.OWN)


def _check_owner(session: Session, asker: Asker, subject: Subject, id: str) -> None:
    """Let the owner read on, with a token that only reads too; nothing is locked. Raises NotFound, NotPermitted."""
    load = load_map if subject is Subject.MAP else load_article
    if load(session, asker, id)["owner"] != asker.account_id:
        raise NotPermitted(f"only the owner of {_A[subject]} sees who else has access to it")


def _load(session: Session, asker: Asker, subject: Subject, id: str, need: Access) -> LoadedRow:
    load = load_map if subject is Subject.MAP else load_article
    return load(session, asker, id, need, lock=True)


def _publish(session: Session, subject: Subject, id: str) -> None:
    """Have it told that others may see a map now, or no longer; an article may have many maps."""
    session.publish(AccessChanged(id if subject is Subject.MAP else None))


def _column(table: Table, subject: Subject) -> Any:
    return table.c.map_id if subject is Subject.MAP else table.c.article_id


def _principal(session: Session, id: str) -> tuple[str | None, AccountKind]:
    """Return the name and kind of a principal. Raises NotFound."""
    query = select(ACCOUNT.c.name, ACCOUNT.c.kind)
    found = session.execute(
        query.where(ACCOUNT.c.id == id, ACCOUNT.c.erased.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound("the account does not exist")
    return found[0], AccountKind(found[1])


def _put_grant(
    session: Session, subject: Subject, id: str, account_id: str, role: Role
) -> datetime.datetime:
    there = (_column(GRANT, subject) == id, GRANT.c.account_id == account_id)
    created = now()
    session.execute(delete(GRANT).where(*there))
    session.execute(
        insert(GRANT).values(
            id=new_id(),
            article_id=id if subject is Subject.ARTICLE else None,
            map_id=id if subject is Subject.MAP else None,
            account_id=account_id,
            role=role.value,
            created=created,
        )
    )
    return created


def _changed(
    session: Session,
    asker: Asker,
    subject: Subject,
    row: LoadedRow,
    values: dict[str, Any],
    action: str,
) -> StoredArticle | StoredMap:
    """Write columns of a loaded and locked article or map; a map's content stays, but what is shown of it does not."""
    _publish(session, subject, row["id"])
    if subject is Subject.ARTICLE:
        write_next_article(session, row, values)
        return _record(session, asker, subject, row["id"])
    map = parsed(row)
    written = write_next(
        session, row, map, map, (), action=action,
        account_id=asker.account_id, account_name=row["asker_name"],
        article_version=row["article_version"],
    )  # fmt: skip
    if written is None:
        raise VersionMismatch("somebody else has just written this map")
    session.execute(update(MAP).where(MAP.c.id == row["id"]).values(values))
    return _record(session, asker, subject, row["id"])


def _record(session: Session, asker: Asker, subject: Subject, id: str) -> StoredArticle | StoredMap:
    if subject is Subject.ARTICLE:
        return article_record(load_article(session, asker, id), asker)
    return map_record(load_map(session, asker, id), asker)

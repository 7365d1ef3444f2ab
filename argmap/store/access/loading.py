"""Loading a map or an article for somebody, with all that decides what they may do with it, in one query."""

import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from argmap.errors import NotFound, NotPermitted, VersionMismatch
from argmap.store.access.principals import highest_role, stands_for
from argmap.store.access.rules import article_access, map_access
from argmap.store.ids import now, to_microseconds
from argmap.store.records import Access, AccountKind, Asker, Role, Scope, Visibility
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow, Prepared
from argmap.store.sql.tables import ACCOUNT, ARTICLE, GRANT, MAP, SHARE

DELETED_KEPT = datetime.timedelta(days=30)  # how long something deleted can be brought back
NO_PERSON = "a pupil works on the maps of a class and keeps nothing of their own"

_ACCOUNT: BindParameter[str] = bindparam("account")
_SHARE: BindParameter[str] = bindparam("share")
_NOW: BindParameter[int] = bindparam("now")


_FOR_EVER = 2**62  # microseconds since 1970


def _through_maps() -> tuple[Any, Any]:
    """Say (role, end of a link) by which an article is seen through one of its maps.

    Whoever may see a map by a grant or a link sees the article beside it, where both have one owner and the map is
    not one that shows quotes only.
    """
    its_map = MAP.alias("its_map")
    beside = and_(
        its_map.c.article_id == ARTICLE.c.id,
        its_map.c.owner == ARTICLE.c.owner,
        its_map.c.deleted.is_(None),
        not_(its_map.c.quotes_only),
    )
    granted, link = GRANT.alias("its_grant"), SHARE.alias("its_share")
    role = (
        select(func.min(literal_column(f"'{Role.VIEWER}'")))
        .select_from(its_map)
        .join(granted, granted.c.map_id == its_map.c.id)
        .where(beside, stands_for(granted.c.account_id, _ACCOUNT))
        .correlate(ARTICLE)
        .scalar_subquery()
    )
    end = (
        select(func.min(func.coalesce(link.c.expires, literal_column(str(_FOR_EVER), BigInteger))))
        .select_from(its_map)
        .join(link, link.c.map_id == its_map.c.id)
        .where(
            beside,
            link.c.hash == _SHARE,
            or_(link.c.expires.is_(None), link.c.expires > _NOW),
            its_map.c.visibility != literal_column(f"'{Visibility.PRIVATE}'"),
        )
        .correlate(ARTICLE)
        .scalar_subquery()
    )
    return role.label("through_role"), end.label("through_share_expires")


def _map_query() -> Any:
    map_share, article_share = SHARE.alias("map_share"), SHARE.alias("article_share")

    def live(table: Any, column: Any, target: Any) -> ColumnElement[bool]:
        unexpired = or_(table.c.expires.is_(None), table.c.expires > _NOW)
        return and_(table.c.hash == _SHARE, column == target, unexpired)

    return (
        select(
            *MAP.c,
            ARTICLE.c.owner.label("article_owner"),
            ARTICLE.c.visibility.label("article_visibility"),
            ARTICLE.c.version.label("article_newest"),
            highest_role(GRANT.c.map_id, MAP.c.id, _ACCOUNT).label("map_role"),
            highest_role(GRANT.c.article_id, ARTICLE.c.id, _ACCOUNT).label("article_role"),
            *_through_maps(),
            map_share.c.id.label("map_share"),
            map_share.c.role.label("map_share_role"),
            article_share.c.id.label("article_share"),
            article_share.c.role.label("article_share_role"),
            map_share.c.expires.label("map_share_expires"),
            article_share.c.expires.label("article_share_expires"),
            select(ACCOUNT.c.name)
            .where(ACCOUNT.c.id == _ACCOUNT)
            .scalar_subquery()
            .label("asker_name"),
        )
        .select_from(MAP)
        .outerjoin(ARTICLE, ARTICLE.c.id == MAP.c.article_id)
        .outerjoin(map_share, live(map_share, map_share.c.map_id, MAP.c.id))
        .outerjoin(article_share, live(article_share, article_share.c.article_id, ARTICLE.c.id))
        .where(MAP.c.id == bindparam("id"))
    )


def _article_query() -> Any:
    unexpired = or_(SHARE.c.expires.is_(None), SHARE.c.expires > _NOW)
    return (
        select(
            *ARTICLE.c,
            ARTICLE.c.owner.label("article_owner"),
            ARTICLE.c.visibility.label("article_visibility"),
            highest_role(GRANT.c.article_id, ARTICLE.c.id, _ACCOUNT).label("article_role"),
            *_through_maps(),
            SHARE.c.role.label("article_share_role"),
            SHARE.c.id.label("article_share"),
            SHARE.c.expires.label("article_share_expires"),
        )
        .select_from(ARTICLE)
        .outerjoin(
            SHARE, and_(SHARE.c.article_id == ARTICLE.c.id, SHARE.c.hash == _SHARE, unexpired)
        )
        .where(ARTICLE.c.id == bindparam("id"))
    )


LOOK_AT_MAP = Prepared(_map_query())
LOCK_MAP = Prepared(_map_query().with_for_update(of=MAP))
LOOK_AT_ARTICLE = Prepared(_article_query())
_LOCK_ARTICLE = Prepared(_article_query().with_for_update(of=ARTICLE))
_KEEP_ARTICLE = Prepared(_article_query().with_for_update(of=ARTICLE, read=True))


def asking(id: str, asker: Asker) -> dict[str, Any]:
    """Return the parameters of the loading queries."""
    return {
        "id": id,
        "account": asker.account_id,
        "share": asker.share,
        "now": to_microseconds(now()),
    }


def load_map(
    session: Session,
    asker: Asker,
    id: str,
    need: Access = Access.VIEW,
    *,
    deleted: bool = False,
    lock: bool = False,
) -> LoadedRow:
    """Load a map for the asker, `lock`ed against other writers if it is to be changed.

    Raises NotFound for an unknown map, one that the asker may not see, and a deleted one (with `deleted` for any
    other); NotPermitted when the asker may see it but not what is needed.
    """
    row = (LOCK_MAP if lock else LOOK_AT_MAP).first(session, asking(id, asker))
    access = Access.NONE if row is None else map_access(row, asker)
    return _allowed(row, access, need, asker, deleted, "map")


def load_article(
    session: Session,
    asker: Asker,
    id: str,
    need: Access = Access.VIEW,
    *,
    deleted: bool = False,
    lock: bool = False,
    keep: bool = False,
) -> LoadedRow:
    """Load an article for the asker: `lock`ed to be changed, or `keep` to rely on it until the end of the transaction.

    Raises as `load_map`.
    """
    query = _LOCK_ARTICLE if lock else _KEEP_ARTICLE if keep else LOOK_AT_ARTICLE
    row = query.first(session, asking(id, asker))
    access = Access.NONE if row is None else article_access(row, asker)
    return _allowed(row, access, need, asker, deleted, "article")


def _allowed(
    row: LoadedRow | None, access: Access, need: Access, asker: Asker, deleted: bool, noun: str
) -> LoadedRow:
    if (
        row is None
        or access is Access.NONE
        or (row["deleted"] is not None) != deleted
        or (deleted and row["owner"] != asker.account_id)
        or (deleted and row["deleted"] < to_microseconds(now() - DELETED_KEPT))
    ):
        raise NotFound(f"the {noun} does not exist")
    if access < need:
        verb = "change" if need is Access.EDIT else "do that with"
        raise NotPermitted(f"you may see this {noun}, but not {verb} it")
    return row


def check_expected(row: LoadedRow, expected: int | None) -> None:
    """Raise VersionMismatch when the caller expects another version than the newest."""
    if expected is not None and row["version"] != expected:
        raise VersionMismatch(f"the newest version is {row['version']}, not {expected}")


def check_writer(asker: Asker) -> str:
    """Return the account that may store things. Raises NotPermitted."""
    if asker.account_id is None or asker.scope is not Scope.WRITE:
        raise NotPermitted("storing something needs a token with write scope")
    return asker.account_id


def check_person(asker: Asker) -> str:
    """Return the account that may own what it creates: a person's. Raises NotPermitted."""
    account_id = check_writer(asker)
    if asker.kind is not AccountKind.PERSON:
        raise NotPermitted(NO_PERSON)
    return account_id

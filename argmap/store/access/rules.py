"""The rules of who may see and do what: pure functions of what the loading queries give."""

from sqlalchemy import ColumnElement, and_, or_, select

from argmap.model import ArgumentMap, Article, canonical
from argmap.model.redaction import without_surroundings
from argmap.store.access.principals import stands_for
from argmap.store.ids import from_microseconds
from argmap.store.records import (
    Access,
    Asker,
    Role,
    Scope,
    StoredArticle,
    StoredMap,
    Visibility,
)
from argmap.store.sql.statements import LoadedRow
from argmap.store.sql.tables import ARTICLE, GRANT, MAP

_ORDER = (Visibility.PRIVATE, Visibility.UNLISTED, Visibility.PUBLIC)


def effective(
    own: Visibility, quotes_only: bool, article: Visibility | None, one_owner: bool = False
) -> Visibility:
    """Say how visible a map is: as it says itself, but no more than its article unless it shows quotes only.

    `article` is none for a map without an article. With `one_owner` of both a link to the map opens the article too, so
    that the map may be unlisted whatever the article is.
    """
    if quotes_only or article is None or (one_owner and own is Visibility.UNLISTED):
        return own
    return min(own, article, key=_ORDER.index)


def map_access(row: LoadedRow, asker: Asker) -> Access:
    """Say what the asker may do with a loaded map."""
    article = row["article_visibility"]
    return _access(
        asker,
        owner=row["owner"],
        role=row["map_role"],
        visibility=effective(
            Visibility(row["visibility"]),
            bool(row["quotes_only"]),
            None if article is None else Visibility(article),
            row["article_owner"] == row["owner"],
        ),
        shared=None if row["map_share"] is None else row["map_share_role"],
    )


def article_access(row: LoadedRow, asker: Asker) -> Access:
    """Say what the asker may do with a loaded article, or with the article of a loaded map."""
    if row["article_visibility"] is None:
        return Access.NONE
    access = _access(
        asker,
        owner=row["article_owner"],
        role=row["article_role"] or row["through_role"],
        visibility=Visibility(row["article_visibility"]),
        shared=None if row["article_share"] is None else row["article_share_role"],
    )
    return access if row["through_share_expires"] is None else max(access, Access.VIEW)


def _access(
    asker: Asker, *, owner: str, role: str | None, visibility: Visibility, shared: str | None
) -> Access:
    """A token that only reads gives no more than VIEW, whoever's it is; an administrator has nothing more here.

    `shared`: the role of the link that the asker has. A link for editors lets those edit who have an account.
    """
    if visibility is Visibility.PRIVATE:
        shared = None
    known = asker.account_id is not None
    if known and owner == asker.account_id:
        access = Access.OWN
    elif known and Role.EDITOR in (role, shared):
        access = Access.EDIT
    elif visibility is Visibility.PUBLIC or shared is not None or (known and role is not None):
        access = Access.VIEW
    else:
        access = Access.NONE
    return access if asker.scope is Scope.WRITE else min(access, Access.VIEW)


def visible_maps(account: str | None) -> ColumnElement[bool]:
    """Say which maps (joined with their articles) a listing shows: public, owned or granted."""
    public = and_(
        MAP.c.visibility == Visibility.PUBLIC.value,
        or_(
            MAP.c.quotes_only,
            MAP.c.article_id.is_(None),
            ARTICLE.c.visibility == Visibility.PUBLIC.value,
        ),
    )
    if account is None:
        return public
    granted = select(GRANT.c.map_id).where(
        stands_for(GRANT.c.account_id, account), GRANT.c.map_id.is_not(None)
    )
    return or_(public, MAP.c.owner == account, MAP.c.id.in_(granted))


def visible_articles(account: str | None) -> ColumnElement[bool]:
    """Say which articles a listing shows: public, owned or granted."""
    public: ColumnElement[bool] = ARTICLE.c.visibility == Visibility.PUBLIC.value
    if account is None:
        return public
    granted = select(GRANT.c.article_id).where(
        stands_for(GRANT.c.account_id, account), GRANT.c.article_id.is_not(None)
    )
    return or_(public, ARTICLE.c.owner == account, ARTICLE.c.id.in_(granted))


def map_record(
    row: LoadedRow, asker: Asker, map: ArgumentMap | None = None, *, hidden: bool = False
) -> StoredMap:
    """Turn a loaded row into the record that leaves the store: a map as the asker may see it.

    The words around quotes are left out for those who may not see the article, and where `hidden` says so. This is
    the one place where that is decided for whole maps. `map`: what the body says, if it has been read already.
    """
    visible = row["article_id"] is None or article_access(row, asker) >= Access.VIEW
    visible = visible and not hidden
    body = bytes(row["body"])
    if not visible:
        body = canonical(without_surroundings(map or ArgumentMap.model_validate_json(body)))
    return StoredMap(
        id=row["id"],
        owner=row["owner"],
        visibility=Visibility(row["visibility"]),
        quotes_only=bool(row["quotes_only"]),
        article_id=row["article_id"],
        article_version=row["article_version"],
        version=row["version"],
        created=from_microseconds(row["created"]),
        updated=from_microseconds(row["updated"]),
        body=body,
        access=map_access(row, asker),
        article_visible=visible,
        article_newest=row["article_newest"],
    )


def article_record(row: LoadedRow, asker: Asker) -> StoredArticle:
    """Turn a loaded row into the record that leaves the store."""
    return StoredArticle(
        id=row["id"],
        owner=row["owner"],
        visibility=Visibility(row["visibility"]),
        version=row["version"],
        created=from_microseconds(row["created"]),
        updated=from_microseconds(row["updated"]),
        article=article_value(row["body"], row["text"]),
        access=article_access(row, asker),
    )


def article_value(body: bytes, text: str | None) -> Article:
    """Put the two stored halves of an article together."""
    article = Article.model_validate_json(body)
    return article if text is None else article.model_copy(update={"text": text})

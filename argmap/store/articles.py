"""Articles: kept with every version of their text, found by words, never corrected without their maps' quotes."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update

from argmap.errors import Conflict, NotFound
from argmap.model import Article, canonical
from argmap.store.access.loading import check_expected, check_person, load_article
from argmap.store.access.principals import highest_role
from argmap.store.access.rules import (
    article_access,
    article_record,
    article_value,
    visible_articles,
)
from argmap.store.events import AccessChanged
from argmap.store.ids import (
    cursor_after,
    from_microseconds,
    new_id,
    now,
    read_cursor,
    to_microseconds,
)
from argmap.store.maps.anchoring import NOT_ANCHORED, Anchored, detach_map, reanchor_map
from argmap.store.records import (
    Access,
    ArticleSummary,
    Asker,
    ChangedArticle,
    Orphan,
    Page,
    StoredArticle,
    Visibility,
)
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow
from argmap.store.sql.tables import ARTICLE, ARTICLE_PAST, GRANT, MAP
from argmap.store.words import with_words


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list; what is none does not matter.

    `author` and `publication` are found anywhere in the name, whatever their case. `words` must all occur in title,
    authors or text; words in double quotes must follow each other. `deleted` lists the asker's own deleted articles
    instead of the others.
    """

    author: str | None = None
    publication: str | None = None
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    words: str | None = None
    owner: str | None = None
    changed_since: datetime.datetime | None = None
    deleted: bool = False


def create_article(
    session: Session, asker: Asker, article: Article, visibility: Visibility = Visibility.PRIVATE
) -> StoredArticle:
    """Store an article, owned by the asker. Raises NotPermitted without a write token."""
    account_id = check_person(asker)
    id, moment = new_id(), now()
    session.execute(
        insert(ARTICLE).values(
            id=id,
            owner=account_id,
            visibility=visibility.value,
            version=1,
            created=moment,
            updated=moment,
            **_columns(article),
        )
    )
    return StoredArticle(id, account_id, visibility, 1, moment, moment, article, Access.OWN)


def _columns(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "authors": "\n".join(article.authors).casefold(),
        "publication": (article.publication or "").casefold(),
        "published": article.published,
        "body": canonical(article.model_copy(update={"text": None})),
        "text": article.text,
    }


def articles(
    session: Session,
    asker: Asker,
    filter: ArticleFilter = ArticleFilter(),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ArticleSummary]:
    """List the articles that the asker may see without a share token, newest first. Raises BadCursor, BadValue."""
    query = (
        select(
            *[
                ARTICLE.c[name]
                for name in (
                    "id",
                    "owner",
                    "visibility",
                    "version",
                    "created",
                    "updated",
                    "deleted",
                    "body",
                )
            ],
            highest_role(GRANT.c.article_id, ARTICLE.c.id, asker.account_id).label("article_role"),
        )
        .select_from(ARTICLE)
        .where(*_conditions(session, asker, filter))
        .order_by(ARTICLE.c.created.desc(), ARTICLE.c.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        moment, id = read_cursor(cursor)
        before = from_microseconds(moment)
        query = query.where(
            or_(ARTICLE.c.created < before, and_(ARTICLE.c.created == before, ARTICLE.c.id < id))
        )
    rows = session.execute(query).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        tuple(_summary(dict(row), asker) for row in rows[:limit]),
        None if last is None else cursor_after(to_microseconds(last["created"]), last["id"]),
    )


def _conditions(session: Session, asker: Asker, filter: ArticleFilter) -> list[Any]:
    article = ARTICLE.c
    if filter.deleted:
        found: list[Any] = [article.deleted.is_not(None), article.owner == asker.account_id]
    else:
        found = [article.deleted.is_(None), visible_articles(asker.account_id)]
    if filter.author is not None:
        found.append(article.authors.contains(filter.author.casefold(), autoescape=True))
    if filter.publication is not None:
        found.append(article.publication.contains(filter.publication.casefold(), autoescape=True))
    if filter.published_from is not None:
        found.append(article.published >= filter.published_from)
    if filter.published_to is not None:
        found.append(article.published <= filter.published_to)
    if filter.owner is not None:
        found.append(article.owner == filter.owner)
    if filter.changed_since is not None:
        found.append(article.updated >= filter.changed_since)
    if filter.words is not None:
        found.append(with_words(session, "article", filter.words))
    return found


def _summary(row: LoadedRow, asker: Asker) -> ArticleSummary:
    loaded = {
        **row,
        "article_owner": row["owner"],
        "article_visibility": row["visibility"],
        "article_share": None,
        "through_role": None,
        "through_share_expires": None,
    }
    return ArticleSummary(
        id=row["id"],
        owner=row["owner"],
        visibility=Visibility(row["visibility"]),
        version=row["version"],
        created=row["created"],
        updated=row["updated"],
        citation=article_value(row["body"], None),
        access=article_access(loaded, asker),
        deleted=row["deleted"],
    )


def article(
    session: Session,
    asker: Asker,
    id: str,
    version: int | None = None,
    need: Access = Access.VIEW,
) -> StoredArticle:
    """Return an article, newest or at a version. Raises NotFound, NotPermitted."""
    row = load_article(session, asker, id, need)
    if version is None or version == row["version"]:
        return article_record(row, asker)
    past = ARTICLE_PAST.c
    found = None
    if 0 < version < row["version"]:
        query = select(ARTICLE_PAST).where(past.article_id == id, past.version == version)
        found = session.execute(query).mappings().first()
    if found is None:
        raise NotFound(f"the article has no version {version}")
    updated = to_microseconds(found["updated"])
    return article_record({**row, **found, "updated": updated}, asker)


def change_article(
    session: Session,
    asker: Asker,
    id: str,
    change: Callable[[Article], Article],
    expected: int | None = None,
    anchored: Anchored = NOT_ANCHORED,
) -> ChangedArticle:
    """Change an article, which makes its next version; another text anchors all quotes of all its maps again.

    Every map of the article gets a version "re-anchored", by the system, whoever owns the map. `anchored` holds what
    has been found out already, for the maps of `to_reanchor`.
    Raises NotFound, NotPermitted, VersionMismatch, and what `change` raises.
    """
    row = load_article(session, asker, id, Access.EDIT, lock=True)
    check_expected(row, expected)
    before = article_value(row["body"], row["text"])
    after = change(before)
    if after == before:
        return ChangedArticle(article_record(row, asker))
    version = write_next_article(session, row, _columns(after))
    orphans: list[Orphan] = []
    hidden = reanchored = 0
    if after.text != before.text:
        for map_id in (
            session.execute(select(MAP.c.id).where(MAP.c.article_id == id)).scalars().all()
        ):
            seen, lost = reanchor_map(session, asker, map_id, after.text, version, anchored)
            reanchored += 1
            orphans += lost if seen else ()
            hidden += 0 if seen else len(lost)
    stored = article_record(load_article(session, asker, id), asker)
    return ChangedArticle(stored, tuple(orphans), hidden, reanchored)


def to_reanchor(
    session: Session, asker: Asker, id: str, change: Callable[[Article], Article]
) -> tuple[str | None, tuple[bytes, ...]]:
    """Return the text that a change would give an article, and the bodies of the maps whose quotes it would move.

    Looking for the quotes takes its time, which is better spent before the transaction that writes. There are no bodies
    where the text stays. Raises as `change_article`.
    """
    row = load_article(session, asker, id, Access.EDIT)
    before = article_value(row["body"], row["text"])
    after = change(before)
    if after.text == before.text:
        return after.text, ()
    bodies = session.execute(select(MAP.c.body).where(MAP.c.article_id == id)).scalars()
    return after.text, tuple(bytes(body) for body in bodies)


def write_next_article(session: Session, row: LoadedRow, values: dict[str, Any]) -> int:
    """Write the next version of a loaded and locked article, keep the one before it, and return its number."""
    session.execute(
        insert(ARTICLE_PAST).values(
            article_id=row["id"],
            version=row["version"],
            updated=from_microseconds(row["updated"]),
            body=row["body"],
            text=row["text"],
        )
    )
    version: int = row["version"] + 1
    session.execute(
        update(ARTICLE)
        .where(ARTICLE.c.id == row["id"])
        .values(version=version, updated=now(), **values)
    )
    return version


def delete_article(
    session: Session, asker: Asker, id: str, detach: bool = False, expected: int | None = None
) -> None:
    """Delete an article softly, its owner's maps of it along; `undelete_article` brings them back for 30 days.

    Maps of others stand in the way, unless `detach` lets those go on with a citation and the words of their quotes.
    Raises NotFound, NotPermitted, VersionMismatch, Conflict with the number of those maps.
    """
    row = load_article(session, asker, id, Access.OWN, lock=True)
    check_expected(row, expected)
    here = MAP.c.article_id == id
    others = and_(here, MAP.c.owner != row["owner"])
    count = session.execute(
        select(func.count()).select_from(MAP).where(others, MAP.c.deleted.is_(None))
    ).scalar_one()
    if count and not detach:
        raise Conflict(
            f"{count} map{'s' if count != 1 else ''} of other people use this article; deleting it with "
            "detach leaves them a citation and their quotes"
        )
    for map_id in session.execute(select(MAP.c.id).where(others)).scalars().all():
        detach_map(session, asker, map_id)
    moment = now()
    session.execute(update(MAP).where(here, MAP.c.deleted.is_(None)).values(deleted=moment))
    session.execute(update(ARTICLE).where(ARTICLE.c.id == id).values(deleted=moment))
    session.publish(AccessChanged())


def undelete_article(session: Session, asker: Asker, id: str) -> StoredArticle:
    """Bring a deleted article back, with the maps that were deleted along. Raises NotFound, NotPermitted."""
    row = load_article(session, asker, id, Access.OWN, deleted=True, lock=True)
    moment = from_microseconds(row["deleted"])
    session.execute(update(ARTICLE).where(ARTICLE.c.id == id).values(deleted=None))
    along = (MAP.c.article_id == id, MAP.c.deleted == moment)
    session.execute(update(MAP).where(*along).values(deleted=None))
    return article_record(row, asker)

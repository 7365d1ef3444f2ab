"""Maps: one aggregate each, written as one row of canonical JSON with the rows that serve search, all or nothing."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, update

from argmap.errors import Conflict, StoreUnavailable, VersionMismatch
from argmap.model import ArgumentMap, anchored_map, difference
from argmap.store.access.loading import (
    DELETED_KEPT,
    check_expected,
    check_person,
    load_article,
    load_map,
)
from argmap.store.access.principals import highest_role
from argmap.store.access.rules import (
    article_access,
    effective,
    map_access,
    map_record,
    visible_articles,
    visible_maps,
)
from argmap.store.events import AccessChanged
from argmap.store.export_and_erase import map_file
from argmap.store.ids import (
    cursor_after,
    from_microseconds,
    new_id,
    now,
    read_cursor,
    to_microseconds,
)
from argmap.store.maps.bodies import parsed
from argmap.store.maps.versions import record_of_version
from argmap.store.maps.write import insert_maps, settled, write_next
from argmap.store.records import (
    Access,
    Asker,
    MapSummary,
    Page,
    StoredMap,
    Visibility,
    Written,
)
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ARTICLE, CLAIM, GRANT, MAP
from argmap.store.words import terms, with_words

ATTEMPTS = 20  # of a write that was overtaken and may be tried again


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Which maps to list; what is none does not matter.

    `words` must all occur in the title, in the text or label of one claim, or in the article where the asker may see
    that; words in double quotes must follow each other. `mine` are the asker's own. `by_change`: latest change first.
    `deleted` lists the asker's own deleted maps instead of the others.
    """

    article_id: str | None = None
    owner: str | None = None
    words: str | None = None
    changed_since: datetime.datetime | None = None
    deleted: bool = False
    mine: bool = False
    by_change: bool = False


def create_map(
    session: Session,
    asker: Asker,
    map: ArgumentMap,
    *,
    article_id: str | None = None,
    visibility: Visibility = Visibility.PRIVATE,
) -> StoredMap:
    """Store a map, owned by the asker, its quotes anchored in the article's newest version.

    An article that the map carries along is not stored: `article_id` says which it is.
    Raises NotFound for an article that the asker may not see, NotPermitted without a write token, Conflict when the
    map would be more visible than its article.
    """
    return create_maps(session, asker, [map], article_id=article_id, visibility=visibility)[0]


def create_maps(
    session: Session,
    asker: Asker,
    maps: Sequence[ArgumentMap],
    *,
    article_id: str | None = None,
    visibility: Visibility = Visibility.PRIVATE,
) -> tuple[StoredMap, ...]:
    """Store many maps at once; all or, with the caller's transaction, none. Raises as `create_map`."""
    account_id = check_person(asker)
    text = version = None
    if article_id is not None:
        article = load_article(session, asker, article_id, keep=True)
        text, version = article["text"], article["version"]
        one_owner = article["owner"] == account_id
        check_publishing(visibility, False, Visibility(article["visibility"]), one_owner)
    shared: dict[str, Any] = {
        "owner": account_id,
        "visibility": visibility.value,
        "quotes_only": False,
        "article_id": article_id,
        "article_version": version,
    }
    anchored = [anchored_map(map, text).map for map in maps]
    apart = [map.model_copy(update={"article": None}) if map.article else map for map in anchored]
    return tuple(
        StoredMap(
            **{**shared, "visibility": visibility},
            id=row["id"],
            version=1,
            created=from_microseconds(row["created"]),
            updated=from_microseconds(row["updated"]),
            body=row["body"],
            access=Access.OWN,
            article_visible=True,
            article_newest=version,
        )
        for row in insert_maps(session, apart, [new_id() for _ in maps], shared)
    )


def was_used(session: Session) -> bool:
    """Say whether an article or map was ever stored in this database and has not been removed for good."""
    found = (session.execute(select(table.c.id).limit(1)).first() for table in (ARTICLE, MAP))
    return any(row is not None for row in found)


def check_publishing(
    visibility: Visibility, quotes_only: bool, article: Visibility | None, one_owner: bool = False
) -> None:
    """Raise Conflict when a map would claim to be more visible than its article lets it be."""
    if effective(visibility, quotes_only, article, one_owner) is not visibility:
        raise Conflict(
            f"the map's article is {article}: make the article {visibility} first, or publish the map "
            "with quotes only (quotes_only), without the text around its quotes"
        )


def maps(
    session: Session,
    asker: Asker,
    filter: MapFilter = MapFilter(),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[MapSummary]:
    """List the maps that the asker may see without a share token, newest first. Raises BadCursor, BadValue."""
    order = MAP.c.updated if filter.by_change else MAP.c.created
    query = (
        select(
            *[column for column in MAP.c if column.name not in ("body", "hash")],
            ARTICLE.c.owner.label("article_owner"),
            ARTICLE.c.visibility.label("article_visibility"),
            highest_role(GRANT.c.map_id, MAP.c.id, asker.account_id).label("map_role"),
        )
        .select_from(MAP)
        .outerjoin(ARTICLE, ARTICLE.c.id == MAP.c.article_id)
        .order_by(order.desc(), MAP.c.id.desc())
        .limit(limit + 1)
    )
    if filter.deleted:
        query = query.where(MAP.c.deleted.is_not(None), MAP.c.owner == asker.account_id)
    else:
        query = query.where(MAP.c.deleted.is_(None), visible_maps(asker.account_id))
    if filter.article_id is not None:
        query = query.where(MAP.c.article_id == filter.article_id)
    if filter.owner is not None:
        query = query.where(MAP.c.owner == filter.owner)
    if filter.changed_since is not None:
        query = query.where(MAP.c.updated >= filter.changed_since)
    if filter.words is not None:
        having = select(CLAIM.c.map_id).where(with_words(session, "claim", filter.words))
        of_article = and_(
            visible_articles(asker.account_id), with_words(session, "article", filter.words)
        )
        query = query.where(or_(MAP.c.id.in_(having), _titled(filter.words), of_article))
    if filter.mine:
        query = query.where(MAP.c.owner == asker.account_id)
    if cursor is not None:
        moment, id = read_cursor(cursor)
        before = from_microseconds(moment)
        query = query.where(or_(order < before, and_(order == before, MAP.c.id < id)))
    rows = session.execute(query).mappings().all()
    return Page(
        tuple(
            MapSummary(
                **{name: row[name] for name in _SUMMARY},
                visibility=Visibility(row["visibility"]),
                access=map_access({**row, "map_share": None}, asker),
            )
            for row in rows[:limit]
        ),
        cursor_after(to_microseconds(rows[limit - 1][order.name]), rows[limit - 1]["id"])
        if len(rows) > limit
        else None,
    )


def _titled(words: str) -> ColumnElement[bool]:
    """Say of a map whether all the words occur in its title, in small letters or as they were typed."""
    found = terms(words)
    title = func.lower(MAP.c.title)
    each = (
        or_(
            title.contains(term.lower(), autoescape=True),
            MAP.c.title.contains(term, autoescape=True),
        )
        for term in found
    )
    return and_(*each) if found else false()


_SUMMARY = (
    "id", "owner", "quotes_only", "article_id", "version", "created", "updated", "title",
    "language", "claims", "relations", "deleted",
)  # fmt: skip


def map(
    session: Session,
    asker: Asker,
    id: str,
    *,
    version: int | None = None,
    need: Access = Access.VIEW,
) -> StoredMap:
    """Return a map, newest or at a version. Raises NotFound, NotPermitted."""
    row = load_map(session, asker, id, need)
    if version is None or version == row["version"]:
        return map_record(row, asker)
    return record_of_version(session, row, asker, version)


def write_map(
    session: Session,
    asker: Asker,
    id: str,
    edit: Callable[[ArgumentMap], ArgumentMap],
    *,
    action: str,
    expected: int | None = None,
    need: Access = Access.EDIT,
    undoes: int | None = None,
) -> Written:
    """Change what a map says: the one way that every edit goes.

    `edit` gets the newest map and returns another; it may be called again when somebody else was faster and no
    `expected` version was given. New quotes are anchored, but for an asker who may not see the article: where they are
    in it would tell what it says. Raises NotFound, NotPermitted, VersionMismatch, and what
    `edit` raises.
    """
    for _ in range(ATTEMPTS):
        row = load_map(session, asker, id, need, lock=True)
        check_expected(row, expected)
        before = parsed(row)
        blind = row["article_id"] is not None and article_access(row, asker) < Access.VIEW
        after = settled(session, row, before, edit(before), blind=blind)
        changes = difference(before, after)
        if not changes:
            return Written(map_record(row, asker), None)
        written = write_next(
            session,
            row,
            before,
            after,
            changes,
            action=action,
            account_id=asker.account_id,
            account_name=row["asker_name"],
            undoes=undoes,
            article_version=row["article_version"],
        )
        if written is not None:
            entry, row = written
            return Written(map_record(row, asker), entry)
        if expected is not None:
            raise VersionMismatch(f"somebody else has just written a version after {expected}")
    raise StoreUnavailable("too many write this map at once")


def delete_map(session: Session, asker: Asker, id: str, expected: int | None = None) -> None:
    """Delete a map softly; `undelete_map` brings it back for 30 days.

    Raises NotFound, NotPermitted, VersionMismatch.
    """
    row = load_map(session, asker, id, Access.OWN, lock=True)
    check_expected(row, expected)
    session.execute(update(MAP).where(MAP.c.id == id).values(deleted=now()))
    session.publish(AccessChanged(id))


def undelete_map(session: Session, asker: Asker, id: str) -> StoredMap:
    """Bring a deleted map back. Raises NotFound, NotPermitted, Conflict when its article is deleted."""
    row = load_map(session, asker, id, Access.OWN, deleted=True, lock=True)
    if row["article_id"] is not None:
        gone = select(ARTICLE.c.deleted).where(ARTICLE.c.id == row["article_id"])
        if session.execute(gone.with_for_update(read=True)).scalar_one() is not None:
            raise Conflict("the map's article is deleted; bring that back, and the map comes along")
    session.execute(update(MAP).where(MAP.c.id == id).values(deleted=None))
    return map_record(row, asker)


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Remove for good what was deleted before that moment (30 days ago unless said), and say how much it was."""
    before = older_than or now() - DELETED_KEPT
    count = 0
    for table in (MAP, ARTICLE):
        count += session.execute(delete(table).where(table.c.deleted < before)).rowcount
    return count


def export_maps(session: Session, asker: Asker) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, JSON) of each map that the asker owns, with its article carried along."""
    own = MAP.c.owner == asker.account_id, MAP.c.deleted.is_(None)
    query = select(MAP.c.id).where(*own).order_by(MAP.c.created, MAP.c.id)
    for id in session.execute(query).scalars().all():
        yield f"{id}.json", map_file(session, asker, id)

"""The history of a map: its entries, differences between versions, undo and restore."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy import select, update

from argmap.errors import Conflict, NotPermitted
from argmap.model import ArgumentMap, Change, apply, invert
from argmap.model import difference as model_difference
from argmap.model.redaction import bare_changes, without_surroundings
from argmap.store.access.loading import load_map
from argmap.store.access.rules import article_access
from argmap.store.ids import cursor_after, read_cursor
from argmap.store.maps.anchoring import DETACHED
from argmap.store.maps.maps import write_map
from argmap.store.maps.versions import entry_row, map_of_version, record_of_version
from argmap.store.maps.write import CHANGES
from argmap.store.records import Access, Asker, Entry, Page, StoredMap, Written
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow
from argmap.store.sql.tables import ACCOUNT, ENTRY, MAP, OPERATION


def entries(
    session: Session, asker: Asker, map_id: str, cursor: str | None = None, limit: int = 50
) -> Page[Entry]:
    """List how a map came about, newest first.

    To those who may see the map but not its article, changes show quotes without what stands around them.
    Raises NotFound, BadCursor.
    """
    row = load_map(session, asker, map_id)
    query = _ENTRIES.where(ENTRY.c.map_id == map_id).order_by(ENTRY.c.version.desc())
    if cursor is not None:
        query = query.where(ENTRY.c.version < read_cursor(cursor)[0])
    found = session.execute(query.limit(limit + 1)).mappings().all()
    items = tuple(_entry(dict(item), row, asker) for item in found[:limit])
    return Page(items, cursor_after(items[-1].version) if len(found) > limit else None)


def entry(session: Session, asker: Asker, map_id: str, version: int) -> Entry:
    """Return the entry that made a version, as in `entries`. Raises NotFound."""
    row = load_map(session, asker, map_id)
    entry_row(session, map_id, version)
    query = _ENTRIES.where(ENTRY.c.map_id == map_id, ENTRY.c.version == version)
    return _entry(dict(session.execute(query).mappings().one()), row, asker)


MOST_STEPS = 1_000  # that one can go back

_ENTRIES = select(*ENTRY.c, ACCOUNT.c.name).outerjoin(ACCOUNT, ACCOUNT.c.id == ENTRY.c.account_id)


def _entry(item: LoadedRow, row: LoadedRow, asker: Asker) -> Entry:
    """Turn an entry's row into the record that leaves the store, for somebody who may see the map of the other row."""
    entry = _record(item)
    return entry if article_access(row, asker) >= Access.VIEW else bare_entry(entry)


def _record(item: LoadedRow) -> Entry:
    return Entry(
        version=item["version"],
        at=item["at"],
        account_id=item["account_id"],
        account_name=item["name"],
        action=item["action"],
        changes=CHANGES.validate_json(item["changes"]),
        undoes=item["undoes"],
        undone_by=item["undone_by"],
        article_version=item["article_version"],
    )


def _is_of_article(entry: Entry) -> bool:
    return entry.article_version is not None or entry.action == DETACHED


def entries_after(session: Session, map_id: str, version: int, limit: int) -> tuple[Entry, ...]:
    """List the entries that follow a version, oldest first, as those see them who see the article too.

    Whoever passes them on has asked who may see the map; to those who may not see its article goes `bare_entry`.
    """
    query = _ENTRIES.where(ENTRY.c.map_id == map_id, ENTRY.c.version > version)
    found = session.execute(query.order_by(ENTRY.c.version).limit(limit)).mappings().all()
    made = OPERATION.c.map_id == map_id, OPERATION.c.version > version
    upto = OPERATION.c.version <= max((item["version"] for item in found), default=0)
    query = select(OPERATION.c.version, OPERATION.c.account_id, OPERATION.c.key)
    keys: dict[tuple[int, str | None], list[str]] = {}
    for row in session.execute(query.where(*made, upto).order_by(OPERATION.c.key)):
        keys.setdefault((row.version, row.account_id), []).append(row.key)
    return tuple(
        replace(
            _record(dict(item)), keys=tuple(keys.get((item["version"], item["account_id"]), ()))
        )
        for item in found
    )


def bare_entry(entry: Entry) -> Entry:
    """Return an entry as those see it who may not see the article: its quotes without what stands around them."""
    return replace(entry, changes=_shown(entry.changes, hidden=_is_of_article(entry)))


def versions(session: Session, map_ids: Collection[str]) -> dict[str, int]:
    """Return the newest version of each of these maps that there is; deleted ones are left out."""
    query = select(MAP.c.id, MAP.c.version).where(MAP.c.id.in_(map_ids), MAP.c.deleted.is_(None))
    return {row.id: row.version for row in session.execute(query)}


def map_at(session: Session, asker: Asker, map_id: str, version: int) -> StoredMap:
    """Return a map as it was at a version. Raises NotFound."""
    return record_of_version(session, load_map(session, asker, map_id), asker, version)


def difference(
    session: Session, asker: Asker, map_id: str, before: int, after: int
) -> tuple[Change, ...]:
    """List the changes that lead from one version to another, later or earlier. Raises NotFound."""
    row = load_map(session, asker, map_id)
    old = record_of_version(session, row, asker, before)
    new = record_of_version(session, row, asker, after)
    if old.article_visible and new.article_visible:
        return model_difference(old.map, new.map)
    return model_difference(without_surroundings(old.map), without_surroundings(new.map))


def undo(session: Session, asker: Asker, map_id: str, version: int) -> Written:
    """Take one of the asker's own entries back in the newest map.

    Raises NotFound, NotPermitted for another's entry, Conflict when it is undone already, has nothing to take back,
    or when a later edit stands in the way.
    """
    row = load_map(session, asker, map_id, Access.EDIT, lock=True)
    own = entry_row(session, map_id, version)
    if own["account_id"] != asker.account_id:
        raise NotPermitted("only one's own changes can be undone")
    if own["undone_by"] is not None:
        raise Conflict(f"version {version} has been undone already, by version {own['undone_by']}")
    back = invert(CHANGES.validate_json(own["changes"]))
    if not back:
        raise Conflict(f"version {version} ({own['action']}) has no changes that could be undone")

    def take_back(map: ArgumentMap) -> ArgumentMap:
        try:
            return apply(map, back)
        except ValidationError:
            raise Conflict(
                f"version {version} cannot be undone: later changes build on what it added"
            ) from None

    written = write_map(session, asker, row["id"], take_back, action="undo", undoes=version)
    if written.entry is not None:
        here = ENTRY.c.map_id == map_id
        session.execute(
            update(ENTRY)
            .where(here, ENTRY.c.version == version)
            .values(undone_by=written.entry.version)
        )
        if own["undoes"] is not None:  # an undo undone: what it took back is there again
            session.execute(
                update(ENTRY).where(here, ENTRY.c.version == own["undoes"]).values(undone_by=None)
            )
    return written


@dataclass(frozen=True, slots=True)
class Steps:
    """The entries that somebody's next undo and redo would take back; for a redo that is the entry of an undo."""

    undo: Entry | None
    redo: Entry | None


def steps(session: Session, asker: Asker, map_id: str) -> Steps:
    """Say what the asker can undo and redo on a map: their own changes alone, latest first, as the history has them.

    A change made after an undo leaves nothing to redo, as in every editor. Raises NotFound.
    """
    row = load_map(session, asker, map_id)
    query = (
        select(ENTRY.c.version, ENTRY.c.undone_by)
        .where(
            ENTRY.c.map_id == map_id,
            ENTRY.c.account_id == asker.account_id,
            ENTRY.c.undoes.is_(None),
            ENTRY.c.changes != b"[]",
        )
        .order_by(ENTRY.c.version.desc())
        .limit(MOST_STEPS)
    )
    own = session.execute(query).all()
    back = next((each.version for each in own if each.undone_by is None), None)
    latest = own[0].version if own else 0
    again = max(
        (each.undone_by for each in own if each.undone_by is not None and each.undone_by > latest),
        default=None,
    )

    def found(version: int | None) -> Entry | None:
        if version is None:
            return None
        one = _ENTRIES.where(ENTRY.c.map_id == map_id, ENTRY.c.version == version)
        return _entry(dict(session.execute(one).mappings().one()), row, asker)

    return Steps(found(back), found(again))


def step(session: Session, asker: Asker, map_id: str, *, redo: bool = False) -> Written:
    """Undo the asker's latest change of a map that is not undone, or redo what they undid last.

    Raises as `undo`, and Conflict where there is nothing of theirs to undo or redo.
    """
    load_map(session, asker, map_id, Access.EDIT, lock=True)
    can = steps(session, asker, map_id)
    entry = can.redo if redo else can.undo
    if entry is None:
        raise Conflict(f"there is nothing of yours to {'redo' if redo else 'undo'}")
    return undo(session, asker, map_id, entry.version)


def restore(
    session: Session, asker: Asker, map_id: str, version: int, expected: int | None = None
) -> Written:
    """Make an earlier version the newest again, as a version of its own.

    Its quotes are anchored in the article's present text. Raises NotFound, NotPermitted, VersionMismatch.
    """
    row = load_map(session, asker, map_id, Access.EDIT, lock=True)
    earlier = map_of_version(session, row, version)
    return write_map(session, asker, map_id, lambda _: earlier, action="restore", expected=expected)


def _shown(changes: tuple[Change, ...], hidden: bool) -> tuple[Change, ...]:
    if not hidden:
        return changes
    return bare_changes(changes)

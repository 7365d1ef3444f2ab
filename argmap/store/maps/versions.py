"""Earlier versions of a map, found again from its newest one by taking entries back."""

import hashlib
import zlib
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, update

from argmap.errors import NotFound, StoreDamaged
from argmap.model import ArgumentMap, Change, Counters, Quote, apply, canonical, difference, invert
from argmap.store.access.rules import article_access, map_record
from argmap.store.maps.bodies import parsed
from argmap.store.maps.write import CHANGES
from argmap.store.records import Access, Asker, StoredMap
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow, Prepared
from argmap.store.sql.tables import ENTRY, MAP

_MAP: BindParameter[str] = bindparam("map_id")
_VERSION: BindParameter[int] = bindparam("version")
_ENTRY = Prepared(select(*ENTRY.c).where(ENTRY.c.map_id == _MAP, ENTRY.c.version == _VERSION))
_NEXT_SAVED = Prepared(
    select(ENTRY.c.version, ENTRY.c.saved).where(
        ENTRY.c.map_id == _MAP,
        ENTRY.c.version
        == select(func.min(ENTRY.c.version))
        .where(ENTRY.c.map_id == _MAP, ENTRY.c.version >= _VERSION, ENTRY.c.saved.is_not(None))
        .scalar_subquery(),
    )
)
_BETWEEN = Prepared(
    select(ENTRY.c.changes)
    .where(ENTRY.c.map_id == _MAP, ENTRY.c.version > _VERSION, ENTRY.c.version <= bindparam("upto"))
    .order_by(ENTRY.c.version.desc())
)


def entry_row(session: Session, map_id: str, version: int) -> LoadedRow:
    """Load one entry of a map's history. Raises NotFound."""
    # beyond what the column holds there is no version either
    row = (
        _ENTRY.first(session, {"map_id": map_id, "version": version})
        if 0 < version < 2**31
        else None
    )
    if row is None:
        raise NotFound(f"the map has no version {version}")
    return row


def map_of_version(session: Session, row: LoadedRow, version: int) -> ArgumentMap:
    """Return the map of a loaded row as it was at a version. Raises NotFound, StoreDamaged."""
    return _rebuilt(session, row, entry_row(session, row["id"], version))


def record_of_version(session: Session, row: LoadedRow, asker: Asker, version: int) -> StoredMap:
    """Return the record of a loaded map as it was at a version. Raises NotFound, StoreDamaged.

    Owner and visibility are those of now. An older version may have quotes of an article that the map no longer
    belongs to; their surroundings are not for anybody who reads it.
    """
    entry = entry_row(session, row["id"], version)
    map = _rebuilt(session, row, entry)
    values: dict[str, Any] = {
        **row,
        "version": version,
        "updated": entry["at"],
        "article_version": entry["article_version"],
        "body": canonical(map),
    }
    of_article = entry["article_version"] is not None
    hidden = of_article and article_access(row, asker) < Access.VIEW
    return map_record(values, asker, map, hidden=hidden)


def forget_surroundings(session: Session, map_id: str) -> None:
    """Write the history of a map anew without what stood around its quotes in any version, and where they stood.

    Each version keeps its place, and a hash of what it says now.
    """
    newest = session.execute(select(MAP).where(MAP.c.id == map_id)).mappings().one()
    entries = (
        session.execute(
            select(ENTRY).where(ENTRY.c.map_id == map_id).order_by(ENTRY.c.version.desc())
        )
        .mappings()
        .all()
    )
    map = parsed(dict(newest))
    after = _with_bare_quotes(map)
    for entry in entries:
        changes = CHANGES.validate_json(entry["changes"])
        map = apply(map, invert(changes))
        before = _with_bare_quotes(map)
        counters = Counters(claims=entry["claim_counter"], relations=entry["relation_counter"])
        body = canonical(after.model_copy(update={"counters": counters}))
        written = difference(before, after) if changes else ()
        session.execute(
            update(ENTRY)
            .where(ENTRY.c.map_id == map_id, ENTRY.c.version == entry["version"])
            .values(
                changes=CHANGES.dump_json(written, exclude_defaults=True),
                hash=hashlib.sha256(body).digest(),
                saved=None if entry["saved"] is None else zlib.compress(body, 1),
            )
        )
        after = before


def _with_bare_quotes(map: ArgumentMap) -> ArgumentMap:
    return map.replace(
        claims=tuple(
            claim.replace(quotes=tuple(Quote(exact=quote.exact) for quote in claim.quotes))
            if claim.quotes
            else claim
            for claim in map.claims
        )
    )


def _rebuilt(session: Session, row: LoadedRow, entry: LoadedRow) -> ArgumentMap:
    version = entry["version"]
    if version == row["version"]:
        return parsed(row)
    place = {"map_id": row["id"], "version": version}
    saved = _NEXT_SAVED.first(session, place)
    if saved is None:
        start, map = row["version"], parsed(row)
    else:
        start = saved["version"]
        map = ArgumentMap.model_validate_json(zlib.decompress(saved["saved"]))
    back: list[Change] = []
    for later in _BETWEEN.all(session, {**place, "upto": start}):
        back += invert(CHANGES.validate_json(later["changes"]))
    map = apply(map, back).model_copy(
        update={
            "counters": Counters(claims=entry["claim_counter"], relations=entry["relation_counter"])
        }
    )
    if hashlib.sha256(canonical(map)).digest() != bytes(entry["hash"]):
        raise StoreDamaged(
            f"version {version} of the map cannot be rebuilt: its hash does not match"
        )
    return map

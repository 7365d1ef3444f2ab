"""The one way in which a map's first and next versions are written: body, rows and history together."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, insert, select, update

from argmap.model import (
    Anchors,
    ArgumentMap,
    Change,
    Claim,
    Counters,
    Quote,
    canonical,
)
from argmap.model.redaction import bare_quote
from argmap.store.events import Changed
from argmap.store.ids import from_microseconds, now, to_microseconds
from argmap.store.maps.bodies import body_after
from argmap.store.maps.search_rows import write_changed, write_new
from argmap.store.records import Entry
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow, Prepared
from argmap.store.sql.tables import ARTICLE, ENTRY, MAP

CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])

_INSERT_MAP = Prepared(insert(MAP).inline())
_INSERT_ENTRY = Prepared(insert(ENTRY).inline())
_UPDATE_MAP = Prepared(
    update(MAP)
    .where(MAP.c.id == bindparam("of_id"), MAP.c.version == bindparam("loaded"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "article_version", "version", "updated", "title", "language", "claims",
                "relations", "unsaved", "hash", "body",
            )
        }
    )
)  # fmt: skip
_ARTICLE_TEXT = Prepared(select(ARTICLE.c.text).where(ARTICLE.c.id == bindparam("id")))


def settled(
    session: Session, row: LoadedRow, before: ArgumentMap, after: ArgumentMap, *, blind: bool
) -> ArgumentMap:
    """Make an edited map fit to be stored: new quotes anchored, no counter lower, its article kept apart.

    `blind` is an edit by somebody who may not see the article: quotes stay as they were or are not anchored.
    """
    after = (
        _unanchored(before, after)
        if blind
        else _anchored(session, row["article_id"], before, after)
    )
    counters = Counters(
        claims=max(before.counters.claims, after.counters.claims),
        relations=max(before.counters.relations, after.counters.relations),
    )
    if after.article != before.article or after.counters != counters:
        # both are valid already, and neither bears on anything that is checked across fields
        after = after.model_copy(update={"article": before.article, "counters": counters})
    return after


def _anchored(
    session: Session, article_id: str | None, before: ArgumentMap, after: ArgumentMap
) -> ArgumentMap:
    old = before.by_id
    asked: list[tuple[Claim, tuple[Quote, ...]]] = []  # with the quotes that it had
    for claim in after.claims:
        was = old.get(claim.id)
        known = was.quotes if isinstance(was, Claim) else ()
        if claim is not was and claim.quotes and claim.quotes != known:
            asked.append((claim, known))
    if not asked:
        return after
    found = None if article_id is None else _ARTICLE_TEXT.first(session, {"id": article_id})
    fresh = [quote for claim, known in asked for quote in claim.quotes if quote not in known]
    anchors = Anchors(found["text"] if found else None, fresh)
    new: dict[str, Claim] = {}
    for claim, known in asked:
        quotes = anchors.of_claim(claim.quotes, known)
        if article_id is None and before.article is not None:
            # detached from its article, whose text around the quotes is not the map's to show
            quotes = tuple(Quote(exact=quote.exact) for quote in quotes)
        if quotes != claim.quotes:
            new[claim.id] = claim.replace(quotes=quotes)
    if not new:
        return after
    return after.replace(claims=tuple(new.get(claim.id, claim) for claim in after.claims))


def _unanchored(before: ArgumentMap, after: ArgumentMap) -> ArgumentMap:
    """Take new quotes as bare words; those known already, as such an editor sees them, stay anchored as they were."""
    old = before.by_id
    claims = []
    for claim in after.claims:
        was = old.get(claim.id)
        known = was.quotes if isinstance(was, Claim) else ()
        if claim is not was and claim.quotes and claim.quotes != known:
            kept = {bare_quote(quote): quote for quote in known}
            quotes = (
                kept.get(bare_quote(quote), Quote(exact=quote.exact)) for quote in claim.quotes
            )
            claim = claim.replace(quotes=tuple(quotes))
        claims.append(claim)
    return after.replace(claims=tuple(claims))


def write_next(
    session: Session,
    row: LoadedRow,
    before: ArgumentMap,
    after: ArgumentMap,
    changes: tuple[Change, ...],
    *,
    action: str,
    account_id: str | None,
    account_name: str | None,
    undoes: int | None = None,
    article_version: int | None,
) -> tuple[Entry, dict[str, Any]] | None:
    """Write a map's next version, its rows and its entry; None when somebody else has written since `row` was loaded.

    Returns the entry and the loaded row as it is now. One conditional UPDATE decides, so no update is ever lost.
    """
    body, key = body_after(row, after)
    written = CHANGES.dump_json(changes, exclude_defaults=True)
    unsaved = row["unsaved"] + len(written)
    saved = None
    if unsaved > max(len(body), 4_096):
        saved, unsaved = zlib.compress(body, 1), 0
    moment = max(to_microseconds(now()), row["updated"] + 1)
    values: dict[str, Any] = {
        "article_version": article_version,
        "version": row["version"] + 1,
        "updated": moment,
        "title": after.title,
        "language": after.language,
        "claims": len(after.claims),
        "relations": len(after.relations),
        "unsaved": unsaved,
        "hash": key,
        "body": body,
    }
    place = {"of_id": row["id"], "loaded": row["version"]}
    if _UPDATE_MAP.count(session, {**values, **place}) != 1:
        return None
    entry = Entry(
        version=row["version"] + 1,
        at=from_microseconds(moment),
        account_id=account_id,
        account_name=account_name,
        action=action,
        changes=changes,
        undoes=undoes,
        article_version=article_version,
    )
    _INSERT_ENTRY.count(
        session,
        {
            "map_id": row["id"],
            "version": entry.version,
            "at": moment,
            "account_id": account_id,
            "action": action,
            "undoes": undoes,
            "undone_by": None,
            "article_version": article_version,
            "claim_counter": after.counters.claims,
            "relation_counter": after.counters.relations,
            "hash": key,
            "changes": written,
            "saved": saved,
        },
    )
    write_changed(session, row["id"], before, after, changes)
    session.publish(Changed(row["id"], entry.version))
    return entry, {**row, **values}


def insert_maps(
    session: Session, maps: Sequence[ArgumentMap], ids: Sequence[str], shared: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Store new maps at version 1, each table in one go, and return the rows of the map table.

    `shared` are the columns that are the same for all: owner, visibility, article.
    """
    moment = to_microseconds(now())
    rows: list[dict[str, Any]] = []
    for place, (id, map) in enumerate(zip(ids, maps, strict=True)):
        body = canonical(map)
        rows.append(
            {
                **shared,
                "id": id,
                "version": 1,
                # one list, one order: no two of them at the same moment
                "created": moment + place,
                "updated": moment + place,
                "deleted": None,
                "title": map.title,
                "language": map.language,
                "claims": len(map.claims),
                "relations": len(map.relations),
                "unsaved": 0,
                "hash": hashlib.sha256(body).digest(),
                "body": body,
            }
        )
    _INSERT_MAP.many(session, [[row[column.name] for column in MAP.c] for row in rows])
    write_new(session, list(zip(ids, maps, strict=True)))
    _INSERT_ENTRY.many(
        session,
        [
            (
                row["id"], 1, row["created"], row["owner"], "created", None, None,
                row["article_version"], map.counters.claims, map.counters.relations, row["hash"],
                b"[]", None,
            )
            for row, map in zip(rows, maps, strict=True)
        ],
    )  # fmt: skip
    return rows

"""The rows of claims, quotes and relations, which serve search and queries beside the body of their map."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, update

from argmap.model import ArgumentMap, Change, ChangeKind, Claim, Relation
from argmap.store.sql.session import Session
from argmap.store.sql.statements import Prepared
from argmap.store.sql.tables import CLAIM, QUOTE, RELATION

_IN_MAP: BindParameter[str] = bindparam("in_map")
_OF_ID: BindParameter[str] = bindparam("of_id")
_CLAIM_COLUMNS = ("map_id", "id", "kind", "text", "label", "speaker")
_INSERT_CLAIM = Prepared(
    insert(CLAIM).inline().values({name: bindparam(name) for name in _CLAIM_COLUMNS})
)
_UPDATE_CLAIM = Prepared(
    update(CLAIM)
    .where(CLAIM.c.map_id == _IN_MAP, CLAIM.c.id == _OF_ID)
    .values({name: bindparam(name) for name in _CLAIM_COLUMNS[2:]})
)
_DELETE_CLAIM = Prepared(delete(CLAIM).where(CLAIM.c.map_id == _IN_MAP, CLAIM.c.id == _OF_ID))
_INSERT_QUOTE = Prepared(insert(QUOTE).inline())
_DELETE_QUOTES = Prepared(
    delete(QUOTE).where(QUOTE.c.map_id == _IN_MAP, QUOTE.c.claim_id == _OF_ID)
)
_INSERT_RELATION = Prepared(insert(RELATION).inline())
_DELETE_RELATION = Prepared(
    delete(RELATION).where(RELATION.c.map_id == _IN_MAP, RELATION.c.id == _OF_ID)
)


def write_new(session: Session, maps: Sequence[tuple[str, ArgumentMap]]) -> None:
    """Write the rows of new maps, given with their ids, each table in one go."""
    _INSERT_CLAIM.many(session, [_claim_row(id, claim) for id, map in maps for claim in map.claims])
    _INSERT_QUOTE.many(session, [row for id, map in maps for row in _quote_rows(id, map.claims)])
    _INSERT_RELATION.many(
        session, [_relation_row(id, item) for id, map in maps for item in map.relations]
    )


def write_changed(
    session: Session,
    map_id: str,
    before: ArgumentMap,
    after: ArgumentMap,
    changes: tuple[Change, ...],
) -> None:
    """Touch the rows of the claims, quotes and relations that the changes of a map name, and no others."""
    gone: list[tuple[str, str]] = []
    gone_quotes: list[tuple[str, str]] = []
    gone_relations: list[tuple[str, str]] = []
    changed: list[tuple[str | None, ...]] = []
    added: list[Claim] = []
    new_quotes: list[Claim] = []
    relations: list[Relation] = []
    for change in changes:
        key = (map_id, change.id or "")
        old, new = before.by_id.get(key[1]), after.by_id.get(key[1])
        if change.kind is ChangeKind.CLAIM_REMOVED or change.kind is ChangeKind.CLAIM_CHANGED:
            if isinstance(new, Claim) and isinstance(old, Claim):
                if _claim_row(map_id, old) != (row := _claim_row(map_id, new)):
                    changed.append((*row[2:], *key))
                if old.quotes == new.quotes:
                    continue
                new_quotes.append(new)
            else:
                gone.append(key)
            if isinstance(old, Claim) and old.quotes:
                gone_quotes.append(key)
        elif change.kind is ChangeKind.CLAIM_ADDED and isinstance(new, Claim):
            added.append(new)
        elif change.kind in (ChangeKind.RELATION_REMOVED, ChangeKind.RELATION_CHANGED):
            gone_relations.append(key)
        if isinstance(new, Relation) and change.kind in (
            ChangeKind.RELATION_ADDED,
            ChangeKind.RELATION_CHANGED,
        ):
            relations.append(new)
    _DELETE_CLAIM.many(session, gone)
    _DELETE_QUOTES.many(session, gone_quotes)
    _DELETE_RELATION.many(session, gone_relations)
    _UPDATE_CLAIM.many(session, changed)
    _INSERT_CLAIM.many(session, [_claim_row(map_id, claim) for claim in added])
    _INSERT_QUOTE.many(session, _quote_rows(map_id, (*added, *new_quotes)))
    _INSERT_RELATION.many(session, [_relation_row(map_id, item) for item in relations])


def _claim_row(map_id: str, claim: Claim) -> tuple[str | None, ...]:
    return map_id, claim.id, claim.kind.value, claim.text, claim.label, claim.speaker


def _quote_rows(map_id: str, claims: Sequence[Claim]) -> Iterator[tuple[Any, ...]]:
    for claim in claims:
        for place, quote in enumerate(claim.quotes):
            state = quote.state.value
            yield map_id, claim.id, place, state, quote.start, quote.end, quote.exact


def _relation_row(map_id: str, relation: Relation) -> tuple[str | None, ...]:
    scheme = (relation.scheme.key or relation.scheme.name) if relation.scheme else None
    sources = json.dumps(relation.sources)
    return map_id, relation.id, relation.kind.value, sources, relation.target, scheme

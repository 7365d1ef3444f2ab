"""Batches of operations on a map: each done once under its key, refused only where somebody else changed the same.

A writer says on which version it looked (`base`) or which state of the item it knows (`etag`). What a later version
changed elsewhere, be it in another field of the same claim, is no conflict. What is, is told whole: what both had,
what each made of it, and who did it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, or_, select

from argmap.errors import (
    ArgmapError,
    Conflict,
    EditConflict,
    Fault,
    IdempotencyMismatch,
    InvalidMap,
    NotFound,
)
from argmap.model import ArgumentMap, Change, ChangeKind, Claim, Relation, edits
from argmap.model.names import is_temporary
from argmap.model.redaction import bare_item
from argmap.store.ids import now
from argmap.store.maps.maps import map as read_map
from argmap.store.maps.maps import write_map
from argmap.store.maps.write import CHANGES
from argmap.store.records import Asker, Written
from argmap.store.sql.session import Session
from argmap.store.sql.tables import ACCOUNT, ENTRY, OPERATION

Json = dict[str, Any]
Tags = Callable[[Claim | Relation], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `op` as on the wire (add_claim, change_relation, ...), its item, and what its writer knew.

    `fields` are those of a new item or a merge patch. `key` is its own idempotency key, whose part before the first
    dot names the window that it comes from. `etag` is the item's tag without quotes.
    """

    op: str
    id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    base: int | None = None
    etag: str | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of what is to be done."""
        done = json.dumps([self.op, self.id, dict(self.fields)], sort_keys=True)
        return hashlib.sha256(done.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an operation: its item, the version that made it so, and whether that was before this request."""

    id: str | None
    version: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A map after a batch, the ids that temporary names got, and a result for each operation."""

    written: Written
    names: dict[str, str]
    results: tuple[Result, ...]


def write_batch(
    session: Session,
    asker: Asker,
    map_id: str,
    operations: Sequence[Operation],
    *,
    tags: Tags,
    expected: int | None = None,
) -> Batch:
    """Do several operations in their order, all of them or none, as one version.

    Operations whose keys are known were done before and are not done again. `tags` gives the tags that an item has
    for its readers, as it is first and without what is not for all last; `etag` must be one of them.
    Raises NotFound, NotPermitted, VersionMismatch, EditConflict with every conflict, IdempotencyMismatch for a key
    that stands for another operation, Conflict for a taken id, InvalidMap with the places of the faults.
    """
    names: dict[str, str] = {}
    ids: list[str | None] = []
    before: dict[str, Any] = {}

    def edit(map: ArgumentMap) -> ArgumentMap:
        names.clear()  # it is tried again when somebody else was faster
        ids.clear()
        before.clear()
        before.update(_done(session, asker, map_id, operations))
        since = _Since(session, asker, map_id, operations, {row.version for row in before.values()})
        conflicts: list[Json] = []
        for index, operation in enumerate(operations):
            known = None if operation.key is None else before.get(operation.key)
            if known is not None:
                ids.append(known.item_id)
                if is_temporary(name := operation.fields.get("id")) and known.item_id:
                    names[str(name)] = known.item_id
                continue
            try:
                found = _conflict(map, operation, names, since, tags)
                if found is not None:
                    conflicts.append({"index": index, **found})
                    ids.append(None)
                    continue
                map, id = _done_to(map, operation, names)
                ids.append(id)
            except ArgmapError as error:
                if not conflicts:  # or it may well come of what was left out
                    raise _at(index, operation, error) from None
        if conflicts:
            raise _refusal(session, asker, map_id, conflicts)
        return map

    written = write_map(session, asker, map_id, edit, action="several changes", expected=expected)
    version = written.stored.version
    results = []
    for operation, id in zip(operations, ids, strict=True):
        known = None if operation.key is None else before.get(operation.key)
        results.append(Result(id, version if known is None else known.version, known is not None))
    _remember(session, asker, map_id, operations, results)
    return Batch(written, names, tuple(results))


def _done(
    session: Session, asker: Asker, map_id: str, operations: Sequence[Operation]
) -> dict[str, Any]:
    """Return by their keys the operations that were done before. Raises IdempotencyMismatch."""
    keys = {
        operation.key: operation.fingerprint
        for operation in operations
        if operation.key is not None
    }
    here = OPERATION.c.account_id == asker.account_id, OPERATION.c.map_id == map_id
    rows = (
        session.execute(select(OPERATION).where(*here, OPERATION.c.key.in_(keys))) if keys else ()
    )
    done = {row.key: row for row in rows}
    for index, operation in enumerate(operations):
        row = done.get(operation.key or "")
        if row is not None and row.fingerprint != operation.fingerprint:
            raise IdempotencyMismatch(
                f"changes/{index}/key: this key was used before, for another operation"
            )
    return done


def _remember(
    session: Session,
    asker: Asker,
    map_id: str,
    operations: Sequence[Operation],
    results: Sequence[Result],
) -> None:
    rows = [
        {
            "account_id": asker.account_id,
            "map_id": map_id,
            "key": operation.key,
            "fingerprint": operation.fingerprint,
            "created": now(),
            "version": result.version,
            "item_id": result.id,
        }
        for operation, result in zip(operations, results, strict=True)
        if operation.key is not None and not result.replayed
    ]
    if rows:
        session.execute(insert(OPERATION), rows)


@dataclass(frozen=True, slots=True)
class _Touch:
    """One later change of an item, and who made it when."""

    change: Change
    version: int
    at: Any
    account_id: str | None
    name: str | None
    own: bool


class _Since:
    """What happened to items since the versions that the writer looked at, read when it is first needed."""

    def __init__(
        self,
        session: Session,
        asker: Asker,
        map_id: str,
        operations: Sequence[Operation],
        own: set[int],
    ) -> None:
        self._session, self._asker, self._map_id = session, asker, map_id
        self._first = min((each.base for each in operations if each.base is not None), default=0)
        windows = {each.key.partition(".")[0] for each in operations if "." in (each.key or "")}  # type: ignore[union-attr]  # a key with a dot is one
        self._windows, self._own = windows, own
        self._touches: list[_Touch] | None = None

    def touches(self, id: str, base: int) -> list[_Touch]:
        """Return the changes of an item, or of a field of the map, in later versions, newest first."""
        if self._touches is None:
            self._touches = self._read()
        return [each for each in self._touches if each.change.id == id and each.version > base]

    def _read(self) -> list[_Touch]:
        own = self._own | self._of_windows()
        query = (
            select(ENTRY.c.version, ENTRY.c.at, ENTRY.c.account_id, ENTRY.c.changes, ACCOUNT.c.name)
            .outerjoin(ACCOUNT, ACCOUNT.c.id == ENTRY.c.account_id)
            .where(ENTRY.c.map_id == self._map_id, ENTRY.c.version > self._first)
            .order_by(ENTRY.c.version.desc())
        )
        return [
            _Touch(change, row.version, row.at, row.account_id, row.name, row.version in own)
            for row in self._session.execute(query)
            for change in reversed(CHANGES.validate_json(row.changes))
        ]

    def _of_windows(self) -> set[int]:
        """Return the versions that the same windows made: their writer knows of them."""
        if not self._windows:
            return set()
        mine = or_(
            *(OPERATION.c.key.startswith(f"{name}.", autoescape=True) for name in self._windows)
        )
        query = select(OPERATION.c.version).where(
            OPERATION.c.account_id == self._asker.account_id,
            OPERATION.c.map_id == self._map_id,
            OPERATION.c.version > self._first,
            mine,
        )
        return set(self._session.execute(query).scalars())


def _conflict(
    map: ArgumentMap, operation: Operation, names: Mapping[str, str], since: _Since, tags: Tags
) -> Json | None:
    """Say in what an operation contradicts what others have done since its writer looked; None: in nothing."""
    if operation.base is None and operation.etag is None:
        return None
    if operation.op in ("add_claim", "add_relation"):
        return _conflict_of_new(map, operation, since)
    if operation.op == "change_map":
        return _conflict_of_map(map, operation, since)
    id = names.get(operation.id, operation.id)
    item = map.by_id.get(id)
    now_ = None if item is None else item.model_dump(mode="json", exclude_defaults=True)
    removal = operation.op.startswith("remove_")
    if operation.base is None:
        if item is not None and operation.etag in tags(item):
            return None
        touches, base = since.touches(id, 0)[:1], None
        changed = list(operation.fields) if item is not None and not removal else []
    else:
        touches = since.touches(id, operation.base)
        base = _at_base(now_, touches)
        changed = _changed_by_others(touches)
        if item is not None and not removal:
            wanted = edits.merge_patch(now_, operation.fields)
            changed = [
                name
                for name in changed
                if name in operation.fields and wanted.get(name) != (now_ or {}).get(name)
            ]
    if item is None:
        if not touches or removal:
            return None  # never there, which the operation says itself; or gone, as it was to be
    elif not changed and operation.base is not None:
        return None
    yours = (
        None if removal else edits.merge_patch(base if base is not None else now_, operation.fields)
    )
    return _told(id, changed, base, yours, now_, touches, () if item is None else tags(item))


def _conflict_of_new(map: ArgumentMap, operation: Operation, since: _Since) -> Json | None:
    """A new relation may name something that somebody else has removed meanwhile."""
    if operation.base is None or operation.op == "add_claim":
        return None
    sources = operation.fields.get("sources")
    ends = [("target", operation.fields.get("target"))]
    ends += [("sources", id) for id in (sources if isinstance(sources, list) else [])]
    for name, id in ends:
        if isinstance(id, str) and id not in map.by_id:
            touches = since.touches(id, operation.base)
            if touches:
                base = _at_base(None, touches)
                return _told(id, [name], base, dict(operation.fields), None, touches, ())
    return None


def _conflict_of_map(map: ArgumentMap, operation: Operation, since: _Since) -> Json | None:
    now_ = map.model_dump(mode="json", exclude_defaults=True, include=set(operation.fields))
    for name in operation.fields:
        touches = [
            each
            for each in since.touches(name, operation.base or 0)
            if each.change.kind is ChangeKind.METADATA_CHANGED
        ]
        theirs = [each for each in touches if not each.own]
        if operation.base is not None and theirs and now_.get(name) != operation.fields[name]:
            base = {name: touches[-1].change.before}
            yours = {name: operation.fields[name]}
            return _told(None, [name], base, yours, {name: now_.get(name)}, theirs, ())
    return None


def _at_base(now_: Json | None, touches: Sequence[_Touch]) -> Json | None:
    """Return an item as it was before the touches."""
    oldest = touches[-1].change.before if touches else now_
    return oldest if isinstance(oldest, dict) else None


def _changed_by_others(touches: Sequence[_Touch]) -> list[str]:
    """Return the fields of an item that others' touches changed."""
    fields: dict[str, None] = {}
    for touch in touches:
        before, after = touch.change.before, touch.change.after
        if touch.own or not isinstance(before, dict) or not isinstance(after, dict):
            continue
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                fields[name] = None
    return sorted(fields)


def _told(
    id: str | None,
    fields: list[str],
    base: Json | None,
    yours: Json | None,
    theirs: Json | None,
    touches: Sequence[_Touch],
    tags: Sequence[str],
) -> Json:
    touch = next((each for each in touches if not each.own), touches[0] if touches else None)
    return {
        "id": id,
        "fields": fields,
        "base": base,
        "yours": yours,
        "theirs": theirs,
        "by": touch and {"account_id": touch.account_id, "name": touch.name},
        "version": touch and touch.version,
        "at": touch and touch.at.isoformat().replace("+00:00", "Z"),
        "tags": tags,
    }


def _refusal(session: Session, asker: Asker, map_id: str, conflicts: list[Json]) -> EditConflict:
    stored = read_map(session, asker, map_id)
    for found in conflicts:
        if tags := found.pop("tags"):
            found["etag"] = f'"{tags[0 if stored.article_visible else -1]}"'
        else:
            found["etag"] = None
        if not stored.article_visible:
            found |= {name: bare_item(found[name]) for name in ("base", "yours", "theirs")}
    first = conflicts[0]
    who = (first["by"] or {}).get("name") or "Somebody else"
    what = first["id"] or "the map"
    done = f"removed {what}" if first["theirs"] is None else f"changed {what}"
    said = f"changes/{first['index']}: {who} has {done} since you looked"
    more = f" (and {len(conflicts) - 1} more)" if len(conflicts) > 1 else ""
    return EditConflict(said + more, tuple(conflicts), stored.version)


def _done_to(
    map: ArgumentMap, operation: Operation, names: dict[str, str]
) -> tuple[ArgumentMap, str | None]:
    """Do an operation; return the map and the id of its item."""
    if operation.op == "add_claim":
        map, claim = edits.add_claim(map, operation.fields, names)
        return map, claim.id
    if operation.op == "add_relation":
        map, relation = edits.add_relation(map, operation.fields, names)
        return map, relation.id
    if operation.op == "change_map":
        return edits.patch_map(map, operation.fields), None
    id = names.get(operation.id, operation.id)
    if operation.op == "change_claim":
        return edits.patch_claim(map, id, operation.fields)[0], id
    if operation.op == "change_relation":
        return edits.patch_relation(map, id, operation.fields, names)[0], id
    if operation.op in ("move_claim", "move_relation"):
        move = edits.move_claim if operation.op == "move_claim" else edits.move_relation
        before = operation.fields["before"]
        return move(map, id, None if before is None else names.get(before, before)), id
    expects = operation.base is not None or operation.etag is not None
    if expects and id not in map.by_id:
        return map, id  # somebody else has removed it already
    remove = edits.remove_claim if operation.op == "remove_claim" else edits.remove_relation
    return remove(map, id).map, id


def _at(index: int, operation: Operation, error: ArgmapError) -> ArgmapError:
    """Say which operation an error is about; what it does not find is a fault of the body, not of the address."""
    if isinstance(error, NotFound):
        return InvalidMap((Fault(f"changes/{index}/id", "unknown_id", str(error)),))
    if isinstance(error, InvalidMap):
        return InvalidMap(
            tuple(
                Fault(f"changes/{index}/{fault.place}", fault.code, fault.message)
                for fault in error.faults
            )
        )
    return Conflict(f"changes/{index}: {error}") if isinstance(error, Conflict) else error

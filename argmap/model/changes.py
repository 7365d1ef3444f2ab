"""Typed changes between two versions of a map, each with before and after, so that every one has an inverse."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from argmap.errors import Conflict
from argmap.model.base import Value
from argmap.model.map import ArgumentMap


class ChangeKind(StrEnum):
    """What a change is about."""

    CLAIM_ADDED = "claim_added"
    CLAIM_CHANGED = "claim_changed"
    CLAIM_REMOVED = "claim_removed"
    CLAIMS_REORDERED = "claims_reordered"
    RELATION_ADDED = "relation_added"
    RELATION_CHANGED = "relation_changed"
    RELATION_REMOVED = "relation_removed"
    RELATIONS_REORDERED = "relations_reordered"
    METADATA_CHANGED = "metadata_changed"


class Change(Value):
    """One typed change of a map.

    `id`: of the claim or relation; for metadata the field's name; for a new order none. `before`,
    `after`: the claim or relation in its canonical JSON form, a field's value, or a list of ids;
    null where there is none. `position`: where an added thing stands now, or where a removed one
    stood, counted from 0.
    """

    kind: ChangeKind
    id: str | None = None
    before: JsonValue = None
    after: JsonValue = None
    position: int | None = None


_METADATA = ("title", "language", "article", "origin")
_INVERSE = {
    ChangeKind.CLAIM_ADDED: ChangeKind.CLAIM_REMOVED,
    ChangeKind.CLAIM_REMOVED: ChangeKind.CLAIM_ADDED,
    ChangeKind.RELATION_ADDED: ChangeKind.RELATION_REMOVED,
    ChangeKind.RELATION_REMOVED: ChangeKind.RELATION_ADDED,
}


def difference(before: ArgumentMap, after: ArgumentMap) -> tuple[Change, ...]:
    """List the changes that turn one map into the other; `apply(before, difference(before, after))` is `after`.

    Counters are no content: they only grow and are not compared. Linear in the size of the maps.
    """
    changes = [
        Change(
            kind=ChangeKind.METADATA_CHANGED,
            id=name,
            before=_plain(getattr(before, name)),
            after=_plain(getattr(after, name)),
        )
        for name in _METADATA
        if getattr(before, name) != getattr(after, name)
    ]
    changes += _item_changes(before.claims, after.claims, "claim")
    changes += _item_changes(before.relations, after.relations, "relation")
    return tuple(changes)


def apply(map: ArgumentMap, changes: Iterable[Change]) -> ArgumentMap:
    """Return the map with the changes made, in their order.

    Raises Conflict where the map is not as a change's `before` says (somebody else's edit stands
    in the way), and pydantic.ValidationError where the result would be no valid map.
    """
    fields: dict[str, Any] = {name: _plain(getattr(map, name)) for name in _METADATA}
    items: dict[str, dict[str, Any]] = {
        "claim": {claim.id: claim for claim in map.claims},
        "relation": {relation.id: relation for relation in map.relations},
    }
    for change in changes:
        noun, _, verb = change.kind.partition("_")
        if change.kind is ChangeKind.METADATA_CHANGED:
            if fields.get(change.id or "") != change.before:
                raise Conflict(f"the map's {change.id} has been changed since")
            fields[change.id or ""] = change.after
        elif verb == "reordered":
            noun = noun.removesuffix("s")
            items[noun] = _reordered(items[noun], change)
        else:
            items[noun] = _with_item(items[noun], noun, verb, change)
    return ArgumentMap(
        **{name: value for name, value in fields.items() if value is not None},
        claims=tuple(items["claim"].values()),
        relations=tuple(items["relation"].values()),
        counters=map.counters,
    )


def invert(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes that take the given ones back, in the order in which they must be applied."""
    return tuple(
        Change(
            kind=_INVERSE.get(change.kind, change.kind),
            id=change.id,
            before=change.after,
            after=change.before,
            position=change.position,
        )
        for change in reversed(changes)
    )


def _plain(value: Any) -> JsonValue:
    """Write a value as plain JSON without defaults."""
    return (
        value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, Value) else value
    )


def _item_changes(before: Sequence[Any], after: Sequence[Any], noun: str) -> list[Change]:
    # What an edit left alone is the same object still, and nearly always all that stands before and behind the edit.
    first, last = _common_ends(before, after)
    old = {item.id: item for item in before[first : len(before) - last]}
    new = {item.id: item for item in after[first : len(after) - last]}
    removed = [
        Change(kind=ChangeKind(f"{noun}_removed"), id=id, before=_plain(item), position=index)
        for index, (id, item) in reversed(list(enumerate(old.items(), first)))
        if id not in new
    ]
    changed = [
        Change(
            kind=ChangeKind(f"{noun}_changed"), id=id, before=_plain(old[id]), after=_plain(item)
        )
        for id, item in new.items()
        if id in old and old[id] != item
    ]
    kept_before = [id for id in old if id in new]
    kept_after = [id for id in new if id in old]
    reordered = []
    if kept_before != kept_after:
        kind = ChangeKind(f"{noun}s_reordered")
        reordered.append(Change(kind=kind, before=list(kept_before), after=list(kept_after)))
    added = [
        Change(kind=ChangeKind(f"{noun}_added"), id=id, after=_plain(item), position=index)
        for index, (id, item) in enumerate(new.items(), first)
        if id not in old
    ]
    return [*removed, *changed, *reordered, *added]


def _common_ends(before: Sequence[Any], after: Sequence[Any]) -> tuple[int, int]:
    """Count the items that are the same objects at the beginning, and those at the end that are left."""
    shorter = min(len(before), len(after))
    first = 0
    while first < shorter and before[first] is after[first]:
        first += 1
    last = 0
    while last < shorter - first and before[-1 - last] is after[-1 - last]:
        last += 1
    return first, last


def _with_item(items: dict[str, Any], noun: str, verb: str, change: Change) -> dict[str, Any]:
    """Make one change in the items, which are the caller's own, and return them or others in their place."""
    id = change.id or ""
    if verb == "added":
        if id in items:
            raise Conflict(f"{noun} {id} exists again")
        if change.position is not None and change.position < len(items):
            pairs = list(items.items())
            before, behind = pairs[: change.position], pairs[change.position :]
            return dict([*before, (id, change.after), *behind])
        items[id] = change.after
        return items
    if id not in items:
        raise Conflict(f"{noun} {id} is gone")
    if _plain(items[id]) != change.before:
        raise Conflict(f"{noun} {id} has been changed since")
    if verb == "removed":
        del items[id]
    else:
        items[id] = change.after
    return items


def _reordered(items: dict[str, Any], change: Change) -> dict[str, Any]:
    """Put the items that the change names into its order; items added since keep their places."""
    wanted = change.after if isinstance(change.after, list) else []
    order = iter([id for id in wanted if isinstance(id, str) and id in items])
    named = set(wanted)
    return {(key := next(order) if id in named else id): items[key] for id in items}

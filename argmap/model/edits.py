"""Edits of a map: pure functions from a map to the next one, each refusing with every fault it would bring in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from argmap.errors import Conflict, Fault, InvalidMap, NotFound
from argmap.model.base import Value
from argmap.model.claim import Claim
from argmap.model.faults import faults_of
from argmap.model.map import ArgumentMap, Counters
from argmap.model.names import is_temporary, with_ids
from argmap.model.relation import Relation

V = TypeVar("V", bound=Value)
JsonObject = Mapping[str, Any]
Names = dict[str, str]  # temporary names of a request, and the ids that they got


@dataclass(frozen=True, slots=True)
class Removal:
    """A map without a claim or relation, the relations that went with it, and those that lost a source by it."""

    map: ArgumentMap
    removed_relations: tuple[str, ...]
    changed_relations: tuple[str, ...]


def add_claim(
    map: ArgumentMap, fields: JsonObject, names: Names | None = None
) -> tuple[ArgumentMap, Claim]:
    """Add a claim at the end; without an `id`, or with a temporary name, it gets the next number.

    `names` are the temporary names of the request; the claim's own is added to them.
    Raises Conflict when the id or the temporary name is taken, InvalidMap with every fault.
    """
    with refusing():
        id, counters = _new_id(map, fields, "c", "claims", names)
        claim = Claim.model_validate({**fields, "id": id})
        return map.replace(claims=(*map.claims, claim), counters=counters), claim


def add_relation(
    map: ArgumentMap, fields: JsonObject, names: Names | None = None
) -> tuple[ArgumentMap, Relation]:
    """Add a relation at the end; without an `id`, or with a temporary name, it gets the next number.

    `names` are the temporary names of the request, which sources and target may be; the relation's own is added.
    Raises Conflict when the id or the temporary name is taken, InvalidMap with every fault, unknown claims included.
    """
    fields = with_ids(fields, names or {})
    with refusing(strip=("relations", len(map.relations))):
        id, counters = _new_id(map, fields, "r", "relations", names)
        relation = Relation.model_validate({**fields, "id": id})
        return map.replace(relations=(*map.relations, relation), counters=counters), relation


def patch_claim(map: ArgumentMap, id: str, patch: JsonObject) -> tuple[ArgumentMap, Claim]:
    """Change a claim by a JSON merge patch (RFC 7386).

    Raises NotFound, or InvalidMap with every fault.
    """
    old = find_claim(map, id)
    with refusing():
        new = patched(old, patch, fixed=("id",))
        if new == old:
            return map, old
        return map.replace(
            claims=tuple(new if claim is old else claim for claim in map.claims)
        ), new


def patch_relation(
    map: ArgumentMap, id: str, patch: JsonObject, names: Names | None = None
) -> tuple[ArgumentMap, Relation]:
    """Change a relation by a JSON merge patch (RFC 7386), in which sources and target may be temporary `names`.

    Raises NotFound, or InvalidMap with every fault.
    """
    old = find_relation(map, id)
    patch = with_ids(patch, names or {})
    with refusing(strip=("relations", map.relations.index(old))):
        new = patched(old, patch, fixed=("id",))
        if new == old:
            return map, old
        return map.replace(
            relations=tuple(new if item is old else item for item in map.relations)
        ), new


def patch_map(map: ArgumentMap, patch: JsonObject) -> ArgumentMap:
    """Change a map's own fields (title, language, origin) by a JSON merge patch.

    Raises InvalidMap.
    """
    allowed = ("title", "language", "origin")
    wrong = [name for name in patch if name not in allowed]
    if wrong:
        raise InvalidMap(
            tuple(
                Fault(
                    name, "not_patchable", f"cannot be changed by a patch; {', '.join(allowed)} can"
                )
                for name in wrong
            )
        )
    present = map.model_dump(mode="json", exclude_defaults=True, include=set(allowed))
    with refusing():
        merged = merge_patch(present, patch)
        result = map.replace(
            **{name: merged.get(name, _default(ArgumentMap, name)) for name in allowed}
        )
    return map if result == map else result


def move_claim(map: ArgumentMap, id: str, before: str | None) -> ArgumentMap:
    """Put a claim before another in the map's order; before none: at the end.

    Raises NotFound.
    """
    claim = find_claim(map, id)
    behind = None if before is None else find_claim(map, before)
    return map.replace(claims=_moved(map.claims, claim, behind))


def move_relation(map: ArgumentMap, id: str, before: str | None) -> ArgumentMap:
    """Put a relation before another in the map's order, that of reasons in an outline; before none: at the end.

    Raises NotFound.
    """
    relation = find_relation(map, id)
    behind = None if before is None else find_relation(map, before)
    return map.replace(relations=_moved(map.relations, relation, behind))


def remove_claim(map: ArgumentMap, id: str) -> Removal:
    """Remove a claim.

    A relation that loses its target or its last source goes with it, and so do the relations that
    target such a relation; a group of linked co-premises keeps its other sources. Raises
    NotFound.
    """
    claim = find_claim(map, id)
    return _without(map, {claim.id})


def remove_relation(map: ArgumentMap, id: str) -> Removal:
    """Remove a relation and with it those that target it (an undercut of a step that is gone).

    Raises NotFound.
    """
    relation = find_relation(map, id)
    return _without(map, {relation.id})


def replace_content(old: ArgumentMap, new: ArgumentMap) -> ArgumentMap:
    """Take over a whole new content; the counters never fall behind those of the old map."""
    return new.replace(counters=_higher(old.counters, new.counters))


def _moved(items: tuple[V, ...], item: V, before: V | None) -> tuple[V, ...]:
    if item is before:
        return items
    rest = [each for each in items if each is not item]
    rest.insert(len(rest) if before is None else rest.index(before), item)
    return tuple(rest)


def find_claim(map: ArgumentMap, id: str) -> Claim:
    """Return the claim of that id.

    Raises NotFound.
    """
    claim = map.claim(id)
    if claim is None:
        raise NotFound("the map has no such claim")
    return claim


def find_relation(map: ArgumentMap, id: str) -> Relation:
    """Return the relation of that id.

    Raises NotFound.
    """
    relation = map.relation(id)
    if relation is None:
        raise NotFound("the map has no such relation")
    return relation


def patched(value: V, patch: JsonObject, fixed: Sequence[str] = ()) -> V:
    """Return a value changed by a JSON merge patch (RFC 7386): null removes, objects merge, arrays are replaced.

    Fields in `fixed` may be sent but not changed. Raises pydantic.ValidationError, or InvalidMap
    for a null on a required field, a changed fixed field or a null on an unknown one.
    """
    kind = type(value)
    present = value.model_dump(mode="json", exclude_defaults=True)
    faults = []
    for name, new in patch.items():
        field = kind.model_fields.get(name)
        if name in fixed and new != present.get(name):
            faults.append(Fault(name, "fixed", "never changes"))
        elif field is None and new is None:
            faults.append(Fault(name, "extra_forbidden", "is not a field"))
        elif field is not None and field.is_required() and new is None:
            faults.append(Fault(name, "required", "is required and cannot be removed"))
    merged = merge_patch(
        present, {name: new for name, new in patch.items() if new is not None or name not in fixed}
    )
    if not faults:
        return kind.model_validate(merged)
    try:
        kind.model_validate(merged)
    except ValidationError as error:
        named = {fault.place for fault in faults}
        faults += [fault for fault in faults_of(error) if fault.place.split("/")[0] not in named]
    raise InvalidMap(tuple(faults))


def merge_patch(present: Any, patch: Any) -> Any:
    """Apply a JSON merge patch as RFC 7386 section 2 defines it."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(present) if isinstance(present, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


@contextmanager
def refusing(strip: tuple[str | int, ...] = ()) -> Iterator[None]:
    """Turn Pydantic's refusal into InvalidMap; `strip` is a place to leave out at the front of each fault's."""
    try:
        yield
    except ValidationError as error:
        front = "".join(f"{part}/" for part in strip)
        raise InvalidMap(
            tuple(
                Fault(fault.place.removeprefix(front), fault.code, fault.message)
                for fault in faults_of(error)
            )
        ) from None


@contextmanager
def refusing_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Refuse with faults found before, together with those that the block finds. Raises InvalidMap."""
    try:
        yield
    except InvalidMap as error:
        raise InvalidMap((*faults, *error.faults)) from None
    if faults:
        raise InvalidMap(tuple(faults))


def _new_id(
    map: ArgumentMap, fields: JsonObject, letter: str, noun: str, names: Names | None
) -> tuple[Any, Counters]:
    given = fields.get("id")
    if given is not None and not is_temporary(given):
        if isinstance(given, str) and given in map.by_id:
            raise Conflict(f"the id {given} is taken")
        return given, map.counters
    if names is not None and given in names:
        raise Conflict(f"the temporary name {given} is used twice")
    number = getattr(map.counters, noun) + 1
    while f"{letter}{number}" in map.by_id:  # a relation named c8 by its importer
        number += 1
    if names is not None and given is not None:
        names[given] = f"{letter}{number}"
    return f"{letter}{number}", Counters(**{**map.counters.model_dump(), noun: number})


def _without(map: ArgumentMap, gone: set[str]) -> Removal:
    relations = list(map.relations)
    changed: dict[str, None] = {}
    lost = True
    while lost:  # one more round for each level of relations on relations
        lost = False
        kept = []
        for relation in relations:
            sources = tuple(source for source in relation.sources if source not in gone)
            if relation.id in gone or relation.target in gone or not sources:
                lost = lost or relation.id not in gone
                gone.add(relation.id)
                continue
            if len(sources) != len(relation.sources):
                relation = relation.replace(sources=sources)
                changed[relation.id] = None
            kept.append(relation)
        relations = kept
    return Removal(
        map.replace(
            claims=tuple(claim for claim in map.claims if claim.id not in gone),
            relations=tuple(relations),
        ),
        removed_relations=tuple(relation.id for relation in map.relations if relation.id in gone),
        changed_relations=tuple(id for id in changed if id not in gone),
    )


def _higher(one: Counters, other: Counters) -> Counters:
    return Counters(
        claims=max(one.claims, other.claims), relations=max(one.relations, other.relations)
    )


def _default(kind: type[Value], name: str) -> Any:
    return kind.model_fields[name].get_default(call_default_factory=True)

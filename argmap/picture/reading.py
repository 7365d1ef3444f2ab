"""A map in words: the order in which to read its claims, and a name for each claim and relation."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

_DOES = {
    RelationKind.SUPPORTS: ("supports", "support", "supporting", "supported"),
    RelationKind.ATTACKS: ("attacks", "attack", "attacking", "attacked"),
    RelationKind.RESTATES: ("restates", "restate", "restating", "restated"),
}
_NAMED = 12  # ids in one list; the rest is counted


class Reading(NamedTuple):
    """Claims in reading order, with the names of claims and relations by id."""

    claims: list[Claim]
    names: dict[str, str]


def reading(map: ArgumentMap) -> Reading:
    """Put a map into words for those who do not see it.

    A thesis comes first, each claim is followed by what speaks for and against it, and loose claims come last.
    """
    aimed: dict[str, list[Relation]] = defaultdict(list)
    leaving: dict[str, list[Relation]] = defaultdict(list)
    for relation in map.relations:
        aimed[relation.target].append(relation)
        for source in relation.sources:
            leaving[source].append(relation)
    claims = _order(map, aimed, leaving)
    called = {claim.id: f"{claim.kind} {claim.id}" for claim in map.claims}
    for relation in map.relations:
        ends = f"{_listed(relation.sources)} to {relation.target}"
        called[relation.id] = f"the step {relation.id} from {ends}"
    which = _ordinals(aimed)
    names = {
        claim.id: _claim_name(
            claim, leaving.get(claim.id, ()), aimed.get(claim.id, ()), called, which
        )
        for claim in claims
    }
    for relation in map.relations:
        names[relation.id] = _relation_name(relation, called)
    return Reading(claims, names)


def _order(
    map: ArgumentMap, aimed: dict[str, list[Relation]], leaving: dict[str, list[Relation]]
) -> list[Claim]:
    roots = [claim for claim in map.claims if claim.id in aimed and claim.id not in leaving]
    roots.sort(key=lambda claim: claim.kind is not ClaimKind.THESIS)
    loose = [c for c in map.claims if c.id not in aimed and c.id not in leaving]
    loose.sort(key=lambda claim: claim.kind is not ClaimKind.THESIS)
    circles = [claim for claim in map.claims if claim.id in leaving]
    by_id = map.by_id
    found: dict[str, Claim] = {}
    todo: list[str] = [claim.id for claim in reversed([*roots, *circles, *loose])]
    while todo:
        id = todo.pop()
        item = by_id[id]
        if isinstance(item, Claim):
            if id in found:
                continue
            found[id] = item
        for relation in reversed(aimed.get(id, ())):
            todo.append(relation.id)
            todo.extend(s for s in reversed(relation.sources) if s not in found)
    return list(found.values())


def _claim_name(
    claim: Claim,
    leaving: Sequence[Relation],
    aimed: Sequence[Relation],
    called: dict[str, str],
    which: dict[str, str],
) -> str:
    kind = f"Implicit {claim.kind}" if claim.implicit else claim.kind.capitalize()
    name = f"{kind} {claim.id}"
    for relation in leaving:
        together = ""
        if len(relation.sources) > 1:
            others = [id for id in relation.sources if id != claim.id]
            together = f"together with {_listed(others)} "
        doing = _DOES[relation.kind][2]
        name += f", {which[relation.id]}{together}{doing} {called[relation.target]}"
    name += f": {claim.label}: {claim.text}" if claim.label else f": {claim.text}"
    if claim.speaker:
        name += f", said by {claim.speaker}"
    if not aimed:
        return name
    received: dict[str, list[str]] = defaultdict(list)
    for relation in aimed:
        received[_DOES[relation.kind][3]] += relation.sources
    return name + "".join([f"; {done} by {_listed(ids)}" for done, ids in received.items()])


def _relation_name(relation: Relation, called: dict[str, str]) -> str:
    one, several, *_ = _DOES[relation.kind]
    if len(relation.sources) > 1:
        return f"{_listed(relation.sources)} together {several} {called[relation.target]}"
    return f"{relation.sources[0]} {one} {called[relation.target]}"


def _ordinals(aimed: dict[str, list[Relation]]) -> dict[str, str]:
    """Say which of several relations of a kind at the same target each one is ("2 of 5 ")."""
    found: dict[str, str] = {}
    for relations in aimed.values():
        same: dict[str, list[str]] = defaultdict(list)
        for relation in relations:
            same[relation.kind].append(relation.id)
        for ids in same.values():
            for place, id in enumerate(ids, 1):
                found[id] = f"{place} of {len(ids)} " if len(ids) > 1 else ""
    return found


def _listed(ids: Sequence[str]) -> str:
    if len(ids) > _NAMED + 1:
        return f"{', '.join(ids[:_NAMED])} and {len(ids) - _NAMED} more"
    return ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"

"""Graphs in which every step is a node of its own: what leads to it are its sources, what it leads to its target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from argmap.formats.reading.draft import Draft, DraftRelation
from argmap.formats.report import LossKind
from argmap.model import RelationKind

MUTUAL = 10  # claims, at the most, that disagree with each other in one conflict


def join(draft: Draft, edges: Iterable[tuple[str, str]]) -> None:
    """Join the claims and steps of a draft by edges between their keys; report edges that lead elsewhere."""
    claims, relations = draft.claims, draft.relations
    targets: dict[str, list[str]] = {}
    direct: list[tuple[str, str]] = []
    for start, end in edges:
        if start in claims and end in relations:
            relations[end].sources.append(start)
        elif start in claims and end in claims:
            direct.append((start, end))
        elif start in relations and (end in claims or end in relations):
            targets.setdefault(start, []).append(end)
        else:
            no_node = "An edge from or to a node that is not there was left out."
            draft.losses.add(LossKind.DANGLING, no_node, (f"{start} -> {end}",))
    finish_joining(draft, targets, direct)


def finish_joining(
    draft: Draft, targets: Mapping[str, Sequence[str]], direct: Sequence[tuple[str, str]]
) -> None:
    """Give each step its target, a copy of it for every further one; read edges between claims as supports.

    A conflict that leads to several claims and comes from none, as a disagreement of SADFace, becomes mutual attacks.
    """
    losses = draft.losses
    for id, ends in targets.items():
        first, *others = dict.fromkeys(ends)
        relation = draft.relations[id]
        if others and len(others) < MUTUAL and _is_mutual(relation, ends, draft):
            losses.add(LossKind.STRUCTURE, "A conflict without sides became mutual attacks.", (id,))
            for number, (source, target) in enumerate(permutations((first, *others), 2), start=1):
                draft.relations[id if number == 1 else f"{id} side {number}"] = replace(
                    relation, id=id if number == 1 else None, sources=[source], target=target
                )
            continue
        relation.target = first
        for number, target in enumerate(others, start=2):
            losses.add(LossKind.STRUCTURE, "A step to several ends became a step for each.", (id,))
            draft.relations[f"{id} to end {number}"] = DraftRelation(
                None,
                relation.kind,
                relation.sources,
                target,
                dict(relation.fields),
                dict(relation.extra),
            )
    for number, (start, end) in enumerate(direct):
        read_as = "An edge straight from claim to claim was read as a support."
        losses.add(LossKind.STRUCTURE, read_as, (f"{start} -> {end}",))
        draft.relations[f"direct edge {number}"] = DraftRelation(
            None, RelationKind.SUPPORTS, [start], end
        )


def _is_mutual(relation: DraftRelation, ends: Sequence[str], draft: Draft) -> bool:
    attacks = relation.kind is RelationKind.ATTACKS
    return attacks and not relation.sources and all(end in draft.claims for end in ends)

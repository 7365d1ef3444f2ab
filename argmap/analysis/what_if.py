"""What would follow if some claims were gone, weighed otherwise, or new: computed, never stored."""

from pydantic import Field

from argmap.analysis.acceptability import Label, Semantics, accept
from argmap.analysis.frameworks import Support
from argmap.analysis.gradual import Gradual, Linked
from argmap.analysis.strength import strength
from argmap.errors import NotFound
from argmap.model import ArgumentMap, Claim, Relation
from argmap.model.base import Value, Weight
from argmap.model.edits import patch_claim, refusing


class Supposition(Value):
    """What is supposed: claims and relations that do not hold, other weights (none: 0.5), new claims and relations.

    A claim that does not hold takes along every step that needs it, and what targets it or such a step.
    """

    remove: tuple[str, ...] = ()
    weights: dict[str, Weight | None] = Field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    relations: tuple[Relation, ...] = ()


class Consequence(Value):
    """One claim whose strength or grounded label changes; None before it is there or when it is gone."""

    claim: str
    strength_before: float | None
    strength_after: float | None
    label_before: Label | None
    label_after: Label | None


class Consequences(Value):
    """What a supposition changes, in the order of the map and the new claims, under the semantics named."""

    semantics: Gradual
    linked: Linked
    support: Support
    changed: tuple[Consequence, ...]


def suppose(
    map: ArgumentMap,
    supposition: Supposition,
    semantics: Gradual = Gradual.QUADRATIC_ENERGY,
    linked: Linked = Linked.MINIMUM,
    support: Support = Support.PLAIN,
) -> Consequences:
    """Say which claims' strengths and grounded labels would be different.

    Raises NotFound for an unknown id and InvalidMap when what is new does not fit the map.
    """
    after_map = supposed(map, supposition)
    before, after = (
        strength(map, semantics, linked).claims,
        strength(after_map, semantics, linked).claims,
    )
    labels_before = accept(map, Semantics.GROUNDED, support).labels
    labels_after = accept(after_map, Semantics.GROUNDED, support).labels
    changed = []
    for id in dict.fromkeys((*before, *after)):
        one = Consequence(
            claim=id,
            strength_before=before.get(id),
            strength_after=after.get(id),
            label_before=labels_before[id] if id in before else None,
            label_after=labels_after[id] if id in after else None,
        )
        moved = (
            one.strength_before is None
            or one.strength_after is None
            or abs(one.strength_before - one.strength_after) > 1e-9
        )
        if moved or one.label_before is not one.label_after:
            changed.append(one)
    return Consequences(semantics=semantics, linked=linked, support=support, changed=tuple(changed))


def supposed(map: ArgumentMap, supposition: Supposition) -> ArgumentMap:
    """Return the map as it would be. Raises NotFound and InvalidMap as `suppose` does."""
    for id in supposition.remove:
        if id not in map.by_id:
            raise NotFound(f"there is no claim or relation {id!r} in the map")
    for id, weight in supposition.weights.items():
        map, _ = patch_claim(map, id, {"weight": weight})
    gone = set(supposition.remove)
    targeting: dict[str, list[str]] = {}
    for relation in map.relations:
        for end in (*relation.sources, relation.target):
            targeting.setdefault(end, []).append(relation.id)
    todo = list(gone)
    while todo:
        for id in targeting.get(todo.pop(), ()):
            if id not in gone:
                gone.add(id)
                todo.append(id)
    with refusing():
        return map.replace(
            claims=(*(claim for claim in map.claims if claim.id not in gone), *supposition.claims),
            relations=(
                *(one for one in map.relations if one.id not in gone),
                *supposition.relations,
            ),
        )

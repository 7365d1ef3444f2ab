"""How the analyses read a map: statements, which may have several wordings, and the steps between them."""

from dataclasses import dataclass

from argmap.model import ArgumentMap, Relation, RelationKind, union


@dataclass(frozen=True, slots=True)
class Step:
    """One inference or attack between statements.

    `premises` and `target` are names of statements, except that `target` names a step when the relation does.
    `simple`: it has one premise, carries it over whole and is itself no target, so it stands as its premise does.
    """

    id: str
    attacks: bool
    premises: tuple[str, ...]
    target: str
    weight: float | None
    simple: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A map as statements and steps.

    `statement` gives each claim, and each restatement that was merged, the claim that stands for it: claims that
    restate each other are one statement, whose supports and attacks are pooled. `names` are the claims that stand for
    a statement, in the map's order.
    """

    names: tuple[str, ...]
    statement: dict[str, str]
    steps: tuple[Step, ...]


def read(map: ArgumentMap) -> Reading:
    """Read a map as statements and steps.

    A restatement makes its source and its target one statement, which goes by the name of the restated claim. A
    restatement that is itself supported or attacked, or that takes several sources together, is a matter of dispute
    and is read as a support.
    """
    targeted = {relation.target for relation in map.relations}
    merged = [item for item in map.relations if _merges(item, targeted)]
    statement = _pooled([claim.id for claim in map.claims], merged)
    steps = []
    for relation in map.relations:
        if _merges(relation, targeted):
            continue
        premises = tuple(dict.fromkeys(statement[source] for source in relation.sources))
        steps.append(
            Step(
                id=relation.id,
                attacks=relation.kind is RelationKind.ATTACKS,
                premises=premises,
                target=statement.get(relation.target, relation.target),
                weight=relation.weight,
                simple=len(premises) == 1
                and relation.id not in targeted
                and relation.weight in (None, 1.0),
            )
        )
    names = tuple(claim.id for claim in map.claims if statement[claim.id] == claim.id)
    for relation in merged:
        statement[relation.id] = statement[relation.target]
    return Reading(names, statement, tuple(steps))


def _merges(relation: Relation, targeted: set[str]) -> bool:
    return (
        relation.kind is RelationKind.RESTATES
        and len(relation.sources) == 1
        and relation.id not in targeted
    )


def _pooled(claims: list[str], restatements: list[Relation]) -> dict[str, str]:
    parents = {claim: claim for claim in claims}
    for relation in restatements:
        restating, restated = (
            union.root(parents, relation.sources[0]),
            union.root(parents, relation.target),
        )
        if restating != restated:
            parents[restating] = restated
    return {claim: union.root(parents, claim) for claim in claims}

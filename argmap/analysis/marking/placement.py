"""Where a team's map stands against a reference map: what it found, missed, put elsewhere and added."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from argmap.analysis.comparison import Comparison, compare
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from argmap.model.base import Value


class Placed(StrEnum):
    """How a claim or relation of the reference stands in a team's map."""

    FOUND = "found"
    MISPLACED = "misplaced"
    MISSED = "missed"


class FoundClaim(Value):
    """A claim of the reference that the team has too.

    `likeness` (0..1) says how sure the alignment is and `by` what it rests on: "quote", "text" or "hand". `kinds` are
    the reference's and the team's. `placed` is `misplaced` where the team connects it to claims that both maps have,
    and not one of these connections is the reference's.
    """

    reference: str
    team: str
    likeness: float
    by: str
    kinds: tuple[ClaimKind, ClaimKind]
    placed: Placed


class Joint(Value):
    """A joint of the reference: premises that count together, or a relation that targets a step.

    `share` (0..1) is how much of it the team has: all, or of premises that count together the share that the team
    joined, if it joined two at least.
    """

    relation: str
    share: float


class SamePoint(Value):
    """A question to a person: does the team's claim make the reference's implicit point in its own words?

    An implicit premise has no quote and seldom the same words, so an alignment misses it. It is asked where both
    support the same target, a claim of the reference named by `target`.
    """

    reference: str
    team: str
    target: str


class Placement(Value):
    """A team's map against the reference.

    Ids of the reference: `missed` claims, `relations` (how each stands). Ids of the team's map: `extra` claims,
    `extra_relations` (without a counterpart) and `wrong_relations` (those of them between claims that both maps have
    which the reference connects otherwise). `same_relations` pairs (reference, team). `arrows` counts
    single arrows from a source to a target: in both maps; in the reference, of claims that both maps have; in the
    team's map, from claims that both have.
    """

    found: tuple[FoundClaim, ...]
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    relations: tuple[tuple[str, Placed], ...]
    same_relations: tuple[tuple[str, str], ...]
    extra_relations: tuple[str, ...]
    wrong_relations: tuple[str, ...]
    joints: tuple[Joint, ...]
    arrows: tuple[int, int, int]
    questions: tuple[SamePoint, ...]


_Arrow = tuple[str, str, RelationKind]


def place(
    team: ArgumentMap,
    reference: ArgumentMap,
    *,
    same: Mapping[str, str] | None = None,
    apart: Collection[tuple[str, str]] = (),
) -> Placement:
    """Compare a team's map with the reference.

    `same` maps claims of the team's map to those of the reference that a person took for the same point, `apart` are
    pairs (team, reference) that a person took for different points; both go before the alignment. Ids that a map does
    not have are passed over, since maps go on changing after a decision.
    """
    comparison = compare(team, reference, same=same, apart=apart)
    to_reference = {pair.one: pair.other for pair in comparison.pairs}
    names = {**to_reference, **dict(comparison.same_relations)}
    here = {
        (names.get(source, ""), names.get(relation.target, ""), relation.kind)
        for relation in team.relations
        for source in relation.sources
        if source in names
    }
    drawn = len({arrow for arrow in _arrows(team) if arrow[0] in names})
    known = set(names.values())
    expected = {arrow for arrow in _arrows(reference) if arrow[0] in known and arrow[1] in known}
    standing = _relations(reference, comparison, expected - here, known)
    decided = {(pair[0], pair[1]) for pair in apart}
    return Placement(
        found=tuple(
            FoundClaim(
                reference=pair.other,
                team=pair.one,
                likeness=pair.likeness,
                by=pair.by,
                kinds=(pair.kinds[1], pair.kinds[0]),
                placed=_claim_placed(pair.other, expected, here),
            )
            for pair in comparison.pairs
        ),
        missed=comparison.only_other,
        extra=comparison.only_one,
        relations=standing,
        same_relations=tuple((other, one) for one, other in comparison.same_relations),
        extra_relations=comparison.only_one_relations,
        wrong_relations=tuple(
            relation.id
            for relation in team.relations
            if relation.id in set(comparison.only_one_relations)
            and _within(relation, names)
            and not _named(relation, names) <= expected
        ),
        joints=_joints(team, reference, comparison, to_reference),
        arrows=(len(here & expected), len(expected), drawn),
        questions=_questions(team, reference, comparison, to_reference, decided),
    )


def _arrows(map: ArgumentMap) -> set[_Arrow]:
    return {
        (source, relation.target, relation.kind)
        for relation in map.relations
        for source in relation.sources
    }


def _claim_placed(id: str, expected: set[_Arrow], here: set[_Arrow]) -> Placed:
    wanted = {arrow for arrow in expected if arrow[0] == id}
    return Placed.MISPLACED if wanted and not wanted & here else Placed.FOUND


def _named(relation: Relation, names: Mapping[str, str]) -> set[_Arrow]:
    target = names[relation.target]
    return {(names[source], target, relation.kind) for source in relation.sources}


def _within(relation: Relation, names: Mapping[str, str]) -> bool:
    return relation.target in names and all(source in names for source in relation.sources)


def _relations(
    reference: ArgumentMap, comparison: Comparison, lacking: set[_Arrow], known: set[str]
) -> tuple[tuple[str, Placed], ...]:
    same = {other for _, other in comparison.same_relations}
    standing = []
    for relation in reference.relations:
        if relation.id in same:
            placed = Placed.FOUND
        elif relation.target in known and any(source in known for source in relation.sources):
            arrows = {(source, relation.target, relation.kind) for source in relation.sources}
            whole = all(source in known for source in relation.sources)
            placed = Placed.MISPLACED if whole or arrows & lacking else Placed.MISSED
        else:
            placed = Placed.MISSED
        standing.append((relation.id, placed))
    return tuple(standing)


def _joints(
    team: ArgumentMap,
    reference: ArgumentMap,
    comparison: Comparison,
    to_reference: Mapping[str, str],
) -> tuple[Joint, ...]:
    same = {other for _, other in comparison.same_relations}
    names = {**to_reference, **dict(comparison.same_relations)}
    steps = {relation.id for relation in reference.relations}
    joints = []
    for relation in reference.relations:
        joined, on_step = len(relation.sources) > 1, relation.target in steps
        if not joined and not on_step:
            continue
        share = 1.0 if relation.id in same else 0.0
        if not share and joined:
            together = max(
                (
                    len({names.get(source) for source in other.sources} & set(relation.sources))
                    for other in team.relations
                    if other.kind is relation.kind and names.get(other.target) == relation.target
                ),
                default=0,
            )
            share = together / len(relation.sources) if together > 1 else 0.0
        joints.append(Joint(relation=relation.id, share=share))
    return tuple(joints)


def _questions(
    team: ArgumentMap,
    reference: ArgumentMap,
    comparison: Comparison,
    to_reference: Mapping[str, str],
    decided: set[tuple[str, str]],
) -> tuple[SamePoint, ...]:
    missed, extra = set(comparison.only_other), set(comparison.only_one)
    hidden = {claim.id for claim in reference.claims if claim.implicit and claim.id in missed}
    wanted: dict[str, list[str]] = {}
    for source, target in _supports(reference):
        if source in hidden:
            wanted.setdefault(target, []).append(source)
    added: dict[str, Claim] = {claim.id: claim for claim in team.claims if claim.id in extra}
    asked: dict[tuple[str, str], SamePoint] = {}
    for source, target in _supports(team):
        goal = to_reference.get(target)
        if source in added and goal in wanted:
            for implicit in wanted[goal]:
                if (source, implicit) not in decided:
                    asked.setdefault(
                        (implicit, source), SamePoint(reference=implicit, team=source, target=goal)
                    )
    return tuple(asked.values())


def _supports(map: ArgumentMap) -> list[tuple[str, str]]:
    return [
        (source, relation.target)
        for relation in map.relations
        if relation.kind is RelationKind.SUPPORTS
        for source in relation.sources
    ]

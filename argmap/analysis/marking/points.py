"""Points out of twenty that a comparison and a review suggest; a person decides."""

from collections.abc import Collection

from argmap.analysis.marking.placement import Placement
from argmap.analysis.review import review
from argmap.analysis.review.finding import Severity
from argmap.model import ArgumentMap, ClaimKind, RelationKind
from argmap.model.base import Value

CLAIMS, KINDS, LINKS, JOINTS, SOUND = 6.0, 3.0, 5.0, 3.0, 3.0  # points, 20 in all


class Deduction(Value):
    """Why a criterion has fewer points than it could: one sentence, and the claims and relations concerned.

    `of` says whose ids these are, "reference" or "team".
    """

    finding: str
    of: str
    claims: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()


class Criterion(Value):
    """Points suggested for one criterion, in halves, of how many, from which figures, and what was deducted for."""

    code: str
    title: str
    points: float
    most: float
    basis: str
    deductions: tuple[Deduction, ...] = ()


class Proposal(Value):
    """Suggested points of a map: the criteria and their sum; `open` questions must be answered before they count."""

    criteria: tuple[Criterion, ...]
    points: float
    most: float
    open: int


def default_stars(reference: ArgumentMap) -> frozenset[str]:
    """Return the claims that weigh double: each thesis and its direct reasons, implicit ones among them."""
    theses = {claim.id for claim in reference.claims if claim.kind is ClaimKind.THESIS}
    reasons = {
        source
        for relation in reference.relations
        if relation.kind is RelationKind.SUPPORTS and relation.target in theses
        for source in relation.sources
    }
    return frozenset(theses | reasons)


def propose(
    team: ArgumentMap,
    reference: ArgumentMap,
    placement: Placement,
    *,
    stars: Collection[str] | None = None,
    given: Collection[str] = (),
) -> Proposal:
    """Suggest points for a team's map from where it stands against the reference.

    With w = 2 for a claim in `stars` (default: `default_stars`) and 1 for others: claims 6·Σw found / Σw; kinds
    3·same / found; links 5·2m / (e + g), where m arrows are in both maps, e in the reference and g in the team's map,
    of claims that both have, so that a missed claim costs once; joints 3·share of the premises joined, of the relations
    on steps and of the implicit premises; sound max(0, 3 - errors - ½·warnings) of the review. Each is rounded to a
    half. `given` are ids of the reference that the template gave to the team; they count neither for nor against. A
    criterion that the reference has nothing for is left out of the sum and of `most`. Extra claims cost nothing.
    """
    left_out = frozenset(given)
    weights = default_stars(reference) if stars is None else frozenset(stars)
    made = [
        _claims(reference, placement, weights, left_out),
        _kinds(reference, placement, left_out),
        _links(reference, placement),
        _joints(reference, placement, left_out),
        _sound(team, placement, left_out),
    ]
    criteria = tuple(criterion for criterion in made if criterion is not None)
    return Proposal(
        criteria=criteria,
        points=sum(criterion.points for criterion in criteria),
        most=sum(criterion.most for criterion in criteria),
        open=len(placement.questions),
    )


def _halves(points: float) -> float:
    """Round to the nearest half, a quarter upwards."""
    return int(points * 2 + 0.5) / 2


def _claims(
    reference: ArgumentMap, placement: Placement, stars: frozenset[str], given: frozenset[str]
) -> Criterion | None:
    weight = {claim.id: 2 if claim.id in stars else 1 for claim in reference.claims}
    whole = sum(weight[id] for id in weight if id not in given)
    if not whole:
        return None
    found = sum(weight[item.reference] for item in placement.found if item.reference not in given)
    missed = tuple(id for id in placement.missed if id not in given)
    return Criterion(
        code="claims",
        title="Claims found",
        points=_halves(CLAIMS * found / whole),
        most=CLAIMS,
        basis=f"{found} of {whole}, main claims counted twice",
        deductions=tuple(
            Deduction(
                finding=f"Missed {_words(reference, id)}.",
                of="reference",
                claims=(id,),
            )
            for id in missed
        ),
    )


def _kinds(reference: ArgumentMap, placement: Placement, given: frozenset[str]) -> Criterion | None:
    if all(claim.id in given for claim in reference.claims):
        return None
    found = [item for item in placement.found if item.reference not in given]
    other = [item for item in found if item.kinds[0] is not item.kinds[1]]
    same = len(found) - len(other)
    return Criterion(
        code="kinds",
        title="Kinds of claims",
        points=_halves(KINDS * same / len(found)) if found else 0.0,
        most=KINDS,
        basis=f"{same} of {len(found)} claims found",
        deductions=tuple(
            Deduction(
                finding=f"Has {_words(reference, item.reference)} as {_kind(item.kinds[1])}; the reference as "
                f"{_kind(item.kinds[0])}.",
                of="team",
                claims=(item.team,),
            )
            for item in other
        ),
    )


def _links(reference: ArgumentMap, placement: Placement) -> Criterion | None:
    both, expected, drawn = placement.arrows
    if not reference.relations:
        return None
    total = expected + drawn
    misplaced = tuple(item for item in placement.found if item.placed == "misplaced")
    deductions = [
        Deduction(
            finding=f"Connects {_words(reference, item.reference)} otherwise than the reference.",
            of="team",
            claims=(item.team,),
        )
        for item in misplaced
    ]
    if placement.wrong_relations:
        count = len(placement.wrong_relations)
        deductions.append(
            Deduction(
                finding=f"Has {count} {'relation' if count == 1 else 'relations'} that the reference has not.",
                of="team",
                relations=placement.wrong_relations,
            )
        )
    return Criterion(
        code="links",
        title="Connections",
        points=_halves(LINKS * 2 * both / total) if total else 0.0,
        most=LINKS,
        basis=f"{both} in both maps, {expected} in the reference, {drawn} in this map",
        deductions=tuple(deductions),
    )


def _joints(
    reference: ArgumentMap, placement: Placement, given: frozenset[str]
) -> Criterion | None:
    joints = [joint for joint in placement.joints if joint.relation not in given]
    hidden = [claim.id for claim in reference.claims if claim.implicit and claim.id not in given]
    whole = len(joints) + len(hidden)
    if not whole:
        return None
    found = {item.reference for item in placement.found}
    got = sum(joint.share for joint in joints) + sum(id in found for id in hidden)
    of = {relation.id: relation for relation in reference.relations}
    lacking = [
        Deduction(
            finding=(
                f"Does not join {_list(reference, of[joint.relation].sources)}, which count together."
                if len(of[joint.relation].sources) > 1
                else f"Does not have {_words(reference, of[joint.relation].sources[0])} against or for the step itself."
            ),
            of="reference",
            relations=(joint.relation,),
        )
        for joint in joints
        if joint.share < 1
    ]
    lacking += [
        Deduction(
            finding=f"Leaves unsaid what the author leaves unsaid: {_words(reference, id)}.",
            of="reference",
            claims=(id,),
        )
        for id in hidden
        if id not in found
    ]
    return Criterion(
        code="joints",
        title="Hidden joints",
        points=_halves(JOINTS * got / whole),
        most=JOINTS,
        basis=f"{got:g} of {whole}: premises joined, steps attacked, implicit premises",
        deductions=tuple(lacking),
    )


def _sound(team: ArgumentMap, placement: Placement, given: frozenset[str]) -> Criterion:
    own = len(placement.extra) + sum(item.reference not in given for item in placement.found)
    findings = [item for item in review(team).findings if item.severity is not Severity.NOTE]
    cost = sum(1.0 if item.severity is Severity.ERROR else 0.5 for item in findings)
    return Criterion(
        code="sound",
        title="Sound structure",
        points=max(0.0, SOUND - cost) if own else 0.0,
        most=SOUND,
        basis=f"{len(findings)} findings of the review" if own else "nothing of its own yet",
        deductions=tuple(
            Deduction(finding=item.advice, of="team", claims=item.claims, relations=item.relations)
            for item in findings
        ),
    )


def _words(map: ArgumentMap, id: str) -> str:
    claim = map.claim(id)
    if claim is None:
        return id
    text = claim.label or claim.text
    return f"“{text if len(text) <= 80 else text[:79].rstrip() + '…'}”"


def _list(map: ArgumentMap, ids: Collection[str]) -> str:
    words = [_words(map, id) for id in ids]
    return ", ".join(words[:-1]) + " and " + words[-1]


def _kind(kind: ClaimKind) -> str:
    return {"evidence": "evidence"}.get(kind.value, f"a {kind.value}")

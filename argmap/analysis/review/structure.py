"""Rules about how a map hangs together: theses, reasons, circles, attacks and replies."""

from collections.abc import Iterator

from argmap.analysis.naming import name_of, named
from argmap.analysis.review.finding import Found, Rule, Severity
from argmap.analysis.shape import Shape
from argmap.model import Claim, ClaimKind, Relation, RelationKind

UNEVEN_STEPS = 3
MANY = 5  # findings on claims that stand on one leg, past which they are summed up


def _no_thesis(shape: Shape) -> Iterator[Found]:
    if not shape.theses:
        yield Found(
            "The map has no thesis: say what the article argues for, and make that claim its thesis."
        )


def _unsupported_thesis(shape: Shape) -> Iterator[Found]:
    for thesis in shape.theses:
        if not shape.supports_of(thesis.id) and not _restated(shape, thesis.id):
            yield Found(
                f"Nothing supports the thesis {name_of(thesis)}: add the reasons that the author gives.",
                (thesis.id,),
            )


def _restated(shape: Shape, id: str) -> bool:
    return any(
        one.kind is RelationKind.RESTATES
        for one in (*shape.into.get(id, ()), *shape.out_of.get(id, ()))
    )


def _loose_claim(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        if (
            claim.kind is not ClaimKind.THESIS
            and claim.id not in shape.into
            and claim.id not in shape.out_of
        ):
            yield Found(
                f"{name_of(claim)} is linked to nothing: say what it supports or attacks, or take it out.",
                (claim.id,),
            )


def _circular_reasoning(shape: Shape) -> Iterator[Found]:
    for circle in shape.circles:
        if len(circle) == 1:
            advice = (
                f"{named(shape.map, circle[0])} is supported by its own restatement:"
                " give a reason that says something else."
            )
        else:
            path = " → ".join(named(shape.map, id) for id in (*circle, circle[0]))
            advice = f"The reasons run in a circle ({path}): rest one of them on something outside."
        yield Found(advice, circle)


def _supports_and_attacks(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        by_target: dict[str, dict[RelationKind, str]] = {}
        for relation in shape.out_of.get(claim.id, ()):
            by_target.setdefault(relation.target, {}).setdefault(relation.kind, relation.id)
        for target, by_kind in by_target.items():
            if RelationKind.SUPPORTS in by_kind and RelationKind.ATTACKS in by_kind:
                yield Found(
                    f"{name_of(claim)} both supports and attacks {named(shape.map, target)}: "
                    "decide which, or split it into two claims.",
                    (claim.id, target) if shape.map.claim(target) else (claim.id,),
                    (by_kind[RelationKind.SUPPORTS], by_kind[RelationKind.ATTACKS]),
                )


def _idle_rebuttal(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        if claim.kind is not ClaimKind.REBUTTAL:
            continue
        leads = shape.out_of.get(claim.id, [])
        if (leads or claim.id in shape.into) and not any(
            _serves_an_attack(shape, one) for one in leads
        ):
            yield Found(
                f"The rebuttal {name_of(claim)} attacks nothing: "
                "link it to what it speaks against, or call it a premise.",
                (claim.id,),
            )


def _serves_an_attack(shape: Shape, relation: Relation) -> bool:
    """Whether a relation attacks, backs an attack, or supports or restates another rebuttal."""
    target = shape.map.by_id[relation.target]
    if relation.kind is RelationKind.ATTACKS:
        return True
    return (
        target.kind is ClaimKind.REBUTTAL
        if isinstance(target, Claim)
        else target.kind is RelationKind.ATTACKS
    )


def _unanswered_attack(shape: Shape) -> Iterator[Found]:
    for relation in shape.map.relations:
        if relation.kind is not RelationKind.ATTACKS or shape.sides.get(relation.id) == frozenset(
            {True}
        ):
            continue  # a reply on the author's side need not be answered
        if shape.attacks_on(relation.id) or any(
            shape.attacks_on(source) for source in relation.sources
        ):
            continue
        first = shape.map.by_id[relation.sources[0]]
        if isinstance(first, Claim):
            yield Found(
                f"Nobody answers {name_of(first)}, which attacks {named(shape.map, relation.target)}: "
                "add the reply, or concede the point.",
                relation.sources,
                (relation.id,),
            )


def _unchallenged_thesis(shape: Shape) -> Iterator[Found]:
    for thesis in shape.theses:
        if thesis.id not in shape.challenged and thesis.id in shape.into:
            yield Found(
                f"No rebuttal of the thesis {name_of(thesis)} is considered: add the strongest objection.",
                (thesis.id,),
            )


def _self_attack(shape: Shape) -> Iterator[Found]:
    for relation in shape.map.relations:
        if relation.kind is RelationKind.ATTACKS and relation.target in relation.sources:
            yield Found(
                f"{named(shape.map, relation.target)} attacks itself: say it so that it can hold, or split it in two.",
                (relation.target,),
                (relation.id,),
            )


def _one_legged(shape: Shape) -> Iterator[Found]:
    """Mark each claim that stands on one leg, or all of them together where there are many."""
    found = list(_each_one_legged(shape))
    if len(found) <= MANY:
        yield from found
        return
    claims = tuple(one.claims[0] for one in found)
    some = ", ".join(named(shape.map, claim) for claim in claims[:3])
    yield Found(
        f"{len(found)} claims stand on one leg each, such as {some}: look at the most important ones first.",
        claims,
        tuple(relation for one in found for relation in one.relations),
    )


def _each_one_legged(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        supports = shape.supports_of(claim.id)
        if (
            claim.kind is not ClaimKind.EVIDENCE
            and len(supports) == 1
            and len(supports[0].sources) == 1
        ):
            leg = shape.map.claim(supports[0].sources[0])
            if leg and (claim.kind is ClaimKind.THESIS or leg.kind is not ClaimKind.EVIDENCE):
                yield Found(
                    f"{name_of(claim)} stands on one leg, {name_of(leg)}: "
                    "name the premise that links the two, or a second reason.",
                    (claim.id, leg.id),
                    (supports[0].id,),
                )


def _uneven_depth(shape: Shape) -> Iterator[Found]:
    for thesis in shape.theses:
        # premises that are linked are one reason, as deep as the deepest of them
        reasons = [
            max(relation.sources, key=lambda one: shape.height[one])
            for relation in shape.supports_of(thesis.id)
        ]
        if len(reasons) < 2:
            continue
        deepest = max(reasons, key=lambda one: shape.height[one])
        flattest = min(reasons, key=lambda one: shape.height[one])
        steps = shape.height[deepest] - shape.height[flattest]
        if steps >= UNEVEN_STEPS:
            yield Found(
                f"{named(shape.map, deepest)} is argued {steps} steps deeper than {named(shape.map, flattest)}, "
                f"beside it under {named(shape.map, thesis.id)}: "
                "argue the one further, or cut the other.",
                (thesis.id, deepest, flattest),
            )


RULES = (
    Rule(
        "no-thesis",
        Severity.ERROR,
        "The map has no thesis",
        "Without a thesis nobody can tell what the reasons are reasons for.",
        _no_thesis,
    ),
    Rule(
        "unsupported-thesis",
        Severity.WARNING,
        "A thesis that nothing supports",
        "A thesis without reasons is an assertion.",
        _unsupported_thesis,
    ),
    Rule(
        "loose-claim",
        Severity.WARNING,
        "A claim that is linked to nothing",
        "A claim that supports, attacks or restates nothing plays no part in the argument.",
        _loose_claim,
    ),
    Rule(
        "circular-reasoning",
        Severity.ERROR,
        "Reasons that support each other in a circle",
        "A claim cannot be a reason for itself. Each smallest circle is reported once; "
        "claims that restate each other count as one.",
        _circular_reasoning,
    ),
    Rule(
        "supports-and-attacks",
        Severity.ERROR,
        "A claim that both supports and attacks the same target",
        "The same words cannot speak for and against the same thing.",
        _supports_and_attacks,
    ),
    Rule(
        "self-attack",
        Severity.ERROR,
        "A claim that attacks itself",
        "What speaks against itself cannot be held, and nothing can rest on it.",
        _self_attack,
    ),
    Rule(
        "idle-rebuttal",
        Severity.WARNING,
        "A rebuttal that attacks nothing",
        "A rebuttal speaks against something. One that helps another rebuttal, or an attack, does so too.",
        _idle_rebuttal,
    ),
    Rule(
        "unanswered-attack",
        Severity.WARNING,
        "An attack on the author's case that nobody answers",
        "An objection left standing is conceded. An answer attacks the objection, or undercuts its attack.",
        _unanswered_attack,
    ),
    Rule(
        "unchallenged-thesis",
        Severity.NOTE,
        "A thesis against which no rebuttal is considered",
        "A case that names no objection has not been tested.",
        _unchallenged_thesis,
    ),
    Rule(
        "one-legged",
        Severity.NOTE,
        "A claim that stands on one premise alone",
        "One premise hardly ever suffices: mostly a second, unsaid one links it to the conclusion. "
        "A premise that stands on evidence is not marked.",
        _one_legged,
    ),
    Rule(
        "uneven-depth",
        Severity.NOTE,
        "Reasons argued to very different depth",
        f"One reason of a thesis is argued at least {UNEVEN_STEPS} steps deeper than another.",
        _uneven_depth,
    ),
)

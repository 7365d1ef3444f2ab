"""Which relations of a draft lead from claims to claims or to each other, and the report of those that do not."""

from collections.abc import Mapping

from argmap.formats.reading.draft_items import DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.model import RelationKind, limits


def sound_relations(
    claims: Mapping[str, DraftClaim], relations: dict[str, DraftRelation], losses: Losses
) -> dict[str, DraftRelation]:
    """Return the relations that have a source and lead to a claim or a sound relation; report the others."""
    if all(_leads_to_a_claim(relation, claims) for relation in relations.values()):
        return relations  # as in most files
    usable = {
        key: relation
        for key, relation in relations.items()
        if _has_ends(key, relation, claims, relations, losses)
    }
    state: dict[str, bool] = {}
    circular: set[str] = set()
    for start in usable:
        path: list[str] = []
        current: str | None = start
        while current in usable and current not in state and current not in claims:
            state[current] = False  # until its end is known; met again while walking it is a circle
            path.append(current)
            current = usable[current].target
        if current is not None and current in path:
            circle = path[path.index(current) :]
            circular.update(circle)
            losses.add(
                LossKind.CYCLE,
                "Relations that target each other in a circle were dropped.",
                [relations[key].id or key for key in circle],
            )
            continue
        sound = current in claims or state.get(current or "", False)
        for key in path:
            state[key] = sound
    for key, relation in usable.items():
        if not state[key] and key not in circular:
            losses.add(
                LossKind.DANGLING,
                "A relation to another one that is not there was dropped.",
                (relation.id or key,),
            )
    return {key: relation for key, relation in usable.items() if state[key]}


def _leads_to_a_claim(relation: DraftRelation, claims: Mapping[str, DraftClaim]) -> bool:
    """Say whether nothing at all is odd about the ends of a relation."""
    sources, target = relation.sources, relation.target
    if target not in claims or target in sources:
        return False
    if len(sources) == 1:
        return sources[0] in claims
    return (
        1 < len(sources) <= limits.SOURCES_PER_RELATION
        and len(set(sources)) == len(sources)
        and all(source in claims for source in sources)
    )


def _has_ends(
    key: str,
    relation: DraftRelation,
    claims: Mapping[str, DraftClaim],
    relations: Mapping[str, DraftRelation],
    losses: Losses,
) -> bool:
    """Repair the sources of a relation; say whether it has any, and something to lead to."""
    place = relation.id or key
    target = relation.target
    sources = relation.sources
    if target in sources and relation.kind is not RelationKind.ATTACKS:
        sources = [source for source in sources if source != target]
        losses.add(
            LossKind.SELF_REFERENCE,
            "A claim supported or restated itself; that was dropped.",
            (place,),
        )
        if not sources:
            return False
    kept = [source for source in sources if source in claims]
    if len(kept) != len(sources):
        losses.add(
            LossKind.DANGLING,
            "Dropped a source of a relation that is not a claim.",
            [f"{place}: {source}" for source in sources if source not in claims],
        )
    if len(kept) > 1 and len(set(kept)) != len(kept):
        kept = list(dict.fromkeys(kept))
        losses.add(LossKind.DUPLICATE, "A relation named a source twice; it counts once.", (place,))
    if len(kept) > limits.SOURCES_PER_RELATION:
        losses.add(
            LossKind.RELATION,
            f"A relation has at most {limits.SOURCES_PER_RELATION} sources; more were dropped.",
            (place,),
        )
        kept = kept[: limits.SOURCES_PER_RELATION]
    relation.sources = kept
    if not kept:
        losses.add(LossKind.DANGLING, "A relation without a source was dropped.", (place,))
        return False
    if target in claims:
        return True
    if target not in relations:
        losses.add(LossKind.DANGLING, "A relation without a target was dropped.", (place,))
        return False
    if relation.kind is RelationKind.RESTATES:
        losses.add(
            LossKind.RELATION,
            "A restatement of a step was dropped; only claims are restated.",
            (place,),
        )
        return False
    return True

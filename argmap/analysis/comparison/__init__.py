"""Comparing two maps of one article: aligned claims and relations, agreement, and what differs."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from argmap.analysis.comparison.agreement import Score, kappa, score, segmentation_similarity
from argmap.analysis.comparison.alignment import Alignment, align
from argmap.analysis.comparison.annotation import Annotation, Node, annotation_of, segments_of
from argmap.analysis.comparison.cass import Cass, cass, cass_of
from argmap.model import ArgumentMap, ClaimKind, Relation, RelationKind
from argmap.model.base import Value

__all__ = [
    "Alignment",
    "Annotation",
    "Cass",
    "Comparison",
    "Node",
    "Pair",
    "Score",
    "align",
    "annotation_of",
    "cass",
    "cass_of",
    "compare",
    "kappa",
    "score",
    "segmentation_similarity",
    "segments_of",
]


class Pair(Value):
    """A claim of each map, taken for the same one: how alike they are (0..1), by what, and their kinds.

    `by` is "quote", "text" or, where a person decided, "hand".
    """

    one: str
    other: str
    likeness: float
    by: str
    kinds: tuple[ClaimKind, ClaimKind]


class Comparison(Value):
    """How a map (the one) compares with a reference (the other).

    `pairs` are the aligned claims; `only_one` and `only_other` the claims without a partner. `same_relations` are
    pairs of relations of the same kind between the same claims; the rest of both are in `only_one_relations` and
    `only_other_relations`. `claims` scores the alignment, `kinds` the aligned claims of the same kind, `relations` the
    same relations, `links` the single arrows from a source to a target whatever it is linked with. `kind_kappa` is
    Cohen's kappa of the kinds of aligned claims, `link_kappa` that of what leads from each aligned claim to each other
    one (support, attack, restatement or nothing). Without `exhaustive` the maps are too large to compare every claim
    with every other: see `align`; `cass` is None then.
    """

    pairs: tuple[Pair, ...]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    same_relations: tuple[tuple[str, str], ...]
    only_one_relations: tuple[str, ...]
    only_other_relations: tuple[str, ...]
    claims: Score
    kinds: Score
    relations: Score
    links: Score
    kind_kappa: float
    link_kappa: float
    cass: Cass | None
    exhaustive: bool


def compare(
    one: ArgumentMap,
    other: ArgumentMap,
    *,
    same: Mapping[str, str] | None = None,
    apart: Collection[tuple[str, str]] = (),
) -> Comparison:
    """Compare a map with a reference map of the same article, such as a student's with a teacher's.

    `same` and `apart` are a person's corrections of the alignment: see `align`.
    """
    alignment = align(one, other, same=same, apart=apart)
    partner = {pair.one: pair.other for pair in alignment.pairs}
    pairs = tuple(
        Pair(
            one=pair.one,
            other=pair.other,
            likeness=pair.likeness,
            by=pair.by,
            kinds=(_kind(one, pair.one), _kind(other, pair.other)),
        )
        for pair in alignment.pairs
    )
    equal = _same_relations(one, other, partner)
    matched = set(partner.values())
    mine, theirs = {pair[0] for pair in equal}, {pair[1] for pair in equal}
    links, expected = _links(one, {**partner, **dict(equal)}), _links(other, None)
    return Comparison(
        pairs=pairs,
        only_one=tuple(claim.id for claim in one.claims if claim.id not in partner),
        only_other=tuple(claim.id for claim in other.claims if claim.id not in matched),
        same_relations=equal,
        only_one_relations=tuple(item.id for item in one.relations if item.id not in mine),
        only_other_relations=tuple(item.id for item in other.relations if item.id not in theirs),
        claims=score(len(pairs), len(one.claims), len(other.claims)),
        kinds=score(
            sum(pair.kinds[0] is pair.kinds[1] for pair in pairs),
            len(one.claims),
            len(other.claims),
        ),
        relations=score(len(equal), len(one.relations), len(other.relations)),
        links=score(len(links & expected), len(links), len(expected)),
        kind_kappa=_kind_kappa(pairs),
        link_kappa=_link_kappa(links, expected, matched),
        cass=cass(annotation_of(one), annotation_of(other)) if alignment.exhaustive else None,
        exhaustive=alignment.exhaustive,
    )


def _kind(map: ArgumentMap, id: str) -> ClaimKind:
    claim = map.claim(id)
    return claim.kind if claim else ClaimKind.PREMISE


def _same_relations(
    one: ArgumentMap, other: ArgumentMap, partner: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Pair relations of the same kind from the same sources to the same target, a claim or a relation paired before."""
    waiting: dict[tuple[RelationKind, frozenset[str], str], list[str]] = {}
    for relation in reversed(other.relations):
        key = (relation.kind, frozenset(relation.sources), relation.target)
        waiting.setdefault(key, []).append(relation.id)
    names = dict(partner)
    same: dict[str, str] = {}
    for relation in _targets_first(one):
        if relation.target in names and all(source in names for source in relation.sources):
            sources = frozenset(names[source] for source in relation.sources)
            found = waiting.get((relation.kind, sources, names[relation.target]))
            if found:
                same[relation.id] = names[relation.id] = found.pop()
    return tuple((item.id, same[item.id]) for item in one.relations if item.id in same)


def _targets_first(map: ArgumentMap) -> Iterable[Relation]:
    """Yield relations so that one that is a target comes before those that target it."""
    into: dict[str, list[Relation]] = {}
    for relation in map.relations:
        into.setdefault(relation.target, []).append(relation)
    todo = [relation for claim in map.claims for relation in into.get(claim.id, ())]
    for relation in todo:  # grows while it is walked
        todo += into.get(relation.id, ())
    return todo


_Link = tuple[str, str, RelationKind]


def _links(map: ArgumentMap, names: dict[str, str] | None) -> set[_Link]:
    """Return the arrows of a map, its ids replaced by their partners' names; what has none keeps a name of its own."""

    def name(id: str) -> str:
        return id if names is None else names.get(id, f"only here: {id}")

    return {
        (name(source), name(relation.target), relation.kind)
        for relation in map.relations
        for source in relation.sources
    }


def _kind_kappa(pairs: tuple[Pair, ...]) -> float:
    place = {kind: number for number, kind in enumerate(ClaimKind)}
    table = np.zeros((len(place), len(place)), dtype=np.intp)
    for pair in pairs:
        table[place[pair.kinds[0]], place[pair.kinds[1]]] += 1
    return kappa(table)


def _link_kappa(links: set[_Link], expected: set[_Link], matched: set[str]) -> float:
    place = {kind: number for number, kind in enumerate(RelationKind)}
    nothing = len(place)
    here, there = (
        {(one, other): place[kind] for one, other, kind in sorted(found) if one in matched and other in matched}
        for found in (links, expected)
    )  # fmt: skip
    table = np.zeros((nothing + 1, nothing + 1), dtype=np.intp)
    for pair in here.keys() | there.keys():
        table[here.get(pair, nothing), there.get(pair, nothing)] += 1
    table[nothing, nothing] = len(matched) * (len(matched) - 1) - table.sum()
    return kappa(table)

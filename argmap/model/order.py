"""The one order of a map: what hangs below what, and which comes first, in pictures, outlines and when read aloud."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from argmap.model import union
from argmap.model.claim import Claim, ClaimKind
from argmap.model.map import ArgumentMap
from argmap.model.relation import Relation, RelationKind

_QUOTED = 0.6  # of the claims have a place in the article, where that decides
_SIDES = (RelationKind.RESTATES, RelationKind.SUPPORTS, RelationKind.ATTACKS)


class Forest(NamedTuple):
    """A map as trees: every claim hangs by at most one relation, and circles are cut open.

    roots: claims that hang nowhere and have relations, theses first; loose: claims without relations.
    above: by claim, the relation that it hangs by.
    below: by claim or relation, the relations to be found under it. Steps are there even where none of their sources
    hang by them; those are relations with several sources, about themselves, or that others are about.
    across: single relations whose source hangs by another one, and so is found elsewhere.
    """

    roots: list[Claim]
    loose: list[Claim]
    above: dict[str, Relation]
    below: dict[str, list[Relation]]
    steps: frozenset[str]
    across: list[Relation]

    def own(self, relation: Relation) -> list[str]:
        """Return the sources that hang by a relation, in its order."""
        return [s for s in dict.fromkeys(relation.sources) if self.above.get(s) is relation]


def places(map: ArgumentMap) -> dict[str, tuple[int, int]]:
    """Return for each claim a key to sort by: its place in the article, where most claims have one, else in the map.

    A claim that is nowhere in the article goes with the claim before it.
    """
    starts = [[q.start for q in claim.quotes if q.start is not None] for claim in map.claims]
    if sum(own != [] for own in starts) < _QUOTED * len(starts):
        return {claim.id: (0, place) for place, claim in enumerate(map.claims)}
    found: dict[str, tuple[int, int]] = {}
    before = -1
    for place, (claim, own) in enumerate(zip(map.claims, starts, strict=True)):
        before = min(own) if own else before
        found[claim.id] = (before, place)
    return found


def among_siblings(
    place: Mapping[str, tuple[int, int]], sides: bool = True
) -> Callable[[Relation], tuple[int, tuple[int, int]]]:
    """Return what to sort relations to one target by, from the places of claims; see `forest` for `sides`."""

    def key(relation: Relation) -> tuple[int, tuple[int, int]]:
        side = _SIDES.index(relation.kind) if sides else 0
        return side, min(place[source] for source in relation.sources)

    return key


def forest(map: ArgumentMap, sides: bool = True) -> Forest:
    """Hang every claim of a map below the first thing that it bears on.

    Siblings come in the order of their places; with `sides`, first what restates, then supports, then attacks.
    """
    about = concerned(map)
    targets = {relation.target for relation in map.relations}
    place = places(map)
    tree = {claim.id: claim.id for claim in map.claims}  # a claim of the same tree, in the end one
    leaving: dict[str, list[Relation]] = defaultdict(list)
    for relation in map.relations:
        for source in dict.fromkeys(relation.sources):
            leaving[source].append(relation)
    above: dict[str, Relation] = {}
    # Theses last, then what comes first: where a circle has to be cut, it is above these.
    late = {claim.id: (claim.kind is ClaimKind.THESIS, -n) for n, claim in enumerate(map.claims)}
    for claim in sorted(map.claims, key=lambda claim: late[claim.id]):
        for relation in leaving.get(claim.id, ()):
            if union.root(tree, about[relation.id]) != claim.id:
                tree[claim.id] = union.root(tree, about[relation.id])
                above[claim.id] = relation
                break
    steps = frozenset(
        r.id
        for r in map.relations
        if len(set(r.sources)) > 1 or r.id in targets or r.target in r.sources
    )
    below: dict[str, list[Relation]] = defaultdict(list)
    across: list[Relation] = []
    for relation in map.relations:
        if relation.id in steps or above.get(relation.sources[0]) is relation:
            below[relation.target].append(relation)
        else:
            across.append(relation)

    key = among_siblings(place, sides)
    for found in below.values():
        found.sort(key=key)
    bound = targets | set(leaving)
    roots = [claim for claim in map.claims if claim.id not in above and claim.id in bound]
    roots.sort(key=lambda claim: (claim.kind is not ClaimKind.THESIS, place[claim.id]))
    loose = [claim for claim in map.claims if claim.id not in bound]
    loose.sort(key=lambda claim: place[claim.id])
    return Forest(roots, loose, above, dict(below), steps, across)


def concerned(map: ArgumentMap) -> dict[str, str]:
    """Return for each relation the claim that it is about in the end, of an undercut that of the step attacked."""
    targets = {relation.id: relation.target for relation in map.relations}
    found: dict[str, str] = {}
    for start in targets:
        way = [start]
        while way[-1] in targets and way[-1] not in found:
            way.append(targets[way[-1]])
        end = found.get(way[-1], way[-1])
        for id in way:
            if id in targets:
                found[id] = end
    return found

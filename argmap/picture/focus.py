"""The part of a map that lies near one claim."""

from collections import defaultdict

from argmap.errors import NotFound
from argmap.model import ArgumentMap


def near(map: ArgumentMap, focus: str, depth: int) -> ArgumentMap:
    """Return the claims that are at most `depth` relations away from a claim, and the relations among them.

    A relation is kept with all its sources or not at all, and an undercut only with the relation that it attacks.
    Raises NotFound when the map has no such claim.
    """
    if map.claim(focus) is None:
        raise NotFound(f"the map has no claim {focus} to focus on")
    relation_of = {relation.id: relation for relation in map.relations}
    touching: dict[str, list[str]] = defaultdict(list)
    for relation in map.relations:
        for end in (*relation.sources, relation.target):
            touching[end].append(relation.id)
    kept = {focus}
    edge = [focus]
    for _ in range(depth):
        reached: list[str] = []
        for end in edge:
            # from a claim to the relations at it; from a relation to those that attack or back it
            for found in touching[end]:
                if found not in kept:
                    kept.add(found)
                    reached += [found, *relation_of[found].sources, relation_of[found].target]
        edge = [end for end in dict.fromkeys(reached) if end not in kept or end in relation_of]
        kept.update(edge)
    relations = [relation for relation in map.relations if relation.id in kept]
    whole = False
    while not whole:  # a relation whose ends are not all here goes, and then those that target it
        ids = {relation.id for relation in relations}
        fitting = [
            relation
            for relation in relations
            if all(end in kept for end in relation.sources)
            and (relation.target in ids or (map.claim(relation.target) and relation.target in kept))
        ]
        whole = len(fitting) == len(relations)
        relations = fitting
    claims = tuple(claim for claim in map.claims if claim.id in kept)
    return map.replace(claims=claims, relations=tuple(relations))

"""Parts of a map: what lies near one claim, what remains without some kinds, what remains when claims are folded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from argmap.errors import NotFound
from argmap.model import ArgumentMap, Relation
from argmap.model.order import forest


def near(map: ArgumentMap, focus: str, depth: int) -> ArgumentMap:
    """Return the claims that are at most `depth` relations away from a claim, and the relations among them.

    A relation is kept with all its sources or not at all, and an undercut only with the relation that it attacks.
    Raises NotFound when the map has no such claim.
    """
    if map.claim(focus) is None:
        raise NotFound(f"the map has no claim {focus} to focus on", "focus")
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
    return _kept(map, kept, [relation for relation in map.relations if relation.id in kept])


def branch(map: ArgumentMap, focus: str, depth: int) -> ArgumentMap:
    """Return what bears on a claim, up to `depth` relations below it, and the way up from it to a thesis.

    Raises NotFound when the map has no such claim.
    """
    if map.claim(focus) is None:
        raise NotFound(f"the map has no claim {focus} to focus on", "focus")
    relation_of = {relation.id: relation for relation in map.relations}
    arriving: dict[str, list[Relation]] = defaultdict(list)
    for relation in map.relations:
        arriving[relation.target].append(relation)
    kept = {focus}
    edge = [focus]
    for _ in range(depth):
        edge = [id for id in dict.fromkeys(_behind(edge, arriving)) if id not in kept]
        kept.update(edge)
    trees = forest(map)
    up = trees.above.get(focus)
    while up is not None:  # with all that counts together on the way
        kept.update((up.id, *up.sources))
        target = up.target
        up = relation_of.get(target) or trees.above.get(target)
        kept.add(target)
    return _kept(map, kept, [relation for relation in map.relations if relation.id in kept])


def _behind(ends: Iterable[str], arriving: dict[str, list[Relation]]) -> Iterator[str]:
    """Yield the relations that lead to some claims, with their sources, and those about these relations."""
    todo = [relation for end in ends for relation in arriving.get(end, ())]
    for relation in todo:  # grows while it is read
        yield relation.id
        yield from relation.sources
        todo += arriving.get(relation.id, ())


def without(map: ArgumentMap, kinds: Collection[str]) -> ArgumentMap:
    """Return a map without the claims of some kinds; a relation goes on with the sources that are left."""
    kept = {claim.id for claim in map.claims if claim.kind not in kinds}
    relations = []
    for relation in map.relations:
        sources = tuple(source for source in relation.sources if source in kept)
        if sources:
            relations.append(
                relation if sources == relation.sources else relation.replace(sources=sources)
            )
    return _kept(map, kept, relations)


def folded(map: ArgumentMap, claims: Collection[str]) -> tuple[ArgumentMap, dict[str, int]]:
    """Return a map without what only bears on some claims, and how many claims that is for each of them.

    Raises NotFound when the map has no such claim.
    """
    for id in claims:
        if map.claim(id) is None:
            raise NotFound(f"the map has no claim {id} to fold", "fold")
    below: dict[str, list[str]] = defaultdict(list)
    leaving: set[str] = set()
    for relation in map.relations:
        below[relation.target] += [*relation.sources, relation.id]
        leaving.update(relation.sources)

    def reached(starts: Iterable[str], closed: Collection[str]) -> set[str]:
        found = set(starts)
        todo = [start for start in found if start not in closed]
        while todo:
            for next in below[todo.pop()]:
                if next not in found:
                    found.add(next)
                    if next not in closed:
                        todo.append(next)
        return found

    # What supports nothing is always drawn, and so is what only circles reach.
    roots = [claim.id for claim in map.claims if claim.id not in leaving]
    everything = reached(roots, ())
    loops = [claim.id for claim in map.claims if claim.id not in everything]
    kept = reached([*roots, *loops], claims)
    ids = {claim.id for claim in map.claims}
    counts = {id: len((reached([id], ()) - kept) & ids) for id in claims if id in kept}
    return _kept(map, kept & ids, list(map.relations)), counts


def among(map: ArgumentMap, claims: Collection[str]) -> ArgumentMap:
    """Return some claims of a map, and the relations whose ends are all among them."""
    return _kept(map, claims, list(map.relations))


def _kept(map: ArgumentMap, kept: Collection[str], relations: list[Relation]) -> ArgumentMap:
    """Return the claims that are kept and those of the relations whose ends are all kept too."""
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

"""A map as a numbered outline: what a handout lists below the picture."""

from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, Relation
from argmap.picture.reading import reading


class Entry(NamedTuple):
    """A claim at its place: its number ("1.2.1"), and the relation by which it hangs below the entry above."""

    number: str
    claim: Claim
    relation: Relation | None


def outline(map: ArgumentMap) -> list[Entry]:
    """Number the claims of a map: each once, below the first claim that it speaks for or against."""
    above: dict[str, tuple[str, Relation]] = {}
    for relation in map.relations:
        target, base = relation.target, relation
        seen = {relation.id}
        while target in map.by_id and isinstance(map.by_id[target], Relation):
            base = map.by_id[target]  # type: ignore[assignment]  # just looked at
            seen.add(base.id)
            target = base.sources[
                0
            ]  # what undercuts a step is listed under the reason that takes it
        for source in relation.sources:
            if source != target:
                above.setdefault(source, (target, relation))
    order = [claim.id for claim in reading(map).claims]
    below: dict[str, list[str]] = {}
    roots = []
    for id in order:
        if id in above and not _circular(above, id):
            below.setdefault(above[id][0], []).append(id)
        else:
            above.pop(id, None)
            roots.append(id)
    entries: list[Entry] = []
    todo = [(id, f"{place}") for place, id in reversed(list(enumerate(roots, 1)))]
    while todo:
        id, number = todo.pop()
        claim = map.claim(id)
        if claim is not None:
            entries.append(Entry(number, claim, above[id][1] if id in above else None))
        children = below.get(id, [])
        todo += [
            (child, f"{number}.{place}") for place, child in reversed(list(enumerate(children, 1)))
        ]
    return entries


def _circular(above: dict[str, tuple[str, Relation]], id: str) -> bool:
    """Say whether going up from a claim leads back to it."""
    seen: set[str] = set()
    place = id
    while place in above and place not in seen:
        seen.add(place)
        place = above[place][0]
    return place == id

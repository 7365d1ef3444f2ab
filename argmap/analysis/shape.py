"""The shape of a map: what leads to what, on which side of the theses each claim stands, circles, depth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from argmap.analysis.steps import Reading, read
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

_MOST_WORK = 500_000  # claims looked at in search of circles


@dataclass(frozen=True, eq=False)
class Shape:
    """A map with its relations looked up from both ends."""

    map: ArgumentMap

    @cached_property
    def into(self) -> Mapping[str, list[Relation]]:
        """Relations by their target, a claim or a relation."""
        found: defaultdict[str, list[Relation]] = defaultdict(list)
        for relation in self.map.relations:
            found[relation.target].append(relation)
        return found

    @cached_property
    def out_of(self) -> Mapping[str, list[Relation]]:
        """Relations by each of their sources."""
        found: defaultdict[str, list[Relation]] = defaultdict(list)
        for relation in self.map.relations:
            for source in relation.sources:
                found[source].append(relation)
        return found

    @cached_property
    def theses(self) -> tuple[Claim, ...]:
        """Claims that are called a thesis, in the map's order."""
        return tuple(claim for claim in self.map.claims if claim.kind is ClaimKind.THESIS)

    @cached_property
    def reading(self) -> Reading:
        """The map as statements and steps."""
        return read(self.map)

    def supports_of(self, id: str) -> list[Relation]:
        """Return the supports whose target has that id."""
        return [one for one in self.into.get(id, ()) if one.kind is RelationKind.SUPPORTS]

    def attacks_on(self, id: str) -> list[Relation]:
        """Return the attacks whose target has that id."""
        return [one for one in self.into.get(id, ()) if one.kind is RelationKind.ATTACKS]

    @cached_property
    def sides(self) -> dict[str, frozenset[bool]]:
        """On which side of the theses each claim and relation stands that leads to one.

        True: for a thesis, through supports and an even number of attacks. False: against one. Both are possible.
        """
        sides: defaultdict[str, set[bool]] = defaultdict(set)
        todo = [(thesis.id, True) for thesis in self.theses]
        while todo:
            id, side = todo.pop()
            if side in sides[id]:
                continue
            sides[id].add(side)
            for relation in self.into.get(id, ()):
                after = side is not (relation.kind is RelationKind.ATTACKS)
                todo.append((relation.id, after))
                todo += [(source, after) for source in relation.sources]
        return {id: frozenset(found) for id, found in sides.items()}

    @cached_property
    def challenged(self) -> set[str]:
        """Claims and relations that are attacked, or that anything attacked leads to."""
        found: set[str] = set()
        todo = [
            relation.target
            for relation in self.map.relations
            if relation.kind is RelationKind.ATTACKS
        ]
        while todo:
            here = todo.pop()
            if here in found:
                continue
            found.add(here)
            item = self.map.by_id[here]
            if isinstance(item, Relation):
                todo.append(item.target)
            else:
                for relation in self.out_of.get(here, ()):
                    todo += [relation.id, relation.target]
        return found

    @cached_property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """The smallest circles of supports: for each statement in one, a shortest circle through it, each circle once.

        A circle is given as its claims in the order in which they support each other, the first one of the map first.
        One claim alone is a circle when it supports what it restates. In huge knots of circles the search ends after
        a fixed amount of work, with at least one circle of every knot.
        """
        after = self._reasons
        place = {name: number for number, name in enumerate(self.reading.names)}
        found: dict[tuple[str, ...], None] = {}
        work = 0
        for component in _components(self.reading.names, after):
            inside = set(component)
            for start in sorted(component, key=place.__getitem__):
                circle = _shortest_circle(start, after, inside)
                if circle:
                    first = min(range(len(circle)), key=lambda at: place[circle[at]])
                    found[(*circle[first:], *circle[:first])] = None
                work += len(component)
                if work > _MOST_WORK:
                    break
        return tuple(found)

    @cached_property
    def _reasons(self) -> Mapping[str, dict[str, None]]:
        """For each statement, those that it is a reason for; backing a step is a reason for what the step leads to."""
        leads_to: dict[str, str] = {}
        targets = {step.id: step.target for step in self.reading.steps}
        for step in self.reading.steps:
            path, end = [step.id], step.target
            while end in targets and end not in leads_to:
                path.append(end)
                end = targets[end]
            leads_to.update(dict.fromkeys(path, leads_to.get(end, end)))
        after: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for step in self.reading.steps:
            if not step.attacks:
                for premise in step.premises:
                    after[premise][leads_to[step.id]] = None
        return after

    @cached_property
    def depth(self) -> dict[str, int]:
        """How many steps lie between each claim or relation and the nearest thesis; what leads to none is left out.

        A relation is one deeper than its target, a claim as deep as the relation that it is a source of.
        """
        depth = {thesis.id: 0 for thesis in self.theses}
        todo = list(depth)
        for id in todo:  # grows while it is walked
            for relation in self.into.get(id, ()):
                for found in (relation.id, *relation.sources):
                    if found not in depth:
                        depth[found] = depth[id] + 1
                        todo.append(found)
        return depth

    @cached_property
    def height(self) -> dict[str, int]:
        """How many supports the longest chain of reasons below each claim has; a circle is entered once."""
        height: dict[str, int] = {}
        for claim in self.map.claims:
            path = [claim.id]
            while path:
                here = path[-1]
                below = [one for relation in self.supports_of(here) for one in relation.sources]
                if here not in height:
                    height[here] = -1  # entered
                    path += [one for one in below if one not in height]
                else:
                    path.pop()
                    if height[here] == -1:
                        height[here] = max((height[one] + 1 for one in below), default=0)
        return height


def _components(names: Iterable[str], after: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Yield the strongly connected components (Tarjan 1972) without recursion."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in names:
        if root in number:
            continue
        path = [(root, iter(after.get(root, ())))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while path:
            here, rest = path[-1]
            other = next(rest, None)
            if other is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[here])
                if low[here] == number[here]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == here:
                            break
                    yield component
            elif other not in number:
                number[other] = low[other] = len(number)
                stack.append(other)
                on_stack.add(other)
                path.append((other, iter(after.get(other, ()))))
            elif other in on_stack:
                low[here] = min(low[here], number[other])


def _shortest_circle(
    start: str, after: Mapping[str, Iterable[str]], inside: set[str]
) -> tuple[str, ...] | None:
    before: dict[str, str] = {}
    todo = [start]
    for here in todo:  # grows while it is walked
        for other in after.get(here, ()):
            if other == start:
                circle = [here]
                while circle[-1] != start:
                    circle.append(before[circle[-1]])
                return tuple(reversed(circle))
            if other in inside and other not in before:
                before[other] = here
                todo.append(other)
    return None

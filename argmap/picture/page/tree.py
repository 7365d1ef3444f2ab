"""The tree inside a map: every claim under the first thing that it speaks for or against, and the links left over."""

from collections import defaultdict
from typing import NamedTuple

from argmap.model import ClaimKind, union
from argmap.picture.dot import Graph


class Tree(NamedTuple):
    """A graph's nodes as a forest. `up`: the link from each node to its parent; `down`: children in the map's order."""

    roots: list[int]
    down: dict[int, list[int]]
    up: dict[int, int]
    across: list[int]  # links that are no branches

    def upwards(self) -> list[int]:
        """Return all nodes, children before their parents."""
        order = list(self.roots)
        for node in order:  # grows while it is read
            order.extend(self.down.get(node, ()))
        return order[::-1]


def tree(graph: Graph) -> Tree:
    """Find a forest in a graph: theses and whatever supports nothing are roots; circles are cut open."""
    count = len(graph.cards) + len(graph.junctions)
    above = {node: node for node in range(count)}
    leaving: dict[int, list[int]] = defaultdict(list)
    for place, link in enumerate(graph.links):
        leaving[link.start].append(place)
    up: dict[int, int] = {}
    # Junctions and reasons first, theses last: where a circle has to be cut, it is above a thesis.
    for node in sorted(range(count), key=lambda n: _is_thesis(graph, n)):
        for place in leaving.get(node, ()):
            end = graph.links[place].end
            if union.root(above, end) != node:
                above[node] = union.root(above, end)
                up[node] = place
                break
    branches = set(up.values())
    down: dict[int, list[int]] = defaultdict(list)
    for place, link in enumerate(graph.links):  # in the order of the map's relations
        if place in branches:
            down[link.end].append(link.start)
    roots = sorted((n for n in range(count) if n not in up), key=lambda n: (n not in down, n))
    across = [place for place in range(len(graph.links)) if place not in branches]
    return Tree(roots, dict(down), up, across)


def _is_thesis(graph: Graph, node: int) -> bool:
    return node < len(graph.cards) and graph.cards[node].claim.kind is ClaimKind.THESIS

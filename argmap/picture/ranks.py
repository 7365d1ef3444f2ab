"""Graphviz's positions made into neat rows: cards of a rank aligned, gaps as wide as their lines need, parts packed."""

from collections import defaultdict
from dataclasses import dataclass

from argmap.picture.dot import Graph
from argmap.picture.positions import Positions

GAP = 34.0  # between two ranks of cards, at least
HALF_GAP = 20.0  # between a rank of cards and one of junctions, at least
_SPREAD = 0.09  # of a line's sideways run is added to its gap ...
_MOST_SPREAD = 46.0  # ... up to this


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a part, from `top` to `bottom`; nodes from left to right."""

    nodes: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]  # left and right of its cards, from left to right
    top: float
    bottom: float
    has_cards: bool


@dataclass(slots=True)
class Part:
    """Claims that hang together, apart from all others: nodes, links and rows, in coordinates of its own.

    x runs along a row and starts at 0; y runs from row to row and starts at 0 on the theses' side.
    """

    nodes: list[int]
    links: list[int]
    ranks: list[Rank]
    rank_of: dict[int, int]
    x: dict[int, float]  # centre
    y: dict[int, float]  # top of a card, centre of a junction
    width: float
    height: float


def parts(graph: Graph, positions: Positions, turned: bool) -> list[Part]:
    """Split a graph into the parts that hang together and arrange each in rows, in the order of their first node."""
    nodes_of, links_of = _components(graph)
    return [
        _part(graph, positions, nodes, links_of[first], turned) for first, nodes in nodes_of.items()
    ]


def _components(graph: Graph) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    count = len(graph.cards) + len(graph.junctions)
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for link in graph.links:
        one, other = root(link.start), root(link.end)
        if one != other:
            parent[max(one, other)] = min(one, other)
    nodes: dict[int, list[int]] = defaultdict(list)
    links: dict[int, list[int]] = defaultdict(list)
    for node in range(count):
        nodes[root(node)].append(node)
    for place, link in enumerate(graph.links):
        links[root(link.start)].append(place)
    return nodes, links


def _part(
    graph: Graph, positions: Positions, nodes: list[int], links: list[int], turned: bool
) -> Part:
    cards = graph.cards
    first = len(cards)
    rows: dict[int, list[int]] = defaultdict(list)
    for node in nodes:
        rows[round(positions.nodes[node][1])].append(node)
    ordered = [sorted(rows[y], key=lambda n: positions.nodes[n][0]) for y in sorted(rows)]
    rank_of = {node: rank for rank, row in enumerate(ordered) for node in row}
    left, right = [], []
    for node in nodes:
        half = _across(graph, node, turned) / 2
        left.append(positions.nodes[node][0] - half)
        right.append(positions.nodes[node][0] + half)
    x = {node: positions.nodes[node][0] - min(left) for node in nodes}
    runs = [0.0] * len(ordered)  # the longest sideways run of a line in the gap below each rank
    for place in links:
        link = graph.links[place]
        upper = min(rank_of[link.start], rank_of[link.end])
        runs[upper] = max(runs[upper], abs(x[link.start] - x[link.end]))
    y: dict[int, float] = {}
    ranks: list[Rank] = []
    top = 0.0
    for number, row in enumerate(ordered):
        has_cards = any(node < first for node in row)
        if ranks:
            least = GAP if has_cards and ranks[-1].has_cards else HALF_GAP
            top = ranks[-1].bottom + least + min(_MOST_SPREAD, _SPREAD * runs[number - 1])
        deep = max((_along(graph, node, turned) for node in row), default=0.0)
        for node in row:
            y[node] = top if node < first else top + deep / 2
        spans = tuple(
            (x[node] - half, x[node] + half)
            for node in row
            if node < first
            for half in (_across(graph, node, turned) / 2,)
        )
        ranks.append(Rank(tuple(row), spans, top, top + deep, has_cards))
        top += deep
    return Part(nodes, links, ranks, rank_of, x, y, max(right) - min(left), top)


def _across(graph: Graph, node: int, turned: bool) -> float:
    if node >= len(graph.cards):
        return 0.0
    card = graph.cards[node]
    return card.height if turned else card.width


def _along(graph: Graph, node: int, turned: bool) -> float:
    if node >= len(graph.cards):
        return 0.0
    card = graph.cards[node]
    return card.width if turned else card.height

"""Graphviz's positions made into neat rows: cards of a rank aligned, gaps as wide as their lines need, parts packed."""

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from argmap.model import union
from argmap.picture.dot import Graph
from argmap.picture.layout import Point

GAP = 34.0  # between two ranks of cards, at least
HALF_GAP = 20.0  # between a rank of cards and one of junctions, at least
_SPREAD = 0.09  # of a line's sideways run is added to its gap ...
_MOST_SPREAD = 46.0  # ... up to this


class Rank(NamedTuple):
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
    half: dict[int, float]  # half of the width; of a junction 0
    top: dict[int, float]
    bottom: dict[int, float]  # of a junction the same as top
    width: float
    height: float


def parts(graph: Graph, positions: tuple[Point, ...], turned: bool) -> list[Part]:
    """Split a graph into the parts that hang together and arrange each in rows, in the order of their first node."""
    nodes_of, links_of = _components(graph)
    return [
        _part(graph, positions, nodes, links_of[first], turned) for first, nodes in nodes_of.items()
    ]


def _components(graph: Graph) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    count = len(graph.cards) + len(graph.junctions)
    parents = {node: node for node in range(count)}
    for link in graph.links:
        one, other = union.root(parents, link.start), union.root(parents, link.end)
        if one != other:
            parents[max(one, other)] = min(one, other)
    nodes: dict[int, list[int]] = defaultdict(list)
    links: dict[int, list[int]] = defaultdict(list)
    for node in range(count):
        nodes[union.root(parents, node)].append(node)
    for place, link in enumerate(graph.links):
        links[union.root(parents, link.start)].append(place)
    return nodes, links


def _part(
    graph: Graph, positions: tuple[Point, ...], nodes: list[int], links: list[int], turned: bool
) -> Part:
    first = len(graph.cards)
    sizes = [
        (card.height, card.width) if turned else (card.width, card.height) for card in graph.cards
    ]
    at = positions
    rows: dict[int, list[int]] = defaultdict(list)
    for node in nodes:
        rows[round(at[node][1])].append(node)
    ordered = [sorted(rows[y], key=at.__getitem__) for y in sorted(rows)]
    side = 1
    if sum(_in_order(graph, row) for row in ordered) < 0:  # mirrored, it crosses no more lines
        side = -1
        ordered = [row[::-1] for row in ordered]
    rank_of = {node: rank for rank, row in enumerate(ordered) for node in row}
    halves = {node: sizes[node][0] / 2 if node < first else 0.0 for node in nodes}
    left = min([side * at[node][0] - half for node, half in halves.items()])
    x: dict[int, float] = {node: round(side * at[node][0] - left) for node in nodes}
    for node, source in _lone_sources(graph, links, first).items():
        x[node] = x[source]  # then an attack on the step comes from the side, not along it
    runs = [0.0] * len(ordered)  # the longest sideways run of a line in the gap below each rank
    for place in links:
        link = graph.links[place]
        upper = min(rank_of[link.start], rank_of[link.end])
        runs[upper] = max(runs[upper], abs(x[link.start] - x[link.end]))
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    ranks: list[Rank] = []
    top: float = 0
    for number, row in enumerate(ordered):
        has_cards = any(node < first for node in row)
        if ranks:
            least = GAP if has_cards and ranks[-1].has_cards else HALF_GAP
            top = round(ranks[-1].bottom + least + min(_MOST_SPREAD, _SPREAD * runs[number - 1]))
        deep = max([sizes[node][1] for node in row if node < first], default=0.0)
        for node in row:
            if node < first:
                tops[node], bottoms[node] = top, top + sizes[node][1]
            else:
                tops[node] = bottoms[node] = round(top + deep / 2)
        spans = tuple(
            [(x[node] - halves[node], x[node] + halves[node]) for node in row if node < first]
        )
        ranks.append(Rank(tuple(row), spans, top, top + deep, has_cards))
        top += deep
    width = max([x[node] + half for node, half in halves.items()])
    return Part(nodes, links, ranks, rank_of, x, halves, tops, bottoms, width, top)


def _lone_sources(graph: Graph, links: list[int], first: int) -> dict[int, int]:
    """Return the junctions that have one source only, with that source."""
    sources: dict[int, list[int]] = defaultdict(list)
    for place in links:
        link = graph.links[place]
        if link.end >= first and not link.arrow:
            sources[link.end].append(link.start)
    return {node: found[0] for node, found in sources.items() if len(found) == 1}


def _in_order(graph: Graph, row: list[int]) -> int:
    """Return how many pairs of cards stand in the order of reading, less those that do not."""
    met: list[int] = []
    found = 0
    for node in row:
        if node < len(graph.cards):
            place = bisect(met, graph.order[node])
            found += 2 * place - len(met)
            met.insert(place, graph.order[node])
    return found

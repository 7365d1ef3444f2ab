"""Boxes and their links as a graph in the DOT language: sizes and names of our own, never a user's text."""

from dataclasses import dataclass

import graphviz

from argmap.model import ArgumentMap, Relation
from argmap.picture.cards import Card
from argmap.picture.options import Direction

POINTS = 72.0  # per inch, Graphviz's unit of size
JUNCTION = 10.0  # points; where co-premises meet, or another relation's arrow ends
RANK_GAP = 34.0
NODE_GAP = 20.0
# Ranks grow away from the theses: links lead from the target to the source.
_RANKDIR = {Direction.TOP: "TB", Direction.BOTTOM: "BT", Direction.LEFT: "LR", Direction.RIGHT: "RL"}


@dataclass(frozen=True, slots=True)
class Link:
    """One line to draw: from a claim or junction to a claim or junction, nodes by their number in the graph.

    `arrow`: it is the end of its relation, so that its head shows where the relation leads.
    """

    relation: Relation
    start: int
    end: int
    arrow: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is laid out: nodes are the cards in their order, then the relations that have a junction."""

    cards: tuple[Card, ...]
    junctions: tuple[Relation, ...]
    links: tuple[Link, ...]


def graph(map: ArgumentMap, cards: tuple[Card, ...]) -> Graph:
    """Turn a map's relations into links between cards.

    A relation with several sources, or one that is itself a target, gets a junction: its sources meet there, its
    arrow leaves from there, and other relations that target it end there.
    """
    number = {card.claim.id: place for place, card in enumerate(cards)}
    targets = {relation.target for relation in map.relations}
    junctions = tuple(r for r in map.relations if len(r.sources) > 1 or r.id in targets)
    number |= {relation.id: len(cards) + place for place, relation in enumerate(junctions)}
    links: list[Link] = []
    for relation in map.relations:
        end = number[relation.target]
        meeting = number.get(relation.id)
        if meeting is None:
            links.append(Link(relation, number[relation.sources[0]], end, True))
        else:
            links.extend(Link(relation, number[source], meeting, False) for source in relation.sources)
            links.append(Link(relation, meeting, end, True))
    return Graph(cards, junctions, tuple(links))


def write(graph: Graph, direction: Direction) -> str:
    """Write a graph in the DOT language, nodes as n0, n1, ..., links in their order with that as their id."""
    lines = [
        f"n{place} [width={card.width / POINTS:.3f} height={card.height / POINTS:.3f}]\n"
        for place, card in enumerate(graph.cards)
    ]
    first, size = len(graph.cards), f"{JUNCTION / POINTS:.3f}"
    lines += [
        f"n{first + place} [width={size} height={size} shape=circle]\n"
        for place in range(len(graph.junctions))
    ]
    lines += [f"n{link.end} -> n{link.start} [id={place}]\n" for place, link in enumerate(graph.links)]
    return graphviz.Digraph(
        graph_attr={
            "rankdir": _RANKDIR[direction],
            "ranksep": f"{RANK_GAP / POINTS:.3f}",
            "nodesep": f"{NODE_GAP / POINTS:.3f}",
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"dir": "none"},
        body=lines,
    ).source

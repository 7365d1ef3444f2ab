"""Cards and their links as a graph in the DOT language: sizes and names of our own, never a user's text."""

from dataclasses import dataclass
from typing import NamedTuple

from argmap.model import ArgumentMap, Relation
from argmap.model.order import Forest, forest
from argmap.picture.cards import Card
from argmap.picture.outline import numbers_of

JUNCTION = 12  # points; where co-premises meet, or another relation's arrow ends
POINTS = 2  # in Graphviz's unit of size: all sizes are even, and it reads and writes whole numbers sooner


class Link(NamedTuple):
    """One line to draw: from a claim or junction to a claim or junction, nodes by their number in the graph.

    `arrow`: it is the end of its relation, so that its head shows where the relation leads.
    """

    relation: Relation
    start: int
    end: int
    arrow: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is laid out: nodes are the cards in their order, then the relations that have a junction.

    `order`: by node, its place when the map is read; of a junction that of its first source.
    """

    cards: tuple[Card, ...]
    junctions: tuple[Relation, ...]
    links: tuple[Link, ...]
    order: tuple[int, ...]
    trees: Forest


def graph(map: ArgumentMap, cards: tuple[Card, ...], trees: Forest | None = None) -> Graph:
    """Turn a map's relations into links between cards; `trees` are those of the map, where known.

    A relation with several sources, one that is itself a target, and a claim's attack on itself get a junction: the
    sources meet there, the arrow leaves from there, and other relations that target it end there.
    """
    number = {card.claim.id: place for place, card in enumerate(cards)}
    targets = {relation.target for relation in map.relations}
    junctions = tuple(
        r for r in map.relations if len(r.sources) > 1 or r.id in targets or r.target in r.sources
    )
    number |= {relation.id: len(cards) + place for place, relation in enumerate(junctions)}
    links: list[Link] = []
    for relation in map.relations:
        end = number[relation.target]
        meeting = number.get(relation.id)
        if meeting is None:
            links.append(Link(relation, number[relation.sources[0]], end, True))
        else:
            sources = dict.fromkeys(relation.sources)  # one line each, however often it is named
            links.extend(Link(relation, number[source], meeting, False) for source in sources)
            links.append(Link(relation, meeting, end, True))
    trees = trees or forest(map)
    place = {id: n for n, id in enumerate(numbers_of(trees))}
    order = [place[card.claim.id] for card in cards]
    order += [min(place[source] for source in relation.sources) for relation in junctions]
    return Graph(cards, junctions, tuple(links), tuple(order), trees)


def write(graph: Graph, turned: bool) -> str:
    """Write a graph in the DOT language, nodes as n0, n1, ..., and its links without lines.

    The graph runs from the theses down, links from target to source. Nodes have their size along the ranks: their
    width, or where `turned` makes the ranks columns, their height; ranks get their depth later. Cards stand in even
    ranks and junctions in odd ones, so that co-premises stand level with the claims that support the same target
    alone.
    """
    first = len(graph.cards)
    order = sorted(range(first), key=graph.order.__getitem__)
    lines: list[str] = []
    for node in order:
        card = graph.cards[node]
        lines.append(f"n{node}[width={(card.height if turned else card.width) // POINTS}]\n")
    for place in range(len(graph.junctions)):
        lines.append(f"n{first + place}[width={JUNCTION // POINTS}]\n")
    for link in sorted(graph.links, key=lambda link: graph.order[link.start]):
        steps = 2 if (link.start < first) == (link.end < first) else 1
        apart = f"[minlen={steps}]" if graph.junctions and steps > 1 else ""
        lines.append(f"n{link.end}->n{link.start}{apart}\n")
    # A tree can be drawn in the order of its text without a crossing; then a small edit moves little.
    beside = graph.cards[0].face.look.beside
    starts = [link.start for link in graph.links]
    kept = "out" if len(set(starts)) == len(starts) else ""
    # What is not seen takes Graphviz less time to write, and so do ranks a whole number apart.
    return (
        f'digraph {{graph[nodesep={beside // POINTS} ranksep=1 ordering="{kept}" splines=none]\n'
        f'node[shape=box height=1 style=invis label=""]\n{"".join(lines)}}}\n'
    )

"""Graphviz's answer, read strictly: a place for every node of a graph."""

from math import isfinite

from argmap.errors import EngineUnavailable
from argmap.picture.dot import POINTS, Graph
from argmap.picture.layout import Point


def read(graph: Graph, output: bytes) -> tuple[Point, ...]:
    """Read Graphviz's `plain`: return the centres of the nodes by number.

    y grows away from the theses and is the same for all nodes of a rank. Raises EngineUnavailable when a node is
    missing or has no sound place.
    """
    try:
        named = {
            words[1]: (POINTS * float(words[2]), -POINTS * float(words[3]))  # its y grows upwards
            for words in map(str.split, output.decode("ascii").splitlines())
            if words[0] == "node"
        }
        places = tuple([named[f"n{n}"] for n in range(len(graph.cards) + len(graph.junctions))])
    except (ValueError, KeyError, IndexError) as error:
        raise EngineUnavailable("the layout engine gave an incomplete answer") from error
    if not all(isfinite(x) and isfinite(y) for x, y in places):
        raise EngineUnavailable("the layout engine gave a node no place")
    return places

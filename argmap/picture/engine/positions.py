"""Graphviz's answer, read strictly: a place for every node of a graph."""

import re
from itertools import chain
from math import isfinite

from argmap.errors import EngineUnavailable
from argmap.picture.dot import POINTS, Graph
from argmap.picture.layout import Point

_NODE = re.compile(rb"^node n([0-9]+) (\S+) (\S+) ", re.MULTILINE)


def read(graph: Graph, output: bytes) -> tuple[Point, ...]:
    """Read Graphviz's `plain`: return the centres of the nodes by number.

    y grows away from the theses and is the same for all nodes of a rank. Raises EngineUnavailable when a node is
    missing or has no sound place.
    """
    try:
        named = {
            int(node): (POINTS * float(x), -POINTS * float(y))  # its y grows upwards
            for node, x, y in _NODE.findall(output)
        }
        places = tuple([named[n] for n in range(len(graph.cards) + len(graph.junctions))])
    except (ValueError, KeyError) as error:
        raise EngineUnavailable("the layout engine gave an incomplete answer") from error
    if not all(map(isfinite, chain.from_iterable(places))):
        raise EngineUnavailable("the layout engine gave a node no place")
    return places

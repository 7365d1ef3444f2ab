"""Graphviz's answer, read strictly: a place for every node and a curve for every link of a graph."""

import json
from dataclasses import dataclass
from typing import Any

from argmap.errors import EngineUnavailable
from argmap.picture.dot import Graph
from argmap.picture.layout import Point


@dataclass(frozen=True, slots=True)
class Positions:
    """Centres of the nodes by number, and the curve of each link by number; y grows away from the theses.

    Nodes of one rank have the same y. A curve runs from the link's target to its source.
    """

    nodes: tuple[Point, ...]
    curves: tuple[tuple[Point, ...], ...]


def read(graph: Graph, output: bytes) -> Positions:
    """Read Graphviz's json0. Raises EngineUnavailable when a node or a link is missing or has no sound place."""
    try:
        answer = json.loads(output)
        named = {item["name"]: _point(item["pos"]) for item in answer.get("objects", ())}
        drawn = {int(item["id"]): item["pos"] for item in answer.get("edges", ())}
        count = len(graph.cards) + len(graph.junctions)
        nodes = tuple(named[f"n{place}"] for place in range(count))
        curves = tuple(_curve(drawn[place]) for place in range(len(graph.links)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineUnavailable("the layout engine gave an incomplete answer") from error
    return Positions(nodes, curves)


def _curve(text: Any) -> tuple[Point, ...]:
    points = tuple(map(_point, text.split()))
    if len(points) % 3 != 1 or len(points) < 4:
        raise ValueError("not a row of cubic curves")
    return points


def _point(pair: str) -> Point:
    x, y = pair.split(",")
    return float(x), -float(y)  # Graphviz's y grows upwards; its sums may be off by a hair

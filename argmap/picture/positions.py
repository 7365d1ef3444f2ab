"""Graphviz's answer, read strictly: a place for every node and a curve for every link of a graph."""

import json
from dataclasses import dataclass
from math import isfinite

from argmap.errors import EngineUnavailable
from argmap.picture.dot import Graph
from argmap.picture.layout import Point


@dataclass(frozen=True, slots=True)
class Positions:
    """Centres of the nodes by number; y grows away from the theses and is the same for all nodes of a rank."""

    nodes: tuple[Point, ...]
    _curves: tuple[str, ...]

    def curve(self, link: int) -> tuple[Point, ...]:
        """Return the points of the cubic curves along a link, by its number, from its target to its source.

        Raises EngineUnavailable when they are not sound.
        """
        try:
            points = tuple(map(_point, self._curves[link].split()))
        except ValueError as error:
            raise EngineUnavailable("the layout engine gave a broken line") from error
        if len(points) % 3 != 1 or len(points) < 4:
            raise EngineUnavailable("the layout engine gave a broken line")
        return points


def read(graph: Graph, output: bytes) -> Positions:
    """Read Graphviz's json0. Raises EngineUnavailable when a node or a link is missing or has no sound place."""
    try:
        answer = json.loads(output)
        named = {item["name"]: _point(item["pos"]) for item in answer.get("objects", ())}
        drawn = {int(item["id"]): str(item["pos"]) for item in answer.get("edges", ())}
        count = len(graph.cards) + len(graph.junctions)
        nodes = tuple([named[f"n{place}"] for place in range(count)])
        curves = tuple([drawn[place] for place in range(len(graph.links))])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineUnavailable("the layout engine gave an incomplete answer") from error
    return Positions(nodes, curves)


def _point(pair: str) -> Point:
    x, _, y = pair.partition(",")
    place = float(x), -float(y)  # Graphviz's y grows upwards
    if not (isfinite(place[0]) and isfinite(place[1])):
        raise ValueError("no place")
    return place

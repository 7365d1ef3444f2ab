"""Where everything stands: cards, junctions and the lines between them, in points from the top left."""

import json
from dataclasses import dataclass
from typing import Any

from argmap.errors import EngineUnavailable
from argmap.model import Relation
from argmap.picture.cards import Card
from argmap.picture.dot import Graph, Link

MARGIN = 18.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A card and its top left corner."""

    card: Card
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Junction:
    """The point where a relation's sources meet and where relations that target it end."""

    relation: Relation
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line from source to target: a start point and three points of a cubic Bezier curve for each piece."""

    link: Link
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture of `width` x `height` points."""

    width: float
    height: float
    cards: tuple[Placed, ...]
    junctions: tuple[Junction, ...]
    routes: tuple[Route, ...]


def read(graph: Graph, output: bytes) -> Layout:
    """Read Graphviz's json0 strictly: every card, junction and link has a place, or EngineUnavailable is raised."""
    try:
        answer = json.loads(output)
        height, nodes, edges = _positions(answer)
        points = [nodes[f"n{place}"] for place in range(len(graph.cards) + len(graph.junctions))]
        routes = tuple(
            Route(link, tuple((x, height - y) for x, y in reversed(edges[place])))
            for place, link in enumerate(graph.links)
        )
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise EngineUnavailable("the layout engine gave an incomplete answer") from error
    placed = tuple(
        Placed(card, x - card.width / 2, height - y - card.height / 2)
        for card, (x, y) in zip(graph.cards, points, strict=False)
    )
    junctions = tuple(
        Junction(relation, x, height - y)
        for relation, (x, y) in zip(graph.junctions, points[len(graph.cards) :], strict=True)
    )
    return _framed(placed, junctions, routes)


def _positions(answer: Any) -> tuple[float, dict[str, Point], dict[int, list[Point]]]:
    nodes = {item["name"]: _point(item["pos"]) for item in answer.get("objects", ())}
    edges = {
        int(item["id"]): [_point(pair) for pair in item["pos"].split()]
        for item in answer.get("edges", ())
    }
    if any(len(points) % 3 != 1 or len(points) < 4 for points in edges.values()):
        raise ValueError("a line is not a row of cubic curves")
    return float(answer["bb"].split(",")[3]), nodes, edges


def _point(pair: str) -> Point:
    x, y = pair.split(",")
    return float(x), float(y)


def _framed(
    cards: tuple[Placed, ...], junctions: tuple[Junction, ...], routes: tuple[Route, ...]
) -> Layout:
    """Shift everything so that the margin around it is the same on all sides."""
    xs = [x for c in cards for x in (c.x, c.x + c.card.width)]
    ys = [y for c in cards for y in (c.y, c.y + c.card.height)]
    xs += [x for route in routes for x, _ in route.points]
    ys += [y for route in routes for _, y in route.points]
    left, top = min(xs, default=0) - MARGIN, min(ys, default=0) - MARGIN
    return Layout(
        max(xs, default=0) + MARGIN - left,
        max(ys, default=0) + MARGIN - top,
        tuple(Placed(c.card, c.x - left, c.y - top) for c in cards),
        tuple(Junction(j.relation, j.x - left, j.y - top) for j in junctions),
        tuple(Route(r.link, tuple((x - left, y - top) for x, y in r.points)) for r in routes),
    )

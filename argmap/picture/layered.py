"""The layered layout: theses on one side, every reason in a rank further away, positions by Graphviz."""

import math

from argmap.picture import dot, engine, positions
from argmap.picture.dot import Graph
from argmap.picture.layout import Junction, Layout, Placed, Point, Route
from argmap.picture.options import Direction
from argmap.picture.ranks import Part, parts
from argmap.picture.routes import routes

MARGIN = 20.0
APART = 44.0  # between parts that have no relation with each other
LOOSE_APART = 20.0  # between claims without any relation
_SHAPE = (
    1.6  # width to height of the picture that the parts are packed into, when there are several
)


def layered(graph: Graph, direction: Direction) -> Layout:
    """Arrange a graph in ranks.

    Raises EngineTimeout, PictureTooLarge, EngineUnavailable.
    """
    turned = direction in {Direction.LEFT, Direction.RIGHT}
    if not graph.cards:
        return Layout(2 * MARGIN, 2 * MARGIN, (), (), ())
    found = positions.read(graph, engine.layout_json(dot.write(graph, turned)))
    tied = parts(graph, found, turned)
    nodes: dict[int, Point] = {}
    curves: dict[int, tuple[Point, ...]] = {}
    places, width, height = _pack(
        [_size(part, turned) for part in tied], [not part.links for part in tied]
    )
    for part, (left, top) in zip(tied, places, strict=True):
        for node in part.nodes:
            x, y = part.x[node], part.y[node]
            if node < len(graph.cards):  # its top left corner
                card = graph.cards[node]
                x -= (card.height if turned else card.width) / 2
                deep, wide = (card.width, card.height) if turned else (card.height, card.width)
                if direction is Direction.BOTTOM or direction is Direction.RIGHT:
                    y = part.height - y - deep
            elif direction is Direction.BOTTOM or direction is Direction.RIGHT:
                y = part.height - y
            nodes[node] = (left + y, top + x) if turned else (left + x, top + y)
        for place, points in routes(graph, found, part, turned).items():
            curves[place] = tuple(_turn(point, part, direction, left, top) for point in points)
    first = len(graph.cards)
    return Layout(
        width,
        height,
        tuple(Placed(card, *nodes[n]) for n, card in enumerate(graph.cards)),
        tuple(Junction(r, *nodes[first + n]) for n, r in enumerate(graph.junctions)),
        tuple(Route(link, curves[n]) for n, link in enumerate(graph.links)),
    )


def _turn(point: Point, part: Part, direction: Direction, left: float, top: float) -> Point:
    x, y = point
    if direction in {Direction.BOTTOM, Direction.RIGHT}:
        y = part.height - y
    return (
        (left + y, top + x)
        if direction in {Direction.LEFT, Direction.RIGHT}
        else (left + x, top + y)
    )


def _size(part: Part, turned: bool) -> tuple[float, float]:
    return (part.height, part.width) if turned else (part.width, part.height)


def _pack(sizes: list[tuple[float, float]], loose: list[bool]) -> tuple[list[Point], float, float]:
    """Set parts in rows, claims without relations last; return their top left corners, and the width and height."""
    area = sum((w + APART) * (h + APART) for w, h in sizes)
    widest = max(w for w, _ in sizes)
    room = max(widest, math.sqrt(area * _SHAPE))
    places: list[Point] = [(0.0, 0.0)] * len(sizes)
    x = y = deep = used = 0.0
    for place in sorted(range(len(sizes)), key=lambda n: loose[n]):
        wide, high = sizes[place]
        if x and x + wide > room:
            x, y, deep = 0.0, y + deep + (LOOSE_APART if loose[place] else APART), 0.0
        places[place] = (x + MARGIN, y + MARGIN)
        used = max(used, x + wide)
        x += wide + (LOOSE_APART if loose[place] else APART)
        deep = max(deep, high)
    return places, used + 2 * MARGIN, y + deep + 2 * MARGIN

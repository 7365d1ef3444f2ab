"""The layered layout: theses on one side, every reason in a rank further away, positions by Graphviz."""

import math

from argmap.picture import dot, engine
from argmap.picture.dot import Graph
from argmap.picture.engine import positions
from argmap.picture.layout import Junction, Layout, Placed, Point, Route
from argmap.picture.options import Direction
from argmap.picture.ranks.parts import Part, parts
from argmap.picture.ranks.routes import routes

APART = 44.0  # between parts that have no relation with each other
LOOSE_APART = 20.0  # between claims without any relation
_SHAPE = (
    1.6  # width to height of the picture that the parts are packed into, when there are several
)


def arrange_in_ranks(
    graph: Graph, direction: Direction, deadline: float = engine.DEADLINE
) -> Layout:
    """Arrange a graph in ranks; `deadline`: seconds that the engine may take.

    Raises EngineTimeout, PictureTooLarge, EngineUnavailable.
    """
    turned = direction in {Direction.LEFT, Direction.RIGHT}
    if not graph.cards:
        return Layout(0, 0, (), (), ())
    found = positions.read(graph, engine.lay_out(dot.write(graph, turned), deadline))
    tied = parts(graph, found, turned)
    sizes = [(p.height, p.width) if turned else (p.width, p.height) for p in tied]
    places, width, height = _pack(sizes, [not part.links for part in tied])
    nodes: dict[int, Point] = {}
    curves: dict[int, tuple[Point, ...]] = {}
    for part, corner in zip(tied, places, strict=True):
        upper = part.bottom if direction in {Direction.BOTTOM, Direction.RIGHT} else part.top
        corners = tuple([(part.x[node] - part.half[node], upper[node]) for node in part.nodes])
        nodes.update(zip(part.nodes, _turn(corners, part, direction, corner), strict=True))
        for place, points in routes(graph, part).items():
            curves[place] = _turn(points, part, direction, corner)
    first = len(graph.cards)
    return Layout(
        width,
        height,
        tuple(Placed(card, *nodes[n]) for n, card in enumerate(graph.cards)),
        tuple(Junction(r, *nodes[n]) for n, r in enumerate(graph.junctions, first)),
        tuple(Route(link, curves[n]) for n, link in enumerate(graph.links)),
        in_ranks=True,
        trees=graph.trees,
    ).framed()


def _turn(
    points: tuple[Point, ...], part: Part, direction: Direction, corner: Point
) -> tuple[Point, ...]:
    """Turn points of a part so that the theses stand on the side asked for, and move them to the part's corner."""
    left, top = corner
    match direction:
        case Direction.TOP:
            return tuple([(left + x, top + y) for x, y in points]) if left or top else points
        case Direction.BOTTOM:
            return tuple([(left + x, top + part.height - y) for x, y in points])
        case Direction.LEFT:
            return tuple([(left + y, top + x) for x, y in points])
        case Direction.RIGHT:
            return tuple([(left + part.height - y, top + x) for x, y in points])


def _pack(sizes: list[tuple[float, float]], loose: list[bool]) -> tuple[list[Point], float, float]:
    """Set parts in rows, claims without relations last; return their top left corners, and the width and height."""
    area = sum((w + APART) * (h + APART) for w, h in sizes)
    widest = max(w for w, _ in sizes)
    room = max(widest, math.sqrt(area * _SHAPE))
    places: list[Point] = [(0.0, 0.0)] * len(sizes)
    x = y = deep = used = 0.0
    before = False
    for place in sorted(range(len(sizes)), key=lambda n: loose[n]):
        wide, high = sizes[place]
        gap = LOOSE_APART if before and loose[place] else APART
        if x and (x + wide > room or loose[place] != before):
            x, y, deep = 0.0, y + deep + gap, 0.0
        places[place] = (x, y)
        before = loose[place]
        used = max(used, x + wide)
        x += wide + (LOOSE_APART if before else APART)
        deep = max(deep, high)
    return places, used, y + deep

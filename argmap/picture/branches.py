"""The lines of a page: branches in lanes and gaps of their own, and links that are no branches around the cards."""

from typing import NamedTuple

from argmap.picture.detours import DOWN, LEFT, RIGHT, UP, Plan
from argmap.picture.dot import Graph
from argmap.picture.fronts import LANE, Column, Shape
from argmap.picture.layout import Point
from argmap.picture.paths import ROUND, onto_line, straight, sway, swing, turn
from argmap.picture.tree import Tree

_PORT = 24  # between lines that end on the same side of a card, at most
_CORNER = 14  # at the ends of a side, kept free
_HANDLE = 18  # below the top of a card, where lines leave it sideways
DROP = 10  # of a junction below the top of its part


class Spot(NamedTuple):
    """A node's card or junction: x of its centre, y of its top; and the shape that it was drawn in."""

    x: float
    y: float
    shape: Shape

    @property
    def bottom(self) -> float:
        return self.y + (self.shape.card.height if self.shape.card else 0)

    @property
    def left(self) -> float:
        return self.x - (self.shape.card.width / 2 if self.shape.card else 0)

    @property
    def handle(self) -> Point:
        """Where a line leaves sideways to the left."""
        card = self.shape.card
        if card is None:  # above its own sources' lines
            return self.x, self.y - DROP
        return self.left, self.y + min(_HANDLE, card.height / 2)


def branches(
    graph: Graph,
    found: Tree,
    spots: dict[int, Spot],
    node: int,
    columns: list[tuple[Column, float, float]],
    curves: dict[int, tuple[Point, ...]],
) -> None:
    """Draw the branches from the children of a node to it."""
    spot = spots[node]
    if spot.shape.aside and spot.shape.card:
        column, left, _ = columns[0]
        right = spot.left + spot.shape.card.width
        heights = _spread(len(column.nodes), spot.shape.card.height, spot.handle[1], 16)
        for child, y in zip(column.nodes, heights, strict=True):
            points = _leaving(spots[child])
            straight(points, (left, points[-1][1]))
            sway(points, (right, y))
            curves[found.up[child]] = tuple(points)
        return
    begun: list[tuple[float, int, list[Point]]] = []
    for column, left, top in columns:
        for place, child in enumerate(column.nodes):
            if place == 0:
                points = [(spots[child].x, spots[child].y)]
                straight(points, (spots[child].x, top))
            else:
                x = left + 4 + LANE * (len(column.nodes) - 1 - place)
                points = _leaving(spots[child])
                turn(points, (x, points[-1][1]), (x, top))
            begun.append((points[-1][0], child, points))
    begun.sort(key=lambda line: line[0])
    card = spot.shape.card
    if card is None:
        for _, child, points in begun:
            place = found.up[child]
            (onto_line if graph.links[place].arrow else swing)(points, (spot.x, spot.y))
            curves[place] = tuple(points)
        return
    for (_, child, points), x in zip(
        begun, _spread(len(begun), card.width, spot.x, _PORT), strict=True
    ):
        swing(points, (x, spot.bottom))
        curves[found.up[child]] = tuple(points)


def _leaving(spot: Spot) -> list[Point]:
    """Begin a line that leaves a card or a junction to its left."""
    if spot.shape.card:
        return [spot.handle]
    x, y = spot.handle
    points: list[Point] = [(spot.x, spot.y)]
    turn(points, (x, y), (x - ROUND, y))
    return points


def _spread(count: int, side: float, middle: float, most: float) -> list[float]:
    """Return places for lines along a side of a card, as far apart as it allows."""
    step = min(most, (side - 2 * _CORNER) / max(1, count - 1))
    return [round(middle + step * (n - (count - 1) / 2)) for n in range(count)]


def cross_links(
    graph: Graph,
    found: Tree,
    spots: dict[int, Spot],
    curves: dict[int, tuple[Point, ...]],
    whole: Shape,
) -> set[int]:
    """Draw the links that are no branches around the cards; return those that found no way."""
    behind: set[int] = set()
    if not found.across:
        return behind
    boxes = [
        (spot.left, spot.y, spot.left + spot.shape.card.width, spot.bottom)
        for spot in spots.values()
        if spot.shape.card
    ]
    plan = Plan(boxes, whole.width, whole.height)
    for points in curves.values():
        plan.mark(points)

    def apart(place: int) -> float:
        start, end = spots[graph.links[place].start], spots[graph.links[place].end]
        return abs(start.x - end.x) + abs(start.y - end.y)

    for place in sorted(found.across, key=apart):  # near ones first: there are ways for them
        link = graph.links[place]
        start, end = spots[link.start], spots[link.end]
        line = plan.route(_exits(start), [(point, (way + 2) % 4) for point, way in _exits(end)])
        if line is None:
            behind.add(place)
            line = [(start.x, start.y)]
            swing(line, (end.x, end.bottom))
        curves[place] = tuple(line)
        plan.mark(curves[place])
    return behind


def _exits(spot: Spot) -> list[tuple[Point, int]]:
    """Return the places where a cross link can leave a card or junction, with the directions there."""
    card = spot.shape.card
    if card is None:
        return [((spot.x, spot.y), way) for way in (LEFT, RIGHT)]
    return [
        ((spot.x + card.width / 4, spot.y), UP),
        ((spot.left + card.width, spot.bottom - card.height / 4), RIGHT),
        ((spot.x + card.width / 4, spot.bottom), DOWN),
        ((spot.left, spot.bottom - card.height / 4), LEFT),
    ]

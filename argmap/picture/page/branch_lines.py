"""The lines of a page: branches in lanes and gaps of their own, and links that are no branches around the cards."""

from collections import defaultdict
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from argmap.picture.curves import ROUND, onto_line, straight, sway, swing, turn
from argmap.picture.dot import Graph
from argmap.picture.layout import Point
from argmap.picture.page.cross_links import CELL, DOWN, FREE, LEFT, RIGHT, UP, Exit, Plan
from argmap.picture.page.sizes import LANE, Column, Shape
from argmap.picture.page.tree import Tree

_PORT = 24  # between lines that end on the same side of a card, at most
_CORNER = 14  # at the ends of a side, kept free
_HANDLE = 18  # below the top of a card, where lines leave it sideways
_TIPS = 9  # from one arrow's head to the next, at least
_TIP, _FOOT = 9, 4  # kept straight at the upper and the lower end of a line that runs level between
_STEP = 5  # between lines that run level above each other, at most
_EXITS = 12  # of cross links on one side of a card
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
    lines = [points for _, _, points in begun]
    ends = _spread(len(begun), card.width, spot.x, _PORT)
    spans = [(points[-1][0], end) for points, end in zip(lines, ends, strict=True)]
    levels = _levels(spans, spot.bottom, top)
    for points, (start, end), level in zip(lines, spans, levels, strict=True):
        if level is None or abs(end - start) < 2 * ROUND:
            swing(points, (end, spot.bottom))
        else:
            turn(points, (start, level), ((start + end) / 2, level))
            turn(points, (end, level), (end, spot.bottom))
    for _, child, points in begun:
        curves[found.up[child]] = tuple(points)


def _levels(spans: list[tuple[float, float]], top: float, bottom: float) -> list[float | None]:
    """Return for each line between two heights the one at which it runs level; None where all can be curves.

    spans: where the lines begin and end, from left to right. Of those above each other the outer ones run higher: so
    they cross nowhere, and none lies on another.
    """
    found: list[float | None] = [None] * len(spans)
    stacks = [*_stacks(spans, 1), *_stacks(spans, -1)]
    if not any(
        abs(spans[outer][1] - spans[inner][0]) > _PORT
        for stack in stacks
        for outer, inner in pairwise(stack)
    ):
        return found
    for stack in stacks:
        step = min(_STEP, (bottom - top - _TIP - _FOOT) / max(1, len(stack) - 1))
        first = (top + _TIP + bottom - _FOOT - step * (len(stack) - 1)) / 2
        for number, place in enumerate(stack):
            found[place] = round(first + step * number, 1)
    return found


def _stacks(spans: list[tuple[float, float]], side: int) -> list[list[int]]:
    """Group the lines that come from one side by which run above each other, the outermost first."""
    stacks: list[list[int]] = []
    edge = 0.0  # of the line before
    for place in range(len(spans))[::side]:
        start, end = side * spans[place][0], side * spans[place][1]
        if start >= end:
            continue
        if stacks and start < edge + ROUND:
            stacks[-1].append(place)
        else:
            stacks.append([place])
        edge = end
    return stacks


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
    junctions = [(spot.x, spot.y) for spot in spots.values() if not spot.shape.card]
    plan = Plan(boxes, junctions, whole.width, whole.height)
    ports: dict[int, list[Point]] = defaultdict(list)  # in use, by node
    for place, points in curves.items():
        plan.mark(points)
        ports[graph.links[place].start].append(points[0])
        ports[graph.links[place].end].append(points[-1])

    def apart(place: int) -> float:
        start, end = spots[graph.links[place].start], spots[graph.links[place].end]
        return abs(start.x - end.x) + abs(start.y - end.y)

    for place in sorted(found.across, key=apart):  # near ones first: there are ways for them
        link = graph.links[place]
        start, end = spots[link.start], spots[link.end]
        leave = _exits(start, ports[link.start])
        arrive = _exits(end, ports[link.end])
        line = plan.route(leave, arrive)
        if line is None:
            behind.add(place)
            line = [(start.x, start.y)]
            swing(line, (end.x, end.bottom))
        curves[place] = tuple(line)
        plan.mark(curves[place])
        ports[link.start].append(line[0])
        ports[link.end].append(line[-1])
    return behind


def _exits(spot: Spot, taken: list[Point]) -> list[Exit]:
    """Return the places where a cross link can leave a card or junction.

    `taken`: where other lines do; an arrow's head needs a place of its own.
    """
    card = spot.shape.card
    if card is None:
        return [Exit((spot.x, spot.y), way, FREE) for way in (LEFT, RIGHT)]
    right, bottom = spot.left + card.width, spot.bottom
    columns, rows = _lanes(spot.left, right), _lanes(spot.y, bottom)
    found = [Exit((x, spot.y), UP) for x in columns]
    found += [Exit((right, y), RIGHT) for y in rows]
    found += [Exit((x, bottom), DOWN) for x in columns]
    found += [Exit((spot.left, y), LEFT) for y in rows]
    free = [
        exit
        for exit in found
        if all(abs(exit.point[0] - x) + abs(exit.point[1] - y) >= _TIPS for x, y in taken)
    ]
    return free or found


def _lanes(begin: float, end: float) -> list[float]:
    """Return where lines can leave a side of a card, in rows or columns of a plan that other cards use too."""
    step = 2 * CELL
    while (end - begin) / step > _EXITS:
        step *= 2
    first = step * ceil((begin + _CORNER) / step)
    return [*range(first, int(end - _CORNER) + 1, step)] or [CELL * round((begin + end) / 2 / CELL)]

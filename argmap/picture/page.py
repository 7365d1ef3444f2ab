"""The page layout: the arrangement that stays the most legible when it is fitted on a page."""

from typing import NamedTuple

from argmap.picture.cards import Card, variants
from argmap.picture.detours import DOWN, LEFT, RIGHT, UP, Plan
from argmap.picture.dot import Graph
from argmap.picture.fronts import (
    APART,
    ASIDE,
    BELOW,
    BESIDE,
    KEPT,
    KEPT_OF_MANY,
    LANE,
    MEETING,
    TOGETHER,
    Column,
    Front,
    Shape,
    channel,
    front,
    packed,
)
from argmap.picture.layout import Junction, Layout, Placed, Point, Route
from argmap.picture.paths import ROUND, onto_line, straight, sway, swing, turn
from argmap.picture.tree import Tree, tree

_MANY = 150  # claims, from which on fewer shapes are tried
_PORT = 24  # between lines that end on the same side of a card, at most
_CORNER = 14  # at the ends of a side, kept free
_HANDLE = 18  # below the top of a card, where lines leave it sideways
_DROP = 10  # of a junction below the top of its part


class _Spot(NamedTuple):
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
            return self.x, self.y - _DROP
        return self.left, self.y + min(_HANDLE, card.height / 2)


def arrange_on_page(graph: Graph, width: float, height: float) -> Layout:
    """Arrange a graph so that it is as legible as can be on a page of that size in points."""
    if not graph.cards:
        return Layout(0, 0, (), (), ())
    found = tree(graph)
    fronts = _fronts(graph, found)
    ways = packed(found.roots, [fronts[node] for node in found.roots], _kept(graph))
    whole = max(ways, key=lambda s: _fitness(s, width, height))
    spots: dict[int, _Spot] = {}
    curves: dict[int, tuple[Point, ...]] = {}
    for node, shape, x, y in _roots(whole):
        _place(graph, found, node, shape, x, y, spots, curves)
    behind = _cross(graph, found, spots, curves, whole)
    first = len(graph.cards)
    placed = []
    for node in range(first):
        spot = spots[node]
        card = spot.shape.card or graph.cards[node]
        placed.append(Placed(card, spot.left, spot.y))
    return Layout(
        whole.width,
        whole.height,
        tuple(placed),
        tuple(Junction(r, spots[n].x, spots[n].y) for n, r in enumerate(graph.junctions, first)),
        tuple(Route(link, curves[n], n in behind) for n, link in enumerate(graph.links)),
    )


def _fitness(shape: Shape, width: float, height: float) -> tuple[float, float]:
    """Say how well a shape fits a page: how little it must be scaled down, then how little of the page it takes."""
    scale = min(1.0, width / shape.width, height / shape.height)
    return scale, -max(shape.width / width, shape.height / height)


def _fronts(graph: Graph, found: Tree) -> dict[int, Front]:
    roots, kept = set(found.roots), _kept(graph)
    fronts: dict[int, Front] = {}
    for node in found.upwards():
        is_card = node < len(graph.cards)
        cards: tuple[Card | None, ...] = variants(graph.cards[node]) if is_card else (None,)
        children = found.down.get(node, [])
        fronts[node] = front(
            cards,
            children,
            [fronts[child] for child in children],
            may_stand_aside=is_card and node not in roots,
            kept=kept,
        )
    return fronts


def _kept(graph: Graph) -> int:
    return KEPT if len(graph.cards) <= _MANY else KEPT_OF_MANY


def _roots(whole: Shape) -> list[tuple[int, Shape, float, float]]:
    """Return the trees of a page with the top left corners of their parts."""
    found: list[tuple[int, Shape, float, float]] = []
    todo = [(TOGETHER, whole, 0.0, 0.0)]
    for node, shape, x, y in todo:  # grows while it is read
        if node != TOGETHER:
            found.append((node, shape, x, y))
            continue
        for column in shape.columns:
            top = y
            for child, child_shape in zip(column.nodes, column.shapes, strict=True):
                todo.append((child, child_shape, x, top))
                top += child_shape.height + APART
            x += column.width + APART
    return found


def _place(
    graph: Graph,
    found: Tree,
    root: int,
    shape: Shape,
    x: float,
    y: float,
    spots: dict[int, _Spot],
    curves: dict[int, tuple[Point, ...]],
) -> None:
    """Place a tree whose part has its top left corner at x and y, and draw its branches."""
    anchors = _anchors(shape)
    todo = [(root, shape, x, y)]
    for node, shape, x, y in todo:  # grows while it is read
        drop = 0 if shape.card else _DROP
        spots[node] = _Spot(x + anchors[id(shape)], y + drop, shape)
        for column, left, top in _columns(shape, x, y):
            for child, child_shape in zip(column.nodes, column.shapes, strict=True):
                todo.append((child, child_shape, left + column.lanes, top))
                top += child_shape.height + BELOW
    for node, shape, x, y in todo:
        if shape.columns:
            _draw(graph, found, spots, node, _columns(shape, x, y), curves)


def _columns(shape: Shape, x: float, y: float) -> list[tuple[Column, float, float]]:
    """Return the columns of a shape with their top left corners."""
    if shape.aside and shape.card:
        return [(shape.columns[0], x + shape.card.width + ASIDE, y)]
    wide = sum(column.width for column in shape.columns) + BESIDE * (len(shape.columns) - 1)
    top = y + (shape.card.height + channel(wide) if shape.card else MEETING)
    left = x + max(0, ((shape.card.width if shape.card else 0) - wide) // 2)
    found = []
    for column in shape.columns:
        found.append((column, left, top))
        left += column.width + BESIDE
    return found


def _anchors(shape: Shape) -> dict[int, float]:
    """Return for each shape in a shape, by identity, the x of its card's centre from the left of its part."""
    order = [shape]
    for shape in order:  # grows while it is read
        order.extend(child for column in shape.columns for child in column.shapes)
    anchors: dict[int, float] = {}
    for shape in reversed(order):
        half = (shape.card.width if shape.card else 0) / 2
        if not shape.columns or shape.aside:
            anchors[id(shape)] = half or shape.width / 2
            continue
        columns = _columns(shape, 0, 0)
        (first, first_left, _), (last, last_left, _) = columns[0], columns[-1]
        begin = first_left + first.lanes + anchors[id(first.shapes[0])]
        end = last_left + last.lanes + anchors[id(last.shapes[0])]
        if len(columns) == 1 and first.lanes and shape.card:
            anchors[id(shape)] = half
        else:
            anchors[id(shape)] = round(min(max(half, (begin + end) / 2), shape.width - half))
    return anchors


def _draw(
    graph: Graph,
    found: Tree,
    spots: dict[int, _Spot],
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


def _leaving(spot: _Spot) -> list[Point]:
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


def _cross(
    graph: Graph,
    found: Tree,
    spots: dict[int, _Spot],
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
    for place in found.across:
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


def _exits(spot: _Spot) -> list[tuple[Point, int]]:
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

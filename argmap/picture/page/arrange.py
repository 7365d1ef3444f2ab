"""The page layout: the arrangement that stays the most legible when it is fitted on a page."""

from argmap.picture.cards import variants
from argmap.picture.dot import Graph
from argmap.picture.layout import Junction, Layout, Placed, Point, Route
from argmap.picture.page.branch_lines import DROP, Spot, branches, cross_links
from argmap.picture.page.sizes import (
    APART,
    ASIDE,
    BELOW,
    BESIDE,
    MEETING,
    TOGETHER,
    Column,
    Front,
    Shape,
    channel,
    front,
    packed,
)
from argmap.picture.page.tree import Tree, tree

_MANY = 1_000  # claims, from which on cards come in few widths
_KEPT = 100  # sizes of a part, at most; more make no page more legible


def arrange_on_page(graph: Graph, width: float, height: float) -> Layout:
    """Arrange a graph so that it is as legible as can be on a page of that size in points."""
    if not graph.cards:
        return Layout(0, 0, (), (), ())
    found = tree(graph)
    fronts = _fronts(graph, found)
    ways = packed(found.roots, [fronts[node] for node in found.roots], _KEPT)
    whole = max(ways.shapes(), key=lambda s: _fitness(s, width, height))
    spots: dict[int, Spot] = {}
    curves: dict[int, tuple[Point, ...]] = {}
    for node, shape, x, y in _roots(whole):
        _place(graph, found, node, shape, x, y, spots, curves)
    behind = cross_links(graph, found, spots, curves, whole)
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
    ).framed()


def _fitness(shape: Shape, width: float, height: float) -> tuple[float, int, float]:
    """Say how well a shape fits a page: how little it must be scaled down, then how little of the page it takes.

    Of those that need not be scaled down at all, that is better which sets fewer cards below or beside siblings.
    """
    share = max(shape.width / width, shape.height / height)
    return min(1.0, 1 / share), -_out_of_rank(shape) if share <= 1 else 0, -share


def _out_of_rank(shape: Shape) -> int:
    """Return how many cards and junctions do not stand level with the first of their siblings, under its parent."""
    found, todo = 0, [shape]
    for part in todo:  # grows while it is read
        for column in part.columns:
            found += len(column.shapes) - (not part.aside)
            todo.extend(column.shapes)
    return found


def _fronts(graph: Graph, found: Tree) -> dict[int, Front]:
    roots = set(found.roots)
    few = len(graph.cards) >= _MANY
    fronts: dict[int, Front] = {}
    for node in found.upwards():
        is_card = node < len(graph.cards)
        cards = variants(graph.cards[node], few) if is_card else ()
        children = found.down.get(node, [])
        fronts[node] = front(
            cards,
            children,
            [fronts[child] for child in children],
            may_stand_aside=is_card and node not in roots,
            kept=_KEPT,
        )
    return fronts


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
    spots: dict[int, Spot],
    curves: dict[int, tuple[Point, ...]],
) -> None:
    """Place a tree whose part has its top left corner at x and y, and draw its branches."""
    anchors = _anchors(shape)
    todo = [(root, shape, x, y)]
    for node, shape, x, y in todo:  # grows while it is read
        drop = 0 if shape.card else DROP
        spots[node] = Spot(x + anchors[id(shape)], y + drop, shape)
        for column, left, top in _columns(shape, x, y):
            for child, child_shape in zip(column.nodes, column.shapes, strict=True):
                todo.append((child, child_shape, left + column.lanes, top))
                top += child_shape.height + BELOW
    for node, shape, x, y in todo:
        if shape.columns:
            branches(graph, found, spots, node, _columns(shape, x, y), curves)


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

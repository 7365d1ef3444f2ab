"""All the shapes that a part of a map can take: for each width the least height, as Stockmeyer's shape functions.

L. Stockmeyer, "Optimal orientations of cells in slicing floorplan designs", Information and Control 57 (1983).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, TypeVar

from argmap.picture.cards import Card

BESIDE = 12  # between columns
APART = 20  # between parts that have nothing to do with each other
TOGETHER = -1
BELOW = 12  # between what stands in a column
LANE = 7  # between the lines that run up along a column
MEETING = 24  # height of the gap around a junction
BARE = 24  # side of a junction whose sources stand elsewhere
ASIDE = 32  # width of the gap between a card and a column at its side
_CHANNEL, _WIDER, _MOST = 20, 0.03, 24  # height of the gap above columns, and what wide ones add


class Shape(NamedTuple):
    """One way to draw a node with all that hangs below it, in `width` x `height` points.

    `card`: None for a junction. `columns`: what hangs below, from left to right, each from top to bottom.
    `aside`: the only column stands at the right of the card instead of below.
    """

    width: int
    height: int
    card: Card | None
    columns: tuple["Column", ...]
    aside: bool = False


class Column(NamedTuple):
    """Shapes one below the other, with the nodes that they are shapes of; `lanes`: width kept at its left for lines."""

    width: int
    height: int
    lanes: int
    nodes: tuple[int, ...]
    shapes: tuple[Shape, ...]


_Value = TypeVar("_Value")
_Sized = TypeVar("_Sized", Shape, "_Row")
Front = list[Shape]  # wider and lower from one to the next


def front(
    cards: Sequence[Card | None],
    nodes: Sequence[int],
    below: Sequence[Front],
    may_stand_aside: bool,
    kept: int,
) -> Front:
    """Return the shapes of a node from those of what hangs below it.

    cards: the same claim on cards of several widths; None alone for a junction. kept: shapes, at most.
    """
    if not nodes:
        return _best(
            [Shape(c.width, c.height, c, ()) if c else Shape(BARE, BARE, None, ()) for c in cards],
            kept,
        )
    found = [
        Shape(
            max(card.width, row.width),
            card.height + channel(row.width) + row.height,
            card,
            row.columns,
        )
        if card
        else Shape(row.width, MEETING + row.height, None, row.columns)
        for row in _rows(nodes, below, kept)
        for card in cards
    ]
    if may_stand_aside:
        for column in _stack(nodes, below, 0, kept):
            for card in cards:
                if card:
                    width = card.width + ASIDE + column.width
                    high = max(card.height, column.height)
                    found.append(Shape(width, high, card, (column,), aside=True))
    return _best(found, kept)


class _Row(NamedTuple):
    """Columns side by side."""

    width: int
    height: int
    columns: tuple[Column, ...]


def _rows(nodes: Sequence[int], below: Sequence[Front], kept: int) -> list[_Row]:
    """Return the ways to set parts in columns."""
    stacks: dict[tuple[int, int], list[Column]] = {}
    found = []
    for count in _counts(len(nodes)):
        for split in _splits(below, count):
            for begin, end in split:
                if (begin, end) not in stacks:
                    stacks[begin, end] = _stack(nodes[begin:end], below[begin:end], LANE, kept)
            for columns in _beside([stacks[part] for part in split], kept):
                width = sum([column.width for column in columns]) + BESIDE * (len(columns) - 1)
                found.append(_Row(width, max([c.height for c in columns]), columns))
    return _best(found, kept)


def packed(nodes: Sequence[int], shapes: Sequence[Front], kept: int) -> Front:
    """Return the ways to set parts that have nothing to do with each other on a page, each beside or below the others.

    A shape without a card holds them, and in it such shapes again, whose node is TOGETHER.
    """
    heap = [
        (_area(each), place, node, each)
        for place, (node, each) in enumerate(zip(nodes, shapes, strict=True))
    ]
    heapify(heap)
    while (
        len(heap) > 1
    ):  # the two smallest first, so that small parts fill the room beside large ones
        _, _, small, lesser = heappop(heap)
        _, place, large, greater = heappop(heap)
        columns = [
            [Column(s.width, s.height, 0, (node,), (s,)) for s in each]
            for node, each in ((large, greater), (small, lesser))
        ]
        found = [
            Shape(
                left.width + right.width + APART,
                max(left.height, right.height),
                None,
                (left, right),
            )
            for left, right in _beside(columns, kept)
        ]
        for pair in _below([greater, lesser], kept):
            width, height = max(s.width for s in pair), pair[0].height + pair[1].height + APART
            column = Column(width, height, 0, (large, small), pair)
            found.append(Shape(width, height, None, (column,)))
        best = _best(found, kept)
        heappush(heap, (_area(best), place, TOGETHER, best))
    _, _, node, front = heap[0]
    if node == TOGETHER:
        return front
    return [
        Shape(s.width, s.height, None, (Column(s.width, s.height, 0, (node,), (s,)),))
        for s in front
    ]


def _area(front: Front) -> int:
    return min(shape.width * shape.height for shape in front)


def channel(width: float) -> int:
    """Return the height of the gap in which lines of columns so wide together bend."""
    return round(_CHANNEL + min(_MOST, _WIDER * width))


def _counts(nodes: int) -> list[int]:
    """Return the numbers of columns to try."""
    return [n for n in (1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 45, 70, 100) if n < nodes] + [nodes]


def _splits(below: Sequence[Front], count: int) -> Iterable[tuple[tuple[int, int], ...]]:
    """Return ways to split parts, in their order, into columns of about the same height: where each begins and ends.

    The height of a part is that of its middle shape, its narrowest or its widest.
    """
    if count == len(below):
        return [tuple((place, place + 1) for place in range(count))]
    heights = [(f[len(f) // 2].height, f[0].height, f[-1].height) for f in below]
    return dict.fromkeys(_split(each, count) for each in zip(*heights, strict=True))


def _split(heights: Sequence[int], count: int) -> tuple[tuple[int, int], ...]:
    goal = (sum(heights) + BELOW * len(heights)) / count
    cuts = [0]
    total = 0.0
    for place, height in enumerate(heights):
        to_come = count - len(cuts)
        full = total + (height + BELOW) / 2 > goal * len(cuts) or len(heights) - place <= to_come
        if place > cuts[-1] and to_come and full:
            cuts.append(place)
        total += height + BELOW
    return tuple(pairwise([*cuts, len(heights)]))


def _stack(nodes: Sequence[int], below: Sequence[Front], lanes: int, kept: int) -> list[Column]:
    """Return the shapes of a column of nodes."""
    room = 0 if len(nodes) == 1 or not lanes else lanes * (len(nodes) - 1) + 6
    if len(nodes) == 1:
        return [Column(s.width, s.height, 0, (nodes[0],), (s,)) for s in below[0]]
    gaps = BELOW * (len(nodes) - 1)
    found = []
    for shapes in _below(below, kept):
        width = max([shape.width for shape in shapes])
        height = sum([shape.height for shape in shapes]) + gaps
        found.append(Column(width + room, height, room, tuple(nodes), shapes))
    return found


def _below(fronts: Sequence[Front], kept: int) -> list[tuple[Shape, ...]]:
    """Set shapes one below the other: for each width, each part takes its lowest shape that is no wider."""
    least = max(front[0].width for front in fronts)
    widths = sorted({shape.width for front in fronts for shape in front if shape.width >= least})
    each = [[shape.width for shape in front] for front in fronts]
    return [
        tuple([front[bisect_right(w, width) - 1] for front, w in zip(fronts, each, strict=True)])
        for width in _thinned(widths, kept)
    ]


def _beside(columns: list[list[Column]], kept: int) -> list[tuple[Column, ...]]:
    """Set columns side by side: for each height, each takes its narrowest shape that is no higher."""
    if len(columns) == 1:
        return [(column,) for column in columns[0]]
    least = max(shapes[-1].height for shapes in columns)
    heights = sorted({c.height for shapes in columns for c in shapes if c.height >= least})
    each = [[-column.height for column in shapes] for shapes in columns]  # growing
    found = []
    for height in _thinned(heights, kept):
        found.append(
            tuple(
                [shapes[bisect_left(h, -height)] for shapes, h in zip(columns, each, strict=True)]
            )
        )
    return found


def _best(ways: Sequence[_Sized], kept: int) -> list[_Sized]:
    """Keep what nothing else beats in both directions, from the narrowest on; of too many a fair choice."""
    best: list[_Sized] = []
    for way in sorted(ways, key=itemgetter(0, 1)):
        if not best or way.height < best[-1].height:
            best.append(way)
    return _thinned(best, kept)


def _thinned(values: list[_Value], kept: int) -> list[_Value]:
    """Return at most `kept` of the values, first and last among them."""
    if len(values) <= kept:
        return values
    return [values[round(n * (len(values) - 1) / (kept - 1))] for n in range(kept)]

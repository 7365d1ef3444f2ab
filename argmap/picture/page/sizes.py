"""All the sizes that a part of a map can take: for each width the least height, as Stockmeyer's shape functions.

L. Stockmeyer, "Optimal orientations of cells in slicing floorplan designs", Information and Control 57 (1983).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import chain, pairwise
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

_Split = tuple[tuple[int, int], ...]  # where each column begins and ends among the nodes
_Row = tuple[int, int, _Split, int]  # width, height with the gap above, columns, their height
# Width and height; on which card; whether beside it instead of below; the columns, and the height that they may have.
_Way = tuple[int, int, Card | None, bool, _Split, int]
_Sizes = tuple[list[int], list[int]]  # widths, and heights as negative numbers; both grow
_Value = TypeVar("_Value")
_Sized = TypeVar("_Sized", _Row, _Way)


class Front:
    """The sizes that a node can take with all that hangs below it: wider and lower from one to the next.

    Of the many ways to draw the parts of a map one is drawn in the end. So here a way is only noted, and what it looks
    like is worked out when it is asked for.
    """

    def __init__(
        self,
        nodes: Sequence[int],
        below: Sequence["Front"],
        ways: list[_Way],
        kept: int,
        gaps: tuple[int, int] = (BELOW, LANE),
    ) -> None:
        """Note ways to draw what has `nodes` below it, whose fronts these are, with `gaps` in and beside columns."""
        self.widths = [way[0] for way in ways]
        self.lows = [-way[1] for way in ways]  # heights, as numbers that grow
        self._nodes, self._below, self._ways = nodes, below, ways
        self._kept, self._gaps = kept, gaps
        self._shapes: dict[int, Shape] = {}

    def shape(self, place: int) -> "Shape":
        """Return the shape of one of the sizes."""
        if place not in self._shapes:
            self._shapes[place] = Shape(self, self._ways[place])
        return self._shapes[place]

    def shapes(self) -> list["Shape"]:
        """Return the shapes of all sizes."""
        return [self.shape(place) for place in range(len(self._ways))]

    def columns(self, split: _Split, most: int, aside: bool) -> tuple["Column", ...]:
        """Return columns of the nodes below, each as narrow as it can be in `most` points of height."""
        gap, lane = self._gaps
        found = []
        for begin, end in split:
            below = self._below[begin:end]
            room = 0 if aside else _room(end - begin, lane)
            widths, lows = _stack(below, gap, room, self._kept)
            place = bisect_left(lows, -most)
            within = widths[place] - room
            shapes = tuple([each.shape(bisect_right(each.widths, within) - 1) for each in below])
            nodes = tuple(self._nodes[begin:end])
            found.append(Column(widths[place], -lows[place], room, nodes, shapes))
        return tuple(found)


class Shape:
    """One way to draw a node with all that hangs below it, in `width` x `height` points.

    `card`: None for a junction. `aside`: the only column stands at the right of the card instead of below.
    """

    def __init__(self, front: Front, way: _Way) -> None:
        """Take a way of a front."""
        self.width, self.height, self.card, self.aside, self._split, self._most = way
        self._front = front

    @cached_property
    def columns(self) -> tuple["Column", ...]:
        """What hangs below, from left to right, each from top to bottom."""
        return self._front.columns(self._split, self._most, self.aside)


class Column(NamedTuple):
    """Shapes one below the other, with the nodes that they are shapes of; `lanes`: width kept at its left for lines."""

    width: int
    height: int
    lanes: int
    nodes: tuple[int, ...]
    shapes: tuple[Shape, ...]


def front(
    cards: Sequence[Card],
    nodes: Sequence[int],
    below: Sequence[Front],
    may_stand_aside: bool,
    kept: int,
) -> Front:
    """Return the sizes of a node from those of what hangs below it.

    cards: the same claim on cards of several widths, the narrowest first, each lower than the one before; none for a
    junction. kept: sizes, at most.
    """
    found: list[_Way]
    if not nodes:
        found = [(card.width, card.height, card, False, (), 0) for card in cards]
        return Front((), (), _thinned(found or [(BARE, BARE, None, False, (), 0)], kept), kept)
    rows = _rows(below, bool(cards), kept)
    if not cards:
        found = [(width, high, None, False, split, most) for width, high, split, most in rows]
        return Front(nodes, below, found, kept)
    found = []
    wide, row_widths = [card.width for card in cards], [row[0] for row in rows]
    for width in _widths([wide, row_widths], kept):
        card = cards[bisect_right(wide, width) - 1]
        _, height, split, most = rows[bisect_right(row_widths, width) - 1]
        found.append((width, card.height + height, card, False, split, most))
    if may_stand_aside:
        split = ((0, len(nodes)),)
        widths, lows = _stack(below, BELOW, 0, kept)
        card_lows = [-card.height for card in cards]
        for low in _lows([card_lows, lows], kept):
            card, place = cards[bisect_left(card_lows, low)], bisect_left(lows, low)
            found.append((card.width + ASIDE + widths[place], -low, card, True, split, -low))
    return Front(nodes, below, _best(found, kept), kept)


def _rows(below: Sequence[Front], channelled: bool, kept: int) -> list[_Row]:
    """Return the ways to set parts in columns, under a gap for lines or for a junction."""
    stacks: dict[tuple[int, int], _Sizes] = {}
    found: list[_Row] = []
    for count in _counts(len(below)):
        for split in _splits(below, count):
            for part in split:
                if part not in stacks:
                    begin, end = part
                    stacks[part] = _stack(below[begin:end], BELOW, _room(end - begin, LANE), kept)
            widths, lows = _beside([stacks[part] for part in split], BESIDE, kept)
            for width, low in zip(widths, lows, strict=True):
                gap = channel(width) if channelled else MEETING
                found.append((width, gap - low, split, -low))
    return _best(found, kept)


def packed(nodes: Sequence[int], fronts: Sequence[Front], kept: int) -> Front:
    """Return the ways to set parts that have nothing to do with each other on a page, each beside or below the others.

    Shapes without a card hold them, and in those such shapes again, whose node is TOGETHER.
    """
    heap = [
        (_area(each), place, node, each)
        for place, (node, each) in enumerate(zip(nodes, fronts, strict=True))
    ]
    heapify(heap)
    while len(heap) > 1:  # the smallest first, so that small parts fill the room beside large ones
        _, _, small, lesser = heappop(heap)
        _, place, large, greater = heappop(heap)
        both = _together((large, small), (greater, lesser), kept)
        heappush(heap, (_area(both), place, TOGETHER, both))
    _, _, node, only = heap[0]
    return only if node == TOGETHER else _together((node,), (only,), kept)


def _together(nodes: Sequence[int], fronts: Sequence[Front], kept: int) -> Front:
    found: list[_Way] = []
    row = tuple((place, place + 1) for place in range(len(nodes)))
    for split in dict.fromkeys([row, ((0, len(nodes)),)]):
        stacks = [_stack(fronts[begin:end], APART, 0, kept) for begin, end in split]
        widths, lows = _beside(stacks, APART, kept)
        found += [(w, -low, None, False, split, -low) for w, low in zip(widths, lows, strict=True)]
    return Front(nodes, fronts, _best(found, kept), kept, (APART, 0))


def _area(front: Front) -> int:
    return min([-width * low for width, low in zip(front.widths, front.lows, strict=True)])


def channel(width: float) -> int:
    """Return the height of the gap in which lines of columns so wide together bend."""
    return round(_CHANNEL + min(_MOST, _WIDER * width))


def _room(nodes: int, lane: int) -> int:
    """Return the width for the lines that run up along a column."""
    return lane * (nodes - 1) + 6 if lane and nodes > 1 else 0


def _counts(nodes: int) -> list[int]:
    """Return the numbers of columns to try."""
    return [n for n in (1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 45, 70, 100) if n < nodes] + [nodes]


def _splits(below: Sequence[Front], count: int) -> Iterable[_Split]:
    """Return ways to split parts, in their order, into columns of about the same height: where each begins and ends.

    The height of a part is that of its middle size, its narrowest or its widest.
    """
    if count == 1:
        return [((0, len(below)),)]
    if count == len(below):
        return [tuple([(place, place + 1) for place in range(count)])]
    lows = [(f.lows[len(f.lows) // 2], f.lows[0], f.lows[-1]) for f in below]
    return dict.fromkeys(_split([-low for low in each], count) for each in zip(*lows, strict=True))


def _split(heights: Sequence[int], count: int) -> _Split:
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


def _stack(below: Sequence[Front], gap: int, room: int, kept: int) -> _Sizes:
    """Set parts one below the other: for each width, each takes its lowest size that is no wider."""
    if len(below) == 1:
        return below[0].widths, below[0].lows
    widths = _widths([front.widths for front in below], kept)
    lows = [-gap * (len(below) - 1)] * len(widths)
    for front in below:
        each, own = front.widths, front.lows
        lows = [low + own[bisect_right(each, w) - 1] for low, w in zip(lows, widths, strict=True)]
    return ([width + room for width in widths] if room else widths), lows


def _beside(stacks: Sequence[_Sizes], gap: int, kept: int) -> _Sizes:
    """Set columns side by side: for each height, each takes its narrowest size that is no higher."""
    if len(stacks) == 1:
        return stacks[0]
    lows = _lows([own for _, own in stacks], kept)
    widths = [gap * (len(stacks) - 1)] * len(lows)
    for each, own in stacks:
        widths = [w + each[bisect_left(own, low)] for w, low in zip(widths, lows, strict=True)]
    return widths, lows


def _widths(each: Sequence[list[int]], kept: int) -> list[int]:
    """Return the widths in which all can be drawn."""
    least = max([widths[0] for widths in each])
    return _thinned([width for width in sorted({*chain(*each)}) if width >= least], kept)


def _lows(each: Sequence[list[int]], kept: int) -> list[int]:
    """Return the heights in which all can be drawn, as negative numbers."""
    most = min([lows[-1] for lows in each])
    return _thinned([low for low in sorted({*chain(*each)}) if low <= most], kept)


def _best(ways: Sequence[_Sized], kept: int) -> list[_Sized]:
    """Keep what nothing else beats in both directions, from the narrowest on; of too many a fair choice."""
    best: list[_Sized] = []
    for way in sorted(ways, key=itemgetter(0, 1)):
        if not best or way[1] < best[-1][1]:
            best.append(way)
    return _thinned(best, kept)


def _thinned(values: list[_Value], kept: int) -> list[_Value]:
    """Return at most `kept` of the values, first and last among them."""
    if len(values) <= kept:
        return values
    return [values[round(n * (len(values) - 1) / (kept - 1))] for n in range(kept)]

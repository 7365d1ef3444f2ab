"""Trees that have nothing to do with each other on one page: each beside or below its neighbours, in their order."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from argmap.picture.page.nodes import Node
from argmap.picture.page.sizes import Front, Way, _front, _lows, _widths, balanced, lowest

APART = 26  # between trees
STRETCHED = 60  # points that a tree may be wider than it needs, where there is room
STRIP, STRIP_HEAD, IN_STRIP = (
    8,
    18,
    8,
)  # around claims without relations, above them for the heading, and between
_FEW = 60  # trees, up to which neighbours are joined in every way
_COLUMNS = (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30)


class Strip(NamedTuple):
    """Claims without relations, which stand in columns on one ground; `ways`: width of the cards, and the columns."""

    nodes: list[Node]
    front: Front
    columns: dict[Way, list[tuple[int, int]]]


class Slice(NamedTuple):
    """A stretch of neighbours on a page: one tree, the strip, or two slices beside or below each other."""

    front: Front
    item: Node | Strip | None
    parts: tuple["Slice", "Slice"] | None = None


def strip(nodes: list[Node], kept: int) -> Strip:
    """Return the sizes that claims without relations take together."""
    found: list[tuple[int, int, Way]] = []
    columns: dict[Way, list[tuple[int, int]]] = {}
    widths = sorted({width for node in nodes for width, _ in node.sizes})
    least = max(node.sizes[0][0] for node in nodes)
    for width in [width for width in widths if width >= least]:
        heights = [lowest(node, width) + IN_STRIP for node in nodes]
        for count in _COLUMNS:
            if count > len(nodes):
                break
            split = balanced(heights, 0, len(nodes), count)
            high = max(sum(heights[begin:end]) for begin, end in split) - IN_STRIP
            way = ("strip", width, count)
            columns[way] = split
            wide = len(split) * (width + IN_STRIP) - IN_STRIP
            found.append((wide + 2 * STRIP, high + 2 * STRIP + STRIP_HEAD, way))
    return Strip(nodes, _front(found, kept), columns)


def packed(
    items: Sequence[Node | Strip], width: float, height: float, kept: int
) -> tuple[Slice, int]:
    """Return the best way to set trees on a page, in their order, and the place of its best size."""
    slices = [Slice(item.front, item) for item in items]
    best: list[tuple[tuple[float, float], Slice, int]] = []
    for joined in _ways(slices, kept):
        for place, (wide, low) in enumerate(
            zip(joined.front.widths, joined.front.lows, strict=True)
        ):
            share = max(wide / width, -low / height)
            score = min(1.0, 1 / share), -share
            if not best or score > best[0][0]:
                best = [(score, joined, place)]
    ((_, joined, place),) = best
    return joined, place


def _ways(slices: list[Slice], kept: int) -> list[Slice]:
    if len(slices) <= 2:
        return [_smallest_first(slices, kept)]
    found = [_halves(slices, kept)]
    if len(slices) <= _FEW:
        found += [_smallest_first(slices, kept), _smallest_first(slices, kept, max)]
    areas = [_area(each) for each in slices]
    for count in (2, 3, 4, 5, 6):
        if count < len(slices):
            join = _smallest_first if len(slices) <= _FEW else _halves
            columns = [
                join(slices[begin:end], kept)
                for begin, end in balanced(areas, 0, len(slices), count)
            ]
            found.append(_left_to_right(columns, kept))
    return found


def _smallest_first(
    slices: Sequence[Slice], kept: int, of: Callable[[int, int], int] = lambda a, b: a + b
) -> Slice:
    """Join neighbours, those first that take the least room."""
    found = list(slices)
    areas = [_area(each) for each in found]
    while len(found) > 1:
        place = min(
            range(len(found) - 1),
            key=lambda n: (of(areas[n], areas[n + 1]), areas[n] + areas[n + 1]),
        )
        found[place : place + 2] = [_joined(found[place], found[place + 1], kept)]
        areas[place : place + 2] = [_area(found[place])]
    return found[0]


def _left_to_right(slices: Sequence[Slice], kept: int) -> Slice:
    found = slices[0]
    for each in slices[1:]:
        found = _joined(found, each, kept)
    return found


def _halves(slices: Sequence[Slice], kept: int) -> Slice:
    """Join two halves of about the same area, each made in the same way."""
    if len(slices) == 1:
        return slices[0]
    areas = [_area(each) for each in slices]
    half, total, cut = sum(areas) / 2, 0.0, 1
    for place, area in enumerate(areas[:-1], 1):
        if abs(total + area - half) <= abs(total - half):
            cut = place
        total += area
    return _joined(_halves(slices[:cut], kept), _halves(slices[cut:], kept), kept)


def _joined(one: Slice, other: Slice, kept: int) -> Slice:
    a, b = one.front, other.front
    found: list[tuple[int, int, Way]] = []
    for low in _lows([a.lows, b.lows], kept):
        i, j = bisect_left(a.lows, low), bisect_left(b.lows, low)
        high = -min(a.lows[i], b.lows[j])
        found.append((a.widths[i] + APART + b.widths[j], high, ("beside", i, j)))
    for width in _widths([a.widths, b.widths], kept):
        i, j = bisect_right(a.widths, width) - 1, bisect_right(b.widths, width) - 1
        wide = max(a.widths[i], b.widths[j])
        found.append((wide, APART - a.lows[i] - b.lows[j], ("below", i, j)))
    return Slice(_front(found, kept), None, (one, other))


def _area(slice: Slice) -> int:
    front = slice.front
    return min([-width * low for width, low in zip(front.widths, front.lows, strict=True)])

"""Names of schemes beside their arrows, where there is room for them."""

from collections import defaultdict
from collections.abc import Iterator

from argmap.picture import text
from argmap.picture.cards import Block
from argmap.picture.curves import along
from argmap.picture.layout import Layout, Point, Route
from argmap.picture.reading import scheme_of
from argmap.picture.theme import STYLES

CLAIMS = 250  # a picture of more is too small on a page for names of schemes
_STYLE = STYLES["scheme"]
_WIDEST = 110  # points
_BESIDE = 4  # points between a line and a name
_APART = 7  # points between a name and the lines of others
_CELL = 4.0  # points; how exactly a name keeps away from lines
_LEFT = 100  # columns for lines that run left of all cards


# Ground in use, in cells: by row, a bit for each column.
_Ground = defaultdict[int, int]
_Box = tuple[float, float, float, float]  # x, y, width and height


def places_of_schemes(layout: Layout) -> dict[str, Block]:
    """Return the names of schemes to be shown, by relation: beside its arrow, over no card, line or other name."""
    arrows = [route for route in layout.routes if route.link.arrow and route.link.relation.scheme]
    if not arrows or len(layout.cards) > CLAIMS:
        return {}
    lines: dict[str, _Ground] = defaultdict(_ground)  # by relation
    for route in layout.routes:
        own = lines[route.link.relation.id]
        for x, y in along(route.points, _CELL):
            own[int(y // _CELL)] |= 1 << _column(x)
    every, several = _ground(), _ground()  # cells with lines, and with those of several relations
    for own in lines.values():
        for row, columns in own.items():
            several[row] |= every[row] & columns
            every[row] |= columns
    taken = _ground()
    for junction in layout.junctions:
        _take(taken, (junction.x - 4, junction.y - 4, 8, 8))
    for x, y, card in ((placed.x, placed.y, placed.card) for placed in layout.cards):
        _take(taken, (x - 3, y - 3, card.width + 6, card.height + 6))
    found: dict[str, Block] = {}
    high = _STYLE.leading
    for route in arrows:
        id = route.link.relation.id
        own = lines[id]
        words, wide = text.shorten(scheme_of(route.link.relation), _WIDEST, _STYLE)
        for x, y in _corners(route, wide):
            if not (0 <= x <= layout.width - wide and 0 <= y <= layout.height - high):
                continue
            rows, columns = _cells((x - 1, y, wide + 2, high))
            if any((taken.get(row, 0) | every.get(row, 0)) & columns for row in rows):
                continue
            around = x - _APART, y - _APART, wide + 2 * _APART, high + 2 * _APART
            rows, columns = _cells(around)
            if not any(
                (several.get(row, 0) | every.get(row, 0) & ~own.get(row, 0)) & columns
                for row in rows
            ):
                _take(taken, around)
                leftwards = text.runs_leftwards(words)
                start = round(x + wide) if leftwards else round(x)
                line = [(words, wide)]
                found[id] = Block("scheme", start, round(y) + _STYLE.baseline, 0, line, leftwards)
                break
    return found


def _corners(route: Route, wide: float) -> Iterator[Point]:
    """Yield the top left corners that a name may have, the best first: beside the middle of the arrow, or over it."""
    points = list(along(route.points, _CELL))
    high = _STYLE.leading
    for place in sorted(range(len(points)), key=lambda place: abs(place - len(points) // 2)):
        x, y = points[place]
        yield x + _BESIDE, y - high / 2
        yield x - _BESIDE - wide, y - high / 2
        yield x - wide / 2, y - _BESIDE - high
        yield x - wide / 2, y + _BESIDE


def _ground() -> _Ground:
    return defaultdict(int)


def _take(ground: _Ground, box: _Box) -> None:
    rows, columns = _cells(box)
    for row in rows:
        ground[row] |= columns


def _cells(box: _Box) -> tuple[range, int]:
    """Return the rows and the columns of the cells that a box touches."""
    x, y, wide, high = box
    left, right = _column(x), _column(x + wide)
    rows = range(int(y // _CELL), int((y + high) // _CELL) + 1)
    return rows, (1 << right + 1) - (1 << left)


def _column(x: float) -> int:
    """Return the column of an x; what lies far to the left of the picture counts as its edge."""
    return max(0, int(x // _CELL) + _LEFT)

"""Names of schemes beside their arrows, where there is room for them."""

from collections.abc import Iterator

from argmap.picture import text
from argmap.picture.cards import Block
from argmap.picture.layout import Layout, Point, Route
from argmap.picture.reading import scheme_of
from argmap.picture.theme import STYLES

CLAIMS = 250  # a picture of more is too small on a page for names of schemes
_STYLE = STYLES["scheme"]
_WIDEST = 110  # points
_BESIDE = 4  # points between a line and a name
_APART = 7  # points between a name and the lines of others
_CELL = 4.0  # points; how exactly a name keeps away from lines


_Cell = tuple[int, int]


def places_of_schemes(layout: Layout) -> dict[str, Block]:
    """Return the names of schemes to be shown, by relation: beside its arrow, over no card, line or other name."""
    arrows = [route for route in layout.routes if route.link.arrow and route.link.relation.scheme]
    if not arrows or len(layout.cards) > CLAIMS:
        return {}
    lines: dict[_Cell, str] = {}  # the relation whose lines run there, "" for several
    for route in layout.routes:
        id = route.link.relation.id
        for point in _along(route):
            cell = _cell(point)
            lines[cell] = id if lines.get(cell, id) == id else ""
    taken: set[_Cell] = set()
    for junction in layout.junctions:
        taken.update(_cells(junction.x - 4, junction.y - 4, 8, 8))
    for x, y, card in ((placed.x, placed.y, placed.card) for placed in layout.cards):
        taken.update(_cells(x - 3, y - 3, card.width + 6, card.height + 6))
    found: dict[str, Block] = {}
    high = _STYLE.leading
    for route in arrows:
        id = route.link.relation.id
        words, wide = text.shorten(scheme_of(route.link.relation), _WIDEST, _STYLE)
        for x, y in _corners(route, wide):
            if not (0 <= x <= layout.width - wide and 0 <= y <= layout.height - high):
                continue
            place = _cells(x - 1, y, wide + 2, high)
            if not taken.isdisjoint(place) or any(cell in lines for cell in place):
                continue
            around = _cells(x - _APART, y - _APART, wide + 2 * _APART, high + 2 * _APART)
            if all(lines.get(cell, id) == id for cell in around):
                taken.update(around)
                leftwards = text.runs_leftwards(words)
                start = round(x + wide) if leftwards else round(x)
                line = [(words, wide)]
                found[id] = Block("scheme", start, round(y) + _STYLE.baseline, 0, line, leftwards)
                break
    return found


def _corners(route: Route, wide: float) -> Iterator[Point]:
    """Yield the top left corners that a name may have, the best first: beside the middle of the arrow, or over it."""
    points = list(_along(route))
    high = _STYLE.leading
    for place in sorted(range(len(points)), key=lambda place: abs(place - len(points) // 2)):
        x, y = points[place]
        yield x + _BESIDE, y - high / 2
        yield x - _BESIDE - wide, y - high / 2
        yield x - wide / 2, y - _BESIDE - high
        yield x - wide / 2, y + _BESIDE


def _along(route: Route) -> Iterator[Point]:
    """Yield points of a line, no further apart than a cell."""
    points = route.points
    for place in range(0, len(points) - 1, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[place : place + 4]
        length = (
            abs(bx - ax) + abs(by - ay) + abs(cx - bx) + abs(cy - by) + abs(dx - cx) + abs(dy - cy)
        )
        steps = int(length / _CELL) + 1
        for step in range(steps + 1):
            t = step / steps
            s = 1 - t
            a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
            yield a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy


def _cell(point: Point) -> _Cell:
    return int(point[0] // _CELL), int(point[1] // _CELL)


def _cells(x: float, y: float, wide: float, high: float) -> set[_Cell]:
    right, bottom = _cell((x + wide, y + high))
    left, top = _cell((x, y))
    return {(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)}

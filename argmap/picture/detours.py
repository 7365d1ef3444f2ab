"""Lines between any two places of a finished arrangement: around all cards, with few corners, off other lines."""

from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, floor

from argmap.picture.layout import Point
from argmap.picture.paths import straight, turn

CELL = 7  # side of a cell in points
_CLEAR = 2.5  # points that a line keeps from cards
_AWAY = 9  # points from a card within which a cell costs double
_MARGIN = 3  # cells around the picture
_BEND = 5  # what a corner costs, in cells
_ALONG = 4  # what a cell costs in which another line runs the same way
_HASTE = 2  # above 1: a good way soon instead of the best one late
_EFFORT = 12_000  # cells looked at for one line, at most
_ALL_EFFORT = 80_000  # and for all lines of a picture

Box = tuple[float, float, float, float]  # left, top, right, bottom
UP, RIGHT, DOWN, LEFT = range(4)  # directions; odd ones are level
_STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))
_TURNS = tuple((way, (way + 1) % 4, (way + 3) % 4) for way in range(4))

# What a cell costs once another line runs through it the same way; a second one changes nothing.
_WITH_A_LINE = bytes([0, 1 + _ALONG, 2 + _ALONG, *range(3, 256)])


class Plan:
    """A picture as cells: what each costs a line that runs through it upright or level; nothing goes where it is 0."""

    def __init__(self, boxes: Iterable[Box], width: float, height: float) -> None:
        self.columns = int(width / CELL) + 1 + 2 * _MARGIN
        self.rows = int(height / CELL) + 1 + 2 * _MARGIN
        self.effort = _ALL_EFFORT
        cells = bytearray(b"\1" * (self.columns * self.rows))
        for around, price in ((_AWAY, b"\2"), (_CLEAR, b"\0")):
            for box in boxes:
                self._fill(cells, box, around, price)
        for row in range(self.rows):
            cells[row * self.columns] = cells[(row + 1) * self.columns - 1] = 0
        cells[: self.columns] = cells[-self.columns :] = bytes(self.columns)
        self.prices = (cells, bytearray(cells))

    def _fill(self, cells: bytearray, box: Box, around: float, price: bytes) -> None:
        left, top, right, bottom = box
        first = ceil((left - around) / CELL) + _MARGIN
        wide = floor((right + around) / CELL) + _MARGIN + 1 - first
        for row in range(ceil((top - around) / CELL), floor((bottom + around) / CELL) + 1):
            start = (row + _MARGIN) * self.columns + first
            cells[start : start + wide] = price * wide

    def mark(self, points: tuple[Point, ...]) -> None:
        """Remember that a line runs through these points of cubic curves."""
        for (x, y), (end_x, end_y) in zip(points[::3], points[3::3], strict=False):
            level = abs(end_x - x) > abs(end_y - y)
            if level:  # a curve counts as the straight line that most of it follows
                y = end_y = (y + end_y) / 2
            else:
                x = end_x = (x + end_x) / 2
            first, last = sorted((self._place(x, y), self._place(end_x, end_y)))
            cells = slice(first, last + 1, 1 if level else self.columns)
            prices = self.prices[level]
            prices[cells] = prices[cells].translate(_WITH_A_LINE)

    def route(
        self, starts: list[tuple[Point, int]], ends: list[tuple[Point, int]]
    ) -> list[Point] | None:
        """Return the points of a line from one of some places to another, each with the direction of the line there.

        None where there is no way, or finding one takes too long.
        """
        goals = {self._place(*_ahead(point, way, -1)): (point, way) for point, way in ends}
        across = _distances(self.columns, [place % self.columns for place in goals])
        down = _distances(self.rows, [place // self.columns for place in goals])
        moves = [dx + dy * self.columns for dx, dy in _STEPS]
        prices = self.prices * 2
        # A state is four times the cell, and the direction; on the heap it stands below its cost.
        heap: list[tuple[int, int]] = []
        came: dict[int, int] = {}
        costs: dict[int, int] = {}
        begun: dict[int, Point] = {}
        for point, way in starts:
            place = self._place(*_ahead(point, way, 1))
            if prices[0][place]:
                begun[place] = point
                costs[place * 4 + way] = 0
                heappush(heap, (0, place * 4 + way))
        for _ in range(min(_EFFORT, self.effort)):
            if not heap:
                return None
            self.effort -= 1
            _, state = heappop(heap)
            place, way = state >> 2, state & 3
            if place in goals and goals[place][1] != (way + 2) % 4:
                return self._points(came, state, begun, *goals[place])
            cost = costs[state]
            for turned in _TURNS[way]:
                following = place + moves[turned]
                price = prices[turned][following]
                if not price:
                    continue
                spent = cost + price + (0 if turned == way else _BEND)
                reached = following << 2 | turned
                if reached not in costs or spent < costs[reached]:
                    costs[reached] = spent
                    came[reached] = state
                    row, column = divmod(following, self.columns)
                    heappush(heap, (spent + across[column] + down[row], reached))
        return None

    def _points(
        self,
        came: dict[int, int],
        last: int,
        begun: dict[int, Point],
        end: Point,
        inwards: int,
    ) -> list[Point]:
        states = [last]
        while states[-1] in came:
            states.append(came[states[-1]])
        steps = [(state >> 2, state & 3) for state in reversed(states)]
        corners: list[Point] = [begun[steps[0][0]]]
        for (place, way), (_, next_way) in pairwise(steps):
            if way != next_way:
                corners.append(self._centre(place))
        if steps[-1][1] != inwards:
            corners.append(self._centre(steps[-1][0]))
        corners.append(end)
        _straighten(corners, steps[0][1], inwards)
        points = [corners[0]]
        for place in range(1, len(corners) - 1):
            (x, y), (next_x, next_y) = corners[place], corners[place + 1]
            halfway = (
                ((x + next_x) / 2, (y + next_y) / 2) if place < len(corners) - 2 else corners[-1]
            )
            turn(points, (x, y), halfway)
        straight(points, corners[-1])
        return points

    def _place(self, x: float, y: float) -> int:
        column = min(self.columns - 2, max(1, _cell(x)))
        row = min(self.rows - 2, max(1, _cell(y)))
        return column + row * self.columns

    def _centre(self, place: int) -> Point:
        return (place % self.columns - _MARGIN) * CELL, (place // self.columns - _MARGIN) * CELL


def _distances(count: int, goals: list[int]) -> list[int]:
    """Return for each row or column how far it is from the goals, as the search counts it."""
    first, last = min(goals), max(goals)
    up = range(_HASTE * first, 0, -_HASTE)
    return [*up, *[0] * (last - first), *range(0, _HASTE * (count - last), _HASTE)]


def _cell(length: float) -> int:
    return round(length / CELL) + _MARGIN


def _ahead(point: Point, way: int, sign: int) -> Point:
    dx, dy = _STEPS[way]
    return point[0] + dx * sign * (CELL + _CLEAR), point[1] + dy * sign * (CELL + _CLEAR)


def _straighten(corners: list[Point], first: int, last: int) -> None:
    """Move the corners next to the ends so that the first and the last stretch are level or upright."""
    if len(corners) == 2:
        (x, y), (end_x, end_y) = corners
        if first % 2 == 0 and abs(x - end_x) > 0.05:  # upright, but not quite above each other
            corners[1:1] = [(x, (y + end_y) / 2), (end_x, (y + end_y) / 2)]
        elif first % 2 == 1 and abs(y - end_y) > 0.05:
            corners[1:1] = [((x + end_x) / 2, y), ((x + end_x) / 2, end_y)]
        return
    if len(corners) == 3:
        (x, y), _, (end_x, end_y) = corners
        corners[1] = (x, end_y) if first % 2 == 0 else (end_x, y)
        return
    (x, y), (next_x, next_y) = corners[0], corners[1]
    corners[1] = (x, next_y) if first % 2 == 0 else (next_x, y)
    (x, y), (next_x, next_y) = corners[-1], corners[-2]
    corners[-2] = (x, next_y) if last % 2 == 0 else (next_x, y)

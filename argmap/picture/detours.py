"""Lines between any two places of a finished arrangement: around all cards, with few corners, off other lines."""

from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, floor

from argmap.picture.layout import Point
from argmap.picture.paths import straight, turn

CELL = 7  # side of a cell in points
_CLEAR = 3  # points that a line keeps from cards
_AWAY = 9  # points from a card within which a cell costs double
_MARGIN = 3  # cells around the picture
_BEND = 5  # what a corner costs, in cells
_ALONG = 4  # what a cell costs in which another line runs the same way
_HASTE = 2  # above 1: a good way soon instead of the best one late
_EFFORT = 12_000  # cells looked at for one line, at most
_ALL_EFFORT = 100_000  # and for all lines of a picture

Box = tuple[float, float, float, float]  # left, top, right, bottom
_STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # up, right, down, left: a direction is a place in here
UP, RIGHT, DOWN, LEFT = range(4)


class Plan:
    """A picture as cells: which of them a card takes, and in which a line runs level or upright."""

    def __init__(self, boxes: Iterable[Box], width: float, height: float) -> None:
        self.columns = int(width / CELL) + 1 + 2 * _MARGIN
        self.rows = int(height / CELL) + 1 + 2 * _MARGIN
        self.taken = bytearray(self.columns * self.rows)
        self.used = (bytearray(len(self.taken)), bytearray(len(self.taken)))  # upright, level
        self.effort = _ALL_EFFORT
        self.near = bytearray(len(self.taken))
        for box in boxes:
            self._fill(self.near, box, _AWAY)
            self._fill(self.taken, box, _CLEAR)
        for row in range(self.rows):
            self.taken[row * self.columns] = self.taken[(row + 1) * self.columns - 1] = 1
        self.taken[: self.columns] = self.taken[-self.columns :] = b"\1" * self.columns

    def _fill(self, cells: bytearray, box: Box, around: int) -> None:
        left, top, right, bottom = box
        first, last = (
            ceil((left - around) / CELL) + _MARGIN,
            floor((right + around) / CELL) + _MARGIN,
        )
        for row in range(ceil((top - around) / CELL), floor((bottom + around) / CELL) + 1):
            start = (row + _MARGIN) * self.columns
            cells[start + first : start + last + 1] = b"\1" * (last + 1 - first)

    def mark(self, points: tuple[Point, ...]) -> None:
        """Remember that a line runs through these points of cubic curves."""
        for (x, y), (end_x, end_y) in zip(points[::3], points[3::3], strict=False):
            steps = int(max(abs(end_x - x), abs(end_y - y)) / CELL) + 1
            level = abs(end_x - x) > abs(end_y - y)
            for step in range(steps + 1):
                place = self._place(x + (end_x - x) * step / steps, y + (end_y - y) * step / steps)
                self.used[level][place] = 1

    def route(
        self, starts: list[tuple[Point, int]], ends: list[tuple[Point, int]]
    ) -> list[Point] | None:
        """Return the points of a line from one of some places to another, each with the direction of the line there.

        None where there is no way, or finding one takes too long.
        """
        goals = {self._place(*_ahead(point, way, -1)): (point, way) for point, way in ends}
        across = [place % self.columns for place in goals]
        down = [place // self.columns for place in goals]
        left, right, top, bottom = min(across), max(across), min(down), max(down)
        heap: list[tuple[int, int, int]] = []
        came: dict[tuple[int, int], tuple[int, int] | None] = {}
        cost: dict[tuple[int, int], int] = {}
        begun: dict[int, Point] = {}
        for point, way in starts:
            place = self._place(*_ahead(point, way, 1))
            if not self.taken[place]:
                begun[place] = point
                cost[place, way] = 0
                came[place, way] = None
                heappush(heap, (0, place, way))
        for _ in range(min(_EFFORT, self.effort)):
            if not heap:
                return None
            self.effort -= 1
            _, place, way = heappop(heap)
            if place in goals and goals[place][1] != (way + 2) % 4:
                return self._points(came, (place, way), begun, *goals[place])
            for turned in (way, (way + 1) % 4, (way + 3) % 4):
                dx, dy = _STEPS[turned]
                following = place + dx + dy * self.columns
                if self.taken[following]:
                    continue
                spent = cost[place, way] + 1 + _BEND * (turned != way)
                spent += _ALONG * self.used[turned % 2][following] + self.near[following]
                if spent < cost.get((following, turned), 1 << 30):
                    cost[following, turned] = spent
                    came[following, turned] = (place, way)
                    row, column = divmod(following, self.columns)
                    away = max(left - column, 0, column - right) + max(top - row, 0, row - bottom)
                    heappush(heap, (spent + _HASTE * away, following, turned))
        return None

    def _points(
        self,
        came: dict[tuple[int, int], tuple[int, int] | None],
        last: tuple[int, int],
        begun: dict[int, Point],
        end: Point,
        inwards: int,
    ) -> list[Point]:
        steps: list[tuple[int, int]] = []
        step: tuple[int, int] | None = last
        while step is not None:
            steps.append(step)
            step = came[step]
        steps.reverse()
        start = begun[steps[0][0]]
        corners: list[Point] = [start]
        for (place, way), (_, next_way) in pairwise(steps):
            if way != next_way:
                corners.append(self._centre(place))
        if last[1] != inwards:
            corners.append(self._centre(last[0]))
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

"""Lines between any two places of a finished arrangement: around all cards, with few corners, off other lines."""

from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from argmap.picture.curves import along, straight, turn
from argmap.picture.layout import Point

CELL = 5  # side of a cell in points, and so the least between two lines side by side
_CLEAR = 2.5  # points that a line keeps from cards
FREE = 7  # points around a junction that lines of others keep off
_BESIDE = 2.9  # points from a line that is in no row of cells within which a cell is taken too
_PIECES = 8  # straight ones that a curve counts as, at most
_MARGIN = 4  # cells around the picture
_BEND = 6  # what a corner costs, in cells
_CROSS = 4  # what a cell costs in which another line runs across
_ALONG = 16  # and one in which another line runs the same way
# How much more what is left of a way counts than what is behind: with patience for a good way, or in haste for any.
_PATIENCE, _HASTE = 1.5, 6
_PATIENT = 100_000  # cells of a picture, up to which there is patience
_EFFORT = 30_000  # cells looked at for one line, at most
_ALL_EFFORT = 70_000  # and for all lines of a picture

Box = tuple[float, float, float, float]  # left, top, right, bottom
UP, RIGHT, DOWN, LEFT = range(4)  # directions; odd ones are level
_STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))
_TURNS = tuple((way, (way + 1) % 4, (way + 3) % 4) for way in range(4))

# What a cell costs once a line runs across it, or along it; a second one changes nothing.
_CROSSED = bytes([p + _CROSS if 0 < p % _ALONG < _CROSS else p for p in range(256)])
_TAKEN = bytes([p + _ALONG if 0 < p < _ALONG else p for p in range(256)])


class Exit(NamedTuple):
    """Where a line can leave a card or junction, in which direction, and from where on it may turn, in points."""

    point: Point
    way: int
    straight: float = _CLEAR


class Plan:
    """A picture as cells: what each costs a line that runs through it upright or level; nothing goes where it is 0."""

    def __init__(
        self, boxes: Iterable[Box], junctions: Iterable[Point], width: float, height: float
    ) -> None:
        self.columns = int(width / CELL) + 1 + 2 * _MARGIN
        self.rows = int(height / CELL) + 1 + 2 * _MARGIN
        self.effort = _ALL_EFFORT
        cells = bytearray(b"\1" * (self.columns * self.rows))
        for box in boxes:
            self._block(cells, box, _CLEAR)
        for x, y in junctions:
            self._block(cells, (x, y, x, y), FREE - 0.1)
        for row in range(self.rows):
            cells[row * self.columns] = cells[(row + 1) * self.columns - 1] = 0
        cells[: self.columns] = cells[-self.columns :] = bytes(self.columns)
        self.prices = (cells, bytearray(cells))

    def _block(self, cells: bytearray, box: Box, around: float) -> None:
        left, top, right, bottom = box
        first = ceil((left - around) / CELL) + _MARGIN
        wide = floor((right + around) / CELL) + _MARGIN + 1 - first
        for row in range(ceil((top - around) / CELL), floor((bottom + around) / CELL) + 1):
            start = (row + _MARGIN) * self.columns + first
            cells[start : start + wide] = bytes(wide)

    def mark(self, points: tuple[Point, ...]) -> None:
        """Remember that a line runs through these points of cubic curves."""
        for place in range(0, len(points) - 1, 3):
            piece = points[place : place + 4]
            (x, y), (end_x, end_y) = piece[0], piece[3]
            if y == end_y == piece[1][1] == piece[2][1] or x == end_x == piece[1][0] == piece[2][0]:
                self.take(x, y, end_x, end_y)
                continue
            long = abs(end_x - x) + abs(end_y - y)
            for (x, y), (end_x, end_y) in pairwise(along(piece, max(2 * CELL, long / _PIECES))):
                run, rise = abs(end_x - x), abs(end_y - y)
                if run > rise / 2:
                    self.take(x, (y + end_y) / 2, end_x, (y + end_y) / 2)
                if rise > run / 2:
                    self.take((x + end_x) / 2, y, (x + end_x) / 2, end_y)

    def take(self, x: float, y: float, end_x: float, end_y: float) -> None:
        """Remember that a line runs level or upright from one point to another."""
        level = y == end_y
        at, begin, end = (y, x, end_x) if level else (x, y, end_y)
        count, step, across = (
            (self.columns, 1, self.columns) if level else (self.rows, self.columns, 1)
        )
        first, last = sorted((_cell(begin, count), _cell(end, count)))
        along, crossed = self.prices[level], self.prices[not level]
        for lane in range(ceil((at - _BESIDE) / CELL), floor((at + _BESIDE) / CELL) + 1):
            start = (lane + _MARGIN) * across
            cells = slice(start + first * step, start + last * step + 1, step)
            along[cells] = along[cells].translate(_TAKEN)
            crossed[cells] = crossed[cells].translate(_CROSSED)

    def route(self, starts: list[Exit], ends: list[Exit]) -> list[Point] | None:
        """Return the points of a line from one of some places to another.

        None where there is no way, or finding one takes too long.
        """
        points = None
        if self.columns * self.rows <= _PATIENT:
            points = self._search(starts, ends, _PATIENCE)
        return points or self._search(starts, ends, _HASTE)

    def _search(self, starts: list[Exit], ends: list[Exit], haste: float) -> list[Point] | None:
        goals = {self._before(exit): (exit.point, (exit.way + 2) % 4) for exit in ends}
        across = _distances(self.columns, [place % self.columns for place in goals], haste)
        down = _distances(self.rows, [place // self.columns for place in goals], haste)
        moves = [dx + dy * self.columns for dx, dy in _STEPS]
        turns = [
            [(way, moves[way], self.prices[way % 2], _BEND * (way != ways[0])) for way in ways]
            for ways in _TURNS
        ]
        # A state is four times the cell, and the direction; on the heap it stands below its cost.
        heap: list[tuple[float, int]] = []
        came: dict[int, int] = {}
        costs: dict[int, int] = {}
        begun: dict[int, Point] = {}
        for exit in starts:
            place = self._ahead(exit)
            if self.prices[0][place]:
                begun[place] = exit.point
                costs[place * 4 + exit.way] = 0
                row, column = divmod(place, self.columns)
                heappush(heap, (across[column] + down[row], place * 4 + exit.way))
        for _ in range(min(_EFFORT, self.effort)):
            if not heap:
                return None
            self.effort -= 1
            _, state = heappop(heap)
            place, way = state >> 2, state & 3
            cost = costs[state]
            if place in goals and goals[place][1] != (way + 2) % 4:
                return self._points(came, state, begun, *goals[place])
            for turned, move, prices, bend in turns[way]:
                following = place + move
                price = prices[following]
                if not price:
                    continue
                spent = cost + price + bend
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

    def _ahead(self, exit: Exit) -> int:
        """Return the first cell in which a line may turn that leaves by an exit."""
        (x, y), (dx, dy) = exit.point, _STEPS[exit.way]
        onwards = floor if dx + dy < 0 else ceil
        x, y = (x + dx * exit.straight) / CELL, (y + dy * exit.straight) / CELL
        return self._place(CELL * (onwards(x) if dx else x), CELL * (onwards(y) if dy else y))

    def _before(self, exit: Exit) -> int:
        """Return the last cell in which a line may turn that arrives by an exit: where there is room, off its head."""
        dx, dy = _STEPS[exit.way]
        near = self._ahead(exit)
        far = near + dx + dy * self.columns
        return far if self.prices[exit.way % 2][far] else near

    def _place(self, x: float, y: float) -> int:
        return _cell(x, self.columns) + _cell(y, self.rows) * self.columns

    def _centre(self, place: int) -> Point:
        return (place % self.columns - _MARGIN) * CELL, (place // self.columns - _MARGIN) * CELL


def _distances(count: int, goals: list[int], haste: float) -> list[float]:
    """Return for each row or column how far it is from the goals, as a search in such haste counts it."""
    first, last = min(goals), max(goals)
    return [haste * max(first - place, 0, place - last) for place in range(count)]


def _cell(length: float, count: int) -> int:
    """Return the row or column, of that many, in which a line may run."""
    return min(count - 2, max(1, round(length / CELL) + _MARGIN))


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

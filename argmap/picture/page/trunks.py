"""Lines that go the same way drawn as one: each ends where it first meets what is drawn of its family and kind.

Dashes of two lines on top of each other would fill each other's gaps. All stretches run level or upright, so that
meeting places are exact.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from argmap.model import Relation
from argmap.picture.curves import straight, turn
from argmap.picture.layout import Point

_ROUND = 5  # radius of corners
# Level and upright stretches by what is the same all along them, the y or the x: from where to where.
_Stretches = defaultdict[float, list[tuple[float, float]]]


class Line(NamedTuple):
    """The line of a relation through its corners, from and to the card of a number, or -1 where none has its end.

    Lines of one `family` are drawn together.
    """

    points: list[Point]
    relation: Relation
    start: int
    end: int
    family: tuple[object, ...]


class Drawn(NamedTuple):
    """A line, what of it is drawn, and whether it reaches its target itself and so has a head."""

    line: Line
    seen: list[Point]
    whole: bool


def merged(lines: Sequence[Line]) -> list[Drawn]:
    """Return what is drawn of each line, in their order."""
    families: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        families[line.family].append(place)
    found: dict[int, Drawn] = {}
    for members in families.values():
        taken = _stretches(), _stretches()
        for place in sorted(members, key=lambda n: (-_length(lines[n].points), n)):
            line = lines[place]
            seen, met = _until_met(line.points, taken)
            found[place] = Drawn(line, seen, not met)
            for one, other in pairwise(seen):
                along = int(one[0] == other[0])
                low, high = sorted((one[along], other[along]))
                taken[along][one[1 - along]].append((low, high))
    return [found[place] for place in range(len(lines))]


def _stretches() -> _Stretches:
    return defaultdict(list)


def _until_met(
    points: Sequence[Point], taken: tuple[_Stretches, _Stretches]
) -> tuple[list[Point], bool]:
    """Return a line up to where it first meets what is drawn, level or upright, and whether it does."""
    seen = [points[0]]
    for one, other in pairwise(points):
        along = int(one[0] == other[0])
        at, start, end = one[1 - along], one[along], other[along]
        low, high = min(start, end), max(start, end)
        met = [
            max(low, first) if end > start else min(high, last)
            for first, last in taken[along].get(at, ())
            if max(low, first) <= min(high, last)
        ]
        met += [
            place
            for place, spans in taken[1 - along].items()
            if low <= place <= high and any(first <= at <= last for first, last in spans)
        ]
        if met:
            nearest = min(met, key=lambda place: abs(place - start))
            meeting = (at, nearest) if along else (nearest, at)
            return ([*seen, meeting] if meeting != seen[-1] else seen), True
        seen.append(other)
    return seen, False


def _length(points: Sequence[Point]) -> float:
    return sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(points))


def rounded(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a line through corners as cubic curves, with its corners rounded."""
    found = [points[0]]
    for place in range(1, len(points) - 1):
        (x, y), (after_x, after_y) = points[place], points[place + 1]
        last = place == len(points) - 2
        goal = (after_x, after_y) if last else ((x + after_x) / 2, (y + after_y) / 2)
        turn(found, (x, y), goal, _ROUND)
    straight(found, points[-1])
    return tuple(found)

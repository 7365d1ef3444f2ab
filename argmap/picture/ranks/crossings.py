"""Where long lines cross the ranks between their ends: in gaps between cards, side by side, with few turns."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from argmap.picture.dot import Graph
from argmap.picture.ranks.parts import Part, Rank

_CLEARANCE = 16.0  # points between a line and a card that it passes, in a wide gap
_CLEAR_SHARE = 0.4  # of a narrow gap
_APART = 10.0  # points between lines in one gap, where there is room
_BESIDE = (
    30.0  # points on either side of a part that count as a gap; its lines keep within the margin
)
_BETWEEN = 22  # points between neighbours of one rank, about
_RESERVED = 2 * _BETWEEN  # what Graphviz adds to a gap for each line
_TRIED = 5  # gaps on either side of the nearest
_KEPT = 6  # ways that are followed to the next rank
# Points of detour that a line takes rather than ...
_CROWDED = 60.0  # ... a gap with no room kept for it
_CROSSED = 150.0  # ... another line

Crossing = tuple[int, float]  # a rank of cards, and the x at which a line crosses it


class _Stop(NamedTuple):
    """Where a line passes a rank: its x, and in a rank of cards that it crosses the number of the gap."""

    rank: int
    x: float
    gap: int = -1


class _Gap(NamedTuple):
    """Room between two cards of a rank, or beside all of them: the least and the greatest x of lines."""

    left: float
    right: float
    lines: int  # that Graphviz kept room for


class _Way(NamedTuple):
    """A line from its upper end down to one rank, and how bad it is, in points of detour."""

    cost: float
    stops: tuple[_Stop, ...]


@dataclass(frozen=True, slots=True)
class _Space:
    """The room between two ranks next to each other: the x of upper and of lower ends of lines, sorted."""

    upper: list[float]
    lower: list[float]

    def crossed(self, upper: float, lower: float) -> int:
        """Return how many lines a new one crosses, if those here do not cross each other."""
        left = bisect_left(self.upper, upper) - bisect_right(self.lower, lower)
        right = bisect_left(self.lower, lower) - bisect_right(self.upper, upper)
        return max(0, left, right)


class _Rows:
    """The gaps of ranks and the spaces between the ranks of a part, with the lines that run there so far."""

    def __init__(
        self, part: Part, crossed: Iterable[int], straight: Iterable[tuple[_Stop, _Stop]]
    ) -> None:
        """Begin with the ranks that are to be crossed, and lines that run straight from end to end."""
        self.gaps = {rank: _gaps(part.ranks[rank], part.width) for rank in crossed}
        self.spaces = [_Space([], []) for _ in part.ranks]
        self.lines: dict[tuple[int, int], list[int]] = defaultdict(list)  # by rank and gap
        for ends in straight:
            for rank, upper, lower in _steps(*ends):
                self.spaces[rank].upper.append(upper)
                self.spaces[rank].lower.append(lower)
        for space in self.spaces:
            space.upper.sort()
            space.lower.sort()

    def add(self, stops: Sequence[_Stop]) -> None:
        """Let a line run from stop to stop."""
        for before, after in pairwise(stops):
            for rank, upper, lower in _steps(before, after):
                insort(self.spaces[rank].upper, upper)
                insort(self.spaces[rank].lower, lower)

    def lead(self, place: int, start: _Stop, ranks: list[int], end: _Stop) -> None:
        """Lead a line that was straight so far through gaps."""
        for rank, upper, lower in _steps(start, end):
            self.spaces[rank].upper.remove(upper)
            self.spaces[rank].lower.remove(lower)
        stops = self.best(start, ranks, end)
        self.add(stops)
        for stop in stops[1:-1]:
            self.lines[stop.rank, stop.gap].append(place)

    def onward(self, way: _Way, stop: _Stop) -> _Way:
        """Lead a way on to a stop."""
        before = way.stops[-1]
        cost = way.cost + abs(stop.x - before.x)
        for rank, upper, lower in _steps(before, stop):
            cost += _CROSSED * self.spaces[rank].crossed(upper, lower)
        if stop.gap >= 0:
            room = self.gaps[stop.rank][stop.gap].lines
            if len(self.lines.get((stop.rank, stop.gap), ())) >= room:
                cost += _CROWDED
        return _Way(cost, (*way.stops, stop))

    def best(self, start: _Stop, ranks: list[int], end: _Stop) -> tuple[_Stop, ...]:
        """Choose a gap in each rank so that a line goes sideways as little, and crosses as few others, as it can."""
        ways = [_Way(0.0, (start,))]
        for rank in ranks:
            gaps = self.gaps[rank]
            share = (rank - start.rank) / (end.rank - start.rank)
            straight = start.x + (end.x - start.x) * share
            nearest = bisect_left(gaps, straight, key=_right)
            tried = range(max(0, nearest - _TRIED), min(len(gaps), nearest + _TRIED + 1))
            led = [
                self.onward(way, _through(gaps[gap], way, rank, gap))
                for gap in tried
                for way in ways
            ]
            led.sort(key=lambda way: way.cost + abs(end.x - way.stops[-1].x))
            ways = led[:_KEPT]
        return min([self.onward(way, end) for way in ways]).stops


def crossings(graph: Graph, part: Part) -> dict[int, list[Crossing]]:
    """Return the ranks of cards that each link of a part crosses, from its source to its target."""
    long: dict[int, list[int]] = {}
    for place in part.links:
        link = graph.links[place]
        one, other = part.rank_of[link.start], part.rank_of[link.end]
        if -2 < one - other < 2:
            continue
        between = range(one + 1, other) if one < other else range(other + 1, one)
        if ranks := [rank for rank in between if part.ranks[rank].has_cards]:
            long[place] = ranks
    if not long:
        return {}
    stops = {node: _Stop(rank, part.x[node]) for node, rank in part.rank_of.items()}
    ends: dict[int, tuple[_Stop, _Stop]] = {}
    for place in part.links:
        start, end = stops[graph.links[place].start], stops[graph.links[place].end]
        ends[place] = (start, end) if start < end else (end, start)
    rows = _Rows(part, set().union(*long.values()), ends.values())
    for place, ranks in long.items():
        upper, lower = ends[place]
        rows.lead(place, upper, ranks, lower)
    found = _spread(rows, long, ends)
    for place in found:
        link = graph.links[place]
        if part.rank_of[link.start] > part.rank_of[link.end]:
            found[place].reverse()
    return found


def _gaps(rank: Rank, width: float) -> list[_Gap]:
    edges = [-_BESIDE]
    for span in rank.spans:
        edges += span
    edges.append(width + _BESIDE)
    gaps: list[_Gap] = []
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        wide = right - left
        clear = min(_CLEARANCE, _CLEAR_SHARE * wide)
        gaps.append(_Gap(left + clear, right - clear, int((wide - _BETWEEN + 1) / _RESERVED)))
    return gaps


def _right(gap: _Gap) -> float:
    return gap.right


def _through(gap: _Gap, way: _Way, rank: int, number: int) -> _Stop:
    """Pass a gap with as little sideways as possible."""
    return _Stop(rank, min(max(way.stops[-1].x, gap.left), gap.right), number)


def _steps(before: _Stop, after: _Stop) -> list[tuple[int, float, float]]:
    """Return the ranks from one stop to the next, each with the x at it and at the next rank."""
    if after.rank == before.rank + 1:
        return [(before.rank, before.x, after.x)]
    count = after.rank - before.rank
    step = (after.x - before.x) / count
    return [(before.rank + n, before.x + step * n, before.x + step * (n + 1)) for n in range(count)]


def _spread(
    rows: _Rows, long: Iterable[int], ends: dict[int, tuple[_Stop, _Stop]]
) -> dict[int, list[Crossing]]:
    """Give the lines in each gap an x of their own, from above, in the order in which they come."""
    found: dict[int, list[Crossing]] = {place: [] for place in long}
    at = {place: ends[place][0].x for place in long}
    for (rank, number), lines in sorted(rows.lines.items()):
        gap = rows.gaps[rank][number]
        come = sorted(lines, key=lambda place: (at[place], ends[place][1].x))
        apart = min(_APART, (gap.right - gap.left) / max(1, len(come) - 1))
        least, most = gap.left, gap.right - apart * (len(come) - 1)
        for place in come:
            x = at[place] = min(max(at[place], least), most)
            found[place].append((rank, round(x)))
            least, most = x + apart, most + apart
    return found

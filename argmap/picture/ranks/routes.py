"""Lines between cards in rows: they bend in the gaps between ranks and cross a rank only where no card stands."""

from collections import defaultdict

from argmap.picture.dot import Graph
from argmap.picture.layout import Point
from argmap.picture.ranks.crossings import Crossing, crossings
from argmap.picture.ranks.parts import Part

_PORT = 26.0  # points between lines that end on the same side of a card, at most
_NUDGE = 20.0  # points that a line may be moved from the middle of a card to be straight
_CORNER = 16.0  # points at the ends of a side that stay free
_SIDE = 34.0  # points that a line to another line runs straight at it

Rail = tuple[float, float, float]  # x, and from y to y: a straight stretch along the flow


def routes(graph: Graph, part: Part) -> dict[int, tuple[Point, ...]]:
    """Return the curve of each link of a part, from source to target, in the part's coordinates."""
    first = len(graph.cards)
    across = crossings(graph, part)
    ports = _ports(graph, part, across)
    drawn: dict[int, tuple[Point, ...]] = {}
    ranks, rank_of, tops, bottoms = part.ranks, part.rank_of, part.top, part.bottom
    for place in part.links:
        _, source, target, arrow = graph.links[place]
        up = rank_of[source] > rank_of[target]
        start, end = ranks[rank_of[source]], ranks[rank_of[target]]
        onto_line = target >= first and arrow and not end.has_cards
        x = ports[place, True]
        rails = [(x, tops[source], start.top) if up else (x, bottoms[source], start.bottom)]
        for rank, x in across.get(place, ()):
            between = ranks[rank]
            rails.append(
                (x, between.bottom, between.top) if up else (x, between.top, between.bottom)
            )
        x = ports[place, False]
        if not onto_line:
            rails.append((x, end.bottom, bottoms[target]) if up else (x, end.top, tops[target]))
        points = _bend(rails)
        if onto_line:
            points += _onto_line(points[-1], (x, tops[target]))
        drawn[place] = tuple(points)
    return drawn


def _ports(
    graph: Graph, part: Part, crossed: dict[int, list[Crossing]]
) -> dict[tuple[int, bool], float]:
    """Return the x at which each link leaves its start (True) and reaches its end (False).

    Lines on the same side of a card stand apart, in the order in which they come, so that they do not cross there.
    """
    ports: dict[tuple[int, bool], float] = {}
    sides: dict[tuple[int, bool], list[tuple[float, int, bool]]] = defaultdict(list)
    first, x_of, rank_of = len(graph.cards), part.x, part.rank_of
    for place in part.links:
        _, start, end, _ = graph.links[place]
        up = rank_of[start] > rank_of[end]
        across = crossed.get(place)
        if start >= first:
            ports[place, True] = x_of[start]
        else:
            sides[start, up].append((across[0][1] if across else x_of[end], place, True))
        if end >= first:
            ports[place, False] = x_of[end]
        else:
            sides[end, not up].append((across[-1][1] if across else x_of[start], place, False))
    for (node, _), lines in sides.items():
        lines.sort()
        room = 2 * (part.half[node] - _CORNER)
        step = min(_PORT, room / max(1, len(lines) - 1))
        x = part.x[node] - step * (len(lines) - 1) / 2
        for _, place, start in lines:
            ports[place, start] = round(x)
            x += step
    for lines in sides.values():
        if len(lines) == 1:
            _straighten(crossed, ports, lines[0])
    return ports


def _straighten(
    crossed: dict[int, list[Crossing]],
    ports: dict[tuple[int, bool], float],
    line: tuple[float, int, bool],
) -> None:
    """Move the only line on a side of a card a little, where that makes it straight."""
    _, place, start = line
    across = crossed.get(place)
    goal = across[0 if start else -1][1] if across else ports[place, not start]
    if abs(goal - ports[place, start]) <= _NUDGE:
        ports[place, start] = goal


def _bend(rails: list[Rail]) -> list[Point]:
    """Join straight stretches by curves that begin and end along the flow."""
    x, y, y_end = rails[0]
    points: list[Point] = [(x, y)]
    for rail_x, rail_y, rail_end in rails[1:]:
        if rail_x != x:
            _straight(points, x, y_end)
            middle = (points[-1][1] + rail_y) // 2
            points += [(x, middle), (rail_x, middle), (rail_x, rail_y)]
        x, y_end = rail_x, rail_end
    _straight(points, x, y_end)
    return points


def _straight(points: list[Point], x: float, y: float) -> None:
    before = points[-1][1]
    if abs(before - y) > 0.05:
        points += [(x, before + (y - before) / 3), (x, before + (y - before) * 2 / 3), (x, y)]


def _onto_line(start: Point, end: Point) -> list[Point]:
    """Curve from the edge of a rank to a point on another line, coming at it from the side."""
    (x, y), (end_x, end_y) = start, end
    run = end_x - x
    reach = max(-_SIDE, min(_SIDE, run * 0.7)) if abs(run) > 1 else 0.0
    return [(x, y + (end_y - y) * 0.75), (end_x - reach, end_y), end]

"""Lines between cards in rows: they bend in the gaps between ranks and cross a rank only where no card stands."""

from bisect import bisect
from collections import defaultdict

from argmap.picture.dot import Graph
from argmap.picture.layout import Point
from argmap.picture.positions import Positions
from argmap.picture.ranks import Part

_PORT = 26.0  # points between lines that end on the same side of a card, at most
_CORNER = 16.0  # points at the ends of a side that stay free
_CLEARANCE = 9.0  # points between a line and a card that it passes
_SIDE = 34.0  # points that a line to another line runs straight at it

Rail = tuple[float, float, float]  # x, and from y to y: a straight stretch along the flow


def routes(
    graph: Graph, positions: Positions, part: Part, turned: bool
) -> dict[int, tuple[Point, ...]]:
    """Return the curve of each link of a part, from source to target, in the part's coordinates."""
    first = len(graph.cards)
    crossings = {place: _crossings(graph, positions, part, place) for place in part.links}
    ports = _ports(graph, part, crossings, turned)
    drawn: dict[int, tuple[Point, ...]] = {}
    for place in part.links:
        link = graph.links[place]
        up = part.rank_of[link.start] > part.rank_of[link.end]
        start = part.ranks[part.rank_of[link.start]]
        end = part.ranks[part.rank_of[link.end]]
        rails: list[Rail] = [
            (
                ports[place, True],
                _edge(graph, part, link.start, up, turned),
                start.top if up else start.bottom,
            )
        ]
        for rank, x in crossings[place]:
            between = part.ranks[rank]
            rails.append(
                (x, between.bottom, between.top) if up else (x, between.top, between.bottom)
            )
        onto_line = link.end >= first and link.arrow and not end.has_cards
        if not onto_line:
            far = end.bottom if up else end.top
            rails.append((ports[place, False], far, _edge(graph, part, link.end, not up, turned)))
        points = _bend(rails)
        if onto_line:
            points += _onto_line(points[-1], (part.x[link.end], part.y[link.end]))
        drawn[place] = tuple(points)
    return drawn


def _edge(graph: Graph, part: Part, node: int, upper: bool, turned: bool) -> float:
    """Return the y at which a line leaves or reaches a node on its upper or lower side."""
    if node >= len(graph.cards) or upper:
        return part.y[node]
    card = graph.cards[node]
    return part.y[node] + (card.width if turned else card.height)


def _crossings(
    graph: Graph, positions: Positions, part: Part, place: int
) -> list[tuple[int, float]]:
    """Return the ranks of cards that a link crosses, each with an x between the cards, from source to target."""
    link = graph.links[place]
    one, other = part.rank_of[link.start], part.rank_of[link.end]
    between = range(one - 1, other, -1) if one > other else range(one + 1, other)
    ranks = [rank for rank in between if part.ranks[rank].has_cards]
    if not ranks:
        return []
    anchor = part.nodes[0]
    shift = part.x[anchor] - positions.nodes[anchor][0]
    curve = positions.curves[place]
    return [
        (
            rank,
            _clear(part, rank, shift + _x_at(curve, positions.nodes[part.ranks[rank].nodes[0]][1])),
        )
        for rank in ranks
    ]


def _x_at(curve: tuple[Point, ...], y: float) -> float:
    """Return the x of a curve where it reaches y."""
    steps = [(step / 8, 1 - step / 8) for step in range(9)]
    near, found = float("inf"), curve[0][0]
    for start in range(0, len(curve) - 1, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve[start : start + 4]
        if not min(y0, y1, y2, y3) - near <= y <= max(y0, y1, y2, y3) + near:
            continue
        for t, s in steps:
            away = abs(y0 * s**3 + 3 * y1 * s * s * t + 3 * y2 * s * t * t + y3 * t**3 - y)
            if away < near:
                near = away
                found = x0 * s**3 + 3 * x1 * s * s * t + 3 * x2 * s * t * t + x3 * t**3
    return found


def _clear(part: Part, rank: int, x: float) -> float:
    """Move x as little as needed to stand between the cards of a rank."""
    spans = part.ranks[rank].spans
    place = bisect(spans, (x, float("inf"))) - 1
    if place < 0 or x >= spans[place][1] + _CLEARANCE:
        if place + 1 < len(spans) and x > spans[place + 1][0] - _CLEARANCE:
            return spans[place + 1][0] - _CLEARANCE
        return x
    left, right = spans[place]
    return left - _CLEARANCE if x - left < right - x else right + _CLEARANCE


def _ports(
    graph: Graph, part: Part, crossings: dict[int, list[tuple[int, float]]], turned: bool
) -> dict[tuple[int, bool], float]:
    """Return the x at which each link leaves its start (True) and reaches its end (False).

    Lines on the same side of a card stand apart, in the order in which they come, so that they do not cross there.
    """
    ports: dict[tuple[int, bool], float] = {}
    sides: dict[tuple[int, bool], list[tuple[float, int, bool]]] = defaultdict(list)
    for place in part.links:
        link = graph.links[place]
        up = part.rank_of[link.start] > part.rank_of[link.end]
        across = crossings[place]
        for node, other, start in ((link.start, link.end, True), (link.end, link.start, False)):
            if node >= len(graph.cards):
                ports[place, start] = part.x[node]
                continue
            toward = across[0 if start else -1][1] if across else part.x[other]
            sides[node, up is start].append((toward, place, start))
    for (node, _), lines in sides.items():
        lines.sort()
        card = graph.cards[node]
        room = (card.height if turned else card.width) - 2 * _CORNER
        step = min(_PORT, room / max(1, len(lines) - 1))
        x = part.x[node] - step * (len(lines) - 1) / 2
        for _, place, start in lines:
            ports[place, start] = x
            x += step
    return ports


def _bend(rails: list[Rail]) -> list[Point]:
    """Join straight stretches by curves that begin and end along the flow."""
    x, y, y_end = rails[0]
    points: list[Point] = [(x, y)]
    _straight(points, x, y_end)
    for rail_x, rail_y, rail_end in rails[1:]:
        x, y = points[-1]
        middle = (y + rail_y) / 2
        points += [(x, middle), (rail_x, middle), (rail_x, rail_y)]
        _straight(points, rail_x, rail_end)
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

"""Pieces that lines are made of: each function adds points of cubic curves to a line's points."""

from collections.abc import Iterator, Sequence

from argmap.picture.layout import Point

ROUND = 7  # radius of a corner in points


def straight(points: list[Point], end: Point) -> None:
    """Go straight to a point."""
    (x, y), (end_x, end_y) = points[-1], end
    if abs(end_x - x) + abs(end_y - y) > 0.05:
        points += [
            (x + (end_x - x) / 3, y + (end_y - y) / 3),
            (x + (end_x - x) * 2 / 3, y + (end_y - y) * 2 / 3),
            end,
        ]


def turn(points: list[Point], corner: Point, end: Point, radius: float = ROUND) -> None:
    """Go to a point by a corner, which is rounded; both stretches run level or upright."""
    (x, y), (corner_x, corner_y), (end_x, end_y) = points[-1], corner, end
    before = abs(corner_x - x) + abs(corner_y - y)
    after = abs(end_x - corner_x) + abs(end_y - corner_y)
    near = min(radius, before, after)
    if near < 0.05:
        straight(points, corner)
        straight(points, end)
        return
    arrive = (corner_x - (corner_x - x) / before * near, corner_y - (corner_y - y) / before * near)
    leave = (
        corner_x + (end_x - corner_x) / after * near,
        corner_y + (end_y - corner_y) / after * near,
    )
    straight(points, arrive)
    points += [corner, corner, leave]
    straight(points, end)


def along(points: Sequence[Point], step: float) -> Iterator[Point]:
    """Yield points of a row of cubic curves, no further apart than a step."""
    for place in range(0, len(points) - 1, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[place : place + 4]
        length = (
            abs(bx - ax) + abs(by - ay) + abs(cx - bx) + abs(cy - by) + abs(dx - cx) + abs(dy - cy)
        )
        steps = int(length / step) + 1
        for number in range(steps + 1):
            t = number / steps
            s = 1 - t
            a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
            yield a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy

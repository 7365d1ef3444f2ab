"""The outlines that tell kinds of claims apart without colour, and the marks on lines, as pieces of SVG."""

import math
from collections.abc import Sequence
from functools import lru_cache

from argmap.model import ClaimKind
from argmap.picture.cards import FOLD
from argmap.picture.layout import Point

HEAD = 8  # length of an arrow's head in points
_HALF_HEAD = 3.4
_NECK = 6  # from the tip of a head to the end of its line
# Whole points are exact enough, and so written twice as fast as with f-strings.
_MOVE, _LEVEL, _UPRIGHT, _CURVE = "M%d %d", "H%d", "V%d", "C%d %d %d %d %d %d"
_UP = f"l-{_HALF_HEAD} {HEAD}h{2 * _HALF_HEAD}z"
_DOWN = f"l-{_HALF_HEAD}-{HEAD}h{2 * _HALF_HEAD}z"
_LEFT = f"l{HEAD}-{_HALF_HEAD}v{2 * _HALF_HEAD}z"
_RIGHT = f"l-{HEAD}-{_HALF_HEAD}v{2 * _HALF_HEAD}z"
_CUT = 7  # cut corners of a rebuttal


@lru_cache(maxsize=4096)
def outline(kind: ClaimKind, width: int, height: int, framed: bool = True) -> str:
    """Draw a card's outline, the shape of its kind.

    A thesis has a double frame, unless it is not `framed`, a premise round corners, evidence a folded sheet, a rebuttal
    cut corners.
    """
    w, h = width, height
    match kind:
        case ClaimKind.THESIS:
            return (
                f'<rect class="card" width="{w}" height="{h}" rx="3"/>'
                f'<rect class="inner" x="3" y="3" width="{w - 6}" height="{h - 6}" rx="1.5"/>'
                if framed
                else f'<rect class="card" width="{w}" height="{h}" rx="3"/>'
            )
        case ClaimKind.PREMISE:
            return f'<rect class="card" width="{w}" height="{h}" rx="8"/>'
        case ClaimKind.EVIDENCE:
            return (
                f'<path class="card" d="M0 0H{w - FOLD}l{FOLD} {FOLD}V{h}H0z"/>'
                f'<path class="inner" d="M{w - FOLD} 0v{FOLD}h{FOLD}"/>'
            )
        case ClaimKind.REBUTTAL:
            c = _CUT
            return f'<path class="card" d="M{c} 0H{w - c}l{c} {c}V{h - c}l-{c} {c}H{c}l-{c}-{c}V{c}z"/>'


def curve(points: Sequence[Point]) -> str:
    """Write a row of cubic curves as the data of an SVG path, upright and level stretches as such."""
    steps = iter(points)
    x, y = next(steps)
    data = _MOVE % (x, y)
    for (ax, ay), (bx, by), (end_x, end_y) in zip(steps, steps, steps, strict=False):
        if ax == end_x == x == bx:
            data += _UPRIGHT % end_y
        elif ay == end_y == y == by:
            data += _LEVEL % end_x
        else:
            data += _CURVE % (ax, ay, bx, by, end_x, end_y)
        x, y = end_x, end_y
    return data


def arrow(points: Sequence[Point]) -> tuple[str, str]:
    """Write a line with a head at its end: the data of the line's path, which ends in the head, and of the head's."""
    x, y = points[-1]
    dx, dy = heading(points)
    line = curve([*points[:-1], (x - dx * _NECK, y - dy * _NECK)])
    if -0.05 < dx < 0.05:
        return line, (_MOVE % (x, y)) + (_DOWN if dy > 0 else _UP)
    if -0.05 < dy < 0.05:
        return line, (_MOVE % (x, y)) + (_RIGHT if dx > 0 else _LEFT)
    left, right = (
        f"{x - dx * HEAD - dy * side:.1f} {y - dy * HEAD + dx * side:.1f}"
        for side in (_HALF_HEAD, -_HALF_HEAD)
    )
    return line, f"M{x:.0f} {y:.0f}L{left}L{right}z"


def heading(points: Sequence[Point]) -> Point:
    """Return the direction of a line at its end, as a vector of length 1."""
    before_x, before_y = points[-2]
    x, y = points[-1]
    if before_x == x and before_y != y:
        return 0, 1 if y > before_y else -1
    for before_x, before_y in reversed(points[:-1]):
        dx, dy = x - before_x, y - before_y
        length = math.hypot(dx, dy)
        if length > 0.5:
            return dx / length, dy / length
    return 0.0, -1.0

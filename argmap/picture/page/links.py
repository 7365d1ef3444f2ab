"""Links that are no branches: short ones as lines around the cards, others as words at both of their ends."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from argmap.model import ArgumentMap, Relation, RelationKind
from argmap.model.order import Forest
from argmap.picture.cards import TAG_LEFT
from argmap.picture.curves import along
from argmap.picture.layout import Point
from argmap.picture.page.cross_links import CELL, DOWN, LEFT, RIGHT, UP, Box, Exit, Plan
from argmap.picture.page.place import Placing
from argmap.picture.page.trunks import Drawn
from argmap.picture.reading import listed

HUB = 3  # links of one claim, from which on all of them are words
LONG = 260  # points of a line, at most
_FAR = 2.2  # times as far from card to card, at most
_CORNER, _TIPS, _EXITS = (
    14,
    9,
    12,
)  # at the ends of a side, between heads, and lines on a side, at most
_STEP = 4.0  # points; how exactly lines are looked at
_WORDS = {
    RelationKind.SUPPORTS: ("supports", "supported by"),
    RelationKind.ATTACKS: ("attacks", "attacked by"),
    RelationKind.RESTATES: ("restates", "restated by"),
}


class Mutual(NamedTuple):
    """A relation that goes back along the line of another."""

    relation: Relation
    other: Relation


def split(map: ArgumentMap, trees: Forest) -> tuple[list[Mutual], list[Relation], list[Relation]]:
    """Return the links that are no branches: those that go back along one, those to be drawn, and those to be told."""
    mutual: list[Mutual] = []
    rest: list[Relation] = []
    for relation in trees.across:
        (source,) = dict.fromkeys(relation.sources)
        up = trees.above.get(relation.target)
        if (
            up is not None
            and up.target == source
            and up.kind is relation.kind
            and up.id not in trees.steps
        ):
            mutual.append(Mutual(relation, up))
        else:
            rest.append(relation)
    ends = Counter(end for relation in rest for end in (relation.sources[0], relation.target))
    told = [
        relation
        for relation in rest
        if map.claim(relation.target) is None
        or max(ends[relation.sources[0]], ends[relation.target]) >= HUB
    ]
    kept = {relation.id for relation in told}
    return mutual, [relation for relation in rest if relation.id not in kept], told


def words(
    map: ArgumentMap, told: Iterable[Relation]
) -> dict[str, tuple[tuple[RelationKind, str], ...]]:
    """Return for each claim what to say on its card of links without a line: where they lead and come from."""
    leaving: dict[tuple[str, RelationKind], list[str]] = defaultdict(list)
    arriving: dict[tuple[str, RelationKind, str], list[str]] = defaultdict(list)
    for relation in told:
        source, target = relation.sources[0], map.by_id[relation.target]
        if isinstance(target, Relation):
            leaving[source, relation.kind].append(f"the step from {listed(target.sources)}")
            arriving[target.sources[0], relation.kind, "step "].append(source)
        else:
            leaving[source, relation.kind].append(target.id)
            arriving[target.id, relation.kind, ""].append(source)
    found: dict[str, list[tuple[RelationKind, str]]] = defaultdict(list)
    for (id, kind), targets in leaving.items():
        both = [each for each in targets if each in arriving.get((id, kind, ""), ())]
        if both and kind is not RelationKind.SUPPORTS:
            found[id].append((kind, f"↔ {kind}, and is {_WORDS[kind][1]} {listed(both)}"))
            targets = [each for each in targets if each not in both]
            back = arriving[id, kind, ""]
            arriving[id, kind, ""] = [each for each in back if each not in both]
        if targets:
            found[id].append((kind, f"→ {_WORDS[kind][0]} {listed(targets)}"))
    for (id, kind, step), sources in arriving.items():
        if sources:
            found[id].append((kind, f"← {step}{_WORDS[kind][1]} {listed(sources)}"))
    return {id: tuple(lines) for id, lines in found.items()}


def drawn(
    placing: Placing, lines: Sequence[Drawn], links: Sequence[Relation]
) -> tuple[dict[str, list[Point]], list[Relation]]:
    """Draw links around the cards; return their lines by relation, and those that are better told in words.

    A line that is long, finds no way or would cross another is not drawn.
    """
    boxes: list[Box] = [
        (x, y, x + card.width, y + card.height) for card, x, y in placing.cards.values()
    ]
    boxes += [(t.x, t.y, t.x + t.width, t.y + t.height) for t in placing.trays]
    boxes += [
        (r.x, r.y, r.x + r.reference.width, r.y + r.reference.height) for r in placing.references
    ]
    tags = [
        (x + TAG_LEFT, y - 6, x + TAG_LEFT + card.tag, y) for card, x, y in placing.cards.values()
    ]
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    plan = Plan([*boxes, *tags], [(j.x, j.y) for j in placing.junctions], right, bottom)
    taken: list[Point] = []
    stretches: list[tuple[Point, Point]] = []
    for line in lines:
        stretches += pairwise(line.seen)
        taken += [line.seen[0], line.seen[-1]]
        for (x, y), (end_x, end_y) in pairwise(line.seen):
            plan.take(x, y, end_x, end_y)
    found: dict[str, list[Point]] = {}
    told: list[Relation] = []
    for relation in sorted(links, key=lambda link: _apart(placing, link)):
        way = None
        if _apart(placing, relation) <= _FAR * LONG:
            source, target = relation.sources[0], relation.target
            way = plan.route(_exits(placing, source, taken), _exits(placing, target, taken))
        if way is None:
            told.append(relation)
            continue
        steps = list(along(way, _STEP))
        long = sum(abs(bx - ax) + abs(by - ay) for (ax, ay), (bx, by) in pairwise(steps))
        if long > LONG or _crosses(steps, stretches):
            told.append(relation)
            continue
        plan.mark(tuple(way))
        found[relation.id] = way
        taken += [way[0], way[-1]]
        stretches += pairwise(steps)
    return found, told


def _apart(placing: Placing, relation: Relation) -> float:
    one, other = placing.cards[relation.sources[0]], placing.cards[relation.target]
    return abs(one.x + one.card.width / 2 - other.x - other.card.width / 2) + abs(
        one.y + one.card.height / 2 - other.y - other.card.height / 2
    )


def _exits(placing: Placing, id: str, taken: Sequence[Point]) -> list[Exit]:
    """Return the places where a link can leave a card: off its tag, and where no other line does."""
    card, left, top = placing.cards[id]
    right, bottom = left + card.width, top + card.height
    columns, rows = _lanes(left, right), _lanes(top, bottom)
    clear = left + TAG_LEFT + card.tag + 6
    found = [Exit((x, top), UP) for x in columns if x > clear]
    found += [Exit((right, y), RIGHT) for y in rows]
    found += [Exit((x, bottom), DOWN) for x in columns]
    found += [Exit((left, y), LEFT) for y in rows]
    near = [(x, y) for x, y in taken if left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1]
    free = [
        exit
        for exit in found
        if all(abs(exit.point[0] - x) + abs(exit.point[1] - y) >= _TIPS for x, y in near)
    ]
    return free or found


def _lanes(begin: float, end: float) -> list[float]:
    """Return the places along a side where the cells of a plan have their middle, not too many."""
    first, last = ceil((begin + _CORNER) / CELL), int((end - _CORNER) / CELL)
    every = [float(place * CELL) for place in range(first, last + 1)] or [(begin + end) / 2]
    return every[:: ceil(len(every) / _EXITS)]


def _crosses(points: Sequence[Point], stretches: Sequence[tuple[Point, Point]]) -> bool:
    """Say whether a line crosses others."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    near = [
        (a, b)
        for a, b in stretches
        if min(a[0], b[0]) <= right
        and max(a[0], b[0]) >= left
        and min(a[1], b[1]) <= bottom
        and max(a[1], b[1]) >= top
    ]
    return any(_cross(*one, *other) for one in pairwise(points) for other in near)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0

"""Places for everything on a page: from the sizes that were chosen, from the top down; and the lines between."""

from collections.abc import Generator, Sequence
from itertools import pairwise, permutations
from typing import Any, NamedTuple, TypeVar

from argmap.model import RelationKind
from argmap.picture.cards import TAG_LEFT, Card, Reference, card_of, reference_of
from argmap.picture.layout import Ground, Junction, Placed, PlacedReference, Point, Tray
from argmap.picture.page import sizes
from argmap.picture.page.nodes import Node, kinds_of
from argmap.picture.page.packing import (
    APART,
    IN_STRIP,
    STRETCHED,
    STRIP,
    STRIP_HEAD,
    Slice,
    Strip,
)
from argmap.picture.page.sizes import (
    CUT,
    FOLD,
    GATE,
    HANG,
    IN_TRAY,
    SOLO,
    TRAY,
    TURN,
    UNDER_TRAY,
    Rows,
    Split,
)
from argmap.picture.page.trunks import Line

_HANDLE = 18  # below the top of a card, where lines leave it sideways
_CORNER = 12  # at the ends of a side, kept free
_PORTS = 16  # between lines of two kinds that reach a card from below
_SPINE = 9  # from the left of a column to the line at its left, and from one to the next
_GROUND = 6  # around a family
_SPARE = 40  # points that a column may be wider than it needs
_CALM = 200  # width up to which a card may be wider than it needs
_GATE_TOP, _RING = (
    4,
    11,
)  # of a step that something bears on: where its line goes on, and the ring above its tray
_REFERENCE = 150  # width of a reference, at most

_Result = TypeVar("_Result")
Steps = Generator[
    Any, Any, _Result
]  # yields further steps to take first, and is sent what they return


class Spot(NamedTuple):
    """Where something stands, and where lines leave it: upwards within `begin` and `end`, or to the left."""

    x: int
    y: int
    width: int
    height: int
    begin: int
    end: int
    above: int = 0  # from the top of the part to where its line begins

    def top(self) -> Point:
        """Return where a line leaves upwards."""
        middle = self.x + self.width // 2
        return min(max(middle, self.begin), self.end), self.y - self.above

    def left(self) -> Point:
        """Return where a line leaves to the left."""
        if self.above:
            return self.top()
        return self.x, self.y + min(_HANDLE, self.height // 2)

    def foot(self) -> list[Point]:
        """Return where the line of a step begins that something bears on: at the premises, below its ring."""
        return [(self.top()[0], self.y)] if self.above else []


class Placing:
    """A page while it is filled. `numbers`: the place of each claim among the cards."""

    def __init__(self, numbers: dict[str, int], kept: int) -> None:
        self.numbers, self._kept = numbers, kept
        self.cards: dict[str, Placed] = {}
        self.references: list[PlacedReference] = []
        self.trays: list[Tray] = []
        self.grounds: list[Ground] = []
        self.junctions: list[Junction] = []
        self.lines: list[Line] = []

    def fill(self, slice: Slice, size: int) -> None:
        """Place everything in a slice."""
        todo = [(slice, size, 0, 0, slice.front.widths[size])]
        while todo:
            part, place, x, y, room = todo.pop()
            if isinstance(part.item, Strip):
                self._strip(part.item, place, x, y)
            elif part.item is not None:
                _run(self._place(part.item, x, y, room))
            elif part.parts is not None:
                how, i, j = part.front.ways[place]
                one, other = part.parts
                wide, high = one.front.widths[i], -one.front.lows[i]
                if how == "beside":
                    todo.append((one, i, x, y, wide))
                    todo.append((other, j, x + wide + APART, y, other.front.widths[j]))
                else:
                    for each, at, top in ((one, i, y), (other, j, y + high + APART)):
                        own = each.front.widths[at]
                        todo.append((each, at, x, top, max(own, min(room, own + STRETCHED))))

    def surround(self, roots: Sequence[Node]) -> None:
        """Put a ground behind each main branch that is a family."""
        for root in roots:
            for kid in root.kids if len(root.kids) > 1 else ():
                if kid.kids or kid.cuts or any(premise.kids for premise in kid.premises):
                    left, top, right, bottom = self._extent(kid)
                    wide, high = right - left + 2 * _GROUND, bottom - top + 2 * _GROUND
                    self.grounds.append(Ground(left - _GROUND, top - _GROUND, wide, high))

    def _extent(self, node: Node) -> tuple[float, float, float, float]:
        trays = {tray.relation.id: tray for tray in self.trays}
        references = {(r.relation.id, r.reference.claim.id): r for r in self.references}
        boxes: list[tuple[float, float, float, float]] = []
        todo = [node]
        for each in todo:  # grows while it is read
            todo.extend(each.parts())
            if each.card:
                card, x, y = self.cards[each.card.claim.id]
                boxes.append((x, y, x + card.width, y + card.height))
            elif each.claim:
                small, _, x, y = references[each.bond().id, each.claim.id]
                boxes.append((x, y, x + small.width, y + small.height))
            elif each.bond().id in trays:
                _, x, y, wide, high = trays[each.bond().id]
                boxes.append((x, y, x + wide, y + high))
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    # Cards

    def _card(self, node: Node, x: int, y: int, width: int) -> Spot:
        """Set a claim, or a reference to it, at a place, as wide as it may be there."""
        if node.card is None:
            reference = _reference(node, width)
            self.references.append(PlacedReference(reference, node.bond(), x, y))
            wide, high = reference.width, reference.height
            return Spot(x, y, wide, high, x + wide // 2, x + wide // 2)
        most = max(node.card.face.look.widths[-1], node.sizes[-1][0])
        width = max(node.sizes[0][0], min(width, most))
        card = card_of(node.card.claim, node.card.face, width - width % 2)
        self.cards[card.claim.id] = Placed(card, x, y)
        return _spot(card, x, y)

    def _place(self, node: Node, x: int, y: int, width: int) -> Steps[tuple[Spot, int]]:
        """Place a part with all below it in some width; return where it stands and its lowest point."""
        if node.is_step():
            placed: tuple[Spot, int] = yield self._step(node, x, y, width)
            return placed
        if not node.kids:
            spot = self._card(node, x, y, width)
            return spot, y + spot.height
        how, card_width, count = node.front.ways[node.front.within(width)]
        if how == "folded":
            folded: tuple[Spot, int] = yield self._folded(node, x, y, width, card_width, count)
            return folded
        rows: Rows = node.rows
        hangs = len(rows.splits[rows.within(width)]) == 1
        if hangs:
            left, wide = x, width
        else:
            high = sizes.lowest(node, width)
            wide = next(w for w, h in node.sizes if h == high)
            wide = max(wide, min(width, _CALM, node.sizes[-1][0]))
            left = x + max(0, (width - wide) // 2)
        spot = self._card(node, left, y, wide)
        bottom: int = yield self._kids(node, spot, x, y + spot.height, width)
        return spot, bottom

    def _folded(
        self, node: Node, x: int, y: int, width: int, wide: int, count: int
    ) -> Steps[tuple[Spot, int]]:
        """Place a chain in rows that run back and forth, and what hangs below the last claim."""
        spots: list[Spot] = []
        top = y
        for row, start in enumerate(range(0, len(node.chain), count)):
            members = node.chain[start : start + count]
            columns = range(count) if row % 2 == 0 else range(count - 1, -1, -1)
            for each, column in zip(members, columns, strict=False):
                spots.append(self._card(each, x + column * (wide + TURN), top, wide))
            top = max(spot.y + spot.height for spot in spots[start:]) + FOLD
        for place, (one, other) in enumerate(pairwise(spots), 1):
            each = node.chain[place]
            if other.y == one.y:
                level = one.y + min(_HANDLE, one.height // 2, other.height // 2)
                ends = (
                    (other.x, one.x + one.width)
                    if other.x > one.x
                    else (other.x + other.width, one.x)
                )
                points: list[Point] = [(ends[0], level), (ends[1], level)]
            else:
                middle = other.x + wide // 2
                points = [(middle, other.y), (middle, one.y + one.height)]
            self._line(points, each, node.chain[place - 1], ("chain", id(node), place))
        last = node.chain[-1]
        bottom = top - FOLD
        if last.kids:
            under = spots[-1]
            low = under.y + under.height
            wide = max(width, last.rows.widths[0])
            bottom = max(bottom, (yield self._kids(last, under, x, max(low, bottom), wide)))
        return spots[0], bottom

    # What hangs below

    def _kids(self, node: Node, spot: Spot, x: int, y: int, width: int) -> Steps[int]:
        """Place what hangs below something that stands at a spot, from a height on; return the lowest point."""
        kids = node.kids
        rows: Rows = node.rows
        at = rows.within(width)
        split: Split = rows.splits[at]
        if len(kids) == 1:
            bottom: int
            (place,), bottom = yield self._column(kids, x, y + SOLO, width)
            self._solo(node, kids[0], spot, place, y)
            return bottom
        if len(split) == 1:
            places, bottom = yield self._column(kids, x, y + HANG, width)
            self._spines(node, spot, places, x, y)
            return bottom
        room = sizes.bus(kids)
        stacks = [sizes.stack(kids[begin:end], self._kept) for begin, end in split]
        widths = [sizes.narrowest(each, rows.columns[at]) for each in stacks]
        gaps = sizes.aisles(kids, split)
        spare = width - sum(widths) - sum(gaps)
        more = min(max(0, spare) // len(widths), _SPARE)
        left = x + max(0, (width - sum(widths) - sum(gaps) - more * len(widths)) // 2)
        risers: list[tuple[Node, Spot, int | None]] = []
        lowest = y
        for (begin, end), wide, after in zip(split, widths, [*gaps, 0], strict=True):
            members = kids[begin:end]
            places, bottom = yield self._column(members, left, y + room, wide + more)
            spines = _spines_of(members, left)
            risers += [
                (kid, place, None if len(members) == 1 else spines[kid.kind])
                for kid, place in zip(members, places, strict=True)
            ]
            lowest = max(lowest, bottom)
            left += wide + more + after
        self._buses(node, spot, risers, y, room)
        return lowest

    def _column(
        self, nodes: Sequence[Node], x: int, y: int, width: int
    ) -> Steps[tuple[list[Spot], int]]:
        """Place siblings one below the other; return where they stand, and the lowest point."""
        left = sizes.indent(nodes)
        places: list[Spot] = []
        for place, node in enumerate(nodes):
            if place:
                y += sizes.gap(nodes[place - 1], node)
            spot, y = yield self._place(node, x + left, y, width - left)
            places.append(spot)
        return places, y

    def _solo(self, node: Node, kid: Node, above: Spot, spot: Spot, y: int) -> None:
        """Draw the line of the only part that hangs below another."""
        begin, end = above.x + 10, above.x + above.width - 10
        middle = above.x + above.width // 2
        start, top = spot.top()
        if spot.begin <= middle <= spot.end and (
            abs(start - middle) < 60 or not begin <= start <= end
        ):
            start = middle
        goal = min(max(start, begin), end)
        bend = y + SOLO // 2
        low = above.y + above.height
        points = [*spot.foot(), (start, top), (start, bend), (goal, bend), (goal, low)]
        self._line(points, kid, node, ("below", id(node)))

    def _spines(self, node: Node, above: Spot, places: Sequence[Spot], x: int, y: int) -> None:
        """Draw the lines of a column, which run up at its left, one for each kind."""
        kids = node.kids
        low = above.y + above.height
        spines = _spines_of(kids, x)
        for kid, spot in zip(kids, places, strict=True):
            spine, (left, level) = spines[kid.kind], spot.left()
            if above.x + 4 <= spine <= above.x + above.width - 4:
                points = [(left, level), (spine, level), (spine, low)]
            else:
                goal = above.x + 10 + 8 * list(spines).index(kid.kind)
                points = [(left, level), (spine, level), (spine, y + 6), (goal, y + 6), (goal, low)]
            self._line([*spot.foot(), *points], kid, node, ("below", id(node)))

    def _buses(
        self,
        node: Node,
        above: Spot,
        risers: Sequence[tuple[Node, Spot, int | None]],
        y: int,
        room: int,
    ) -> None:
        """Draw the lines of several columns: those of a kind meet on one level and go up together."""
        kinds = kinds_of([kid for kid, _, _ in risers])
        low = above.y + above.height
        middle = above.x + above.width / 2
        goals = {
            kind: round(middle + _PORTS * (n - (len(kinds) - 1) / 2))
            for n, kind in enumerate(kinds)
        }
        starts: dict[RelationKind, list[float]] = {kind: [] for kind in kinds}
        for kid, spot, spine in risers:
            starts[kid.kind].append(spot.top()[0] if spine is None else spine)
        order = min(permutations(kinds), key=lambda order: _crossed(order, starts, goals))
        levels = {
            kind: y + 10 + round((room - 18) * (n + 0.5) / len(kinds))
            for n, kind in enumerate(order)
        }
        for kid, spot, spine in risers:
            level, goal = levels[kid.kind], goals[kid.kind]
            if spine is None:
                start, top = spot.top()
                points = [(start, top), (start, level), (goal, level), (goal, low)]
            else:
                left, side = spot.left()
                points = [(left, side), (spine, side), (spine, level), (goal, level), (goal, low)]
            self._line([*spot.foot(), *points], kid, node, ("below", id(node)))

    def _line(
        self, points: list[Point], node: Node, target: Node | None, family: tuple[object, ...]
    ) -> None:
        """Note the line by which something hangs below a claim, or bears on a step."""
        relation = node.bond()
        start = self.numbers[node.card.claim.id] if node.card else -1
        if target and target.card and target.card.claim.id == relation.target:
            end = self.numbers[target.card.claim.id]
        else:
            end = -1
        self.lines.append(Line(_cleaned(points), relation, start, end, (*family, node.kind)))

    # Steps

    def _step(self, step: Node, x: int, y: int, width: int) -> Steps[tuple[Spot, int]]:
        """Place a step: its premises, and what bears on the step itself at its right or below."""
        way = step.front.ways[step.front.within(width)]
        if not step.cuts:
            placed: tuple[Spot, int] = yield self._premises(step, x, y, width, way)
            return placed
        how, wide, cut_width = way
        own = step.rows  # of the premises alone
        aside = how == "cut beside"
        inner = own.ways[own.within(wide)]
        spot, bottom = yield self._premises(step, x, y + GATE, wide, inner)
        if aside:
            left = x + wide + CUT
            room = max(cut_width, width - wide - CUT)
            places, low = yield self._column(step.cuts, left, y + GATE, room)
        else:
            room = max(cut_width, width - 2 * TRAY)
            places, low = yield self._column(step.cuts, x, bottom + 14, room)
        relation = step.bond()
        ring, level = spot.top()[0], y + GATE - _RING
        if aside and spot.width > 60:
            ring = max(min(ring, spot.x + spot.width - 40), spot.begin)
        self.junctions.append(Junction(relation, ring, level))
        spines = _spines_of(step.cuts, x + wide + CUT)
        right = max([x + wide, *(place.x + place.width for place in places)])
        for cut, place in zip(step.cuts, places, strict=True):
            if not aside:
                side, at = place.x + place.width, place.left()[1]
                if place.above:
                    side, at = place.top()
                points = [(side, at), (right + 8, at), (right + 8, level), (ring + 4, level)]
            elif len(places) == 1:
                start, top = place.top()
                points = [(start, top), (start, level), (ring + 4, level)]
            else:
                start, at = place.left()
                spine = spines[cut.kind]
                points = [(start, at), (spine, at), (spine, level), (ring + 4, level)]
            self._line([*place.foot(), *points], cut, None, ("step", id(step)))
        return spot._replace(begin=ring, end=ring, above=GATE - _GATE_TOP), max(bottom, low)

    def _premises(
        self, step: Node, x: int, y: int, width: int, way: sizes.Way
    ) -> Steps[tuple[Spot, int]]:
        """Place what counts together, on one tray, and what hangs below it."""
        how, wide, count = way
        edge = sizes.around(step)
        spots: list[Spot] = []
        inner = width - 2 * edge
        below: list[tuple[Node, Spot, int, int]] = []  # with reasons: left, and width
        if how == "row":
            parts = sizes.groups(step, self._kept)
            _, _, picked = min(
                (found for found in sizes.abreast(parts, self._kept) if found[0] <= inner),
                key=lambda found: found[1],
                default=next(iter(sizes.abreast(parts, self._kept))),
            )
            widths = [part.widths[n] for part, n in zip(parts, picked, strict=True)]
            spare = inner - sum(widths) - IN_TRAY * (len(parts) - 1)
            left = x + edge
            for part, own in zip(parts, widths, strict=True):
                room = own + max(0, spare) // len(parts)
                each = sizes.spread(part.members, room, self._kept)
                more = room - sum(each) - IN_TRAY * (len(each) - 1)
                at = left
                for member, member_width in zip(part.members, each, strict=True):
                    member_width += max(0, more) // len(each) if member.card else 0
                    spots.append(self._card(member, at, y + edge, member_width))
                    at += max(spots[-1].width, member_width) + IN_TRAY
                for member, spot in zip(part.members, spots[-len(each) :], strict=True):
                    if member.kids:
                        below.append((member, spot, left, room))
                left += room + IN_TRAY
        elif how == "column":
            top = y + edge
            for premise in step.premises:
                spots.append(self._card(premise, x + edge, top, inner))
                top += spots[-1].height + UNDER_TRAY
            if step.premises[-1].kids:
                below.append((step.premises[-1], spots[-1], x + edge, inner))
        else:
            top = y + edge
            for start in range(0, len(step.premises), count):
                for column, premise in enumerate(step.premises[start : start + count]):
                    spots.append(
                        self._card(premise, x + edge + column * (wide + IN_TRAY), top, wide)
                    )
                top = max(spot.y + spot.height for spot in spots[start:]) + UNDER_TRAY
        low = max(spot.y + spot.height for spot in spots)
        if how == "row":
            spots = [self._levelled(p, s, low) for p, s in zip(step.premises, spots, strict=True)]
            by_node = {id(p): s for p, s in zip(step.premises, spots, strict=True)}
            below = [(node, by_node[id(node)], left, room) for node, _, left, room in below]
        bottom = low + edge
        relation = step.bond()
        right = max(spot.x + spot.width for spot in spots)
        if edge:
            self.trays.append(Tray(relation, x, y, right - x + edge, bottom - y))
        lowest = bottom
        for node, spot, left, room in below:
            lowest = max(lowest, (yield self._kids(node, spot, left, bottom, room)))
        if not edge:
            return spots[0], lowest
        wide = right - x + edge
        return Spot(x, y, wide, bottom - y, x + _CORNER, x + wide - _CORNER), lowest

    def _levelled(self, node: Node, spot: Spot, low: int) -> Spot:
        """Let a card in a row end where the lowest ends."""
        if node.card is None:
            return spot
        high = low - spot.y
        card, x, y = self.cards[node.card.claim.id]
        self.cards[card.claim.id] = Placed(card._replace(height=high + high % 2), x, y)
        return spot._replace(height=high + high % 2)

    def _strip(self, strip: Strip, size: int, x: int, y: int) -> None:
        """Place the claims without relations."""
        way = strip.front.ways[size]
        _, width, _ = way
        count = len(strip.nodes)
        words = f"{count} claim{'s' * (count != 1)} without a relation"
        low = y
        for column, (begin, end) in enumerate(strip.columns[way]):
            top = y + STRIP + STRIP_HEAD
            for node in strip.nodes[begin:end]:
                spot = self._card(node, x + STRIP + column * (width + IN_STRIP), top, width)
                top += spot.height + IN_STRIP
            low = max(low, top - IN_STRIP)
        wide = strip.front.widths[size]
        self.grounds.append(Ground(x, y, wide, low + STRIP - y, words))


def reference_sizes(node: Node) -> list[tuple[int, int]]:
    """Return the widths of a reference with their heights."""
    found: list[tuple[int, int]] = []
    for width in (110, _REFERENCE):
        each = _reference(node, width)
        if not found or each.height < found[-1][1]:
            found.append((each.width, each.height))
    return found


def _reference(node: Node, width: int) -> Reference:
    if node.claim is None:
        raise ValueError("nothing refers to a step")
    return reference_of(node.claim, min(width, _REFERENCE), node.look)


def _spot(card: Card, x: int, y: int) -> Spot:
    """Return where a card's lines may begin: beside its tag."""
    middle = card.width // 2
    tag = TAG_LEFT + card.tag + 4 if card.tag else 0
    begin = max(_CORNER, min(tag, card.width - _CORNER))
    if begin > card.width - _CORNER - 2:
        begin = middle if middle > tag else card.width - _CORNER
    return Spot(x, y, card.width, card.height, x + begin, x + max(begin, card.width - _CORNER))


def _spines_of(nodes: Sequence[Node], x: int) -> dict[RelationKind, int]:
    """Return where the lines of a column run up at its left: the outer ones for what comes lower."""
    kinds = kinds_of(nodes)
    return {kind: x + _SPINE * (len(kinds) - n) for n, kind in enumerate(kinds)}


def _crossed(
    order: Sequence[RelationKind],
    starts: dict[RelationKind, list[float]],
    goals: dict[RelationKind, int],
) -> int:
    """Count the crossings of lines of several kinds that run level in that order, the first on top."""
    level = {kind: place for place, kind in enumerate(order)}
    spans = {
        kind: (min([*starts[kind], goals[kind]]), max([*starts[kind], goals[kind]]))
        for kind in order
    }
    found = 0
    for one in order:
        for other in order:
            low, high = spans[other]
            if level[other] < level[one]:
                found += low < goals[one] < high
            elif level[other] > level[one]:
                found += sum(low < start < high for start in set(starts[one]))
    return found


def _cleaned(points: list[Point]) -> list[Point]:
    """Leave out points that are no corners."""
    found = [points[0]]
    for point in points[1:]:
        if point == found[-1]:
            continue
        if len(found) > 1 and any(found[-2][n] == found[-1][n] == point[n] for n in (0, 1)):
            found[-1] = point
        else:
            found.append(point)
    return found


def _run(steps: Steps[_Result]) -> _Result:
    """Take steps, and those that they yield first, without a limit to how deep they go."""
    stack: list[Steps[Any]] = [steps]
    value: Any = None
    while True:
        try:
            stack.append(stack[-1].send(value))
            value = None
        except StopIteration as stop:
            stack.pop()
            value = stop.value
            if not stack:
                return value  # type: ignore[no-any-return]  # of the first steps

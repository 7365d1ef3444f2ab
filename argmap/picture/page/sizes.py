"""All the sizes that a part of a map can take: for each width the least height, as Stockmeyer's shape functions.

L. Stockmeyer, "Optimal orientations of cells in slicing floorplan designs", Information and Control 57 (1983).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from math import ceil
from operator import itemgetter
from typing import NamedTuple, TypeVar

from argmap.picture.page.nodes import Node, kinds_of

BESIDE, FAMILIES_BESIDE = 14, 20  # between columns: of single cards, of families
BELOW, FAMILIES_BELOW = 11, 17  # between siblings in a column
HANG = 12  # from a card to the first of several that hang in one column under it
BUS, BUSES = 26, 7  # from a card to columns under it, and more for each further kind of line
SOLO = 22  # from a card to the only one that hangs under it
INDENT, INDENTS = 18, 9  # of what hangs in a column, and more for each further kind of line
TRAY, IN_TRAY, UNDER_TRAY = (
    7,
    8,
    9,
)  # around what counts together, and between its cards, level and upright
GATE, CUT = 22, 18  # above a step that something bears on, and beside it
TURN, FOLD = 26, 20  # between the cards of a folded chain, and between its rows
_FOLDED_WIDTHS, _FOLDED_ROW = (136, 148, 162, 178, 196, 216, 240, 268), 14
_COUNTS = (2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 45, 70, 100)  # of columns
_MANY = 60  # siblings, from which on fewer ways to split them are tried
_SPLITTING = 12  # rounds of a search for the least height
_TRIED = 24  # sizes that are combined each with each

Way = tuple[str, int, int]  # how a part is drawn, and two numbers that say more
Split = tuple[tuple[int, int], ...]  # where each column begins and ends among the nodes
_Sizes = tuple[list[int], list[int]]  # widths, and heights as negative numbers; both grow
_Value = TypeVar("_Value")
_Sized = TypeVar(
    "_Sized", bound=tuple[int, ...] | tuple[int, int, Way] | tuple[int, int, Split, int]
)


class Front(NamedTuple):
    """The sizes that a node can take with all that hangs below it: wider and lower from one to the next."""

    widths: list[int]
    lows: list[int]  # heights, as numbers that grow
    ways: list[Way]

    def within(self, width: int) -> int:
        """Return the place of the lowest size that is no wider; of the narrowest, where all are wider."""
        return max(0, bisect_right(self.widths, width) - 1)


class Rows(NamedTuple):
    """The ways to set siblings under what they bear on: widths, heights with the gap above, splits into columns."""

    widths: list[int]
    heights: list[int]
    splits: list[Split]
    columns: list[int]  # the height that the columns may have

    def within(self, width: int) -> int:
        """Return the place of the lowest way that is no wider; of the narrowest, where all are wider."""
        return max(0, bisect_right(self.widths, width) - 1)


def measure(order: Sequence[Node], kept: int) -> None:
    """Work out the sizes of nodes, which come parents first; `kept`: sizes of each, at most."""
    for node in reversed(order):
        if node.kids:
            node.rows = _rows(node.kids, kept)
        if node.premises:
            node.front = _step(node, kept)
        elif not node.kids:
            found = [(width, height, ("card", 0, 0)) for width, height in node.sizes]
            node.front = _front(found, kept)
        else:
            node.front = _claim(node, kept)


def gap(one: Node, other: Node) -> int:
    """Return the distance of two siblings in a column."""
    return FAMILIES_BELOW if one.is_family() or other.is_family() else BELOW


def indent(nodes: Sequence[Node]) -> int:
    """Return how far siblings in one column stand to the right of the lines at their left."""
    return INDENT + INDENTS * (len(kinds_of(nodes)) - 1) if len(nodes) > 1 else 0


def bus(nodes: Sequence[Node]) -> int:
    """Return the height of the gap above columns."""
    return BUS + BUSES * (len(kinds_of(nodes)) - 1)


def aisles(nodes: Sequence[Node], split: Split) -> list[int]:
    """Return the gaps between columns."""
    return [
        FAMILIES_BESIDE if any(n.is_family() for n in nodes[one[0] : other[1]]) else BESIDE
        for one, other in pairwise(split)
    ]


def stack(nodes: Sequence[Node], kept: int) -> _Sizes:
    """Set siblings in one column: for each width, each takes its lowest size that is no wider."""
    first = nodes[0].front
    if len(nodes) == 1:
        return first.widths, first.lows
    between = sum(gap(one, other) for one, other in pairwise(nodes))
    widths = _widths([node.front.widths for node in nodes], kept)
    lows = [-between] * len(widths)
    for node in nodes:
        each, own = node.front.widths, node.front.lows
        lows = [low + own[bisect_right(each, w) - 1] for low, w in zip(lows, widths, strict=True)]
    left = indent(nodes)
    return [width + left for width in widths], lows


def narrowest(sizes: _Sizes, height: int) -> int:
    """Return the least width in which a column is no higher."""
    widths, lows = sizes
    return widths[min(bisect_left(lows, -height), len(widths) - 1)]


def beside(stacks: Sequence[_Sizes], between: int, kept: int) -> tuple[list[int], list[int]]:
    """Set columns side by side: for each height, each takes its narrowest size that is no higher."""
    lows = _lows([own for _, own in stacks], kept)
    widths = [between] * len(lows)
    for each, own in stacks:
        widths = [w + each[bisect_left(own, low)] for w, low in zip(widths, lows, strict=True)]
    return widths, lows


def _claim(node: Node, kept: int) -> Front:
    """Return the sizes of a claim with what hangs below it."""
    rows: Rows = node.rows
    wide, high = [w for w, _ in node.sizes], [h for _, h in node.sizes]
    found: list[tuple[int, int, Way]] = []
    for width in _widths([wide, rows.widths], kept):
        card = high[bisect_right(wide, width) - 1]
        found.append((width, card + rows.heights[rows.within(width)], ("under", 0, 0)))
    if node.chain:
        found += _folded(node)
    return _front(found, kept)


def _folded(node: Node) -> list[tuple[int, int, Way]]:
    """Return the sizes of a chain whose claims stand in rows that run back and forth."""
    chain = node.chain
    rest: Rows | None = chain[-1].rows
    found: list[tuple[int, int, Way]] = []
    for width in _FOLDED_WIDTHS:
        if any(each.sizes[0][0] > width for each in chain):
            continue
        heights = [lowest(each, width) for each in chain]
        for count in range(2, min(len(chain), _FOLDED_ROW) + 1):
            wide = count * width + (count - 1) * TURN
            rows = [max(heights[at : at + count]) for at in range(0, len(chain), count)]
            high = sum(rows) + FOLD * (len(rows) - 1)
            if rest is not None:
                wide = max(wide, rest.widths[0])
                high += rest.heights[rest.within(wide)]
            found.append((wide, high, ("folded", width, count)))
    return found


def lowest(node: Node, width: int) -> int:
    """Return the height of a card of that width."""
    return max([h for w, h in node.sizes if w <= width][-1:], default=node.sizes[0][1])


def _rows(nodes: Sequence[Node], kept: int) -> Rows:
    """Return the ways to set siblings in columns under what they bear on."""
    count = len(nodes)
    found: list[tuple[int, int, Split, int]] = []
    whole: Split = ((0, count),)
    above = SOLO if count == 1 else HANG
    widths, lows = stack(nodes, kept)
    found += [(w, above - low, whole, -low) for w, low in zip(widths, lows, strict=True)]
    stacks: dict[tuple[int, int], _Sizes] = {}
    room = bus(nodes)
    few = kept if count <= _MANY else max(12, kept // 3)
    for columns in _COUNTS:
        if columns > count:
            break
        for split in _splits(nodes, columns):
            for part in split:
                if part not in stacks:
                    stacks[part] = stack(nodes[part[0] : part[1]], few)
            gaps = sum(aisles(nodes, split))
            widths, lows = beside([stacks[part] for part in split], gaps, few)
            found += [(w, room - low, split, -low) for w, low in zip(widths, lows, strict=True)]
    best = _best(found, kept)
    return Rows(
        [way[0] for way in best],
        [way[1] for way in best],
        [way[2] for way in best],
        [way[3] for way in best],
    )


def _splits(nodes: Sequence[Node], count: int) -> Iterable[Split]:
    """Return ways to split siblings, in their order, into columns of about the same height and of one kind each."""
    runs: list[tuple[int, int]] = []
    for place, node in enumerate(nodes):
        if runs and nodes[place - 1].kind is node.kind:
            runs[-1] = runs[-1][0], place + 1
        else:
            runs.append((place, place + 1))
    if count < len(runs):
        return ()
    if count == len(nodes):
        return (tuple([(place, place + 1) for place in range(count)]),)
    found: dict[Split, None] = {}
    for pick in (0.0, 0.5, 1.0) if len(nodes) <= _MANY else (0.5,):
        heights = [
            BELOW - node.front.lows[round(pick * (len(node.front.lows) - 1))] for node in nodes
        ]
        shares = [1] * len(runs)
        loads = [sum(heights[begin:end]) for begin, end in runs]
        for _ in range(count - len(runs)):
            left = [
                load / share if share < end - begin else -1.0
                for load, share, (begin, end) in zip(loads, shares, runs, strict=True)
            ]
            shares[left.index(max(left))] += 1
        split: list[tuple[int, int]] = []
        for share, (begin, end) in zip(shares, runs, strict=True):
            split += balanced(heights, begin, end, share)
        found[tuple(split)] = None
    return found


def balanced(heights: Sequence[int], begin: int, end: int, count: int) -> list[tuple[int, int]]:
    """Split a stretch in its order into columns of which the highest is as low as can be."""
    if count == 1:
        return [(begin, end)]

    def cut(most: float) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        total, start = 0, begin
        for place in range(begin, end):
            scarce = end - place <= count - len(found) - 1
            if place > start and (total + heights[place] > most or scarce):
                found.append((start, place))
                start, total = place, 0
            total += heights[place]
        return [*found, (start, end)]

    low, high = float(max(heights[begin:end])), float(sum(heights[begin:end]))
    for _ in range(_SPLITTING):
        middle = (low + high) / 2
        if len(cut(middle)) <= count:
            high = middle
        else:
            low = middle
    return cut(high)


# Steps


class Group(NamedTuple):
    """Premises whose cards share the width of one family: one with reasons, and bare ones around it.

    For each width: that of the whole, the height of the cards, and that of what hangs below the one.
    """

    members: list[Node]
    widths: list[int]
    cards: list[int]
    below: list[int]


def groups(step: Node, kept: int) -> list[Group]:
    """Return the premises of a step in groups."""
    members: list[list[Node]] = []
    for premise in step.premises:
        if members and not (premise.kids and any(each.kids for each in members[-1])):
            members[-1].append(premise)
        else:
            members.append([premise])
    found = []
    for group in members:
        widths, lows = beside(
            [_front_of_card(each) for each in group], IN_TRAY * (len(group) - 1), kept
        )
        rows: Rows | None = next((each.rows for each in group if each.kids), None)
        order = sorted(zip(widths, lows, strict=True))
        wide, low = [w for w, _ in order], [low for _, low in order]
        if rows is None:
            found.append(Group(group, wide, [-each for each in low], [0] * len(wide)))
            continue
        best: list[tuple[int, int, int]] = []
        for width in _widths([wide, rows.widths], kept):
            cards = -low[bisect_right(wide, width) - 1]
            below = rows.heights[rows.within(width)]
            if not best or cards + below < best[-1][1] + best[-1][2]:
                best.append((width, cards, below))
        found.append(Group(group, *([way[place] for way in best] for place in range(3))))
    return found


def spread(members: Sequence[Node], width: int, kept: int) -> list[int]:
    """Return the widths of cards side by side that take at most that much together, and are as low as can be."""
    fronts = [_front_of_card(each) for each in members]
    between = IN_TRAY * (len(members) - 1)
    widths, lows = beside(fronts, between, kept)
    fitting = [place for place, wide in enumerate(widths) if wide <= width]
    low = lows[max(fitting, key=lambda place: lows[place])] if fitting else lows[0]
    return [each[bisect_left(own, low)] for each, own in fronts]


def _front_of_card(node: Node) -> _Sizes:
    return [w for w, _ in node.sizes], [-h for _, h in node.sizes]


def abreast(parts: Sequence[Group], kept: int) -> Iterable[tuple[int, int, list[int]]]:
    """Yield ways to set groups side by side: width, height, and the place of the size of each."""
    totals = [[c + b for c, b in zip(part.cards, part.below, strict=True)] for part in parts]
    limits = sorted({height for own in totals for height in own})
    for limit in _thinned(limits, kept):
        picked = []
        for own in totals:
            place = next((n for n, height in enumerate(own) if height <= limit), None)
            if place is None:
                break
            picked.append(place)
        else:
            width = sum(part.widths[n] for part, n in zip(parts, picked, strict=True))
            height = max(part.cards[n] for part, n in zip(parts, picked, strict=True))
            height += max(part.below[n] for part, n in zip(parts, picked, strict=True))
            yield width + IN_TRAY * (len(parts) - 1), height, picked


def around(step: Node) -> int:
    """Return the width of the ground around the premises of a step."""
    return TRAY if len(step.premises) > 1 else 0


def _step(step: Node, kept: int) -> Front:
    """Return the sizes of a step: its premises in a row, in one column or in several rows, and what bears on it."""
    edge = around(step)
    premises = step.premises
    found: list[tuple[int, int, Way]] = [
        (width + 2 * edge, height + 2 * edge, ("row", 0, 0))
        for width, height, _ in abreast(groups(step, kept), kept)
    ]
    with_kids = [place for place, each in enumerate(premises) if each.kids]
    sizes = [_front_of_card(each) for each in premises]
    if len(premises) > 1 and with_kids in ([], [len(premises) - 1]):
        rows: Rows | None = premises[-1].rows if with_kids else None
        for width in _widths([own for own, _ in sizes], kept):
            high = -sum(lows[bisect_right(own, width) - 1] for own, lows in sizes)
            high += UNDER_TRAY * (len(premises) - 1)
            wide = width
            if rows is not None:
                wide = max(width, rows.widths[0])
                high += rows.heights[rows.within(wide)]
            found.append((wide + 2 * edge, high + 2 * edge, ("column", 0, 0)))
    if len(premises) > 3 and not with_kids:
        for width in _thinned(_widths([own for own, _ in sizes], kept), _TRIED):
            heights = [-lows[bisect_right(own, width) - 1] for own, lows in sizes]
            for count in range(2, min(len(premises), _FOLDED_ROW)):
                lines = ceil(len(premises) / count)
                high = sum(max(heights[n * count : (n + 1) * count]) for n in range(lines))
                high += UNDER_TRAY * (lines - 1) + 2 * edge
                wide = count * width + IN_TRAY * (count - 1) + 2 * edge
                found.append((wide, high, ("grid", width, count)))
    front = _front(found, kept)
    if not step.cuts:
        return front
    widths, lows = stack(step.cuts, kept)
    cuts = _thinned(list(zip(widths, lows, strict=True)), _TRIED)
    both: list[tuple[int, int, Way]] = []
    for width, low in _thinned(list(zip(front.widths, front.lows, strict=True)), _TRIED):
        for cut_width, cut_low in cuts:
            high = GATE - min(low, cut_low)
            both.append((width + CUT + cut_width, high, ("cut beside", width, cut_width)))
            wide = max(width, cut_width) + TRAY * 2
            both.append((wide, GATE - low + 14 - cut_low, ("cut below", width, cut_width)))
    step.sizes = list(zip(front.widths, [-low for low in front.lows], strict=True))
    step.rows = front  # of the premises alone
    return _front(both, kept)


# What sizes have in common


def _front(ways: list[tuple[int, int, Way]], kept: int) -> Front:
    best = _best(ways, kept)
    return Front([w[0] for w in best], [-w[1] for w in best], [w[2] for w in best])


def _widths(each: Sequence[list[int]], kept: int) -> list[int]:
    """Return the widths in which all can be drawn."""
    least = max([widths[0] for widths in each])
    return _thinned([width for width in sorted({*chain(*each)}) if width >= least], kept)


def _lows(each: Sequence[list[int]], kept: int) -> list[int]:
    """Return the heights in which all can be drawn, as negative numbers."""
    most = min([lows[-1] for lows in each])
    return _thinned([low for low in sorted({*chain(*each)}) if low <= most], kept)


def _best(ways: Sequence[_Sized], kept: int) -> list[_Sized]:
    """Keep what nothing else beats in both directions, from the narrowest on; of too many a fair choice."""
    best: list[_Sized] = []
    for way in sorted(ways, key=itemgetter(0, 1)):
        if not best or way[1] < best[-1][1]:
            best.append(way)
    return _thinned(best, kept)


def _thinned(values: list[_Value], kept: int) -> list[_Value]:
    """Return at most `kept` of the values, first and last among them."""
    if len(values) <= kept:
        return values
    return [values[round(n * (len(values) - 1) / (kept - 1))] for n in range(kept)]

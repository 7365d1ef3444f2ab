"""The page layout: the arrangement that stays the most legible when it is fitted on a page."""

from collections.abc import Sequence
from itertools import pairwise

from argmap.model import ArgumentMap, Relation
from argmap.model.order import Forest
from argmap.picture.cards import Card, sizes_of, with_links
from argmap.picture.dot import Link
from argmap.picture.layout import Layout, Point, Route
from argmap.picture.page import links
from argmap.picture.page.nodes import Node, grown
from argmap.picture.page.packing import Strip, packed, strip
from argmap.picture.page.place import Placing, reference_sizes
from argmap.picture.page.sizes import measure
from argmap.picture.page.trunks import Drawn, merged, rounded

_ROUNDS = 3  # of laying out, where lines turn out to be better told in words
_MANY = 500  # claims, from which on links are never drawn, and cards come in few widths
_KEPT, _FEW_KEPT = 60, 24  # sizes of a part, at most


def arrange_on_page(
    map: ArgumentMap, cards: tuple[Card, ...], trees: Forest, width: float, height: float
) -> Layout:
    """Arrange a map so that it is as legible as can be on a page of that size in points.

    Cards may become wider or narrower, and say where links lead that have no line.
    """
    if not cards:
        return Layout(0, 0, (), (), ())
    many = len(cards) >= _MANY
    mutual, lined, told = links.split(map, trees)
    if many:
        lined, told = [], [*lined, *told]
    sizes: dict[int, list[tuple[int, int]]] = {}
    for left in range(_ROUNDS - 1, -1, -1):
        said = links.words(map, told)
        cards = tuple([with_links(card, said) for card in cards])
        placing, roots = _placed(map, cards, trees, width, height, many, sizes)
        apart = {relation.id for relation in told}
        lines = [line for line in merged(placing.lines) if line[0][1].id not in apart]
        ways, worse = links.drawn(placing, lines, lined) if lined else ({}, [])
        through = [] if many else [line[0][1] for line in lines if _is_through(placing, line[0][0])]
        if not worse and not through:
            break
        if left == 1:
            worse = lined
        worse = [*worse, *through]
        told = [*told, *worse]
        lined = [relation for relation in lined if relation not in worse]
    apart = {relation.id for relation in told}
    lines = [line for line in lines if line[0][1].id not in apart]
    placing.surround(roots)
    return _layout(map, cards, trees, placing, lines, mutual, ways, told)


def _is_through(placing: Placing, points: Sequence[Point]) -> bool:
    """Say whether a line of upright and level stretches runs through a card; such a link is told in words."""
    for card, x, y in placing.cards.values():
        for (ax, ay), (bx, by) in pairwise(points):
            if (
                min(ax, bx) < x + card.width - 1
                and max(ax, bx) > x + 1
                and min(ay, by) < y + card.height - 1
                and max(ay, by) > y + 1
            ):
                return True
    return False


def _placed(
    map: ArgumentMap,
    cards: tuple[Card, ...],
    trees: Forest,
    width: float,
    height: float,
    many: bool,
    known: dict[int, list[tuple[int, int]]],
) -> tuple[Placing, list[Node]]:
    kept = _FEW_KEPT if many else _KEPT
    by_id = {card.claim.id: card for card in cards}
    order, roots = grown(map, trees, by_id)
    loose = [Node(claim, by_id[claim.id], None) for claim in trees.loose]
    for node in (*order, *loose):
        if node.card is not None:
            if id(node.card) not in known:
                known[id(node.card)] = sizes_of(node.card, many)
            node.sizes = known[id(node.card)]
        elif not node.is_step():
            node.sizes = reference_sizes(node)
    measure([*order, *loose], kept)
    items: list[Node | Strip] = list(roots)
    if loose:
        items.append(strip(loose, kept))
    slice, size = packed(items, width, height, kept)
    placing = Placing({card.claim.id: n for n, card in enumerate(cards)}, kept)
    placing.fill(slice, size)
    return placing, roots


def _layout(
    map: ArgumentMap,
    cards: tuple[Card, ...],
    trees: Forest,
    placing: Placing,
    lines: list[Drawn],
    mutual: list[links.Mutual],
    ways: dict[str, list[Point]],
    told: list[Relation],
) -> Layout:
    numbers = placing.numbers
    routes: list[Route] = []
    along: dict[str, tuple[Point, ...]] = {}
    for (points, relation, start, end, _), seen, whole in lines:
        way = along[relation.id] = rounded(points)
        own = None if whole and seen == points else rounded(seen) if len(seen) > 1 else ()
        routes.append(Route(Link(relation, start, end, True), way, False, own, whole))
    for relation, other in mutual:
        ends = numbers[relation.sources[0]], numbers[relation.target]
        back = along[other.id][::-1]
        routes.append(Route(Link(relation, *ends, True), back, False, (), True))
    for relation in map.relations:
        if relation.id in ways:
            ends = numbers[relation.sources[0]], numbers[relation.target]
            routes.append(Route(Link(relation, *ends, True), tuple(ways[relation.id])))
    centres = {j.relation.id: (j.x, j.y) for j in placing.junctions}
    for relation in told:
        start = numbers[relation.sources[0]]
        one = placing.cards[relation.sources[0]]
        goal = placing.cards.get(relation.target)
        begin = one.x + one.card.width / 2, one.y + one.card.height / 2
        finish = begin
        if goal is not None:
            finish = goal.x + goal.card.width / 2, goal.y + goal.card.height / 2
        elif relation.target in centres:
            finish = centres[relation.target]
        elif relation.target in along:
            finish = along[relation.target][0]
        way = rounded([begin, finish])
        routes.append(
            Route(
                Link(relation, start, numbers.get(relation.target, -1), True), way, False, (), False
            )
        )
    boxes = [(x + card.width, y + card.height) for card, x, y in placing.cards.values()]
    boxes += [(r.x + r.reference.width, r.y + r.reference.height) for r in placing.references]
    return Layout(
        max(x for x, _ in boxes),
        max(y for _, y in boxes),
        tuple([placing.cards[card.claim.id] for card in cards]),
        tuple(placing.junctions),
        tuple(routes),
        tuple(placing.references),
        tuple(placing.trays),
        tuple(placing.grounds),
        trees=trees,
    ).framed()

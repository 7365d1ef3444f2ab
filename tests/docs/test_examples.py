"""The example maps are rich, honest about their sources, and true to their articles."""

from pathlib import Path

import pytest

import argmap
from argmap.analysis.review import Severity, review
from argmap.analysis.schemes import known_schemes
from argmap.model import ArgumentMap, ClaimKind, QuoteState, RelationKind, anchored_map

EXAMPLES = Path(__file__).parents[2] / "examples"
OP_ED = "old-enough-at-sixteen"
CITED = "military-to-mexico"
# Longer runs of words would be copying rather than quoting.
SHORT_QUOTE_WORDS = 8


@pytest.fixture(scope="module", params=sorted(path.stem for path in EXAMPLES.glob("*.json")))
def example(request: pytest.FixtureRequest) -> ArgumentMap:
    return _map(request.param)


@pytest.fixture(scope="module")
def op_ed() -> ArgumentMap:
    return _map(OP_ED)


@pytest.fixture(scope="module")
def cited() -> ArgumentMap:
    return _map(CITED)


def test_both_examples_are_there() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} >= {OP_ED, CITED}


def test_every_claim_has_a_short_headline(example: ArgumentMap) -> None:
    assert [claim.id for claim in example.claims if not claim.label or len(claim.label) > 32] == []


def test_every_explicit_claim_is_quoted_and_no_implicit_one_is(example: ArgumentMap) -> None:
    wrong = [claim.id for claim in example.claims if claim.implicit == bool(claim.quotes)]
    assert wrong == []


def test_every_claim_leads_to_a_thesis(example: ArgumentMap) -> None:
    ends = {relation.id: relation.target for relation in example.relations}
    reached = {claim.id for claim in example.claims if claim.kind is ClaimKind.THESIS}
    for _ in example.relations:
        for relation in example.relations:
            target = relation.target
            while target in ends and target not in reached:
                target = ends[target]
            if target in reached:
                reached.update(relation.sources)
    assert [claim.id for claim in example.claims if claim.id not in reached] == []


def test_the_next_ids_follow_the_last_ones(example: ArgumentMap) -> None:
    assert example.counters.claims == len(example.claims)
    assert example.counters.relations == len(example.relations)


def test_the_schemes_of_the_steps_are_known_ones(example: ArgumentMap) -> None:
    named = {relation.scheme.key for relation in example.relations if relation.scheme}
    assert len(named) >= 4
    assert named <= set(known_schemes())


def test_a_review_finds_no_more_than_notes(example: ArgumentMap) -> None:
    found = [item for item in review(example).findings if item.severity is not Severity.NOTE]
    assert found == []


def test_every_quote_of_the_op_ed_stands_where_it_says(op_ed: ArgumentMap) -> None:
    text = _text(op_ed)
    for claim in op_ed.claims:
        for quote in claim.quotes:
            assert quote.state is QuoteState.ANCHORED
            assert quote.start is not None
            assert quote.end is not None
            assert text[quote.start : quote.end] == quote.exact
            assert text[max(0, quote.start - 32) : quote.start] == quote.prefix
            assert text[quote.end : quote.end + 32] == quote.suffix


def test_anchoring_the_op_ed_again_changes_nothing(op_ed: ArgumentMap) -> None:
    again = anchored_map(op_ed, _text(op_ed))
    assert (again.moved, again.orphaned) == ((), ())
    assert again.map == op_ed


def test_the_op_ed_is_as_long_as_an_op_ed(op_ed: ArgumentMap) -> None:
    assert 600 <= len(_text(op_ed).split()) <= 900


def test_the_op_ed_says_what_is_invented(op_ed: ArgumentMap) -> None:
    assert op_ed.article is not None
    rights = op_ed.article.rights or ""
    assert "invented" in rights
    assert "real" in rights


def test_the_op_ed_shows_every_part_of_the_vocabulary(op_ed: ArgumentMap) -> None:
    kinds = [claim.kind for claim in op_ed.claims]
    relations = {relation.id: relation for relation in op_ed.relations}
    by_id = {claim.id: claim for claim in op_ed.claims}
    attacks = [item for item in op_ed.relations if item.kind is RelationKind.ATTACKS]
    linked = [item for item in op_ed.relations if len(item.sources) > 1]
    replies = [
        item
        for item in attacks
        if item.target in by_id
        and by_id[item.target].kind is ClaimKind.REBUTTAL
        and any(by_id[source].kind is ClaimKind.REBUTTAL for source in item.sources)
    ]
    sourced = [
        claim
        for claim in op_ed.claims
        if claim.kind is ClaimKind.EVIDENCE and (claim.speaker or claim.source)
    ]
    assert len(kinds) >= 20
    assert set(kinds) == set(ClaimKind)
    assert len(sourced) >= 8
    assert len(linked) >= 2
    assert [item.id for item in attacks if item.target in relations] != []
    assert replies != []
    assert [c.id for c in op_ed.claims if c.implicit and c.kind is ClaimKind.PREMISE] != []


def test_the_cited_article_is_cited_and_not_stored(cited: ArgumentMap) -> None:
    assert cited.article is not None
    assert cited.article.text is None
    assert cited.article.publication is None
    assert cited.article.citation() == "Daria Novak, “Military to Mexico?”"


def test_the_map_of_the_cited_article_quotes_in_few_words_without_the_text_around_them(
    cited: ArgumentMap,
) -> None:
    quotes = [quote for claim in cited.claims for quote in claim.quotes]
    assert quotes != []
    for quote in quotes:
        assert quote.state is QuoteState.UNANCHORED
        assert len(quote.exact.split()) <= SHORT_QUOTE_WORDS
        assert (quote.prefix, quote.suffix) == ("", "")


def test_the_map_of_the_cited_article_argues_as_the_article_does(cited: ArgumentMap) -> None:
    (thesis,) = (claim for claim in cited.claims if claim.kind is ClaimKind.THESIS)
    assert "leading from behind" in thesis.text
    failed_state = next(claim for claim in cited.claims if "failed state" in claim.text)
    joint = next(item for item in cited.relations if failed_state.id in item.sources)
    assert joint.kind is RelationKind.SUPPORTS
    assert joint.target == thesis.id
    by_id = {claim.id: claim for claim in cited.claims}
    milley = {
        claim.id
        for claim in cited.claims
        if claim.kind is ClaimKind.REBUTTAL and "Milley" in (claim.speaker or "")
    }
    answered = {
        item.target
        for item in cited.relations
        if item.kind is RelationKind.ATTACKS and item.target in milley
    }
    assert len(answered) >= 2
    assert any("law enforcement" in by_id[id].text for id in answered)
    assert any("consent" in by_id[id].text for id in answered)


def test_every_figure_of_the_cited_article_names_who_gave_it_or_says_that_nobody_did(
    cited: ArgumentMap,
) -> None:
    evidence = [claim for claim in cited.claims if claim.kind is ClaimKind.EVIDENCE]
    assert len(evidence) >= 8
    for claim in evidence:
        assert claim.speaker or claim.source or "no source" in (claim.note or ""), claim.id


def _map(name: str) -> ArgumentMap:
    return argmap.load(EXAMPLES / f"{name}.json")


def _text(map: ArgumentMap) -> str:
    assert map.article is not None
    assert map.article.text is not None
    return map.article.text

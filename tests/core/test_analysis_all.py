"""Every analysis answers for any valid map, with values that turn into JSON and back, and says the same twice."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.analysis import Gradual, Linked, Semantics, Support, accept, strength
from argmap.analysis.comparison import compare
from argmap.analysis.explanation import explain
from argmap.analysis.questions import questions_of, raise_question
from argmap.analysis.review import review
from argmap.analysis.statistics import collect, statistics_of
from argmap.errors import AnalysisTimeout, Conflict
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from argmap.model.base import Value
from tests.support.strategies import maps


def same_after_json(value: Value) -> bool:
    return type(value).model_validate_json(value.model_dump_json()) == value


@settings(max_examples=20, deadline=None)
@given(
    maps(),
    st.sampled_from(Semantics),
    st.sampled_from(Support),
    st.sampled_from(Gradual),
    st.sampled_from(Linked),
)
def test_every_analysis_answers_for_any_map(
    drawn: ArgumentMap, semantics: Semantics, support: Support, gradual: Gradual, linked: Linked
) -> None:
    accepted = accept(drawn, semantics, support)
    assert set(accepted.labels) == set(drawn.by_id)
    strengths = strength(drawn, gradual, linked)
    assert list(strengths.claims) == [claim.id for claim in drawn.claims]
    assert all(
        0 <= value <= 1 for value in [*strengths.claims.values(), *strengths.relations.values()]
    )
    reviewed = review(drawn)
    for finding in reviewed.findings:
        assert set(finding.claims) <= {claim.id for claim in drawn.claims}
        assert set(finding.relations) <= {relation.id for relation in drawn.relations}
    counted = statistics_of(drawn)
    assert counted.coverage is None or 0 <= counted.coverage <= 1
    compared = compare(drawn, drawn)
    assert compared.claims.found == len(drawn.claims)
    answers: list[Value] = [
        accepted, strengths, reviewed, counted, collect([counted]), compared, questions_of(drawn),
    ]  # fmt: skip
    if drawn.claims:
        answers.append(explain(drawn, drawn.claims[-1].id, gradual, linked, seconds=0.05))
    assert all(same_after_json(answer) for answer in answers)


@settings(max_examples=25, deadline=None)
@given(maps(), st.sampled_from(Gradual))
def test_an_answer_does_not_depend_on_the_order_of_claims_and_relations(
    drawn: ArgumentMap, gradual: Gradual
) -> None:
    """Restatements are left out: in a ring of them the map's order tells which claim stands for all."""
    drawn = drawn.replace(
        relations=[
            one
            for one in drawn.relations
            if one.kind is not RelationKind.RESTATES and not _restates(drawn, one)
        ]
    )
    turned = drawn.replace(claims=drawn.claims[::-1], relations=drawn.relations[::-1])
    here, there = strength(drawn, gradual), strength(turned, gradual)
    assert here.claims == pytest.approx(there.claims, abs=1e-6)
    assert accept(drawn).labels == accept(turned).labels
    assert statistics_of(drawn).model_dump(exclude={"speakers"}) == statistics_of(
        turned
    ).model_dump(exclude={"speakers"})
    assert {finding.code for finding in review(drawn).findings} == {
        finding.code for finding in review(turned).findings
    }


def _restates(drawn: ArgumentMap, relation: Relation) -> bool:
    """Whether a relation is a restatement or is about one, directly or over other relations."""
    target = drawn.relation(relation.target)
    return relation.kind is RelationKind.RESTATES or (
        target is not None and _restates(drawn, target)
    )


@settings(max_examples=25, deadline=None)
@given(maps())
def test_every_open_question_of_any_map_can_be_raised(drawn: ArgumentMap) -> None:
    for asked in itertools.islice(questions_of(drawn).open, 3):
        after, claim, attack = raise_question(drawn, asked.relation, asked.question)
        assert after.claim(claim) is not None
        assert len(questions_of(after).questions) == len(questions_of(drawn).questions)
        with pytest.raises(Conflict):
            raise_question(after, asked.relation, asked.question)
        assert after.relation(attack) is not None


def test_what_too_many_claims_lead_to_is_not_explained() -> None:
    size = 4_002
    claims = [
        Claim(id=f"c{number}", kind=ClaimKind.PREMISE, text=f"Claim {number}.")
        for number in range(size)
    ]
    relations = [
        Relation(id=f"r{number}", kind=RelationKind.SUPPORTS, sources=(f"c{number}",), target="c0")
        for number in range(1, size)
    ]
    with pytest.raises(AnalysisTimeout, match="4001 claims"):
        explain(ArgumentMap(claims=claims, relations=relations), "c0")

"""Marking: where a team's map stands against a reference, the points that suggests, and the counts of a class."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmap
from argmap.analysis.marking import Placed, default_stars, place, propose, tally
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

REFERENCE = argmap.load(Path(__file__).parents[2] / "examples" / "old-enough-at-sixteen.json")
CLAIMS = [claim.id for claim in REFERENCE.claims]


def without(map: ArgumentMap, *ids: str) -> ArgumentMap:
    """Remove claims and relations, and what then leads nowhere; a linked group keeps its other sources."""
    gone = set(ids)
    claims = [claim for claim in map.claims if claim.id not in gone]
    relations = [item for item in map.relations if item.id not in gone]
    while True:
        here = {item.id for item in (*claims, *relations)}
        kept = []
        for item in relations:
            sources = tuple(source for source in item.sources if source in here)
            if sources and item.target in here:
                kept.append(item.model_copy(update={"sources": sources}))
        if kept == relations:
            return ArgumentMap(title=map.title, article=map.article, claims=claims, relations=kept)
        relations = kept


def changed(map: ArgumentMap, id: str, **fields: object) -> ArgumentMap:
    def new(item):
        return item.model_copy(update=fields) if item.id == id else item

    return ArgumentMap(
        title=map.title,
        article=map.article,
        claims=[new(item) for item in map.claims],
        relations=[new(item) for item in map.relations],
    )


def added(map: ArgumentMap, claim: Claim, *relations: Relation) -> ArgumentMap:
    return ArgumentMap(
        title=map.title,
        article=map.article,
        claims=[*map.claims, claim],
        relations=[*map.relations, *relations],
    )


def standing(placement, id: str) -> Placed:
    return dict(placement.relations)[id]


def test_a_map_against_itself_has_everything_and_twenty_points():
    placement = place(REFERENCE, REFERENCE)
    assert not placement.missed
    assert not placement.extra
    assert {placed for _, placed in placement.relations} == {Placed.FOUND}
    proposal = propose(REFERENCE, REFERENCE, placement)
    assert (proposal.points, proposal.most, proposal.open) == (20, 20, 0)
    assert not any(criterion.deductions for criterion in proposal.criteria)


@given(st.sets(st.sampled_from(CLAIMS), max_size=len(CLAIMS) - 1))
def test_what_was_taken_out_is_missed_and_all_else_found(taken):
    team = without(REFERENCE, *taken)
    placement = place(team, REFERENCE)
    # The implicit claim has no quote; its own words find it.
    assert set(placement.missed) == taken
    assert {item.reference for item in placement.found} == set(CLAIMS) - taken
    assert all(item.placed is Placed.FOUND for item in placement.found)
    assert not placement.extra
    assert not placement.wrong_relations
    proposal = propose(team, REFERENCE, placement)
    assert 0 <= proposal.points <= 20
    named = {id for item in proposal.criteria[0].deductions for id in item.claims}
    assert named == taken  # every deduction names its finding


def test_another_kind_of_relation_is_misplaced_and_named():
    team = changed(REFERENCE, "r21", kind=RelationKind.SUPPORTS)
    placement = place(team, REFERENCE)
    assert standing(placement, "r21") is Placed.MISPLACED
    assert [item.reference for item in placement.found if item.placed is Placed.MISPLACED] == [
        "c23"
    ]
    assert placement.wrong_relations == ("r21",)


def test_an_attack_on_the_claim_is_not_one_on_the_step():
    team = changed(REFERENCE, "r7", target="c9")
    placement = place(team, REFERENCE)
    assert standing(placement, "r7") is Placed.MISPLACED
    assert {joint.relation: joint.share for joint in placement.joints}["r7"] == 0
    full, less = (
        propose(map, REFERENCE, place(map, REFERENCE)).points for map in (REFERENCE, team)
    )
    assert less < full


def test_premises_drawn_apart_cost_the_joint_and_not_the_claims():
    apart = changed(REFERENCE, "r1", sources=("c2",))
    apart = added(
        apart,
        Claim(id="x1", kind=ClaimKind.PREMISE, text="Something that only this team says."),
        Relation(id="x2", kind=RelationKind.SUPPORTS, sources=("c3",), target="c1"),
    )
    placement = place(apart, REFERENCE)
    assert standing(placement, "r1") is Placed.MISPLACED
    assert placement.extra == ("x1",)
    assert not placement.wrong_relations  # both arrows are the reference's
    points = {item.code: item.points for item in propose(apart, REFERENCE, placement).criteria}
    assert points["claims"] == 6
    assert points["links"] == 5
    assert points["joints"] < 3


def own_words(map: ArgumentMap) -> ArgumentMap:
    return changed(map, "c6", text="If you can weigh things up, you should get a say.", label=None)


def test_an_implicit_premise_in_other_words_is_asked_about_and_a_person_decides():
    team = own_words(REFERENCE)
    (question,) = place(team, REFERENCE).questions
    assert (question.reference, question.team, question.target) == ("c6", "c6", "c1")
    assert propose(team, REFERENCE, place(team, REFERENCE)).open == 1
    agreed = place(team, REFERENCE, same={"c6": "c6"})
    assert not agreed.questions
    assert propose(team, REFERENCE, agreed).points == 20
    assert next(item for item in agreed.found if item.reference == "c6").by == "hand"
    refused = place(team, REFERENCE, apart={("c6", "c6")})
    assert not refused.questions
    assert refused.missed == ("c6",)


def test_pairs_that_a_person_took_apart_stay_apart_and_ids_that_are_gone_are_passed_over():
    placement = place(
        REFERENCE, REFERENCE, same={"gone": "c1", "c2": "nowhere"}, apart={("c3", "c3")}
    )
    assert "c3" in placement.missed
    assert "c3" in placement.extra
    assert len(placement.found) == len(CLAIMS) - 1


def test_what_the_template_gave_counts_neither_for_nor_against():
    thesis = without(REFERENCE, *CLAIMS[1:])
    placement = place(thesis, REFERENCE)
    assert propose(thesis, REFERENCE, placement).points > 0
    proposal = propose(thesis, REFERENCE, placement, given=["c1"])
    assert proposal.points == 0


def test_a_map_without_a_claim_gets_nothing():
    empty = ArgumentMap(title="Empty")
    assert propose(empty, REFERENCE, place(empty, REFERENCE)).points == 0


def test_theses_and_their_direct_reasons_weigh_double():
    assert default_stars(REFERENCE) == {"c1", "c2", "c3", "c5", "c6", "c14", "c25"}


@given(st.lists(st.sets(st.sampled_from(CLAIMS), max_size=9), max_size=5))
def test_the_counts_of_a_class_are_the_sums_of_its_teams(taken):
    placements = [place(without(REFERENCE, *ids), REFERENCE) for ids in taken]
    counted = tally(REFERENCE, placements)
    assert counted.teams == len(taken)
    for claim in counted.claims:
        assert claim.missed == sum(claim.id in ids for ids in taken)
        assert claim.found + claim.misplaced + claim.missed == len(taken)
    for relation in counted.relations:
        assert relation.found + relation.misplaced + relation.missed == len(taken)


# Six maps of one op-ed that pupils might draw, marked by the formula: points by hand would be 19, 15.5, ...
def heron() -> ArgumentMap:
    return without(REFERENCE, "c11", "c20", "c21", "c26")


def kestrel() -> ArgumentMap:
    map = without(REFERENCE, "c6", "c21", "c22", "c26")
    map = changed(map, "r7", target="c9")
    map = changed(map, "r11", target="c12")
    map = changed(map, "r1", sources=("c2",))
    map = changed(map, "r13", sources=("c15",))
    return ArgumentMap(
        title=map.title,
        article=map.article,
        claims=map.claims,
        relations=[
            *map.relations,
            Relation(id="r40", kind=RelationKind.SUPPORTS, sources=("c3",), target="c1"),
            Relation(id="r41", kind=RelationKind.SUPPORTS, sources=("c16",), target="c14"),
        ],
    )


def test_joints_tell_maps_apart_that_have_the_same_share_of_claims():
    scores = {}
    for team in (heron(), kestrel()):
        placement = place(team, REFERENCE)
        f1 = 2 * len(placement.found) / (len(CLAIMS) + len(team.claims))
        scores.setdefault(round(f1, 2), []).append(propose(team, REFERENCE, placement).points)
    assert scores == {0.92: [19, 15.5]}


@pytest.mark.parametrize("kind", list(ClaimKind))
def test_another_kind_costs_a_part_of_the_kinds_alone(kind):
    team = changed(REFERENCE, "c25", kind=kind)
    points = {
        item.code: item.points for item in propose(team, REFERENCE, place(team, REFERENCE)).criteria
    }
    assert points["kinds"] == 3.0  # one of 26 rounds to nothing
    assert points["claims"] == 6

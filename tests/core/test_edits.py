"""Edits number new things, patch by RFC 7386, and say what goes along with a removed claim."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.errors import Conflict, InvalidMap, NotFound
from argmap.model import ArgumentMap, parse_map
from argmap.model.edits import (
    add_claim,
    add_relation,
    merge_patch,
    move_claim,
    move_relation,
    patch_claim,
    patch_map,
    patch_relation,
    remove_claim,
    remove_relation,
)
from tests.support.strategies import maps

# RFC 7386, appendix A.
RFC_7386 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.fixture
def debate() -> ArgumentMap:
    return parse_map(
        {
            "claims": [
                {"id": f"c{n}", "kind": "premise", "text": f"Claim {n}."} for n in range(1, 7)
            ],
            "relations": [
                {"id": "r1", "kind": "supports", "sources": ["c2", "c3"], "target": "c1"},
                {"id": "r2", "kind": "attacks", "sources": ["c4"], "target": "r1"},
                {"id": "r3", "kind": "attacks", "sources": ["c5"], "target": "r2"},
                {"id": "r4", "kind": "attacks", "sources": ["c6"], "target": "c4"},
            ],
        }
    )


@pytest.mark.parametrize(("present", "patch", "result"), RFC_7386)
def test_merge_patch_gives_the_results_of_its_standard(
    present: Any, patch: Any, result: Any
) -> None:
    assert merge_patch(present, patch) == result


def test_new_claims_and_relations_get_the_next_number(debate: ArgumentMap) -> None:
    map, claim = add_claim(debate, {"kind": "premise", "text": "New."})
    map, relation = add_relation(map, {"kind": "supports", "sources": ["c7"], "target": "c1"})
    assert (claim.id, relation.id) == ("c7", "r5")


def test_a_used_number_is_never_given_again(debate: ArgumentMap) -> None:
    map, claim = add_claim(debate, {"kind": "premise", "text": "New."})
    map = remove_claim(map, claim.id).map
    assert add_claim(map, {"kind": "premise", "text": "Newer."})[1].id == "c8"


def test_a_taken_id_is_a_conflict_also_across_claims_and_relations(debate: ArgumentMap) -> None:
    for id in ("c1", "r1"):
        with pytest.raises(Conflict):
            add_claim(debate, {"id": id, "kind": "premise", "text": "New."})


def test_a_removed_claim_takes_along_what_cannot_be_without_it(debate: ArgumentMap) -> None:
    removal = remove_claim(debate, "c1")
    assert removal.removed_relations == ("r1", "r2", "r3")
    assert [relation.id for relation in removal.map.relations] == ["r4"]


def test_a_linked_group_keeps_its_other_sources(debate: ArgumentMap) -> None:
    removal = remove_claim(debate, "c2")
    assert (removal.removed_relations, removal.changed_relations) == ((), ("r1",))
    step = removal.map.relation("r1")
    assert step is not None
    assert step.sources == ("c3",)


def test_a_removed_step_takes_its_undercuts_along(debate: ArgumentMap) -> None:
    assert remove_relation(debate, "r1").removed_relations == ("r1", "r2", "r3")


@given(maps(), st.data())
def test_removing_anything_leaves_a_valid_map(map: ArgumentMap, data: st.DataObject) -> None:
    if not map.claims:
        return
    id = data.draw(st.sampled_from([claim.id for claim in map.claims]))
    removal = remove_claim(map, id)
    assert removal.map.claim(id) is None
    gone = {relation.id for relation in map.relations} - set(removal.map.by_id)
    assert gone == set(removal.removed_relations)


def test_null_removes_an_optional_field(debate: ArgumentMap) -> None:
    map, _ = patch_claim(debate, "c1", {"label": "Short", "tags": ["a", "b"]})
    map, claim = patch_claim(map, "c1", {"label": None, "tags": ["c"]})
    assert (claim.label, claim.tags) == (None, ("c",))


@pytest.mark.parametrize(
    ("patch", "place"),
    [
        ({"text": None}, "text"),
        ({"kind": None}, "kind"),
        ({"id": "c9"}, "id"),
        ({"id": None}, "id"),
        ({"nonsense": 1}, "nonsense"),
        ({"nonsense": None}, "nonsense"),
        ({"text": ""}, "text"),
        ({"weight": 2}, "weight"),
    ],
)
def test_a_patch_that_may_not_be_is_refused_with_its_place(
    debate: ArgumentMap, patch: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidMap) as refused:
        patch_claim(debate, "c1", patch)
    assert [fault.place for fault in refused.value.faults] == [place]


def test_a_patch_lists_its_faults_together(debate: ArgumentMap) -> None:
    with pytest.raises(InvalidMap) as refused:
        patch_claim(debate, "c1", {"id": "c9", "kind": None, "weight": 2, "label": "a\nb"})
    places = sorted(fault.place for fault in refused.value.faults)
    assert places == ["id", "kind", "label", "weight"]


def test_a_relation_cannot_be_patched_into_the_void(debate: ArgumentMap) -> None:
    with pytest.raises(InvalidMap) as refused:
        patch_relation(debate, "r2", {"target": "c99"})
    assert refused.value.faults[0].place == "target"


def test_a_patch_that_says_the_same_changes_nothing(debate: ArgumentMap) -> None:
    assert patch_claim(debate, "c1", {"id": "c1", "text": "Claim 1."})[0] is debate
    assert patch_map(debate, {"title": ""}) is debate


def test_a_map_patch_reaches_only_the_maps_own_fields(debate: ArgumentMap) -> None:
    assert patch_map(debate, {"title": "New", "language": "de"}).title == "New"
    assert patch_map(debate.replace(title="Old"), {"title": None}).title == ""
    with pytest.raises(InvalidMap, match="claims"):
        patch_map(debate, {"claims": []})


def test_what_is_not_there_is_not_found(debate: ArgumentMap) -> None:
    with pytest.raises(NotFound):
        patch_claim(debate, "r1", {})
    with pytest.raises(NotFound):
        remove_relation(debate, "c1")


def test_claims_and_relations_are_put_before_others_or_at_the_end() -> None:
    map = ArgumentMap.model_validate(
        {
            "claims": [{"id": f"c{n}", "kind": "premise", "text": "T"} for n in (1, 2, 3)],
            "relations": [
                {"id": f"r{n}", "kind": "supports", "sources": [f"c{n}"], "target": "c1"}
                for n in (2, 3)
            ],
        }
    )
    assert [c.id for c in move_claim(map, "c3", "c1").claims] == ["c3", "c1", "c2"]
    assert [c.id for c in move_claim(map, "c1", None).claims] == ["c2", "c3", "c1"]
    assert move_claim(map, "c1", "c1") == map
    assert [r.id for r in move_relation(map, "r3", "r2").relations] == ["r3", "r2"]
    with pytest.raises(NotFound):
        move_relation(map, "r3", "c1")

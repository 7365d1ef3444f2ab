"""Claims and relations of one request that name each other before they have ids."""

from typing import Any

import pytest

from tests.support.service import Person, created, problem

NEW: dict[str, Any] = {
    "claims": [
        {"id": "new:main", "kind": "thesis", "text": "The library should stay open."},
        {"kind": "premise", "text": "Pupils need a quiet place."},
        {"id": "c2", "kind": "premise", "text": "The library is quiet."},
    ],
    "relations": [
        {"id": "new:step", "kind": "supports", "sources": ["c2"], "target": "new:main"},
        {"kind": "attacks", "sources": ["new:main"], "target": "new:step"},
    ],
}


def test_a_new_map_answers_the_ids_that_temporary_names_got(owner: Person) -> None:
    map = created(owner.client.post("/maps", json=NEW))
    assert map["names"] == {"new:main": "c3", "new:step": "r1"}
    assert [claim["id"] for claim in map["claims"]] == ["c3", "c4", "c2"]
    assert map["relations"] == [
        {"id": "r1", "kind": "supports", "sources": ["c2"], "target": "c3"},
        {"id": "r2", "kind": "attacks", "sources": ["c3"], "target": "r1"},
    ]
    assert "names" not in owner.client.get(f"/maps/{map['id']}").json()


def test_each_map_of_a_batch_has_its_own_names(owner: Person) -> None:
    sent = {"maps": [NEW, {"claims": NEW["claims"][:1]}]}
    items = created(owner.client.post("/maps/batch", json=sent))["items"]
    assert [item["names"] for item in items] == [
        {"new:main": "c3", "new:step": "r1"},
        {"new:main": "c1"},
    ]


def test_a_replaced_map_numbers_on_and_may_be_sent_back_as_it_was_answered(owner: Person) -> None:
    map = created(owner.client.post("/maps", json=NEW))
    added = {"id": "new:more", "kind": "evidence", "text": "A survey says so."}
    step = {"kind": "supports", "sources": ["new:more"], "target": "c2"}
    sent = {
        **map,
        "claims": [*map["claims"], added],
        "relations": [*map["relations"], step],
    }
    answer = owner.client.put(f"/maps/{map['id']}", json=sent, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert answer.json()["names"] == {"new:more": "c5"}
    assert answer.json()["relations"][-1]["sources"] == ["c5"]


def test_later_changes_of_a_request_name_what_earlier_ones_added(owner: Person) -> None:
    address = f"/maps/{owner.map()['id']}"
    changes = [
        {"op": "add_claim", "claim": {"id": "new:a", "kind": "premise", "text": "First words."}},
        {"op": "add_claim", "claim": {"id": "new:b", "kind": "premise", "text": "Gone soon."}},
        {"op": "change_claim", "id": "new:a", "patch": {"text": "Better words."}},
        {"op": "add_relation", "relation": {"id": "new:r", "kind": "supports", "sources": ["new:a"], "target": "c1"}},
        {"op": "change_relation", "id": "new:r", "patch": {"sources": ["new:a", "c2"]}},
        {"op": "change_relation", "id": "r1", "patch": {"target": "new:a"}},
        {"op": "remove_claim", "id": "new:b"},
    ]  # fmt: skip
    answer = owner.client.post(f"{address}/changes", json={"changes": changes})
    assert answer.status_code == 200
    map = answer.json()
    assert map["names"] == {"new:a": "c5", "new:b": "c6", "new:r": "r3"}
    assert map["claims"][-1] == {"id": "c5", "kind": "premise", "text": "Better words."}
    assert map["relations"][0]["target"] == "c5"
    assert map["relations"][-1]["sources"] == ["c5", "c2"]


def test_one_claim_with_a_temporary_name_gets_a_number(owner: Person) -> None:
    address = f"/maps/{owner.map()['id']}/claims"
    claim = {"id": "new:a", "kind": "premise", "text": "One more."}
    assert created(owner.client.post(address, json=claim))["id"] == "c5"


@pytest.mark.parametrize(
    ("claims", "relations", "place", "code"),
    [
        (["new:a", "new:a"], [], "claims/1/id", "duplicate_id"),
        (["new:a"], ["new:b"], "relations/0/target", "unknown_id"),
        (["new:a b"], [], "claims/0/id", "string_pattern_mismatch"),
        (["?1"], [], "claims/0/id", "string_pattern_mismatch"),
        ([""], [], "claims/0/id", "string_pattern_mismatch"),
    ],
)
def test_names_that_mean_nothing_are_refused_with_their_place(
    claims: list[str], relations: list[str], place: str, code: str, owner: Person
) -> None:
    body = {
        "claims": [{"id": name, "kind": "premise", "text": "Words."} for name in claims],
        "relations": [{"kind": "attacks", "sources": claims[:1], "target": t} for t in relations],
    }
    wrong = problem(owner.client.post("/maps", json=body), 422, "invalid")
    assert {"place": place, "code": code} in [
        {"place": fault["place"], "code": fault["code"]} for fault in wrong["errors"]
    ]


def test_changes_name_only_what_came_before(owner: Person) -> None:
    address = f"/maps/{owner.map()['id']}"
    step = {"kind": "supports", "sources": ["new:a"], "target": "c1"}
    claim = {"id": "new:a", "kind": "premise", "text": "Too late."}
    changes = [{"op": "add_relation", "relation": step}, {"op": "add_claim", "claim": claim}]
    wrong = problem(
        owner.client.post(f"{address}/changes", json={"changes": changes}), 422, "invalid"
    )
    assert wrong["errors"][0]["place"] == "changes/0/sources/0"
    twice = [{"op": "add_claim", "claim": claim}] * 2
    problem(owner.client.post(f"{address}/changes", json={"changes": twice}), 409, "conflict")


def test_an_id_that_looks_made_up_is_kept_like_any_other(owner: Person) -> None:
    claim = {"id": "new-0123456789abcdef", "kind": "thesis", "text": "A."}
    step = {"kind": "supports", "sources": ["c9"], "target": claim["id"]}
    sent = {"claims": [claim, {"id": "c9", "kind": "premise", "text": "B."}], "relations": [step]}
    map = created(owner.client.post("/maps", json=sent))
    assert map["claims"][0]["id"] == claim["id"]
    assert map["relations"][0]["target"] == claim["id"]

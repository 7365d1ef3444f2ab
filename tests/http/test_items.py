"""Claims and relations over HTTP: one by one with tags of their own, and several at once."""

import httpx
import pytest

from tests.support.service import Person, Service, created, problem

CLAIM = {"kind": "premise", "text": "A new reason."}


@pytest.fixture
def map(owner: Person) -> str:
    return f"/maps/{owner.map()['id']}"


def test_a_stranger_cannot_touch_the_claims_of_a_map(
    anonymous: httpx.Client, stranger: Person, owner: Person
) -> None:
    private = f"/maps/{owner.map()['id']}"
    public = f"/maps/{owner.map(visibility='public')['id']}"
    problem(anonymous.post(f"{public}/claims", json=CLAIM), 401, "unauthenticated")
    problem(stranger.client.post(f"{private}/claims", json=CLAIM), 404, "not-found")
    problem(stranger.client.post(f"{public}/claims", json=CLAIM), 403, "not-permitted")
    problem(stranger.client.delete(f"{public}/claims/c1"), 403, "not-permitted")
    problem(stranger.patch(f"{public}/claims/c1", {"text": "x"}), 403, "not-permitted")
    assert anonymous.get(f"{public}/claims/c1").status_code == 200


def test_a_claim_is_created_read_changed_and_removed(owner: Person, map: str) -> None:
    answer = owner.client.post(f"{map}/claims", json={**CLAIM, "label": "New"})
    assert created(answer) == {"id": "c5", "label": "New", **CLAIM}
    address = answer.headers["location"].removeprefix("/api/v1")
    assert owner.client.get(address).headers["etag"] == answer.headers["etag"]
    patched = owner.patch(address, {"label": None, "tags": ["x"]})
    assert patched.json() == {"id": "c5", "tags": ["x"], **CLAIM}
    removed = owner.client.delete(address)
    assert removed.json() == {"removed_relations": [], "changed_relations": [], "version": 4}
    problem(owner.client.get(address), 404, "not-found")


def test_a_removed_claim_says_which_relations_went_with_it(owner: Person, map: str) -> None:
    removed = owner.client.delete(f"{map}/claims/c2").json()
    assert (removed["removed_relations"], removed["changed_relations"]) == ([], ["r1"])
    removed = owner.client.delete(f"{map}/claims/c3").json()
    assert removed["removed_relations"] == ["r1", "r2"]


def test_a_relation_is_created_read_changed_and_removed(owner: Person, map: str) -> None:
    new = {"kind": "attacks", "sources": ["c4"], "target": "c1"}
    assert created(owner.client.post(f"{map}/relations", json=new)) == {"id": "r3", **new}
    patched = owner.patch(f"{map}/relations/r3", {"target": "r1", "label": "but"})
    assert patched.json()["target"] == "r1"
    body = problem(owner.patch(f"{map}/relations/r3", {"target": "zz"}), 422, "invalid")
    assert body["errors"][0]["place"] == "target"
    removed = owner.client.delete(f"{map}/relations/r1").json()
    assert removed["removed_relations"] == ["r2", "r3"]
    problem(owner.client.get(f"{map}/relations/r3"), 404, "not-found")


def test_a_relation_to_nothing_is_refused_with_its_place(owner: Person, map: str) -> None:
    new = {"kind": "supports", "sources": ["c1", "c77"], "target": "c78"}
    body = problem(owner.client.post(f"{map}/relations", json=new), 422, "invalid")
    assert [fault["place"] for fault in body["errors"]] == ["sources/1", "target"]


def test_a_taken_id_is_a_conflict(owner: Person, map: str) -> None:
    problem(owner.client.post(f"{map}/claims", json={"id": "r1", **CLAIM}), 409, "conflict")


def test_anothers_edit_elsewhere_is_no_conflict(owner: Person, map: str) -> None:
    tag = owner.client.get(f"{map}/claims/c1").headers["etag"]
    owner.patch(f"{map}/claims/c2", {"label": "Elsewhere"})
    assert owner.patch(f"{map}/claims/c1", {"label": "Here"}, **{"If-Match": tag}).is_success
    stale = owner.patch(f"{map}/claims/c1", {"label": "Again"}, **{"If-Match": tag})
    problem(stale, 412, "version-mismatch")
    stale = owner.client.delete(f"{map}/claims/c1", headers={"If-Match": tag})
    problem(stale, 412, "version-mismatch")


def test_a_patch_must_be_a_merge_patch(owner: Person, map: str) -> None:
    answer = owner.client.patch(f"{map}/claims/c1", json={"label": "x"})
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept-patch"] == "application/merge-patch+json"
    problem(owner.patch(f"{map}/claims/c1", ["x"]), 422, "invalid")
    for patch in ({"text": None}, {"id": "c9"}, {"kind": "x"}, {"nope": 1}):
        problem(owner.patch(f"{map}/claims/c1", patch), 422, "invalid")


def test_several_changes_are_one_version_or_none(owner: Person, map: str) -> None:
    changes = [
        {"op": "add_claim", "claim": {"id": "c9", **CLAIM}},
        {"op": "add_relation", "relation": {"kind": "supports", "sources": ["c9"], "target": "c2"}},
        {"op": "change_claim", "id": "c1", "patch": {"label": "Open"}},
        {"op": "change_relation", "id": "r1", "patch": {"label": "because"}},
        {"op": "remove_relation", "id": "r2"},
        {"op": "remove_claim", "id": "c4"},
        {"op": "change_map", "patch": {"title": "Changed"}},
    ]
    answer = owner.client.post(f"{map}/changes", json={"changes": changes})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["version"], body["title"]) == (2, "Changed")
    assert [claim["id"] for claim in body["claims"]] == ["c1", "c2", "c3", "c9"]
    changes = [
        {"op": "change_map", "patch": {"title": "Half"}},
        {"op": "remove_claim", "id": "c44"},
    ]
    refused = problem(
        owner.client.post(f"{map}/changes", json={"changes": changes}), 422, "invalid"
    )
    assert refused["errors"][0]["place"] == "changes/1/id"
    assert owner.client.get(map).json()["title"] == "Changed"


def test_several_changes_respect_the_version(owner: Person, map: str) -> None:
    body = {"changes": [{"op": "change_map", "patch": {"title": "New"}}]}
    stale = owner.client.post(f"{map}/changes", json=body, headers={"If-Match": '"7"'})
    problem(stale, 412, "version-mismatch")


def test_a_new_quote_is_found_in_the_article(service: Service) -> None:
    person = service.person()
    article = person.article(text="One two three.")
    map = person.map(article["id"])
    claim = {**CLAIM, "quotes": [{"exact": "two"}, {"exact": "nowhere to be found"}]}
    answer = created(person.client.post(f"/maps/{map['id']}/claims", json=claim))
    found, lost = answer["quotes"]
    assert (found["start"], found["prefix"], found["suffix"]) == (4, "One ", " three.")
    assert lost["state"] == "orphan"

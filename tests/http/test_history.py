"""Histories over HTTP: every version can be read, compared, taken back and restored."""

import httpx
import pytest

from tests.support.service import Person, problem


@pytest.fixture
def edited(owner: Person) -> str:
    """A map of four versions: created, labelled, retitled, without c4."""
    map = f"/maps/{owner.map()['id']}"
    owner.patch(f"{map}/claims/c1", {"label": "Open late"})
    owner.patch(map, {"title": "Retitled"})
    owner.client.delete(f"{map}/claims/c4")
    return map


def test_a_stranger_sees_no_history_of_a_private_map(
    anonymous: httpx.Client, stranger: Person, edited: str
) -> None:
    for address in ("/history", "/history/1", "/versions/1", "/difference?from=1&to=2"):
        problem(anonymous.get(edited + address), 404, "not-found")
        problem(stranger.client.get(edited + address), 404, "not-found")
    problem(anonymous.post(f"{edited}/history/2/undo"), 401, "unauthenticated")
    problem(stranger.client.post(f"{edited}/history/2/undo"), 404, "not-found")


def test_the_history_says_who_changed_what_newest_first(owner: Person, edited: str) -> None:
    entries = owner.client.get(f"{edited}/history").json()["items"]
    assert [entry["version"] for entry in entries] == [4, 3, 2, 1]
    assert {entry["account_name"] for entry in entries} == {owner.name}
    kinds = [[change["kind"] for change in entry["changes"]] for entry in entries]
    assert sorted(kinds[0]) == ["claim_removed", "relation_removed"]
    assert kinds[1:] == [["metadata_changed"], ["claim_changed"], []]
    assert entries[1]["changes"][0]["before"] == "A small map"
    assert entries[1] == owner.client.get(f"{edited}/history/3").json()


def test_the_history_comes_in_pages(owner: Person, edited: str) -> None:
    page = owner.client.get(f"{edited}/history", params={"limit": 3})
    rest = owner.client.get(page.links["next"]["url"]).json()
    assert [entry["version"] for entry in rest["items"]] == [1]
    assert rest["next"] is None


def test_every_version_can_be_read_and_drawn(owner: Person, edited: str) -> None:
    first = owner.client.get(f"{edited}/versions/1")
    assert first.headers["etag"] == '"1"'
    assert first.json()["title"] == "A small map"
    assert "label" not in first.json()["claims"][0]
    second = owner.client.get(f"{edited}/versions/2").json()
    assert second["claims"][0]["label"] == "Open late"
    assert "claim-c4" in owner.client.get(f"{edited}.svg?version=3").text
    assert "claim-c4" not in owner.client.get(f"{edited}.svg?version=4").text
    newest = len(owner.client.get(f"{edited}/history").json()["items"])
    for query, version in (("?version=3", 3), ("?version=4", 4), ("", newest)):
        assert f"version {version}</text>" in owner.client.get(f"{edited}.svg{query}").text
    problem(owner.client.get(f"{edited}/versions/5"), 404, "not-found")
    problem(owner.client.get(f"{edited}/versions/0"), 404, "not-found")
    problem(owner.client.get(f"{edited}.svg?version=99"), 404, "not-found")


def test_versions_are_compared_both_ways(owner: Person, edited: str) -> None:
    there = owner.client.get(f"{edited}/difference", params={"from": 1, "to": 3}).json()
    assert [change["kind"] for change in there["changes"]] == ["metadata_changed", "claim_changed"]
    back = owner.client.get(f"{edited}/difference", params={"from": 3, "to": 1}).json()
    assert back["changes"][0]["after"] == "A small map"


def test_ones_own_entry_is_undone_and_the_undo_too(owner: Person, edited: str) -> None:
    undone = owner.client.post(f"{edited}/history/2/undo")
    assert undone.status_code == 200, undone.text
    assert "label" not in undone.json()["claims"][0]
    assert undone.json()["title"] == "Retitled"
    problem(owner.client.post(f"{edited}/history/2/undo"), 409, "conflict")
    assert owner.client.get(f"{edited}/history/2").json()["undone_by"] == 5
    again = owner.client.post(f"{edited}/history/5/undo").json()
    assert again["claims"][0]["label"] == "Open late"
    back = owner.client.post(f"{edited}/history/4/undo").json()
    assert [claim["id"] for claim in back["claims"]] == ["c1", "c2", "c3", "c4"]
    assert [relation["id"] for relation in back["relations"]] == ["r1", "r2"]


def test_an_undo_says_what_stands_in_its_way(owner: Person, edited: str) -> None:
    owner.patch(f"{edited}/claims/c1", {"label": "Newer"})
    answer = problem(owner.client.post(f"{edited}/history/2/undo"), 409, "conflict")
    assert "c1" in answer["detail"]


def test_only_ones_own_entries_are_undone(owner: Person, stranger: Person, edited: str) -> None:
    owner.client.put(f"{edited}/grants/{stranger.id}", json={"role": "editor"})
    problem(stranger.client.post(f"{edited}/history/2/undo"), 403, "not-permitted")


def test_a_whole_version_is_restored_as_a_new_one(owner: Person, edited: str) -> None:
    restored = owner.client.post(f"{edited}/versions/1/restore").json()
    first = owner.client.get(f"{edited}/versions/1").json()
    assert restored["version"] == 5
    assert (restored["title"], restored["claims"], restored["relations"]) == (
        first["title"],
        first["claims"],
        first["relations"],
    )
    stale = owner.client.post(f"{edited}/versions/1/restore", headers={"If-Match": '"4"'})
    problem(stale, 412, "version-mismatch")

"""Batches: each operation once under its key, and a conflict only where somebody else has changed the same."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.postgres import POSTGRESQL, Postgres
from tests.support.service import Person, Service, created, problem, serving

MINIMAL = {"Prefer": "return=minimal"}


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE batch_tests")
        settings["database_url"] = server.url("batch_tests")
    with serving(tmp_path_factory.mktemp("data"), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def ann(service: Service) -> Person:
    return service.person()


@pytest.fixture(scope="module")
def ben(service: Service) -> Person:
    return service.person()


@pytest.fixture
def map(ann: Person, ben: Person) -> str:
    """The address of a map of Ann's at version 1 that Ben may edit."""
    made = ann.map()
    ann.client.put(f"/maps/{made['id']}/grants/{ben.id}", json={"role": "editor"})
    return f"/maps/{made['id']}"


def send(person: Person, map: str, *changes: dict[str, Any], **headers: str) -> Any:
    return person.client.post(
        f"{map}/changes", json={"changes": changes}, headers={**MINIMAL, **headers}
    )


def done(person: Person, map: str, *changes: dict[str, Any]) -> dict[str, Any]:
    answer = send(person, map, *changes)
    assert answer.status_code == 200, answer.text
    assert answer.headers["preference-applied"] == "return=minimal"
    return answer.json()


def conflicts(person: Person, map: str, *changes: dict[str, Any]) -> list[dict[str, Any]]:
    before = person.client.get(map).content
    body = problem(send(person, map, *changes), 409, "edit-conflict")
    assert person.client.get(map).content == before  # nothing stored
    assert body["version"] == person.client.get(map).json()["version"]
    return body["conflicts"]


def text(id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"op": "change_claim", "id": id, "patch": {"text": text}, **more}


def test_a_short_answer_says_what_was_changed(ann: Person, map: str) -> None:
    claim = {"id": "new:a", "kind": "premise", "text": "New."}
    relation = {"kind": "supports", "sources": ["new:a"], "target": "c1"}
    body = done(
        ann, map, {"op": "add_claim", "claim": claim}, {"op": "add_relation", "relation": relation}
    )
    assert body["version"] == 2
    assert body["names"] == {"new:a": "c5"}
    assert [result["id"] for result in body["results"]] == ["c5", "r3"]
    tag = ann.client.get(f"{map}/claims/c5").headers["etag"]
    assert body["results"][0] == {"id": "c5", "version": 2, "replayed": False, "etag": tag}
    assert body["changes"] == ann.client.get(f"{map}/history/2").json()["changes"]


def test_changes_of_different_items_and_of_different_fields_do_not_conflict(
    ann: Person, ben: Person, map: str
) -> None:
    done(ben, map, text("c2", "Ben's."), text("c3", "Ben's."))
    label = {"op": "change_claim", "id": "c2", "patch": {"label": "Ann's"}, "base": 1}
    assert done(ann, map, text("c1", "Ann's.", base=1), label)["version"] == 3
    claim = ann.client.get(f"{map}/claims/c2").json()
    assert (claim["text"], claim["label"]) == ("Ben's.", "Ann's")


def test_a_conflict_has_both_versions_and_who_made_the_other(
    ann: Person, ben: Person, map: str
) -> None:
    old = ann.client.get(f"{map}/claims/c2").json()
    done(ben, map, text("c2", "Ben's."))
    (found,) = conflicts(ann, map, text("c1", "Fine.", base=1), text("c2", "Ann's.", base=1))
    assert found["index"] == 1
    assert (found["id"], found["fields"]) == ("c2", ["text"])
    assert found["base"] == old
    assert found["yours"] == {**old, "text": "Ann's."}
    assert found["theirs"] == {**old, "text": "Ben's."}
    assert found["by"] == {"account_id": ben.id, "name": ben.name}
    assert found["version"] == 2
    assert found["etag"] == ann.client.get(f"{map}/claims/c2").headers["etag"]
    # the person chooses, and the answer's version is the new base
    assert done(ann, map, text("c2", "Ann's.", base=2))["version"] == 3


def test_the_same_change_by_both_is_no_conflict(ann: Person, ben: Person, map: str) -> None:
    done(ben, map, text("c2", "The same."))
    assert done(ann, map, text("c2", "The same.", base=1))["version"] == 2


def test_what_was_changed_and_changed_back_by_undo_conflicts_no_more_than_it_differs(
    ann: Person, ben: Person, map: str
) -> None:
    done(ben, map, text("c2", "Ben's."))
    ben.client.post(f"{map}/history/2/undo")
    (found,) = conflicts(ann, map, text("c2", "Ann's.", base=1))
    assert found["theirs"] == found["base"]


def test_a_change_of_what_was_removed_is_a_conflict(ann: Person, ben: Person, map: str) -> None:
    done(ben, map, {"op": "remove_claim", "id": "c4"})
    (found,) = conflicts(ann, map, text("c4", "Ann's.", base=1))
    assert found["theirs"] is None
    assert found["base"]["id"] == "c4"
    assert found["yours"]["text"] == "Ann's."
    # without an expectation it is the fault that it was before
    problem(send(ann, map, text("c4", "Ann's.")), 422, "invalid")


def test_a_removal_of_what_was_changed_is_a_conflict_and_of_what_is_gone_is_none(
    ann: Person, ben: Person, map: str
) -> None:
    done(ben, map, text("c4", "Ben's."))
    (found,) = conflicts(ann, map, {"op": "remove_claim", "id": "c4", "base": 1})
    assert found["yours"] is None
    assert found["fields"] == ["text"]
    done(ben, map, {"op": "remove_claim", "id": "c4", "base": 2})
    assert done(ann, map, {"op": "remove_claim", "id": "c4", "base": 2})["version"] == 3


def test_a_relation_to_what_was_removed_is_a_conflict(ann: Person, ben: Person, map: str) -> None:
    done(ben, map, {"op": "remove_claim", "id": "c4"})
    relation = {"kind": "supports", "sources": ["c4"], "target": "c1"}
    (found,) = conflicts(ann, map, {"op": "add_relation", "relation": relation, "base": 1})
    assert (found["id"], found["fields"], found["theirs"]) == ("c4", ["sources"], None)


def test_the_title_conflicts_with_the_title_alone(ann: Person, ben: Person, map: str) -> None:
    done(ben, map, {"op": "change_map", "patch": {"title": "Ben's"}})
    done(ann, map, {"op": "change_map", "patch": {"language": "en"}, "base": 1})
    (found,) = conflicts(ann, map, {"op": "change_map", "patch": {"title": "Ann's"}, "base": 1})
    assert found["theirs"] == {"title": "Ben's"}
    assert found["yours"] == {"title": "Ann's"}
    assert found["id"] is None


def test_an_etag_conflicts_with_any_other_state_of_its_item(
    ann: Person, ben: Person, map: str
) -> None:
    tag = ann.client.get(f"{map}/claims/c2").headers["etag"]
    done(ben, map, text("c1", "Elsewhere."))
    done(ann, map, text("c2", "First.", etag=tag))
    done(ben, map, {"op": "change_claim", "id": "c2", "patch": {"label": "Ben's"}})
    (found,) = conflicts(ann, map, text("c2", "Second.", etag=tag))
    assert found["base"] is None
    assert found["theirs"]["label"] == "Ben's"
    assert found["by"]["name"] == ben.name
    done(ann, map, text("c2", "Second.", etag=found["etag"]))


def test_an_operation_counts_once_however_the_batch_is_cut(ann: Person, map: str) -> None:
    claim = {
        "op": "add_claim",
        "key": "w1.1",
        "claim": {"id": "new:a", "kind": "premise", "text": "A"},
    }
    relation = {
        "op": "add_relation",
        "key": "w1.2",
        "relation": {"kind": "supports", "sources": ["new:a"], "target": "c1"},
    }
    first = done(ann, map, claim)
    again = done(ann, map, claim, relation)
    assert first["names"] == again["names"] == {"new:a": "c5"}
    assert [result["replayed"] for result in again["results"]] == [True, False]
    assert [result["version"] for result in again["results"]] == [2, 3]
    third = done(ann, map, claim, relation)
    assert third["version"] == 3
    assert third["changes"] == []
    assert len(ann.client.get(f"{map}/claims").json()) == 5


def test_a_key_stands_for_one_operation_of_one_account(ann: Person, ben: Person, map: str) -> None:
    done(ann, map, text("c1", "One.", key="k"))
    problem(send(ann, map, text("c1", "Two.", key="k")), 409, "idempotency-mismatch")
    assert done(ben, map, text("c1", "Two.", key="k"))["version"] == 3
    problem(send(ann, map, text("c1", "One.", key="two words")), 422, "invalid")


def test_a_refused_batch_leaves_its_keys_free(ann: Person, ben: Person, map: str) -> None:
    done(ben, map, text("c2", "Ben's."))
    conflicts(ann, map, text("c1", "A.", key="w.1", base=1), text("c2", "A.", key="w.2", base=1))
    body = done(ann, map, text("c1", "A.", key="w.1", base=1), text("c2", "A.", key="w.2", base=2))
    assert [result["replayed"] for result in body["results"]] == [False, False]


def test_a_window_does_not_conflict_with_what_it_did_itself(
    ann: Person, ben: Person, map: str
) -> None:
    done(ann, map, text("c2", "One.", key="w1.1", base=1))
    assert done(ann, map, text("c2", "Two.", key="w1.2", base=1))["version"] == 3
    # another window of the same person knows nothing of it
    assert conflicts(ann, map, text("c2", "Three.", key="w2.1", base=1))
    # and what others did in between is not covered by one's own
    done(ben, map, text("c2", "Ben's."))
    assert conflicts(ann, map, text("c2", "Four.", key="w1.3", base=1))


def test_a_conflict_shows_no_more_of_the_article_than_one_may_see(
    service: Service, ann: Person, ben: Person
) -> None:
    article = ann.article(text="Before it. The words themselves. Behind it.")
    carl = service.person()
    claim = {
        "id": "c1",
        "kind": "premise",
        "text": "x",
        "quotes": [{"exact": "The words themselves."}],
    }
    made = created(ann.client.post(f"/articles/{article['id']}/maps", json={"claims": [claim]}))
    map = f"/maps/{made['id']}"
    ann.patch(map, {"visibility": "public", "quotes_only": True})
    ann.client.put(f"{map}/grants/{carl.id}", json={"role": "editor"})
    version = ann.client.get(map).json()["version"]
    done(ann, map, text("c1", "Ann's."))
    body = problem(send(carl, map, text("c1", "Carl's.", base=version)), 409, "edit-conflict")
    assert "Before it" not in str(body)
    assert "The words themselves." in str(body)
    assert body["conflicts"][0]["etag"] == carl.client.get(f"{map}/claims/c1").headers["etag"]

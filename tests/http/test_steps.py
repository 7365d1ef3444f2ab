"""Undo and redo of one's own steps, whenever they were made; finding one's maps."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.postgres import POSTGRESQL, Postgres
from tests.support.service import Person, Service, problem, serving


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    settings: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE step_tests")
        settings["database_url"] = server.url("step_tests")
    with serving(tmp_path_factory.mktemp("data"), **settings) as running:
        yield running


@pytest.fixture
def ann(service: Service) -> Person:
    return service.person()


@pytest.fixture
def ben(service: Service) -> Person:
    return service.person()


@pytest.fixture
def map(ann: Person, ben: Person) -> str:
    made = ann.map()
    ann.client.put(f"/maps/{made['id']}/grants/{ben.id}", json={"role": "editor"})
    return f"/maps/{made['id']}"


def label(person: Person, map: str, claim: str, label: str) -> None:
    assert person.patch(f"{map}/claims/{claim}", {"label": label}).status_code == 200


def labels(person: Person, map: str) -> list[str | None]:
    return [claim.get("label") for claim in person.client.get(map).json()["claims"]]


def can(person: Person, map: str) -> tuple[int | None, int | None]:
    body = person.client.get(f"{map}/steps").json()
    return tuple(body[name] and body[name]["version"] for name in ("undo", "redo"))  # type: ignore[return-value]


def go(person: Person, map: str, step: str) -> dict[str, Any]:
    answer = person.client.post(f"{map}/{step}", headers={"Prefer": "return=minimal"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_steps_are_undone_and_redone_in_turn(ann: Person, map: str) -> None:
    assert can(ann, map) == (None, None)
    problem(ann.client.post(f"{map}/undo"), 409, "conflict")
    for claim in ("c1", "c2", "c3"):
        label(ann, map, claim, claim)
    assert can(ann, map) == (4, None)
    assert go(ann, map, "undo")["changes"][0]["id"] == "c3"
    go(ann, map, "undo")
    assert labels(ann, map) == ["c1", None, None, None]
    assert can(ann, map)[0] == 2
    go(ann, map, "redo")
    assert labels(ann, map) == ["c1", "c2", None, None]
    go(ann, map, "redo")
    assert labels(ann, map) == ["c1", "c2", "c3", None]
    problem(ann.client.post(f"{map}/redo"), 409, "conflict")
    for _ in range(3):
        go(ann, map, "undo")
    assert labels(ann, map) == [None] * 4
    for _ in range(3):
        go(ann, map, "redo")
    assert labels(ann, map) == ["c1", "c2", "c3", None]


def test_a_new_step_leaves_nothing_to_redo(ann: Person, map: str) -> None:
    label(ann, map, "c1", "one")
    label(ann, map, "c2", "two")
    go(ann, map, "undo")
    label(ann, map, "c3", "three")
    assert can(ann, map)[1] is None
    go(ann, map, "undo")
    assert labels(ann, map) == ["one", None, None, None]
    go(ann, map, "redo")
    assert labels(ann, map) == ["one", None, "three", None]
    assert can(ann, map)[1] is None
    go(ann, map, "undo"), go(ann, map, "undo")
    assert labels(ann, map) == [None] * 4


def test_nobody_undoes_what_another_did(ann: Person, ben: Person, map: str) -> None:
    label(ann, map, "c1", "Ann's")
    label(ben, map, "c2", "Ben's")
    go(ann, map, "undo")
    assert labels(ann, map) == [None, "Ben's", None, None]
    assert can(ann, map)[0] is None
    go(ben, map, "undo")
    assert labels(ann, map) == [None] * 4
    go(ann, map, "redo")
    assert labels(ann, map) == ["Ann's", None, None, None]


def test_a_step_that_another_has_built_on_stays(ann: Person, ben: Person, map: str) -> None:
    claim = ann.client.post(f"{map}/claims", json={"kind": "premise", "text": "New."}).json()
    relation = {"kind": "supports", "sources": ["c2"], "target": claim["id"]}
    ben.client.post(f"{map}/relations", json=relation)
    body = problem(ann.client.post(f"{map}/undo"), 409, "conflict")
    assert "later changes build on" in body["detail"]


def test_a_removal_is_undone_whole(ann: Person, map: str) -> None:
    before = ann.client.get(map).json()
    ann.client.delete(f"{map}/claims/c1")
    assert len(ann.client.get(map).json()["relations"]) < len(before["relations"])
    whole = ann.client.post(f"{map}/undo").json()
    assert whole["claims"] == before["claims"]
    assert whole["relations"] == before["relations"]


def test_a_reader_undoes_nothing_and_a_stranger_learns_nothing(
    service: Service, ann: Person, map: str
) -> None:
    label(ann, map, "c1", "x")
    reader, stranger = service.person(), service.person()
    ann.client.put(f"{map}/grants/{reader.id}", json={"role": "viewer"})
    assert can(reader, map) == (None, None)
    problem(reader.client.post(f"{map}/undo"), 403, "not-permitted")
    problem(stranger.client.get(f"{map}/steps"), 404, "not-found")
    problem(stranger.client.post(f"{map}/undo"), 404, "not-found")
    problem(service.client().get(f"{map}/steps"), 404, "not-found")


def test_ones_own_maps_are_found_latest_change_first(ann: Person, ben: Person) -> None:
    first, second = ann.map(title="First"), ann.map(title="Second")
    ben.map(title="Public", visibility="public")

    def found(**query: str) -> list[str]:
        items = ann.client.get("/maps", params=query).json()["items"]
        return [item["title"] for item in items]

    assert found(mine="true") == ["Second", "First"]
    label(ann, f"/maps/{first['id']}", "c1", "changed")
    assert found(mine="true", sort="changed") == ["First", "Second"]
    assert "Public" in found()
    page = ann.client.get("/maps", params={"mine": "true", "sort": "changed", "limit": "1"}).json()
    more = {"mine": "true", "sort": "changed", "limit": "1", "cursor": page["next"]}
    assert [item["id"] for item in ann.client.get("/maps", params=more).json()["items"]] == [
        second["id"]
    ]
    assert ann.client.get("/maps?mine=true").json()["items"]


def test_maps_are_found_by_title_claim_and_article(ann: Person, ben: Person) -> None:
    article = ann.article(title="Ferries", text="The harbourmaster said so.")
    ann.map(
        article["id"],
        title="Zwölf Fähren 100%",
        claims=[{"kind": "premise", "text": "Quayside."}],
        relations=[],
    )

    def found(words: str, person: Person = ann) -> int:
        return len(person.client.get("/maps", params={"words": words}).json()["items"])

    for words in ("zwölf", "Fähren zwölf", "100%", "quayside", "harbourmaster", "ferries"):
        assert found(words) == 1, words
    for words in ("zwölf quayside", "nowhere", "%", "_", '"'):
        assert found(words) == 0, words
    assert found("harbourmaster", ben) == 0


def test_the_text_of_an_article_that_one_may_not_see_finds_no_map(ann: Person, ben: Person) -> None:
    article = ann.article(title="Ferries", text="The harbourmaster said so.")
    map = ann.map(article["id"], title="Open")
    ann.patch(f"/maps/{map['id']}", {"visibility": "public", "quotes_only": True})

    def found(words: str) -> list[str]:
        items = ben.client.get("/maps", params={"words": words}).json()["items"]
        return [item["id"] for item in items if item["id"] == map["id"]]

    assert found("open")
    assert not found("harbourmaster")

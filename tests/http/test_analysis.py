"""Analyses over HTTP: the library's answers, cached by version, and never a write but where one was asked for."""

from collections.abc import Iterator

import httpx
import pytest

import argmap
from argmap import analysis
from argmap.model import ArgumentMap, canonical
from tests.support.service import Person, created, problem


@pytest.fixture(scope="module")
def example(root) -> ArgumentMap:
    return argmap.load(next((root / "examples").glob("*mexico*.json"))).replace(article=None)


@pytest.fixture(scope="module")
def map(owner: Person, example: ArgumentMap) -> Iterator[str]:
    answer = owner.client.post(
        "/maps", content=canonical(example), headers={"Content-Type": "application/json"}
    )
    return f"/maps/{created(answer)['id']}"


READS = (
    "review",
    "review.sarif",
    "statistics",
    "acceptability",
    "strength",
    "explanation",
    "questions",
)


@pytest.mark.parametrize("name", READS)
def test_a_stranger_learns_nothing_about_a_private_map(
    anonymous: httpx.Client, stranger: Person, map: str, name: str
) -> None:
    for caller in (anonymous, stranger.client):
        seen, unknown = caller.get(f"{map}/{name}"), caller.get(f"/maps/AAAAAAAAAAAAAAAA/{name}")
        problem(seen, 404, "not-found")
        assert seen.content == unknown.content
    problem(anonymous.post(f"{map}/what-if", json={}), 404, "not-found")
    problem(stranger.client.get(f"{map}/comparison?reference=x"), 404, "not-found")
    problem(
        stranger.client.post(f"{map}/questions", json={"relation": "r1", "question": "x"}),
        404,
        "not-found",
    )


@pytest.mark.parametrize("name", READS)
def test_an_analysis_is_answered_and_has_a_tag_of_its_own(
    owner: Person, map: str, name: str
) -> None:
    answer = owner.client.get(f"{map}/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.json()
    tag = answer.headers["etag"]
    again = owner.client.get(f"{map}/{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert owner.client.get(f"{map}/{name}").content == answer.content


def test_the_service_says_what_the_library_says(
    owner: Person, map: str, example: ArgumentMap
) -> None:
    strength = owner.client.get(f"{map}/strength", params={"semantics": "euler"}).json()
    expected = analysis.strength(example, analysis.Gradual.EULER)
    assert strength["claims"] == pytest.approx(expected.claims)
    accepted = owner.client.get(f"{map}/acceptability", params={"semantics": "preferred"}).json()
    assert accepted["extensions"] == [
        list(each) for each in analysis.accept(example, analysis.Semantics.PREFERRED).extensions
    ]
    review = owner.client.get(f"{map}/review").json()
    code = review["findings"][0]["code"]
    less = owner.client.get(f"{map}/review", params={"without": code}).json()
    assert code not in {finding["code"] for finding in less["findings"]}
    assert owner.client.get(f"{map}/review.sarif").json()["version"] == "2.1.0"


def test_a_change_gives_a_new_answer(owner: Person, example: ArgumentMap) -> None:
    map = f"/maps/{owner.map()['id']}"
    before = owner.client.get(f"{map}/strength").json()["claims"]
    owner.client.delete(f"{map}/claims/c4")
    after = owner.client.get(f"{map}/strength").json()["claims"]
    assert after["c1"] > before["c1"]
    assert owner.client.get(f"{map}/strength?version=1").json()["claims"] == before


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("review?without=no-such-rule", "without"),
        ("explanation?claim=c999", "claim"),
        ("strength?semantics=guess", "semantics"),
        ("acceptability?limit=0", "limit"),
        ("comparison?reference=AAAAAAAAAAAAAAAA", "reference"),
        ("comparison", "reference"),
    ],
)
def test_a_wrong_parameter_is_named(owner: Person, map: str, address: str, place: str) -> None:
    body = problem(owner.client.get(f"{map}/{address}"), 400, "bad-parameter")
    assert body["errors"][0]["place"] == place


def test_supposing_stores_nothing(owner: Person) -> None:
    map = f"/maps/{owner.map()['id']}"
    answer = owner.client.post(f"{map}/what-if", json={"remove": ["c4"]})
    assert answer.status_code == 200, answer.text
    changed = {each["claim"]: each for each in answer.json()["changed"]}
    assert changed["c1"]["strength_after"] > changed["c1"]["strength_before"]
    assert owner.client.get(map).headers["etag"] == '"1"'
    problem(owner.client.post(f"{map}/what-if", json={"remove": ["c99"]}), 422, "invalid")


def test_an_open_question_becomes_a_rebuttal(owner: Person) -> None:
    relations = [
        {
            "id": "r1",
            "kind": "supports",
            "sources": ["c2"],
            "target": "c1",
            "scheme": {"key": "expert_opinion"},
        }
    ]
    claims = [
        {"id": "c1", "kind": "thesis", "text": "It is safe."},
        {"id": "c2", "kind": "premise", "text": "Professor Ek says so."},
    ]
    map = f"/maps/{owner.map(claims=claims, relations=relations)['id']}"
    asked = owner.client.get(f"{map}/questions").json()["questions"]
    assert asked
    body = {"relation": "r1", "question": asked[0]["question"]}
    answer = owner.client.post(f"{map}/questions", json=body)
    raised = created(answer)
    assert answer.headers["location"] == f"/api/v1{map}/claims/{raised['claim']}"
    assert owner.client.get(f"{map}/claims/{raised['claim']}").json()["kind"] == "rebuttal"
    answered = owner.client.get(f"{map}/questions").json()["questions"][0]
    assert answered["answers"][0]["claims"] == [raised["claim"]]
    problem(owner.client.post(f"{map}/questions", json=body), 409, "conflict")
    body["question"] = "no-such-question"
    problem(owner.client.post(f"{map}/questions", json=body), 422, "invalid")


def test_two_maps_are_compared(owner: Person, map: str, example: ArgumentMap) -> None:
    same = owner.client.get(f"{map}/comparison", params={"reference": map.rpartition("/")[2]})
    assert same.json()["claims"]["f1"] == 1
    other = owner.map()
    less = owner.client.get(f"{map}/comparison", params={"reference": other["id"]}).json()
    assert less["claims"]["f1"] < 1


def test_a_collection_is_counted_together(owner: Person, map: str) -> None:
    answer = owner.client.get("/statistics", params={"owner": owner.id}).json()
    listed = owner.client.get("/maps", params={"owner": owner.id, "limit": 200}).json()["items"]
    assert answer["maps"] == len(listed)

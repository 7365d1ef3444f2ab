"""Analyses laid over pictures, and maps on paper, over HTTP."""

from argmap.model import parse_map
from tests.support.service import Person, problem


def test_strengths_are_drawn_over_the_claims(owner: Person) -> None:
    map = f"/maps/{owner.map()['id']}"
    plain = owner.client.get(f"{map}.svg")
    strong = owner.client.get(f"{map}.svg?overlay=strength")
    assert "strength" not in plain.text.partition("</style>")[2]
    assert "strength" in strong.text.partition("</style>")[2]
    assert strong.headers["etag"] != plain.headers["etag"]
    assert owner.client.get(f"{map}.svg").content == plain.content
    assert owner.client.get(f"{map}.svg?overlay=strength").content == strong.content


def test_a_review_marks_the_claims_that_it_is_about(owner: Person) -> None:
    map = f"/maps/{owner.map()['id']}"
    found = owner.client.get(f"{map}/review").json()["findings"]
    marked = owner.client.get(f"{map}.svg?overlay=review").text
    codes = {finding["code"].replace("-", " ") for finding in found if finding["claims"]}
    assert codes
    assert any(code in marked for code in codes)


def test_open_questions_are_drawn_as_ghosts(owner: Person) -> None:
    claims = [
        {"id": "c1", "kind": "thesis", "text": "It is safe."},
        {"id": "c2", "kind": "premise", "text": "Professor Ek says so."},
    ]
    step = {"id": "r1", "kind": "supports", "sources": ["c2"], "target": "c1"}
    relations = [{**step, "scheme": {"key": "expert_opinion"}}]
    map = owner.map(claims=claims, relations=relations)
    drawn = owner.client.get(f"/maps/{map['id']}.svg?overlay=questions").text
    asked = owner.client.get(f"/maps/{map['id']}/questions").json()["questions"]
    assert drawn.count('data-claim="') == 2 + len(asked)
    assert parse_map({"claims": claims, "relations": relations}).claims[1].id in drawn


def test_a_map_is_set_on_paper(owner: Person) -> None:
    map = f"/maps/{owner.map()['id']}"
    sheet = owner.client.get(f"{map}.pdf")
    assert sheet.status_code == 200, sheet.text[:300]
    assert sheet.headers["content-type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF-")
    handout = owner.client.get(f"{map}.pdf?handout=true&page=Letter")
    assert len(handout.content) > len(sheet.content)
    tag = sheet.headers["etag"]
    again = owner.client.get(f"{map}.pdf", headers={"If-None-Match": tag})
    assert again.status_code == 304
    problem(owner.client.get(f"{map}.pdf?poster=90"), 400, "bad-parameter")
    problem(owner.client.get(f"{map}.svg?overlay=magic"), 400, "bad-parameter")

"""The layout of a map as JSON is that of its picture."""

import re

import httpx

from tests.support.service import Person, problem, small_map


def test_the_layout_has_every_claim_where_the_picture_has_it(
    owner: Person, anonymous: httpx.Client
) -> None:
    map = owner.map(visibility="public")
    answer = anonymous.get(f"/maps/{map['id']}/layout")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    layout = answer.json()
    assert [claim["id"] for claim in layout["claims"]] == ["c1", "c2", "c3", "c4"]
    assert {relation["id"] for relation in layout["relations"]} == {"r1", "r2"}
    svg = anonymous.get(f"/maps/{map['id']}.svg").text
    for claim in layout["claims"]:
        match = re.search(
            rf'data-claim="{claim["id"]}" transform="translate\(([\d-]+) ([\d-]+)\)"', svg
        )
        assert match is not None
        assert (int(match[1]), int(match[2])) == (round(claim["x"]), round(claim["y"]))
        for line in claim["lines"]:
            assert 0 <= line["x"] <= claim["width"]
            assert 0 < line["y"] <= claim["height"]
    linked = next(relation for relation in layout["relations"] if relation["id"] == "r1")
    assert len(linked["junction"]) == 2
    assert [path["arrow"] for path in linked["paths"]].count(True) == 1


def test_a_layout_takes_the_parameters_of_the_picture(owner: Person) -> None:
    address = f"/maps/{owner.map()['id']}/layout"
    top = owner.client.get(address).json()
    side = owner.client.get(address, params={"direction": "left", "theme": "dark"}).json()
    assert (top["width"], top["height"]) != (side["width"], side["height"])
    near = owner.client.get(address, params={"focus": "c2", "depth": 1}).json()
    assert {claim["id"] for claim in near["claims"]} < {"c1", "c2", "c3", "c4"}
    faults = problem(owner.client.get(address, params={"focus": "c99"}), 400, "bad-parameter")[
        "errors"
    ]
    assert faults[0]["place"] == "focus"
    problem(owner.client.get(address, params={"size": "9"}), 400, "unknown-parameter")


def test_what_an_analysis_adds_has_its_place(owner: Person) -> None:
    address = f"/maps/{owner.map()['id']}/layout"
    plain = owner.client.get(address).json()
    strong = owner.client.get(address, params={"overlay": "strength"}).json()
    for before, after in zip(plain["claims"], strong["claims"], strict=True):
        shown = "strength" in {line["role"] for line in after["lines"]}
        assert (after["height"] > before["height"]) is shown
    assert "strength" in {line["role"] for claim in strong["claims"] for line in claim["lines"]}


def test_a_layout_is_not_sent_again_until_the_map_changes(owner: Person) -> None:
    map = owner.map()
    address = f"/maps/{map['id']}/layout"
    tag = owner.client.get(address).headers["etag"]
    same = owner.client.get(address, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    assert owner.client.get(f"/maps/{map['id']}.svg").headers["etag"] != tag
    claim = small_map()["claims"][1] | {"id": "c9"}
    assert owner.client.post(f"/maps/{map['id']}/claims", json=claim).status_code == 201
    changed = owner.client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert len(changed.json()["claims"]) == 5


def test_the_layout_of_a_private_map_looks_absent_to_a_stranger(
    owner: Person, stranger: Person, anonymous: httpx.Client
) -> None:
    private = owner.map()["id"]
    for client in (anonymous, stranger.client):
        problem(client.get(f"/maps/{private}/layout"), 404, "not-found")

"""Articles over HTTP: stored, listed, corrected with their quotes, deleted and brought back."""

import json
from typing import Any

import httpx
import pytest

from argmap.model import ArgumentMap
from argmap.store.maps import anchoring
from tests.support.service import Person, Service, problem

TEXT = "The town closes its library at five.\n\nA third of our pupils have no quiet room at home."


def test_a_stranger_cannot_create_and_does_not_see_a_private_article(
    anonymous: httpx.Client, owner: Person, stranger: Person
) -> None:
    problem(anonymous.post("/articles", json={"title": "T"}), 401, "unauthenticated")
    article = owner.article(text=TEXT)
    for caller in (anonymous, stranger.client):
        for ending in ("", "/versions/1", "/maps"):
            seen = caller.get(f"/articles/{article['id']}{ending}")
            unknown = caller.get(f"/articles/AAAAAAAAAAAAAAAA{ending}")
            problem(seen, 404, "not-found")
            assert seen.content == unknown.content
    problem(stranger.patch(f"/articles/{article['id']}", {"title": "Mine"}), 404, "not-found")
    problem(stranger.client.delete(f"/articles/{article['id']}"), 404, "not-found")


def test_an_article_is_read_as_it_was_sent(owner: Person) -> None:
    sent = {
        "title": "Open late",
        "authors": ["Ida Sommer", "Jo Ek"],
        "publication": "The Harbour Courier",
        "url": "https://example.org/late",
        "published": "2026-03-14",
        "language": "en",
        "text": TEXT,
        "rights": "With permission",
        "visibility": "public",
    }
    answer = owner.client.post("/articles", json=sent)
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    read = owner.client.get(answer.headers["location"].removeprefix("/api/v1"))
    assert {name: read.json()[name] for name in sent} == sent


def test_correcting_the_text_moves_quotes_along_and_names_the_orphans(owner: Person) -> None:
    article = owner.article(text=TEXT)
    quotes = ["closes its library at five", "no quiet room at home"]
    map = owner.map(
        article["id"],
        claims=[
            {"id": f"c{n}", "kind": "premise", "text": f"Claim {n}.", "quotes": [{"exact": words}]}
            for n, words in enumerate(quotes)
        ],
        relations=[],
    )
    corrected = "A first line.\n\n" + TEXT.replace("have no quiet room at home", "are well off")
    answer = owner.patch(f"/articles/{article['id']}", {"text": corrected})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["version"], body["reanchored_maps"], body["hidden_orphans"]) == (2, 1, 0)
    assert body["orphans"] == [
        {"map_id": map["id"], "claim_id": "c1", "quote_index": 0, "exact": quotes[1]}
    ]
    now = owner.client.get(f"/maps/{map['id']}").json()
    assert (now["version"], now["article_version"]) == (2, 2)
    moved, lost = (claim["quotes"][0] for claim in now["claims"])
    assert corrected[moved["start"] : moved["end"]] == quotes[0]
    assert lost["state"] == "orphan"
    entry = owner.client.get(f"/maps/{map['id']}/history/2").json()
    assert (entry["action"], entry["account_id"]) == ("re-anchored", None)
    old = owner.client.get(f"/articles/{article['id']}/versions/1").json()
    assert old["text"] == TEXT


def test_orphans_in_maps_of_others_are_counted_and_not_named(service: Service) -> None:
    owner, other = service.person(), service.person()
    article = owner.article(text=TEXT, visibility="public")
    quote = {"exact": "no quiet room at home"}
    claims = [{"kind": "premise", "text": "Secret reading.", "quotes": [quote]}]
    other.map(article["id"], claims=claims, relations=[])
    answer = owner.patch(f"/articles/{article['id']}", {"text": "Another text altogether."}).json()
    assert (answer["orphans"], answer["hidden_orphans"]) == ([], 1)


def test_lists_are_filtered_and_come_in_pages(service: Service) -> None:
    person = service.person()
    for number in range(5):
        person.article(
            title=f"Piece {number}",
            authors=["Ada One" if number % 2 else "Bo Two"],
            publication="Daily" if number < 3 else "Weekly",
            published=f"2026-01-0{number + 1}",
            text=f"About topic{number} and libraries.",
        )
    mine = {"owner": person.id}

    def titles(**query: Any) -> list[str]:
        answer = person.client.get("/articles", params={**mine, **query})
        assert answer.status_code == 200, answer.text
        return sorted(item["title"] for item in answer.json()["items"])

    assert titles(author="ada one") == ["Piece 1", "Piece 3"]
    assert titles(publication="Weekly") == ["Piece 3", "Piece 4"]
    assert titles(published_from="2026-01-02", published_to="2026-01-03") == ["Piece 1", "Piece 2"]
    assert titles(words="topic3 libraries") == ["Piece 3"]
    assert titles(words='"; DROP') == []
    assert titles(changed_since="2999-01-01T00:00:00Z") == []
    found: list[str] = []
    page = person.client.get("/articles", params={**mine, "limit": 2})
    while True:
        found += [item["title"] for item in page.json()["items"]]
        assert all("text" not in item for item in page.json()["items"])
        if "next" not in page.links:
            break
        page = person.client.get(page.links["next"]["url"])
    assert sorted(found) == [f"Piece {number}" for number in range(5)]


def test_an_article_that_others_map_is_only_deleted_with_detaching(service: Service) -> None:
    owner, other = service.person(), service.person()
    article = owner.article(text=TEXT, visibility="public")
    map = other.map(article["id"])
    refused = problem(owner.client.delete(f"/articles/{article['id']}"), 409, "conflict")
    assert "1" in refused["detail"]
    gone = owner.client.delete(f"/articles/{article['id']}", params={"detach": "true"})
    assert gone.status_code == 204
    kept = other.client.get(f"/maps/{map['id']}").json()
    assert kept["article"]["title"] == "An op-ed"
    assert "text" not in kept["article"]


def test_a_deleted_article_comes_back(owner: Person) -> None:
    article = owner.article(text=TEXT)
    address = f"/articles/{article['id']}"
    assert owner.client.delete(address).status_code == 204
    problem(owner.client.get(address), 404, "not-found")
    listed = owner.client.get("/articles", params={"deleted": "true"}).json()["items"]
    assert article["id"] in [item["id"] for item in listed]
    assert owner.client.post(f"{address}/undelete").status_code == 200
    assert owner.client.get(address).json()["text"] == TEXT


def test_a_patch_respects_preconditions_and_required_fields(owner: Person) -> None:
    article = owner.article()
    address = f"/articles/{article['id']}"
    problem(owner.patch(address, {"title": None}), 422, "invalid")
    problem(owner.patch(address, {"nonsense": 1}), 422, "invalid")
    problem(owner.patch(address, {"id": "other"}), 422, "invalid")
    refused = problem(owner.patch(address, {"visibility": None, "title": ""}), 422, "invalid")
    assert {fault["place"] for fault in refused["errors"]} == {"visibility", "title"}
    assert owner.client.get(address).headers["etag"] == '"1"'
    assert owner.patch(address, {"rights": "mine"}, **{"If-Match": '"1"'}).status_code == 200
    for patch in ({"rights": "x"}, {"visibility": "public"}):
        stale = owner.patch(address, patch, **{"If-Match": '"1"'})
        problem(stale, 412, "version-mismatch")
    assert owner.patch(address, {"rights": None}).json()["rights"] is None


def test_only_the_owner_publishes_an_article(owner: Person, stranger: Person) -> None:
    article = owner.article(text=TEXT)
    address = f"/articles/{article['id']}"
    grant = owner.client.put(f"{address}/grants/{stranger.id}", json={"role": "editor"})
    assert grant.status_code == 200
    assert stranger.patch(address, {"rights": "edited"}).status_code == 200
    problem(stranger.patch(address, {"visibility": "public"}), 403, "not-permitted")
    both = owner.patch(address, {"visibility": "public", "rights": "both"}).json()
    assert (both["visibility"], both["rights"]) == ("public", "both")


def test_an_unlisted_article_opens_with_its_share_token(
    owner: Person, anonymous: httpx.Client
) -> None:
    address = f"/articles/{owner.article(text=TEXT, visibility='unlisted')['id']}"
    made = owner.client.post(f"{address}/shares", json={}).json()
    problem(anonymous.get(address), 404, "not-found")
    assert anonymous.get(address, params={"share": made["token"]}).json()["text"] == TEXT
    owner.client.delete(f"{address}/shares/{made['id']}")
    problem(anonymous.get(address, params={"share": made["token"]}), 404, "not-found")


STAYS = "Much more stays as it is, and it is long enough for all the surroundings of a quote."


def test_quotes_are_looked_for_in_a_new_text_before_the_transaction_that_writes(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = owner.article(text=f"One word. The quoted words. {STAYS} Another.")
    quotes = [{"exact": "The quoted words."}, {"exact": "Another."}]
    claim = {"id": "c1", "kind": "thesis", "text": "A", "quotes": quotes}
    ids = [owner.map(article["id"], claims=[claim], relations=[])["id"] for _ in range(3)]

    def late(map: ArgumentMap, text: str | None) -> None:
        raise AssertionError("looked for within the transaction")

    monkeypatch.setattr(anchoring, "anchored_map", late)
    patch = {"text": f"One word. The quoted words. {STAYS} Different."}
    answer = owner.client.patch(
        f"/articles/{article['id']}",
        content=json.dumps(patch),
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["reanchored_maps"] == 3
    assert {orphan["map_id"] for orphan in answer.json()["orphans"]} == set(ids)
    for id in ids:
        quote, lost = owner.client.get(f"/maps/{id}/claims/c1").json()["quotes"]
        assert (quote["start"], lost["state"]) == (10, "orphan")

"""Whole maps over HTTP: stored, read, replaced, deleted, many at once, and never overwritten by accident."""

import io
import json
import threading
import zipfile

import httpx
import pytest

import argmap
from argmap import formats
from tests.support.service import Person, Service, created, problem, small_map


def test_a_stranger_cannot_create_and_does_not_see_a_private_map(
    anonymous: httpx.Client, owner: Person, stranger: Person
) -> None:
    problem(anonymous.post("/maps", json=small_map()), 401, "unauthenticated")
    map = owner.map()
    for caller in (anonymous, stranger.client):
        for ending in ("", ".svg", ".json", "/claims", "/history", "/versions/1", "/claims/c1"):
            seen = caller.get(f"/maps/{map['id']}{ending}")
            unknown = caller.get(f"/maps/AAAAAAAAAAAAAAAA{ending}")
            problem(seen, 404, "not-found")
            assert seen.content == unknown.content
            assert set(seen.headers) == set(unknown.headers)


def test_a_map_is_read_as_it_was_sent(owner: Person) -> None:
    map = owner.map()
    read = owner.client.get(f"/maps/{map['id']}").json()
    assert read == map
    sent = small_map()
    assert {name: read[name] for name in sent} == sent
    assert (read["version"], read["visibility"], read["owner"]) == (1, "private", owner.id)


def test_writing_a_map_answers_how_many_quotes_are_orphans(owner: Person) -> None:
    article = owner.article(text="The mayor did not say that the pool will close.")
    claim = {"kind": "premise", "text": "A", "quotes": [{"exact": "The mayor did say that"}]}
    claims = [claim, {**claim, "quotes": [{"exact": "the Pool"}]}]
    map = owner.map(article["id"], claims=claims, relations=[])
    assert map["orphans"] == 1
    lost, found = (claim["quotes"][0] for claim in map["claims"])
    assert (lost["state"], lost["exact"]) == ("orphan", "The mayor did say that")
    assert lost["nearest"]["exact"] == "The mayor did not say that"
    assert (found["exact"], found["given"]) == ("the pool", "the Pool")
    answer = owner.client.put(f"/maps/{map['id']}", json=map, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["claims"] == map["claims"]


def test_claims_without_an_id_are_numbered(owner: Person) -> None:
    claims = [{"kind": "thesis", "text": "A"}, {"id": "c1", "kind": "premise", "text": "B"}]
    relations = [{"kind": "supports", "sources": ["c1"], "target": "c7"}]
    claims.append({"id": "c7", "kind": "premise", "text": "C"})
    map = owner.map(claims=claims, relations=relations)
    assert [claim["id"] for claim in map["claims"]] == ["c8", "c1", "c7"]
    assert [relation["id"] for relation in map["relations"]] == ["r1"]


def test_every_fault_of_a_map_is_listed_and_nothing_is_stored(service: Service) -> None:
    person = service.person()
    bad = small_map()
    bad["claims"][0]["kind"] = "opinion"
    bad["claims"][1]["text"] = ""
    bad["relations"][0]["target"] = "c99"
    bad["surprise"] = 1
    body = problem(person.client.post("/maps", json=bad), 422, "invalid")
    assert {fault["place"] for fault in body["errors"]} == {
        "claims/0/kind",
        "claims/1/text",
        "relations/0/target",
        "surprise",
    }
    assert person.client.get("/maps", params={"owner": person.id}).json()["items"] == []


def test_a_map_may_bring_its_article_along(owner: Person) -> None:
    article = {"title": "Along", "text": "Some words to quote."}
    claims = [{"kind": "thesis", "text": "T", "quotes": [{"exact": "words to quote"}]}]
    map = owner.map(article=article, claims=claims, relations=[])
    assert "article" not in map
    stored = owner.client.get(f"/articles/{map['article_id']}").json()
    assert (stored["title"], stored["text"]) == ("Along", "Some words to quote.")
    assert map["claims"][0]["quotes"][0]["start"] == 5


def test_replacing_and_deleting_need_the_version_that_was_read(owner: Person) -> None:
    map = owner.map()
    address = f"/maps/{map['id']}"
    problem(owner.client.put(address, json=map), 428, "precondition-required")
    problem(owner.client.delete(address), 428, "precondition-required")
    new = {**map, "title": "Other"}
    replaced = owner.client.put(address, json=new, headers={"If-Match": '"1"'})
    assert (replaced.status_code, replaced.headers["etag"]) == (200, '"2"')
    stale = {"If-Match": '"1"'}
    problem(owner.client.put(address, json=new, headers=stale), 412, "version-mismatch")
    problem(owner.client.delete(address, headers=stale), 412, "version-mismatch")
    weak = {"If-Match": 'W/"2"'}
    problem(owner.client.delete(address, headers=weak), 412, "version-mismatch")
    assert owner.client.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    problem(owner.client.get(address), 404, "not-found")
    assert owner.client.post(f"{address}/undelete").json()["title"] == "Other"


def test_replacing_with_the_same_makes_no_version(owner: Person) -> None:
    map = owner.map()
    answer = owner.client.put(f"/maps/{map['id']}", json=map, headers={"If-Match": "*"})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')


def test_a_removed_id_is_not_given_again_by_a_replacement(owner: Person) -> None:
    map = owner.map()
    address = f"/maps/{map['id']}"
    smaller = {**small_map(), "claims": small_map()["claims"][:1], "relations": []}
    owner.client.put(address, json=smaller, headers={"If-Match": "*"})
    smaller["claims"].append({"kind": "premise", "text": "New"})
    answer = owner.client.put(address, json=smaller, headers={"If-Match": "*"}).json()
    assert [claim["id"] for claim in answer["claims"]] == ["c1", "c5"]


def test_a_maps_own_fields_are_patched(owner: Person) -> None:
    map = owner.map()
    address = f"/maps/{map['id']}"
    answer = owner.patch(address, {"title": "Renamed", "language": "en", "visibility": "public"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["title"], body["language"], body["visibility"]) == ("Renamed", "en", "public")
    assert owner.patch(address, {"language": None}).json().get("language") is None
    problem(owner.patch(address, {"claims": []}), 422, "invalid")
    refused = owner.patch(address, {"visibility": "secret", "quotes_only": 1, "title": 7, "x": 1})
    places = {fault["place"] for fault in problem(refused, 422, "invalid")["errors"]}
    assert places >= {"visibility", "quotes_only", "x"}


def test_many_maps_are_stored_in_one_request_or_none(service: Service) -> None:
    person = service.person()
    article = person.article(text="Some text.")
    bodies = [{**small_map(), "title": f"Map {number}"} for number in range(20)]
    bodies[3]["article_id"] = article["id"]
    answer = created(person.client.post("/maps/batch", json={"maps": bodies}))
    assert len(answer["items"]) == 20
    assert [item["article_id"] for item in answer["items"]].index(article["id"]) == 3
    read = person.client.get(f"/maps/{answer['items'][7]['id']}").json()
    assert read["title"] == "Map 7"
    bodies[5]["relations"][0]["target"] = "gone"
    body = problem(person.client.post("/maps/batch", json={"maps": bodies}), 422, "invalid")
    assert body["errors"][0]["place"] == "maps/5/relations/0/target"
    bodies[5] = {**small_map(), "article_id": "AAAAAAAAAAAAAAAA"}
    problem(person.client.post("/maps/batch", json={"maps": bodies}), 404, "not-found")
    listed = person.client.get("/maps", params={"owner": person.id, "limit": 200}).json()
    assert len(listed["items"]) == 20


def test_all_of_ones_maps_are_exported_as_files_that_load_again(service: Service) -> None:
    person = service.person()
    titles = {person.map(title=f"Map {number}")["title"] for number in range(3)}
    answer = person.client.get("/maps.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        loaded = [formats.load(archive.read(name), name=name).map for name in archive.namelist()]
    assert {map.title for map in loaded} == titles


def test_maps_are_found_by_article_owner_and_words(service: Service) -> None:
    person = service.person()
    article = person.article(text="Text.")
    person.map(article["id"], title="One")
    claims = [{"kind": "thesis", "text": "Zebras cross the road."}]
    person.map(title="Two", claims=claims, relations=[])

    def titles(**query: str) -> list[str]:
        answer = person.client.get("/maps", params={"owner": person.id, **query})
        return sorted(item["title"] for item in answer.json()["items"])

    assert titles() == ["One", "Two"]
    assert titles(article_id=article["id"]) == ["One"]
    assert titles(words="zebras") == ["Two"]
    assert titles(words="zebras AND (") == []
    of_article = person.client.get(f"/articles/{article['id']}/maps").json()
    assert [item["title"] for item in of_article["items"]] == ["One"]


def test_two_writers_lose_no_update(owner: Person, service: Service) -> None:
    map = owner.map()
    address = f"/maps/{map['id']}"
    results: list[int] = []

    def count_up() -> None:
        client = service.client(owner.token)
        for _ in range(15):
            while True:
                read = client.get(address)
                number = int(read.json()["title"].rpartition(" ")[2])
                answer = client.put(
                    address,
                    json={**read.json(), "title": f"Count {number + 1}"},
                    headers={"If-Match": read.headers["etag"]},
                )
                results.append(answer.status_code)
                if answer.status_code == 200:
                    break

    owner.patch(address, {"title": "Count 0"})
    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert owner.client.get(address).json()["title"] == "Count 60"
    assert set(results) == {200, 412}  # without a 412 nobody ever met anybody


@pytest.mark.parametrize("ending", ["json", "md", "dot"])
def test_a_map_is_written_out_in_other_formats(owner: Person, ending: str) -> None:
    map = owner.map()
    answer = owner.client.get(f"/maps/{map['id']}.{ending}")
    assert answer.status_code == 200
    format = formats.by_ending(f"x.{ending}")[0]
    assert answer.headers["content-type"].split(";")[0] == format.media_type
    by_accept = owner.client.get(f"/maps/{map['id']}", headers={"Accept": format.media_type})
    if ending != "json":
        assert by_accept.content == answer.content
    assert "Pupils need a quiet place." in answer.text


def test_the_json_file_carries_the_article_and_loads(owner: Person, tmp_path) -> None:
    article = owner.article(text="Some words to quote.")
    map = owner.map(article["id"])
    path = tmp_path / "map.json"
    path.write_bytes(owner.client.get(f"/maps/{map['id']}.json").content)
    loaded = argmap.load(path)
    assert loaded.article is not None
    assert loaded.article.text == "Some words to quote."
    path.write_text(json.dumps(map))
    assert argmap.load(path).claims == loaded.claims


def test_an_unknown_ending_or_media_type_is_said_to_be_so(owner: Person) -> None:
    map = owner.map()
    problem(owner.client.get(f"/maps/{map['id']}.xyz"), 404, "not-found")
    answer = owner.client.get(f"/maps/{map['id']}", headers={"Accept": "video/mp4"})
    assert "image/svg+xml" in problem(answer, 406, "not-acceptable")["detail"]

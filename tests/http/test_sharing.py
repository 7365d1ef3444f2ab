"""Who may see and do what: visibility, grants, share tokens, transfer, by a matrix over all roles."""

import httpx
import pytest

from argmap.store import accounts
from argmap.store.records import Scope
from tests.support.service import Person, Service, created, problem

ADDRESSES = ("", ".svg", ".json", ".md", "/claims", "/history", "/versions/1", "/claims/c1")


@pytest.fixture
def map(owner: Person) -> str:
    return f"/maps/{owner.map()['id']}"


def share(person: Person, address: str, **more: str) -> dict[str, str]:
    return created(person.client.post(f"{address}/shares", json={"label": "handout", **more}))


def test_sharing_is_the_owners_alone(
    anonymous: httpx.Client, owner: Person, stranger: Person, service: Service, map: str
) -> None:
    editor, other = service.person(), service.person()
    for person in (editor, other):
        owner.client.put(f"{map}/grants/{person.id}", json={"role": "editor"})
    for method, address, body in (
        ("GET", "/grants", None),
        ("PUT", f"/grants/{stranger.id}", {"role": "viewer"}),
        ("DELETE", f"/grants/{other.id}", None),
        ("GET", "/shares", None),
        ("POST", "/shares", {}),
        ("POST", "/transfer", {"account_id": stranger.id}),
    ):
        refused = [
            caller.request(method, map + address, json=body)
            for caller in (anonymous, stranger.client, editor.client)
        ]
        assert [answer.status_code for answer in refused] == [401, 404, 403], (method, address)


def test_a_public_map_is_everybodys_to_read(
    anonymous: httpx.Client, owner: Person, stranger: Person, map: str
) -> None:
    owner.patch(map, {"visibility": "public"})
    for caller in (anonymous, stranger.client):
        for address in ADDRESSES:
            assert caller.get(map + address).status_code == 200, address
    owner.patch(map, {"visibility": "private"})
    problem(anonymous.get(map), 404, "not-found")


def test_a_viewer_reads_and_an_editor_edits_until_the_grant_is_taken_back(
    owner: Person, service: Service, map: str
) -> None:
    friend = service.person()
    grant = f"{map}/grants/{friend.id}"
    patch = {"label": "By a friend"}
    assert owner.client.put(grant, json={"role": "viewer"}).json()["role"] == "viewer"
    assert friend.client.get(map).status_code == 200
    problem(friend.patch(f"{map}/claims/c1", patch), 403, "not-permitted")
    owner.client.put(grant, json={"role": "editor"})
    assert friend.patch(f"{map}/claims/c1", patch).status_code == 200
    problem(friend.client.delete(map, headers={"If-Match": "*"}), 403, "not-permitted")
    problem(friend.patch(map, {"visibility": "public"}), 403, "not-permitted")
    listed = owner.client.get(f"{map}/grants").json()["items"]
    assert [(each["account_id"], each["role"]) for each in listed] == [(friend.id, "editor")]
    assert owner.client.delete(grant).status_code == 204
    problem(friend.client.get(map), 404, "not-found")


def test_a_share_token_opens_what_is_unlisted_until_it_is_revoked(
    anonymous: httpx.Client, owner: Person, map: str
) -> None:
    made = share(owner, map)
    with_token = {"share": made["token"]}
    problem(anonymous.get(map, params=with_token), 404, "not-found")  # still private
    owner.patch(map, {"visibility": "unlisted"})
    problem(anonymous.get(map), 404, "not-found")
    for address in (*ADDRESSES, "/history/1", "/review", "/layout"):
        assert anonymous.get(map + address, params=with_token).status_code == 200, address
    assert made["link"].endswith(f"?share={made['token']}")
    listed = owner.client.get(f"{map}/shares").json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert "token" not in listed[0]
    other = f"/maps/{owner.map(visibility='unlisted')['id']}"
    problem(anonymous.get(other, params=with_token), 404, "not-found")
    assert owner.client.delete(f"{map}/shares/{made['id']}").status_code == 204
    problem(anonymous.get(map, params=with_token), 404, "not-found")


def test_a_share_token_of_an_article_opens_what_belongs_to_it(
    anonymous: httpx.Client, owner: Person
) -> None:
    address = f"/articles/{owner.article(visibility='unlisted')['id']}"
    with_token = {"share": share(owner, address)["token"]}
    for more in ("", "/versions/1", "/maps"):
        problem(anonymous.get(address + more), 404, "not-found")
        assert anonymous.get(address + more, params=with_token).status_code == 200, more


def test_a_share_token_in_the_past_is_refused(owner: Person, map: str) -> None:
    answer = owner.client.post(f"{map}/shares", json={"expires": "2001-01-01T00:00:00Z"})
    problem(answer, 422, "invalid")


def test_a_share_token_does_not_let_write(owner: Person, stranger: Person, map: str) -> None:
    owner.patch(map, {"visibility": "unlisted"})
    token = share(owner, map)["token"]
    patch = stranger.patch(f"{map}/claims/c1?share={token}", {"label": "x"})
    assert patch.status_code in (403, 404)


def test_a_map_is_never_more_visible_than_its_article(
    anonymous: httpx.Client, owner: Person, service: Service
) -> None:
    def prefix(client: httpx.Client) -> str | None:
        return client.get(address).json()["claims"][0]["quotes"][0].get("prefix")

    article = owner.article(text="One two three four.", visibility="public")
    claims = [{"kind": "thesis", "text": "T", "quotes": [{"exact": "two three"}]}]
    map = owner.map(article["id"], claims=claims, relations=[], visibility="public")
    address = f"/maps/{map['id']}"
    assert prefix(anonymous) == "One "
    owner.patch(f"/articles/{article['id']}", {"visibility": "private"})
    problem(anonymous.get(address), 404, "not-found")
    assert owner.patch(address, {"visibility": "private"}).status_code == 200
    refused = problem(owner.patch(address, {"visibility": "public"}), 409, "conflict")
    assert "quotes_only" in refused["detail"]
    assert owner.patch(address, {"visibility": "public", "quotes_only": True}).is_success
    shown = anonymous.get(address)
    quote = shown.json()["claims"][0]["quotes"][0]
    assert quote["exact"] == "two three"
    assert "prefix" not in quote
    assert "suffix" not in quote
    assert shown.headers["etag"] != owner.client.get(address).headers["etag"]
    for ending in (".json", ".md", ".dot", ".svg", "/history", "/claims", "/versions/1"):
        text = anonymous.get(address + ending).text
        assert "four" not in text, ending
        assert "One " not in text, ending
    assert prefix(owner.client) == "One "
    viewer = service.person()
    assert prefix(viewer.client) is None
    owner.client.put(f"/articles/{article['id']}/grants/{viewer.id}", json={"role": "viewer"})
    assert prefix(viewer.client) == "One "


@pytest.fixture
def bare(owner: Person, stranger: Person) -> str:
    """The address of a map that the stranger may edit, of an article that the stranger may not see."""
    article = owner.article(text="Nobody knew. One two three four. The rest is silence.")
    claims = [
        {"id": "c1", "kind": "thesis", "text": "T", "quotes": [{"exact": "two three"}]},
        {"id": "c2", "kind": "premise", "text": "P"},
    ]
    map = owner.map(article["id"], claims=claims, relations=[])
    address = f"/maps/{map['id']}"
    assert owner.patch(address, {"visibility": "public", "quotes_only": True}).is_success
    granted = owner.client.put(f"{address}/grants/{stranger.id}", json={"role": "editor"})
    assert granted.is_success
    return address


def test_an_editor_who_may_not_see_the_article_learns_nothing_of_it_by_writing(
    owner: Person, stranger: Person, bare: str
) -> None:
    """Found by attacking: each quote of a word told the 32 letters around it, a similar one the true words."""
    guess = {"kind": "premise", "text": "x", "quotes": [{"exact": "Nobody knew"}]}
    near = {"quotes": [{"exact": "The rest is silense."}]}
    answers = [
        stranger.client.post(f"{bare}/claims", json=guess),
        stranger.patch(f"{bare}/claims/c2", near),
        stranger.patch(f"{bare}/claims/c1", {"label": "L"}),
        stranger.client.get(bare),
        stranger.client.get(f"{bare}/history"),
    ]
    for answer in answers:
        assert answer.is_success, answer.text
        for told in ("One ", "four", "silence", '"start":0', "orphan"):
            assert told not in answer.text, answer.request.url
    # and what was anchored stays so
    quote = owner.client.get(bare).json()["claims"][0]["quotes"][0]
    assert quote["prefix"].endswith("One ")


def test_an_editor_who_may_not_see_the_article_can_send_the_tags_back_that_they_read(
    owner: Person, stranger: Person, bare: str
) -> None:
    claim = stranger.client.get(f"{bare}/claims/c1")
    sent = {"If-Match": claim.headers["etag"]}
    assert stranger.patch(f"{bare}/claims/c1", {"label": "L"}, **sent).is_success
    before = owner.client.get(bare).json()
    whole = stranger.client.get(bare)
    sent = {"If-Match": whole.headers["etag"]}
    put = stranger.client.put(bare, json={**whole.json(), "title": "New"}, headers=sent)
    assert put.is_success, put.text
    after = owner.client.get(bare).json()
    assert after["title"] == "New"
    assert after["claims"] == before["claims"]
    problem(stranger.client.put(bare, json=whole.json(), headers=sent), 412, "version-mismatch")


def test_a_transferred_map_changes_hands(owner: Person, service: Service, map: str) -> None:
    heir = service.person()
    body = {"account_id": heir.id}
    assert owner.client.post(f"{map}/transfer", json=body).status_code == 204
    assert heir.client.get(map).json()["owner"] == heir.id
    assert owner.client.get(map).status_code == 200  # the owner until now keeps a view
    problem(owner.patch(map, {"title": "Mine"}), 403, "not-permitted")
    body = {"account_id": "AAAAAAAAAAAAAAAA"}
    answer = heir.client.post(f"{map}/transfer", json=body)
    assert answer.status_code in (404, 422)


def test_one_may_give_a_grant_of_ones_own_back(owner: Person, service: Service, map: str) -> None:
    friend = service.person()
    owner.client.put(f"{map}/grants/{friend.id}", json={"role": "viewer"})
    assert friend.client.delete(f"{map}/grants/{friend.id}").status_code == 204
    problem(friend.client.get(map), 404, "not-found")


def test_an_administrator_sees_nobodys_private_maps(service: Service, map: str) -> None:
    problem(service.person(admin=True).client.get(map), 404, "not-found")


@pytest.mark.parametrize("what", ["grants", "shares"])
def test_a_token_that_only_reads_lists_who_has_access_and_locks_nothing(
    what: str, service: Service, owner: Person, stranger: Person
) -> None:
    address = f"/maps/{owner.map(visibility='public')['id']}"
    with service.database.write() as session:
        _, plain = accounts.add_token(session, owner.id, "reading", Scope.READ)
    reading = service.client(plain)
    with service.database.write():  # another write is under way meanwhile
        assert reading.get(f"{address}/{what}").status_code == 200
    problem(stranger.client.get(f"{address}/{what}"), 403, "not-permitted")
    problem(service.client().get(f"{address}/{what}"), 401, "unauthenticated")
    private = f"/maps/{owner.map()['id']}"
    problem(stranger.client.get(f"{private}/{what}"), 404, "not-found")


def test_a_link_for_editors_lets_whoever_has_an_account_edit(
    service: Service, owner: Person, stranger: Person
) -> None:
    made = owner.map()
    map = f"/maps/{made['id']}"
    owner.patch(map, {"visibility": "unlisted"})
    link = owner.client.post(f"{map}/shares", json={"role": "editor", "label": "team"}).json()
    assert link["role"] == "editor"
    assert link["page"] == f"{service.url}{map}?share={link['token']}"
    share = {"share": link["token"]}
    claim = {"kind": "premise", "text": "By link."}
    added = stranger.client.post(f"{map}/claims", json=claim, params=share)
    assert added.status_code == 201, added.text
    entry = owner.client.get(f"{map}/history").json()["items"][0]
    assert entry["account_id"] == stranger.id
    # whoever has no account reads, an editor shares nothing, and without the link there is nothing
    nobody = service.client()
    assert nobody.get(map, params=share).status_code == 200
    problem(nobody.post(f"{map}/claims", json=claim, params=share), 401, "unauthenticated")
    problem(stranger.client.post(f"{map}/shares", json={}, params=share), 403, "not-permitted")
    problem(stranger.client.post(f"{map}/claims", json=claim), 404, "not-found")
    reading = service.person(scope=Scope.READ)
    problem(reading.client.post(f"{map}/claims", json=claim, params=share), 403, "not-permitted")
    # a link for readers is none for editors, and a revoked or private one opens nothing
    other = owner.client.post(f"{map}/shares", json={}).json()
    assert other["role"] == "viewer"
    refused = stranger.client.post(f"{map}/claims", json=claim, params={"share": other["token"]})
    problem(refused, 403, "not-permitted")
    owner.client.delete(f"{map}/shares/{link['id']}")
    problem(stranger.client.post(f"{map}/claims", json=claim, params=share), 404, "not-found")
    assert [each["role"] for each in owner.client.get(f"{map}/shares").json()["items"]] == [
        "viewer"
    ]


def test_a_map_shared_by_link_or_name_shows_its_article_too(
    service: Service, owner: Person, stranger: Person
) -> None:
    article = owner.article(text="Before it. The words themselves. Behind it.")
    quote = {"kind": "premise", "text": "x", "quotes": [{"exact": "The words themselves."}]}
    map = f"/maps/{owner.map(article['id'], claims=[quote], relations=[])['id']}"
    text = f"/articles/{article['id']}"
    problem(stranger.client.get(text), 404, "not-found")
    # by name: the editor sees the text, and new quotes are found in it
    named = owner.client.put(
        f"{map}/people", json={"name": stranger.name.upper(), "role": "editor"}
    )
    assert named.status_code == 200, named.text
    assert named.json()["account_id"] == stranger.id
    assert stranger.client.get(text).json()["text"].startswith("Before it")
    assert stranger.client.get(map).json()["claims"][0]["quotes"][0]["prefix"] == "Before it. "
    added = stranger.client.post(
        f"{map}/claims", json={**quote, "quotes": [{"exact": "Behind it."}]}
    )
    assert added.json()["quotes"][0]["start"] == 33
    problem(stranger.patch(text, {"title": "Theirs"}), 403, "not-permitted")
    owner.client.delete(f"{map}/grants/{stranger.id}")
    problem(stranger.client.get(text), 404, "not-found")
    # by link, though the article is private itself
    assert owner.patch(map, {"visibility": "unlisted"}).status_code == 200
    made = owner.client.post(f"{map}/shares", json={}).json()
    share = {"share": made["token"]}
    nobody = service.client()
    assert nobody.get(text, params=share).json()["text"].startswith("Before it")
    assert nobody.get(map, params=share).json()["claims"][0]["quotes"][0]["prefix"]
    assert nobody.get(f"{map}.md", params=share).status_code == 200
    problem(nobody.get(text), 404, "not-found")
    owner.client.delete(f"{map}/shares/{made['id']}")
    problem(nobody.get(text, params=share), 404, "not-found")


def test_the_article_of_somebody_else_stays_out_of_what_one_shares(
    service: Service, owner: Person, stranger: Person
) -> None:
    article = owner.article(text="Before it. The words themselves. Behind it.")
    owner.client.put(f"/articles/{article['id']}/grants/{stranger.id}", json={"role": "viewer"})
    made = stranger.map(article["id"])
    third = service.person()
    stranger.client.put(f"/maps/{made['id']}/people", json={"name": third.name, "role": "editor"})
    problem(third.client.get(f"/articles/{article['id']}"), 404, "not-found")
    unlisted = stranger.patch(f"/maps/{made['id']}", {"visibility": "unlisted"})
    problem(unlisted, 409, "conflict")
    # nor does a map that shows quotes only open its article
    own = owner.map(article["id"])
    owner.patch(f"/maps/{own['id']}", {"visibility": "public", "quotes_only": True})
    owner.client.put(f"/maps/{own['id']}/people", json={"name": third.name, "role": "editor"})
    problem(third.client.get(f"/articles/{article['id']}"), 404, "not-found")


def test_names_are_tried_a_few_times_only(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from limits import RateLimitItemPerMinute

    monkeypatch.setattr("api.passwords._LOOKUPS", RateLimitItemPerMinute(3, 7))
    map = f"/maps/{owner.map()['id']}"
    body = {"name": "nobody of that name", "role": "viewer"}
    codes = [owner.client.put(f"{map}/people", json=body).status_code for _ in range(4)]
    assert codes == [404, 404, 404, 429]

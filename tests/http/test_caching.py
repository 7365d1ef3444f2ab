"""Caching and embedding: entity tags, 304s, HEAD, who may keep an answer and which sites may use it."""

from pathlib import Path

import httpx
import pytest

from argmap.picture.revision import REVISION
from argmap.store.backup import backup, restore
from tests.support.service import Person, Service, problem, serving, small_map


@pytest.fixture
def public(owner: Person) -> str:
    return f"/maps/{owner.map(visibility='public')['id']}"


@pytest.fixture
def private(owner: Person) -> str:
    return f"/maps/{owner.map()['id']}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        ".svg",
        ".json",
        ".md",
        ".dot",
        "/claims",
        "/claims/c1",
        "/relations/r1",
        "/versions/1",
        "/history",
        "/history/1",
        "/difference?from=1&to=1",
        "/grants",
        "/strength",
    ],
)
def test_what_one_has_is_not_sent_again(owner: Person, private: str, address: str) -> None:
    first = owner.client.get(private + address)
    tag = first.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = owner.client.get(private + address, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b""), given
        # of a compressed picture, `*` does not say which form one has
        assert again.headers["etag"] in (tag, tag.replace("-gzip", "") if given == "*" else tag)
    other = owner.client.get(private + address, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("address", ["", ".svg", "/history"])
def test_tags_may_come_in_several_header_lines(owner: Person, private: str, address: str) -> None:
    tag = owner.client.get(private + address).headers["etag"]
    for lines in (['"other"', tag], [tag, '"other"']):
        headers = [("If-None-Match", line) for line in lines]
        assert owner.client.get(private + address, headers=headers).status_code == 304
    other = owner.client.get(private + address, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200, "what was answered to a list is not answered to a part of it"


def test_the_list_of_formats_is_tagged(anonymous: httpx.Client) -> None:
    first = anonymous.get("/formats")
    again = anonymous.get("/formats", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_lists_and_articles_are_tagged_too(owner: Person) -> None:
    article = owner.article(visibility="public")
    for address in ("/maps", "/articles", "/me", "/tokens", f"/articles/{article['id']}"):
        tag = owner.client.get(address).headers["etag"]
        again = owner.client.get(address, headers={"If-None-Match": tag})
        assert again.status_code == 304, address
    assert owner.client.get(f"/articles/{article['id']}").headers["etag"] == '"1"'


def test_a_change_changes_the_tags_of_map_and_picture(owner: Person, private: str) -> None:
    tags = [owner.client.get(private + ending).headers["etag"] for ending in ("", ".svg", ".md")]
    owner.patch(f"{private}/claims/c1", {"label": "New"})
    for ending, tag in zip(("", ".svg", ".md"), tags, strict=True):
        answer = owner.client.get(private + ending, headers={"If-None-Match": tag})
        assert answer.status_code == 200, ending


def test_a_changed_citation_changes_the_picture(owner: Person) -> None:
    article = owner.article(text="Some text.")
    map = f"/maps/{owner.map(article['id'])['id']}"
    first = owner.client.get(f"{map}.svg")
    assert "An op-ed" in first.text
    owner.patch(f"/articles/{article['id']}", {"title": "A better title"})
    for ending in (".svg", ".json", ".md"):
        assert "A better title" in owner.client.get(map + ending).text, ending
    again = owner.client.get(f"{map}.svg", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200


def test_an_earlier_version_comes_with_the_text_that_it_was_anchored_in(owner: Person) -> None:
    article = owner.article(text="Some early words.")
    map = f"/maps/{owner.map(article['id'])['id']}"
    owner.patch(f"/articles/{article['id']}", {"text": "Some later words."})
    assert "later" in owner.client.get(f"{map}.json").text
    assert "early" in owner.client.get(f"{map}.json?version=1").text


def test_a_map_is_drawn_as_png_at_any_scale(owner: Person, private: str) -> None:
    small = owner.client.get(f"{private}.png?scale=1")
    assert small.headers["content-type"] == "image/png"
    assert small.content.startswith(b"\x89PNG")
    width = int.from_bytes(small.content[16:20])
    double = owner.client.get(f"{private}.png?scale=2")
    assert abs(int.from_bytes(double.content[16:20]) - 2 * width) <= 2
    assert small.headers["etag"] != double.headers["etag"]
    by_accept = owner.client.get(private, headers={"Accept": "image/png"})
    assert by_accept.content == double.content
    assert owner.client.get(f"{private}.png?scale=10&focus=c1&depth=1").status_code == 200
    problem(owner.client.get(f"{private}.png?scale=0"), 400, "bad-parameter")
    problem(owner.client.get(f"{private}.svg?focus=c99"), 400, "bad-parameter")


def test_a_pictures_tag_depends_on_its_options(owner: Person, private: str) -> None:
    plain = owner.client.get(f"{private}.svg").headers["etag"]
    turned = owner.client.get(f"{private}.svg?direction=left").headers["etag"]
    assert plain != turned
    assert REVISION in plain
    by_accept = owner.client.get(private, headers={"Accept": "image/svg+xml"})
    assert by_accept.headers["etag"] == plain
    assert "Accept" in by_accept.headers["vary"]


@pytest.mark.parametrize("address", ["", ".svg", ".json", "/claims", "/history", "/claims/c1"])
def test_head_is_get_without_the_body(owner: Person, private: str, address: str) -> None:
    got = owner.client.get(private + address)
    head = owner.client.head(private + address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == got.headers.get(name)
    problem(owner.client.get("/maps/AAAAAAAAAAAAAAAA"), 404, "not-found")
    assert owner.client.head("/maps/AAAAAAAAAAAAAAAA").status_code == 404


def test_what_is_public_may_be_used_by_other_sites_without_credentials(
    anonymous: httpx.Client, owner: Person, public: str, private: str
) -> None:
    for ending in ("", ".svg", ".json", "/claims", "/history", "/claims/c1", "/review"):
        headers = anonymous.get(public + ending).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        assert headers["cache-control"].startswith("public")
        headers = owner.client.get(private + ending).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"].startswith("private")
        assert "access-control-allow-credentials" not in headers
        assert "Authorization" in headers["vary"]


def test_a_preflight_allows_reading_only(anonymous: httpx.Client, public: str) -> None:
    answer = anonymous.options(public, headers={"Origin": "https://else.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()


def test_a_pinned_picture_may_be_kept_for_long_but_by_shared_caches_only_briefly(
    anonymous: httpx.Client, owner: Person, public: str, private: str
) -> None:
    revision = anonymous.get(f"{public}.svg").headers["argmap-revision"]
    assert revision == REVISION
    pinned = {"version": 1, "revision": revision}
    control = anonymous.get(f"{public}.svg", params=pinned).headers["cache-control"]
    assert "max-age=31536000, immutable" in control
    assert "s-maxage=300" in control
    control = owner.client.get(f"{private}.svg", params=pinned).headers["cache-control"]
    assert control == "private, max-age=31536000, immutable"
    for other in ({"version": 1}, {"revision": REVISION}, {"version": 1, "revision": "0"}):
        control = anonymous.get(f"{public}.svg", params=other).headers["cache-control"]
        assert control == "public, no-cache"


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_a_pinned_picture_stays_the_same_when_its_article_is_cited_otherwise(
    owner: Person, ending: str
) -> None:
    article = owner.article(title="The first title", text="A text.")
    address = f"/maps/{owner.map(article['id'])['id']}.{ending}"
    pinned = {"version": 1, "revision": REVISION}
    before = owner.client.get(address, params=pinned)
    assert before.headers["etag"] == owner.client.get(address).headers["etag"]
    assert owner.patch(f"/articles/{article['id']}", {"title": "Another"}).status_code == 200
    after = owner.client.get(address, params=pinned)
    newest = owner.client.get(address)
    assert "immutable" in after.headers["cache-control"]
    assert after.headers["etag"] == before.headers["etag"] != newest.headers["etag"]
    if ending == "svg":
        assert after.content == before.content
        assert "The first title" in after.text
        assert "Another" in newest.text


def test_a_pinned_picture_under_an_analysis_is_asked_for_again(owner: Person, private: str) -> None:
    pinned = {"version": 1, "revision": REVISION, "overlay": "strength"}
    answer = owner.client.get(f"{private}.svg", params=pinned)
    assert "immutable" not in answer.headers["cache-control"]


def test_every_answer_forbids_guessing_its_type(anonymous: httpx.Client, public: str) -> None:
    for address in (public, f"{public}.svg", "/nothing", "/maps"):
        headers = anonymous.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_picture_can_run_nothing(anonymous: httpx.Client, public: str) -> None:
    policy = anonymous.get(f"{public}.svg").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


def test_another_processs_change_takes_effect_at_once(
    service: Service, anonymous: httpx.Client, owner: Person, public: str
) -> None:
    from argmap.store import Database
    from argmap.store.access import sharing
    from argmap.store.records import Asker, Scope, Subject, Visibility

    assert anonymous.get(public).status_code == 200
    elsewhere = Database(service.app.state.settings.url)
    with elsewhere.write() as session:
        asker = Asker(owner.id, Scope.WRITE)
        id = public.rpartition("/")[2]
        sharing.set_visibility(session, asker, Subject.MAP, id, Visibility.PRIVATE)
    elsewhere.dispose()
    for ending in ("", ".svg"):
        problem(anonymous.get(public + ending), 404, "not-found")


def test_a_version_written_again_after_a_restore_has_its_own_picture_under_its_own_tag(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as service:
        person = service.person()
        map = person.map(**small_map())
        claims = f"/maps/{map['id']}/claims"
        backup(service.database.url.render_as_string(), tmp_path / "copy.db")
        seen = []
        merge = {"Content-Type": "application/merge-patch+json"}
        for words in ("Written first.", "Written after the restore."):
            changed = person.client.patch(f"{claims}/c1", json={"text": words}, headers=merge)
            changed.raise_for_status()
            answers = [
                person.client.get(f"/maps/{map['id']}{form}")
                for form in (".svg", ".argdown", "/explanation", "/review")
            ]
            assert words.split()[-1] in answers[0].text
            assert words in answers[1].text
            seen.append({answer.headers["etag"] for answer in answers})
            for answer in answers:
                tag = {"If-None-Match": answer.headers["etag"]}
                assert person.client.get(answer.url, headers=tag).status_code == 304
            restore(tmp_path / "copy.db", service.database.url.render_as_string())
        assert not seen[0] & seen[1]


def test_a_repeated_request_shows_nothing_to_whom_it_is_not_for_any_more(
    owner: Person, stranger: Person
) -> None:
    map = owner.map()
    grants = f"/maps/{map['id']}/grants/{stranger.id}"
    assert owner.client.put(grants, json={"role": "editor"}).status_code in (200, 201)
    key = {"Idempotency-Key": "once"}
    add = f"/maps/{map['id']}/claims", {"kind": "premise", "text": "A secret."}
    assert stranger.client.post(add[0], json=add[1], headers=key).status_code == 201
    again = stranger.client.post(add[0], json=add[1], headers=key)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    owner.client.delete(grants).raise_for_status()
    refused = stranger.client.post(add[0], json=add[1], headers=key)
    problem(refused, 404, "not-found")
    assert "secret" not in refused.text


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ("1", 400, 'in double quotes, as the answer had it, such as "1"'),
        ("one two", 400, 'such as "7"'),
        ('"1', 400, 'such as "1"'),
        ("", 400, "in double quotes"),
        ('W/"1"', 412, "weak"),
    ],
)
def test_an_if_match_that_cannot_fit_says_why(
    given: str, status: int, words: str, owner: Person
) -> None:
    address = f"/maps/{owner.map()['id']}"
    slug = {400: "bad-request", 412: "version-mismatch"}[status]
    for method, at, body in (
        ("PUT", address, {}),
        ("DELETE", address, None),
        ("PATCH", f"{address}/claims/c1", {"text": "New."}),
        ("DELETE", f"{address}/claims/c2", None),
        ("POST", f"{address}/changes", {"changes": [{"op": "remove_claim", "id": "c1"}]}),
    ):
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"If-Match": given, "Content-Type": kind}
        wrong = problem(owner.client.request(method, at, json=body, headers=headers), status, slug)
        assert words in wrong["detail"]
    assert owner.client.get(address).json()["version"] == 1

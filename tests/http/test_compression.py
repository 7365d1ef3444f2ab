"""Text is compressed on its way out, once for what does not change, with tags of its own."""

import gzip
from typing import Any

import httpx
import pytest

from tests.support.service import Person, Service

GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


def raw(
    client: httpx.Client, method: str, address: str, **more: Any
) -> tuple[httpx.Response, bytes]:
    """Send a request, and return the answer and its bytes as they came."""
    with client.stream(method, address, **more) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.fixture(scope="module")
def address(owner: Person) -> str:
    claims = [
        {"id": f"c{n}", "kind": "premise", "text": f"Words of claim {n}, which say much."}
        for n in range(1, 41)
    ]
    map = owner.map(claims=claims, relations=[], visibility="public")
    return f"/maps/{map['id']}"


@pytest.mark.parametrize("ending", ["", ".svg", ".md", ".json"])
@pytest.mark.parametrize("who", ["owner", "anonymous"])
def test_text_is_compressed_for_those_who_take_it(
    ending: str, who: str, owner: Person, anonymous: httpx.Client, address: str
) -> None:
    client = owner.client if who == "owner" else anonymous
    for _ in range(2):  # made, and found
        plain, body = raw(client, "GET", address + ending, headers=PLAIN)
        packed, data = raw(client, "GET", address + ending, headers=GZIP)
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(data) == body
        assert len(data) < len(body) / 2
        assert packed.headers["content-length"] == str(len(data))
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
        for answer in (plain, packed):
            assert "accept-encoding" in answer.headers["vary"].lower()


def test_a_client_that_has_either_form_is_told_so(owner: Person, address: str) -> None:
    for headers in (PLAIN, GZIP):
        tag = owner.client.get(address, headers=headers).headers["etag"]
        again = owner.client.get(address, headers={**headers, "If-None-Match": tag})
        assert again.status_code == 304
        assert again.headers["etag"] == tag
        assert again.content == b""


def test_a_write_takes_the_tag_of_a_compressed_answer(owner: Person) -> None:
    claims = [{"kind": "premise", "text": "Many words of a claim. " * 60}]
    address = f"/maps/{owner.map(claims=claims, relations=[])['id']}"
    tag = owner.client.get(address, headers=GZIP).headers["etag"]
    assert tag == '"1-gzip"'
    answer = owner.client.put(address, json={"title": "Other"}, headers={"If-Match": tag})
    assert answer.status_code == 200
    claims = owner.client.get(address, headers=GZIP)
    assert "content-encoding" not in claims.headers  # too short to be worth it
    assert claims.headers["etag"] == '"2"'


def test_what_is_no_text_or_may_not_be_kept_is_sent_as_it_is(owner: Person, address: str) -> None:
    for ending in (".png", ".pdf"):
        assert "content-encoding" not in owner.client.get(address + ending, headers=GZIP).headers
    token = owner.client.post("/tokens", json={"name": "x" * 60, "scope": "read"}, headers=GZIP)
    assert token.status_code == 201
    assert "content-encoding" not in token.headers


@pytest.mark.parametrize(
    ("header", "packed"),
    [
        ("gzip;q=0", False),
        ("br, deflate", False),
        ("*", True),
        ("*;q=0", False),
        ("x-gzip", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("gzip;q=x", False),
        ("", False),
    ],
)
def test_the_header_decides(header: str, packed: bool, owner: Person, address: str) -> None:
    answer, _ = raw(owner.client, "GET", address, headers={"Accept-Encoding": header})
    assert ("content-encoding" in answer.headers) is packed


def test_head_says_what_get_would(owner: Person, address: str) -> None:
    got, head = (raw(owner.client, method, address, headers=GZIP)[0] for method in ("GET", "HEAD"))
    for name in ("content-length", "content-encoding", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


def test_finished_answers_stay_within_one_budget(
    service: Service, owner: Person, address: str
) -> None:
    kept = service.app.state.kept
    owner.client.get(address, headers=GZIP)
    before = kept.size
    for number in range(30):
        answer = owner.client.get(address, headers={**GZIP, "If-None-Match": f'"other{number}"'})
        assert answer.status_code == 200
    assert kept.size == before


def test_static_files_are_compressed_too(service: Service) -> None:
    answer = httpx.get(f"{service.url}/static/argument-map.js", headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.text) > 1_000

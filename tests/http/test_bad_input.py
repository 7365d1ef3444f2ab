"""Bad input is a problem that says what and where, and stores nothing."""

import base64
import json
import socket
import time
from typing import Any

import httpx
import pytest

from tests.support.service import Person, Service, problem, serving, small_map


def post(person: Person, body: bytes | str, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return person.client.post(
        "/maps", content=content, headers={"Content-Type": "application/json", **headers}
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"title": "T", "title": "U"}',
        b'{"title": ' + b"9" * 10_000 + b"}",
        b'{"title": 1e999}',
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" * 100_000,
        b'{"title": "\\ud800"}',
        b'{"\\udfff": 1}',
        '{"title": "\ud800"}',
        b'{"title": "\xff"}',
        b'\xff\xfe{\x00"\x00}\x00',
        b'{"title": "a\x00b"}',
    ],
    ids=[
        "empty",
        "cut off",
        "single quotes",
        "NaN",
        "infinity",
        "a key twice",
        "10,000 digits",
        "too large a number",
        "65 levels",
        "100,000 brackets",
        "lone surrogate",
        "lone surrogate in a key",
        "raw surrogate",
        "not UTF-8",
        "UTF-16",
        "raw NUL",
    ],
)
def test_what_is_no_plain_json_is_refused(owner: Person, body: bytes | str) -> None:
    answer = post(owner, body)
    assert answer.status_code in (400, 422), answer.text
    problem(answer, answer.status_code, "bad-json" if answer.status_code == 400 else "invalid")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("title", "a\u0000b"),
        ("title", "line\nbreak"),
        ("title", "x" * 301),
        ("title", 7),
        ("title", None),
        ("language", "not a language"),
        ("claims", {}),
        ("claims", ["x"]),
        ("counters", {"claims": -1}),
        ("relations", "r"),
        ("visibility", "secret"),
        ("article_id", 5),
        ("origin", {"format": "x", "extra": {"a": "y" * 5000}}),
    ],
)
def test_a_field_out_of_bounds_is_named(owner: Person, place: str, value: Any) -> None:
    body = problem(post(owner, json.dumps({**small_map(), place: value})), 422, "invalid")
    assert body["errors"][0]["place"].split("/")[0] == place
    assert "x" * 301 not in json.dumps(body)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "has a space"),
        ("id", "x" * 65),
        ("kind", "opinion"),
        ("text", " "),
        ("text", "y" * 2001),
        ("text", "bell\u0007"),
        ("label", ""),
        ("implicit", "yes"),
        ("weight", 1.01),
        ("weight", "0.5"),
        ("tags", ["t"] * 31),
        ("tags", "t"),
        ("quotes", [{"exact": ""}]),
        ("quotes", [{"exact": "a", "start": -1, "end": 0}]),
        ("quotes", [{"exact": "a", "start": 10**17, "end": 10**17 + 1}]),
        ("source", {}),
        ("source", {"url": "javascript:alert(1)"}),
        ("surprise", 1),
    ],
)
def test_a_claim_out_of_bounds_is_named(owner: Person, field: str, value: Any) -> None:
    claim = {"kind": "premise", "text": "T", field: value}
    map = owner.map()
    body = problem(owner.client.post(f"/maps/{map['id']}/claims", json=claim), 422, "invalid")
    assert all(fault["place"].split("/")[0] == field for fault in body["errors"])
    assert owner.client.get(f"/maps/{map['id']}").headers["etag"] == '"1"'


@pytest.mark.parametrize(
    "type", ["text/plain", "application/x-www-form-urlencoded", "image/png", ""]
)
def test_another_content_type_is_refused(owner: Person, type: str) -> None:
    answer = owner.client.post("/maps", content=b"{}", headers={"Content-Type": type})
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept-post"] == "application/json"


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", '"iso-8859-1"'])
def test_another_charset_is_refused_and_utf_8_is_taken(owner: Person, charset: str) -> None:
    body = b'{"title":"T"}'
    refused = post(owner, body, **{"Content-Type": f"application/json; charset={charset}"})
    problem(refused, 415, "unsupported-media-type")
    taken = post(owner, body, **{"Content-Type": 'application/json; charset="UTF-8"'})
    assert taken.status_code == 201


def test_a_body_over_the_limit_is_refused_whether_announced_or_not(owner: Person) -> None:
    large = b'{"title": "' + b"x" * (1 << 20) + b'"}'
    problem(post(owner, large), 413, "too-large")
    chunks = (large[start : start + 65_536] for start in range(0, len(large), 65_536))
    answer = owner.client.post(
        "/maps", content=chunks, headers={"Content-Type": "application/json"}
    )
    problem(answer, 413, "too-large")
    assert owner.client.get("/me").status_code == 200


def test_a_body_that_trickles_is_cut_off(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("slow"), body_seconds=0.3) as service:
        person = service.person()
        port = int(service.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            head = (
                f"POST /api/v1/maps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n"
                "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            connection.sendall(head.encode())
            assert b"408" in connection.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "address",
    [
        "/maps?nonsense=1",
        "/maps?limit=1&limit=2",
        "/articles?Author=x",
        "/maps/AAAAAAAAAAAAAAAA.svg?theme2=x",
    ],
)
def test_an_unknown_or_repeated_parameter_is_named(anonymous: httpx.Client, address: str) -> None:
    body = problem(anonymous.get(address), 400, "unknown-parameter")
    name = address.partition("?")[2].partition("=")[0]
    assert body["errors"][0]["place"] == name


def test_the_parameter_that_was_probably_meant_is_named(anonymous: httpx.Client) -> None:
    answer = anonymous.get("/maps/AAAAAAAAAAAAAAAA.svg?Thmee=dark&zzzz=1")
    first, second = problem(answer, 400, "unknown-parameter")["errors"]
    assert first["message"] == "is not a parameter of this address (is theme meant?)"
    assert second["message"] == "is not a parameter of this address"


def test_a_value_that_a_parameter_cannot_have_is_refused_with_those_it_can(
    anonymous: httpx.Client, owner: Person
) -> None:
    id = owner.map(visibility="public")["id"]
    answer = anonymous.get(f"/maps/{id}.svg?theme=drak&page=B4")
    faults = {f["place"]: f["message"] for f in problem(answer, 400, "bad-parameter")["errors"]}
    for theme in ("light", "dark", "print", "contrast", "colorblind", "auto"):
        assert f"'{theme}'" in faults["theme"]
    assert "A4, A3, Letter, 16:9" in faults["page"]


@pytest.mark.parametrize("number", ["+1", "%2B1", "1.0", "01", "%201", "1_0", "1e0", "-1", "١"])
def test_a_version_is_written_in_digits_alone(owner: Person, number: str) -> None:
    map = f"/maps/{owner.map()['id']}"
    assert owner.client.get(f"{map}/versions/1").status_code == 200
    problem(owner.client.get(f"{map}/versions/{number}"), 404, "not-found")
    for ending in (".svg", ".md"):
        problem(owner.client.get(f"{map}{ending}?version={number}"), 400, "bad-parameter")


@pytest.mark.parametrize(
    "more", ["%0a", "%0a.svg", ".svg%0a", "%20", "%2f", ".svg.svg", ";x", "%c3%a9"]
)
def test_an_id_with_something_after_it_is_no_id(owner: Person, more: str) -> None:
    map = f"/maps/{owner.map()['id']}"
    problem(owner.client.get(map + more), 404, "not-found")
    assert owner.client.get(f"{map}%2Esvg").status_code == 200  # a dot, written otherwise


def test_thousands_of_parameters_are_refused_quickly(anonymous: httpx.Client) -> None:
    names = "&".join(f"{number:x}" for number in range(12_000))
    began = time.process_time()  # of this process, which serves too
    problem(anonymous.get(f"/maps?{names}"), 400, "unknown-parameter")
    assert time.process_time() - began < 2  # it took 6 s to count each name among all


@pytest.mark.parametrize("expires", ["2099-01-01T00:00:00", "2099-01-01", "9999-12-31T23:59-10:00"])
def test_an_end_without_an_offset_is_refused(owner: Person, expires: str) -> None:
    body = {"name": "script", "expires": expires}
    refused = problem(owner.client.post("/tokens", json=body), 422, "invalid")
    assert refused["errors"][0]["place"] == "expires"
    shares = f"/maps/{owner.map()['id']}/shares"
    problem(owner.client.post(shares, json={"expires": expires}), 422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=nonsense",
        "changed_since=yesterday",
        "words=a%00b",
        "owner=%00",
        "changed_since=2026-01-01",
        "changed_since=1700000000",
        "changed_since=1700000000.5",
        "changed_since=2026-01-01%2000:00:00Z",
        "changed_since=2026-01-01T00:00Z",
        "words=" + "x" * 201,
        "limit=%2B1",
        "limit=1.0",
        "changed_since=2026-01-01T00:00:00",
        "changed_since=0001-01-01T00:00:00%2B10:00",
        "changed_since=9999-12-31T23:59:59-10:00",
        "cursor=AAAA",
    ],
)
def test_a_parameter_out_of_bounds_is_refused(anonymous: httpx.Client, query: str) -> None:
    problem(anonymous.get(f"/maps?{query}"), 400, "bad-parameter")


@pytest.mark.parametrize(
    "plain", ["999999999999999999.x", "-999999999999999999.x", "-1.x", "1.\0", "9" * 60 + ".x"]
)
@pytest.mark.parametrize("address", ["/maps", "/articles", "/imports"])
def test_a_made_up_cursor_is_refused(owner: Person, address: str, plain: str) -> None:
    cursor = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
    problem(owner.client.get(address, params={"cursor": cursor}), 400, "bad-parameter")


@pytest.mark.parametrize(
    "address",
    ["/maps/%00", "/maps/..%2f..%2fetc", "/maps/%ff%fe", "/maps/" + "x" * 5000, "/maps/'%20OR%201=1",
     "/articles/%F0%9F%98%80", "/maps/a/claims/%00", "/maps/%ED%A0%80"],
)  # fmt: skip
def test_a_strange_address_is_not_found(owner: Person, address: str) -> None:
    problem(owner.client.get(address), 404, "not-found")


@pytest.mark.parametrize(
    "header", [b'"', b"W/", b'"1', b'"\xff"', b"," * 1000, b'"a",' * 1000, b"\xf0\x9f"]
)
def test_a_strange_precondition_does_no_harm(owner: Person, header: bytes) -> None:
    map = owner.map()
    read = owner.client.get(f"/maps/{map['id']}", headers={b"If-None-Match": header})
    assert read.status_code == 200
    put = owner.client.put(f"/maps/{map['id']}", json=map, headers={b"If-Match": header})
    assert put.status_code in (400, 412)


@pytest.mark.parametrize("key", ["", "x" * 201, "é"])
def test_a_strange_idempotency_key_is_refused(owner: Person, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("utf-8"), "Content-Type": "application/json"}
    answer = owner.client.post("/maps", content=b'{"title":"T"}', headers=headers)
    problem(answer, 400, "bad-request")


def test_an_error_of_the_service_itself_is_a_problem_that_tells_nothing(
    service: Service, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argmap.store.maps import maps

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(maps, "maps", broken)
    answer = owner.client.get("/maps")
    body = problem(answer, 500, "internal")
    assert answer.headers["connection"] == "close"
    assert owner.client.get("/me").status_code == 200
    assert "secret" not in json.dumps(body)


def test_a_route_without_a_body_refuses_a_large_one(owner: Person) -> None:
    map = owner.map()
    limit = 1 << 20
    for headers in ({}, {"Idempotency-Key": "k"}):
        for content in (b"x" * (limit + 1), iter([b"x" * limit, b"x"])):
            answer = owner.client.post(
                f"/maps/{map['id']}/undelete", headers=headers, content=content
            )
            problem(answer, 413, "too-large")


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("/maps?titel=x", "words"),
        ("/maps?search=x", "words"),
        ("/maps?page=2", "cursor"),
        ("/maps?cursr=2", "cursor"),
        ("/articles?sort=new", None),
        ("/articles?titel=x", "words"),
        ("/articles?xyz=x", None),
    ],
)
def test_a_hint_is_given_only_where_it_helps(
    address: str, hint: str | None, anonymous: httpx.Client
) -> None:
    (fault,) = problem(anonymous.get(address), 400, "unknown-parameter")["errors"]
    meant = f" (is {hint} meant?)" if hint else ""
    assert fault["message"] == f"is not a parameter of this address{meant}"


def test_an_ending_that_no_format_has_is_answered_with_those_that_there_are(
    owner: Person, anonymous: httpx.Client
) -> None:
    private, public = owner.map()["id"], owner.map(visibility="public")["id"]
    for client, at in ((owner.client, private), (anonymous, public)):
        detail = problem(client.get(f"/maps/{at}.xyz"), 404, "not-found")["detail"]
        assert detail.startswith("A map is not written as .xyz; the endings are ")
        for ending in (".svg", ".png", ".pdf", ".json", ".md", ".argdown"):
            assert ending in detail
    hidden = problem(anonymous.get(f"/maps/{private}.xyz"), 404, "not-found")["detail"]
    assert hidden == problem(anonymous.get("/maps/nothing.xyz"), 404, "not-found")["detail"]

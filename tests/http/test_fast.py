"""The fast lane answers exactly as the routes do, and leaves to them what is not at hand."""

import datetime

import httpx
import pytest

from api.middleware import hot_reads
from argmap.picture.revision import REVISION
from tests.support.service import Person, Service, problem


def both_ways(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, address: str, **headers: str
) -> tuple[httpx.Response, httpx.Response, int]:
    """Ask twice, with the fast lane and without; also count how often the lane had an answer."""
    answered = 0
    at_hand = hot_reads._at_hand

    async def counting(*args, **more):
        nonlocal answered
        answer = await at_hand(*args, **more)
        answered += answer is not None
        return answer

    async def never(*args, **more):
        return None

    client.get(address)  # draws the picture
    monkeypatch.setattr(hot_reads, "_at_hand", counting)
    quick = client.get(address, headers=headers)
    monkeypatch.setattr(hot_reads, "_at_hand", never)
    routed = client.get(address, headers=headers)
    monkeypatch.setattr(hot_reads, "_at_hand", at_hand)
    return quick, routed, answered


@pytest.mark.parametrize("visibility", ["private", "public"])
@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("", None),
        ("", '"1"'),
        ("", '"0"'),
        (".svg", None),
        (".svg", "*"),
        (".svg?direction=left", None),
        (f".svg?version=1&revision={REVISION}", None),
    ],
)
def test_the_fast_lane_answers_as_the_routes_do(
    owner: Person, monkeypatch: pytest.MonkeyPatch, visibility: str, query: str, tag: str | None
) -> None:
    map = owner.map(visibility=visibility)
    headers = {} if tag is None else {"If-None-Match": tag}
    quick, routed, answered = both_ways(
        owner.client, monkeypatch, f"/maps/{map['id']}{query}", **headers
    )
    assert answered == 1
    assert (quick.status_code, quick.content) == (routed.status_code, routed.content)
    plain = [
        {name: value for name, value in answer.headers.items() if name != "date"}
        for answer in (quick, routed)
    ]
    assert plain[0] == plain[1]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?nonsense=1", {}),
        (".svg?direction=sideways", {}),
        (".svg?version=2", {}),
        ("", {"Accept": "text/markdown"}),
        ("", {"Authorization": "Bearer nonsense"}),
        ("", {"Authorization": "Basic YTpi"}),
        ("", {"Accept": "video/mp4"}),
    ],
)
def test_what_is_not_at_hand_is_left_to_the_routes(
    owner: Person, monkeypatch: pytest.MonkeyPatch, query: str, headers: dict[str, str]
) -> None:
    map = owner.map()
    quick, routed, answered = both_ways(
        owner.client, monkeypatch, f"/maps/{map['id']}{query}", **headers
    )
    assert answered == 0
    assert (quick.status_code, quick.content) == (routed.status_code, routed.content)


def test_a_revoked_token_is_refused_at_once(owner: Person, service: Service) -> None:
    map = owner.map()
    made = owner.client.post("/tokens", json={"name": "brief"}).json()
    client = service.client(made["token"])
    for _ in range(3):
        assert client.get(f"/maps/{map['id']}").status_code == 200
    owner.client.delete(f"/tokens/{made['id']}")
    problem(client.get(f"/maps/{map['id']}"), 401, "unauthenticated")


def test_an_expired_token_is_refused_although_nothing_was_written(
    owner: Person, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    map = owner.map()
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    made = owner.client.post("/tokens", json={"name": "brief", "expires": soon.isoformat()})
    client = service.client(made.json()["token"])
    assert client.get(f"/maps/{map['id']}").status_code == 200
    assert client.get(f"/maps/{map['id']}").status_code == 200
    monkeypatch.setattr("argmap.store.hot.now", lambda: soon)
    problem(client.get(f"/maps/{map['id']}"), 401, "unauthenticated")

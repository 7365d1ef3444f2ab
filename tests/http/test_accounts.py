"""Accounts over HTTP: tokens and their scopes, signing in once, administrators, export and erasing."""

import io
import sqlite3
import zipfile

import httpx
import pytest

from argmap.store.records import Scope
from tests.support.service import Person, Service, created, problem


def test_without_a_token_there_is_no_account(anonymous: httpx.Client) -> None:
    for method, address in (
        ("GET", "/me"),
        ("GET", "/tokens"),
        ("POST", "/tokens"),
        ("GET", "/accounts"),
        ("POST", "/accounts"),
        ("GET", "/accounts/x"),
        ("DELETE", "/accounts/x"),
        ("GET", "/accounts/x/export"),
        ("GET", "/maps.zip"),
    ):
        answer = anonymous.request(method, address, json={} if method == "POST" else None)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Bearer", "Send the token as"),
        ("Bearer nonsense", "is unknown"),
        ("Bearer é", "is unknown"),
        ("Basic YTpi", "Send the token as"),
        ("Basic TOKEN", "Send the token as"),
        ("nonsense", "Send the token as"),
    ],
)
def test_a_wrong_token_is_refused_also_for_what_is_public(
    service: Service, owner: Person, header: str, said: str
) -> None:
    sent = header.replace("TOKEN", owner.token).encode("latin-1")
    answer = httpx.get(f"{service.url}/api/v1/maps", headers={"Authorization": sent})
    assert said in problem(answer, 401, "unauthenticated")["detail"]
    sent = f"bearer  {owner.token}".encode()
    assert httpx.get(f"{service.url}/api/v1/me", headers={"Authorization": sent}).is_success


def test_a_token_says_whose_it_is_and_may_be_revoked(owner: Person, service: Service) -> None:
    me = owner.client.get("/me").json()
    assert (me["id"], me["scope"], me["admin"]) == (owner.id, "write", False)
    made = created(owner.client.post("/tokens", json={"name": "script", "scope": "write"}))
    client = service.client(made["token"])
    assert client.get("/me").json()["id"] == owner.id
    listed = client.get("/tokens").json()["items"]
    assert made["id"] in [each["id"] for each in listed]
    assert made["token"] not in client.get("/tokens").text
    assert owner.client.delete(f"/tokens/{made['id']}").status_code == 204
    problem(client.get("/me"), 401, "unauthenticated")


def test_a_token_with_scope_read_only_reads(service: Service) -> None:
    reader = service.person(scope=Scope.READ)
    assert reader.client.get("/maps").status_code == 200
    problem(reader.client.post("/maps", json={"title": "T"}), 403, "not-permitted")
    problem(
        reader.client.post("/tokens", json={"name": "more", "scope": "write"}), 403, "not-permitted"
    )


def test_anothers_token_is_not_ones_own_to_revoke(owner: Person, stranger: Person) -> None:
    made = created(owner.client.post("/tokens", json={"name": "script"}))
    problem(stranger.client.delete(f"/tokens/{made['id']}"), 404, "not-found")


def test_only_an_administrator_keeps_accounts(owner: Person, service: Service) -> None:
    problem(owner.client.post("/accounts", json={"name": "class 7b"}), 403, "not-permitted")
    problem(owner.client.get("/accounts"), 403, "not-permitted")
    admin = service.person(admin=True)
    made = created(admin.client.post("/accounts", json={"name": "class 7b"}))
    problem(admin.client.post("/accounts", json={"name": "class 7b"}), 409, "conflict")
    token = made["sign_in"].partition("token=")[2]
    signed_in = service.client().post("/sign-in", json={"token": token})
    assert signed_in.status_code == 200, signed_in.text
    client = service.client(signed_in.json()["token"]["token"])
    assert client.get("/me").json()["name"] == "class 7b"
    problem(service.client().post("/sign-in", json={"token": token}), 401, "unauthenticated")
    assert made["id"] in admin.client.get("/accounts").text
    problem(owner.client.get(f"/accounts/{made['id']}"), 404, "not-found")
    assert admin.client.get(f"/accounts/{made['id']}").json()["name"] == "class 7b"


def test_a_repeated_post_with_a_key_is_done_once(owner: Person) -> None:
    key = {"Idempotency-Key": "once-1"}
    first = owner.client.post("/articles", json={"title": "Once"}, headers=key)
    second = owner.client.post("/articles", json={"title": "Once"}, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    other = owner.client.post("/articles", json={"title": "Other"}, headers=key)
    problem(other, 409, "idempotency-mismatch")


def test_a_refused_post_does_not_use_its_key_up(owner: Person) -> None:
    key = {"Idempotency-Key": "once-2"}
    problem(owner.client.post("/articles", json={"title": ""}, headers=key), 422, "invalid")
    assert owner.client.post("/articles", json={"title": "T"}, headers=key).status_code == 201


def test_a_secret_is_not_kept_for_a_repeated_post(owner: Person, service: Service) -> None:
    key = {"Idempotency-Key": "once-3"}
    made = created(owner.client.post("/tokens", json={"name": "k"}, headers=key))
    before = len(owner.client.get("/tokens").json()["items"])
    again = owner.client.post("/tokens", json={"name": "k"}, headers=key)
    problem(again, 409, "conflict")
    assert len(owner.client.get("/tokens").json()["items"]) == before
    path = service.app.state.settings.data / "argmap.db"
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    assert made["token"] not in dump
    assert made["id"] in dump


def test_an_account_is_exported_and_erased_with_all_that_is_its_own(service: Service) -> None:
    person, other = service.person(), service.person()
    shared = f"/maps/{other.map()['id']}"
    other.client.put(f"{shared}/grants/{person.id}", json={"role": "editor"})
    person.patch(f"{shared}/claims/c1", {"label": "By person"})
    own = person.map(title="Only mine")
    exported = person.client.get(f"/accounts/{person.id}/export")
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Only mine" in everything
    assert person.name in everything
    problem(other.client.get(f"/accounts/{person.id}/export"), 404, "not-found")
    problem(other.client.delete(f"/accounts/{person.id}"), 404, "not-found")
    assert person.client.delete(f"/accounts/{person.id}").status_code == 204
    problem(person.client.get("/me"), 401, "unauthenticated")
    problem(service.person().client.get(f"/maps/{own['id']}"), 404, "not-found")
    entry = other.client.get(f"{shared}/history/2").json()
    assert entry["account_name"] is None
    assert other.client.get(shared).json()["claims"][0]["label"] == "By person"

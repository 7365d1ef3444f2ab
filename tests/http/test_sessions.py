"""Signing in by name and password: sessions, limits, and nothing to be learnt about names."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from argmap.store import accounts
from tests.support.postgres import POSTGRESQL, Postgres
from tests.support.service import Person, Service, problem, serving

SAME = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "ferry and harbour"


@pytest.fixture(scope="module", params=["sqlite", POSTGRESQL])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    settings: dict[str, Any] = {"sign_up": True}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE session_tests")
        settings["database_url"] = server.url("session_tests")
    with serving(tmp_path_factory.mktemp("data"), **settings) as running:
        yield running


@pytest.fixture(autouse=True)
def unlimited(service: Service) -> None:
    """Forget the tries of other tests."""
    service.app.state.passwords._limiter.storage.reset()


@pytest.fixture
def nora(service: Service) -> Person:
    return service.person()


def browser(service: Service) -> httpx.Client:
    """A client that keeps the session cookie as browsers do, which take Secure ones from this machine."""
    client = httpx.Client(base_url=service.url, headers=SAME, timeout=30)

    def keep(response: httpx.Response) -> None:
        for cookie in response.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            client.headers.pop("Cookie", None)
            if value.strip('"'):
                client.headers["Cookie"] = f"{name}={value}"

    client.event_hooks["response"].append(keep)
    service.clients.append(client)
    return client


def link(service: Service, person: Person) -> str:
    with service.database.write() as session:
        return accounts.add_sign_in(session, person.id)


def by_link(service: Service, person: Person) -> httpx.Client:
    client = browser(service)
    answer = client.post("/sign-in", data={"token": link(service, person)})
    assert answer.status_code == 303
    return client


def with_password(service: Service, person: Person) -> httpx.Client:
    client = by_link(service, person)
    done = client.put("/api/v1/me/password", json={"password": PASSWORD})
    assert done.status_code == 204, done.text
    return client


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "password": password})


def test_a_link_and_then_a_password_signs_in(service: Service, nora: Person) -> None:
    assert not nora.client.get("/me").json()["has_password"]
    with_password(service, nora)
    client = browser(service)
    answer = sign_in(client, nora.name.upper())
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == nora.name
    assert answer.json()["has_password"]
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-argmap=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert PASSWORD not in answer.text


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    service: Service, nora: Person
) -> None:
    with_password(service, nora)
    nameless = service.person()  # has no password
    client = browser(service)
    seen = []
    for name in (nora.name, nameless.name, "nobody of that name", "", "x" * 200):
        answer = sign_in(client, name, "wrong password")
        seen.append(problem(answer, 401, "unauthenticated"))
        assert "set-cookie" not in answer.headers
    assert all(each == seen[0] for each in seen)


def test_an_unknown_name_takes_as_long_as_a_known_one(service: Service, nora: Person) -> None:
    with_password(service, nora)
    client = browser(service)
    sign_in(client, "warm up")

    def seconds(name: str) -> float:
        taken = []
        for _ in range(4):
            began = time.perf_counter()
            sign_in(client, name, "wrong")
            taken.append(time.perf_counter() - began)
        return min(taken)

    known, unknown = seconds(nora.name), seconds("nobody")
    assert 0.3 < known / unknown < 3


def test_tries_at_a_name_are_limited_whether_it_is_known_or_not(
    service: Service, nora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(service, nora)
    client = browser(service)
    monkeypatch.setattr(service.app.state.passwords, "_fits_now", lambda *_: False)
    for name in (nora.name, "nobody"):
        codes = [sign_in(client, name, "wrong").status_code for _ in range(11)]
        assert codes == [401] * 10 + [429]
    answer = sign_in(client, nora.name)
    problem(answer, 429, "too-many-attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 900


def test_a_page_of_another_site_signs_nobody_in_or_out(service: Service, nora: Person) -> None:
    mine = with_password(service, nora)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}):
        client = httpx.Client(
            base_url=service.url, headers={"Origin": "https://evil.example", **headers}
        )
        body = {"name": nora.name, "password": PASSWORD}
        problem(client.post("/api/v1/session", json=body), 403, "not-permitted")
        problem(client.post("/api/v1/sign-up", json=body), 403, "not-permitted")
        client.headers["Cookie"] = mine.headers["Cookie"]
        problem(client.delete("/api/v1/sessions"), 403, "not-permitted")
        problem(client.put("/api/v1/me/password", json={"password": "x" * 9}), 403, "not-permitted")
        client.close()
    assert mine.get("/api/v1/me").status_code == 200


def test_sessions_are_listed_and_ended_one_by_one_and_everywhere(
    service: Service, nora: Person
) -> None:
    first = with_password(service, nora)
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"}
    second = browser(service)
    second.headers.update(agent)
    sign_in(second, nora.name)
    listed = second.get("/api/v1/sessions").json()["items"]
    assert [(each["current"], each["agent"]) for each in listed] == [
        (True, "Firefox on Linux"),
        (False, None),
    ]
    # neither is an API token, nor is that a session
    assert [token["name"] for token in nora.client.get("/tokens").json()["items"]] == ["test"]
    assert second.delete(f"/api/v1/sessions/{listed[1]['id']}").status_code == 204
    problem(first.get("/api/v1/me"), 401, "unauthenticated")
    third = browser(service)
    sign_in(third, nora.name)
    assert third.delete("/api/v1/sessions?others=true").status_code == 204
    assert third.get("/api/v1/me").status_code == 200
    problem(second.get("/api/v1/me"), 401, "unauthenticated")
    assert third.delete("/api/v1/sessions").status_code == 204
    problem(third.get("/api/v1/me"), 401, "unauthenticated")
    assert nora.client.get("/me").status_code == 200  # the API token lives on
    problem(nora.client.delete("/sessions/unknown"), 404, "not-found")


def test_signing_out_ends_the_session_for_whoever_copied_the_cookie(
    service: Service, nora: Person
) -> None:
    client = with_password(service, nora)
    copy = browser(service)
    copy.headers["Cookie"] = client.headers["Cookie"]
    assert client.delete("/api/v1/session").status_code == 204
    problem(copy.get("/api/v1/me"), 401, "unauthenticated")


def test_a_password_is_changed_with_the_present_one_and_ends_other_sessions(
    service: Service, nora: Person
) -> None:
    with_password(service, nora)
    one, other = browser(service), browser(service)
    sign_in(one, nora.name), sign_in(other, nora.name)
    new = {"password": "bridge and tunnel"}
    problem(one.put("/api/v1/me/password", json=new), 403, "not-permitted")
    wrong = {**new, "current": "wrong"}
    problem(one.put("/api/v1/me/password", json=wrong), 403, "not-permitted")
    # not even an API token with scope write may set one without it
    problem(nora.client.put("/me/password", json=new), 403, "not-permitted")
    assert one.put("/api/v1/me/password", json={**new, "current": PASSWORD}).status_code == 204
    assert one.get("/api/v1/me").status_code == 200
    problem(other.get("/api/v1/me"), 401, "unauthenticated")
    problem(sign_in(browser(service), nora.name), 401, "unauthenticated")
    assert sign_in(browser(service), nora.name, "bridge and tunnel").status_code == 200


def test_an_api_token_sets_no_first_password(nora: Person) -> None:
    problem(nora.client.put("/me/password", json={"password": PASSWORD}), 403, "not-permitted")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaa", "x" * 201])
def test_a_password_that_is_easy_to_guess_is_refused(
    service: Service, nora: Person, password: str
) -> None:
    client = by_link(service, nora)
    body = problem(client.put("/api/v1/me/password", json={"password": password}), 422, "invalid")
    assert password not in str(body)


def test_an_administrator_makes_a_one_time_link_to_set_a_new_password(
    service: Service, nora: Person
) -> None:
    with_password(service, nora)
    admin = service.person(admin=True)
    made = admin.client.post(f"/accounts/{nora.id}/reset")
    assert made.status_code == 201, made.text
    token = made.json()["link"].partition("token=")[2]
    client = browser(service)
    assert client.post("/sign-in", data={"token": token}).status_code == 303
    new = {"password": "bridge and tunnel"}
    assert client.put("/api/v1/me/password", json=new).status_code == 204
    assert sign_in(browser(service), nora.name, "bridge and tunnel").status_code == 200
    # it works once, and nobody else makes one
    assert browser(service).post("/sign-in", data={"token": token}).status_code == 401
    problem(nora.client.post(f"/accounts/{admin.id}/reset"), 403, "not-permitted")


def test_people_make_accounts_only_where_they_may(service: Service) -> None:
    client = browser(service)
    name = f"new {time.time_ns()}"
    made = client.post("/api/v1/sign-up", json={"name": name, "password": PASSWORD})
    assert made.status_code == 201, made.text
    assert client.get("/api/v1/me").json()["name"] == name
    again = browser(service).post("/api/v1/sign-up", json={"name": name, "password": PASSWORD})
    problem(again, 409, "conflict")


def test_by_default_nobody_makes_an_account(tmp_path_factory: pytest.TempPathFactory) -> None:
    with serving(tmp_path_factory.mktemp("data")) as service:
        client = browser(service)
        body = {"name": "new", "password": PASSWORD}
        problem(client.post("/api/v1/sign-up", json=body), 404, "not-found")
        assert client.post("/sign-up", data=body).status_code == 404
        assert "Make an account" not in client.get("/sign-in").text


def test_the_form_signs_in_and_goes_on_where_one_was(service: Service, nora: Person) -> None:
    with_password(service, nora)
    client = browser(service)
    form = {"name": nora.name, "password": PASSWORD, "next": "/maps/abc#c9"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/maps/abc#c9")
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/\t/evil",
    ):
        answer = client.post("/sign-in", data={**form, "next": elsewhere})
        assert answer.headers["location"] == "/"
    page = client.post("/sign-in", data={"name": "<b>", "password": "wrong", "next": "/maps/abc"})
    assert page.status_code == 401
    assert "The name or the password is wrong." in page.text
    assert "<b>" not in page.text
    assert 'value="/maps/abc"' in page.text


def test_at_most_two_passwords_are_hashed_at_once_and_not_many_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    at_once, most, lock = [0], [0], threading.Lock()

    def slow(*_: object) -> bool:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.2)
        with lock:
            at_once[0] -= 1
        return False

    monkeypatch.setattr(service.app.state.passwords, "_fits_now", slow)
    monkeypatch.setattr("api.passwords.MOST_WAITING", 4)
    codes: list[int] = []

    def attempt(number: int) -> None:
        with httpx.Client(base_url=service.url, headers=SAME, timeout=30) as client:
            codes.append(sign_in(client, f"name {number}", "wrong").status_code)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= 2
    assert set(codes) == {401, 429}


def test_the_hash_of_a_password_leaves_with_nothing(service: Service, nora: Person) -> None:
    with_password(service, nora)
    exported = nora.client.get(f"/accounts/{nora.id}/export")
    assert exported.status_code == 200
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        for name in archive.namelist():
            assert b"$argon2" not in archive.read(name), name


def test_an_expired_session_is_none(service: Service, nora: Person) -> None:
    client = with_password(service, nora)
    with service.database.write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE token SET expires = 1 WHERE account_id = '{nora.id}' AND session"
        )
    problem(client.get("/api/v1/me"), 401, "unauthenticated")


def test_pages_let_scripts_make_no_markup_and_load_nothing_from_elsewhere(service: Service) -> None:
    for address in ("/", "/sign-in", "/problems"):
        policy = browser(service).get(address).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy

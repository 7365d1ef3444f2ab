"""Behind a proxy that serves the service under a path of its own, whether it strips that path or keeps it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser
from pydantic import ValidationError

from api.app import create_app
from api.pages import map_pages, pages
from api.settings import OWN, Settings
from argmap.store import accounts
from tests.support.pages import looking, sign_in
from tests.support.service import Person, Service, created, serving, small_map

pytestmark = pytest.mark.xdist_group("browser")

PREFIX = "/argmap"


@dataclass
class Proxied:
    """A service at `url`, reached through a proxy that knows nothing outside of the prefix."""

    url: str
    service: Service
    outside: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["strips", "keeps"])
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, root: Path
) -> Iterator[Proxied]:
    upstream: list[str] = []
    outside: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            path, host = self.path, self.headers["Host"]
            if not path.startswith(f"{PREFIX}/") and path != PREFIX:
                outside.append(path)
                self.send_error(404)
                return
            if request.param == "strips":
                path = path.removeprefix(PREFIX) or "/"
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name: value for name, value in self.headers.items() if name != "Connection"}
            answer = httpx.request(
                self.command, upstream[0] + path, headers={**sent, "Host": host}, content=body
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in ("content-encoding", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_OPTIONS = pass_on  # noqa: N815  as the base class has it

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        folder = tmp_path_factory.mktemp("proxied")
        with serving(folder, examples=root / "examples", public_url=url) as service:
            upstream.append(service.url)
            yield Proxied(url, service, outside)
        server.shutdown()
        thread.join()


def test_a_visitor_gets_about_without_leaving_the_path(proxied: Proxied, browser: Browser) -> None:
    proxied.outside.clear()
    with looking(browser) as page:
        page.goto(f"{proxied.url}/")
        page.get_by_role("link", name="Military to Mexico").first.click()
        page.locator("body[data-ready]").wait_for()
        assert page.url.startswith(f"{proxied.url}/maps/")
        page.goto(page.url.partition("?")[0] + "/files")
        page.get_by_role("link", name="Back to the map").click()
        page.locator("body[data-ready]").wait_for()
        page.goto(page.url.partition("?")[0] + "/embed")
        page.locator("argument-map .claim").first.wait_for()
        sign_in(page, Service(proxied.url, proxied.service.app), proxied.service.person())
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in").first.wait_for()
        page.goto(f"{proxied.url}/problems/not-found")
        page.get_by_role("link", name="All kinds").click()
        page.goto(f"{proxied.url}/docs")
        assert page.locator(".servers option").get_attribute("value") == proxied.url
        page.goto(proxied.url)
        page.get_by_role("link", name="Military to Mexico").first.wait_for()
    assert proxied.outside == []


def test_a_program_is_sent_only_to_addresses_with_the_path(proxied: Proxied) -> None:
    person: Person = proxied.service.person()
    client = httpx.Client(base_url=proxied.url, headers={"Authorization": f"Bearer {person.token}"})
    made = client.post("/api/v1/maps", json=small_map())
    map = created(made)
    assert made.headers["location"] == f"{PREFIX}/api/v1/maps/{map['id']}"
    listed = client.get("/api/v1/maps?limit=1")
    assert listed.headers["link"].startswith(f"<{proxied.url}/api/v1/maps?")
    following = client.get(listed.headers["link"].partition(">")[0][1:])
    assert following.json()["items"][0]["id"] != listed.json()["items"][0]["id"]
    for ending in ("", ".svg", ".html"):
        first = client.get(f"/api/v1/maps/{map['id']}{ending}")
        assert first.status_code == 200
        headers = {"If-None-Match": first.headers["etag"]}
        assert client.get(f"/api/v1/maps/{map['id']}{ending}", headers=headers).status_code == 304
    refused = client.get("/api/v1/nothing").json()
    assert client.get(refused["type"].removeprefix(proxied.url)).status_code == 200
    assert refused["type"].startswith(proxied.url)
    assert client.get("/openapi.json").json()["servers"] == [{"url": proxied.url}]
    client.close()


def test_no_path_can_be_set_that_is_one_of_the_services_own() -> None:
    app = create_app(Settings())
    routes = (*app.routes, *pages.router.routes, *map_pages.router.routes)
    paths = {getattr(route, "path", "") for route in routes} | set(app.openapi()["paths"])
    assert {path.split("/")[1].partition("{")[0] for path in paths if path.strip("/")} == set(OWN)
    for path in ("/maps", "/api/argmap", "/static", "/a b", "/x?y", "/x#y", "/x/", "/../x"):
        with pytest.raises(ValidationError):
            Settings(public_url=f"https://maps.example{path}")
    assert Settings(public_url="https://maps.example/a/b-1").prefix == "/a/b-1"


def test_behind_a_proxy_that_speaks_tls_the_cookie_is_that_of_the_public_address(
    tmp_path: Path,
) -> None:
    public = "https://maps.example.org"
    with serving(tmp_path, public_url=public) as service:
        with service.database.write() as session:
            owner = accounts.create_account(session, "somebody")
            token = accounts.add_sign_in(session, owner.id)
        for origin, status in (("https://elsewhere.example", 403), (public, 303)):
            answer = httpx.post(
                f"{service.url}/sign-in",
                data={"token": token},
                headers={"Host": "maps.example.org", "Origin": origin},
            )
            assert answer.status_code == status
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-argmap=")
        assert "; Secure" in cookie
        value = cookie.partition(";")[0]
        signed_in = {"Host": "maps.example.org", "Cookie": value}
        me = httpx.get(f"{service.url}/api/v1/me", headers=signed_in)
        assert me.json()["name"] == "somebody"
        made = httpx.post(
            f"{service.url}/api/v1/maps",
            json={"title": "A map"},
            headers={**signed_in, "Origin": public},
        )
        assert made.status_code == 201

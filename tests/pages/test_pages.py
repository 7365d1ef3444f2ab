"""The pages in a real browser: signing in once by the link, the maps that one may see, another site's tries."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from argmap.store import accounts
from tests.support.pages import sign_in
from tests.support.service import Service, serving

pytestmark = pytest.mark.xdist_group("browser")


def test_a_newcomer_sees_the_example_maps_as_pictures(page: Page, service: Service) -> None:
    page.goto(service.url)
    assert page.get_by_role("heading", name="Finished examples").is_visible()
    pictures = page.locator(".ex img")
    assert pictures.count() == 2
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete", arg=picture.element_handle())
        assert picture.evaluate("image => image.naturalWidth") > 0


def test_a_service_without_a_map_says_how_to_bring_the_first_one(tmp_path: Path) -> None:
    with serving(tmp_path) as empty:
        said = httpx.get(empty.url).text
    assert "Nothing is public here yet" in said
    assert f"argmap import debate.argdown --server {empty.url}" in said


def test_a_sign_in_link_works_once_and_shows_private_maps(page: Page, service: Service) -> None:
    person = service.person()
    person.map(title="Only for me")
    page.goto(service.url)
    assert page.get_by_text("Only for me").count() == 0
    sign_in(page, service, person)
    assert page.get_by_text("Only for me").count() == 1
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"]) == ("__Host-argmap", True, True)
    assert cookie["sameSite"] == "Lax"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{service.url}/")
    assert page.get_by_text("Only for me").count() == 0


def test_looking_at_the_link_does_not_use_it_up_but_signing_in_does(
    browser: Browser, service: Service
) -> None:
    person = service.person()
    with service.database.write() as session:
        token = accounts.add_sign_in(session, person.id)
    context = browser.new_context()
    page = context.new_page()
    for _ in range(2):
        page.goto(f"{service.url}/sign-in?token={token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{service.url}/")
    page.goto(f"{service.url}/sign-in?token={token}")
    page.get_by_role("button", name="Sign in").last.click()
    assert "used already" in page.get_by_role("alert").inner_text()
    context.close()


def test_a_session_ends_on_the_server_when_one_signs_out(page: Page, service: Service) -> None:
    person = service.person()
    sign_in(page, service, person)
    (cookie,) = page.context.cookies()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{service.url}/")
    stolen = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    assert page.request.get(f"{service.url}/api/v1/me", headers=stolen).status == 401


def test_another_site_cannot_write_with_ones_cookie(page: Page, service: Service) -> None:
    person = service.person()
    map = person.map()
    sign_in(page, service, person)
    own = page.evaluate(
        """id => fetch(`/api/v1/maps/${id}/claims`, {method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({kind: "premise", text: "From our own page"})}).then(r => r.status)""",
        map["id"],
    )
    assert own == 201
    (cookie,) = page.context.cookies()
    body = {"kind": "premise", "text": "From another site"}
    for said in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://else.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://else.example"},
        {},
    ):
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}", **said}
        answer = httpx.post(
            f"{service.url}/api/v1/maps/{map['id']}/claims", json=body, headers=headers
        )
        assert answer.status_code == 403, said
        out = httpx.post(f"{service.url}/sign-out", headers=headers)
        assert out.status_code == 403, said
    assert person.client.get(f"/maps/{map['id']}").headers["etag"] == '"2"'


def test_the_api_reference_works_without_a_network(page: Page, service: Service) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{service.url}/docs")
    page.get_by_text("Create Article").first.wait_for()
    assert [url for url in asked if not url.startswith((service.url, "data:"))] == []


def test_templates_are_not_served(service):
    with httpx.Client(base_url=service.url) as client:
        assert client.get("/static/argument-map.js").status_code == 200
        assert client.get("/static/styles/base.css").status_code == 200
        for path in (
            "templates/base.html",
            "./templates/base.html",
            "%2e/templates/base.html",
            "x/../templates/base.html",
            "x/%2e%2e/templates/base.html",
            "/templates/base.html",
        ):
            assert client.get(f"/static/{path}").status_code == 404, path

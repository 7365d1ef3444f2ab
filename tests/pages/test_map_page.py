"""The pages of one map: understood at a glance, usable without scripts, on phones, on paper and in frames."""

import struct

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from api.pages.map_pages import FEW
from tests.support.pages import Site, looking, sign_in
from tests.support.service import Service, problem

pytestmark = pytest.mark.xdist_group("browser")

TITLE = "Military to Mexico?"


@pytest.fixture(scope="module")
def address(service: Service) -> str:
    """The address of an example's page."""
    items = httpx.get(f"{service.url}/api/v1/maps").json()["items"]
    (found,) = [item["id"] for item in items if item["title"] == TITLE]
    return f"{service.url}/maps/{found}"


def ready(page: Page) -> None:
    page.locator("argument-map svg .claim").first.wait_for()


def test_without_scripts_the_map_is_a_picture_and_the_claims_are_text(
    browser: Browser, address: str
) -> None:
    with looking(browser, java_script_enabled=False) as page:
        page.goto(address)
        picture = page.locator(".stage img")
        assert picture.is_visible()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 500
        assert box["height"] > 200
        assert page.locator(".claims li").count() == 25
        assert "Washington is leading from behind" in page.locator(".claims").inner_text()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1440)])
def test_axe_finds_nothing_on_the_pages_of_a_map_and_nothing_sticks_out(
    scheme: str, width: int, browser: Browser, address: str
) -> None:
    size = {"width": width, "height": 800}
    with looking(browser, bypass_csp=True, viewport=size, color_scheme=scheme) as page:
        for path in ("/files", "/embed"):
            page.goto(address + path)
            if path != "/files":
                ready(page)
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_formats_page_has_every_written_format_and_what_it_leaves_out(
    page: Page, service: Service, address: str
) -> None:
    page.goto(f"{address}/files")
    written = [
        format
        for format in httpx.get(f"{service.url}/api/v1/formats").json()["items"]
        if format["writes"]
    ]
    assert len(written) > 10
    rows = page.locator("tbody tr")
    assert rows.count() == len(written)
    for row, format in zip(rows.all(), written, strict=True):
        link = row.get_by_role("link")
        assert link.inner_text() == format["title"]
        file = httpx.get(service.url + (link.get_attribute("href") or ""))
        assert file.status_code == 200
        assert file.headers["content-type"].partition(";")[0] == format["media_type"]
        assert ("Nothing" in row.inner_text()) == (file.headers["argmap-losses"] == "0")


def test_an_embedded_map_may_be_framed_by_others_and_the_other_pages_may_not(
    browser: Browser, site: Site, address: str
) -> None:
    embed = httpx.get(f"{address}/embed")
    assert "frame-ancestors *" in embed.headers["content-security-policy"]
    assert embed.headers["cross-origin-resource-policy"] == "cross-origin"
    oembed = httpx.get(f"{address.rpartition('/maps/')[0]}/oembed", params={"url": address}).json()
    with looking(browser) as page:
        page.goto(site.shows(oembed["html"]))
        frame = page.frame_locator("iframe")
        frame.locator("argument-map .claim").first.wait_for()
        assert frame.get_by_role("link", name=TITLE).get_attribute("target") == "_blank"
    with looking(browser, expected="frame-ancestors") as page:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(site.shows(f'<iframe src="{address}" title="x"></iframe>'))
        assert page.frame_locator("iframe").locator("argument-map").count() == 0


def test_an_embedded_map_is_shown_as_to_a_stranger_whoever_looks(
    page: Page, service: Service
) -> None:
    person = service.person()
    id = person.map()["id"]
    sign_in(page, service, person)
    assert page.request.get(f"{service.url}/maps/{id}").status == 200
    assert page.request.get(f"{service.url}/maps/{id}/embed").status == 404
    assert person.patch(f"/maps/{id}", {"visibility": "unlisted"}).status_code == 200
    share = person.client.post(f"/maps/{id}/shares", json={}).json()["token"]
    with_token = httpx.get(f"{service.url}/maps/{id}/embed", params={"share": share})
    assert with_token.status_code == 200
    page.goto(f"{service.url}/maps/{id}/embed?share={share}")
    ready(page)
    assert page.locator("argument-map .claim").count() == 4


def test_what_others_add_to_an_address_is_passed_over_and_a_wrong_option_is_not(
    address: str,
) -> None:
    for path in ("", "/embed"):
        assert httpx.get(f"{address}{path}?utm_source=mail&fbclid=x").status_code == 200
        problem(httpx.get(f"{address}{path}?theme=plaid"), 400, "bad-parameter")


def test_the_thumbnail_has_the_size_that_oembed_says(address: str) -> None:
    service = address.rpartition("/maps/")[0]
    for most in ({}, {"maxwidth": 200}, {"maxheight": 120}):
        embed = httpx.get(f"{service}/oembed", params={"url": address, **most}).json()
        picture = httpx.get(embed["thumbnail_url"]).content
        size = struct.unpack(">II", picture[16:24])
        assert size == (embed["thumbnail_width"], embed["thumbnail_height"])
        assert size[0] <= most.get("maxwidth", 480)
        assert size[1] <= most.get("maxheight", 360)
    tiny = httpx.get(f"{service}/oembed", params={"url": address, "maxheight": 20}).json()
    assert tiny["height"] == 20
    assert not {"thumbnail_url", "thumbnail_width", "thumbnail_height"} & set(tiny)


def test_of_a_large_map_only_the_format_that_is_asked_for_is_looked_into(service: Service) -> None:
    person = service.person()
    claims = [
        {"id": f"c{n}", "kind": "premise", "text": "T", "tags": ["t"]} for n in range(FEW // 40)
    ]
    map = person.map(claims=claims, relations=[], visibility="public")
    files = f"{service.url}/maps/{map['id']}/files"
    page = httpx.get(files).text
    assert "<details" not in page
    assert 'href="?losses=dot#dot" aria-label="Look what Graphviz DOT leaves out"' in page
    asked = httpx.get(f"{files}?losses=dot").text
    assert asked.count("<details open>") == 1
    assert "tags" in asked


@pytest.mark.parametrize("ending", ["/embed"])
def test_on_a_phone_a_long_title_fits_and_no_button_covers_the_map(
    browser: Browser, service: Service, ending: str
) -> None:
    title = (
        "A title that goes on for long, with Donaudampfschifffahrtsgesellschaftskapitänsmütze in it"
    )
    map = service.person().map(title=title, visibility="public")
    with looking(browser, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{service.url}/maps/{map['id']}{ending}")
        page.locator("argument-map .claim").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        below = page.locator("argument-map .controls").bounding_box()
        top = page.locator("argument-map svg .title").first.bounding_box()
        assert below is not None
        assert top is not None
        assert below["y"] + below["height"] <= top["y"]
        claim = page.locator("argument-map .claim").first
        claim.click()
        assert claim.get_attribute("aria-current") == "true"


@pytest.mark.parametrize("ending", ["/embed"])
def test_on_a_wide_screen_a_long_title_does_not_run_under_the_buttons(
    browser: Browser, service: Service, ending: str
) -> None:
    map = service.person().map(title="Whether the vote " * 16, visibility="public")
    with looking(browser, viewport={"width": 1000, "height": 700}) as page:
        page.goto(f"{service.url}/maps/{map['id']}{ending}")
        page.locator("argument-map .claim").first.wait_for()
        buttons = page.locator("argument-map .controls").bounding_box()
        assert buttons is not None
        for line in page.locator("argument-map svg .title").all():
            box = line.bounding_box()
            assert box is not None
            assert (
                box["x"] + box["width"] <= buttons["x"]
                or box["y"] >= buttons["y"] + buttons["height"]
            )


def test_whoever_follows_a_dead_link_is_told_in_words_and_shown_a_way(
    browser: Browser, service: Service
) -> None:
    with looking(browser, expected="404") as page:
        for ending in ("/maps/nothing", "/maps/nothing/embed", "/nowhere"):
            answer = page.goto(f"{service.url}{ending}")
            assert answer is not None
            assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")
            assert page.get_by_role("heading", name="There is nothing here").is_visible()
            assert page.get_by_role("link", name="sign in", exact=True).is_visible()
        page.get_by_role("link", name="Maps that you can see").click()
        page.get_by_role("heading", name="Finished examples").wait_for()


def test_programs_are_told_of_problems_as_data_whatever_they_accept(service: Service) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, headers in (
        ("/maps/nothing", {}),
        ("/api/v1/maps/nothing", browser),
        ("/oembed?url=x", browser),
    ):
        answer = httpx.get(f"{service.url}{path}", headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"

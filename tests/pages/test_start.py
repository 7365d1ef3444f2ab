"""From an op-ed that is pasted or dropped to an empty map of it, by mouse and by keyboard; one's account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import looking, sign_in
from tests.support.service import Service

pytestmark = pytest.mark.xdist_group("browser")

PAGE = """<html><head><title>Keep the Night Bus - The Courier</title></head><body>
<nav><a href="/">Home</a> <a href="/opinion">Opinion</a></nav>
<article><h1>Keep the Night Bus</h1><p class="byline">By Ada Okafor</p>
<p>The council wants to end the night bus on Fridays. It says that too few people take it after one.</p>
<p>Nurses take it. So do cooks, cleaners and everybody else who works while the council sleeps.</p>
<p>Share on Facebook</p>
<p>A town that wants to be open at night must be able to go home at night. Keep the bus.</p></article>
<footer>We use cookies to improve your experience. Accept all</footer></body></html>"""
TEXT = "\n\n".join(
    (
        "Keep the Night Bus",
        "By Ada Okafor",
        "The council wants to end the night bus on Fridays. It says that too few people take it.",
        "Advertisement",
        "Nurses take it. So do cooks and cleaners. \N{BUS} Keep the bus.",
    )
)


@pytest.fixture
def refused(browser: Browser) -> Iterator[Page]:
    """A page on which the service refuses something, which the browser writes down by itself."""
    with looking(browser, expected="the server responded with a status of 4") as page:
        yield page


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_pasted_text_becomes_a_map_by_keyboard_alone(page: Page, service: Service) -> None:
    sign_in(page, service, service.person())
    clean(page)
    page.keyboard.press("Tab")
    page.locator("#words").focus()
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/new")
    expect(page.locator(".junk")).to_contain_text(["Advertisement"])
    clean(page)
    keep = page.locator(".junk", has_text="Advertisement").get_by_role("button")
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kept", has_text="Advertisement")).to_be_visible()
    page.keyboard.press("Enter")  # the focus stayed on the line, whose button leaves it out again
    expect(page.locator(".junk", has_text="Advertisement")).to_be_visible()
    page.get_by_label("Title").fill("Keep the Night Bus")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/maps/*")
    map = page.request.get(
        f"{service.url}/api/v1/maps/{page.url.split('/')[-1].split('#')[0]}"
    ).json()
    article = page.request.get(f"{service.url}/api/v1/articles/{map['article_id']}").json()
    assert map["title"] == "Keep the Night Bus"
    assert "Advertisement" not in article["text"]
    assert "\N{BUS} Keep the bus." in article["text"]


def test_a_saved_page_is_looked_over_and_nothing_is_dropped_unseen(
    page: Page, service: Service, tmp_path: Path
) -> None:
    sign_in(page, service, service.person())
    saved = tmp_path / "bus.html"
    saved.write_text(PAGE)
    page.locator("#file").set_input_files(saved)
    page.wait_for_url("**/new")
    expect(page.get_by_label("Title")).to_have_value("Keep the Night Bus")
    everything = page.locator("#lines").inner_text()
    for words in ("Nurses take it.", "Share on Facebook", "We use cookies"):
        assert words in everything
    assert page.locator(".junk", has_text="We use cookies").count() == 1
    page.get_by_role("button", name="Start the map").click()
    page.wait_for_url("**/maps/*")


def test_a_map_of_another_tool_becomes_a_map(
    refused: Page, service: Service, tmp_path: Path
) -> None:
    page = refused
    sign_in(page, service, service.person())
    file = tmp_path / "bus.argdown"
    file.write_text("# Buses\n\n[Keep it]: Keep the bus.\n  + <Nurses>: Nurses take it.\n")
    page.locator("#file").set_input_files(file)
    page.wait_for_url("**/maps/*")


def test_what_was_pasted_is_there_after_signing_in(refused: Page, service: Service) -> None:
    page = refused
    person = service.person()
    page.goto(service.url)
    page.locator("#words").fill(TEXT)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/sign-in?**")
    clean(page)
    sign_in(page, service, person)
    expect(page.locator("#words")).to_have_value(TEXT)


def test_empty_and_broken_files_are_refused_in_a_sentence(
    refused: Page, service: Service, tmp_path: Path
) -> None:
    page = refused
    sign_in(page, service, service.person())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Paste the text of an op-ed first")
    for name, content in (
        ("empty.txt", b""),
        ("broken.docx", b"PK\x03\x04broken"),
        ("x.bin", bytes(range(256))),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        page.locator("#file").set_input_files(file)
        expect(page.get_by_role("alert")).not_to_be_empty()
        expect(page.locator("#paste")).not_to_have_attribute("aria-busy", "true")


def test_a_password_set_by_its_owner_signs_in(page: Page, service: Service) -> None:
    person = service.person()
    sign_in(page, service, person)
    page.goto(f"{service.url}/account")
    clean(page)
    page.get_by_label("Password, 8 characters or more").fill("correct horse")
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator("#password-said")).to_contain_text("The password is set")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.goto(f"{service.url}/account")
    page.get_by_label("Name").fill(person.name)
    page.get_by_label("Password", exact=True).fill("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")

"""Pages in a browser, and a site of another origin."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from argmap.store import accounts
from tests.support.service import Person, Service


@contextmanager
def looking(browser: Browser, *, expected: str = "", **context: Any) -> Iterator[Page]:
    """Open a page of a browser without a past; what it complains about, but for what is `expected`, fails the test."""
    opened = browser.new_context(**context)
    page = opened.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    opened.close()
    assert [text for text in complaints if not expected or expected not in text] == []


def sign_in(page: Page, service: Service, person: Person) -> None:
    with service.database.write() as session:
        token = accounts.add_sign_in(session, person.id)
    page.goto(f"{service.url}/sign-in?token={token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{service.url}/")


@dataclass
class Site:
    """A site of another origin: what it answers by path (content type, body), and a policy that its pages have."""

    url: str = ""
    policy: str | None = None
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def shows(self, html: str) -> str:
        """Make a page of some HTML and return its address; page.js of the site goes with it."""
        self.answers.setdefault("/page.js", ("text/javascript", ""))
        self.answers["/page"] = (
            "text/html; charset=utf-8",
            '<!doctype html><html lang="en"><head><title>Another site</title></head>'
            f"<body><main><h1>Another site</h1>{html}</main>"
            '<script type="module" src="/page.js"></script></body></html>',
        )
        return f"{self.url}/page"

"""A browser, a service with the examples, and a site of another origin."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from argmap.store import accounts
from tests.http.conftest import Person, Service, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, root: Any) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("data"), examples=root / "examples") as running:
        yield running


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with looking(browser) as page:
        yield page


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


@pytest.fixture
def site() -> Iterator[Site]:
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            media_type, body = here.answers.get(path, ("text/plain", "nothing"))
            self.send_response(200 if path in here.answers else 404)
            self.send_header("Content-Type", media_type)
            if here.policy and media_type.startswith("text/html"):
                self.send_header("Content-Security-Policy", here.policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here.url = f"http://127.0.0.1:{server.server_port}"
        here.answers["/favicon.ico"] = ("image/x-icon", "")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield here
        server.shutdown()
        thread.join()

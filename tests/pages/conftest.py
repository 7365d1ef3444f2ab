"""A browser, a service with the examples, and a site of another origin."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.pages import Site, looking
from tests.support.service import Service, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, root: Any) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("data"), examples=root / "examples") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with looking(browser) as page:
        yield page


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

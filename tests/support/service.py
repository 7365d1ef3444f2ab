"""A real server on a free port with a fresh database, and people who call it."""

import itertools
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.settings import Settings
from argmap.store import Database, accounts
from argmap.store.records import Scope

_names = itertools.count()


@dataclass
class Service:
    """A running service; `anonymous` calls it without a token."""

    url: str
    app: Any
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.app.state.database

    def client(self, token: str | None = None) -> httpx.Client:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)
        self.clients.append(client)
        return client

    def person(self, *, admin: bool = False, scope: Scope = Scope.WRITE) -> "Person":
        """Create an account with a token and return its caller."""
        with self.database.write() as session:
            account = accounts.create_account(session, f"person {next(_names)}", admin)
            _, plain = accounts.add_token(session, account.id, "test", scope)
        return Person(self.client(plain), account.id, account.name or "", plain)


@dataclass
class Person:
    """Somebody with an account; calls go through `client`."""

    client: httpx.Client
    id: str
    name: str
    token: str

    def article(self, **more: Any) -> dict[str, Any]:
        """Store an article and return it."""
        return created(self.client.post("/articles", json={"title": "An op-ed", **more}))

    def map(self, article_id: str | None = None, **more: Any) -> dict[str, Any]:
        """Store a small map and return it."""
        address = "/maps" if article_id is None else f"/articles/{article_id}/maps"
        return created(self.client.post(address, json={**small_map(), **more}))

    def patch(self, address: str, patch: Any, **headers: str) -> httpx.Response:
        """Send a merge patch."""
        return self.client.patch(
            address,
            json=patch,
            headers={"Content-Type": "application/merge-patch+json", **headers},
        )


def created(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON of a 201."""
    assert response.status_code == 201, response.text[:500]
    return response.json()


def small_map() -> dict[str, Any]:
    """Four claims: linked premises for a thesis, and an undercut."""
    return {
        "title": "A small map",
        "claims": [
            {"id": "c1", "kind": "thesis", "text": "The library should stay open."},
            {"id": "c2", "kind": "premise", "text": "Pupils need a quiet place."},
            {"id": "c3", "kind": "premise", "text": "The library is quiet."},
            {"id": "c4", "kind": "rebuttal", "text": "Not in the evening."},
        ],
        "relations": [
            {"id": "r1", "kind": "supports", "sources": ["c2", "c3"], "target": "c1"},
            {"id": "r2", "kind": "attacks", "sources": ["c4"], "target": "r1"},
        ],
    }


def slow_map() -> dict[str, Any]:
    """1,200 claims linked across, which keep Graphviz busy for seconds."""
    size = 1200
    return {
        "claims": [{"id": f"c{n}", "kind": "premise", "text": "x"} for n in range(size)],
        "relations": [
            {"kind": "supports", "sources": [f"c{n}"], "target": f"c{(n * 7 + step) % n}"}
            for n in range(1, size)
            for step in range(2)
            if n > 1 or step == 0
        ],
    }


def timeless(picture: bytes) -> bytes:
    """Return a picture without the end of a PDF, which says when it was made."""
    return picture.partition(b"/Creator(Typst")[0]


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Check that an answer is a problem of that kind and return it."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"].endswith(f"/problems/{slug}")
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


class serving:  # noqa: N801  used as a function
    """Run a service in a thread for the length of a block; it draws itself unless `picture_workers` is given."""

    def __init__(self, data: Path, **settings: Any) -> None:
        usual = {"examples": data / "none", "picture_workers": 0}
        self._app = create_app(Settings(data=data, **{**usual, **settings}))

    def __enter__(self) -> Service:
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        config = uvicorn.Config(
            self._app, http="api.connection:Connection", log_level="warning", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))
        self._thread.start()
        self._service = Service(f"http://127.0.0.1:{port}", self._app)
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the service did not start")
            self._thread.join(0.01)
        return self._service

    def __exit__(self, *exc: object) -> None:
        for client in self._service.clients:
            client.close()
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

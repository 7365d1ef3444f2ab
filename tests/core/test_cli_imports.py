"""`argmap import` against a real service, and against servers that are busy, away, elsewhere or something else."""

import http.server
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from argmap import cli
from argmap.cli.client import ATTEMPTS
from tests.support.service import Person, Service, serving

ARGDOWN = "[Open]: The library should stay **open**.\n  + <Quiet>: Pupils need a quiet place.\n"
TEXT = "The library should stay open. Pupils need quiet."
ANN = f"T1\tMajorClaim 0 29\t{TEXT[:29]}\nT2\tPremise 30 48\t{TEXT[30:]}\nR1\tsupports Arg1:T2 Arg2:T1\t\n"


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["argmap", "import", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The command does not really wait; this is for how long it would have."""
    found: list[float] = []
    monkeypatch.setattr(cli.imports.time, "sleep", found.append)
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture
def person(service: Service, monkeypatch: pytest.MonkeyPatch) -> Person:
    person = service.person()
    monkeypatch.setenv("ARGMAP_TOKEN", person.token)
    return person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three maps, one of them with its text; and files that are none."""
    files = {
        "a.argdown": ARGDOWN,
        "deep/b.argdown": ARGDOWN,
        "deep/essay.ann": ANN,
        "deep/essay.txt": TEXT,
        ".hidden/c.argdown": ARGDOWN,
        "picture.png": "no map",
    }
    for name, text in files.items():
        path = tmp_path / "debates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "debates"


def maps_of(person: Person) -> dict[str, dict[str, Any]]:
    listed = person.client.get("/maps", params={"owner": person.id, "limit": 200}).json()
    return {map["id"]: map for map in listed["items"]}


def test_the_files_of_a_folder_are_stored_and_what_was_lost_is_told(
    run: Run, service: Service, person: Person, folder: Path
) -> None:
    ran = run(folder, "--server", service.url)
    assert ran.status == 0
    printed = dict(line.split("\t") for line in ran.out.splitlines())
    assert list(printed.values()) == [
        str(folder / name) for name in ("a.argdown", "deep/b.argdown", "deep/essay.ann")
    ]
    maps = maps_of(person)
    assert set(maps) == set(printed)
    assert {map["visibility"] for map in maps.values()} == {"private"}
    (essay,) = [id for id, name in printed.items() if name.endswith("essay.ann")]
    article = person.client.get(f"/articles/{maps[essay]['article_id']}").json()
    assert article["text"] == TEXT
    assert "Bold and italic type was dropped." in " ".join(ran.err.split())
    assert "1 file not sent" in ran.err
    assert ran.err.splitlines()[-1] == "argmap: 3 stored"


def test_what_is_stored_is_not_stored_again(
    run: Run, service: Service, person: Person, folder: Path
) -> None:
    first = run(folder / "deep", "--server", service.url)
    again = run(folder / "deep", "--server", service.url)
    assert again.out == first.out
    assert again.err.splitlines()[-1] == "argmap: 0 stored, 2 stored before"
    assert len(maps_of(person)) == 2
    (folder / "deep" / "b.argdown").write_text(ARGDOWN.replace("quiet", "calm"))
    changed = run(folder / "deep", "--server", service.url)
    assert changed.err.splitlines()[-1] == "argmap: 1 stored, 1 stored before"


def test_a_file_that_fails_keeps_no_other_from_being_stored(
    run: Run, service: Service, person: Person, folder: Path
) -> None:
    (folder / "b.json").write_text('{"nodes": [\n1,,]}')
    ran = run(folder, folder / "gone.argdown", "--server", service.url)
    assert ran.status == 1
    assert f"argmap: {folder / 'b.json'}: line 2: this is not valid JSON" in ran.err
    assert f"argmap: {folder / 'gone.argdown'}: cannot read it: no such file" in ran.err
    assert ran.err.splitlines()[-1] == "argmap: 3 stored, 2 failed"
    assert len(maps_of(person)) == 3


def test_visibility_and_format_are_passed_on(
    run: Run, service: Service, person: Person, folder: Path
) -> None:
    ran = run(folder / "a.argdown", "--server", service.url, "--visibility", "public")
    assert ran.status == 0
    assert [map["visibility"] for map in maps_of(person).values()] == ["public"]
    wrong = run(folder / "a.argdown", "--server", service.url, "--format", "aif")
    assert wrong.status == 1
    assert "not valid JSON" in wrong.err
    assert run(folder, "--visibility", "everybody").status == 2
    unknown = run(folder / "a.argdown", "--server", service.url, "--format", "nonsense")
    assert unknown.status == 1
    assert "is one of json" in unknown.err


def test_a_zip_is_sent_as_it_is(
    run: Run, service: Service, person: Person, folder: Path, waits: list[float]
) -> None:
    import zipfile

    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(folder / "a.argdown", "a.argdown")
        archive.writestr("broken.json", "{")
    ran = run(folder / "all.zip", "--server", service.url)
    assert ran.status == 1
    assert f"{folder / 'all.zip'}/broken.json: line 1" in ran.err
    assert ran.out.splitlines()[0].endswith("all.zip/a.argdown")
    assert len(maps_of(person)) == 1


class Odd(http.server.BaseHTTPRequestHandler):
    """A server that answers by a script: a status with headers and a body, or nothing at all."""

    script: list[tuple[int, dict[str, str], Any]]
    seen: list[dict[str, str]]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def do_GET(self) -> None:
        self.seen.append({**dict(self.headers.items()), "path": self.path})
        status, headers, body = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if status == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Start such a server and give its address."""
    monkeypatch.setenv("ARGMAP_TOKEN", "secret")
    Odd.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def start(*script: tuple[int, dict[str, str], Any]) -> str:
        Odd.script = list(script)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    server.shutdown()
    server.server_close()
    thread.join()


ITEM = {"name": "a.argdown", "state": "stored", "map_id": "m1", "losses": [], "problem": None}
DONE = {"id": "i1", "state": "finished", "items": [ITEM], "next": None}


def test_a_server_that_is_busy_or_away_is_asked_again_with_the_same_key(
    run: Run, odd: Callable[..., str], folder: Path, waits: list[float]
) -> None:
    url = odd(
        (503, {"Retry-After": "7"}, {"detail": "Too much work."}),
        (429, {}, {}),
        (0, {}, b""),
        (202, {"Retry-After": "1"}, {**DONE, "state": "running"}),
        (0, {}, b""),
        (200, {}, DONE),
    )
    ran = run(folder / "a.argdown", "--server", url)
    assert ran.status == 0, ran.err
    assert ran.out == f"m1\t{folder / 'a.argdown'}\n"
    assert waits[0] == 7
    assert "Too much work.; trying again in 7 seconds" in ran.err
    keys = [seen["Idempotency-Key"] for seen in Odd.seen if "Idempotency-Key" in seen]
    assert len(keys) == 4
    assert len(set(keys)) == 1


def test_a_server_that_stays_away_is_given_up_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path, waits: list[float]
) -> None:
    monkeypatch.setenv("ARGMAP_TOKEN", "secret")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ran = run(folder, "--server", f"http://127.0.0.1:{port}")
    assert ran.status == 1
    assert ran.err.splitlines()[-1].endswith(
        f"cannot reach http://127.0.0.1:{port}: Connection refused"
    )
    assert len(waits) == ATTEMPTS - 1
    assert 60 < sum(waits) < 300


def test_a_token_goes_nowhere_else(run: Run, odd: Callable[..., str], folder: Path) -> None:
    url = odd((301, {"Location": "http://127.0.0.1:9/elsewhere"}, {}))
    ran = run(folder, "--server", url)
    assert ran.status == 1
    assert "http://127.0.0.1:9/elsewhere; give that as --server" in ran.err
    assert len(Odd.seen) == 1


def test_a_refused_token_ends_it_at_once(run: Run, odd: Callable[..., str], folder: Path) -> None:
    url = odd((401, {}, {"detail": "The token has expired."}))
    ran = run(folder, "--server", url)
    assert ran.status == 1
    assert "refuses the token: The token has expired." in ran.err
    assert len(Odd.seen) == 1


@pytest.mark.parametrize("body", [b"<html>", {}, [], {"id": 1}, {"detail": 3}, None])
def test_a_server_of_something_else_is_named_so(
    run: Run, odd: Callable[..., str], folder: Path, body: Any
) -> None:
    ran = run(folder, "--server", odd((200, {}, body)))
    assert ran.status == 1
    assert "does not answer as argmap does" in ran.err


def test_what_is_missing_is_said_before_anything_is_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.delenv("ARGMAP_TOKEN", raising=False)
    ran = run(folder)
    assert ran.status == 1
    assert "ARGMAP_TOKEN has no token" in ran.err
    monkeypatch.setenv("OTHER", "x")
    for url in ("ftp://x", "x", "http://", "http://x:y"):
        ran = run(folder, "--server", url, "--token-env", "OTHER")
        assert ran.status == 2
        assert "--server" in ran.err


def test_an_early_refusal_of_a_large_file_is_understood(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "data", import_bytes=20_000) as small:
        monkeypatch.setenv("ARGMAP_TOKEN", small.person().token)
        (tmp_path / "large.argdown").write_bytes(b"x" * (8 << 20))
        begin = time.monotonic()
        ran = run(tmp_path / "large.argdown", "--server", small.url)
        assert ran.status == 1
        assert "larger than 20,000 bytes" in ran.err
        assert time.monotonic() - begin < 20

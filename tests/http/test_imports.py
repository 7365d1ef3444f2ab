"""Imports: every file by itself, whatever becomes of the others; bounded, resumable, and its owner's alone."""

import io
import json
import os
import random
import signal
import struct
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import api.jobs.imports
import api.routes.imports
from api.requests.uploads import MAX_FILES, shown_name, unpacked
from argmap import formats
from argmap.errors import FormatError, StoreFull
from argmap.store import import_queue
from argmap.store.maps import maps
from argmap.store.records import Scope
from tests.support.hostile import misbehave
from tests.support.process import new_token, process
from tests.support.service import Person, Service, problem, serving

ARGDOWN = b"[Open]: The library should stay open.\n  + <Quiet>: Pupils need a quiet place.\n"
BROKEN = b'{"nodes": [\n1,,]}'
EXAMPLES = Path(__file__).parents[2] / "examples" / "formats"


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def send(person: Person, data: bytes, status: int = 200, **query: str) -> dict[str, Any]:
    answer = person.client.post("/imports", content=data, params=query)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/imports/{body['id']}"
    return body


def own_maps(person: Person) -> list[dict[str, Any]]:
    found, cursor = [], {}
    while True:
        page = person.client.get("/maps", params={"owner": person.id, "limit": "200", **cursor})
        found += page.json()["items"]
        if page.json()["next"] is None:
            return found
        cursor = {"cursor": page.json()["next"]}


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Each file is read only when the gate lets one more through, and sending in does not wait for that."""
    real, gate = formats.load, threading.Semaphore(0)

    def load(*args: Any, **more: Any) -> formats.Loaded:
        assert gate.acquire(timeout=60)
        return real(*args, **more)

    monkeypatch.setattr(formats, "load", load)
    monkeypatch.setattr(api.routes.imports, "WAIT_SECONDS", 0.01)
    yield gate
    gate.release(1_000)


def stored(person: Person, address: str, count: int) -> dict[str, Any]:
    """Wait until so many files of an import are stored and return what it tells then."""
    for _ in range(1_000):
        now: dict[str, Any] = person.client.get(address, params={"limit": 2}).json()
        if now["stored"] == count:
            return now
        time.sleep(0.02)
    pytest.fail(f"{now['stored']} files are stored, not {count}")


def test_whoever_may_not_write_may_not_import(
    service: Service, owner: Person, anonymous: httpx.Client
) -> None:
    problem(anonymous.post("/imports", content=ARGDOWN), 401, "unauthenticated")
    reader = service.person(scope=Scope.READ)
    problem(reader.client.post("/imports", content=ARGDOWN), 403, "not-permitted")
    assert own_maps(reader) == []


def test_a_file_is_stored_as_a_private_map_with_a_report(owner: Person, stranger: Person) -> None:
    text = ARGDOWN.replace(b"quiet place", b"**quiet** place")
    done = send(owner, text, name="evenings.argdown")
    assert (done["state"], done["total"], done["stored"], done["failed"]) == ("finished", 1, 1, 0)
    (item,) = done["items"]
    assert (item["name"], item["state"], item["format"]) == (
        "evenings.argdown",
        "stored",
        "argdown",
    )
    loaded = formats.load(text)
    assert [loss["message"] for loss in item["losses"]] == [
        loss.message for loss in loaded.report.losses
    ]
    assert item["losses"]
    map = owner.client.get(f"/maps/{item['map_id']}").json()
    assert [claim["text"] for claim in map["claims"]] == [claim.text for claim in loaded.map.claims]
    assert map["visibility"] == "private"
    assert stranger.client.get(f"/maps/{item['map_id']}").status_code == 404


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_an_office_file_goes_out_and_comes_in_again(owner: Person, ending: str) -> None:
    loaded = formats.load((EXAMPLES / "mill-street.json").read_bytes())
    map = send(owner, formats.dump(loaded.map, "json").data, name="a.json")["items"][0]["map_id"]
    answer = owner.client.get(f"/maps/{map}.{ending}")
    assert answer.headers["content-type"] == formats.FORMATS[ending].media_type
    (item,) = send(owner, answer.content, name=f"a.{ending}")["items"]
    again = owner.client.get(f"/maps/{item['map_id']}").json()
    texts = sorted(claim["text"] for claim in again["claims"])
    assert texts == sorted(claim.text for claim in loaded.map.claims)
    flow = owner.client.get(f"/maps/{map}.xlsx", params={"sheet": "flow"})
    with zipfile.ZipFile(io.BytesIO(flow.content)) as sheets:
        assert b"Against 1" in sheets.read("xl/worksheets/sheet1.xml")
    assert owner.client.get(f"/maps/{map}.svgz", params={"sheet": "flow"}).status_code == 404
    problem(owner.client.get(f"/maps/{map}.md", params={"sheet": "flow"}), 400, "bad-parameter")


def test_an_article_in_the_file_is_stored_along(owner: Person) -> None:
    data = (EXAMPLES / "mill-street.xml").read_bytes()
    (item,) = send(owner, data, name="mill-street.xml", visibility="public")["items"]
    article = owner.client.get(f"/articles/{item['article_id']}").json()
    map = owner.client.get(f"/maps/{item['map_id']}").json()
    assert map["article_id"] == article["id"]
    assert map["visibility"] == article["visibility"] == "public"
    assert article["text"]
    assert any(claim.get("quotes") for claim in map["claims"])


def test_maps_of_one_text_share_its_article(service: Service) -> None:
    person = service.person()
    article = person.article(text="The library closes at five.", authors=["Ida Sommer"])
    for number in range(3):
        person.map(article["id"], title=f"Map {number}")
    exported = person.client.get("/maps.zip").content
    other = service.person()
    for _ in range(2):
        done = send(other, exported)
        assert done["stored"] == 3
    listed = other.client.get("/articles", params={"owner": other.id}).json()["items"]
    assert len(listed) == 1
    assert {map["article_id"] for map in own_maps(other)} == {listed[0]["id"]}
    assert len(own_maps(other)) == 6
    # another visibility, or a word that differs, is another article
    assert send(other, exported, visibility="public")["stored"] == 3
    person.patch(f"/articles/{article['id']}", {"text": "The library closes at six."})
    assert send(other, person.client.get("/maps.zip").content)["stored"] == 3
    listed = other.client.get("/articles", params={"owner": other.id}).json()["items"]
    assert len(listed) == 3


def test_maps_can_be_of_an_article_that_is_stored_already(owner: Person, stranger: Person) -> None:
    data = (EXAMPLES / "mill-street.xml").read_bytes()
    article = owner.article(text="Another text.")
    (item,) = send(owner, data, article_id=article["id"])["items"]
    assert item["article_id"] == article["id"]
    assert any(loss["kind"] == "article" for loss in item["losses"])
    answer = owner.client.post(
        "/imports", content=data, params={"article_id": article["id"], "visibility": "public"}
    )
    problem(answer, 409, "conflict")
    answer = stranger.client.post("/imports", content=data, params={"article_id": article["id"]})
    problem(answer, 404, "not-found")


def test_a_form_with_a_file_does_the_same_as_a_raw_body(owner: Person) -> None:
    answer = owner.client.post("/imports", files={"file": ("evening.argdown", ARGDOWN)})
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert (item["name"], item["state"]) == ("evening.argdown", "stored")
    for body in (
        {"files": [("file", ("a", b"a")), ("file", ("b", b"b"))]},
        {"data": {"file": "no file"}, "files": [("x", (None, "y"))]},
        {"content": b"--x\r\nnonsense", "headers": {"Content-Type": "multipart/form-data"}},
        {
            "content": b"nonsense",
            "headers": {"Content-Type": "multipart/form-data; boundary=x"},
        },
    ):
        problem(owner.client.post("/imports", **body), 400, "bad-request")
    problem(owner.client.post("/imports", content=b""), 400, "bad-request")


def test_a_zip_stores_the_good_files_and_says_what_is_wrong_with_the_others(
    service: Service,
) -> None:
    person = service.person()
    done = send(
        person,
        zipped(
            {
                "a.argdown": ARGDOWN,
                "debates/broken.json": BROKEN,
                "debates/": b"",
                "__MACOSX/a.argdown": b"hidden",
                ".DS_Store": b"hidden",
                "../../etc/passwd.argdown": ARGDOWN,
                "C:\\texts\\b\x07.argdown": ARGDOWN,
                "inner.zip": zipped({"a.argdown": ARGDOWN}),
                "empty.argdown": b"",
                "c.argdown": ARGDOWN,
            }
        ),
    )
    states = {item["name"]: item["state"] for item in done["items"]}
    assert states == {
        "a.argdown": "stored",
        "debates/broken.json": "failed",
        "etc/passwd.argdown": "stored",
        "C:/texts/b?.argdown": "stored",
        "inner.zip": "failed",
        "empty.argdown": states["empty.argdown"],
        "c.argdown": "stored",
    }
    items = {item["name"]: item for item in done["items"]}
    broken = items["debates/broken.json"]["problem"]
    assert broken["type"] == f"{service.url}/problems/invalid"
    assert broken["line"] == 2
    assert broken["errors"][0]["place"] == "line 2"
    assert "not opened" in items["inner.zip"]["problem"]["detail"]
    stored = [item["map_id"] for item in done["items"] if item["state"] == "stored"]
    assert sorted(stored) == sorted(map["id"] for map in own_maps(person))


@pytest.mark.parametrize(
    ("format", "data", "place"),
    [
        ("arguebuf", b'{"nodes": {"a": 3}, "edges": {}}', "nodes/a"),
        ("tgf", b"a\nb\n#\na\n", "line 4"),
    ],
)
def test_what_is_wrong_with_a_file_has_its_place(
    owner: Person, format: str, data: bytes, place: str
) -> None:
    (item,) = send(owner, data, format=format)["items"]
    assert item["state"] == "failed"
    assert [fault["place"] for fault in item["problem"]["errors"]] == [place]


def test_a_text_beside_a_file_goes_along_with_it(owner: Person) -> None:
    text = "The library should stay open. Pupils need quiet."
    ann = f"T1\tMajorClaim 0 29\t{text[:29]}\nT2\tPremise 30 48\t{text[30:]}\nR1\tsupports Arg1:T2 Arg2:T1\t\n"
    kialo = b"Discussion Title: Trams\n\n1. Build.\n1.1. Pro: Quiet.\n"
    files = {"x/essay.ann": ann.encode(), "x/essay.txt": text.encode(), "x/trams.txt": kialo}
    item, alone = send(owner, zipped(files))["items"]
    assert (item["name"], item["state"], item["format"]) == ("x/essay.ann", "stored", "brat")
    assert (alone["name"], alone["state"], alone["format"]) == ("x/trams.txt", "stored", "kialo")
    assert owner.client.get(f"/articles/{item['article_id']}").json()["text"] == text


def test_a_text_beside_a_file_whose_format_takes_none_is_told(owner: Person) -> None:
    done = send(owner, zipped({"x/open.argdown": ARGDOWN, "x/open.txt": b"The library."}))
    (item,) = done["items"]
    assert item["state"] == "stored"
    assert [(loss["kind"], loss["count"]) for loss in item["losses"]] == [("article", 1)]


def test_a_format_that_is_named_is_the_one_that_is_read(owner: Person) -> None:
    (item,) = send(owner, ARGDOWN, format="aif")["items"]
    assert item["state"] == "failed"
    for name in ("nonsense", "dot"):
        answer = owner.client.post("/imports", content=ARGDOWN, params={"format": name})
        assert problem(answer, 400, "bad-parameter")["errors"][0]["place"] == "format"


def test_a_body_over_the_limit_is_refused_before_it_is_all_there(tmp_path: Path) -> None:
    with serving(tmp_path, import_bytes=10_000) as service:
        person = service.person()
        answer = person.client.post("/imports", content=b"x" * 10_001)
        problem(answer, 413, "too-large")
        sent = 0

        def chunks() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(2_000):
                sent += 1
                yield b"x" * 10_000

        with suppress(httpx.WriteError):  # the connection may end before the client sees why
            problem(person.client.post("/imports", content=chunks()), 413, "too-large")
        assert sent < 2_000
        assert send(person, ARGDOWN)["stored"] == 1


def test_a_body_that_does_not_arrive_is_given_up(tmp_path: Path) -> None:
    with serving(tmp_path, import_seconds=0.3) as service:
        person = service.person()

        def chunks() -> Iterator[bytes]:
            yield b"["
            time.sleep(3)  # longer than a busy machine may stand still
            yield b"]"

        begin = time.monotonic()
        problem(person.client.post("/imports", content=chunks()), 408, "timeout")
        assert time.monotonic() - begin < 9


def test_a_zip_bomb_is_refused_file_by_file_or_whole(owner: Person) -> None:
    bomb = b" " * (2 << 20)
    done = send(owner, zipped({"bomb.json": bomb, "a.argdown": ARGDOWN}))
    assert [item["state"] for item in done["items"]] == ["failed", "stored"]
    assert "200 times" in done["items"][0]["problem"]["detail"]
    with pytest.raises(FormatError, match="more than 80,000 bytes"):
        unpacked(io_file(zipped({str(number): b"x" * 9_000 for number in range(10)})), None, 10_000)
    with pytest.raises(FormatError, match="more than 2,000 files"):
        unpacked(io_file(zipped({str(n): b"x" for n in range(MAX_FILES + 1)})), None, 1 << 20)
    entries = zipped({str(n): b"" for n in range(20_001)}, zipfile.ZIP_STORED)
    with pytest.raises(FormatError, match="more than 20,000 entries"):
        unpacked(io_file(entries), None, 1 << 20)
    with pytest.raises(FormatError, match="no file"):
        unpacked(io_file(zipped({"folder/": b"", ".hidden": b"x"})), None, 1 << 20)


def test_what_a_zip_declares_about_itself_is_not_believed(owner: Person) -> None:
    honest = zipped({"a.argdown": ARGDOWN * 20})
    size = struct.pack("<I", len(ARGDOWN) * 20)
    (item,) = send(owner, honest.replace(size, struct.pack("<I", 9)))["items"]
    assert item["state"] == "failed"
    (item,) = send(owner, honest.replace(size, struct.pack("<I", 1 << 31)))["items"]
    assert item["state"] == "stored"  # it is no larger than it is
    # a locked one, and one packed by another method
    locked = bytearray(zipped({"a.argdown": ARGDOWN}))
    locked[locked.index(b"PK\1\2") + 8] |= 1
    (item,) = send(owner, bytes(locked))["items"]
    assert "password" in item["problem"]["detail"]
    (item,) = send(owner, zipped({"a.argdown": ARGDOWN}, zipfile.ZIP_LZMA))["items"]
    assert "method" in item["problem"]["detail"]
    (item,) = send(owner, honest)["items"]
    assert item["state"] == "stored"


@given(st.integers(0, 2**32))
@settings(max_examples=200)
def test_a_damaged_zip_is_refused_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(zipped({"a.argdown": ARGDOWN, "b/c.json": b"{}", "b/c.txt": b"text"}))
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(30, len(data)) :]
    with suppress(FormatError):  # the whole of it is refused
        for file in unpacked(io_file(bytes(data)), None, 1 << 20):
            assert file.refusal is None or json.loads(file.refusal)["detail"]


def io_file(data: bytes) -> Any:
    from tempfile import TemporaryFile

    file = TemporaryFile()  # noqa: SIM115  closed when it is forgotten
    file.write(data)
    file.seek(0)
    return file


@given(st.text(max_size=300) | st.just(None))
def test_a_name_is_shown_as_a_plain_relative_path(name: str | None) -> None:
    shown = shown_name(name)
    if shown is None:
        return
    assert shown.isprintable()
    assert 0 < len(shown) <= 255
    assert not shown.startswith("/") or len(shown) == 255
    assert ".." not in shown.split("/") or len(shown) == 255


def test_a_request_sent_again_with_its_key_imports_nothing_again(service: Service) -> None:
    person = service.person()
    key = {"Idempotency-Key": "import-1"}
    first = person.client.post("/imports", content=ARGDOWN, headers=key)
    again = person.client.post("/imports", content=ARGDOWN, headers=key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(own_maps(person)) == 1
    other = person.client.post("/imports", content=ARGDOWN + b"\n", headers=key)
    problem(other, 409, "idempotency-mismatch")


def test_a_long_import_can_be_polled(service: Service, gate: threading.Semaphore) -> None:
    person = service.person()
    data = zipped({f"{number}.argdown": ARGDOWN for number in range(6)})
    begun = person.client.post("/imports", content=data)
    assert begun.status_code == 202
    assert begun.headers["retry-after"] == "1"
    address = begun.headers["location"].removeprefix("/api/v1")
    for count in range(7):
        now = stored(person, address, count)
        assert now["state"] == ("running" if count < 6 else "finished")
        assert (now["waiting"], now["total"], len(now["items"])) == (6 - count, 6, 2)
        gate.release()
    names, url = [], f"{address}?limit=4"
    while url:
        page = person.client.get(url)
        names += [item["name"] for item in page.json()["items"]]
        url = page.links.get("next", {}).get("url", "")
    assert names == [f"{number}.argdown" for number in range(6)]


def test_a_long_import_is_streamed_until_it_ends(
    service: Service, gate: threading.Semaphore
) -> None:
    person = service.person()
    data = zipped({f"{number}.argdown": ARGDOWN for number in range(8)})
    address = person.client.post("/imports", content=data).headers["location"]
    with person.client.stream("GET", f"{service.url}{address}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        first = next(lines)
        gate.release(8)
        told = events(chain([first], lines))
    names = [name for name, _ in told]
    assert names[-1] == "finished"
    assert set(names[:-1]) == {"progress"}
    stored = [progress["stored"] for _, progress in told]
    assert stored == sorted(set(stored))
    assert stored[-1] == 8
    with person.client.stream("GET", f"{service.url}{address}/events") as stream:
        assert [name for name, _ in events(stream.iter_lines())] == ["finished"]


def events(lines: Iterator[str]) -> list[tuple[str, dict[str, Any]]]:
    found, name = [], ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            found.append((name, json.loads(value)))
    return found


def test_a_cancelled_import_stops_and_says_so(service: Service, gate: threading.Semaphore) -> None:
    person = service.person()
    data = zipped({f"{number}.argdown": ARGDOWN for number in range(30)})
    address = person.client.post("/imports", content=data).headers["location"]
    address = address.removeprefix("/api/v1")
    gate.release(3)
    stored(person, address, 3)
    for _ in range(2):
        assert person.client.delete(address).status_code == 204
    ended = person.client.get(address).json()
    assert (ended["state"], ended["stored"]) == ("cancelled", 3)
    gate.release(30)
    later = person.client.post("/imports", content=ARGDOWN).headers["location"]
    stored(person, later.removeprefix("/api/v1"), 1)  # by the one worker, which is past the others
    assert len(own_maps(person)) == 3 + 1


def test_an_import_looks_absent_to_a_stranger(
    owner: Person, stranger: Person, anonymous: httpx.Client
) -> None:
    id = send(owner, ARGDOWN)["id"]
    for address in (f"/imports/{id}", f"/imports/{id}/events"):
        problem(stranger.client.get(address), 404, "not-found")
        problem(anonymous.get(address), 401, "unauthenticated")
    problem(stranger.client.delete(f"/imports/{id}"), 404, "not-found")
    problem(anonymous.get("/imports"), 401, "unauthenticated")
    assert id not in [item["id"] for item in stranger.client.get("/imports").json()["items"]]
    assert owner.client.get(f"/imports/{id}").json()["state"] == "finished"


def test_whoever_lost_the_address_finds_their_imports(service: Service) -> None:
    person = service.person()
    ids = [send(person, ARGDOWN)["id"] for _ in range(3)]
    page = person.client.get("/imports", params={"limit": 2})
    assert [item["id"] for item in page.json()["items"]] == ids[:0:-1]
    assert page.json()["items"][0]["stored"] == 1
    rest = person.client.get(page.links["next"]["url"]).json()["items"]
    assert [item["id"] for item in rest] == ids[:1]


def test_one_account_cannot_have_everybody_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch, gate: threading.Semaphore
) -> None:
    monkeypatch.setattr(api.routes.imports, "MOST_UNFINISHED", 2)
    monkeypatch.setattr(api.jobs.imports, "TURN_SECONDS", 0.0)  # one file
    greedy, other = service.person(), service.person()
    data = zipped({f"{number}.argdown": ARGDOWN for number in range(40)})
    addresses = [greedy.client.post("/imports", content=data).headers["location"] for _ in range(2)]
    refused = greedy.client.post("/imports", content=data)
    problem(refused, 503, "busy")
    assert refused.headers["retry-after"]
    mine = other.client.post("/imports", content=ARGDOWN).headers["location"]
    gate.release(6)
    stored(other, mine.removeprefix("/api/v1"), 1)  # long before the 80 files are done
    for address in addresses:
        state = greedy.client.get(address.removeprefix("/api/v1")).json()
        assert state["waiting"] > 0
        greedy.client.delete(address.removeprefix("/api/v1"))


def test_a_fault_of_an_importer_fails_its_file_and_no_other(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, met = formats.load, []

    def load(data: bytes, *args: Any, **more: Any) -> formats.Loaded:
        if b"fault" in data:
            met.append(data)
            raise KeyError("a fault of argmap")
        return real(data, *args, **more)

    monkeypatch.setattr(formats, "load", load)
    monkeypatch.setattr(api.jobs.imports, "TROUBLE_SECONDS", 0.01)
    person = service.person()
    done = send(person, zipped({"a.argdown": ARGDOWN, "b.argdown": b"fault", "c.argdown": ARGDOWN}))
    assert [item["state"] for item in done["items"]] == ["stored", "failed", "stored"]
    told = done["items"][1]["problem"]
    assert told["status"] == 500
    assert "fault of argmap" not in json.dumps(done)
    assert api.jobs.imports.TRIES <= len(met) <= api.jobs.imports.TRIES + 1
    assert "KeyError" in caplog.text


def test_a_full_disk_makes_an_import_wait_and_fails_no_file(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, met = maps.create_map, 0

    def full(*args: Any, **more: Any) -> Any:
        nonlocal met
        met += 1
        if met <= 2 * api.jobs.imports.TRIES:
            raise StoreFull("the disk is full")
        return real(*args, **more)

    monkeypatch.setattr(maps, "create_map", full)
    monkeypatch.setattr(api.jobs.imports, "TROUBLE_SECONDS", 0.01)
    person = service.person()
    assert send(person, ARGDOWN)["stored"] == 1
    assert met > 2 * api.jobs.imports.TRIES
    assert len(own_maps(person)) == 1


def test_a_map_without_its_result_is_not_stored(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, met = import_queue.settle, 0

    def failing(*args: Any, **more: Any) -> bool:
        nonlocal met
        met += 1
        if met == 1:
            raise StoreFull("the disk is full")
        return real(*args, **more)

    monkeypatch.setattr(import_queue, "settle", failing)
    monkeypatch.setattr(api.jobs.imports, "TROUBLE_SECONDS", 0.01)
    person = service.person()
    (item,) = send(person, (EXAMPLES / "mill-street.xml").read_bytes())["items"]
    assert met == 2
    assert [map["id"] for map in own_maps(person)] == [item["map_id"]]
    articles = person.client.get("/articles", params={"owner": person.id}).json()["items"]
    assert [article["id"] for article in articles] == [item["article_id"]]


def test_a_killed_server_goes_on_where_it_was_and_imports_nothing_twice(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {new_token(tmp_path)}", "Idempotency-Key": "all of them"}
    data = zipped({f"{number}.argdown": ARGDOWN * 40 for number in range(60)})

    def stored(client: httpx.Client) -> list[str]:
        return [map["id"] for map in client.get("/maps?limit=200").json()["items"]]

    with process(tmp_path) as (server, url):
        client = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(client.post, "/imports", content=data)
            while len(stored(client)) < 10:
                time.sleep(0.005)
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
            with suppress(httpx.HTTPError):  # it may have come just before
                answer.result()
    with process(tmp_path) as (_, url):
        client = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30)
        before = stored(client)
        assert 10 <= len(before) < 60
        again = client.post("/imports", content=data)  # nobody knows whether the first arrived
        assert again.headers["idempotency-replayed"] == "true"
        address = again.headers["location"].removeprefix("/api/v1")
        until = time.monotonic() + 60
        while (done := client.get(f"{address}?limit=200").json())["state"] == "running":
            assert time.monotonic() < until
            time.sleep(0.05)
        noted = [item["map_id"] for item in done["items"]]
        assert done["stored"] == len(set(noted)) == 60
        assert sorted(noted) == sorted(stored(client))
        assert set(before) <= set(noted)


def test_a_stream_ends_with_the_server(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {new_token(tmp_path)}"}
    data = zipped({f"{number}.argdown": ARGDOWN * 40 for number in range(2_000)})
    with process(tmp_path) as (server, url):
        client = httpx.Client(base_url=url, headers=headers, timeout=30)
        address = client.post("/api/v1/imports", content=data).headers["location"]
        with client.stream("GET", f"{address}/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: progress"
            begin = time.monotonic()
            server.send_signal(signal.SIGTERM)
            told = events(lines)  # to its end, without a broken connection
        server.wait(timeout=12)
        assert time.monotonic() - begin < 6
        assert "finished" not in [name for name, _ in told]


def test_the_formats_are_those_of_the_registry(anonymous: httpx.Client) -> None:
    listed = anonymous.get("/formats").json()["items"]
    assert [item["name"] for item in listed] == list(formats.FORMATS)
    for item in listed:
        format = formats.FORMATS[item["name"]]
        assert item["reads"] is (format.load is not None)
        assert item["writes"] is (format.dump is not None)
        assert item["endings"]


def test_what_a_format_would_lose_can_be_asked_before(owner: Person, stranger: Person) -> None:
    map = lossy_map(owner)
    full = owner.client.get(f"/maps/{map['id']}/losses", params={"format": "json"}).json()
    assert full == {"format": "json", "items": []}
    lossy = owner.client.get(f"/maps/{map['id']}/losses", params={"format": "dot"}).json()
    told = formats.dump(formats.load(json.dumps(content(map)).encode()).map, "dot").report
    assert told.losses
    assert [item["message"] for item in lossy["items"]] == [loss.message for loss in told.losses]
    answer = owner.client.get(f"/maps/{map['id']}/losses", params={"format": "nonsense"})
    problem(answer, 400, "bad-parameter")
    answer = stranger.client.get(f"/maps/{map['id']}/losses", params={"format": "json"})
    problem(answer, 404, "not-found")


def lossy_map(person: Person) -> dict[str, Any]:
    """A map whose note and weight a picture of boxes has no place for."""
    claim = {"kind": "thesis", "text": "Open.", "note": "A note.", "weight": 0.5, "tags": ["x"]}
    return person.map(claims=[claim], relations=[])


def content(map: dict[str, Any]) -> dict[str, Any]:
    return {name: map[name] for name in ("title", "claims", "relations") if name in map}


def test_a_file_tells_how_much_it_lost(owner: Person) -> None:
    map = lossy_map(owner)
    lossy = owner.client.get(f"/maps/{map['id']}/losses", params={"format": "dot"}).json()
    count = sum(item["count"] for item in lossy["items"])
    assert count > 0
    answer = owner.client.get(f"/maps/{map['id']}.dot")
    assert answer.headers["argmap-losses"] == str(count)
    assert owner.client.get(f"/maps/{map['id']}.json").headers["argmap-losses"] == "0"


@pytest.mark.parametrize("name", [name for name in formats.FORMATS if formats.FORMATS[name].dump])
def test_a_map_can_be_had_in_every_format_that_is_written(owner: Person, name: str) -> None:
    map = owner.map()
    format = formats.FORMATS[name]
    address = f"/maps/{map['id']}{format.endings[0]}"
    answer = owner.client.get(address, params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == format.media_type
    assert (
        answer.content
        == formats.dump(formats.load(json.dumps(content(map)).encode()).map, name).data
    )
    accept = f"text/html, {format.media_type}; format={name}, */*;q=0.1"
    by_accept = owner.client.get(f"/maps/{map['id']}", headers={"Accept": accept})
    assert by_accept.content == answer.content
    assert by_accept.headers["etag"] == answer.headers["etag"]
    answer = owner.client.get(address, params={"format": "nonsense"})
    problem(answer, 400, "bad-parameter")
    accept = f"{format.media_type}; format=nonsense"
    answer = owner.client.get(f"/maps/{map['id']}", headers={"Accept": accept})
    problem(answer, 406, "not-acceptable")


def test_the_real_files_can_be_sent_in_as_one_zip(corpora: Path, service: Service) -> None:
    person = service.person()
    chance = random.Random(7)
    paths = sorted(path for path in corpora.rglob("*") if path.is_file() and path.suffix != ".md")
    chosen = {path.with_suffix("") for path in chance.sample(paths, 40)}
    files = {
        str(path.relative_to(corpora)): path.read_bytes()
        for path in paths
        if path.with_suffix("") in chosen
    }
    done = send_and_wait(person, zipped(files))
    states = Counter(item["state"] for item in done["items"])
    read = {item["format"] for item in done["items"]}
    assert states["stored"] > 20
    assert len(read) > 3
    assert len(own_maps(person)) == states["stored"]
    for item in done["items"]:
        assert item["state"] == "stored" or item["problem"]["status"] == 422, item


def send_and_wait(person: Person, data: bytes) -> dict[str, Any]:
    answer = person.client.post("/imports", content=data)
    address = answer.headers["location"].removeprefix("/api/v1")
    while (done := person.client.get(f"{address}?limit=200").json())["state"] == "running":
        time.sleep(0.05)
    return done


def test_a_file_too_slow_too_large_or_deadly_fails_with_its_reason_and_nobody_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "load", misbehave)
    monkeypatch.setattr(api.jobs.imports, "FILE_SECONDS", 4.0)
    monkeypatch.setattr(api.jobs.imports, "TROUBLE_SECONDS", 0.01)
    files = {"a": ARGDOWN, "b": b"sleep", "c": b"fill", "d": b"die", "e": ARGDOWN}
    with serving(tmp_path, picture_workers=1) as service:
        person, other = service.person(), service.person()
        begun = person.client.post("/imports", content=zipped(files))
        assert begun.status_code == 202
        hostile = begun.headers["location"].removeprefix("/api/v1")
        quick = other.client.post("/imports", content=ARGDOWN)
        stored(other, quick.headers["location"].removeprefix("/api/v1"), 1)
        assert person.client.get(hostile).json()["state"] == "running"
        stored(person, hostile, 2)
        items = person.client.get(hostile).json()["items"]
        assert [item["state"] for item in items] == ["stored", *["failed"] * 3, "stored"]
        told = [item["problem"]["detail"] for item in items if item["problem"]]
        assert told == [
            "it took longer than 4 s",
            "it needs more memory than it may have",
            "Reading it failed 3 times by a fault of the service.",
        ]


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ({"content.json": b"[]", "metadata.json": b"{}", "map.argdown": b"[a]: We go.\n"}, "XMind"),
        ({"mimetype": b"application/epub+zip", "a.argdown": b"[a]: We go.\n"}, "EPUB"),
        ({"ppt/presentation.xml": b"<p/>", "ppt/slide.json": b"{}"}, "PowerPoint"),
    ],
    ids=["xmind", "epub", "pptx"],
)
def test_of_an_office_file_no_entry_becomes_a_map(
    owner: Person, entries: dict[str, bytes], what: str
) -> None:
    data = zipped(entries, zipfile.ZIP_STORED)
    for sent in (data, zipped({"inside.xmind": data})):
        answer = send(owner, sent)
        (file,) = answer["items"]
        assert what in json.dumps(file)
        assert file.get("map_id") is None

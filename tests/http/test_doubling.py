"""Hostile input of twice the size takes twice as long, wherever it comes in: headers, queries, bodies, texts."""

import time
from collections.abc import Callable

import pytest

from tests.support.service import Person

FEW, TIMES = 14_000, 4  # letters; a head has room for four times as many
WORTH_MEASURING = 0.05  # seconds of processor time, under which growth is noise
STEEPEST = 9  # of four times the input: 4 is linear, 16 quadratic


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time that a call takes in this process, of client and service; the least of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
    return min(found)


def grows_linearly(ask: Callable[[int], object], few: int = FEW) -> bool:
    """Say whether four times the input takes no more than nine times as long."""
    large = seconds(lambda: ask(TIMES * few))
    if large < WORTH_MEASURING or large < STEEPEST * seconds(lambda: ask(few)):
        return True
    # the collector of garbage makes steps: what grows too fast does so from half to whole as well
    return large < STEEPEST / 3 * seconds(lambda: ask(TIMES * few // 2))


HEADERS = {
    "accept": ("{},*/*", ["a/b;", "a/b;q=0.5,", ",", ";", " ", "a/b; ", '"', "\\", "*/*;q=1,"]),
    "if-none-match": ("{}", ['"a",', '"', "W/", 'W/"a" ', ",", " ", '"a" "b" ', "\\"]),
    "cookie": (
        "{}",
        ["a=b;", ";", "=", '\\"', "\\", 'a="\\', "__Host-argmap;", " ", '__Host-argmap="\\075'],
    ),
    "authorization": ("Bearer {}", ["a", " ", "Bearer "]),
    "if-match": ("{}", ['"1",', 'W/"1",', '"', ","]),
    "content-type": (
        "{}",
        ["a;", ";", '"', "a=", ";charset=", "application/json;", "\\", ' ;a="', "*0*="],
    ),
    "content-length-not": ("{}", ["9"]),
    "idempotency-key": ("{}", ["a"]),
    "range": ("bytes={}", ["0-1,", ",", "-", "1-"]),
    "origin": ("{}", ["a", ":", "/"]),
    "x-forwarded-for": ("{}", ["1.1.1.1,", ","]),
    "accept-encoding": ("{}", ["gzip,", "a;q=1,", ",", ";"]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers(name: str, owner: Person) -> None:
    shape, pieces = HEADERS[name]
    map = owner.map()["id"]
    for piece in pieces:
        repeated = shape.format(piece * (TIMES * FEW // len(piece) + 1))

        def ask(length: int, repeated: str = repeated) -> None:
            headers = {name: repeated[:length].strip() or "a"}
            owner.client.get(f"/maps/{map}", headers=headers)
            owner.client.post("/sign-in", headers=headers, content=b"{}")
            owner.client.get(
                f"{owner.client.base_url.copy_with(path='/static/styles/base.css')}",
                headers=headers,
            )

        assert grows_linearly(ask), (name, piece)


@pytest.mark.parametrize("piece", ["a=b&", "&", "a", "=", "%", "%61", "share=", "width=1&", "a[]="])
def test_queries(piece: str, owner: Person) -> None:
    map = owner.map()["id"]

    def ask(length: int) -> None:
        query = (piece * (length // len(piece) + 1))[:length]
        owner.client.get(f"/maps/{map}?{query}")
        owner.client.get(f"/maps/{map}.svg?focus={query}")

    assert grows_linearly(ask)


BODIES = {
    "many quotes": lambda n: b"[`" * 65 + b'"' + b'\\"' * (n // 2),
    "nested": lambda n: b"[" * n,
    "nested objects": lambda n: b'{"a":' * (n // 5),
    "wide": lambda n: b"[" + b"[]," * (n // 3) + b"[]]",
    "many keys": lambda n: b"{" + b",".join(b'"k%d":1' % k for k in range(n // 10)) + b"}",
    "one key": lambda n: b"{" + b",".join([b'"k":1'] * (n // 6)) + b"}",
    "digits": lambda n: b"[" + b"9" * n + b"]",
    "fraction": lambda n: b"[0." + b"9" * n + b"]",
    "surrogates": lambda n: b'{"token":"' + b"\\ud800" * (n // 6) + b'"}',
    "escapes": lambda n: b'{"token":"' + b"\\u0061" * (n // 6) + b'"}',
    "white space": lambda n: b" " * n,
    "lines": lambda n: b"\n" * n + b"{",
    "backslashes": lambda n: b'{"token":"' + b"\\" * n,
    "no UTF-8": lambda n: b"\xff" * n,
    "a name": lambda n: b'{"' + b"a" * n + b'":1}',
    "unknown names": lambda n: b"{" + b",".join(b'"%d":1' % k for k in range(n // 10)) + b',"token":1}',
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str, owner: Person) -> None:
    def ask(length: int) -> None:
        body = BODIES[name](length)
        answer = owner.client.post(
            "/sign-in", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422)

    assert grows_linearly(ask, few=200_000)


TEXTS = [
    "a",
    " ",
    "a ",
    "\n",
    "é",
    "e\u0301",
    "\u200f",
    ".",
    "https://a.",
    "(",
    '"',
    "a\u00ad",
    "1",
    "&amp;",
    "<",
]


@pytest.mark.parametrize("field", ["text", "label", "source", "quote", "title"])
def test_text_fields(field: str, owner: Person) -> None:
    for piece in TEXTS:

        def ask(length: int, piece: str = piece) -> None:
            words = (piece * (length // len(piece) + 1))[:length]
            claim: dict[str, object] = {"id": "c1", "kind": "thesis", "text": "A"}
            if field == "quote":
                claim["quotes"] = [{"exact": words}]
            elif field != "title":
                claim[field] = {"title": words, "url": words} if field == "source" else words
            body = {"title": words if field == "title" else "", "claims": [claim]}
            owner.client.post("/maps", json=body)

        assert grows_linearly(ask, few=4_000), (field, piece)


def test_a_scan_that_is_quadratic_is_found() -> None:
    def slow(length: int) -> None:
        text = "a" * (length // 40)
        for place in range(len(text)):
            text[place:].replace("a", "b")

    assert not grows_linearly(slow, few=400_000)

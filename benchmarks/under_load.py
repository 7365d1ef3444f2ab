"""What others notice while sixteen clients ask for the most expensive of everything: `python -m benchmarks.under_load`.

One run measures the idle service first and the loaded one after it, on the same machine, so that the ratios count. It
fails (exit 1) when a request waits longer than its deadline, or anything is answered with 500. `--broken` has all work
done in threads of the service (ARGMAP_PICTURE_WORKERS=0), as a control: it must look bad.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, canonical
from argmap.store import Database, accounts
from argmap.store.records import Scope

CLIENTS = 16
DEADLINE = 45.0  # of any request: 10 s for a turn in each lane, and what work may take there
RULES = ("no-thesis", "one-legged", "long-claim", "near-duplicate", "uneven-depth")
WORDS = [
    *("the", "bridge", "is", "unsafe", "because", "nobody", "checked", "its", "bolts", "since"),
    *("winter", "of", "last", "year", "and", "there", "is", "no", "money"),
]


def tree(claims: int, more: int = 0, seed: int = 1) -> ArgumentMap:
    """A map of that many claims; with `more` relations between any two of them it has circles."""
    chance = random.Random(seed)
    text = {id: " ".join(chance.choices(WORDS, k=chance.randint(5, 25))) for id in range(claims)}
    relations = [(number, (number - 1) // 3) for number in range(1, claims)]
    relations += [(chance.randrange(claims), chance.randrange(claims)) for _ in range(more)]
    return ArgumentMap(
        title=f"A map of {claims} claims",
        claims=tuple(
            Claim(id=f"c{id}", kind=ClaimKind.PREMISE if id else ClaimKind.THESIS, text=f"{words}.")
            for id, words in text.items()
        ),
        relations=tuple(
            Relation(
                id=f"r{number}",
                kind=chance.choice((RelationKind.SUPPORTS, RelationKind.ATTACKS)),
                sources=(f"c{source}",),
                target=f"c{target}",
            )
            for number, (source, target) in enumerate(relations)
            if source != target
        ),
    )


class Caller:
    """One client of the service, with a connection of its own and a token or none."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._place = urlsplit(url).netloc
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._connection = http.client.HTTPConnection(self._place, timeout=2 * DEADLINE)

    def call(
        self, method: str, path: str, body: object = None, kind: str = "application/json"
    ) -> tuple[int, bytes, float]:
        """Return status, body and the seconds that it took."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = dict(self._headers)
        if data is not None:
            headers["Content-Type"] = kind
        begun = time.perf_counter()
        try:
            place = path.removeprefix("/../..") if path.startswith("/../..") else f"/api/v1{path}"
            self._connection.request(method, place, data, headers)
            answer = self._connection.getresponse()
            found = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            found = 0, b""
        return *found, time.perf_counter() - begun


@contextmanager
def service(data: Path, broken: bool) -> Iterator[tuple[str, psutil.Process]]:
    """Run the service in a process; gives its address and the process."""
    settings = {"ARGMAP_PICTURE_WORKERS": "0"} if broken else {}
    process = subprocess.Popen(
        [sys.executable, "-m", "argmap", "serve", "--port", "0", "--data", str(data)],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        yield (
            next(word for word in line.split() if word.startswith("http://")),
            psutil.Process(process.pid),
        )
    finally:
        process.terminate()
        process.wait(30)


class Probe:
    """What somebody does who works at a map of 40 claims, again and again: writes a claim, draws it, reads it."""

    def __init__(self, caller: Caller, map_id: str) -> None:
        self._caller, self._map, self._count = caller, map_id, itertools.count()

    def run(self, seconds: float) -> dict[str, list[float]]:
        """Do it for so long; return the milliseconds of each request by its kind."""
        taken: defaultdict[str, list[float]] = defaultdict(list)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            patch = {"text": f"Written for the {next(self._count)}th time."}
            for name, method, path, body in (
                ("a claim written", "PATCH", f"/maps/{self._map}/claims/c5", patch),
                ("its picture (SVG)", "GET", f"/maps/{self._map}.svg", None),
                ("the map as JSON", "GET", f"/maps/{self._map}", None),
            ):
                status, _, spent = self._caller.call(
                    method, path, body, "application/merge-patch+json"
                )
                taken[name if status == 200 else f"{name}: {status}"].append(1000 * spent)
            time.sleep(0.01)
        return dict(taken)


def nested(letters: int) -> bytes:
    """An Argdown file whose metadata are nested as deeply as there is room."""
    return b"[a]: A thesis. " + b'{"a":' * (letters // 5)


def hostile(maps: dict[str, list[str]], number: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the requests of one hostile client without end: (name, method, path, what to send)."""
    chance = random.Random(number)
    while True:
        large, knot, quoted = (chance.choice(maps[kind]) for kind in ("large", "knot", "quoted"))
        theme = chance.choice(("light", "dark", "print"))
        asked = [
            ("PDF", "GET", f"/maps/{large}.pdf?handout=true&theme={theme}", ""),
            ("explanation", "GET", f"/maps/{knot}/explanation?claim=c{chance.randrange(200)}", ""),
            ("PNG", "GET", f"/maps/{large}.png?scale={chance.randrange(1, 4)}", ""),
            ("review", "GET", f"/maps/{large}/review?without={chance.choice(RULES)}", ""),
            ("import", "POST", "/imports", chance.choice(("nested", "dashes"))),
            ("lost quote", "PATCH", f"/maps/{quoted}/claims/c1", "quote"),
            ("all files", "GET", f"/../../maps/{large}/files", ""),
        ]
        asked += [
            ("file", "GET", f"/maps/{large}.{ending}?depth={chance.randrange(3, 9)}&focus=c0", "")
            for ending in ("argdown", "md", "html", "dot", "csv", "graphml")
        ]
        chance.shuffle(asked)
        yield from asked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each of the two phases")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--broken", action="store_true", help="work in threads: a control")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        service(Path(folder), asked.broken) as (url, process),
    ):
        database = Database(f"sqlite:///{folder}/argmap.db")
        with database.write() as session:
            tokens = []
            for name in ("worker", "hostile"):
                account = accounts.create_account(session, name)
                tokens.append(accounts.add_token(session, account.id, "bench", Scope.WRITE)[1])
        database.dispose()
        worker = Caller(url, tokens[0])

        def stored(caller: Caller, map: ArgumentMap, **more: str) -> str:
            body = {**json.loads(canonical(map)), "visibility": "public", **more}
            status, answer, _ = caller.call("POST", "/maps", body)
            assert status == 201, answer[:300]
            return str(json.loads(answer)["id"])

        bad = Caller(url, tokens[1])
        text = " ".join(random.Random(3).choices(WORDS, k=20_000))
        article = {"title": "An op-ed", "text": text, "visibility": "public"}
        article_id = json.loads(bad.call("POST", "/articles", article)[1])["id"]
        maps = {
            "large": [stored(bad, tree(3_000, seed=seed)) for seed in range(3)],
            "knot": [stored(bad, tree(300, 1_500, seed)) for seed in range(3)],
            "quoted": [
                stored(bad, tree(20, seed=seed), article_id=article_id) for seed in range(3)
            ],
        }
        probe = Probe(worker, stored(worker, tree(40)))
        probe.run(2)
        idle = probe.run(asked.seconds)
        files = {"nested": nested(1_000_000), "dashes": b"--\n" * 2_000_000}
        over, statuses, longest = threading.Event(), Counter[tuple[str, int]](), dict[str, float]()
        memory = [0]

        def attack(number: int) -> None:
            with_token = number % 4 == 0
            caller = Caller(url, tokens[1] if with_token else None)
            for name, method, path, body in hostile(maps, number):
                if over.is_set():
                    return
                if method != "GET" and not with_token:
                    continue
                data: object = files.get(body)
                if name == "lost quote":
                    words = random.choices(WORDS, k=900)
                    data = {"quotes": [{"exact": " ".join(words)[:4_900]} for _ in range(10)]}
                kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
                status, _, spent = caller.call(method, path, data, kind)
                statuses[name, status] += 1
                longest[name] = max(longest.get(name, 0), spent)
                time.sleep(0.02)

        def watch() -> None:
            while not over.is_set():
                both = [process, *process.children(recursive=True)]
                held = 0
                for each in both:
                    with suppress(psutil.NoSuchProcess):
                        held += each.memory_info().rss
                memory[0] = max(memory[0], held)
                time.sleep(0.2)

        threads = [
            threading.Thread(target=attack, args=(number,)) for number in range(asked.clients)
        ]
        threads.append(threading.Thread(target=watch))
        for thread in threads:
            thread.start()
        time.sleep(2)
        loaded = probe.run(asked.seconds)
        over.set()
        for thread in threads:
            thread.join()
    return told(idle, loaded, statuses, longest, memory[0])


def told(
    idle: dict[str, list[float]],
    loaded: dict[str, list[float]],
    statuses: Counter[tuple[str, int]],
    longest: dict[str, float],
    memory: int,
) -> int:
    """Print what was measured; return 1 where a promise is broken."""
    print(f"{'':24}{'idle p50':>10}{'p99':>8}{'loaded p50':>12}{'p99':>8}{'ratio of p99':>14}")
    for name in sorted({*idle, *loaded}):
        before, after = (sorted(one.get(name, [])) for one in (idle, loaded))
        if not before or not after:
            print(f"{name:24}{len(before):>10} times idle{len(after):>10} times loaded")
            continue
        ranks = [one[int(len(one) * share)] for one in (before, after) for share in (0.5, 0.99)]
        ratio = ranks[3] / ranks[1]
        print(
            f"{name:24}{ranks[0]:10.1f}{ranks[1]:8.1f}{ranks[2]:12.1f}{ranks[3]:8.1f}{ratio:14.1f}"
        )
    print("\nasked for by hostile clients:")
    for name in sorted({name for name, _ in statuses}):
        answers = ", ".join(
            f"{status}: {count}" for (one, status), count in sorted(statuses.items()) if one == name
        )
        print(f"  {name:14} longest {longest[name]:5.1f} s   {answers}")
    print(f"\nmemory of all processes at most: {memory / 2**20:.0f} MB")
    failed = max(longest.values(), default=0) > DEADLINE + 1 or any(
        status in (0, 500) for _, status in statuses
    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""Two writers never lose an update, in threads and in processes, with and without an expected version."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, update

from argmap.errors import StoreUnavailable, VersionMismatch
from argmap.model import ArgumentMap, canonical
from argmap.store import Database
from argmap.store.maps import history, maps
from argmap.store.records import Asker
from argmap.store.sql.statements import Prepared
from argmap.store.sql.tables import MAP

Edit = Callable[[ArgumentMap], ArgumentMap]
WRITERS, EACH = 4, 12


def run_together(work: Callable[[int], None]) -> list[Exception]:
    """Run the work in as many threads as there are writers, started at once; return what they raised."""
    failures: list[Exception] = []
    start = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - the caller looks at what it was
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_threads_that_write_the_same_map_lose_no_claim(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id

    def work(number: int) -> None:
        for count in range(EACH):
            with database.write() as session:
                maps.write_map(session, ann, id, adding(f"{number} {count}"), action="x")

    assert run_together(work) == []
    with database.read() as session:
        stored = maps.map(session, ann, id)
        texts = [claim.text for claim in stored.map.claims[2:]]
        assert len(history.entries(session, ann, id, limit=100).items) == stored.version
        assert history.map_at(session, ann, id, 1).map == small_map
    assert Counter(texts) == Counter(f"{n} {c}" for n in range(WRITERS) for c in range(EACH))
    assert stored.version == 1 + WRITERS * EACH
    assert len({claim.id for claim in stored.map.claims}) == len(stored.map.claims)


def test_of_writers_that_expect_the_same_version_one_succeeds(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id

    def work(number: int) -> None:
        with database.write() as session:
            maps.write_map(session, ann, id, adding("x"), action="x", expected=1)

    failures = run_together(work)
    assert [type(failure) for failure in failures] == [VersionMismatch] * (WRITERS - 1)
    with database.read() as session:
        assert maps.map(session, ann, id).version == 2


def test_without_the_condition_updates_would_be_lost(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    """The positive control: writers that read, then write, in this very harness."""
    blind = Prepared(
        update(MAP).where(MAP.c.id == bindparam("of_id")).values(body=bindparam("body"))
    )
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
    read = threading.Barrier(WRITERS)

    def work(number: int) -> None:
        with database.read() as session:
            body = canonical(adding(str(number))(maps.map(session, ann, id).map))
        read.wait()
        with database.write() as session:
            blind.count(session, {"of_id": id, "body": body})

    assert run_together(work) == []
    with database.read() as session:
        assert len(maps.map(session, ann, id).map.claims) == 3 < 2 + WRITERS


def test_a_writer_that_was_overtaken_tries_again_or_gives_up_in_the_end(
    sqlite: Database, someone_in: Callable[[Database], Asker], small_map: ArgumentMap,
    adding: Callable[..., Edit],
) -> None:  # fmt: skip
    ann = someone_in(sqlite)
    with sqlite.write() as session:
        id = maps.create_map(session, ann, small_map).id

    def overtaken(times: int) -> Edit:
        left = iter(range(times))

        def edit(map: ArgumentMap) -> ArgumentMap:
            # another's write, between the loading of the map and the conditional UPDATE
            if next(left, None) is not None:
                bumped = update(MAP).where(MAP.c.id == id).values(version=MAP.c.version + 1)
                session.execute(bumped)
            return adding("Mine.")(map)

        return edit

    with sqlite.write() as session:
        written = maps.write_map(session, ann, id, overtaken(3), action="x")
        assert written.stored.version == 5
        with pytest.raises(VersionMismatch, match="somebody else"):
            maps.write_map(session, ann, id, overtaken(1), action="x", expected=5)
        with pytest.raises(StoreUnavailable, match="too many"):
            maps.write_map(session, ann, id, overtaken(1_000), action="x")


WRITE = """
import sys
from argmap.model import Claim
from argmap.store import Database
from argmap.store.maps import maps
from argmap.store.records import Asker, Scope
url, account, id, name = sys.argv[1:]
database = Database(url)
def add(map):
    number = map.counters.claims + 1
    return map.replace(claims=(*map.claims, Claim(id=f"c{number}", kind="premise", text=f"{name} {count}")))
sys.stdin.readline()
for count in range(15):
    with database.write() as session:
        maps.write_map(session, Asker(account, Scope.WRITE), id, add, action="claim added")
    print(count, flush=True)
"""


def test_processes_that_write_the_same_map_lose_no_claim(
    database: Database, url: str, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, url, ann.account_id or "", id, name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in "ab"
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert said == [[str(count) for count in range(15)]] * 2
    with database.read() as session:
        stored = maps.map(session, ann, id)
    texts = Counter(claim.text for claim in stored.map.claims[2:])
    assert texts == Counter(f"{name} {count}" for name in "ab" for count in range(15))
    assert stored.version == 31

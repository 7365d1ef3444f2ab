"""Events: told once after the commit, in this process and in others, whatever becomes of a connection."""

import queue
import time
from collections.abc import Callable, Iterator

import pytest

from argmap.model import ArgumentMap
from argmap.store import Database, accounts
from argmap.store.events import AccessChanged, Changed, Event, Missed, Said
from argmap.store.maps import maps
from argmap.store.records import Asker

Heard = queue.SimpleQueue[Event]


def listening(database: Database) -> Heard:
    heard: Heard = queue.SimpleQueue()
    database.events.listen(heard.put)
    return heard


def waited(heard: Heard, wanted: Callable[[Event], bool], seconds: float = 10) -> list[Event]:
    """Return what is heard up to the first event that is wanted."""
    found: list[Event] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            found.append(heard.get(timeout=0.1))
        except queue.Empty:
            continue
        if wanted(found[-1]):
            return found
    raise AssertionError(f"not heard within {seconds} s; heard was {found}")


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    """The same database as another process has it."""
    database = Database(url)
    yield database
    database.dispose()


def written(database: Database, asker: Asker, map: ArgumentMap) -> str:
    with database.write() as session:
        return maps.create_map(session, asker, map).id


def test_what_happened_is_told_after_the_commit_and_not_before(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable
) -> None:
    map_id = written(database, ann, small_map)
    told: list[tuple[Event, int]] = []

    def look(event: Event) -> None:
        with database.read() as session:
            told.append((event, maps.map(session, ann, map_id).version))

    database.events.listen(look)
    with database.write() as session:
        maps.write_map(session, ann, map_id, adding("New"), action="test")
        assert not [event for event, _ in told if isinstance(event, Changed)]
    assert (Changed(map_id, 2), 2) in told


def test_what_was_rolled_back_is_not_told(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable
) -> None:
    map_id = written(database, ann, small_map)
    heard = listening(database)
    with database.session(write=True) as session:
        maps.write_map(session, ann, map_id, adding("New"), action="test")
        session.rollback()
    with database.write() as session:
        maps.write_map(session, ann, map_id, adding("Newer"), action="test")
    told = waited(heard, lambda event: isinstance(event, Changed))
    assert [event for event in told if isinstance(event, Changed)] == [Changed(map_id, 2)]


def test_another_process_hears_of_a_commit(
    database: Database, other: Database, ann: Asker, small_map: ArgumentMap, adding: Callable
) -> None:
    map_id = written(database, ann, small_map)
    heard = listening(other)
    waited(heard, lambda event: event == Missed())  # the first, when it begins to listen
    began = time.monotonic()
    with database.write() as session:
        maps.write_map(session, ann, map_id, adding("New"), action="test")
    on_sqlite = database.dialect == "sqlite"
    waited(heard, lambda event: event == (Missed() if on_sqlite else Changed(map_id, 2)))
    assert time.monotonic() - began < 5


def test_another_process_hears_what_is_only_said(database: Database, other: Database) -> None:
    heard, own = listening(other), listening(database)
    waited(heard, lambda event: event == Missed())
    database.events.say("topic", ["here", {"name": "Nóra"}])
    assert waited(heard, lambda event: event == Said("topic", ["here", {"name": "Nóra"}]))
    waited(own, lambda event: isinstance(event, Said))


def test_a_revoked_token_is_told(database: Database, ann: Asker) -> None:
    with database.write() as session:
        _, plain = accounts.add_token(session, ann.account_id or "", "t", ann.scope)
    heard = listening(database)
    with database.write() as session:
        accounts.sign_out(session, plain)
    waited(heard, lambda event: event == AccessChanged())


def test_a_listener_that_fails_stops_neither_the_writer_nor_the_others(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable
) -> None:
    map_id = written(database, ann, small_map)

    def fail(event: Event) -> None:
        raise ValueError

    database.events.listen(fail)
    heard = listening(database)
    with database.write() as session:
        maps.write_map(session, ann, map_id, adding("New"), action="test")
    waited(heard, lambda event: event == Changed(map_id, 2))


def test_whoever_no_longer_listens_hears_nothing(database: Database) -> None:
    heard: Heard = queue.SimpleQueue()
    stop = database.events.listen(heard.put)
    stop()
    database.events.deliver([AccessChanged()])
    while not heard.empty():
        assert heard.get() == Missed()  # from when it listened


def test_a_listener_is_woken_when_a_lost_connection_is_back(
    database: Database, other: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    if database.dialect == "sqlite":
        pytest.skip("SQLite has no connection that could be lost")
    heard = listening(other)
    waited(heard, lambda event: event == Missed())
    with database.session() as session:
        session.connection().exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
        )
    waited(heard, lambda event: event == Missed())
    map_id = written(database, ann, small_map)
    with database.write() as session:
        maps.delete_map(session, ann, map_id)
    waited(heard, lambda event: event == AccessChanged(map_id))

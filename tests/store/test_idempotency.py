"""A request that is sent twice counts once, also when both are under way at once."""

import datetime
import threading
import time

import pytest

from argmap.errors import IdempotencyMismatch
from argmap.model import ArgumentMap
from argmap.store import Database, idempotency
from argmap.store.idempotency import Replay
from argmap.store.maps import maps
from argmap.store.records import Asker


def test_the_second_request_gets_the_answer_of_the_first(database: Database, ann: Asker) -> None:
    account = ann.account_id or ""
    with database.write() as session:
        assert idempotency.begin(session, account, "k", "print") is None
        idempotency.finish(session, account, "k", 201, {"ETag": '"1"'}, b"\x00body")
    with database.write() as session:
        assert idempotency.begin(session, account, "k", "print") == Replay(
            201, {"ETag": '"1"'}, b"\x00body"
        )
        with pytest.raises(IdempotencyMismatch):
            idempotency.begin(session, account, "k", "another print")
        assert idempotency.begin(session, account, "k2", "print") is None


def test_keys_of_others_are_other_keys(database: Database, ann: Asker, ben: Asker) -> None:
    with database.write() as session:
        for asker in (ann, ben):
            assert idempotency.begin(session, asker.account_id or "", "k", "print") is None
            idempotency.finish(session, asker.account_id or "", "k", 200, {}, b"")


def test_a_request_that_failed_leaves_its_key_free(database: Database, ann: Asker) -> None:
    account = ann.account_id or ""
    with pytest.raises(ZeroDivisionError), database.write() as session:
        raise ZeroDivisionError(idempotency.begin(session, account, "k", "print"))
    with database.write() as session:
        assert idempotency.begin(session, account, "k", "another print") is None


def test_answers_are_forgotten_after_a_day(
    database: Database, ann: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = ann.account_id or ""
    with database.write() as session:
        for key in ("old", "purged"):
            idempotency.begin(session, account, key, "print")
            idempotency.finish(session, account, key, 200, {}, b"")
        assert idempotency.purge(session) == 0
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=25)
    monkeypatch.setattr(idempotency, "now", lambda: later)
    with database.write() as session:
        assert idempotency.begin(session, account, "old", "another print") is None
        assert idempotency.purge(session) == 1


def test_a_duplicate_waits_for_the_first_and_repeats_its_answer(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    account = ann.account_id or ""
    answers: list[bytes] = []
    inside = threading.Barrier(6)

    def post() -> None:
        inside.wait()
        with database.write() as session:
            before = idempotency.begin(session, account, "k", "print")
            if before is None:
                id = maps.create_map(session, ann, small_map).id.encode()
                time.sleep(0.05)  # the others come meanwhile
                idempotency.finish(session, account, "k", 201, {}, id)
            answers.append(id if before is None else before.body)

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        stored = [item.id.encode() for item in maps.maps(session, ann).items]
    assert len(stored) == 1
    assert answers == stored * 6

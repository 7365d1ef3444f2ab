"""Imports: files settled once each; jobs shared by workers, left by killed ones, taken in turn, forgotten at last."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from api.jobs.imports import settle_file
from argmap.errors import NotFound
from argmap.model import ArgumentMap, Article, canonical
from argmap.store import Database, accounts, import_queue, imports
from argmap.store.imports import FileState, JobState, Sent, packed
from argmap.store.maps import maps
from argmap.store.records import Asker, Visibility
from argmap.store.sql.tables import IMPORT_JOB


def sent(*names: str) -> list[Sent]:
    return [Sent(name, packed(name.encode())) for name in names]


def begin(database: Database, asker: Asker, *names: str) -> str:
    with database.write() as session:
        return imports.add_job(session, asker.account_id or "", sent(*names))


def settle_next(database: Database, job_id: str) -> str | None:
    """Do what a worker does with the next file, and tell its name."""
    with database.read() as session:
        file = import_queue.next_file(session, job_id)
    if file is None:
        return None
    with database.write() as session:
        if not import_queue.still_waits(session, job_id, file.position):
            return ""
        import_queue.settle(
            session, job_id, file.position, FileState.STORED, report="{}", map_id="m"
        )
    return file.name


def take(database: Database, holder: str, **more: bool) -> import_queue.Taken | None:
    with database.write() as session:
        return import_queue.take_job(session, holder, **more)


def test_files_are_settled_in_the_order_sent_and_their_bytes_go(
    database: Database, ann: Asker
) -> None:
    owner = ann.account_id or ""
    with database.write() as session:
        files = [
            Sent("a.ann", packed(b"T1"), packed(b"text")),
            Sent("b.zip", refusal='{"slug":"invalid"}'),
        ]
        id = imports.add_job(session, owner, files, format="brat", visibility=Visibility.PUBLIC)
    job = take(database, "worker")
    assert job is not None
    assert (job.id, job.account_id, job.format, job.visibility) == (id, owner, "brat", "public")
    with database.read() as session:
        file = import_queue.next_file(session, id)
        before = imports.job(session, owner, id)
    assert file is not None
    assert (file.name, file.data, file.beside) == ("a.ann", b"T1", b"text")
    assert (before.state, before.total, before.waiting, before.failed) == ("running", 2, 1, 1)
    assert settle_next(database, id) == "a.ann"
    assert settle_next(database, id) is None
    with database.read() as session:
        after = imports.job(session, owner, id)
        page = imports.files(session, owner, id)
        row = session.connection().exec_driver_sql("SELECT data, beside FROM import_file").all()
    assert (after.state, after.stored, after.failed) == (JobState.FINISHED, 1, 1)
    assert after.finished is not None
    assert [(item.name, item.state) for item in page.items] == [
        ("a.ann", FileState.STORED),
        ("b.zip", FileState.FAILED),
    ]
    assert {value for item in row for value in item} == {None}


def test_only_the_owner_finds_an_import(database: Database, ann: Asker, ben: Asker) -> None:
    id = begin(database, ann, "a")
    with database.write() as session:
        for act in (imports.job, imports.files, imports.cancel):
            with pytest.raises(NotFound):
                act(session, ben.account_id or "", id)
        assert imports.job(session, ann.account_id or "", id).waiting == 1
        assert imports.unfinished(session, ann.account_id or "") == 1
        assert imports.unfinished(session, ben.account_id or "") == 0


def test_a_job_that_a_worker_has_is_not_given_to_another(database: Database, ann: Asker) -> None:
    id = begin(database, ann, "a", "b")
    first = take(database, "one")
    assert first is not None
    assert take(database, "two") is None
    with database.read() as session:
        assert import_queue.waits(session, "one")
        assert not import_queue.waits(session, "two")
    again = take(database, "one")  # its own, to go on with
    assert again is not None
    assert again.id == id


def test_a_job_of_a_killed_worker_is_taken_over_where_it_was(
    database: Database, ann: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = begin(database, ann, "a", "b")
    assert take(database, "killed") is not None
    assert settle_next(database, id) == "a"
    real = import_queue.now
    monkeypatch.setattr(import_queue, "now", lambda: real() + import_queue.LEASE * 0.9)
    assert take(database, "other") is None
    monkeypatch.setattr(import_queue, "now", lambda: real() + import_queue.LEASE * 1.1)
    taken = take(database, "other")
    assert taken is not None
    assert taken.id == id
    assert settle_next(database, id) == "b"


def test_jobs_have_their_turns_one_after_the_other(database: Database, ann: Asker) -> None:
    ids = [begin(database, ann, "a", "b") for _ in range(3)]
    taken = []
    for _ in range(6):
        job = take(database, "worker")
        assert job is not None
        taken.append(job.id)
    assert taken == ids * 2
    # the one before is given up with the next turn, for others to take
    assert take(database, "other") is not None


def test_turns_without_a_settled_file_are_counted(database: Database, ann: Asker) -> None:
    id = begin(database, ann, "a", "b")
    tries = []
    for counted in (True, True, False, True):
        job = take(database, "worker", counted=counted)
        assert job is not None
        tries.append(job.tries)
    assert tries == [1, 2, 2, 3]
    settle_next(database, id)
    job = take(database, "worker")
    assert job is not None
    assert job.tries == 1


def test_workers_that_race_settle_every_file_once(database: Database, ann: Asker) -> None:
    ids = [begin(database, ann, *(f"{job}-{number}" for number in range(6))) for job in range(3)]
    settled: list[str] = []
    refused = 0
    barrier = threading.Barrier(3)

    def work() -> int:
        late = 0
        barrier.wait()
        for id in ids:  # all after the same files, whoever has the job
            while (name := settle_next(database, id)) is not None:
                if name:
                    settled.append(name)
                late += not name
        return late

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            refused += done.result()
    assert sorted(settled) == sorted(f"{job}-{number}" for job in range(3) for number in range(6))
    with database.read() as session:
        for id in ids:
            assert imports.job(session, ann.account_id or "", id).state is JobState.FINISHED


def test_a_worker_stores_maps_with_their_articles_on_either_database(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    owner = ann.account_id or ""
    whole = canonical(small_map.replace(article=op_ed))
    files = [Sent("a.json", packed(whole)), Sent("b.json", packed(b"{"))]
    with database.write() as session:
        id = imports.add_job(session, owner, files)
    job = take(database, "worker")
    assert job is not None
    ends = []
    for _ in files:
        with database.read() as session:
            file = import_queue.next_file(session, id)
        assert file is not None
        ends.append(settle_file(database, job, file))
        assert not settle_file(database, job, file)  # settled before: left alone
    assert ends == [False, True]
    with database.read() as session:
        good, bad = imports.files(session, owner, id).items
        assert (good.state, bad.state) == (FileState.STORED, FileState.FAILED)
        stored = maps.map(session, ann, good.map_id or "")
        assert stored.article_id == good.article_id
        assert len(maps.maps(session, ann).items) == 1


def test_a_cancelled_import_keeps_what_is_stored(database: Database, ann: Asker) -> None:
    owner = ann.account_id or ""
    id = begin(database, ann, "a", "b", "c")
    settle_next(database, id)
    with database.write() as session:
        imports.cancel(session, owner, id)
    assert settle_next(database, id) is None
    assert take(database, "worker") is None
    with database.write() as session:
        job = imports.job(session, owner, id)
        assert (job.state, job.stored, job.waiting) == (JobState.CANCELLED, 1, 0)
        states = [item.state for item in imports.files(session, owner, id).items]
        assert states == [FileState.STORED, FileState.CANCELLED, FileState.CANCELLED]
        imports.cancel(session, owner, id)  # again, to no effect
        assert imports.job(session, owner, id) == job
    # a finished one stays finished
    other = begin(database, ann, "a")
    settle_next(database, other)
    with database.write() as session:
        imports.cancel(session, owner, other)
        assert imports.job(session, owner, other).state is JobState.FINISHED


def test_the_files_come_in_pages(database: Database, ann: Asker) -> None:
    id = begin(database, ann, *"abcdefg")
    names: list[str | None] = []
    cursor = None
    with database.read() as session:
        for _ in range(4):
            page = imports.files(session, ann.account_id or "", id, cursor, 2)
            names += [item.name for item in page.items]
            cursor = page.next
    assert names == list("abcdefg")
    assert cursor is None


def test_the_imports_of_an_account_are_listed_newest_first(
    database: Database, ann: Asker, ben: Asker
) -> None:
    ids = [begin(database, ann, *names) for names in ("a", "bc", "", "def")]
    begin(database, ben, "x")
    settle_next(database, ids[1])
    listed: list[imports.ImportJob] = []
    cursor = None
    with database.read() as session:
        for _ in range(2):
            page = imports.jobs(session, ann.account_id or "", cursor, 3)
            listed += page.items
            cursor = page.next
        assert listed == [imports.job(session, ann.account_id or "", id) for id in reversed(ids)]
    assert cursor is None
    assert [(job.total, job.stored) for job in listed] == [(3, 0), (0, 0), (2, 1), (1, 0)]


def test_finished_imports_are_forgotten_after_a_week(database: Database, ann: Asker) -> None:
    done, running = begin(database, ann, "a"), begin(database, ann, "a")
    settle_next(database, done)
    with database.write() as session:
        assert imports.purge(session) == 0
        future = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
        assert imports.purge(session, future) == 1
        with pytest.raises(NotFound):
            imports.job(session, ann.account_id or "", done)
        left = session.connection().exec_driver_sql("SELECT job_id FROM import_file").all()
        assert [id for (id,) in left] == [running]


def test_an_erased_account_leaves_no_import(database: Database, ann: Asker, ben: Asker) -> None:
    begin(database, ann, "secret.argdown")
    kept = begin(database, ben, "b")
    with database.write() as session:
        accounts.erase_account(session, ann.account_id or "")
        left = session.connection().exec_driver_sql("SELECT job_id FROM import_file").all()
    assert [id for (id,) in left] == [kept]


def test_accounts_take_turns_however_many_jobs_one_of_them_has(
    database: Database, ann: Asker, ben: Asker
) -> None:
    names = "abcde"
    many = [begin(database, ann, *names) for _ in range(4)]
    one = begin(database, ben, *names)
    taken = (take(database, "worker") for _ in range(6))
    assert [job.id for job in taken if job] == [many[0], one, many[1], one, many[2], one]


def test_a_job_is_kept_while_its_file_is_read(database: Database, ann: Asker) -> None:
    begin(database, ann, "a")
    assert take(database, "worker")
    leased = select(IMPORT_JOB.c.leased)
    with database.write() as session:
        before = session.execute(leased).scalar_one()
        import_queue.renew(session, "another")
        assert session.execute(leased).scalar_one() == before
        import_queue.renew(session, "worker")
        assert session.execute(leased).scalar_one() > before

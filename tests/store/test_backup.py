"""Backups made while the database is written to, and put back: whole, checked, honouring what was erased since."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from argmap.errors import BackupError, NotFound
from argmap.model import ArgumentMap, Claim
from argmap.store import Database, accounts, backup
from argmap.store.maps import history, maps
from argmap.store.records import Asker, Scope

Edit = Callable[[ArgumentMap], ArgumentMap]


@pytest.fixture
def ann(sqlite: Database, someone_in: Callable[[Database], Asker]) -> Asker:
    return someone_in(sqlite)


@pytest.fixture
def url(sqlite: Database) -> str:
    return sqlite.url.render_as_string()


def revision(database: Database) -> str:
    with database.read() as session:
        return str(
            session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        )


def path_of(database: Database) -> Path:
    return Path(database.url.database or "")


def test_a_backup_under_load_is_a_whole_state_with_all_that_was_acknowledged_before(
    sqlite: Database,
    url: str,
    ann: Asker,
    small_map: ArgumentMap,
    adding: Callable[..., Edit],
    tmp_path: Path,
) -> None:
    with sqlite.write() as session:
        ids = [item.id for item in maps.create_maps(session, ann, [small_map] * 2)]
    acknowledged, stop = [1], threading.Event()

    def write() -> None:
        while not stop.is_set():
            with (
                sqlite.write() as session
            ):  # both maps in one transaction: they are equal in every state
                for id in ids:
                    version = maps.write_map(
                        session, ann, id, adding("x" * 500), action="x"
                    ).stored.version
            acknowledged.append(version)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        spans = []
        for number in range(5):
            before = acknowledged[-1]
            backup.backup(url, tmp_path / f"{number}.backup")
            spans.append((before, acknowledged[-1]))
    finally:
        stop.set()
        thread.join()
    assert spans[0][0] < spans[-1][1]  # the control: there was writing meanwhile
    for number, (before, after) in enumerate(spans):
        copy = Database(f"sqlite:///{tmp_path / f'{number}.backup'}")
        with copy.read() as session:
            one, two = (maps.map(session, ann, id) for id in ids)
            assert before <= one.version == two.version <= after + 1
            assert history.map_at(session, ann, ids[0], 1).map == small_map
        copy.dispose()
    assert (tmp_path / "0.backup").stat().st_mode & 0o077 == 0


def test_a_plain_copy_of_the_file_would_lose_acknowledged_writes(
    sqlite: Database, ann: Asker, small_map: ArgumentMap, tmp_path: Path
) -> None:
    """The positive control: what `cp` gives while the write-ahead log holds the newest."""
    with sqlite.write() as session:
        id = maps.create_map(session, ann, small_map).id
    (tmp_path / "cp").write_bytes(path_of(sqlite).read_bytes())
    copy = Database(f"sqlite:///{tmp_path / 'cp'}")
    with copy.read() as session, pytest.raises(NotFound):
        maps.map(session, ann, id)
    copy.dispose()


def test_a_restore_while_a_server_uses_the_database_shows_at_once_and_keeps_what_it_replaced(
    sqlite: Database,
    url: str,
    ann: Asker,
    small_map: ArgumentMap,
    adding: Callable[..., Edit],
    tmp_path: Path,
) -> None:
    with sqlite.write() as session:
        id = maps.create_map(session, ann, small_map).id
    backup.backup(url, tmp_path / "b")
    with sqlite.write() as session:
        maps.write_map(session, ann, id, adding("Later."), action="x")
    assert (asyncio.run(sqlite.hot.map(id, ann)) or pytest.fail("no map")).version == 2
    restored = backup.restore(tmp_path / "b", url)
    assert restored.revision == revision(sqlite)
    assert (asyncio.run(sqlite.hot.map(id, ann)) or pytest.fail("no map")).version == 1
    with sqlite.write() as session:
        assert maps.map(session, ann, id).version == 1
        assert maps.write_map(session, ann, id, adding("New."), action="x").stored.version == 2
    assert restored.replaced is not None
    kept = Database(f"sqlite:///{restored.replaced}")
    with kept.read() as session:
        assert maps.map(session, ann, id).map.claims[-1].text == "Later."
    kept.dispose()
    assert sorted(file.name for file in path_of(sqlite).parent.glob(".argmap-*")) == []


def test_a_restored_backup_honours_what_was_erased_since(
    sqlite: Database, url: str, ann: Asker, small_map: ArgumentMap, tmp_path: Path
) -> None:
    with sqlite.write() as session:
        for name in ("Zaphodine", "Trillianne"):
            her = Asker(accounts.create_account(session, name).id, Scope.WRITE)
            claim = Claim(id="c1", kind="thesis", text=f"Words of{name.lower()}.")
            maps.create_map(session, her, ArgumentMap(claims=(claim,)))
    backup.backup(url, tmp_path / "b")
    with sqlite.write() as session:
        erased = accounts.find_account(session, "Zaphodine").id
        told = accounts.find_account(session, "Trillianne").id
        accounts.erase_account(session, erased)
    sqlite.scrub()
    names = [b"Zaphodine", b"Trillianne", b"ofzaphodine", b"oftrillianne"]
    assert all(name in (tmp_path / "b").read_bytes() for name in names)  # the control
    restored = backup.restore(tmp_path / "b", url, also_erase=[told])
    assert set(restored.erased_again) == {erased, told}
    with sqlite.read() as session:
        assert [account.name for account in accounts.accounts(session)] == ["Ann"]
    sqlite.dispose()
    assert [name for name in names if name in path_of(sqlite).read_bytes()] == []


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(
    sqlite: Database, url: str, ann: Asker, small_map: ArgumentMap, tmp_path: Path
) -> None:
    with sqlite.write() as session:
        id = maps.create_map(session, ann, small_map).id
    backup.backup(url, tmp_path / "old")
    old = Database(f"sqlite:///{tmp_path / 'old'}")
    old.migrate("0001")
    old.dispose()
    new = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    restored = backup.restore(tmp_path / "old", new)
    assert (restored.revision, restored.replaced) == ("0001", None)
    database = Database(new)
    with database.read() as session:
        assert [
            item.id for item in maps.maps(session, ann, maps.MapFilter(words="river")).items
        ] == [id]
    database.dispose()


def test_what_is_no_good_backup_is_refused_and_nothing_is_touched(
    sqlite: Database, url: str, ann: Asker, small_map: ArgumentMap, tmp_path: Path
) -> None:
    with sqlite.write() as session:
        maps.create_maps(session, ann, [small_map] * 200)
    good, newer, foreign, text, torn = (
        tmp_path / name for name in ("good", "newer", "foreign", "text", "torn")
    )
    backup.backup(url, good)
    backup.backup(url, newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    text.write_text("no database " * 500)
    data = bytearray(good.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = b"\x55" * 20_000
    torn.write_bytes(data)
    before = {item.name for item in tmp_path.iterdir()}
    for path, said in (
        (newer, "newer version"),
        (foreign, "alembic_version"),
        (text, "not a database"),
        (torn, "damaged|malformed"),
        (tmp_path / "absent", "there is no file"),
    ):
        with pytest.raises(BackupError, match=said):
            backup.restore(path, url)
    with pytest.raises(BackupError, match="exists already"):
        backup.backup(url, good)
    with pytest.raises(BackupError, match="there is no database"):
        backup.backup(f"sqlite:///{tmp_path}/absent", tmp_path / "x")
    with pytest.raises(BackupError, match="No such file"):
        backup.backup(url, tmp_path / "no" / "folder")
    assert {item.name for item in tmp_path.iterdir()} == before
    with sqlite.read() as session:
        assert len(maps.maps(session, ann, limit=500).items) == 200


def test_postgresql_is_sent_to_its_own_tools(tmp_path: Path) -> None:
    url = "postgresql://postgres@localhost/a"
    with pytest.raises(BackupError, match="pg_dump"):
        backup.backup(url, tmp_path / "b")
    with pytest.raises(BackupError, match="pg_restore"):
        backup.restore(tmp_path / "b", url)

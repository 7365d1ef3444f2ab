"""Migrations: up and down with data in the tables, all or nothing, and the same tables as the code has."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from argmap.errors import BadValue, StoreUnavailable
from argmap.model import ArgumentMap, Article
from argmap.store import Database, articles
from argmap.store.articles import ArticleFilter
from argmap.store.maps import maps
from argmap.store.records import Asker
from argmap.store.sql import migrations
from argmap.store.sql.tables import METADATA


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]
)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'blank.sqlite3'}")
        yield database
        database.dispose()
        return
    postgres = request.getfixturevalue("postgres")
    postgres.execute("CREATE DATABASE blank")
    database = Database(postgres.url("blank"))
    yield database
    database.dispose()
    postgres.execute("DROP DATABASE blank WITH (FORCE)")


def tables(database: Database) -> set[str]:
    names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if database.dialect == "postgresql":
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with database.read() as session:
        return set(session.connection().execute(text(names)).scalars())


def revision(database: Database) -> str:
    with database.read() as session:
        found = session.connection().execute(text("SELECT version_num FROM alembic_version"))
        return str(found.scalar_one())


def test_the_migrations_make_the_tables_that_the_code_has(blank: Database) -> None:
    blank.migrate()
    with blank.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    unknown = [
        item for item in found
        if not (item[0] in ("remove_table", "remove_index") and "_words" in str(item[1].name))
        and not (item[0] == "remove_index" and "_words" in str(item[1].table.name))
    ]  # fmt: skip
    assert unknown == []
    # the control: a table that the code does not have is noticed
    with blank.write() as session:
        session.connection().execute(text("CREATE TABLE extra (a INTEGER)"))
    with blank.read() as session:
        context = MigrationContext.configure(session.connection())
        assert any(item[0] == "remove_table" for item in compare_metadata(context, METADATA))


def test_up_and_down_and_up_again_keeps_the_data(
    blank: Database, someone_in: Callable[[Database], Asker], op_ed: Article, small_map: ArgumentMap
) -> None:
    blank.migrate()
    ann = someone_in(blank)
    with blank.write() as session:
        article = articles.create_article(session, ann, op_ed)
        map = maps.create_map(session, ann, small_map, article_id=article.id)
    blank.migrate("0001")
    assert revision(blank) == "0001"
    assert not any("_words" in name for name in tables(blank))
    blank.migrate()
    with blank.write() as session:
        assert maps.map(session, ann, map.id) == map
        assert articles.articles(session, ann, ArticleFilter(words="swims")).items
        assert maps.maps(session, ann, maps.MapFilter(words="county")).items
    blank.migrate("base")
    assert tables(blank) == {"alembic_version"}
    blank.migrate()
    assert {table.name for table in METADATA.sorted_tables} < tables(blank)


def test_a_migration_that_fails_leaves_the_old_schema(blank: Database) -> None:
    blank.migrate("0001")
    with blank.write() as session:  # the second migration makes a table, then fails on this one
        name = "claim_words" if blank.dialect == "sqlite" else "ix_claim_words"
        kind = f"CREATE TABLE {name} (a INTEGER)"
        if blank.dialect == "postgresql":
            kind = f"CREATE INDEX {name} ON claim (id)"
        session.connection().execute(text(kind))
    before = tables(blank)
    with pytest.raises(Exception, match="already exists"):
        blank.migrate()
    assert tables(blank) == before
    assert revision(blank) == "0001"


def test_a_database_of_a_newer_version_is_left_alone(blank: Database) -> None:
    blank.migrate()
    with blank.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer version of argmap"):
        blank.migrate()
    assert revision(blank) == "9999"


def test_several_that_migrate_at_once_do_it_once(blank: Database) -> None:
    databases = [Database(blank.url.render_as_string(hide_password=False)) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(database.migrate) for database in databases]:
            done.result()
    for database in databases:
        database.dispose()
    assert {table.name for table in METADATA.sorted_tables} < tables(blank)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "sqlite:///"]
)
def test_urls_of_other_databases_are_refused(url: str) -> None:
    with pytest.raises(BadValue, match="database"):
        Database(url)


def test_an_unknown_synchronous_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="FULL"):
        Database(f"sqlite:///{tmp_path}/a", synchronous="FULL; DROP TABLE map")


def test_the_revisions_are_those_of_alembic_oldest_first() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(walked)) == migrations.REVISIONS


def test_a_start_without_a_migration_does_not_load_the_tools_for_one(empty_sqlite: Path) -> None:
    code = (
        "import sys; from argmap.store import Database; Database(sys.argv[1]).migrate();"
        " sys.exit('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, f"sqlite:///{empty_sqlite}"]
    assert subprocess.run(command, timeout=60).returncode == 0


def test_sessions_and_links_for_readers_live_on_when_0004_comes_and_goes(
    blank: Database,
) -> None:
    blank.migrate("0003")
    execute = _executed(blank)
    execute("INSERT INTO account (id, admin, created) VALUES ('a', false, 0)")
    token = "INSERT INTO token (id, hash, account_id, name, scope, created) VALUES"
    execute(f"{token} ('t', 'x', 'a', 'signed in', 'write', 0), ('u', 'y', 'a', 'api', 'read', 0)")
    execute("INSERT INTO share (id, hash, label, created) VALUES ('s', 'z', '', 0)")
    blank.migrate("0004")
    sessions = execute("SELECT id, session FROM token ORDER BY id")
    assert [(id, bool(session)) for id, session in sessions] == [("t", True), ("u", False)]
    assert execute("SELECT id, role FROM share") == [("s", "viewer")]
    execute("INSERT INTO share (id, hash, label, created, role) VALUES ('e', 'w', '', 0, 'editor')")
    blank.migrate("0003")
    assert execute("SELECT id FROM share") == [("s",)]
    assert execute("SELECT id, name FROM token ORDER BY id") == [("t", "signed in"), ("u", "api")]


def _executed(database: Database) -> Callable[[str], list[Any]]:
    def execute(statement: str) -> list[Any]:
        with database.write() as session:
            result = session.connection().execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []

    return execute

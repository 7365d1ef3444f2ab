"""Databases for the store's tests: every test gets an empty one of its own, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from argmap.model import ArgumentMap, Article, Claim, ClaimKind, Quote, Relation, RelationKind
from argmap.store import Database, accounts
from argmap.store.records import Asker, Scope
from argmap.store.sql.tables import METADATA
from tests.support.postgres import POSTGRESQL, Postgres


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_url(postgres: Postgres) -> str:
    """The URL of a migrated PostgreSQL database, which tests share one after the other."""
    postgres.execute("CREATE DATABASE shared")
    database = Database(postgres.url("shared"))
    database.migrate()
    database.dispose()
    return postgres.url("shared")


@pytest.fixture(params=["sqlite", POSTGRESQL])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "argmap.sqlite3")
        yield f"sqlite:///{tmp_path / 'argmap.sqlite3'}"
        return
    url: str = request.getfixturevalue("postgresql_url")
    yield url
    with psycopg.connect(url, autocommit=True) as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")  # type: ignore[arg-type]


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty, migrated database."""
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database, for what only SQLite has."""
    path = shutil.copy(empty_sqlite, tmp_path / "argmap.sqlite3")
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture
def ann(database: Database) -> Asker:
    """An account with a write token."""
    return someone(database, "Ann")


@pytest.fixture
def ben(database: Database) -> Asker:
    """Another account with a write token."""
    return someone(database, "Ben")


@pytest.fixture
def someone_in() -> Callable[[Database], Asker]:
    """A function that creates an account in a database of one's own making."""
    return lambda database: someone(database, "Ann")


def someone(database: Database, name: str) -> Asker:
    """Create an account and ask in its name."""
    with database.write() as session:
        return Asker(accounts.create_account(session, name).id, Scope.WRITE)


@pytest.fixture
def op_ed() -> Article:
    """An article with a text."""
    return Article(
        title="Open the river",
        authors=("Iris Quill", "Otto Bend"),
        publication="The Weekly Ford",
        text="The river has been closed for ten years. Nobody swims in it.\n\n"
        "Swimming is healthy, and the water is clean: the county measured it in May.",
    )


@pytest.fixture
def small_map() -> ArgumentMap:
    """A map with two claims, one quote and one relation."""
    return ArgumentMap(
        title="The river",
        claims=(
            Claim(id="c1", kind=ClaimKind.THESIS, text="The river should be opened."),
            Claim(
                id="c2",
                kind=ClaimKind.EVIDENCE,
                text="The county found the water clean.",
                quotes=(Quote(exact="the water is clean"),),
            ),
        ),
        relations=(Relation(id="r1", kind=RelationKind.SUPPORTS, sources=("c2",), target="c1"),),
    )


Edit = Callable[[ArgumentMap], ArgumentMap]


@pytest.fixture
def adding() -> Callable[..., Edit]:
    """An edit that adds a claim."""

    def with_text(text: str, **fields: Any) -> Edit:
        def edit(map: ArgumentMap) -> ArgumentMap:
            id = f"c{map.counters.claims + 1}"
            claim = Claim(id=id, kind=ClaimKind.PREMISE, text=text, **fields)
            return map.replace(claims=(*map.claims, claim))

        return edit

    return with_text

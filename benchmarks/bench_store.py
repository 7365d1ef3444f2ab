"""Writing to the store against the SQLite driver doing as little as possible with the same durability."""

import json
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    ClaimKind,
    Quote,
    Relation,
    RelationKind,
    canonical,
    parse_map,
)
from argmap.model.edits import add_claim
from argmap.store import Database, accounts, articles
from argmap.store.maps import maps
from argmap.store.records import Asker, Scope
from argmap.store.sql.database import CHECKPOINT_PAGES
from argmap.store.sql.tables import CLAIM, ENTRY, MAP, QUOTE, RELATION

ROOT = Path(__file__).resolve().parents[1]  # a real disk; a temporary folder may be memory
ROUNDS = 6
WRITES = 60  # in each round
MAPS = 100  # in each round
CLAIMS = 30

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """Measure single writes and bulk stores, ours and bare in turns, and return the medians of their ratios."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=ROOT) as name:
        folder = Path(name)
        return [*single_claims(folder), bulk(folder)]


def single_claims(folder: Path) -> list[Row]:
    """Claims added one by one to maps of 30, each a transaction, against bare INSERTs, each a transaction.

    Ours checks who asks, the version and the whole map, and writes map, claim, history and word index. Bare is a row
    of the claim alone: into the same table, with its index, foreign key and word index, and into a table with nothing.
    """
    database, asker = _database(folder / "ours.sqlite3")
    with database.write() as session:
        article = articles.create_article(session, asker, _article())
        stored = maps.create_maps(session, asker, [_map()] * WRITES, article_id=article.id)
    ids = [item.id for item in stored]
    text = "Nobody has asked the people who live by the river. " * 2

    def ours() -> None:
        for id in ids:
            with database.write() as session:
                maps.write_map(
                    session,
                    asker,
                    id,
                    lambda old: add_claim(old, {"kind": "premise", "text": text})[0],
                    action="claim added",
                )

    database.dispose()
    shutil.copy(folder / "ours.sqlite3", folder / "same.sqlite3")
    with (
        closing(_connection(folder / "same.sqlite3")) as same,
        closing(_connection(folder / "none.sqlite3")) as none,
    ):
        none.execute(
            "CREATE TABLE claim (number INTEGER PRIMARY KEY, map_id TEXT, id TEXT, kind TEXT, text TEXT)"
        )
        numbers = iter(range(1_000, 10**6))

        def bare(connection: sqlite3.Connection) -> None:
            for id in ids:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT INTO claim (map_id, id, kind, text) VALUES (?, ?, ?, ?)",
                    (id, f"c{next(numbers)}", "premise", text),
                )
                connection.execute("COMMIT")

        results = [
            _compare(
                f"a claim written / {what}", ours, partial(bare, other), WRITES, "writes/s", goal
            )
            for other, what, goal in (
                (same, "INSERT and COMMIT, same table", "≥ 0.40"),
                (none, "INSERT and COMMIT, table without anything", ""),
            )
        ]
    database.dispose()
    return results


def bulk(folder: Path) -> Row:
    """Maps of 30 claims stored from JSON, against validating the same JSON and executemany of the same rows.

    Both write into the same tables, with their indexes and foreign keys, in one transaction for each round.
    """
    database, asker = _database(folder / "bulk.sqlite3")
    text = canonical(_map())

    def ours() -> None:
        with database.write() as session:
            maps.create_maps(session, asker, [parse_map(json.loads(text)) for _ in range(MAPS)])

    ours()
    plain, other = _database(folder / "plain.sqlite3")
    plain.dispose()
    inserts = _inserts(folder / "bulk.sqlite3", asker.account_id or "", other.account_id or "")
    rounds = iter(range(10**6))
    with closing(_connection(folder / "plain.sqlite3")) as connection:

        def bare() -> None:
            for _ in range(MAPS):
                ArgumentMap.model_validate_json(text)
            mark = f"-{next(rounds)}"  # other ids each time
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in inserts:
                connection.executemany(statement, [(row[0] + mark, *row[1:]) for row in rows])
            connection.execute("COMMIT")

        name = "maps of 30 claims stored from JSON in bulk / validation and executemany"
        row = _compare(name, ours, bare, MAPS, "maps/s", "≥ 0.35")
    database.dispose()
    return row


def _inserts(path: Path, owner: str, other: str) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Return the statements and rows that store again, for another owner, what is in a database."""
    found = []
    with closing(sqlite3.connect(path)) as connection:
        for table in (MAP, CLAIM, QUOTE, RELATION, ENTRY):
            # the map's id first, which every round makes another
            names = sorted(
                (column.name for column in table.c if column.name != "number"),
                key=lambda name: name != ("id" if table is MAP else "map_id"),
            )
            listed = ", ".join(f'"{name}"' for name in names)
            rows = connection.execute(f"SELECT {listed} FROM {table.name}").fetchall()  # noqa: S608
            marks = ", ".join("?" * len(names))
            found.append(
                (
                    f"INSERT INTO {table.name} ({listed}) VALUES ({marks})",  # noqa: S608 - our names
                    [tuple(other if value == owner else value for value in row) for row in rows],
                )
            )
    return found


def _compare(
    name: str, ours: Callable[[], None], bare: Callable[[], None], count: int, unit: str, goal: str
) -> Row:
    """Do both in turns, so that what else the machine does weighs on both, and take the median of the ratios."""
    ours()
    bare()
    times = [(_seconds(ours), _seconds(bare)) for _ in range(ROUNDS)]
    our, other = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(bare / our for our, bare in times)
    return name, f"{count / our:,.0f} {unit}", f"{count / other:,.0f} {unit}", ratio, goal


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _connection(path: Path) -> sqlite3.Connection:
    """Open a database as the store does, by the driver alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _database(path: Path) -> tuple[Database, Asker]:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.write() as session:
        return database, Asker(accounts.create_account(session, "bench").id, Scope.WRITE)


def _article() -> Article:
    return Article(
        title="The river", text=" ".join(f"Sentence {n} says why." for n in range(1, CLAIMS + 1))
    )


def _map() -> ArgumentMap:
    """A tree of 30 claims, each with a quote and two lines of text."""
    numbers = range(1, CLAIMS + 1)
    return ArgumentMap(
        title="The river",
        claims=tuple(
            Claim(
                id=f"c{n}",
                kind=ClaimKind.PREMISE,
                text=f"Reason {n}: " + "the river should be opened to everybody again. " * 2,
                label=f"Reason {n}",
                quotes=(Quote(exact=f"Sentence {n} says"),),
            )
            for n in numbers
        ),
        relations=tuple(
            Relation(
                id=f"r{n}", kind=RelationKind.SUPPORTS, sources=(f"c{n}",), target=f"c{n // 2}"
            )
            for n in numbers[1:]
        ),
    )

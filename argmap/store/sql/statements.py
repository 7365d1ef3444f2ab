"""Statements that are compiled once for each kind of database and then run with little work per call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql import ClauseElement

from argmap.store.sql.failures import translated
from argmap.store.sql.session import Session

LoadedRow: TypeAlias = Mapping[str, Any]

_DIALECTS = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
}


class Prepared:
    """A statement that SQLAlchemy writes once and the driver runs.

    SQLAlchemy would add thirty microseconds and more to each run, which a write of five statements feels. Values go in
    and come out as the driver has them: moments are microseconds, enums their strings, and a boolean that SQLite gives
    back is 0 or 1.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self.compiled = cache(self._compiled)

    def first(self, session: Session, values: Mapping[str, Any]) -> LoadedRow | None:
        """Run it with values by the names of its parameters, and return its first row by column names."""
        cursor = self._run(session, values)
        row = cursor.fetchone()
        return None if row is None else dict(zip(_names(cursor), row, strict=True))

    def all(self, session: Session, values: Mapping[str, Any]) -> list[LoadedRow]:
        """Run it and return all its rows."""
        cursor = self._run(session, values)
        names = _names(cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count(self, session: Session, values: Mapping[str, Any]) -> int:
        """Run it, which changes rows, and return how many."""
        changed: int = self._run(session, values).rowcount
        return changed

    def many(self, session: Session, rows: Iterable[Sequence[Any]]) -> None:
        """Run it for each row of values, which stand in the order of its parameters (an insert's: of the columns)."""
        listed = list(rows)
        if listed:
            with _cursor(session) as (cursor, dialect):
                cursor.executemany(self.compiled(dialect)[0], listed)

    def _run(self, session: Session, values: Mapping[str, Any]) -> Any:
        with _cursor(session) as (cursor, dialect):
            sql, names = self.compiled(dialect)
            cursor.execute(sql, [values[name] for name in names])
            return cursor

    def _compiled(self, dialect: str) -> tuple[str, tuple[str, ...]]:
        """Return its SQL and the names of its positional parameters in their order."""
        compiled: Any = self._statement.compile(dialect=_DIALECTS[dialect])
        return str(compiled), tuple(compiled.positiontup or ())


@contextmanager
def _cursor(session: Session) -> Iterator[tuple[Any, str]]:
    """Give a cursor of the driver, in the session's transaction, and the name of the dialect."""
    connection = session.connection()
    raw: Any = connection.connection.driver_connection
    try:
        yield raw.cursor(), connection.dialect.name
    except connection.dialect.loaded_dbapi.Error as error:
        raise translated(error) or error from None


def _names(cursor: Any) -> list[str]:
    return [column[0] for column in cursor.description]

"""Statements that are compiled once for each kind of database and then run with little work per call."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session

LoadedRow: TypeAlias = Mapping[str, Any]

_DIALECTS = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
}


class Prepared:
    """A statement of SQLAlchemy's, ready to be run by the driver.

    Values go in and come out as the driver has them: moments are microseconds, enums their strings, and a boolean
    that SQLite gives back is 0 or 1.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self.compiled = cache(self._compiled)

    def run(self, session: Session, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Run it with values by the names of its parameters."""
        connection = session.connection()
        sql, names = self.compiled(connection.dialect.name)
        return connection.exec_driver_sql(sql, tuple([values[name] for name in names]))

    def first(self, session: Session, values: Mapping[str, Any]) -> LoadedRow | None:
        """Run it and return its first row, by column names."""
        row = self.run(session, values).mappings().first()
        return None if row is None else dict(row)

    def run_many(self, session: Session, rows: Iterable[Sequence[Any]]) -> None:
        """Run it for each row of values, which stand in the order of its parameters (an insert's: of the columns)."""
        listed = [tuple(row) for row in rows]
        if listed:
            connection = session.connection()
            connection.exec_driver_sql(self.compiled(connection.dialect.name)[0], listed)

    def _compiled(self, dialect: str) -> tuple[str, tuple[str, ...]]:
        """Return its SQL and the names of its positional parameters in their order."""
        compiled: Any = self._statement.compile(dialect=_DIALECTS[dialect])
        return str(compiled), tuple(compiled.positiontup or ())

"""One recipe for connections to SQLite and PostgreSQL: durable, bounded in time, never half open."""

import errno
import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from argmap.errors import ArgmapError, BadValue, StoreFull, StoreUnavailable
from argmap.store.events import Events
from argmap.store.hot import Hot, SqliteHot, ThreadedHot
from argmap.store.sql.failures import translated
from argmap.store.sql.migrations import REVISIONS
from argmap.store.sql.session import Session

BUSY_SECONDS = 5
MOST_WRITERS = 48  # that wait at once, in as many threads of the service
STUCK_SECONDS = 0.5  # without a turn of anybody's, after which others need not wait
# The write-ahead log grows to 16 MB before it is written back: one map written often is then written back once.
CHECKPOINT_PAGES = 4_000
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


class Database:
    """A database by its URL ("sqlite:////var/lib/argmap/argmap.sqlite3", "postgresql+psycopg://...").

    Functions of the store take a Session of it and never commit: `read` and `write` do, or whoever took `session`.
    Every use raises StoreUnavailable when the database is gone or locked for long, StoreFull when its disk is full.
    `synchronous` is SQLite's: with FULL nothing acknowledged is lost, not even by a loss of power.
    """

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        self.url = parse_url(url)
        if self.dialect == "sqlite":
            if synchronous.upper() not in _SYNCHRONOUS:
                raise BadValue(f"synchronous must be one of {', '.join(_SYNCHRONOUS)}")
            self._engine = _sqlite_engine(self.url, synchronous.upper())
        else:
            self._engine = _postgresql_engine(self.url)
        event.listen(self._engine, "handle_error", _translate)
        self._writing = self._engine.execution_options(argmap_writes=True)
        self._hot: Hot | None = None
        self._writers = threading.BoundedSemaphore(MOST_WRITERS)
        self._begun = 0.0  # when a transaction that writes last got its turn
        self.events = Events(self.url)

    @property
    def dialect(self) -> str:
        """Either "sqlite" or "postgresql"."""
        return self.url.get_backend_name()

    @property
    def hot(self) -> Hot:
        """The reads that `async def` routes may await."""
        if self._hot is None:
            path = self.url.database or ""
            self._hot = SqliteHot(path) if self.dialect == "sqlite" else ThreadedHot(self.read)
        return self._hot

    def migrate(self, to: str = "head") -> None:
        """Bring the schema to a revision ("head" the newest, "base" none), all or nothing."""
        with self._connection() as connection:
            if to == "head" and revision_of(connection) == REVISIONS[-1]:
                return  # the usual start, which need not load the tools for the others
            if self.dialect == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(7165117)"))  # one at a time
            from argmap.store.sql.migrations import migrate

            migrate(connection, to)

    def session(self, write: bool = False) -> Session:
        """Open a session; whoever takes it commits and closes it."""
        try:
            connection = (self._writing if write else self._engine).connect()
        except exc.TimeoutError:
            raise StoreUnavailable("too many requests use the database at once") from None
        try:
            connection.begin()
        except ArgmapError:
            connection.close()
            raise
        return Session(connection, self.events)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that is rolled back at the end."""
        with self.session() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session that is committed on a clean exit and rolled back otherwise."""
        with self._turn_to_write(), self.session(write=True) as session:
            self._begun = monotonic()
            self._check_file(session)
            yield session
            self._check_file(session)
            session.commit()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Let so many wait to write, and no more where another program keeps the database locked.

        Each that waits takes a thread, which those who read need.
        """
        stuck = monotonic() - self._begun > STUCK_SECONDS
        if not self._writers.acquire(timeout=0.05 if stuck else STUCK_SECONDS):
            raise StoreUnavailable("too many wait to write to the database at once")
        try:
            yield
        finally:
            self._writers.release()

    def _check_file(self, session: Session) -> None:
        """Raise StoreUnavailable when what is written would go to a file that is not there any more."""
        if self.dialect != "sqlite":
            return
        opened = session.connection().info.get("file")
        if opened is not None and opened != _file_at(self.url.database or ""):
            raise StoreUnavailable(
                "the file of the database was removed or replaced while the service was running;"
                " put it back, or start the service again"
            )

    def ping(self) -> None:
        """Ask the database for an answer, and whether it could write. Raises StoreUnavailable, StoreFull."""
        with self.read() as session:
            self._check_file(session)
            session.connection().exec_driver_sql("SELECT 1")
        if self.dialect == "sqlite":
            _check_folder(Path(self.url.database or "").parent)

    def scrub(self) -> None:
        """Make what was erased or purged unreadable in the database's files too, once that is committed.

        On SQLite the word index is merged and the write-ahead log emptied; deleted pages are zeroed at once anyway.
        On PostgreSQL the tables are vacuumed, which frees the space to be overwritten.
        """
        if self.dialect == "sqlite":
            with self._connection() as connection:
                for words in (
                    "INSERT INTO article_words(article_words) VALUES ('optimize')",
                    "INSERT INTO claim_words(claim_words) VALUES ('optimize')",
                ):
                    connection.exec_driver_sql(words)
            with self._engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise StoreUnavailable(
                    "others are using the database, so its log cannot be emptied now"
                )
        else:
            with self._engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.exec_driver_sql("SET statement_timeout = 0")
                connection.exec_driver_sql("VACUUM")
                connection.invalidate()

    def dispose(self) -> None:
        """Close every connection."""
        self.events.close()
        if self._hot is not None:
            self._hot.close()
            self._hot = None
        self._engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._writing.begin() as connection:
            yield connection


def _make_file(path: Path) -> None:
    """Make an empty database that its owner alone may read; SQLite gives the files beside it the same mode."""
    with suppress(OSError):  # opening it says better what is wrong
        path.touch(mode=0o600)


def _file_at(path: str) -> tuple[int, int] | None:
    """Return what tells a file from all others, None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _check_folder(folder: Path) -> None:
    """Raise StoreFull or StoreUnavailable where a folder takes no file, as of a full or read-only disk."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull("the disk that holds the database is full") from None
        reason = (error.strerror or "it fails").lower()
        raise StoreUnavailable(f"the folder of the database takes no files: {reason}") from None


def parse_url(url: str) -> URL:
    """Read a database URL. Raises BadValue for what is neither a SQLite file nor PostgreSQL."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise BadValue("the database URL cannot be read") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadValue("the database URL must begin with sqlite:/// or postgresql://")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise BadValue("the SQLite database must be a file: sqlite:////path/to/file")
    return parsed


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database's schema, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _sqlite_engine(url: URL, synchronous: str) -> Engine:
    _make_file(Path(url.database or ""))
    engine = create_engine(
        url,
        # isolation_level None: the driver begins nothing by itself, the listener below does
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=56,
        pool_timeout=BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = _file_at(url.database or "")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a writer that began as a reader fails at once when another has written since
        writes = connection.get_execution_options().get("argmap_writes")
        raw: Any = connection.connection.driver_connection
        try:
            raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except sqlite3.Error as error:
            raise translated(error) or error from None

    return engine


def _postgresql_engine(url: URL) -> Engine:
    limits = {
        "statement_timeout": BUSY_SECONDS * 1000,
        "lock_timeout": BUSY_SECONDS * 1000,
        "idle_in_transaction_session_timeout": 60_000,
    }
    return create_engine(
        url,
        connect_args={
            "connect_timeout": 2,  # the shortest that libpq knows
            "tcp_user_timeout": 2_000,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
        pool_size=8,
        max_overflow=24,
        pool_timeout=1,
        pool_pre_ping=True,
    )


def _translate(context: ExceptionContext) -> BaseException | None:
    return translated(context.original_exception)

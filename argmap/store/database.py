"""One recipe for connections to SQLite and PostgreSQL: durable, bounded in time, never half open."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from argmap.store.hot import Hot


class Database:
    """A database by its URL ("sqlite:////var/lib/argmap/argmap.sqlite3", "postgresql+psycopg://...").

    Functions of the store take a Session of it and never commit: `read` and `write` do, or whoever took `session`.
    Every use raises StoreUnavailable when the database is gone or locked for long, StoreFull when its disk is full.
    """

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        raise NotImplementedError

    @property
    def dialect(self) -> str:
        """Either "sqlite" or "postgresql"."""
        raise NotImplementedError

    @property
    def hot(self) -> Hot:
        """The reads that `async def` routes may await."""
        raise NotImplementedError

    def migrate(self, to: str = "head") -> None:
        """Bring the schema to a revision, all or nothing."""
        raise NotImplementedError

    def session(self, write: bool = False) -> Session:
        """Open a session; whoever takes it commits and closes it."""
        raise NotImplementedError

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database throughout; it is rolled back at the end."""
        raise NotImplementedError
        yield

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is committed on a clean exit and rolled back otherwise."""
        raise NotImplementedError
        yield

    def ping(self) -> None:
        """Ask the database for an answer. Raises StoreUnavailable."""
        raise NotImplementedError

    def scrub(self) -> None:
        """Make what was erased unreadable in the database's files too; to be called after the erasing is committed."""
        raise NotImplementedError

    def dispose(self) -> None:
        """Close every connection."""
        raise NotImplementedError

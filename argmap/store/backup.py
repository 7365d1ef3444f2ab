"""Copies of the database taken while it is written to, and put back."""

import contextlib
import errno
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from argmap.errors import BackupError, StoreFull
from argmap.store.accounts import accounts, erase_account
from argmap.store.ids import now
from argmap.store.sql.database import BUSY_SECONDS, Database, parse_url
from argmap.store.sql.failures import translated
from argmap.store.sql.migrations import REVISIONS


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    `revision`: the schema revision of the backup, which was brought to the newest. `erased_again`: accounts that were
    erased after the backup was made, and are now erased in what was restored. `replaced`: where the database that was
    there before is kept, if there was one.
    """

    revision: str
    erased_again: tuple[str, ...]
    replaced: Path | None


def backup(url: str, path: Path) -> None:
    """Write a whole copy of the database, as it is at one moment, into a new file; writers go on meanwhile.

    SQLite only. Raises BackupError, StoreUnavailable, StoreFull.
    """
    source = _file(url, "pg_dump --format=custom --file=FILE URL")
    if not source.is_file():
        raise BackupError(f"there is no database {source}")
    if path.exists():
        raise BackupError(f"{path} exists already; a backup goes into a new file")
    with _staged(path.parent) as staged:
        _copy(source, staged)
        with _telling(source), contextlib.closing(sqlite3.connect(staged)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
        _check(staged, source)
        with _telling(path):
            staged.rename(path)


def restore(path: Path, url: str, also_erase: Sequence[str] = ()) -> Restored:
    """Put a backup in the place of the database, after checking it, also while a server uses that.

    An older schema is brought to the newest first. Accounts that the present database knows to be erased, and those
    named in `also_erase`, are erased in the restored one too. The present database is kept beside it.
    SQLite only. Raises BackupError, StoreUnavailable, StoreFull.
    """
    target = _file(url, "pg_restore --clean --if-exists --dbname=URL FILE")
    if not path.is_file():
        raise BackupError(f"there is no file {path}")
    with _staged(target.parent) as staged:
        _copy(path, staged)
        revision = _check(staged, path)
        replaced = None
        erased = set(also_erase)
        if target.exists():
            _check(target, target)
            erased |= _erased(target)
            stamp = now().strftime("%Y%m%dT%H%M%S%fZ")
            replaced = target.with_name(f"{target.name}.replaced-{stamp}")
            backup(url, replaced)
        again = _prepare(staged, erased)
        _copy(staged, target)
    return Restored(revision, again, replaced)


def _file(url: str, instead: str) -> Path:
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise BackupError(f"PostgreSQL comes with its own tool for this: {instead}")
    return Path(parsed.database or "")


@contextlib.contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give the path of a file in a folder that only its owner may enter, gone at the end."""
    with _telling(folder):
        staging = tempfile.TemporaryDirectory(prefix=".argmap-", dir=folder)
    with staging as name:
        staged = Path(name) / "copy"
        staged.touch(mode=0o600)
        yield staged


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the system and the driver say about a file into errors of ours."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(f"the disk that holds {path} is full") from None
        raise BackupError(f"{path}: {error.strerror}") from None
    except sqlite3.Error as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise translated(error) or error from None
        raise BackupError(f"{path} cannot be used as a database of argmap: {error}") from None


def _copy(source: Path, target: Path) -> None:
    """Copy a database by SQLite's backup, as of one moment, in one transaction of the target, which may be in use."""
    with (
        _telling(source),
        contextlib.closing(_open(source)) as old,
        contextlib.closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as new,
    ):
        new.execute("PRAGMA synchronous = FULL")
        old.backup(new)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _check(path: Path, name: Path) -> str:
    """Return the schema revision of a database file that is whole and not newer than this code. Raises BackupError."""
    with _telling(name), contextlib.closing(_open(path)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupError(f"{name} is damaged: {found}")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError(f"{name} is damaged: rows refer to others that are not there")
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(rows) != 1 or rows[0][0] not in REVISIONS:
        raise BackupError(f"{name} was made by a newer version of argmap, or is not of argmap")
    return str(rows[0][0])


def _erased(path: Path) -> set[str]:
    with _telling(path), contextlib.closing(_open(path)) as connection:
        return {
            id for (id,) in connection.execute("SELECT id FROM account WHERE erased IS NOT NULL")
        }


def _prepare(path: Path, erased: set[str]) -> tuple[str, ...]:
    """Bring a copy to the newest schema and erase in it what must be; return the accounts that this concerned."""
    database = Database(f"sqlite:///{path}")
    try:
        database.migrate()
        with database.write() as session:
            again = tuple(account.id for account in accounts(session) if account.id in erased)
            for id in again:
                erase_account(session, id)
        if again:
            database.scrub()
    finally:
        database.dispose()
    return again

"""What the errors of the database drivers mean to those who called the store."""

import sqlite3

from argmap.errors import ArgmapError, BadValue, StoreFull, StoreUnavailable

_SQLITE_FULL = sqlite3.SQLITE_FULL
_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
}
# PostgreSQL: connection, resources, intervention, system, lock or statement timeouts, deadlock
_POSTGRESQL_UNAVAILABLE = ("08", "53", "57", "58", "55P03", "40P01", "40001", "25P03")


def translated(error: BaseException) -> ArgmapError | None:
    """Return what a driver's error means to a caller, or None when it is not about the state of the database."""
    if isinstance(error, sqlite3.Error):
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code == _SQLITE_FULL:
            return StoreFull("the disk that holds the database is full")
        if code in _SQLITE_UNAVAILABLE:
            return StoreUnavailable(f"the database does not answer: {error}")
        return None
    state = getattr(error, "sqlstate", None)
    if state in ("53100", "53000"):
        return StoreFull("the disk that holds the database is full")
    if (state or "").startswith(_POSTGRESQL_UNAVAILABLE):
        return StoreUnavailable("the database does not answer or is overloaded")
    if state is None and type(error).__name__ in ("OperationalError", "ConnectionTimeout"):
        return StoreUnavailable("the database does not answer")  # psycopg: no connection
    if type(error).__name__ == "DataError" and "NUL (0x00)" in str(error):
        return BadValue("a text has the control character U+0000, which the store does not keep")
    return None

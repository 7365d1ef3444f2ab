"""The reads that every request makes: who asks, and one map or access, in microseconds on the event loop's thread."""

import asyncio
import datetime
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeAlias

from argmap.store.access.loading import LOOK_AT_ARTICLE, LOOK_AT_MAP, asking
from argmap.store.access.rules import article_access, map_access, map_record
from argmap.store.accounts import WHO_ASKS, asker_of
from argmap.store.ids import now, to_microseconds
from argmap.store.records import Access, Asker, Standing, StoredMap, Subject
from argmap.store.sql.failures import translated
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow, Prepared

CACHED_BYTES = 64_000_000
_ENTRY_BYTES = 1_000  # what a cached record takes besides the body of a map, roughly

_Value: TypeAlias = Asker | StoredMap | Standing | Access | tuple[Asker, StoredMap] | None


class Hot:
    """Hot reads for `async def` routes; right at once after a commit, of whichever process."""

    def __init__(self) -> None:
        self._uses: dict[str, datetime.datetime] = {}

    async def asker(self, token_hash: str | None, share_hash: str | None = None) -> Asker | None:
        """Say who asks, by the SHA-256 (hexadecimal) of the tokens they sent.

        None: a token was sent that is unknown, expired or revoked. An unknown share token is no error here.
        """
        if token_hash is None:
            return Asker(share=share_hash)
        values = {"hash": token_hash, "now": to_microseconds(now())}
        found = await self._get(("asker", token_hash, None, None), WHO_ASKS, values, asker_of)
        if not isinstance(found, Asker):
            return None
        self._uses[token_hash] = now()
        return found if share_hash is None else replace(found, share=share_hash)

    async def map(self, id: str, asker: Asker) -> StoredMap | None:
        """Return the newest version of a map, or None when there is none or the asker may not see it."""

        def record(row: LoadedRow | None) -> StoredMap | None:
            if row is None or row["deleted"] is not None or not map_access(row, asker):
                return None
            return map_record(row, asker)

        found = await self._get(("map", id, asker, None), LOOK_AT_MAP, asking(id, asker), record)
        return found if isinstance(found, StoredMap) else None

    async def look(
        self, id: str, token_hash: str | None, share_hash: str | None = None
    ) -> tuple[Asker, StoredMap] | None:
        """Say who asks and return the newest version of a map, as `asker` and `map` do, in one go."""
        asker = await self.asker(token_hash, share_hash)
        stored = None if asker is None else await self.map(id, asker)
        return None if asker is None or stored is None else (asker, stored)

    async def access(self, subject: Subject, id: str, asker: Asker) -> Access:
        """Say what the asker may do with an article or map (NONE for an unknown one)."""
        query, rule = (
            (LOOK_AT_MAP, map_access)
            if subject is Subject.MAP
            else (LOOK_AT_ARTICLE, article_access)
        )

        def level(row: LoadedRow | None) -> Access:
            gone = row is None or row["deleted"] is not None
            return Access.NONE if row is None or gone else rule(row, asker)

        found = await self._get(("access", id, asker, subject), query, asking(id, asker), level)
        return found if isinstance(found, Access) else Access.NONE

    async def standing(self, id: str, asker: Asker) -> Standing | None:
        """Say what the asker may do with a map, as `map` would without its content; None when they may not see it."""

        def standing(row: LoadedRow | None) -> Standing | None:
            if row is None or row["deleted"] is not None or not (access := map_access(row, asker)):
                return None
            visible = row["article_id"] is None or article_access(row, asker) >= Access.VIEW
            return Standing(access, visible, row["version"])

        found = await self._get(
            ("standing", id, asker, None), LOOK_AT_MAP, asking(id, asker), standing
        )
        return found if isinstance(found, Standing) else None

    def take_uses(self) -> dict[str, datetime.datetime]:
        """Return when tokens were used since the last call, by token hash, for `accounts.note_uses`."""
        taken, self._uses = self._uses, {}
        return taken

    def close(self) -> None:
        """Close what is open."""

    async def _get(
        self,
        key: tuple[object, ...],
        query: Prepared,
        values: dict[str, Any],
        result: Callable[[LoadedRow | None], _Value],
    ) -> _Value:
        raise NotImplementedError


class SqliteHot(Hot):
    """On SQLite each is one read on a connection of its own, on the calling thread.

    Results are kept for as long as `PRAGMA data_version` says that no other connection, of this process or another,
    has committed; this one never does. What expires by itself (tokens, share tokens) is kept no longer than that.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self._version: int | None = None
        self._kept: dict[tuple[object, ...], tuple[_Value, int | None]] = {}
        self._bytes = 0

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._kept.clear()

    async def look(
        self, id: str, token_hash: str | None, share_hash: str | None = None
    ) -> tuple[Asker, StoredMap] | None:
        """Say who asks and return a map, from what is kept of an earlier look if nothing was committed since."""
        key = ("look", id, token_hash, share_hash)
        moment = now()
        with self._lock:
            version = self._known_version()
            kept = self._kept.get(key)
        if kept is not None and (kept[1] is None or kept[1] > to_microseconds(moment)):
            if token_hash is not None:
                self._uses[token_hash] = moment
            return kept[0] if isinstance(kept[0], tuple) else None
        found = await super().look(id, token_hash, share_hash)
        if found is not None:
            parts: list[tuple[object, ...]] = [("map", id, found[0], None)]
            if token_hash is not None:
                parts.append(("asker", token_hash, None, None))
            with self._lock:
                same = self._known_version() == version
                ends = [self._kept[part][1] for part in parts if part in self._kept]
                if same and len(ends) == len(parts):
                    end = min((end for end in ends if end is not None), default=None)
                    self._kept[key] = found, end
        return found

    async def _get(
        self,
        key: tuple[object, ...],
        query: Prepared,
        values: dict[str, Any],
        result: Callable[[LoadedRow | None], _Value],
    ) -> _Value:
        with self._lock:
            try:
                return self._get_now(key, query, values, result)
            except sqlite3.Error as error:
                raise self._failed(error) from None

    def _get_now(
        self,
        key: tuple[object, ...],
        query: Prepared,
        values: dict[str, Any],
        result: Callable[[LoadedRow | None], _Value],
    ) -> _Value:
        self._known_version()
        kept = self._kept.get(key)
        if kept is not None and (kept[1] is None or kept[1] > values["now"]):
            return kept[0]
        sql, names = query.compiled("sqlite")
        found = self._opened().execute(sql, [values[name] for name in names]).fetchone()
        row = None if found is None else dict(found)
        value = result(row)
        self._bytes += _ENTRY_BYTES + (len(value.body) if isinstance(value, StoredMap) else 0)
        if self._bytes > CACHED_BYTES:
            self._forget()
        self._kept[key] = value, _end(row)
        return value

    def _known_version(self) -> int:
        """Ask whether anything was committed; if so, forget everything. Called with the lock held."""
        try:
            version: int = self._opened().execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise self._failed(error) from None
        if version != self._version:
            self._forget()
            self._version = version
        return version

    def _failed(self, error: sqlite3.Error) -> Exception:
        """Let go of the connection and say what its error means."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        return translated(error) or error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
            self._version = None
        return self._connection

    def _forget(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=0.25, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only = ON")
        return connection


def _end(row: LoadedRow | None) -> int | None:
    """Say when what was read from this row stops to hold by itself (microseconds), or None for never."""
    names = ("expires", "map_share_expires", "article_share_expires", "through_share_expires")
    ends = [row[name] for name in names if row.get(name) is not None] if row else []
    return min(ends) if ends else None


class ThreadedHot(Hot):
    """On PostgreSQL each is a read in a thread, without a cache, so that a hanging database never stops the loop."""

    def __init__(self, read: Callable[[], AbstractContextManager[Session]]) -> None:
        super().__init__()
        self._read = read

    async def _get(
        self,
        key: tuple[object, ...],
        query: Prepared,
        values: dict[str, Any],
        result: Callable[[LoadedRow | None], _Value],
    ) -> _Value:
        def read() -> _Value:
            with self._read() as session:
                return result(query.first(session, values))

        return await asyncio.to_thread(read)

"""What happened, told once after the commit: to listeners in this process and in the others that use the database.

An event says where to look, never what is there: whoever hears it reads the database, so an event that comes twice,
late, or in a bundle (`Missed`) does no harm. Word between processes goes through what they share. On PostgreSQL that
is LISTEN/NOTIFY, sent in the transaction itself. On SQLite `PRAGMA data_version` says that another connection has
committed, though not what; what is said without being stored (`Said`) goes through a small file beside the database.
"""

import contextlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy.engine import URL

logger = logging.getLogger("argmap.store")

LOOK_SECONDS = 0.1  # between looks at SQLite's data_version
SLOW_LOOK_SECONDS = 10.0  # on PostgreSQL: after it listeners look for themselves in any case
AGAIN_SECONDS = 1.0  # until a lost connection is opened again
SAID_SECONDS = 60  # that words between processes are kept for
LONGEST = 7_000  # bytes of a notification; PostgreSQL takes 8,000
_CHANNEL = "argmap"


@dataclass(frozen=True, slots=True)
class Changed:
    """A map has a new version."""

    map_id: str
    version: int


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Who may do what with a map may have changed, or (none) with any map: by a grant, a link, a token, a deletion."""

    map_id: str | None = None


@dataclass(frozen=True, slots=True)
class ImportChanged:
    """A file of an import was settled, or the import ended."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words that are not stored, for listeners in all processes: about what (`topic`), and JSON that they agree on."""

    topic: str
    words: Any


@dataclass(frozen=True, slots=True)
class Missed:
    """Something may have happened that nobody told of: look at everything that matters."""


Event: TypeAlias = Changed | AccessChanged | ImportChanged | Said | Missed
Listener: TypeAlias = Callable[[Event], None]

_KINDS: dict[str, type[Changed | AccessChanged | ImportChanged | Said]] = {
    kind.__name__: kind for kind in (Changed, AccessChanged, ImportChanged, Said)
}


class Events:
    """The listeners of this process, and a thread that hears the other processes while there are listeners.

    A listener is called on the thread that commits or hears, so it must be quick; what it raises is logged.
    """

    def __init__(self, url: URL) -> None:
        on_sqlite = url.get_backend_name() == "sqlite"
        self._wire: _SqliteWire | _PostgresqlWire = (
            _SqliteWire(url.database or "") if on_sqlite else _PostgresqlWire(url)
        )
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each event from now on, until the returned function is called."""
        with self._lock:
            self._listeners.append(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._hear, name="events", daemon=True)
                self._thread.start()

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def announce(self, connection: Any, events: Sequence[Event]) -> None:
        """Have the other processes hear of events when the transaction of a connection is committed."""
        self._wire.announce(connection, [_written(event) for event in events])

    def deliver(self, events: Sequence[Event]) -> None:
        """Call this process's listeners."""
        for listener in tuple(self._listeners):
            for event in events:
                try:
                    listener(event)
                except Exception:
                    logger.exception("a listener failed")

    def say(self, topic: str, words: Any) -> None:
        """Say something to the listeners of all processes; it may get lost on the way.

        Those of this process hear it at once, and may hear it again.
        """
        said = Said(topic, words)
        self.deliver((said,))
        self._wire.say(_written(said))

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join(3)
        self._wire.close()

    def _hear(self) -> None:
        while not self._closed.is_set():
            try:
                self._wire.hear(self._heard, self._closed)
            except Exception as error:  # noqa: BLE001  whatever a driver raises: wait, and begin anew
                logger.warning("events of other processes are not heard: %s", type(error).__name__)
                self._wire.drop()
                self._closed.wait(AGAIN_SECONDS)

    def _heard(self, written: str | None) -> None:
        """Deliver an event of another process, or (none) that there may have been some."""
        event = Missed() if written is None else _read(written)
        if event is not None:
            self.deliver((event,))


def _written(event: Event) -> str:
    return json.dumps(
        [type(event).__name__, *(getattr(event, name) for name in event.__slots__)],
        separators=(",", ":"),
    )


def _read(written: str) -> Event | None:
    """Read an event of another process, which may be of another version of argmap."""
    try:
        name, *values = json.loads(written)
        return _KINDS[name](*values)
    except (ValueError, KeyError, TypeError):
        return None


class _SqliteWire:
    """Between processes that use one SQLite file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._beside = f"{path}-live"
        self._lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []

    def announce(self, connection: Any, written: Sequence[str]) -> None:
        """Do nothing: that something was committed is seen by `data_version`."""

    def say(self, written: str) -> None:
        forget, moment = "DELETE FROM said WHERE at < ?", time.time()
        with self._lock:
            try:
                if self._writer is None:
                    self._writer = _beside(self._beside)
                    # words of processes that were killed, some of them names
                    self._writer.execute(forget, (moment - SAID_SECONDS,))
                added = "INSERT INTO said (at, words) VALUES (?, ?)"
                number = self._writer.execute(added, (moment, written)).lastrowid or 0
                if number % 64 == 0:
                    self._writer.execute(forget, (moment - SAID_SECONDS,))
            except sqlite3.Error:
                if self._writer is not None:
                    self._writer.close()
                self._writer = None

    def hear(self, heard: Callable[[str | None], None], closed: threading.Event) -> None:
        """Tell of what other connections commit and say, until closed. Raises sqlite3.Error."""
        stored = sqlite3.connect(self._path, timeout=0.25, isolation_level=None)
        self._readers.append(stored)
        stored.execute("PRAGMA query_only = ON")
        said = _beside(self._beside)
        self._readers.append(said)
        seen: dict[str, int] = {}
        _moved(said, seen, "said")
        _moved(stored, seen, "stored")
        last = said.execute("SELECT coalesce(max(number), 0) FROM said").fetchone()[0]
        heard(None)  # what was committed before the first look
        while not closed.wait(LOOK_SECONDS):
            if _moved(said, seen, "said"):
                found = "SELECT number, words FROM said WHERE number > ? ORDER BY number"
                for number, words in said.execute(found, (last,)).fetchall():
                    last = number
                    heard(words)
            if _moved(stored, seen, "stored"):
                heard(None)
        self.drop()

    def drop(self) -> None:
        """Let go of what `hear` has opened."""
        for connection in self._readers:
            connection.close()
        self._readers.clear()

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                self._writer.close()
            self._writer = None


def _moved(connection: sqlite3.Connection, seen: dict[str, int], name: str) -> bool:
    """Tell whether another connection has committed since the last call."""
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    moved = name in seen and seen[name] != version
    seen[name] = version
    return moved


def _beside(path: str) -> sqlite3.Connection:
    """Open the file for what is said: never written through to the disk, and made again when it is damaged or gone."""
    connection = sqlite3.connect(path, timeout=0.25, isolation_level=None, check_same_thread=False)
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = OFF",
        "PRAGMA secure_delete = ON",
        "CREATE TABLE IF NOT EXISTS said (number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL, words TEXT)",
    ):
        connection.execute(statement)
    return connection


class _PostgresqlWire:
    """Between processes that use one PostgreSQL database: a connection of its own that listens, another that says."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lock = threading.Lock()
        self._speaker: Any = None
        self._listening: Any = None

    def announce(self, connection: Any, written: Sequence[str]) -> None:
        cursor = connection.connection.driver_connection.cursor()
        for words in dict.fromkeys(written):
            cursor.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, words))

    def say(self, written: str) -> None:
        if len(written) > LONGEST:
            return
        with self._lock:
            try:
                if self._speaker is None:
                    self._speaker = self._connect()
                self._speaker.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, written))
            except Exception:  # noqa: BLE001  what a driver raises; words may get lost
                if self._speaker is not None:
                    self._speaker.close()
                self._speaker = None

    def hear(self, heard: Callable[[str | None], None], closed: threading.Event) -> None:
        """Tell of notifications until closed. Raises psycopg.Error when the connection is lost."""
        self._listening = self._connect()
        self._listening.execute(f"LISTEN {_CHANNEL}")
        heard(None)  # notifications of the time without a connection are gone
        looked = time.monotonic()
        while not closed.is_set():
            for notification in self._listening.notifies(timeout=0.5):
                heard(notification.payload)
                if closed.is_set():
                    break
            if time.monotonic() - looked > SLOW_LOOK_SECONDS:
                self._listening.execute("SELECT 1")  # or a dead connection would never be noticed
                heard(None)
                looked = time.monotonic()
        self.drop()

    def drop(self) -> None:
        if self._listening is not None:
            self._listening.close()
        self._listening = None

    def close(self) -> None:
        with self._lock:
            if self._speaker is not None:
                self._speaker.close()
            self._speaker = None

    def _connect(self) -> Any:
        import psycopg

        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=2, tcp_user_timeout=2_000
        )

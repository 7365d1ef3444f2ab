"""What the functions of the store work in: a connection and its transaction, without an object for each row."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, CursorResult, Executable, NestedTransaction

from argmap.store.events import Event, Events


class Session:
    """A connection in a transaction; committing or rolling back ends that, and the next use begins another.

    SQLAlchemy's own Session would keep track of objects, of which the store has none, for a tenth of a write's time.
    Leaving it as a context manager rolls back what was not committed and gives the connection back.
    """

    def __init__(self, connection: Connection, events: Events) -> None:
        self._connection = connection
        self._events = events
        self._happened: list[Event] = []

    def connection(self) -> Connection:
        """Return the connection, in a transaction."""
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection

    def execute(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement, once for each of the rows if there are any."""
        return self._connection.execute(statement, rows)

    def begin_nested(self) -> NestedTransaction:
        """Begin what can be rolled back by itself, a savepoint."""
        return self._connection.begin_nested()

    def publish(self, event: Event) -> None:
        """Have it told, to listeners in all processes, once this transaction is committed."""
        self._happened.append(event)

    def commit(self) -> None:
        """Make what was done last, and tell of it."""
        happened, self._happened = self._happened, []
        if happened:
            self._events.announce(self._connection, happened)
        self._connection.commit()
        if happened:
            self._events.deliver(happened)

    def rollback(self) -> None:
        """Take back what was done since the transaction began."""
        self._happened.clear()
        self._connection.rollback()

    def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

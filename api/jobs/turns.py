"""A queue in which everybody has a line of their own, and the lines take turns."""

from collections import Counter, OrderedDict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Waiting jobs by the client that asks for them; at most `most` in all.

    Whoever has asked for many things waits behind those who ask for one: the next job is of the client of whose jobs
    the fewest are under way, and of several such of the one who has waited longest for a turn.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, client: str, job: T) -> T | None:
        """Let a job wait; return the one that has to go because there are too many: the last of the longest line."""
        self._lines.setdefault(client, deque()).append(job)
        self._count += 1
        if self._count <= self._most:
            return None
        # of lines of one length the newest has to go: its owner has waited least
        longest = max(reversed(self._lines), key=lambda one: len(self._lines[one]))
        gone = self._lines[longest][-1]
        self.remove(longest, gone)
        return gone

    def next(self, under_way: Counter[str]) -> T | None:
        """Take out the job whose turn it is; None: nothing waits."""
        if not self._lines:
            return None
        client = min(self._lines, key=lambda one: under_way[one])
        job = self._lines[client][0]
        self.remove(client, job)
        if client in self._lines:
            self._lines.move_to_end(client)
        return job

    def remove(self, client: str, job: T) -> None:
        """Take out a job that nobody waits for any more."""
        line = self._lines[client]
        line.remove(job)
        self._count -= 1
        if not line:
            del self._lines[client]

    def drained(self) -> list[T]:
        """Take out all jobs."""
        jobs = [job for line in self._lines.values() for job in line]
        self._lines.clear()
        self._count = 0
        return jobs

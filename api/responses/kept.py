"""Finished answers kept in memory: pictures, maps as JSON, and either compressed; one budget for all, in bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

ENTRY_BYTES = 500  # what an entry takes besides its data, roughly


class Kept:
    """Things by keys that name their content, so that none goes stale; used from the event loop's thread only.

    Together they take at most `limit` bytes; the least lately used leave first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    @property
    def size(self) -> int:
        """The bytes in use."""
        return self._size

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key, or None."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value whose data have that many bytes, unless there is no room for it at all."""
        size += ENTRY_BYTES
        if size > self._limit:
            return
        before = self._entries.pop(key, None)
        if before is not None:
            self._size -= before[1]
        self._entries[key] = value, size
        self._size += size
        while self._size > self._limit:
            _, (_, gone) = self._entries.popitem(last=False)
            self._size -= gone

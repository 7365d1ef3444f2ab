"""The history of a map: its entries, any earlier version, differences, undo and restore."""

from sqlmodel import Session

from argmap.model import Change
from argmap.store.records import Asker, Entry, Page, StoredMap, Written


def entries(
    session: Session, asker: Asker, map_id: str, cursor: str | None = None, limit: int = 50
) -> Page[Entry]:
    """List how a map came about, newest first. Raises NotFound, BadCursor."""
    raise NotImplementedError


def map_at(session: Session, asker: Asker, map_id: str, version: int) -> StoredMap:
    """Return a map as it was at a version. Raises NotFound."""
    raise NotImplementedError


def difference(
    session: Session, asker: Asker, map_id: str, before: int, after: int
) -> tuple[Change, ...]:
    """List the changes that lead from one version to another, later or earlier. Raises NotFound."""
    raise NotImplementedError


def undo(session: Session, asker: Asker, map_id: str, version: int) -> Written:
    """Take one of the asker's own entries back in the newest map.

    Raises NotFound, NotPermitted for another's entry, Conflict when it is undone already, has no inverse, or when a
    later edit stands in the way.
    """
    raise NotImplementedError


def restore(
    session: Session, asker: Asker, map_id: str, version: int, expected: int | None = None
) -> Written:
    """Make an earlier version the newest again, as a version of its own. Raises NotFound, NotPermitted, VersionMismatch."""
    raise NotImplementedError

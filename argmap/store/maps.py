"""Maps: one aggregate each, written as one row of canonical JSON with the rows that serve search, all or nothing."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from argmap.model import ArgumentMap
from argmap.store.records import Access, Asker, MapSummary, Page, StoredMap, Visibility, Written


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Which maps to list; what is none does not matter. `words` must all occur in the text or label of one claim."""

    article_id: str | None = None
    owner: str | None = None
    words: str | None = None
    changed_since: datetime.datetime | None = None


def create_map(
    session: Session, asker: Asker, map: ArgumentMap, *, article_id: str | None = None,
    visibility: Visibility = Visibility.PRIVATE,
) -> StoredMap:  # fmt: skip
    """Store a map, owned by the asker, its quotes anchored in the article's newest version.

    The article that a map carries along is not stored where `article_id` says which it is.
    Raises NotFound for an article that the asker may not see, NotPermitted without a write token, Conflict when the
    map would be more visible than its article.
    """
    raise NotImplementedError


def create_maps(
    session: Session, asker: Asker, maps: Sequence[ArgumentMap], *, article_id: str | None = None,
    visibility: Visibility = Visibility.PRIVATE,
) -> tuple[StoredMap, ...]:  # fmt: skip
    """Store many maps at once; all or, with the caller's transaction, none. Raises as `create_map`."""
    raise NotImplementedError


def maps(
    session: Session, asker: Asker, filter: MapFilter = MapFilter(), cursor: str | None = None, limit: int = 50
) -> Page[MapSummary]:
    """List the maps that the asker may see without a share token, newest first. Raises BadCursor."""
    raise NotImplementedError


def map(
    session: Session, asker: Asker, id: str, *, version: int | None = None, need: Access = Access.VIEW
) -> StoredMap:
    """Return a map, newest or at a version. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def write_map(
    session: Session, asker: Asker, id: str, edit: Callable[[ArgumentMap], ArgumentMap], *, action: str,
    expected: int | None = None, need: Access = Access.EDIT, undoes: int | None = None,
) -> Written:  # fmt: skip
    """Change what a map says: the one way that every edit goes.

    `edit` gets the newest map and returns another; it may be called again when somebody else was faster and no
    `expected` version was given. New quotes are anchored. Raises NotFound, NotPermitted, VersionMismatch, and what
    `edit` raises.
    """
    raise NotImplementedError


def delete_map(session: Session, asker: Asker, id: str, expected: int | None = None) -> None:
    """Delete a map softly; `undelete_map` brings it back for 30 days. Raises NotFound, NotPermitted, VersionMismatch."""
    raise NotImplementedError


def undelete_map(session: Session, asker: Asker, id: str) -> StoredMap:
    """Bring a deleted map back. Raises NotFound, NotPermitted, Conflict when its article is deleted."""
    raise NotImplementedError


def purge(session: Session, older_than: datetime.datetime | None = None) -> int:
    """Remove for good what was deleted before that moment (30 days ago unless said), and say how much it was."""
    raise NotImplementedError


def export_maps(session: Session, asker: Asker) -> Iterator[tuple[str, bytes]]:
    """Yield (file name, JSON) of each map that the asker owns, with its article carried along."""
    raise NotImplementedError

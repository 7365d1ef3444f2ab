"""Who may see and do what: the rules of visibility, grants, share tokens and ownership."""

import datetime

from sqlmodel import Session

from argmap.store.records import (
    Asker, Grant, Role, Share, StoredArticle, StoredMap, Subject, Visibility,
)  # fmt: skip


def effective(own: Visibility, quotes_only: bool, article: Visibility | None) -> Visibility:
    """Say how visible a map is: as it says itself, but no more than its article unless it shows quotes only.

    `article` is none for a map without an article.
    """
    raise NotImplementedError


def set_visibility(
    session: Session, asker: Asker, subject: Subject, id: str, visibility: Visibility,
    quotes_only: bool | None = None, *, expected: int | None = None,
) -> StoredArticle | StoredMap:  # fmt: skip
    """Make an article or map private, unlisted or public; a map gets a version and an entry "visibility".

    Raises NotFound, NotPermitted (only the owner may), VersionMismatch, and Conflict when a map would be more visible
    than its article without `quotes_only`.
    """
    raise NotImplementedError


def grant(session: Session, asker: Asker, subject: Subject, id: str, account_id: str, role: Role) -> Grant:
    """Let an account view or edit an article or map; a second grant replaces the first.

    Raises NotFound (also for an unknown account), NotPermitted, Conflict for the owner itself.
    """
    raise NotImplementedError


def grants(session: Session, asker: Asker, subject: Subject, id: str) -> tuple[Grant, ...]:
    """List the grants of an article or map, oldest first. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def ungrant(session: Session, asker: Asker, subject: Subject, id: str, account_id: str) -> None:
    """Take a grant back; the account itself may give it up too. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def add_share(
    session: Session, asker: Asker, subject: Subject, id: str, *, label: str = "",
    expires: datetime.datetime | None = None,
) -> tuple[Share, str]:  # fmt: skip
    """Make a share token and return it with its secret, which is not kept. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def shares(session: Session, asker: Asker, subject: Subject, id: str) -> tuple[Share, ...]:
    """List the share tokens of an article or map, oldest first. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def revoke_share(session: Session, asker: Asker, subject: Subject, id: str, share_id: str) -> None:
    """Make a share token useless at once. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def transfer(
    session: Session, asker: Asker, subject: Subject, id: str, account_id: str
) -> StoredArticle | StoredMap:
    """Give an article or map to another account; the owner until now keeps no grant on it.

    A map gets a version and an entry "transfer". Raises NotFound (also for an unknown account), NotPermitted.
    """
    raise NotImplementedError

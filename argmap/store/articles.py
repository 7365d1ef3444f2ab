"""Articles: kept with every version of their text, found by words, never corrected without their maps' quotes."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from argmap.model import Article
from argmap.store.records import (
    Access, ArticleSummary, Asker, ChangedArticle, Page, StoredArticle, Visibility,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list; what is none does not matter.

    `author` and `publication` are found anywhere in the name, whatever their case. `words` must all occur in title,
    authors or text; words in double quotes must follow each other.
    """

    author: str | None = None
    publication: str | None = None
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    words: str | None = None
    owner: str | None = None
    changed_since: datetime.datetime | None = None


def create_article(
    session: Session, asker: Asker, article: Article, visibility: Visibility = Visibility.PRIVATE
) -> StoredArticle:
    """Store an article, owned by the asker. Raises NotPermitted without a write token."""
    raise NotImplementedError


def articles(
    session: Session, asker: Asker, filter: ArticleFilter = ArticleFilter(), cursor: str | None = None,
    limit: int = 50,
) -> Page[ArticleSummary]:  # fmt: skip
    """List the articles that the asker may see without a share token, newest first. Raises BadCursor."""
    raise NotImplementedError


def article(
    session: Session, asker: Asker, id: str, version: int | None = None, need: Access = Access.VIEW
) -> StoredArticle:
    """Return an article, newest or at a version. Raises NotFound, NotPermitted."""
    raise NotImplementedError


def change_article(
    session: Session, asker: Asker, id: str, change: Callable[[Article], Article], expected: int | None = None
) -> ChangedArticle:
    """Change an article; another text is a new version, in which all quotes of all its maps are anchored again.

    Raises NotFound, NotPermitted, VersionMismatch, and what `change` raises.
    """
    raise NotImplementedError


def delete_article(
    session: Session, asker: Asker, id: str, detach: bool = False, expected: int | None = None
) -> None:
    """Delete an article softly, its owner's maps of it along; `undelete_article` brings them back for 30 days.

    Raises NotFound, NotPermitted, VersionMismatch; Conflict when maps of others use it, unless `detach` lets those go
    on with a citation and their quotes.
    """
    raise NotImplementedError


def undelete_article(session: Session, asker: Asker, id: str) -> StoredArticle:
    """Bring a deleted article back, with the maps that were deleted along. Raises NotFound, NotPermitted."""
    raise NotImplementedError

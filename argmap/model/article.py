"""An op-ed as published, whose text may be corrected and need not be stored."""

from typing import Annotated

from pydantic import Field

from argmap.model import limits
from argmap.model.base import ArticleText, Day, Language, Name, Rights, Title, Url, Value


class Article(Value):
    """An op-ed: what it is called, who wrote it, where and when it appeared, and its text when that may be stored.

    `url` is metadata and never fetched. `language` is a BCP 47 tag. `text` is plain text in which
    blank lines separate paragraphs; without it the article is a citation.
    """

    title: Title
    authors: Annotated[tuple[Name, ...], Field(max_length=limits.AUTHORS)] = ()
    publication: Name | None = None
    url: Url | None = None
    published: Day | None = None
    language: Language | None = None
    text: ArticleText | None = None
    rights: Rights | None = None

    def citation(self) -> str:
        """Say in one line what the article is: authors, title, publication, date."""
        parts = [", ".join(self.authors), f"“{self.title}”", self.publication or ""]
        if self.published:
            parts.append(self.published.isoformat())
        return ", ".join(part for part in parts if part)

"""What reading an article gives: paragraphs, each with whether it is the author's, and the facts that were found."""

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum


class Why(StrEnum):
    """Why a paragraph looks like something else than the author's text."""

    ADVERTISEMENT = "advertisement"
    SHARE = "share"
    NAVIGATION = "navigation"
    COOKIE = "cookie"
    NEWSLETTER = "newsletter"
    RELATED = "related"
    CAPTION = "caption"
    COMMENTS = "comments"
    BOILERPLATE = "boilerplate"
    BYLINE = "byline"
    DATE = "date"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph in one line; `why` is none for what is kept."""

    text: str
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as read from a file: all its paragraphs in their order, and what was found of its facts."""

    format: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    authors: tuple[str, ...] = ()
    publication: str | None = None
    published: datetime.date | None = None
    url: str | None = None
    language: str | None = None

    @property
    def text(self) -> str:
        """The paragraphs that are kept, with blank lines between them."""
        return "\n\n".join(each.text for each in self.paragraphs if each.why is None)

    def marked(self, *paragraphs: Paragraph) -> "ReadArticle":
        """Return the article with other paragraphs."""
        return replace(self, paragraphs=paragraphs)


_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Return a text on one line, without control characters and soft hyphens."""
    kept = "".join(
        letter
        for letter in text
        if letter.isspace() or not (unicodedata.category(letter) == "Cc" or letter == "\xad")
    )
    return _SPACE.sub(" ", kept).strip()

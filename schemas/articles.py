"""Articles on the wire."""

import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, ValidationError

from argmap.formats.articles import Why
from argmap.model import Article, limits
from argmap.model.base import Day
from argmap.store.records import ArticleSummary, ChangedArticle, StoredArticle, Visibility
from argmap.store.words import LONGEST
from schemas.base import In, Moment, Out, PageQuery

ARTICLE_EXAMPLE: dict[str, Any] = {
    "title": "Give the library its evenings back",
    "authors": ["Ida Sommer"],
    "publication": "The Harbour Courier",
    "published": "2026-03-14",
    "language": "en",
    "text": "The town closes its library at five.\n\nA third of our pupils have no quiet room at home.",
    "visibility": "private",
}


class ArticleIn(Article):
    """A new article: as published, and who may see it.

    Without `text` it is a citation.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [ARTICLE_EXAMPLE]})

    visibility: Visibility = Visibility.PRIVATE

    def to_model(self) -> Article:
        """Return the article itself."""
        return Article(**{name: getattr(self, name) for name in Article.model_fields})


class ParagraphOut(Out):
    """One paragraph of a file, and whether it looks like the author's."""

    text: str
    keep: bool = Field(
        description="false: it looks like the website's; a person may think otherwise"
    )
    why: Why | None = Field(description="What it looks like, if it is not kept")


class ArticlePreviewOut(Out):
    """An article as read from a file, before it is stored: every text of the file in its order, and guessed facts.

    The text of the article is that of the paragraphs that are kept, with blank lines between them.
    """

    format: str = Field(description="html, docx or text")
    title: str | None
    authors: list[str]
    publication: str | None
    published: datetime.date | None
    url: str | None
    language: str | None
    paragraphs: list[ParagraphOut]
    left_out: int = Field(description="How many paragraphs are not kept")

    def to_model(self) -> Article:
        """Return the article with the paragraphs that are kept; facts that no article can have are left out."""
        kept = [each.text for each in self.paragraphs if each.keep]
        title = self.title or next(iter(kept), "Untitled")
        fields: dict[str, Any] = {
            "title": title[: limits.TITLE],
            "authors": [name[: limits.NAME] for name in self.authors[: limits.AUTHORS]],
            "publication": self.publication and self.publication[: limits.NAME],
            "published": self.published,
            "url": self.url,
            "language": self.language,
            "text": "\n\n".join(kept),
        }
        try:
            return Article.model_validate(fields)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]) for fault in error.errors()} - {"title", "text"}
            return Article.model_validate(
                {name: value for name, value in fields.items() if name not in wrong}
            )


class ArticleFileQuery(In):
    """How a file is stored as an article."""

    name: Annotated[str | None, Field(max_length=255)] = Field(
        None, description="What the file is called"
    )
    visibility: Visibility = Visibility.PRIVATE


class ArticlePatch(In):
    """A JSON merge patch of an article: null removes a field, a new `text` is a correction of it.

    Documented here field by field; the change itself is checked as a whole article.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"publication": "The Harbour Weekly", "rights": None}]},
    )

    title: Any = Field(None, description="New title; required, so null is refused")
    authors: Any = Field(None, description="Replaces the whole list")
    publication: Any = None
    url: Any = None
    published: Any = Field(None, description="ISO 8601 date")
    language: Any = Field(None, description="BCP 47 tag")
    text: Any = Field(
        None, description="Corrected text: appends an article version and re-anchors every quote"
    )
    rights: Any = None
    visibility: Any = Field(
        None, description="private, unlisted or public; only the owner may change it"
    )


class ArticleOut(Article):
    """An article as stored.

    `version` counts its accepted changes from 1.
    """

    id: str
    owner: str = Field(description="Account id")
    visibility: Visibility
    version: int
    created: datetime.datetime
    updated: datetime.datetime

    @classmethod
    def of(cls, stored: StoredArticle) -> "ArticleOut":
        """Read the answer from a stored article."""
        return cls.model_construct(
            **{name: getattr(stored.article, name) for name in Article.model_fields},
            id=stored.id,
            owner=stored.owner,
            visibility=stored.visibility,
            version=stored.version,
            created=stored.created,
            updated=stored.updated,
        )


class OrphanOut(Out):
    """A quote whose words are no longer in the corrected text."""

    map_id: str
    claim_id: str
    quote_index: int = Field(description="Counted from 0 in the claim's list of quotes")
    exact: str


class ArticleSummaryOut(Out):
    """An article in a list, without its text."""

    id: str
    owner: str = Field(description="Account id")
    visibility: Visibility
    version: int
    created: datetime.datetime
    updated: datetime.datetime
    title: str
    authors: list[str]
    publication: str | None
    url: str | None
    published: datetime.date | None
    language: str | None
    rights: str | None

    @classmethod
    def of(cls, record: ArticleSummary) -> Self:
        """Read the answer from a summary."""
        citation = {
            name: getattr(record.citation, name) for name in Article.model_fields if name != "text"
        }
        envelope = ("id", "owner", "visibility", "version", "created", "updated")
        return cls(**citation, **{name: getattr(record, name) for name in envelope})


class ChangedArticleOut(ArticleOut):
    """An article after a change, with what a correction of its text did to the quotes of its
    maps."""

    reanchored_maps: int = Field(description="How many maps got a version marked re-anchored")
    orphans: list[OrphanOut] = Field(
        description="Quotes that became orphans, in maps that the caller may see"
    )
    hidden_orphans: int = Field(
        description="How many more became orphans in maps that the caller may not see"
    )

    @classmethod
    def of_change(cls, changed: ChangedArticle) -> "ChangedArticleOut":
        """Read the answer from what a change did."""
        article = ArticleOut.of(changed.stored)
        return cls.model_construct(
            **article.__dict__,
            reanchored_maps=changed.reanchored,
            orphans=[OrphanOut.of(orphan) for orphan in changed.orphans],
            hidden_orphans=changed.hidden_orphans,
        )


_Name = Annotated[str | None, Field(max_length=300)]


class ArticleQuery(PageQuery):
    """Which articles to list; all conditions must hold."""

    author: _Name = Field(None, description="One of the authors, whole name, case ignored")
    publication: _Name = Field(None, description="Whole name, case ignored")
    published_from: Day | None = Field(None, description="Published on this day or later")
    published_to: Day | None = Field(None, description="Published on this day or earlier")
    words: Annotated[str | None, Field(max_length=LONGEST)] = Field(
        None, description="Words that title and text contain, all of them"
    )
    owner: _Name = Field(None, description="Account id")
    changed_since: Moment | None = Field(
        None, description="Changed after this time (RFC 3339, with offset)"
    )
    deleted: bool = Field(False, description="List one's own deleted articles instead")

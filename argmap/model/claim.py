"""A claim of an argument map: a thesis, premise, piece of evidence or rebuttal, and where the article states it."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, JsonValue, field_validator, model_validator
from pydantic_core import PydanticCustomError, to_json

from argmap.model import limits
from argmap.model.base import (
    ClaimText,
    Flag,
    Id,
    Label,
    Name,
    Note,
    QuoteContext,
    QuoteExact,
    Tag,
    Title,
    Url,
    Value,
    Weight,
    without_controls,
)


class ClaimKind(StrEnum):
    """The mapper's label of a claim; it does not restrict which relations are possible."""

    THESIS = "thesis"
    PREMISE = "premise"
    EVIDENCE = "evidence"
    REBUTTAL = "rebuttal"


class QuoteState(StrEnum):
    """Whether a quote is found in its article's text, was lost from it, or has no stored text to be found in."""

    ANCHORED = "anchored"
    ORPHAN = "orphan"
    UNANCHORED = "unanchored"


class Passage(Value):
    """A passage of the article's text, from `start` to `end` in Unicode code points, `end` exclusive."""

    exact: QuoteExact
    start: Annotated[int, Field(ge=0, le=limits.ARTICLE_TEXT, strict=True)]
    end: Annotated[int, Field(ge=1, le=limits.ARTICLE_TEXT, strict=True)]


class Quote(Value):
    """A span of the article that states a claim: the W3C Web Annotation pair of text quote and text position.

    `start` and `end` count Unicode code points in the article's text, `end` is exclusive.
    `prefix` and `suffix` are up to 32 characters of the text on either side. `confidence` (0..1)
    says how well the words were found; left out, they stand there as given. `given` are the words as they were given,
    where the text writes them otherwise. An orphan keeps the words that are not found, with the passage `nearest` to
    them; an unanchored quote belongs to an article without stored text.
    """

    exact: QuoteExact
    prefix: QuoteContext = ""
    suffix: QuoteContext = ""
    start: Annotated[int, Field(ge=0, le=limits.ARTICLE_TEXT, strict=True)] | None = None
    end: Annotated[int, Field(ge=1, le=limits.ARTICLE_TEXT, strict=True)] | None = None
    state: QuoteState = QuoteState.UNANCHORED
    confidence: Weight | None = None
    given: QuoteExact | None = None
    nearest: Passage | None = None

    @model_validator(mode="before")
    @classmethod
    def _infer_state(cls, data: Any) -> Any:
        if isinstance(data, dict) and "state" not in data and data.get("start") is not None:
            return {**data, "state": QuoteState.ANCHORED}
        return data

    @model_validator(mode="after")
    def _check_position(self) -> Self:
        anchored = self.state is QuoteState.ANCHORED
        if anchored != (self.start is not None) or anchored != (self.end is not None):
            raise PydanticCustomError(
                "quote_position",
                "a quote has both start and end when it is anchored, and neither otherwise",
            )
        if (
            self.start is not None
            and self.end is not None
            and self.end - self.start != len(self.exact)
        ):
            raise PydanticCustomError(
                "quote_position", "the span from start to end is not as long as the exact words"
            )
        return self


class Source(Value):
    """A citation that backs a piece of evidence; at least one part is given.

    `date` is free text ("spring 2021").
    """

    author: Name | None = None
    title: Title | None = None
    publication: Name | None = None
    date: Label | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if not (self.author or self.title or self.publication or self.date or self.url):
            raise PydanticCustomError(
                "empty", "a source needs an author, title, publication, date or url"
            )
        return self

    def citation(self) -> str:
        """Say in one line what the source is, without its url."""
        parts = (
            self.author,
            f"“{self.title}”" if self.title else None,
            self.publication,
            self.date,
        )
        return ", ".join(part for part in parts if part) or (self.url or "")


class Origin(Value):
    """The identity and leftovers that a thing had in the format it came from, so that a round trip can give them back.

    `extra` is at most 4 kB when written as JSON and has no control characters but tabs and line breaks.
    """

    format: Name
    id: Name | None = None
    extra: dict[str, JsonValue] = Field(default_factory=dict)

    @field_validator("extra")
    @classmethod
    def _check_extra(cls, extra: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if is_short(extra):
            return extra
        try:
            size = len(to_json(extra))
        except ValueError as error:  # too deep, or not representable
            raise PydanticCustomError("extra", "cannot be written as JSON") from error
        for text in texts_in(extra):
            without_controls(text.replace("\r", "\n"))
        if size > limits.ORIGIN_EXTRA_BYTES:
            raise PydanticCustomError(
                "too_long",
                "takes {size} bytes as JSON; at most {limit} are kept",
                {"size": size, "limit": limits.ORIGIN_EXTRA_BYTES},
            )
        return extra


def is_short(extra: dict[str, JsonValue]) -> bool:
    """Say whether further data is one short printable text, which cannot take too much room or need another look."""
    if len(extra) != 1:
        return not extra
    ((key, text),) = extra.items()
    return (
        type(text) is str
        and len(key) + len(text) < limits.ORIGIN_EXTRA_BYTES // 8
        and key.isprintable()
        and text.isprintable()
    )


def texts_in(value: JsonValue) -> Iterator[str]:
    """Yield every text in a JSON value, keys too."""
    todo = [value]
    while todo:
        match todo.pop():
            case str(text):
                yield text
            case dict(pairs):
                yield from pairs
                todo.extend(pairs.values())
            case list(items):
                todo.extend(items)


class Claim(Value):
    """One statement of a map.

    `label` is a short headline, what debaters call a tag. `implicit`: the author needs it but
    never says it. `speaker`: who says so in the article, when it is not the author. `weight`
    (0..1): how strong it stands on its own before any argument; none leaves that open (analyses
    take 0.5).
    """

    id: Id
    kind: ClaimKind
    text: ClaimText
    label: Label | None = None
    implicit: Flag = False
    quotes: Annotated[tuple[Quote, ...], Field(max_length=limits.QUOTES_PER_CLAIM)] = ()
    speaker: Name | None = None
    source: Source | None = None
    weight: Weight | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=limits.TAGS)] = ()
    note: Note | None = None
    origin: Origin | None = None

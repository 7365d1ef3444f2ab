"""Citations on one line, as `Source.citation` and `Article.citation` write them, taken apart again."""

import re
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.model import Article

_DATED = re.compile(r".*(?:\b[12]\d{3}\b|\d{1,2}[./]\d{1,2}[./]\d{2,4}|n\.d\.)", re.DOTALL)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def source_in(text: str) -> dict[str, str]:
    """Return the parts of a source that a citation names: author, “title”, publication, date, link.

    Without a title in quotation marks there is no telling an author from a publication: all of it is the title.
    """
    text = text.strip()
    parts: dict[str, str] = {}
    head, comma, last = text.rpartition(" ")
    url = fit_fields.url(last)
    if url is not None:
        parts["url"] = url
        text = head.rstrip(" ,") if comma else ""
    before, title, after = _titled(text)
    if title is None:
        return {**({"title": text} if text else {}), **parts}
    pieces = [piece for piece in after.split(", ") if piece]
    if before:
        parts["author"] = before
    parts["title"] = title
    if pieces and _DATED.fullmatch(pieces[-1]):
        parts["date"] = pieces.pop()
    if pieces:
        parts["publication"] = ", ".join(pieces)
    return parts


def article_in(text: str) -> dict[str, Any] | None:
    """Return the parts of an article that a citation names, None where it names no title."""
    before, title, after = _titled(text.strip())
    if title is None:
        return None
    pieces = [piece for piece in after.split(", ") if piece]
    fields: dict[str, Any] = {"title": title}
    if before:
        fields["authors"] = before.split(", ")
    if pieces and _DAY.fullmatch(pieces[-1]):
        fields["published"] = pieces.pop()
    if pieces:
        fields["publication"] = ", ".join(pieces)
    return fields


def article_comes_back(article: Article) -> bool:
    """Say whether the citation of an article tells all its parts."""
    fields = article_in(" ".join(article.citation().split()))
    try:
        return fields is not None and Article.model_validate(fields) == article
    except ValueError:
        return False


def _titled(text: str) -> tuple[str, str | None, str]:
    """Return what stands before, between and after the quotation marks of a title; None for a title without."""
    opening = text.find("“")
    if opening < 0 or (opening and not text[:opening].endswith(", ")):
        return text, None, ""
    closing = text.find("”", opening)
    while closing >= 0 and text[closing + 1 :] and not text.startswith(", ", closing + 1):
        closing = text.find("”", closing + 1)
    if closing <= opening + 1:
        return text, None, ""
    return (
        text[:opening].rstrip(", "),
        text[opening + 1 : closing],
        text[closing + 1 :].lstrip(", "),
    )

"""Web pages as browsers save them: every block of text in its order, with what the page says of the article."""

import email
import email.policy
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from argmap.errors import FormatError
from argmap.formats.articles.junk import by_element, by_words
from argmap.formats.articles.paragraphs import Paragraph, ReadArticle, Why, one_line
from argmap.formats.source.decoding import decode

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_KEPT = _BLOCKS | {"a", "br", "span", "time"}
_WITHOUT_END = frozenset(("br", "hr"))
_DROPPED = {"script", "style", "template", "title", "iframe", "object", "svg", "math", "noscript"}
_NAMED = {"class", "id", "role"}
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,6}\)(\S{1,2000}?) -->")
_LANGUAGE = re.compile(
    r"""<html[^>]{0,1000}?\blang\s*=\s*["']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})""",
    re.IGNORECASE,
)
_LOOKS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|section|main)\b", re.IGNORECASE
)

MOST_DEPTH = 1_000
MOST_TAGS = 12_000  # of a page whose main text is looked for; of larger ones the head is enough
_ENDLESS = "p|li|a|t[rdh]|d[td]|br|img|meta|link|input|hr|option|source|wbr|col|path|use"  # whose end may be left out
_NESTING = re.compile(rf"<(/?)(?!(?:{_ENDLESS})\b)[A-Za-z]", re.IGNORECASE)
_ENOUGH = 500  # letters of what trafilatura finds, from which on it is believed
_LINKS = 120  # letters of a block that is nothing but links


def is_html(data: bytes, ending: str) -> bool:
    """Say whether a file is a web page, by its beginning or the ending of its name."""
    return ending in ("html", "htm", "xhtml") or _LOOKS.search(data[:1_000]) is not None


def is_mhtml(data: bytes) -> bool:
    """Say whether a file is a whole web page as Chromium saves it."""
    head = data[:1_000].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def of_mhtml(data: bytes) -> ReadArticle:
    """Read the page of an MHTML file. Raises FormatError."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page: Any = part.get_payload(decode=True)
            return of_html(page or b"")
    raise FormatError("the saved page has no HTML in it")


def of_html(data: bytes) -> ReadArticle:
    """Read a web page. Raises FormatError for what is no text."""
    import nh3

    text = _decoded(data)
    _check_depth(text)
    # What is left is well-formed and has no scripts and styles; a text that is read from it is plain in any case.
    clean = nh3.clean(
        text,
        tags=set(_KEPT),
        clean_content_tags=_DROPPED,
        attributes=dict.fromkeys(_KEPT, _NAMED),
        link_rel=None,
        strip_comments=True,
    )
    blocks = _Blocks()
    blocks.feed(clean)
    blocks.close()
    blocks.flush()
    facts = _facts(text)
    found = _believed(blocks.found, facts.pop("main"))
    saved_from = _SAVED_FROM.search(text[:3_000])
    language = _LANGUAGE.search(text[:10_000])
    return ReadArticle(
        "html",
        tuple(found),
        **{
            **facts,
            "url": (unescape(saved_from[1]) if saved_from else None) or facts["url"],
            "language": language[1] if language else None,
        },
    )


def _check_depth(text: str) -> None:
    """Refuse elements nested so deeply that cleaning them would take the square of their number."""
    depth = 0
    for match in _NESTING.finditer(text):
        depth = max(depth - 1, 0) if match[1] else depth + 1
        if depth > MOST_DEPTH:
            raise FormatError(f"the page nests more than {MOST_DEPTH:,} elements")


def _decoded(data: bytes) -> str:
    named = _CHARSET.search(data[:4_096])
    if named is not None and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # what it says of itself is wrong
    return decode(data)[0]


class _Blocks(HTMLParser):
    """The blocks of a clean page, each with why it may be junk: by where it stands, or by its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, Why | None, bool]] = []
        self._stack: list[tuple[str, Why | None]] = []
        self._text: list[str] = []
        self._linked = 0
        self._links = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            if "".join(self._text[-2:]).endswith("\n"):
                self.flush()  # two of them part paragraphs
            else:
                self._text.append("\n")
            return
        if tag in _BLOCKS:
            self.flush()
        if tag in _WITHOUT_END:
            return
        outer = self._stack[-1][1] if self._stack else None
        names = " ".join(value or "" for _, value in attributes)
        self._stack.append((tag, outer or by_element(tag, names)))
        self._links += tag == "a"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        while self._stack:
            ended, _ = self._stack.pop()
            self._links -= ended == "a"
            if ended == tag:
                break

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        if self._links:
            self._linked += len(data.strip())

    def flush(self) -> None:
        text = one_line("".join(self._text))
        linked, self._linked = self._linked, 0
        self._text.clear()
        if not text:
            return
        placed = next((why for _, why in reversed(self._stack) if why is not None), None)
        only_links = len(text) <= _LINKS and linked >= len(text.replace(" ", "")) > 0
        heading = any(tag in ("h1", "h2", "h3") for tag, _ in self._stack)
        why = placed or by_words(text) or (Why.NAVIGATION if only_links and not heading else None)
        self.found.append((text, why, heading))


def _facts(text: str) -> dict[str, Any]:
    """Ask trafilatura for the article's facts and for what it takes for the main text."""
    import datetime

    import trafilatura

    if text.count("<") > MOST_TAGS:
        head = text.find("</head>")
        text = text[: head if 0 <= head < 500_000 else 20_000]
    found: Any = trafilatura.bare_extraction(
        text, with_metadata=True, include_comments=False, fast=True
    )
    said: dict[str, Any] = found.as_dict() if found is not None else {}
    try:
        published = datetime.date.fromisoformat(said.get("date") or "")
    except ValueError:
        published = None
    authors = (one_line(author) for author in (said.get("author") or "").split(";"))
    return {
        "title": one_line(said.get("title") or "") or None,
        "authors": tuple(author for author in authors if author),
        "publication": one_line(said.get("sitename") or "") or None,
        "published": published,
        "url": said.get("url"),
        "main": said.get("text") or "",
    }


def _believed(blocks: list[tuple[str, Why | None, bool]], main: str) -> list[Paragraph]:
    """Mark what a page has beyond the main text, where enough of that was found to be believed."""
    lines = {_letters(line) for line in main.split("\n")}
    whole = _letters(main)
    inside = [
        _letters(text) in lines or (len(text) > 40 and _letters(text) in whole)
        for text, _, _ in blocks
    ]
    first = next((place for place, is_in in enumerate(inside) if is_in), 0)
    last = len(inside) - next((place for place, is_in in enumerate(reversed(inside)) if is_in), 0)
    believed = len(main) >= _ENOUGH and sum(inside) >= 3
    return [
        # between two paragraphs of the main text what has no other mark is left to the author
        Paragraph(
            text, why or (Why.BOILERPLATE if believed and not first <= place < last else None)
        )
        for place, (text, why, _) in enumerate(blocks)
    ]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()

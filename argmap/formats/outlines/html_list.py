"""Nested lists in HTML, as Google Docs and other outliners save them; only read."""

import re
from html.parser import HTMLParser

from argmap.errors import FormatError
from argmap.formats.outlines.sections import Outline
from argmap.formats.outlines.sides import group_of, side_of
from argmap.formats.outlines.tree import Node
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, limits

_BEGINS = re.compile(r"<(?:!doctype html|html|head|body|meta|div|ul|ol|h1|p)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\blst-[\w-]{1,60}-(\d{1,2})(?![\w-])")
_SILENT = frozenset({"script", "style", "head", "template", "svg", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "tr"})
_SNIFFED = 200_000
MAX_DEPTH = 64


class _Lists(HTMLParser):
    """Hands headings, paragraphs and items of lists to an outline; counts letters inside and outside of lists."""

    def __init__(self, outline: Outline | None) -> None:
        super().__init__(convert_charrefs=True)
        self._outline = outline
        self._depth = 0
        self._silent = 0
        self._level: int | None = None  # that a list of Google Docs tells by its class
        self._path: list[tuple[int, Node]] = []
        self._open: list[tuple[Node, list[str]]] = []
        self._heading = 0
        self._words: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._link: tuple[str, int] | None = None
        self.inside = self.outside = self.deeper = self.sided = self.items = 0

    @property
    def place(self) -> str:
        return f"line {self.getpos()[0]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("ul", "ol"):
            self._write()
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise FormatError(
                    f"it is nested more than {MAX_DEPTH} levels deep", line=self.getpos()[0]
                )
            told = _LEVEL.search(dict(attrs).get("class") or "")
            self._level = int(told[1]) if told else None
        elif tag == "li":
            self._write()
            self._begin()
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._write()
            self._heading = int(tag[1])
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._words))
        elif tag == "title":
            self._write()
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("ul", "ol"):
            self._write()
            self._depth = max(0, self._depth - 1)
            if self._depth == 0 and self._level is None:
                self._path.clear()
            self._level = None
        elif tag == "li":
            self._write()
            if self._open:
                self._open.pop()
        elif tag == "a" and self._link is not None:
            address, start = self._link
            self._links.append(("".join(self._words[start:]).strip(), address))
            self._link = None
        elif tag[:1] == "h" and tag[1:].isdecimal():
            self._write()
            self._heading = 0
        elif tag in _BREAKS:
            self._break()

    def _break(self) -> None:
        """End a paragraph outside of lists; within an item it is a blank."""
        if self._open or self._heading:
            self._words.append(" ")
        else:
            self._write()

    def _begin(self) -> None:
        level = self._level if self._level is not None else max(0, self._depth - 1)
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        node = Node("", self.place)
        if self._path:
            self._path[-1][1].children.append(node)
            self.deeper += 1
        elif self._outline is not None:
            self._outline.item(node)
        self._path.append((level, node))
        self._open.append((node, []))
        self.items += 1
        if self.items > limits.CLAIMS + limits.RELATIONS:
            raise FormatError("there are more items than a map may have claims")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)

    def _write(self) -> None:
        """Give the words so far to the item, heading or paragraph that they stand in."""
        words = " ".join("".join(self._words).split())
        links, self._links, self._link = self._links, [], None
        self._words.clear()
        if not words:
            return
        if self._open:
            node = self._open[-1][0]
            if not node.text:
                self.sided += side_of(words).does is not None or group_of(words) is not None
            node.text = f"{node.text} {words}" if node.text else words
            node.links += links
            self.inside += len(words)
            return
        self.outside += 0 if self._heading else len(words)
        if self._outline is not None and self._heading:
            self._outline.heading(self._heading, words, self.place)
        elif self._outline is not None:
            self._outline.paragraph(words, links, self.place)

    def end(self) -> None:
        """Finish what is open at the end of the file."""
        self.close()
        self._write()


def _bounded(text: str) -> str:
    """Leave out comments, and take a "<" for text where the next comes before any ">".

    The standard library's parser takes quadratic time and worse for comments, tags and quotes that do not end.
    """
    parts: list[str] = []
    place = 0
    while (begin := text.find("<!--", place)) >= 0:
        parts.append(text[place:begin])
        end = text.find("-->", begin + 4)
        place = len(text) if end < 0 else end + 3
    first, *others = "".join((*parts, text[place:])).split("<")
    return first + "".join(("<" if ">" in each else "&lt;") + each for each in others)


def sniff(content: Content) -> bool:
    """Recognise a page that is mostly a list, of which items stand below others or say pro or con; not our own."""
    lead = content.lead
    if not _BEGINS.match(lead) or 'id="claim-' in content.head(20_000):
        return False
    head = content.head(_SNIFFED)
    if "<li" not in head.lower():
        return False
    lists = _Lists(None)
    try:
        lists.feed(_bounded(head))
        lists.end()
    except FormatError:
        return True  # and say so when it is read
    return (
        lists.items > 1 and lists.inside >= lists.outside and (lists.deeper > 0 or lists.sided > 0)
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read the items of lists as `argmap.formats.outlines.tree` does, headings as `argmap.formats.outlines.sections`.

    Raises FormatError where there is no list, and for lists too deep or too long.
    """
    draft = Draft("html-list", losses)
    outline = Outline(draft)
    lists = _Lists(outline)
    lists.feed(_bounded(content.text))
    lists.end()
    if not lists.items:
        raise FormatError("there is no list in this page")
    outline.plant()
    if not draft.claims:
        losses.add(LossKind.TEXT, "The lists have no words.")
    return draft.build()

"""Markdown outlines: nested lists and headings, read as trees of claims."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from argmap.errors import FormatError
from argmap.formats.outlines.sections import Outline
from argmap.formats.outlines.sides import side_of
from argmap.formats.outlines.tree import Node
from argmap.formats.reading.draft import Draft, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, RelationKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ITEM = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,4}[.)])[ \t]+(\S.*)")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_UNEVEN = re.compile(r"^\d{1,4}[.)][ \t][^\n]*\n[ ]{1,2}(?:[-*+]|\d{1,4}[.)])[ \t]", re.MULTILINE)
_TASK = re.compile(r"\[[ xX]\]\s")
_WIKI = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_PROPERTY = re.compile(r"[A-Za-z][\w-]{0,30}:: ?.*")
_STEPS = re.compile(r"[ (]+(?:from |by )?((?:\d{1,4}(?:, ?| and | ?& ?)?){1,50})\)[.]?")
_FRONT_TITLE = re.compile(r"^title:[ \t]*(.*)$", re.MULTILINE)
_ARGDOWN = re.compile(
    r"^(?:[ \t]*(?:[-+_>]|<[-+_]|[-+_]>|><))?[ \t]*(?:\[[^\[\]\n]{1,200}\](?:$|:[ \t])|<[^<>\n/]{1,200}>(?:$|:[ \t]))"
    r"|^={3,}[ \t]*$|^```[ \t]*argdown|^@include\(",
    re.MULTILINE,
)
_MANY_MARKS = re.compile(
    r"^(?:[ \t]{0,9}(?:[-*+>]|\d{1,9}[.)])[ \t]){33}", re.MULTILINE
)  # lists in lists on one line
MAX_DEPTH = 64  # lists in lists; each takes two of the parser's levels
MAX_LINES = 200_000
MAX_BRACKETS = 200_000
MAX_MARKS = 1_000_000


def looks_like_outline(content: Content) -> bool:
    """Say whether a text is mostly a nested list, or a list of which a line says pro, con or what it follows from."""
    if _ARGDOWN.search(content.head(16_000)):
        return False
    lines = [line for line in content.head(4_000).split("\n") if line.strip()][:80]
    items = [match for match in map(_ITEM.match, lines) if match is not None]
    headings = sum(_HEADING.match(line) is not None for line in lines)
    if len(items) < 2 or 2 * (len(items) + headings) < len(lines):
        return False
    nested = len({match[1].expandtabs(4) for match in items}) > 1
    return (
        nested
        or any(side_of(match[2]).does for match in items)
        or any(_follows(match[2]) for match in items)
    )


def read_lists(content: Content, losses: Losses) -> ArgumentMap:
    """Read the lists of a Markdown text; see `argmap.formats.outlines.sections` for what headings mean.

    Raises FormatError where there is neither a list nor a heading with words below it.
    """
    draft = Draft("markdown", losses)
    text, title = _without_front_matter(content.text)
    outline = Outline(draft, title)
    tokens = parse(_evened(text))
    signs = {token.markup for token in tokens if token.type == "list_item_open" and token.level > 1}
    reader = _Reader(outline, signed={"+", "-"} <= signs)
    reader.read(tokens)
    keys = outline.plant()
    if not draft.claims:
        raise FormatError("there is neither a list nor a heading with words below it")
    _join_numbered(reader.numbered, keys, draft)
    return draft.build()


def _evened(text: str) -> str:
    """Indent items by four blanks a level, where some below a number stand less deep than CommonMark asks."""
    if _UNEVEN.search(text) is None:
        return text
    lines: list[str] = []
    path: list[int] = []
    for line in text.split("\n"):
        match = _ITEM.match(line)
        if match is None:
            if line.strip() and not line[0].isspace():
                path.clear()
            lines.append(line)
            continue
        depth = len(match[1].expandtabs(4))
        while path and path[-1] >= depth:
            path.pop()
        lines.append("    " * len(path) + line.lstrip())
        path.append(depth)
    return "\n".join(lines)


def parse(text: str) -> "list[Token]":
    """Parse Markdown as CommonMark says.

    Raises FormatError for what is nested too deeply, and for more lines and marks than a map can have, which would take
    the parser minutes.
    """
    if text.count("\n") > MAX_LINES:
        raise FormatError(f"this has more than {MAX_LINES:,} lines")
    many = text.count("[") > MAX_BRACKETS or sum(map(text.count, "*_`<&\\")) > MAX_MARKS
    if many or _MANY_MARKS.search(text):
        raise FormatError("this has more marks of Markdown than an outline can have")
    blocks, words = _parsers()
    notes: dict[str, Any] = {}  # where addresses of links are told once for the whole text
    tokens = blocks.parse(text, notes)
    for token in tokens:
        if token.level > 2 * MAX_DEPTH:
            raise FormatError(f"it is nested more than {MAX_DEPTH} levels deep")
        if token.type == "inline":
            token.children = []
            words.inline.parse(token.content, words, notes, token.children)
    return tokens


@cache
def _parsers() -> "tuple[MarkdownIt, MarkdownIt]":
    """Return a parser of lists and paragraphs, and one of the words in them, which bounds what is nested by itself."""
    from markdown_it import MarkdownIt

    blocks = MarkdownIt("commonmark", {"maxNesting": 2 * MAX_DEPTH + 2})
    blocks.core.ruler.disable(["inline", "text_join"])
    return blocks, MarkdownIt("commonmark")


def _without_front_matter(text: str) -> tuple[str, str | None]:
    if not text.startswith("---\n"):
        return text, None
    end = text.find("\n---\n", 3, 65_536)
    if end < 0:
        return text, None
    found = _FRONT_TITLE.search(text[4 : end + 1])
    front = text[: end + 5]
    return "\n" * front.count("\n") + text[end + 5 :], found[1].strip(" \"'") if found else None


class _Reader:
    """Walks over the tokens of a text and hands headings, paragraphs and items to an outline.

    `numbered` are the items of numbered lists at the margin, by their numbers. `signed`: "+" and "-" before items say
    pro and con.
    """

    def __init__(self, outline: Outline, signed: bool) -> None:
        self.outline = outline
        self.numbered: dict[int, Node] = {}
        self._signed = signed
        self._open: list[Node] = []
        self._lists: list[bool] = []  # whether each open list is numbered

    def read(self, tokens: "Iterable[Token]") -> None:
        heading = 0
        for token in tokens:
            kind, place = token.type, f"line {token.map[0] + 1}" if token.map else ""
            if kind == "heading_open":
                heading = int(token.tag[1:])
            elif kind == "heading_close":
                heading = 0
            elif kind == "list_item_open":
                self._begin(token, place)
            elif kind == "list_item_close":
                self._end()
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self._lists.append(kind[0] == "o")
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif kind == "inline":
                words, links = inline(token)
                if heading and not self._open:
                    self.outline.heading(heading, words, place)
                elif self._open:
                    self._write(words, links, place)
                else:
                    self.outline.paragraph(words, links, place)
            elif kind in ("fence", "code_block", "html_block"):
                if self._open and kind == "code_block":  # deeper by more than a list item may be
                    self._write(token.content.strip(), [], place)
                else:
                    left = "Code and HTML between the lines were left out."
                    self.outline.draft.losses.add(LossKind.TEXT, left, (place,))

    def _begin(self, token: "Token", place: str) -> None:
        node = Node("", place)
        if self._signed and len(self._open) > 0 and token.markup in ("+", "-"):
            plus = token.markup == "+"
            node.does = RelationKind.SUPPORTS if plus else RelationKind.ATTACKS
        if self._open:
            self._open[-1].children.append(node)
        elif self._lists == [True] and token.info.isdecimal():
            self.numbered.setdefault(int(token.info), node)
        self._open.append(node)

    def _end(self) -> None:
        node = self._open.pop()
        if not self._open and (node.text or node.children):
            self.outline.item(node)

    def _write(self, words: str, links: list[tuple[str, str]], place: str) -> None:
        """Write the words of a paragraph into the item that is open; those after the first are its further lines."""
        node = self._open[-1]
        kept: list[str] = []
        for line in words.split("\n"):
            if _PROPERTY.fullmatch(line) and (node.text or kept) and side_of(line).does is None:
                node.children.append(Node(line, place, links=links if "http" in line else []))
            else:
                kept.append(line)
        text = " ".join(kept).strip()
        if not node.text:
            node.text = _TASK.sub("", text, count=1) if text.startswith("[") else text
        elif text:
            node.text += "\n\n" + text
        node.links += links


def inline(token: "Token") -> tuple[str, list[tuple[str, str]]]:
    """Return the words of inline Markdown, with line breaks, and its links as their words and addresses."""
    parts: list[str] = []
    links: list[tuple[str, str]] = []
    opened: list[tuple[str, int]] = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "link_open":
            opened.append((str(child.attrGet("href") or ""), len(parts)))
        elif child.type == "link_close" and opened:
            address, start = opened.pop()
            links.append(("".join(parts[start:]), address))
        elif child.type != "html_inline":
            parts.append(child.content)
    text = "".join(parts)
    if "[[" in text:
        text = _WIKI.sub(lambda match: match[2] or match[1], text)
    return text, links


def _follows(text: str) -> re.Match[str] | None:
    """Match the numbers of the steps from which a line says at its end that it follows: "... (1, 2)"."""
    start = text.rfind("(", -200)
    return _STEPS.fullmatch(text, start - 1) if start > 1 else None


def _join_numbered(numbered: dict[int, Node], keys: dict[int, str], draft: Draft) -> None:
    """Join the steps of an argument in numbered lines: "3. So it is (1, 2)" follows from both together."""
    for number, node in numbered.items():
        found = _follows(node.text)
        key = keys.get(id(node))
        if found is None or key is None:
            continue
        told = dict.fromkeys(int(each) for each in re.findall(r"\d+", found[1]))
        sources = [
            keys.get(id(numbered[each])) for each in told if each in numbered and each < number
        ]
        if len(sources) < len(told) or None in sources:
            continue
        claim = draft.claims[key]
        claim.text = claim.text[: -len(found[0])].rstrip()
        relation = DraftRelation(
            None, RelationKind.SUPPORTS, [source for source in sources if source], key
        )
        draft.relations[f"to {key} from numbers"] = relation

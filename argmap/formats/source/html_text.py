"""Text marked up with HTML, as analysts' tools keep it: its plain text, and where each marked span lies in it."""

import html
import re
from typing import NamedTuple

_MARK = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s[^<>]*)?)/?>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,32});"
)
_ID = re.compile(r"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BREAKS = frozenset(
    {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
)


class Span(NamedTuple):
    """One marked span: the id of its element, and its start and end in the plain text."""

    id: str
    start: int
    end: int


def looks_like_html(text: str) -> bool:
    """Say whether a text has tags that analysts' tools write."""
    return re.search(r"<(span|br|p|div)\b", text, re.IGNORECASE) is not None


def plain(text: str) -> tuple[str, list[Span]]:
    """Return the plain text of HTML and its marked spans (`<span id=...>`), in the order in which they end.

    Breaks and ends of paragraphs become line breaks; every other tag vanishes; a lone "<" stays.
    """
    parts: list[str] = []
    length = 0
    place = 0
    open_spans: list[tuple[str | None, int]] = []
    spans: list[Span] = []
    for match in _MARK.finditer(text):
        for part in (text[place : match.start()], _shown(match)):
            if part:
                parts.append(part)
                length += len(part)
        place = match.end()
        if (match[2] or "").lower() != "span":
            continue
        if not match[1]:
            named = _ID.search(match[3])
            open_spans.append((named[1] or named[2] or named[3] if named else None, length))
        elif open_spans:
            id, start = open_spans.pop()
            if id is not None and length > start:
                spans.append(Span(id, start, length))
    parts.append(text[place:])
    return "".join(parts).replace("\r", "\n"), spans


def _shown(match: re.Match[str]) -> str:
    tag = match[2]
    if tag is None:
        return " " if match[0] == "&nbsp;" else html.unescape(match[0])
    lower = tag.lower()
    return "\n" if lower == "br" or (match[1] and lower in _BREAKS) else ""


def marked(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Write a text as HTML with its spans marked; returns it, and the spans that cross others and were left out."""
    opening: dict[int, list[Span]] = {}
    closing: dict[int, int] = {}
    ends: list[int] = []
    crossing: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        while ends and ends[-1] <= span.start:
            ends.pop()
        if ends and ends[-1] < span.end:
            crossing.append(span)
            continue
        ends.append(span.end)
        opening.setdefault(span.start, []).append(span)
        closing[span.end] = closing.get(span.end, 0) + 1
    parts: list[str] = []
    place = 0
    for edge in sorted({*opening, *closing, len(text)}):
        parts.append(html.escape(text[place:edge], quote=False).replace("\n", "<br>"))
        parts.append("</span>" * closing.get(edge, 0))
        parts += [
            f'<span id="{html.escape(span.id)}" class="highlighted">'
            for span in opening.get(edge, ())
        ]
        place = edge
    return "".join(parts), crossing

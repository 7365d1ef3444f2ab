"""Measuring and wrapping text with the metrics of Inter, the typeface that pictures are drawn in."""

import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import fontpkg_inter
from fontTools.ttLib import TTFont

from argmap.picture.theme import Style

ELLIPSIS = "…"
_OPTICAL_SIZE = (
    14  # Inter's text cut; installed static fonts have it, and the style sheet asks for it
)
_WORDS_KEPT = 50_000


class _Advances(dict[str, float]):
    """Widths of characters of one weight, in ems, looked up in the font when first asked for."""

    def __init__(self, weight: int) -> None:
        font = _font()
        self._names: dict[int, str] = font.getBestCmap()
        self._glyphs: Any = font.getGlyphSet(location={"wght": weight, "opsz": _OPTICAL_SIZE})
        self._em: int = font["head"].unitsPerEm

    def __missing__(self, character: str) -> float:
        name = self._names.get(ord(character))
        width = self._glyphs[name].width / self._em if name else _fallback(character)
        self[character] = width
        return width


class _Words(dict[str, float]):
    """Widths of words of one style in points, each with the space after it."""

    def __init__(self, style: Style) -> None:
        self._advances = _advances(style.weight)
        self._size = style.size
        self.space = self._advances[" "] * style.size

    def __missing__(self, word: str) -> float:
        width = sum(map(self._advances.__getitem__, word)) * self._size + self.space
        if len(self) < _WORDS_KEPT:
            self[word] = width
        return width


def width(text: str, style: Style) -> float:
    """Return the width of a line of text in points."""
    words = _words(style)
    return sum(map(words.__getitem__, text.split(" "))) - words.space


class Wrapped(NamedTuple):
    """Lines of text with their widths in points; `shortened` when the text goes on after the last."""

    lines: list[tuple[str, float]]
    shortened: bool


def wrap(text: str, limit: float, style: Style, most: int) -> Wrapped:
    """Break text into at most `most` lines no wider than `limit` points, each with its width.

    Line breaks in the text are kept, words longer than a line are cut, and what does not fit ends in an ellipsis.
    """
    widths = _words(style)
    room = limit + widths.space
    lines: list[tuple[str, float]] = []
    for paragraph in text.split("\n"):
        words = paragraph.split()
        ends = list(accumulate(map(widths.__getitem__, words), initial=0.0))
        start = 0
        while start < len(words):
            end = bisect_right(ends, ends[start] + room, start + 1) - 1
            if end == start:
                return _wrap_long(text, limit, style, most)
            lines.append((" ".join(words[start:end]), ends[end] - ends[start] - widths.space))
            start = end
        if len(lines) > most:
            return Wrapped([*lines[: most - 1], _ended(lines[most - 1][0], limit, style)], True)
    return Wrapped(lines, False)


def _wrap_long(text: str, limit: float, style: Style, most: int) -> Wrapped:
    """Wrap text that has words longer than a line, by cutting them first."""
    widths = _words(style)
    pieces = []
    for paragraph in text.split("\n"):
        used = 0.0
        line: list[str] = []
        for word in paragraph.split():
            wide = widths[word]
            if wide - widths.space <= limit:
                line.append(word)
                used = used + wide if used + wide - widths.space <= limit else wide
                continue
            cut = _cut(word, limit, limit - used, style)
            line += [piece for piece, _ in cut]
            used = cut[-1][1] + widths.space
        pieces.append(" ".join(line))
    return wrap("\n".join(pieces), limit, style, most)


def shorten(text: str, limit: float, style: Style) -> tuple[str, float]:
    """Cut a line of text to `limit` points with an ellipsis at its end, unless it fits; return it with its width."""
    whole = width(text, style)
    return (text, whole) if whole <= limit else _ended(text, limit, style)


def _ended(text: str, limit: float, style: Style) -> tuple[str, float]:
    room = limit - width(ELLIPSIS, style)
    kept = _cut(text, room, room, style)[0][0].rstrip(" ,;:.–—-") + ELLIPSIS
    return kept, width(kept, style)


def _cut(word: str, limit: float, first: float, style: Style) -> list[tuple[str, float]]:
    """Cut a word into pieces no wider than `limit`, the first one no wider than `first` where that is not too narrow.

    Never between a letter and the marks on it.
    """
    advances, size = _advances(style.weight), style.size
    pieces: list[tuple[str, float]] = []
    room = first if first > 4 * size else limit
    start, used = 0, 0.0
    for place, character in enumerate(word):
        wide = advances[character] * size
        if used + wide > room and place > start and wide and not _joins(word, place):
            pieces.append((word[start:place], used))
            start, used, room = place, 0.0, limit
        used += wide
    pieces.append((word[start:], used))
    return pieces


def _joins(word: str, place: int) -> bool:
    """Say whether the character at `place` belongs to the one before it."""
    return word[place - 1] == "\u200d" or 0x1F3FB <= ord(word[place]) <= 0x1F3FF


def runs_leftwards(text: str) -> bool:
    """Say whether the first letter with a direction is of a script that is written from right to left."""
    if text.isascii():
        return False
    directions = map(unicodedata.bidirectional, text)
    return next((found != "L" for found in directions if found in {"L", "R", "AL"}), False)


def _fallback(character: str) -> float:
    """Guess the width of a character that Inter lacks, in ems, from the widths that system fonts give its script."""
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.3 if ord(character) >= 0x1F000 and category == "So" else 1.0
    first = ord(character)
    return next((wide for limit, wide in _SCRIPTS if first < limit), 1.0)


# The first code point after a script's range, and the width given up to it.
_SCRIPTS = (
    (0x0590, 0.7),  # Latin, Greek, Cyrillic, Armenian beyond Inter
    (0x0600, 0.6),  # Hebrew
    (0x0900, 0.65),  # Arabic, Syriac, Thaana
    (0x0E00, 0.75),  # scripts of India
    (0x0F00, 0.65),  # Thai, Lao
    (0x1100, 0.8),
)


@cache
def _words(style: Style) -> _Words:
    return _Words(style)


@cache
def _advances(weight: int) -> _Advances:
    return _Advances(weight)


@cache
def _font() -> TTFont:
    return TTFont(Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf", lazy=True)

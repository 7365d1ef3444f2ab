"""Measuring and wrapping text with the metrics of Inter, the typeface that pictures are drawn in."""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from argmap.picture.hyphens import divisions
from argmap.picture.theme import Style

ELLIPSIS = "…"
_BREAKS = "-–—/._?&=,;:"  # a long word is rather cut after one of these
_HOLDING = frozenset("\u00a0\u202f\u2007")
_SPACES = re.compile("[^\\S\u00a0\u202f\u2007]+")
_JOINER = "\u200d"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_IN_PARTS = re.compile("[\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")  # two letters that are shown as a flag
_WORDS_KEPT = 50_000
_ALL = 1_000_000  # lines
_FULL = 0.75  # of a line, from which on no word is divided for it
_DASHES, _KEPT = "-–—/", 3  # after which a word may be divided, with letters before and after


class _Advances(dict[str, float]):
    """Widths of characters of one weight in ems: those of Inter, others guessed when first asked for."""

    def __init__(self, weight: int) -> None:
        table = _inter()
        column = table["weights"].index(weight)
        super().__init__(
            {
                character: row[column] / table["em"]
                for *row, characters in table["advances"]
                for character in characters
            }
        )
        self.covered = frozenset(self)

    def __missing__(self, character: str) -> float:
        width = self[character] = _fallback(character)
        return width


class _Words(dict[str, float]):
    """Widths of words of one style in points, each with the space after it."""

    def __init__(self, style: Style) -> None:
        self._advances = _advances(style.weight)
        self._size = style.size
        self.space = self._advances[" "] * style.size

    def __missing__(self, word: str) -> float:
        advances = self._advances
        if not word.isascii() and _IN_PARTS.search(word):
            ems = sum(wide for _, wide in _clusters(word, advances))
        else:
            ems = sum(map(advances.__getitem__, word))
        width = ems * self._size + self.space
        if len(self) < _WORDS_KEPT:
            self[word] = width
        return width


def width(text: str, style: Style) -> float:
    """Return the width of a line of text in points."""
    words = _words(style)
    return sum(map(words.__getitem__, text.split(" "))) - words.space


class Wrapped(NamedTuple):
    """Lines of text with their widths in points.

    `shortened` when the text goes on after the last; `torn` when a word was cut where it has no joint.
    """

    lines: list[tuple[str, float]]
    shortened: bool
    torn: bool


def wrap(text: str, limit: float, style: Style, most: int = _ALL, language: str = "") -> Wrapped:
    """Break text into at most `most` lines no wider than `limit` points, each with its width.

    Line breaks in the text are kept. Where a line would stay less than three quarters full, the next word is divided by
    the rules of its language, but never in two lines running; words longer than a line are cut. What does not fit ends
    in an ellipsis.
    """
    lines: list[tuple[str, float]] = []
    torn = False
    for paragraph in text.split("\n"):
        torn = _fill(lines, _split(paragraph), limit, style, language) or torn
        if len(lines) > most:
            return Wrapped(
                [*lines[: most - 1], _ended(lines[most - 1][0], limit, style)], True, torn
            )
    return Wrapped(lines, False, torn)


def _fill(
    lines: list[tuple[str, float]], words: list[str], limit: float, style: Style, language: str
) -> bool:
    """Add the lines of a paragraph; say whether a word had to be torn."""
    widths = _words(style)
    space = widths.space
    room = limit + space
    torn = divided = False
    ends = list(accumulate(map(widths.__getitem__, words), initial=0.0))
    start = 0
    while start < len(words):
        end = bisect_right(ends, ends[start] + room, start + 1) - 1
        used = ends[end] - ends[start]
        if end == len(words):
            lines.append((" ".join(words[start:]), used - space))
            break
        head = tail = ""
        if (used < _FULL * limit and not divided) or end == start:
            head, tail = _divided(words[end], room - used, style, language)
        if not head and ends[end + 1] - ends[end] > room:  # it fits on no line
            pieces = _cut(words[end], limit, limit - used, style)
            torn = torn or not all(piece.endswith(tuple(_BREAKS)) for piece, _ in pieces[:-1])
            if used and used + pieces[0][1] > limit:
                lines.append((" ".join(words[start:end]), used - space))
            else:
                pieces[0] = " ".join([*words[start:end], pieces[0][0]]), used + pieces[0][1]
            lines += pieces[:-1]
            if len(pieces) == 1:
                lines += pieces
            words = [pieces[-1][0], *words[end + 1 :]] if len(pieces) > 1 else words[end + 1 :]
            ends = list(accumulate(map(widths.__getitem__, words), initial=0.0))
            start, divided = 0, False
            continue
        if not head:
            lines.append((" ".join(words[start:end]), used - space))
            start, divided = end, False
            continue
        line = [*words[start:end], head]
        lines.append((" ".join(line), used + widths[head] - space))
        divided = True
        words = [tail, *words[end + 1 :]]
        ends = list(accumulate(map(widths.__getitem__, words), initial=0.0))
        start = 0
    return torn


def _divided(word: str, room: float, style: Style, language: str) -> tuple[str, str]:
    """Divide a word after a dash of its own, or with a hyphen, so that its beginning fits; "" where it cannot be."""
    widths = _words(style)
    for place in range(len(word) - _KEPT, _KEPT - 1, -1):
        if word[place - 1] in _DASHES and widths[word[:place]] <= room:
            return word[:place], word[place:]
    if language:
        for place in divisions(word, language):
            head = f"{word[:place]}-"
            if widths[head] <= room:
                return head, word[place:]
    return "", ""


def _split(paragraph: str) -> list[str]:
    """Split a paragraph where a line may be broken: not at spaces that hold words together ("90 %")."""
    if paragraph.isascii() or _HOLDING.isdisjoint(paragraph):
        return paragraph.split()
    return [word for word in _SPACES.split(paragraph) if word and not word.isspace()]


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

    What is shown as one letter stays whole; where that alone is wider than the limit, it will be squeezed.
    """
    pieces: list[tuple[str, float]] = []
    room = first if first > 4 * style.size else limit
    clusters = [
        (cluster, min(ems * style.size, limit))
        for cluster, ems in _clusters(word, _advances(style.weight))
    ]
    start, used = 0, 0.0
    place = 0
    while place < len(clusters):
        if place > start and used + clusters[place][1] > room:
            end = next((n for n in range(place, start, -1) if clusters[n - 1][0] in _BREAKS), start)
            if end == start and room < limit:  # nothing is torn for the rest of a line
                room = limit
                continue
            end = end if end - start > (place - start) / 2 else place
            pieces.append(_joined(clusters[start:end]))
            start = place = end
            used, room = 0.0, limit
            continue
        used += clusters[place][1]
        place += 1
    return [*pieces, _joined(clusters[start:])]


def _joined(clusters: list[tuple[str, float]]) -> tuple[str, float]:
    return "".join([cluster for cluster, _ in clusters]), sum([wide for _, wide in clusters])


def _clusters(word: str, advances: _Advances) -> Iterator[tuple[str, float]]:
    """Split a word into what is shown as one letter each: with its marks, and joined emoji; widths in ems."""
    cluster, ems = "", 0.0
    for character in word:
        wide = advances[character]
        joined = (
            cluster.endswith(_JOINER)
            or character in _SKIN_TONES
            or _FLAG.fullmatch(cluster + character)
        )
        if cluster and wide and not joined:
            yield cluster, ems
            cluster, ems = "", 0.0
        cluster += character
        if not joined:
            ems += wide
    if cluster:
        yield cluster, ems


def letters(line: str, style: Style) -> list[tuple[str, float]]:
    """Split a line into what is shown as one letter each, with their widths in points."""
    return [(letter, ems * style.size) for letter, ems in _clusters(line, _advances(style.weight))]


def is_covered(text: str) -> bool:
    """Say whether Inter has all letters of a text."""
    if text.isascii():
        return True
    covered = _advances(400).covered
    return all(character in covered for character in set(text) if character > "\x7f")


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
    first = ord(character)
    if first >= 0x1F000 and category == "So":
        return 1.3
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return next((wide for limit, wide in _SCRIPTS if first < limit), 1.0)


# The first code point after a script's range, and the width given up to it.
_SCRIPTS = (
    (0x0590, 0.7),  # Latin, Greek, Cyrillic, Armenian beyond Inter
    (0x0600, 0.57),  # Hebrew
    (0x0900, 0.52),  # Arabic, Syriac, Thaana
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
def _inter() -> dict[str, Any]:
    """Return Inter's advances: by weight in units of which an em has `em`, each row with the characters that have them.

    They are kept in a file because a library that reads fonts takes longer to load than a map to draw.
    """
    return dict(json.loads((Path(__file__).parent / "inter.json").read_bytes()))

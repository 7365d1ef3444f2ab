"""Claims as cards: boxes of known size with every line of text in its place."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, ClaimKind
from argmap.picture import text
from argmap.picture.theme import STYLES, THESIS_TEXT, Role

PADDING = 11  # between the side of a card and its text
FOLD = 11  # side of the folded corner of evidence
LINES = 14  # of a claim's text; the rest is told by an ellipsis
_ABOVE, _BELOW = 7, 8
_GAP = 4  # between the parts of a card
_WIDTHS = ((70, 150), (180, 190), (400, 230), (10**9, 270))  # by the number of characters


class Line(NamedTuple):
    """One line of text: x of the end where it begins and y of its baseline from the top left, in points.

    `leftwards`: it is of a script written from right to left, and x is its right end.
    """

    role: Role
    text: str
    x: int
    y: int
    width: float
    leftwards: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A claim as a box of `width` x `height` points; `shortened` says that not all of its text is on it."""

    claim: Claim
    width: int
    height: int
    lines: tuple[Line, ...]
    shortened: bool


def cards_of(map: ArgumentMap) -> tuple[Card, ...]:
    """Return one card for each claim of a map, in the map's order."""
    return tuple(_card(claim) for claim in map.claims)


def _card(claim: Claim) -> Card:
    kind = claim.kind
    length = len(claim.text) + (60 if kind is ClaimKind.THESIS else 0)
    width = next(wide for most, wide in _WIDTHS if length <= most)
    inner = width - 2 * PADDING
    head = _head(kind, claim.implicit)
    baseline = _ABOVE + head.y
    room = inner - head.width - FOLD - 10
    name, wide = text.shorten(claim.id, room, STYLES["id"])
    corner = FOLD if kind is ClaimKind.EVIDENCE else 0
    lines = [
        Line("kind", head.text, PADDING, baseline, head.width),
        Line("id", name, width - PADDING - corner, baseline, wide),
    ]
    y = _ABOVE + STYLES["kind"].leading
    shortened = False
    for role, words, most in _parts(claim):
        style = THESIS_TEXT if role == "text" and kind is ClaimKind.THESIS else STYLES[role]
        wrapped = text.wrap(words, inner, style, most)
        leftwards = text.runs_leftwards(words)
        x = width - PADDING if leftwards else PADDING
        y += _GAP
        baseline = y + style.baseline
        for line, wide in wrapped.lines:
            lines.append(Line(role, line, x, baseline, wide, leftwards))
            baseline += style.leading
        y += style.leading * len(wrapped.lines)
        shortened = shortened or wrapped.shortened
    return Card(claim, width, y + _BELOW, tuple(lines), shortened)


def _parts(claim: Claim) -> list[tuple[Role, str, int]]:
    parts: list[tuple[Role, str, int]] = [("text", claim.text, LINES)]
    if claim.label:
        parts.insert(0, ("headline", claim.label, 3))
    if claim.speaker:
        parts.append(("speaker", f"— {claim.speaker}", 2))
    if claim.source:
        parts.append(("source", claim.source.citation(), 3))
    return parts


@cache
def _head(kind: ClaimKind, implicit: bool) -> Line:
    style = STYLES["kind"]
    word = f"{kind.upper()} · IMPLICIT" if implicit else kind.upper()
    return Line("kind", word, 0, style.baseline, text.width(word, style))

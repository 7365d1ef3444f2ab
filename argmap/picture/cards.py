"""Claims as cards: boxes of known size with every line of text in its place."""

from dataclasses import dataclass

from argmap.model import ArgumentMap, Claim, ClaimKind
from argmap.picture import text
from argmap.picture.theme import ASCENT, STYLES, THESIS_TEXT, Role, Style

PADDING_X = 11.0
PADDING_Y = 9.0
GAP = 4.0  # between the parts of a card
LINES = 14  # of a claim's text; the rest is told by an ellipsis
_WIDTHS = ((70, 150.0), (180, 190.0), (400, 230.0), (10**9, 270.0))  # by the number of characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a card: x of its left edge and y of its baseline from the card's top left, in points."""

    role: Role
    text: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Card:
    """A claim as a box of `width` x `height` points; `shortened` says that not all of its text is on it."""

    claim: Claim
    width: float
    height: float
    lines: tuple[Line, ...]
    shortened: bool


def cards(map: ArgumentMap) -> tuple[Card, ...]:
    """Return one card for each claim of a map, in the map's order."""
    return tuple(_card(claim) for claim in map.claims)


def text_style(kind: ClaimKind, role: Role) -> Style:
    """Return how a role is set on a card of that kind: a thesis speaks louder."""
    return THESIS_TEXT if role is Role.TEXT and kind is ClaimKind.THESIS else STYLES[role]


def _card(claim: Claim) -> Card:
    length = len(claim.text) + (60 if claim.kind is ClaimKind.THESIS else 0)
    width = next(wide for most, wide in _WIDTHS if length <= most)
    inner = width - 2 * PADDING_X
    word = f"{claim.kind.upper()} · IMPLICIT" if claim.implicit else claim.kind.upper()
    style = STYLES[Role.KIND]
    baseline = PADDING_Y + style.size * ASCENT
    lines = [Line(Role.KIND, word, PADDING_X, baseline, text.width(word, style))]
    name, wide = text.shorten(claim.id, inner - lines[0].width - 10, STYLES[Role.ID])
    lines.append(Line(Role.ID, name, width - PADDING_X - wide, baseline, wide))
    y = PADDING_Y + style.leading
    shortened = False
    for role, words, most in _parts(claim):
        style = text_style(claim.kind, role)
        wrapped = text.wrap(words, inner, style, most)
        shortened |= role is Role.TEXT and wrapped[-1][0].endswith(text.ELLIPSIS)
        y += GAP
        for line, wide in wrapped:
            lines.append(Line(role, line, PADDING_X, y + style.size * ASCENT, wide))
            y += style.leading
    return Card(claim, width, y + PADDING_Y - 2, tuple(lines), shortened)


def _parts(claim: Claim) -> list[tuple[Role, str, int]]:
    parts = [(Role.TEXT, claim.text, LINES)]
    if claim.label:
        parts.insert(0, (Role.HEADLINE, claim.label, 3))
    if claim.speaker:
        parts.append((Role.SPEAKER, f"— {claim.speaker}", 2))
    if claim.source:
        parts.append((Role.SOURCE, claim.source.citation(), 3))
    return parts

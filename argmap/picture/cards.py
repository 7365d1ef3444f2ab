"""Claims as cards: boxes of known size with every line of text in its place."""

from collections.abc import Iterable
from functools import cache
from math import ceil
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, ClaimKind
from argmap.picture import text
from argmap.picture.outline import outline
from argmap.picture.overlay import NO_NOTE, NO_OVERLAY, Note, Overlay
from argmap.picture.reading import words_of
from argmap.picture.theme import STYLES, THESIS_TEXT, Role

PADDING = 11  # between the side of a card and its text
FOLD = 11  # side of the folded corner of evidence
LINES = 14  # of a claim's text; the rest is told by an ellipsis
_ABOVE, _BELOW = 7, 8
_VARIANTS = (100, 110, 120, 136, 150, 170, 190, 216, 240, 276, 310, 350, 400)  # widths, even
_FEW_VARIANTS = (136, 216)
_AND = " · "  # between a claim's number and its id
_GAP = 4  # between the parts of a card
_HEAD_APART = 5  # between a card's kind and its name
_NAME_KEPT = 36  # points of a name that a narrow card is widened for


class Block(NamedTuple):
    """Lines of text one below the other: x of the end where they begin, y of the first baseline, in points.

    Each line is its text and width. `leftwards`: their script runs from right to left, and x is the right end. `whole`
    has all the words where the lines end in an ellipsis.
    """

    role: Role
    x: int
    y: int
    leading: int
    lines: list[tuple[str, float]]
    leftwards: bool = False
    whole: str = ""


class Card(NamedTuple):
    """A claim as a box of `width` x `height` points.

    `shortened` says that not all of its text is on it; `name` is what stands in its corner; `bar` is the y of the bar
    that shows the strength in its note, where it has one.
    """

    claim: Claim
    width: int
    height: int
    blocks: list[Block]
    shortened: bool
    name: str
    note: Note
    bar: int | None


def cards_of(
    map: ArgumentMap, overlay: Overlay = NO_OVERLAY, numbers: bool = False
) -> tuple[Card, ...]:
    """Return one card for each claim of a map, in the map's order; `numbers` are those of its outline."""
    names = {}
    if numbers:
        names = {e.claim.id: f"{e.number}{_AND}{e.claim.id}" for e in outline(map)}
    return tuple(
        [
            card_of(
                claim, _width(claim), names.get(claim.id, claim.id), overlay.get(claim.id, NO_NOTE)
            )
            for claim in map.claims
        ]
    )


def with_notes(cards: Iterable[Card], overlay: Overlay) -> tuple[Card, ...]:
    """Return cards once more with other notes laid over their claims."""
    return tuple(
        card_of(card.claim, _width(card.claim), card.name, overlay.get(card.claim.id, NO_NOTE))
        for card in cards
    )


def variants(card: Card, few: bool = False) -> tuple[Card, ...]:
    """Return a card in several widths, the narrowest first, each lower than the one before.

    Where its text fits in one of them, it is cut in none; and none breaks a word that stands whole in another.
    """
    claim = card.claim
    style = THESIS_TEXT if claim.kind is ClaimKind.THESIS else STYLES["text"]
    least = 2 * PADDING + text.longest_word(words_of(claim), style)
    if claim.label:
        least = max(least, 2 * PADDING + text.longest_word(claim.label, STYLES["headline"]))
    widths = _FEW_VARIANTS if few else _VARIANTS
    found: list[Card] = []
    for width in [width for width in widths if width >= least] or widths[-1:]:
        card = card_of(claim, width, card.name, card.note)
        if found and found[-1].shortened and not card.shortened:
            found = []
        if not found or card.height < found[-1].height:
            found.append(card)
        if all(len(block.lines) == 1 for block in card.blocks):
            break  # it cannot become lower
    return tuple(found)


def card_of(claim: Claim, width: int, name: str, note: Note) -> Card:
    """Return a claim as a card with a name in its corner, of that width in points, or wider if the name needs it."""
    kind = claim.kind
    thesis = kind is ClaimKind.THESIS
    head = _head(kind, claim.implicit)
    corner = FOLD if kind is ClaimKind.EVIDENCE else 0
    beside = 2 * PADDING + head.lines[0][1] + corner + _HEAD_APART
    shown = name, text.width(name, STYLES["id"])
    if beside + shown[1] > width:  # the number alone, before it is cut too
        name_alone = name.partition(_AND)[0]
        needed = beside + min(text.width(name_alone, STYLES["id"]), _NAME_KEPT)
        width = max(width, 2 * ceil(needed / 2))  # halves are whole points
        shown = text.shorten(name_alone, width - beside, STYLES["id"])
    inner = width - 2 * PADDING
    blocks = [head, Block("id", width - PADDING - corner, head.y, 0, [shown])]
    y = _ABOVE + STYLES["kind"].leading
    shortened = False
    for role, words, most in _parts(claim, note):
        style = THESIS_TEXT if thesis and role == "text" else STYLES[role]
        lines, cut = text.wrap(words, inner, style, most)
        leftwards = text.runs_leftwards(words)
        x = width - PADDING if leftwards else PADDING
        y += _GAP
        whole = words if cut else ""
        blocks.append(Block(role, x, y + style.baseline, style.leading, lines, leftwards, whole))
        y += style.leading * len(lines)
        shortened = shortened or (cut and role == "text")
    bar = None
    if note.strength is not None:
        style = STYLES["strength"]
        y += _GAP
        bar = y + style.leading // 2 - 2
        words = f"{note.strength:.0%}"
        line = (words, text.width(words, style))
        blocks.append(Block("strength", width - PADDING, y + style.baseline, 0, [line]))
        y += style.leading
    height = y + _BELOW
    height += height % 2  # halves are whole points
    return Card(claim, width, height, blocks, shortened, name, note, bar)


def _width(claim: Claim) -> int:
    """Choose a width for a card so that it is neither a column nor a strip."""
    characters = len(claim.text) + (60 if claim.kind is ClaimKind.THESIS else 0)
    if characters <= 70:
        return 150
    if characters <= 180:
        return 190
    return 230 if characters <= 400 else 270


def _parts(claim: Claim, note: Note) -> list[tuple[Role, str, int]]:
    parts: list[tuple[Role, str, int]] = [("text", words_of(claim), LINES)]
    if claim.label:
        parts.insert(0, ("headline", claim.label, 3))
    if claim.speaker:
        parts.append(("speaker", f"—\u00a0{claim.speaker}", 3))
    if claim.source:
        parts.append(("source", claim.source.citation(), 4))
    parts += [("mark", f"▲ {mark}", 2) for mark in note.marks]
    if note.folded:
        parts.append(("folded", f"+ {note.folded_in_words()}", 2))
    parts += [("folded", f"→ {words}", 2) for words in note.see]
    return parts


@cache
def _head(kind: ClaimKind, implicit: bool) -> Block:
    style = STYLES["kind"]
    word = f"{kind.upper()} · IMPLICIT" if implicit else kind.upper()
    line = (word, text.width(word, style))
    return Block("kind", PADDING, _ABOVE + style.baseline, 0, [line])

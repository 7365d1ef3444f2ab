"""What a card shows when it is seen small: its first sentence or its label, in the largest letters that its box holds.

Cards keep their places and boxes; a frontend chooses what is seen by a class of the root.
"""

from argmap.picture import text
from argmap.picture.cards import Card, label_of, sentence_of
from argmap.picture.theme import Role, Style

CLASSES = ("at-short", "at-label")
_LEAST, _MOST = 0.5, 2.2  # of the ordinary size of letters
_ROUNDS = 6  # of a search for the largest letters
_ABOVE, AROUND = 8, 7  # points that stay free: under the tag, and at the other sides


def smaller(card: Card) -> list[tuple[str, Role, float, list[tuple[str, float]], Style, float]]:
    """Return what a card shows at each smaller size: class, role, scale, lines, their style, and y of the first one."""
    styles = card.face.look.styles
    shown: tuple[tuple[str, Role, str], ...] = (
        (CLASSES[0], "text", sentence_of(card.claim)),
        (CLASSES[1], "headline", label_of(card.claim)),
    )
    found = []
    for name, role, words in shown:
        style = styles[role]
        width, height = card.width - 2 * AROUND, card.height - _ABOVE - AROUND
        low, high = _LEAST, _MOST
        lines = _lines(words, width / low, height / low, style)
        for _ in range(_ROUNDS):
            middle = (low + high) / 2
            wrapped = text.wrap(words, width / middle, style)
            if not wrapped.torn and len(wrapped.lines) * style.leading * middle <= height:
                low, lines = middle, wrapped.lines
            else:
                high = middle
        scale = int(low * 100) / 100
        free = height - len(lines) * style.leading * scale
        found.append((name, role, scale, lines, style, _ABOVE + max(0.0, free / 2)))
    return found


def _lines(words: str, width: float, height: float, style: Style) -> list[tuple[str, float]]:
    return text.wrap(words, width, style, max(1, int(height / style.leading))).lines

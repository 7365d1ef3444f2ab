"""Lines with letters that Inter lacks, in the pieces in which converters to PNG and PDF can set them."""

import unicodedata
from html import escape
from itertools import groupby

from argmap.picture import text
from argmap.picture.theme import Role, Style

_SPACE, _INTER, _WIDE, _EMOJI, _LEFTWARDS = "space", "inter", "wide", "emoji", "leftwards"


def pieces(words: str, width: float, x: float, y: int, role: Role, style: Style) -> str:
    """Write a line of that width in points as SVG, piece by piece; its baseline begins at `x` and `y`.

    The line runs rightwards. What runs leftwards in it, Hebrew or Arabic words with all between them, is one piece.

    Converters look for one other font for all the letters of a text that its own font lacks; where no font has one of
    them, they give up on the rest too, and draw a box for every part of an emoji. So each script is a text of its
    own, as wide as it was measured, and nothing of an emoji is seen outside its place.
    """
    letters = text.letters(words, style)
    squeezed = width / (sum([wide for _, wide in letters]) or 1)
    found: list[str] = []
    scripts = _scripts([letter for letter, _ in letters])
    for script, group in groupby(zip(scripts, letters, strict=True), lambda each: each[0]):
        piece = [(escape(letter, quote=False), wide * squeezed) for _, (letter, wide) in group]
        if script == _SPACE:  # left out: converters join spaces at the ends of a text
            x += sum([wide for _, wide in piece])
        elif script == _EMOJI:
            for shown, wide in piece:
                found.append(
                    f'<svg x="{x:.1f}" y="{y - style.baseline}" width="{wide:.1f}" '
                    f'height="{style.leading}"><text class="{role}" y="{style.baseline}">'
                    f"{shown}</text></svg>"
                )
                x += wide
        else:
            wide = sum([wide for _, wide in piece])
            shown = "".join([shown for shown, _ in piece])
            found.append(
                f'<text class="{role}" x="{x:.1f}" y="{y}" textLength="{wide:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{shown}</text>'
            )
            x += wide
    return "".join(found)


def _scripts(letters: list[str]) -> list[str]:
    """Say of which script each letter is; what stands between two that run leftwards runs leftwards too."""
    found = [_script(letter) for letter in letters]
    last = None  # of the letters that run leftwards, as long as none that runs rightwards follows
    for place, letter in enumerate(letters):
        direction = unicodedata.bidirectional(letter[0])
        if direction in {"R", "AL"}:
            for between in range(place if last is None else last, place + 1):
                found[between] = _LEFTWARDS
            last = place
        elif direction == "L":
            last = None
    return found


def _script(letter: str) -> str:
    """Say of which script a letter with its marks is: one font is likely to have all letters of one."""
    first = letter[0]
    if "\u200d" in letter or "\ufe0f" in letter or "\U0001f000" <= first < "\U00020000":
        return _EMOJI
    if first.isspace():
        return _SPACE
    if text.is_covered(letter):
        return _INTER
    if unicodedata.east_asian_width(first) in "WF":
        return _WIDE
    return unicodedata.name(first, "").partition(" ")[0]

"""The only place for colours, fonts and sizes of pictures; all sizes in points."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal

FONTS = "Inter,argmap-stand-in,sans-serif"

# What a line of text is; also its class in the SVG. Plain strings: they are looked up for every line.
Role = Literal[
    "title",
    "citation",
    "kind",
    "id",
    "headline",
    "text",
    "speaker",
    "source",
    "mark",
    "folded",
    "strength",
    "scheme",
    "link",
    "heading",
]


@dataclass(frozen=True, eq=False)
class Style:
    """How a line of text is set: size and distance between baselines in points, weight as in CSS."""

    size: float
    leading: int
    weight: int

    @cached_property
    def baseline(self) -> int:
        """Points from the top of a line to its baseline: capitals stand in the middle of the line."""
        return round((self.leading + _CAPITALS * self.size) / 2)


_CAPITALS = 0.727  # height of Inter's capitals in ems

STYLES: dict[Role, Style] = {
    "title": Style(17, 22, 700),
    "citation": Style(9.5, 13, 400),
    "kind": Style(7.5, 10, 700),
    "id": Style(7.5, 10, 600),
    "headline": Style(10.5, 14, 700),
    "text": Style(10, 13, 400),
    "speaker": Style(8.5, 11, 600),
    "source": Style(8.5, 11, 400),
    "mark": Style(8.5, 12, 700),
    "folded": Style(8.5, 12, 600),
    "strength": Style(7.5, 12, 600),
    "scheme": Style(7.5, 10, 500),
    "link": Style(8.5, 12, 600),
    "heading": Style(8.5, 11, 600),
}
THESIS_TEXT = Style(12, 16, 600)
_ON_SCREEN: dict[Role, Style] = {
    "kind": Style(11, 14, 600),
    "id": Style(11, 14, 500),
    "headline": Style(14, 19, 700),
    "text": Style(13, 18, 400),
    "speaker": Style(11.5, 17, 500),
    "source": Style(11.5, 17, 400),
    "mark": Style(11.5, 17, 700),
    "folded": Style(11.5, 17, 600),
    "strength": Style(11, 17, 600),
    "scheme": Style(11, 14, 400),
    "link": Style(11.5, 17, 600),
    "heading": Style(11.5, 15, 600),
}


class Detail(StrEnum):
    """How much of a claim its card shows: all, its label and first sentence, or its label alone."""

    FULL = "full"
    SHORT = "short"
    LABEL = "label"


class Medium(StrEnum):
    """What a picture is made for: paper (and slides), a screen that one works at, or a small picture without text."""

    PAPER = "paper"
    SCREEN = "screen"
    THUMB = "thumb"


@dataclass(frozen=True, eq=False)
class Look:
    """How cards are set: the styles of their lines, and distances and widths in points, or in pixels on a screen.

    `thesis`: the text of a thesis with much below it; `lesser`: that of others. `tagged`: id and kind stand in a tag on
    the upper edge instead of a row of their own. `beside`: between neighbours of one rank. `widths`: those that a card
    may have, the narrowest first; `long`: further ones for long texts. `labelled`: a claim's label is all that is
    shown.
    """

    styles: dict[Role, Style]
    thesis: Style
    lesser: Style
    padding: int
    above: int
    between: int
    below: int
    tagged: bool
    beside: int
    widths: tuple[int, ...]
    long: tuple[int, ...] = ()
    labelled: bool = False


PAPER = Look(
    styles=STYLES,
    thesis=THESIS_TEXT,
    lesser=Style(10, 13, 600),
    padding=9,
    above=6,
    between=2,
    below=6,
    tagged=True,
    beside=22,
    widths=(136, 148, 162, 178, 196, 216, 240, 268, 300, 336),
    long=(380, 430),
)
SCREEN = Look(
    styles=STYLES | _ON_SCREEN,
    thesis=Style(15, 21, 600),
    lesser=Style(15, 21, 600),
    padding=13,
    above=10,
    between=4,
    below=12,
    tagged=False,
    beside=26,
    widths=(212,),
)
_LABELS = replace(
    SCREEN,
    styles=SCREEN.styles | {"headline": Style(14, 19, 600)},
    thesis=Style(15, 20, 600),
    above=15,
    beside=14,
    widths=(196,),
    labelled=True,
)
_PAPER_LABELS = replace(PAPER, labelled=True, widths=PAPER.widths[:5], long=())


def look_of(medium: Medium, detail: Detail) -> Look:
    """Return how cards are set for a medium, with that much of their claims."""
    if medium is not Medium.SCREEN:
        return _PAPER_LABELS if detail is Detail.LABEL else PAPER
    return _LABELS if detail is Detail.LABEL else SCREEN


class Theme(StrEnum):
    """A set of colours. Kinds never differ by colour alone, so every theme tells them apart."""

    LIGHT = "light"
    DARK = "dark"
    PRINT = "print"  # black on white, thin lines
    CONTRAST = "contrast"
    COLORBLIND = "colorblind"
    AUTO = "auto"  # light or dark, as the reader's system has it


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme: by name as in `--argmap-NAME`, and the width of lines against the ordinary."""

    colors: dict[str, str]
    stroke: float = 1.0


def _palette(
    ground: str,
    text: str,
    muted: str,
    cards: str,
    inks: str,
    lines: str,
    grounds: str,
    stroke: float = 1.0,
) -> Palette:
    """Build a palette; colours in the order thesis, premise, evidence, rebuttal, and supports, attacks, restates.

    `grounds`: of a family, of what counts together for a claim, and against one.
    """
    colors = {"ground": ground, "text": text, "muted": muted}
    names = ("family", "together", "together-against")
    colors |= dict(zip(names, grounds.split(), strict=True))
    kinds = ("thesis", "premise", "evidence", "rebuttal")
    colors |= {f"{kind}-card": color for kind, color in zip(kinds, cards.split(), strict=True)}
    colors |= dict(zip(kinds, inks.split(), strict=True))
    relations = ("supports", "attacks", "restates")
    colors |= dict(zip(relations, lines.split(), strict=True))
    return Palette(colors, stroke)


PALETTES = {
    Theme.LIGHT: _palette(
        "#ffffff",
        "#1b2230",
        "#56606f",
        "#eaf0fb #ffffff #fdf6e3 #fdeeea",
        "#1d3f8f #5a6b80 #7a5200 #a8321f",
        "#2a6f97 #b5371f #6b6f78",
        "#f4f6f9 #e4edf4 #f9e6e1",
    ),
    Theme.DARK: _palette(
        "#14181f",
        "#eceff4",
        "#a9b3c1",
        "#1c2a4a #1f2630 #322a17 #3a211d",
        "#9dbcff #b4c6da #e6bd62 #ff9d8a",
        "#7cc0e8 #ff8f7a #a9b0bb",
        "#1a1f28 #22364a #43231d",
    ),
    Theme.PRINT: _palette(
        "#ffffff",
        "#000000",
        "#3a3a3a",
        "#ffffff #ffffff #ffffff #ffffff",
        "#000000 #000000 #000000 #000000",
        "#000000 #000000 #555555",
        "#f5f5f5 #e3e3e3 #e3e3e3",
        stroke=0.7,
    ),
    Theme.CONTRAST: _palette(
        "#ffffff",
        "#000000",
        "#1f1f1f",
        "#ffffff #ffffff #fff8c4 #ffffff",
        "#001a70 #000000 #3d2a00 #7a0000",
        "#003d73 #8f0000 #333333",
        "#f3f3f3 #dfe9f3 #f6e0e0",
        stroke=1.7,
    ),
    # The safe palette of Okabe and Ito, darkened until text can be read in it.
    Theme.COLORBLIND: _palette(
        "#ffffff",
        "#1a1a1a",
        "#555555",
        "#e3f1fa #ffffff #fdf3d6 #fbe9dc",
        "#005a8f #333333 #6b4e00 #9c4400",
        "#0072b2 #a04500 #666666",
        "#f4f5f6 #dcecf8 #f8e6d8",
    ),
}

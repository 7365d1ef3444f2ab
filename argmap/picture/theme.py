"""The only place for colours, fonts and sizes of pictures; all sizes in points."""

from dataclasses import dataclass
from typing import Literal

from argmap.model import ClaimKind, RelationKind

FONTS = "Inter,argmap-stand-in,sans-serif"


# What a line of text is; also its class in the SVG. Plain strings: they are looked up for every line.
Role = Literal["title", "citation", "kind", "id", "headline", "text", "speaker", "source"]


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a line of text is set: size and distance between baselines in points, weight as in CSS."""

    size: float
    leading: int
    weight: int

    @property
    def baseline(self) -> int:
        """Points from the top of a line to its baseline: capitals stand in the middle of the line."""
        return round((self.leading + _CAPITALS * self.size) / 2)


_CAPITALS = 0.727  # height of Inter's capitals in ems


STYLES: dict[Role, Style] = {
    "title": Style(17, 22, 700),
    "citation": Style(9.5, 13, 400),
    "kind": Style(7.5, 11, 700),
    "id": Style(7.5, 11, 500),
    "headline": Style(11, 14, 700),
    "text": Style(10, 13, 400),
    "speaker": Style(8.5, 12, 600),
    "source": Style(8, 11, 400),
}
THESIS_TEXT = Style(12, 16, 600)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme."""

    ground: str
    card: dict[ClaimKind, str]
    ink: dict[ClaimKind, str]  # the border and the kind's word
    text: str
    muted: str
    line: dict[RelationKind, str]


LIGHT = Palette(
    ground="#ffffff",
    card={
        ClaimKind.THESIS: "#eaf0fb",
        ClaimKind.PREMISE: "#ffffff",
        ClaimKind.EVIDENCE: "#fdf6e3",
        ClaimKind.REBUTTAL: "#fdeeea",
    },
    ink={
        ClaimKind.THESIS: "#1d3f8f",
        ClaimKind.PREMISE: "#3b5573",
        ClaimKind.EVIDENCE: "#805600",
        ClaimKind.REBUTTAL: "#a8321f",
    },
    text="#1b2230",
    muted="#56606f",
    line={
        RelationKind.SUPPORTS: "#2a6f97",
        RelationKind.ATTACKS: "#b5371f",
        RelationKind.RESTATES: "#6b6f78",
    },
)

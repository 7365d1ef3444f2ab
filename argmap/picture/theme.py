"""The only place for colours, fonts and sizes of pictures; all sizes in points."""

from dataclasses import dataclass
from enum import StrEnum

from argmap.model import ClaimKind, RelationKind

FONTS = "Inter, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"


class Role(StrEnum):
    """What a line of text on a card is; also its class in the SVG."""

    KIND = "kind"
    ID = "id"
    HEADLINE = "headline"
    TEXT = "text"
    SPEAKER = "speaker"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Style:
    """How a line of text is set: size and distance between baselines in points, weight as in CSS."""

    size: float
    leading: float
    weight: int


STYLES = {
    Role.KIND: Style(7.5, 11, 700),
    Role.ID: Style(7.5, 11, 500),
    Role.HEADLINE: Style(11, 14, 650),
    Role.TEXT: Style(10, 13.5, 400),
    Role.SPEAKER: Style(8.5, 12, 600),
    Role.SOURCE: Style(8, 11, 400),
}
THESIS_TEXT = Style(12, 16, 600)
ASCENT = 0.78  # of the size: from the top of a line to its baseline


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

"""What may be asked of a map's picture and of its other files."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from argmap.drawing.overlays import Laid
from argmap.model import ClaimKind, RelationKind
from argmap.picture import Options, Part, Spread, spread_of
from schemas.base import In, Version


class FileQuery(In):
    """Which version of a map to write out."""

    version: Version | None = Field(None, description="A version of the map; left out: the newest")
    share: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="A share token of an unlisted map"
    )


class MapFileQuery(FileQuery, Part):
    """Which version of a map to write out, which part of it, and in which format."""

    format: Annotated[str | None, Field(max_length=40)] = Field(
        None, description="One of the formats of that ending; left out: the first of them"
    )

    sheet: Literal["claims", "flow"] | None = Field(
        None,
        description="For `xlsx`: a table of claims, or a flow sheet, where answers stand to the right",
    )

    def format_name(self) -> str | None:
        """Return the name of the format that is asked for, by its own name or as a sheet."""
        return self.format or {"claims": "xlsx", "flow": "flow", None: None}[self.sheet]

    def to_part(self) -> Part:
        """Return the part of the map alone."""
        return Part(**{name: getattr(self, name) for name in Part.model_fields})


class PictureQuery(Options):
    """How to draw a map, and which version of it."""

    version: Version | None = Field(None, description="A version of the map; left out: the newest")
    revision: Annotated[str | None, Field(max_length=40)] = Field(
        None,
        description="Revision of the picture code; with it and `version` the picture may be kept for a year",
    )
    share: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="A share token of an unlisted map"
    )

    overlay: Laid | None = Field(None, description="An analysis to lay over the picture")

    def to_options(self) -> Options:
        """Return the drawing options alone."""
        return Options(**{name: getattr(self, name) for name in Options.model_fields})


class PngQuery(PictureQuery):
    """How to draw a map as PNG."""

    scale: Annotated[float, Field(ge=0.1, le=20)] = Field(
        2, description="1 has 96 dots per inch; 2 is sharp on most screens"
    )


class PdfQuery(PictureQuery):
    """How to set a map on paper; `page` is the sheet."""

    poster: Annotated[Spread | float, BeforeValidator(spread_of)] = Field(
        Spread.AUTO,
        description="How to spread the picture over sheets: `one`; `branches`: a sheet for each thesis or main branch, "
        "after one that shows the whole and says where what is; `auto`: branches where the text would be smaller than "
        "8 points on one; or a scale, on as many sheets as that takes",
    )
    handout: bool = Field(
        False, description="Add pages with a numbered outline of all texts and sources"
    )


class LineOut(BaseModel):
    """A line of text: what it is, and where, relative to its card: `x` of its left end, `y` of its baseline."""

    role: str = Field(
        description="What it says: kind, id, headline, text, speaker, source, strength, ..."
    )
    text: str
    x: float
    y: float
    width: float


class CardOut(BaseModel):
    """A claim's place and size, and its text in lines; `shortened` when not all of its text fits."""

    id: str
    kind: ClaimKind
    x: float
    y: float
    width: float
    height: float
    shortened: bool
    lines: list[LineOut]


class PathOut(BaseModel):
    """A line to draw: a start, then three points of a cubic Bezier curve for each piece."""

    points: list[tuple[float, float]]
    arrow: bool = Field(description="Whether it ends in a head")
    seen: list[tuple[float, float]] | None = Field(
        None,
        description="What of it is drawn, where it joins the line of another relation; nothing where cards say in "
        "words where it leads",
    )


class BoxOut(BaseModel):
    """A ground behind cards."""

    x: float
    y: float
    width: float
    height: float


class GroundOut(BoxOut):
    """A ground behind a family of claims, or with a `label` behind other claims that stand together."""

    label: str = ""


class ReferenceOut(BoxOut):
    """A small card among the sources of a relation that stands for a claim drawn elsewhere."""

    claim: str
    relation: str
    lines: list[LineOut]


class RouteOut(BaseModel):
    """The lines of a relation.

    In ranks, where its sources meet before their one arrow stands a `junction`; on a page they stand on one `tray`, and
    a junction is the ring at which others that are about the relation end.
    """

    id: str
    kind: RelationKind
    paths: list[PathOut]
    junction: tuple[float, float] | None = None
    tray: BoxOut | None = None


class LayoutOut(BaseModel):
    """A laid-out map; all lengths in points from the top left of what is drawn, without margin, title and legend."""

    width: float
    height: float
    claims: list[CardOut]
    relations: list[RouteOut]
    references: list[ReferenceOut] = []
    grounds: list[GroundOut] = []

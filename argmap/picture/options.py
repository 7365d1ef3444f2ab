"""What a caller may ask of a picture."""

import hashlib
import re
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from argmap.model import ClaimKind, limits
from argmap.model.base import in_digits
from argmap.picture.theme import Detail, Look, Medium, Theme, look_of

_PAGES = {"A4": (842, 595), "A3": (1191, 842), "Letter": (792, 612), "16:9": (960, 540)}
_OWN_PAGE = re.compile(r"([1-9][0-9]{1,4})x([1-9][0-9]{1,4})")


class Arrangement(StrEnum):
    """How a map is laid out: in ranks, for a page, or in ranks unless it is too large for that."""

    AUTO = "auto"
    LAYERED = "layered"
    PAGE = "page"


class Direction(StrEnum):
    """The side of the picture on which the theses stand; reasons spread away from it."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


class Letters(StrEnum):
    """Where a picture's letters come from: from what the reader has, or with the file."""

    SYSTEM = "system"
    EMBED = "embed"


class Spread(StrEnum):
    """How a map is spread over sheets of paper: one by branch each where one sheet for all could not be read."""

    AUTO = "auto"
    ONE = "one"
    BRANCHES = "branches"


LEAST_SCALE, MOST_SCALE = 0.1, 20  # of a poster


def spread_of(value: object) -> Spread | float:
    """Return how a map is to be spread over sheets: by a word, or enlarged by a factor over as many as that takes.

    Raises PydanticCustomError for anything else.
    """
    if value in tuple(Spread):
        return Spread(str(value))
    number = str(value)
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", number):
        scale = float(number)
        if LEAST_SCALE <= scale <= MOST_SCALE:
            return scale
    raise PydanticCustomError(
        "spread",
        "can be {words}, or a scale from {least} to {most}",
        {"words": ", ".join(Spread), "least": LEAST_SCALE, "most": MOST_SCALE},
    )


def _known_page(page: str) -> str:
    if page in _PAGES or _OWN_PAGE.fullmatch(page):
        return page
    raise PydanticCustomError(
        "page",
        "is not a page: it can be A4, A3, Letter, 16:9, or width x height in points, such as 800x600",
    )


def _known_kinds(kinds: str) -> str:
    if not kinds or set(kinds.split(",")) <= set(ClaimKind):
        return kinds
    raise PydanticCustomError(
        "kinds", "can be thesis, premise, evidence and rebuttal, with commas between"
    )


def _ids(ids: str) -> str:
    if not ids or all(re.fullmatch(limits.ID_PATTERN, id) for id in ids.split(",")):
        return ids
    raise PydanticCustomError("ids", "can be ids of claims, with commas between")


def _singular(detail: object) -> object:
    return Detail.LABEL if detail == "labels" else detail


class Part(BaseModel):
    """Which part of a map to show, in a picture or an outline; without any word all of it.

    Raises pydantic.ValidationError for unknown names and values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    focus: Annotated[str, Field(pattern=f"^{limits.ID_PATTERN}$")] | None = Field(
        None, description="Only what is near this claim"
    )
    depth: Annotated[int, Field(ge=1, le=50), BeforeValidator(in_digits)] = Field(
        2, description="How many relations away from `focus` a claim may be"
    )
    branch: bool = Field(
        False,
        description="With `focus`: what bears on the claim, and the way up from it to a thesis",
    )
    hide: Annotated[str, Field(max_length=60), AfterValidator(_known_kinds)] = Field(
        "", description="Kinds of claims to leave out, with commas between: evidence,rebuttal"
    )

    @cached_property
    def _key(self) -> str:
        words = type(self).__pydantic_serializer__.to_json(self, exclude_defaults=True)
        return hashlib.sha256(words).hexdigest()[:16]

    def key(self) -> str:
        """Return a short text that is the same for equal options in every process, for ETags and caches."""
        return self._key


class Options(Part):
    """The options of one picture; two pictures of the same map with equal options are the same."""

    layout: Arrangement = Field(
        Arrangement.AUTO,
        description="`layered`: in ranks; `page`: as legible as can be on a page; "
        "`auto`: in ranks, and large maps for a page",
    )
    direction: Direction | None = Field(
        None,
        description="The side on which the theses stand, in ranks; unless told the top, on a screen the left",
    )
    style: Medium = Field(
        Medium.PAPER,
        description="`paper`: for sheets, slides and reading; `screen`: larger letters and no sources, to work at; "
        "`thumb`: a small picture without text",
    )
    detail: Annotated[Detail, BeforeValidator(_singular)] = Field(
        Detail.FULL,
        description="How much of a claim its card shows: `full`, `short` (label and first sentence) or `label`",
    )
    sides: bool = Field(
        True,
        description="Reasons left and objections right among those that bear on the same claim",
    )
    sizes: bool = Field(
        False,
        description="Cards also carry their first sentence and their label in the largest letters that fit, "
        "for a frontend that shows these where the picture is seen small",
    )
    font: Letters = Field(
        Letters.SYSTEM,
        description="`embed`: the SVG brings the letters of Inter along that it uses, and looks the same everywhere",
    )
    page: Annotated[str, Field(max_length=20), AfterValidator(_known_page)] = Field(
        "A4",
        description="What a `page` layout is made for: A4, A3, Letter (all lying), 16:9, "
        "or width x height in points, such as 800x600",
    )
    theme: Theme = Field(Theme.LIGHT, description="The colours; `auto` follows the reader's system")
    fold: Annotated[str, Field(max_length=2_000), AfterValidator(_ids)] = Field(
        "", description="Claims whose reasons are not drawn but counted, with commas between: c2,c7"
    )
    numbers: bool = Field(False, description="Show the number of each claim in an outline")
    legend: bool | None = Field(
        None,
        description="Explain shapes and lines below the map; unless told, only in a PDF",
    )
    id_prefix: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,63})?$")] = Field(
        "", description="Put before every id in the SVG, so that a page can hold several maps"
    )

    def page_size(self) -> tuple[int, int]:
        """Return the page's width and height in points."""
        own = _OWN_PAGE.fullmatch(self.page)
        return (int(own[1]), int(own[2])) if own else _PAGES[self.page]

    def side(self) -> Direction:
        """Return the side on which the theses stand."""
        if self.direction is not None:
            return self.direction
        return Direction.LEFT if self.style is Medium.SCREEN else Direction.TOP

    def look(self) -> Look:
        """Return how cards are set."""
        return look_of(self.style, self.detail)

"""What a page of a map may be asked to show, and oEmbed (https://oembed.com, version 1.0) on the wire."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from argmap.drawing.overlays import Laid
from argmap.model.base import in_digits
from argmap.picture import Arrangement, Options, Theme

TALL = "360x1400"  # a page as narrow as a phone's screen
_Pixels = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(in_digits)] | None


class View(Options):
    """How an embedded map is shown: made for a screen, unless the address asks for something else.

    What others add to an address (`utm_source` and the like) is passed over.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    layout: Arrangement = Arrangement.PAGE
    page: Annotated[str, Options.model_fields["page"]] = "16:9"
    share: Annotated[str | None, Field(max_length=200)] = None
    overlay: Laid | None = None

    def to_options(self) -> Options:
        """Return the drawing options alone."""
        drawing = {name: getattr(self, name) for name in Options.model_fields}
        return Options(**drawing | {"id_prefix": ""})

    def asked(self) -> dict[str, str]:
        """Return what the address asked for, as words of a query."""
        given = self.model_dump(mode="json", exclude_unset=True, exclude={"id_prefix"})
        return {name: _word(value) for name, value in given.items() if value is not None}

    def picture(self, **more: object) -> str:
        """Return the query of the picture that is shown."""
        laid = {"overlay": self.overlay, "share": self.share}
        given = {name: value for name, value in laid.items() if value is not None}
        words = self.to_options().model_dump(mode="json", exclude_defaults=True) | given | more
        return urlencode({name: _word(value) for name, value in words.items()})

    def narrow(self) -> str | None:
        """Return the query for a screen that is narrow and high; None where a layout is asked for."""
        if {"layout", "page", "direction"} & self.model_fields_set:
            return None
        return self.model_copy(update={"page": TALL}).picture()


class PageView(View):
    """How a map's own page shows it: like an embedded one, in the colours that the reader's system prefers."""

    theme: Theme = Theme.AUTO


class OEmbedQuery(BaseModel):
    """What to embed. Other parameters are passed over: consumers add some of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: Annotated[str, Field(max_length=2000)] = Field(
        description="The address of a map's page on this service"
    )
    maxwidth: _Pixels = Field(None, description="Most pixels that it may be wide")
    maxheight: _Pixels = Field(None, description="Most pixels that it may be high")
    format: Annotated[str, Field(max_length=20)] = Field(
        "json", description="`json`; anything else is answered with 501"
    )


class OEmbedOut(BaseModel):
    """How to embed a map. All sizes in pixels; the thumbnail is left out where it would be too small to show."""

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    provider_name: str = "argmap"
    provider_url: str
    title: str
    author_name: str | None = Field(description="Who wrote the article that the map reads")
    cache_age: int = Field(description="Seconds for which this holds")
    html: str = Field(description="An iframe")
    width: int
    height: int
    thumbnail_url: str | None = Field(None, description="A PNG")
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

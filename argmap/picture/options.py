"""What a caller may ask of a picture."""

import hashlib
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Direction(StrEnum):
    """The side of the picture on which the theses stand; reasons spread away from it."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


class Options(BaseModel):
    """The options of one picture; two pictures of the same map with equal options are the same.

    direction: where the theses stand.
    id_prefix: put before every id in the SVG, so that a page can hold several maps.
    Raises pydantic.ValidationError for unknown names and values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: Direction = Direction.TOP
    id_prefix: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,63})?$")] = ""

    @cached_property
    def _key(self) -> str:
        words = self.model_dump_json(exclude_defaults=True)
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    def key(self) -> str:
        """Return a short text that is the same for equal options in every process, for ETags and caches."""
        return self._key

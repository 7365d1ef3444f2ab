"""What every wire class shares: requests refuse unknown fields, answers are read from records."""

import datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

T = TypeVar("T")


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        raise PydanticCustomError("date_range", "is before year 1 or after year 9999") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time that says its offset, kept in UTC; without an offset nobody could know when it is."""


class In(BaseModel):
    """A request body or a set of query parameters; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Out(BaseModel):
    """An answer; `of` reads its fields from the attributes of a record."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    @classmethod
    def of(cls, record: Any) -> Self:
        """Read the answer's fields from the attributes of a record."""
        return cls.model_validate(record)


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the page after it, null on the last one.

    The Link header gives the same as an address (RFC 8288, rel="next").
    """

    items: list[T]
    next: str | None = None


class PageQuery(In):
    """Which page of a list."""

    cursor: Annotated[str | None, Field(max_length=500)] = Field(
        None, description="Where the page begins: `next` of the page before"
    )
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="Most items on a page")
    share: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="A share token of something unlisted"
    )

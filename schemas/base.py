"""What every wire class shares: requests refuse unknown fields, answers are read from records."""

import datetime
import re
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)
from pydantic_core import PydanticCustomError

from argmap.model.base import in_digits

T = TypeVar("T")


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        raise PydanticCustomError("date_range", "is before year 1 or after year 9999") from None


def _as_written(value: object) -> object:
    if isinstance(value, datetime.datetime) or (isinstance(value, str) and _TIME.fullmatch(value)):
        return value
    raise PydanticCustomError("time", "is not a time such as 2026-03-06T09:30:00Z (RFC 3339)")


_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
Moment = Annotated[AwareDatetime, BeforeValidator(_as_written), AfterValidator(_in_utc)]
"""A time as RFC 3339 has it, kept in UTC; without an offset nobody could know when it is."""

Version = Annotated[int, Field(ge=1, le=10**9), BeforeValidator(in_digits)]
"""A version of a map or an article."""


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
    limit: Annotated[int, Field(ge=1, le=200), BeforeValidator(in_digits)] = Field(
        50, description="Most items on a page"
    )
    share: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="A share token of something unlisted"
    )

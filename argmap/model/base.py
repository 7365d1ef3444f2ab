"""What every class of the model shares: frozen values, bounded text, one pattern for ids."""

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from argmap.model import limits

# C0 and C1 controls except tab and newline, and the two code points that XML 1.0 cannot carry.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


class Value(BaseModel):
    """A frozen value of the model: if one exists, it is valid.

    Unknown fields are refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like any new value.

        Raises pydantic.ValidationError when the result would be invalid.
        """
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **changes})


_V = TypeVar("_V", bound=Value)
_PARTS = vars(BaseModel)
_set_fields = _PARTS["__dict__"].__set__
_set_given = _PARTS["__pydantic_fields_set__"].__set__
_set_extra = _PARTS["__pydantic_extra__"].__set__
_set_private = _PARTS["__pydantic_private__"].__set__


def proven(kind: type[_V], given: dict[str, Any]) -> _V:
    """Return a value of fields that are known to be valid: those `given`, the others as they are when left out.

    It does at once what `model_construct` does step by step. For readers, which clean each field of thousands of
    files; tests compare what they make with what validation makes of it.
    """
    value = object.__new__(kind)
    _set_fields(value, {**_left_out(kind), **given})
    _set_given(value, set(given))
    _set_extra(value, None)
    _set_private(value, None)
    return value


@cache
def _left_out(kind: type[Value]) -> dict[str, Any]:
    """Return the fields of a class in their order, each as it is when left out (None where it cannot be)."""
    return {
        name: None if field.is_required() or field.default_factory else field.default
        for name, field in kind.model_fields.items()
    }


def _unify_line_breaks(value: object) -> object:
    if isinstance(value, str) and "\r" in value:
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return value


def without_controls(value: str) -> str:
    """Return the text. Raises PydanticCustomError for a control character in it, and says which and where."""
    found = _FORBIDDEN.search(value)
    if found is None:
        return value
    raise PydanticCustomError(
        "control_character",
        "has the control character {code} at position {position}",
        {"code": f"U+{ord(found[0]):04X}", "position": found.start()},
    )


def _not_blank(value: str) -> str:
    if not value or value.isspace():
        raise PydanticCustomError("blank", "is blank")
    return value


def _one_line(value: str) -> str:
    if "\n" in value:
        raise PydanticCustomError("line_break", "has a line break; it must be one line")
    return value


def _http_url(value: str) -> str:
    _one_line(without_controls(value))
    if not re.match(r"https?://[^\s/]", value, re.IGNORECASE) or re.search(r"\s", value):
        raise PydanticCustomError("url", "is not a link that starts with http:// or https://")
    return value


def _text(limit: int, *checks: Callable[[str], str]) -> Any:
    """Text that may have several lines ("\\r\\n" and "\\r" become "\\n"), of at most `limit` characters."""
    return Annotated[
        str,
        Field(max_length=limit),
        BeforeValidator(_unify_line_breaks),
        _passing(without_controls, *checks),
    ]


def _line(limit: int, *checks: Callable[[str], str]) -> Any:
    """Text without line breaks, of at most `limit` characters."""
    return Annotated[str, Field(max_length=limit), _passing(without_controls, _one_line, *checks)]


def _passing(*checks: Callable[[str], str]) -> AfterValidator:
    """Make all checks in one call, since calls take most of the time; a first look passes nearly every text."""

    def check_all(value: str) -> str:
        if value.isprintable() and value and not value.isspace():
            return value  # nor has it a line break or a control character
        for check in checks:
            value = check(value)
        return value

    return AfterValidator(check_all)


def in_digits(value: object) -> object:
    """Return a value that, if it is text, is a whole number as people write it, without sign, point or blanks.

    Raises PydanticCustomError for other text.
    """
    if isinstance(value, str) and not re.fullmatch("0|[1-9][0-9]{0,17}", value):
        raise PydanticCustomError("whole_number", "is not a whole number written in digits alone")
    return value


def _calendar_day(value: object) -> object:
    day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    if day or (isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise PydanticCustomError("day", "is not a day such as 2026-03-06")


if TYPE_CHECKING:
    ClaimText: TypeAlias = str
    ArticleText: TypeAlias = str
    Note: TypeAlias = str
    Rights: TypeAlias = str
    QuoteExact: TypeAlias = str
    QuoteContext: TypeAlias = str
    MapTitle: TypeAlias = str
    Title: TypeAlias = str
    Label: TypeAlias = str
    Name: TypeAlias = str
    Tag: TypeAlias = str
    Url: TypeAlias = str
else:
    ClaimText = _text(limits.CLAIM_TEXT, _not_blank)
    ArticleText = _text(limits.ARTICLE_TEXT, _not_blank)
    Note = _text(limits.NOTE, _not_blank)
    Rights = _text(limits.RIGHTS, _not_blank)
    QuoteExact = _text(limits.QUOTE_EXACT, _not_blank)
    QuoteContext = _text(limits.QUOTE_CONTEXT)
    MapTitle = _line(limits.TITLE)
    Title = _line(limits.TITLE, _not_blank)
    Label = _line(limits.LABEL, _not_blank)
    Name = _line(limits.NAME, _not_blank)
    Tag = _line(limits.TAG, _not_blank)
    Url = Annotated[str, Field(max_length=limits.URL), AfterValidator(_http_url)]
Language = Annotated[
    str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
]
Id = Annotated[str, StringConstraints(pattern=rf"^{limits.ID_PATTERN}$")]
Weight = Annotated[float, Field(ge=0, le=1, strict=True)]
Day = Annotated[datetime.date, BeforeValidator(_calendar_day)]
Flag = Annotated[bool, Field(strict=True)]

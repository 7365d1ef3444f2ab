"""Parts of a JSON file taken by type, with the path of what has another one."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.report import Losses, LossKind

MAX_ITEMS = 200_000
_NOTHING: tuple[object, ...] = (None, "", [], {})


def as_object(value: Any, place: str) -> Mapping[str, Any]:
    """Return a JSON object; None is an empty one. Raises FormatError with the place."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FormatError("expected an object", place=place[:200])
    _refuse_many(value, place)
    return value


def as_list(value: Any, place: str) -> Sequence[Any]:
    """Return a JSON list; None is an empty one. Raises FormatError with the place."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise FormatError("expected a list", place=place[:200])
    _refuse_many(value, place)
    return value


def as_objects(value: Any, place: str) -> Sequence[Mapping[str, Any]]:
    """Return a JSON list of objects; None is an empty one. Raises FormatError with the place."""
    items = as_list(value, place)
    if set(map(type, items)) - {dict}:
        index = next(index for index, item in enumerate(items) if type(item) is not dict)
        raise FormatError("expected an object", place=f"{place}/{index}"[:200])
    return items


def as_id(value: Any, place: str) -> str:
    """Return an id, which may be a text or a whole number. Raises FormatError with the place."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise FormatError("expected an id (text or a whole number)", place=place[:200])


def report_unread(
    items: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    known: frozenset[str],
    losses: Losses,
    place: str = "",
) -> None:
    """Report each field of an object, or of each object of a list, that has a value and is not a known one."""
    single = isinstance(items, Mapping)
    listed = [items] if isinstance(items, Mapping) else items
    for name in sorted(set().union(*listed) - known):
        values = [item.get(name) for item in listed]
        if values.count(None) < len(values):
            losses.add(
                LossKind.METADATA,
                "A field that a map has no place for was left out.",
                [
                    f"{place}/{name}".lstrip("/") if single else f"{place}/{index}/{name}"
                    for index, value in enumerate(values)
                    if value not in _NOTHING
                ],
            )


def report_stray(
    element: Element, losses: Losses, place: str, text: bool = False, children: bool = False
) -> None:
    """Report words and elements inside an XML element where none are read; `text`, `children`: they are."""
    words = [] if text else [element.text, *(child.tail for child in element)]
    if any(word and not word.isspace() for word in words):
        losses.add(LossKind.TEXT, "Words between the elements were left out.", (place,))
    if not children and len(element):
        losses.add(LossKind.STRUCTURE, "An unknown element was left out.", (place,))


def _refuse_many(value: Any, place: str) -> None:
    if len(value) > MAX_ITEMS:
        raise FormatError(f"this has more than {MAX_ITEMS:,} entries", place=place[:200])

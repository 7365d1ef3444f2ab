"""Fields of the model that a format has no word of its own for, told in the place it has for further data."""

from collections.abc import Iterable, Mapping
from typing import Any

from argmap.formats import clean
from argmap.formats.report import Losses
from argmap.model import Claim, ClaimKind, Relation, limits

_SOURCE = {
    "author": limits.NAME,
    "title": limits.TITLE,
    "publication": limits.NAME,
    "date": limits.LABEL,
}


def tell(item: Claim | Relation, names: Iterable[str]) -> dict[str, Any]:
    """Return those of the named fields that have a value, as JSON."""
    fields = item.model_dump(mode="json", exclude_defaults=True, include=set(names))
    return {name: fields[name] for name in names if name in fields}


def told_fields(
    data: Mapping[str, Any], names: Iterable[str], losses: Losses, place: str
) -> dict[str, Any]:
    """Read what `tell` told back into fields that fit the model; what does not fit is left out."""
    fields: dict[str, Any] = {}
    for name in names:
        value = data.get(name)
        if value is None:
            continue
        fitting = _fitting(name, value, losses, place)
        if fitting is not None:
            fields[name] = fitting
    return fields


def told_kind(data: Mapping[str, Any]) -> ClaimKind | None:
    """Return the kind of claim that the data tell, if any."""
    kind = data.get("kind")
    return ClaimKind(kind) if isinstance(kind, str) and kind in list(ClaimKind) else None


def _fitting(name: str, value: Any, losses: Losses, place: str) -> Any:
    if name == "label":
        return clean.one_line(value, limits.LABEL, losses, place)
    if name == "speaker":
        return clean.one_line(value, limits.NAME, losses, place)
    if name == "note":
        return clean.many_lines(value, limits.NOTE, losses, place)
    if name == "weight":
        return clean.weight(value, losses, place)
    if name == "implicit":
        return True if value is True else None
    if name == "tags":
        return clean.tags(value, losses, place) if isinstance(value, list) else None
    if name == "scheme":
        return _scheme(value, losses, place)
    if name == "source":
        return _source(value, losses, place)
    return None


def _source(value: Any, losses: Losses, place: str) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    parts = {
        name: clean.one_line(value.get(name), limit, losses, place)
        for name, limit in _SOURCE.items()
    }
    found = {
        name: part for name, part in {**parts, "url": clean.url(value.get("url"))}.items() if part
    }
    return found or None


def _scheme(value: Any, losses: Losses, place: str) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    key, name = value.get("key"), clean.one_line(value.get("name"), limits.NAME, losses, place)
    fits = isinstance(key, str) and clean.is_key(key)
    found = {**({"key": key} if fits else {}), **({"name": name} if name else {})}
    return found or None

"""Fields of the model that a format has no word of its own for, told in the place it has for further data."""

from collections.abc import Iterable, Mapping
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.report import Losses
from argmap.formats.source.json_parts import report_unread
from argmap.model import Claim, ClaimKind, Relation, limits

_SOURCE = {
    "author": limits.NAME,
    "title": limits.TITLE,
    "publication": limits.NAME,
    "date": limits.LABEL,
}
_OF_SOURCE = frozenset({*_SOURCE, "url"})
_OF_SCHEME = frozenset({"key", "name"})


def tell(item: Claim | Relation, names: Iterable[str]) -> dict[str, Any]:
    """Return those of the named fields that have a value, as JSON."""
    fields = item.model_dump(mode="json", exclude_defaults=True, include=set(names))
    return {name: fields[name] for name in names if name in fields}


def told_fields(
    data: Mapping[str, Any], names: Iterable[str], losses: Losses, place: str
) -> dict[str, Any]:
    """Read what `tell` told back into fields that fit the model; what does not fit is reported and left out."""
    fields: dict[str, Any] = {}
    for name in names:
        value = data.get(name)
        if value is None:
            continue
        fitting = _fitting(name, value, losses, f"{place}: {name}")
        if fitting is not None:
            fields[name] = fitting
    return fields


def told_kind(data: Mapping[str, Any], losses: Losses, place: str) -> ClaimKind | None:
    """Return the kind of claim that the data tell, if any; what is none is reported."""
    kind = data.get("kind")
    if isinstance(kind, str) and kind in list(ClaimKind):
        return ClaimKind(kind)
    fit_fields.left_out(kind, losses, f"{place}: kind")
    return None


def _fitting(name: str, value: Any, losses: Losses, place: str) -> Any:
    if name == "label":
        return fit_fields.one_line(value, limits.LABEL, losses, place)
    if name == "speaker":
        return fit_fields.one_line(value, limits.NAME, losses, place)
    if name == "note":
        return fit_fields.many_lines(value, limits.NOTE, losses, place)
    if name == "weight":
        return fit_fields.weight(value, losses, place)
    if name == "implicit" and isinstance(value, bool):
        return value or None
    if name == "tags" and isinstance(value, (list, str)):
        return fit_fields.tags([value] if isinstance(value, str) else value, losses, place)
    if name == "scheme" and isinstance(value, dict):
        return _scheme(value, losses, place)
    if name == "source" and isinstance(value, (dict, str)):
        return _source(value, losses, place)
    fit_fields.left_out(value, losses, place)
    return None


def _source(told: Mapping[str, Any] | str, losses: Losses, place: str) -> dict[str, Any] | None:
    """Return a source; one that is told as a mere text is its link or its title."""
    if isinstance(told, str):
        told = {"title" if fit_fields.url(told) is None else "url": told}
    report_unread(told, _OF_SOURCE, losses, place)
    parts = {
        name: fit_fields.one_line(told.get(name), limit, losses, f"{place}/{name}")
        for name, limit in _SOURCE.items()
    }
    url = fit_fields.url(told.get("url"))
    if url is None:
        fit_fields.left_out(told.get("url"), losses, f"{place}/url")
    return {name: part for name, part in {**parts, "url": url}.items() if part} or None


def _scheme(value: Mapping[str, Any], losses: Losses, place: str) -> dict[str, Any] | None:
    report_unread(value, _OF_SCHEME, losses, place)
    key = value.get("key")
    name = fit_fields.one_line(value.get("name"), limits.NAME, losses, f"{place}/name")
    fits = isinstance(key, str) and fit_fields.is_key(key)
    if not fits:
        fit_fields.left_out(key, losses, f"{place}/key")
    found = {**({"key": key} if fits else {}), **({"name": name} if name else {})}
    return found or None

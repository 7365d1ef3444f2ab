"""Which form of a map is asked for: by the ending of an address, or by the Accept header (RFC 9110, section 12.5.1)."""

import re
from functools import lru_cache
from typing import NamedTuple

from fastapi import Request

from api.responses.problems import ProblemError
from argmap.errors import UnknownFormat
from argmap.formats import FORMATS, Format

JSON = "application/json"
SVG = "image/svg+xml"
PNG = "image/png"
PDF = "application/pdf"


def format_of(ending: str, name: str | None = None) -> Format:
    """Return the format of that name, or the first, that is written to files of that ending (without its dot).

    Raises ProblemError (404), which names the endings, for an ending that no format has, UnknownFormat for a name that
    no format of that ending has.
    """
    fitting = _endings().get(ending)
    if fitting is None:
        there = ", ".join(f".{name}" for name in sorted({*_endings(), "svg", "png", "pdf"}))
        raise ProblemError(
            "not-found", f"A map is not written as .{ending[:20]}; the endings are {there}."
        )
    if name is None:
        return next(iter(fitting.values()))
    if name not in fitting:
        raise UnknownFormat(f"files of that ending are written in {', '.join(fitting)}")
    return fitting[name]


@lru_cache(maxsize=1)
def _endings() -> dict[str, dict[str, Format]]:
    found: dict[str, dict[str, Format]] = {}
    for format in FORMATS.values():
        if format.dump:
            for ending in format.endings:
                found.setdefault(ending.removeprefix("."), {})[format.name] = format
    return found


def preferred(request: Request) -> str | Format:
    """Return what the client likes best: JSON, SVG, PNG, PDF, or a format.

    Where formats share a media type the first has it; `application/json; format=aif` asks for another.
    Raises ProblemError (406) when none will do.
    """
    accept = request.headers.get("accept")
    if accept is None or accept in ("*/*", JSON):
        return JSON
    return _preferred(accept[:1000])


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """List the media types of a map, JSON first."""
    return tuple(dict.fromkeys(offer.media_type for offer in _offers()))


class _Offer(NamedTuple):
    media_type: str
    format: Format | None = None


class _Range(NamedTuple):
    media_type: str
    format: str | None
    quality: float


def _offers() -> list[_Offer]:
    written = (format for format in FORMATS.values() if format.dump)
    plain = [_Offer(media_type) for media_type in (JSON, SVG, PNG, PDF)]
    return plain + [_Offer(format.media_type, format) for format in written]


@lru_cache(maxsize=256)
def _preferred(accept: str) -> str | Format:
    """An offer has the quality of its most specific range; of equals the earlier range, then the first offer, wins."""
    ranges = [_range(part) for part in accept.split(",")]
    best: tuple[tuple[float, int, int], _Offer] | None = None
    for offer in _offers():
        fitting = [
            (specificity, given.quality, -position)
            for position, given in enumerate(ranges)
            if (specificity := _specificity(given, offer)) > 0
        ]
        if not fitting:
            continue
        specificity, quality, order = max(fitting)
        rank = (quality, specificity, order)
        if quality > 0 and (best is None or rank > best[0]):
            best = (rank, offer)
    if best is None:
        detail = f"A map can be had as {', '.join(offered())}."
        raise ProblemError("not-acceptable", detail, headers={"Vary": "Accept"})
    offer = best[1]
    return offer.format or offer.media_type


def _range(part: str) -> _Range:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality, format = 1.0, None
    for parameter in parameters:
        if parameter.startswith("q="):
            match = re.fullmatch(r"[01](\.[0-9]{0,3})?", parameter[2:])
            quality = min(1.0, float(match[0])) if match else 0.0
        elif parameter.startswith("format="):
            format = parameter[7:].strip('"')
    return _Range(name, format, quality)


def _specificity(given: _Range, offer: _Offer) -> int:
    if given.format is not None:
        named = offer.format is not None and offer.format.name == given.format
        return 4 if named and given.media_type == offer.media_type else 0
    if given.media_type == offer.media_type:
        return 3
    if given.media_type == "*/*":
        return 1
    wild = given.media_type.endswith("/*") and offer.media_type.startswith(given.media_type[:-1])
    return 2 if wild else 0

"""A stored map as bytes: its JSON answer, its files, what of it a reader may see, and which form they asked for."""

import datetime
import json
import re
from functools import lru_cache

from fastapi import Request, Response

from api.caching import kept_headers, not_modified
from api.problems import ProblemError
from argmap import formats, picture
from argmap.errors import NotFound, UnknownFormat
from argmap.model import ArgumentMap, canonical
from argmap.store import Session, articles
from argmap.store.records import Asker, StoredMap

SVG = "image/svg+xml"
PNG = "image/png"
# A picture is shown, never run: no scripts, no requests, only its own style.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"


def shown_map(stored: StoredMap) -> ArgumentMap:
    """Return the map as the asker may see it: without the words around quotes when the article is not for them."""
    return stored.map if stored.article_visible else _without_context(stored.map)


def with_article(session: Session, stored: StoredMap, asker: Asker) -> ArgumentMap:
    """Return the map as the asker may see it, its article with it where they may see that too."""
    map = shown_map(stored)
    if not stored.article_visible or stored.article_id is None:
        return map
    newest = articles.article(session, asker, stored.article_id)
    if stored.article_version in (None, newest.version):
        return map.replace(article=newest.article)
    # an earlier map is anchored in the text as it then was
    then = articles.article(session, asker, stored.article_id, version=stored.article_version)
    return map.replace(article=newest.article.replace(text=then.article.text))


def map_tag(stored: StoredMap) -> str:
    """Return the entity tag of a map's JSON: its version, marked when parts are held back."""
    return str(stored.version) if stored.article_visible else f"{stored.version}-q"


def map_json(stored: StoredMap) -> bytes:
    """Write the JSON answer of a map: what the store adds, spliced with the stored bytes."""
    envelope = (
        f'{{"id":"{stored.id}","owner":"{stored.owner}","visibility":"{stored.visibility}",'
        f'"quotes_only":{"true" if stored.quotes_only else "false"},'
        f'"article_id":{_text(stored.article_id)},"article_version":{stored.article_version or "null"},'
        f'"version":{stored.version},"created":"{_time(stored.created)}",'
        f'"updated":"{_time(stored.updated)}"'
    ).encode()
    body = stored.body
    if not stored.article_visible:
        body = canonical(shown_map(stored))
    return envelope + (b"}" if body == b"{}" else b"," + body[1:])


def json_answer(request: Request, stored: StoredMap, asker: Asker) -> Response:
    """Answer a map as JSON, or that the client has it already."""
    tag = map_tag(stored)
    if not_modified(request, tag):
        return unchanged(asker, tag)
    return Response(
        map_json(stored), headers=kept_headers(asker, tag), media_type="application/json"
    )


def whole_tag(stored: StoredMap) -> str:
    """Return the tag of a map together with its article, whose citation may change by itself."""
    article = "" if stored.article_newest is None else f".{stored.article_newest}"
    return map_tag(stored) + article


def picture_tag(stored: StoredMap, options: picture.Options) -> str:
    """Return the entity tag of a picture: the map's version, the options, the revision of the picture code."""
    return f"{whole_tag(stored)}-{options.key()}-{picture.REVISION}"


def picture_answer(
    request: Request,
    asker: Asker,
    tag: str,
    data: bytes | None,
    pinned: bool,
    media_type: str = SVG,
) -> Response:
    """Answer a picture (none: the client has it); a pinned address always gives the same one.

    Private caches may keep a pinned picture for a year; shared ones for five minutes, so that erasing reaches them.
    """
    sent = kept_headers(asker, tag)
    sent["Content-Security-Policy"] = PICTURE_POLICY
    if pinned:
        kept = "s-maxage=300, " if asker.account_id is None else "private, "
        sent["Cache-Control"] = f"{kept}max-age=31536000, immutable"
    if data is None or not_modified(request, tag):
        return Response(status_code=304, headers=sent)
    return Response(data, headers=sent, media_type=media_type)


def unchanged(asker: Asker, tag: str) -> Response:
    """Return the 304 of an answer that the client has already."""
    return Response(status_code=304, headers=kept_headers(asker, tag))


def format_of(ending: str, name: str | None = None) -> formats.Format:
    """Return the format of that name, or the first, that is written to files of that ending (without its dot).

    Raises NotFound when there is none of that ending, UnknownFormat when none of that ending has the name.
    """
    fitting = _endings().get(ending)
    if fitting is None:
        raise NotFound("no such file")
    if name is None:
        return next(iter(fitting.values()))
    if name not in fitting:
        raise UnknownFormat(f"files of that ending are written in {', '.join(fitting)}")
    return fitting[name]


def format_of_type(media_type: str) -> formats.Format:
    """Return the first format that is written in one of the media types that are `offered`."""
    written = (format for format in formats.FORMATS.values() if format.dump)
    return next(format for format in written if format.media_type == media_type)


def preferred(request: Request) -> str:
    """Return the media type that the client likes best, of those a map has.

    Raises ProblemError (406) when none will do.
    """
    accept = request.headers.get("accept")
    if accept is None or accept in ("*/*", "application/json"):
        return "application/json"
    return _preferred(accept[:1000])


@lru_cache(maxsize=256)
def _preferred(accept: str) -> str:
    """Choose by RFC 9110, section 12.5.1: the most specific range decides the quality of each offer."""
    ranges = [_range(part, position) for position, part in enumerate(accept.split(","))]
    best: tuple[tuple[float, int, int], str] | None = None
    for offer in offered():
        fitting = [
            (_specificity(name, offer), quality, -position)
            for name, quality, position in ranges
            if _specificity(name, offer) > 0
        ]
        if not fitting:
            continue
        specificity, quality, order = max(fitting)
        rank = (quality, specificity, order)
        if quality > 0 and (best is None or rank > best[0]):
            best = (rank, offer)
    if best is None:
        raise ProblemError("not-acceptable", f"A map can be had as {', '.join(offered())}.")
    return best[1]


def _range(part: str, position: int) -> tuple[str, float, int]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        if parameter.startswith("q="):
            match = re.fullmatch(r"[01](\.[0-9]{0,3})?", parameter[2:])
            quality = min(1.0, float(match[0])) if match else 0.0
    return name, quality, position


def _specificity(name: str, offer: str) -> int:
    if name == offer:
        return 3
    if name.endswith("/*") and name != "*/*" and offer.startswith(name[:-1]):
        return 2
    return 1 if name == "*/*" else 0


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """List the media types of a map, JSON first."""
    written = [format.media_type for format in formats.FORMATS.values() if format.dump]
    return tuple(dict.fromkeys(["application/json", SVG, PNG, *written]))


@lru_cache(maxsize=1)
def _endings() -> dict[str, dict[str, formats.Format]]:
    found: dict[str, dict[str, formats.Format]] = {}
    for format in formats.FORMATS.values():
        if format.dump:
            for ending in format.endings:
                found.setdefault(ending.removeprefix("."), {})[format.name] = format
    return found


def _time(value: datetime.datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _text(value: str | None) -> str:
    return json.dumps(value)


def _without_context(map: ArgumentMap) -> ArgumentMap:
    return map.replace(
        claims=tuple(
            claim.replace(
                quotes=tuple(quote.replace(prefix="", suffix="") for quote in claim.quotes)
            )
            if claim.quotes
            else claim
            for claim in map.claims
        )
    )

"""oEmbed (https://oembed.com, version 1.0): how pages of other services embed a map."""

import math
import re
from html import escape
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.deps import Data, Drawing
from api.jobs.pictures import SVG_OF, drawn, laid_over
from api.responses.answers import PREFIX, answer
from api.responses.caching import finished
from api.responses.maps import with_article
from api.responses.problems import ProblemError, base_url
from argmap.errors import NotFound
from argmap.model import ArgumentMap
from argmap.store import Database
from argmap.store.records import ANONYMOUS, StoredMap
from schemas.embeds import OEmbedOut, OEmbedQuery, View

router = APIRouter(tags=["embeds"])

WIDTH, HEIGHT = 800, 600  # of an iframe, at most, unless less is asked for; in pixels
THUMBNAIL = (480, 360)
SECONDS = 300  # that an answer holds: what shared caches may keep of a picture
_PER_POINT = 96 / 72  # pixels, at a scale of 1
_LEAST_SCALE = 0.1  # of a PNG
_PATH = re.compile(r"/maps/([A-Za-z0-9_-]{1,64})(?:/embed)?/?")
_SIZE = re.compile(rb'(?:width|height)="([0-9.]+)pt"')


@router.get("/oembed", operation_id="embed_map", response_model=OEmbedOut)
async def embed_map(
    request: Request, query: Annotated[OEmbedQuery, Query()], database: Data, desk: Drawing
) -> Response:
    """Say how to embed a public map: an iframe of its page `/embed`, and a picture for previews.

    Options of the picture in the address (`?layout=page&theme=dark`) hold for the embedded map too. What is not
    public is as absent (404); for an address with a share token the answer is 401, whatever it leads to.
    """
    if query.format != "json":
        raise ProblemError("not-implemented", "Only the format json is offered.")
    map_id, view = _named(query.url, base_url(request))
    stored = await database.hot.map(map_id, ANONYMOUS)
    if stored is None:
        raise NotFound("no such map")
    map = await run_in_threadpool(_read, stored, database)
    form = laid_over(SVG_OF, view.overlay)
    svg = await drawn(request, stored, ANONYMOUS, database, desk, view.to_options(), form)
    sizes = [round(float(points) * _PER_POINT) for points in _SIZE.findall(svg[:1000])]
    embed = _embed(base_url(request), map_id, map, view, (sizes[0], sizes[1]), query)
    request.scope["argmap.asker"] = ANONYMOUS  # whoever asked: this is for all
    return finished(request, answer(embed.model_dump_json(exclude_none=True).encode()))


def _named(url: str, service: str) -> tuple[str, View]:
    """Return the map that an address of this service leads to, and how it is to be shown.

    Raises NotFound, and ProblemError (401) for an address with a share token.
    """
    try:
        asked, own = urlsplit(url), urlsplit(service)
        given = dict(parse_qsl(asked.query))
    except ValueError:
        raise NotFound("no address of this service") from None
    match = _PATH.fullmatch(asked.path.removeprefix(own.path))
    here = asked.scheme in ("http", "https") and asked.netloc.lower() == own.netloc.lower()
    if match is None or not here or not asked.path.startswith(own.path):
        raise NotFound("no address of this service")
    if "share" in given:
        raise ProblemError("not-public", "The address has a share token; link to it instead.")
    try:
        return match[1], View.model_validate(given)
    except ValidationError:
        raise NotFound("no page shows a map so") from None


def _read(stored: StoredMap, database: Database) -> ArgumentMap:
    with database.read() as session:
        return with_article(session, stored, ANONYMOUS)


def _embed(
    service: str,
    map_id: str,
    map: ArgumentMap,
    view: View,
    size: tuple[float, float],
    query: OEmbedQuery,
) -> OEmbedOut:
    """Put the answer together; `size` is that of the picture in pixels."""
    title = map.title or (map.article.title if map.article else "") or "Argument map"
    width = min(WIDTH, query.maxwidth or WIDTH)
    height = min(HEIGHT, query.maxheight or HEIGHT, max(240, round(width * size[1] / size[0])))
    shown = urlencode(view.asked())
    address = f"{service}/maps/{map_id}/embed" + (f"?{shown}" if shown else "")
    embed = OEmbedOut(
        provider_url=service,
        title=title,
        author_name=", ".join(map.article.authors) or None if map.article else None,
        cache_age=SECONDS,
        html=f'<iframe src="{escape(address)}" width="{width}" height="{height}" '
        f'title="Argument map: {escape(title)}" loading="lazy" allowfullscreen frameborder="0"></iframe>',
        width=width,
        height=height,
    )
    most = (
        min(THUMBNAIL[0], query.maxwidth or THUMBNAIL[0]),
        min(THUMBNAIL[1], query.maxheight or THUMBNAIL[1]),
    )
    scale = math.floor(min(1.0, most[0] / size[0], most[1] / size[1]) * 1000) / 1000
    if scale < _LEAST_SCALE:
        return embed
    picture = f"{service}{PREFIX}/maps/{map_id}.png?{view.picture(scale=scale)}"
    return embed.model_copy(
        update={
            "thumbnail_url": picture,
            "thumbnail_width": max(1, round(size[0] * scale)),
            "thumbnail_height": max(1, round(size[1] * scale)),
        }
    )

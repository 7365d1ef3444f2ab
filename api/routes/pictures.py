"""The hot reads: a map as JSON, picture or file, each from one row and on the event loop."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth import Reader
from api.deps import Data, Drawing
from api.jobs import files
from api.jobs.desk import Desk
from api.jobs.pictures import (
    LAYOUT,
    SVG_OF,
    Form,
    drawn,
    laid_over,
    pdf_of,
    png_of,
)
from api.requests.body import StrictRoute
from api.requests.negotiation import PDF, PNG, SVG, format_of, offered, preferred
from api.requests.preconditions import not_modified
from api.resources import ReadableMap
from api.responses.caching import kept_headers
from api.responses.maps import (
    PICTURE_POLICY,
    as_pinned,
    file_tag,
    is_pinned,
    json_answer,
    map_json,
    map_tag,
    picture_answer,
    picture_tag,
)
from argmap import formats, picture
from argmap.picture import Part
from argmap.store import Database
from argmap.store.maps import history
from argmap.store.records import Asker, StoredMap
from schemas.maps import MapOut
from schemas.pictures import LayoutOut, MapFileQuery, PdfQuery, PictureQuery, PngQuery

router = APIRouter(prefix="/maps", tags=["maps"], route_class=StrictRoute)

_PLAIN = PictureQuery()
_DRAWN = {SVG: SVG_OF, PNG: png_of(PngQuery().scale), PDF: pdf_of(picture.Spread.AUTO, False)}
FILES: dict[str, Any] = {"content": {name: {} for name in offered()}}


@router.get(
    "/{map_id}.svg",
    operation_id="draw_map",
    response_class=Response,
    responses={200: {"content": {SVG: {}}, "description": "The picture"}},
    tags=["pictures"],
)
async def draw_map(
    newest: ReadableMap,
    request: Request,
    query: Annotated[PictureQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Draw a map as SVG.

    The ids, classes and data attributes in it are a contract for frontends (docs/svg.md). With `version` and
    `revision` the address always gives the same picture and may be kept for a year.
    """
    stored = await stored_at(newest, query.version, asker, database)
    return await _picture(request, stored, asker, database, desk, query, SVG_OF)


@router.get(
    "/{map_id}.png",
    operation_id="draw_map_as_png",
    response_class=Response,
    responses={200: {"content": {PNG: {}}, "description": "The picture"}},
    tags=["pictures"],
)
async def draw_map_as_png(
    newest: ReadableMap,
    request: Request,
    query: Annotated[PngQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Draw a map as PNG at any scale, of at most 64 million pixels."""
    stored = await stored_at(newest, query.version, asker, database)
    return await _picture(request, stored, asker, database, desk, query, png_of(query.scale))


@router.get(
    "/{map_id}.pdf",
    operation_id="draw_map_as_pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The picture"}},
    tags=["pictures"],
)
async def draw_map_as_pdf(
    newest: ReadableMap,
    request: Request,
    query: Annotated[PdfQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Set a map on paper: on one sheet or several, with or without a handout of all texts and sources."""
    stored = await stored_at(newest, query.version, asker, database)
    form = pdf_of(query.poster, query.handout)
    return await _picture(request, stored, asker, database, desk, query, form)


@router.get(
    "/{map_id}/layout",
    operation_id="lay_out_map",
    response_model=LayoutOut,
    tags=["pictures"],
)
async def lay_out_map(
    newest: ReadableMap,
    request: Request,
    query: Annotated[PictureQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Read where the picture has its cards, lines of text and arrows, for frontends that draw themselves.

    It takes the parameters of the picture, so that one query fits both; those that only concern colours, numbers,
    legend and ids change nothing here.
    """
    stored = await stored_at(newest, query.version, asker, database)
    return await _picture(request, stored, asker, database, desk, query, LAYOUT)


@router.get(
    "/{map_id}.{ending}",
    operation_id="write_map_file",
    response_class=Response,
    responses={200: {**FILES, "description": "The file"}},
)
async def write_map_file(
    newest: ReadableMap,
    ending: str,
    request: Request,
    query: Annotated[MapFileQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Write a map out in the format of that file ending: `json`, `dot`, `md` and the others of /formats.

    Where several formats have that ending, `format` names another than the first; in `xlsx`, `sheet=flow` is a flow.
    `Argmap-Losses` counts what the format could not carry over; `/losses` tells what that is. `focus`, `depth` and
    `hide` mean what they mean for a picture.
    """
    # first, since which endings there are does not depend on the map
    format = format_of(ending, query.format_name())
    stored = await stored_at(newest, query.version, asker, database)
    return await _file(request, stored, format, query.to_part(), asker, database, desk)


@router.get(
    "/{map_id}",
    operation_id="read_map",
    response_model=MapOut,
    responses={200: {**FILES, "description": "The map, in the form that Accept asks for"}},
)
async def read_map(
    newest: ReadableMap, request: Request, asker: Reader, database: Data, desk: Drawing
) -> Response:
    """Read a whole map as JSON, or by `Accept` as picture, outline or another format.

    Where formats share a media type, `application/json; format=aif` asks for that one.
    """
    stored = newest
    return await represented(request, stored, asker, database, desk)


async def represented(
    request: Request, stored: StoredMap, asker: Asker, database: Database, desk: Desk
) -> Response:
    """Answer a map in the form that Accept asks for. Raises ProblemError (406)."""
    wanted = preferred(request)
    if isinstance(wanted, formats.Format):
        return await _file(request, stored, wanted, Part(), asker, database, desk)
    form = _DRAWN.get(wanted)
    if form is None:
        tag = map_tag(stored)
        return json_answer(asker, tag, None if not_modified(request, tag) else map_json(stored))
    return await _picture(request, stored, asker, database, desk, _PLAIN, form)


async def stored_at(
    newest: StoredMap, version: int | None, asker: Asker, database: Database
) -> StoredMap:
    """Return a map at a version, which may be the newest. Raises NotFound."""
    if version is None or version == newest.version:
        return newest
    return await run_in_threadpool(_earlier, newest.id, version, asker, database)


def _earlier(map_id: str, version: int, asker: Asker, database: Database) -> StoredMap:
    with database.read() as session:
        return history.map_at(session, asker, map_id, version)


async def _picture(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    query: PictureQuery,
    form: Form,
) -> Response:
    """Answer a picture, or that the client has it already."""
    options, form = query.to_options(), laid_over(form, query.overlay)
    pinned = is_pinned(query)
    if pinned:
        stored = as_pinned(stored)
    tag = picture_tag(stored, options) + form.mark
    data = None
    if not not_modified(request, tag):
        data = await drawn(request, stored, asker, database, desk, options, form)
    return picture_answer(asker, tag, data, pinned, form.media_type)


async def _file(
    request: Request,
    stored: StoredMap,
    format: formats.Format,
    part: Part,
    asker: Asker,
    database: Database,
    desk: Desk,
) -> Response:
    """Answer a map, or a part of it, in a format, or that the client has it already."""
    tag = file_tag(stored, format.name, part)
    sent = kept_headers(asker, tag)
    sent["Content-Security-Policy"] = PICTURE_POLICY
    if not_modified(request, tag):
        return Response(status_code=304, headers=sent)
    file = await files.written(request, stored, asker, database, desk, format.name, part)
    media_type = format.media_type
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    sent["Argmap-Losses"] = str(file.losses)
    return Response(file.data, headers=sent, media_type=media_type)

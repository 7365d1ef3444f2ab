"""Whole maps: create, list, read, replace, change, delete, many at once."""

import tempfile
import zipfile
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.auth import Member, Reader
from api.deps import Data, Post, Write
from api.requests.body import StrictRoute
from api.requests.preconditions import IfMatch, RequiredIfMatch
from api.resources import EditableMap, OwnedMap
from api.responses.answers import answer, chunks, gone, listed
from api.responses.maps import map_json, map_tag, orphans_in
from argmap.errors import Fault
from argmap.model import ArgumentMap, Counters
from argmap.model.edits import Names, patch_map, refusing_with, replace_content
from argmap.store import Database, Session, articles
from argmap.store.access import sharing
from argmap.store.maps import maps
from argmap.store.records import Asker, StoredMap, Subject, Visibility
from schemas.base import Page
from schemas.maps import (
    CreatedMapOut,
    CreatedMapsOut,
    MapEnvelope,
    MapIn,
    MapOut,
    MapPatch,
    MapPut,
    MapQuery,
    MapsIn,
    MapSummaryOut,
    WrittenMapOut,
)

router = APIRouter(prefix="/maps", tags=["maps"], route_class=StrictRoute)


@router.post("", status_code=201, operation_id="create_map", response_model=WrittenMapOut)
def create_map(body: MapIn, post: Post) -> Response:
    """Store a map, of an article (`article_id`, or a new one that comes along in `article`) or without one."""
    return post.once(lambda session: create_one(session, post.asker, body))


@router.post("/batch", status_code=201, operation_id="create_maps", response_model=CreatedMapsOut)
def create_maps(body: MapsIn, post: Post) -> Response:
    """Store up to 1,000 maps in one request: all or none. Answers ids and versions in the order sent."""

    def create(session: Session) -> Response:
        stored = _create_many(session, post.asker, body.maps)
        items = [
            CreatedMapOut(
                **MapEnvelope.of(each).model_dump(), names=names, orphans=orphans_in(each)
            )
            for each, names in stored
        ]
        return answer(CreatedMapsOut(items=items), 201)

    return post.once(create)


@router.get("", operation_id="list_maps", response_model=Page[MapSummaryOut])
def list_maps(
    request: Request, query: Annotated[MapQuery, Query()], asker: Reader, database: Data
) -> Response:
    """List the maps that one may see, the newest first, without their content."""
    return list_of(request, query, asker, database)


@router.get(
    ".zip",
    operation_id="export_maps",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A zip of JSON files"}},
)
def export_maps(asker: Member, database: Data) -> Response:
    """Write all of one's own maps into a zip of argmap JSON files."""
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115  closed by the stream
    with database.read() as session, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in maps.export_maps(session, asker):
            archive.writestr(name, data)
    file.seek(0)
    sent = {
        "Content-Disposition": 'attachment; filename="argmap-maps.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chunks(file), headers=sent, media_type="application/zip")


@router.put("/{map_id}", operation_id="replace_map", response_model=WrittenMapOut)
def replace_map(
    map_id: EditableMap, body: MapPut, if_match: RequiredIfMatch, write: Write
) -> Response:
    """Replace the whole content of a map. Needs If-Match with the version that one read."""
    expected = if_match.version()

    names: Names = {}

    def replace(old: ArgumentMap) -> ArgumentMap:
        new, given = body.content(old.counters)
        names.update(given)
        return replace_content(old, new.replace(article=old.article))

    with write.session() as session:
        written = maps.write_map(
            session, write.asker, map_id, replace, action="replaced", expected=expected
        )
    return whole(written.stored, names=names)


@router.patch("/{map_id}", operation_id="change_map", response_model=MapOut)
def change_map(map_id: EditableMap, body: MapPatch, if_match: IfMatch, write: Write) -> Response:
    """Change a map's title, language or origin by a merge patch, and as its owner its visibility."""
    patch = body.model_dump(exclude_unset=True)
    visibility = patch.pop("visibility") if "visibility" in patch else None
    quotes_only = patch.pop("quotes_only") if "quotes_only" in patch else None
    faults = _sharing_faults(body, visibility, quotes_only)

    def change(old: ArgumentMap) -> ArgumentMap:
        with refusing_with(faults):
            return patch_map(old, patch)

    expected = if_match.version()
    with write.session() as session:
        if patch or faults or not {"visibility", "quotes_only"} & body.model_fields_set:
            written = maps.write_map(
                session, write.asker, map_id, change, action="changed", expected=expected
            )
            stored, expected = written.stored, None
        if visibility is not None or quotes_only is not None:
            if visibility is None:
                visibility = maps.map(session, write.asker, map_id).visibility
            sharing.set_visibility(
                session,
                write.asker,
                Subject.MAP,
                map_id,
                Visibility(visibility),
                quotes_only,
                expected=expected,
            )
            stored = maps.map(session, write.asker, map_id)
    return whole(stored)


@router.delete("/{map_id}", status_code=204, operation_id="delete_map")
def delete_map(map_id: OwnedMap, if_match: RequiredIfMatch, write: Write) -> Response:
    """Delete a map; it can be undeleted for 30 days. Needs If-Match with the version that one read."""
    expected = if_match.version()
    with write.session() as session:
        maps.delete_map(session, write.asker, map_id, expected)
    return gone()


@router.post("/{map_id}/undelete", operation_id="undelete_map", response_model=MapOut)
def undelete_map(map_id: str, post: Post) -> Response:
    """Take the deletion of a map back."""
    return post.once(lambda session: whole(maps.undelete_map(session, post.asker, map_id)))


def create_one(session: Session, asker: Asker, body: MapIn) -> Response:
    """Store one new map and answer it whole."""
    ((stored, names),) = _create_many(session, asker, (body,))
    return whole(stored, 201, names=names)


def list_of(request: Request, query: MapQuery, asker: Asker, database: Database) -> Response:
    """Answer one page of the maps that fit a query."""
    wanted = filter_of(query)
    with database.read() as session:
        page = maps.maps(session, asker, wanted, query.cursor, query.limit)
    return listed(request, page, MapSummaryOut)


def filter_of(query: MapQuery) -> maps.MapFilter:
    """Return which maps a query asks for."""
    asked = query.model_dump(exclude={"cursor", "limit", "share", "sort"})
    return maps.MapFilter(**asked, by_change=query.sort == "changed")


def whole(stored: StoredMap, status: int = 200, *, names: Names | None = None) -> Response:
    """Answer a whole map as JSON, with its version as the tag and the ids that temporary `names` got."""
    location = f"/maps/{stored.id}" if status == 201 else None
    return answer(map_json(stored, names), status, tag=map_tag(stored), location=location)


def _create_many(
    session: Session, asker: Asker, bodies: Sequence[MapIn]
) -> list[tuple[StoredMap, Names]]:
    """Store new maps, those of the same article and visibility together; returned in the order sent."""
    groups: dict[tuple[str | None, Visibility], list[int]] = {}
    contents: list[ArgumentMap] = []
    named: list[Names] = []
    for index, body in enumerate(bodies):
        content, names = body.content(Counters())
        named.append(names)
        article_id = body.article_id
        if article_id is None and content.article is not None:
            article = articles.create_article(session, asker, content.article, body.visibility)
            article_id = article.id
        contents.append(content.replace(article=None))
        groups.setdefault((article_id, body.visibility), []).append(index)
    stored: dict[int, StoredMap] = {}
    for (article_id, visibility), indices in groups.items():
        made = maps.create_maps(
            session,
            asker,
            [contents[index] for index in indices],
            article_id=article_id,
            visibility=visibility,
        )
        stored.update(zip(indices, made, strict=True))
    return [(stored[index], names) for index, names in enumerate(named)]


def _sharing_faults(body: MapPatch, visibility: Any, quotes_only: Any) -> list[Fault]:
    faults = []
    if "visibility" in body.model_fields_set and visibility not in list(Visibility):
        faults.append(Fault("visibility", "enum", f"is one of {', '.join(Visibility)}"))
    if "quotes_only" in body.model_fields_set and not isinstance(quotes_only, bool):
        faults.append(Fault("quotes_only", "bool_type", "is true or false"))
    return faults

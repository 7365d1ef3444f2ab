"""The history of a map: list, read an earlier version, compare, undo, restore."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth import Member, Reader
from api.deps import Data, Drawing, Post, Preferred
from api.requests.body import StrictRoute
from api.requests.preconditions import IfMatch
from api.resources import EditableMap, ReadableMap
from api.responses.answers import answer, listed
from api.routes.items import written_answer
from api.routes.maps import whole
from api.routes.pictures import FILES, represented, stored_at
from argmap.store.maps import history
from schemas.base import Page, PageQuery, Version
from schemas.history import DifferenceOut, EntryOut, StepsOut
from schemas.maps import ChangesOut, MapOut

router = APIRouter(prefix="/maps/{map_id}", tags=["history"], route_class=StrictRoute)


@router.get("/history", operation_id="list_history", response_model=Page[EntryOut])
def list_history(
    newest: ReadableMap,
    request: Request,
    query: Annotated[PageQuery, Query()],
    asker: Reader,
    database: Data,
) -> Response:
    """List how each version of a map came about, the newest first."""
    with database.read() as session:
        page = history.entries(session, asker, newest.id, query.cursor, query.limit)
    return listed(request, page, EntryOut)


@router.get("/history/{version}", operation_id="read_history_entry", response_model=EntryOut)
def read_history_entry(
    newest: ReadableMap, version: Version, asker: Reader, database: Data
) -> Response:
    """Read how one version of a map came about."""
    with database.read() as session:
        return answer(EntryOut.of(history.entry(session, asker, newest.id, version)))


@router.get(
    "/versions/{version}",
    operation_id="read_map_version",
    response_model=MapOut,
    responses={200: {**FILES, "description": "The map, in the form that Accept asks for"}},
)
async def read_map_version(
    newest: ReadableMap,
    version: Version,
    request: Request,
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Read a map as it was at one of its versions, in the form that Accept asks for."""
    stored = await stored_at(newest, version, asker, database)
    return await represented(request, stored, asker, database, desk)


@router.get("/difference", operation_id="compare_versions", response_model=DifferenceOut)
def compare_versions(
    newest: ReadableMap,
    asker: Reader,
    database: Data,
    before: Annotated[Version, Query(alias="from", description="A version")],
    after: Annotated[Version, Query(alias="to", description="A version")],
) -> Response:
    """List the changes that turn one version of a map into another (also backwards)."""
    with database.read() as session:
        changes = history.difference(session, asker, newest.id, before, after)
    return answer(DifferenceOut(before=before, after=after, changes=list(changes)))


@router.post("/history/{version}/undo", operation_id="undo", response_model=MapOut)
def undo(map_id: EditableMap, version: Version, post: Post) -> Response:
    """Take back what one of one's own entries changed, as a new version.

    Refused (409) when another's edit stands in the way, which the answer names.
    """
    return post.once(
        lambda session: whole(history.undo(session, post.asker, map_id, version).stored)
    )


@router.get("/steps", operation_id="list_steps", response_model=StepsOut)
def list_steps(newest: ReadableMap, asker: Member, database: Data) -> Response:
    """Say what one's next undo and redo would take back: of one's own changes alone, whenever they were made."""
    with database.read() as session:
        return answer(StepsOut.of(history.steps(session, asker, newest.id)))


@router.post(
    "/undo",
    operation_id="undo_step",
    response_model=MapOut,
    responses={200: {"model": MapOut | ChangesOut}},
)
def undo_step(map_id: EditableMap, post: Post, prefer: Preferred) -> Response:
    """Undo one's latest change that is not undone yet, as a new version.

    Refused (409) when there is none, or when another's later edit builds on it.
    """
    return post.once(
        lambda session: written_answer(history.step(session, post.asker, map_id), prefer)
    )


@router.post(
    "/redo",
    operation_id="redo_step",
    response_model=MapOut,
    responses={200: {"model": MapOut | ChangesOut}},
)
def redo_step(map_id: EditableMap, post: Post, prefer: Preferred) -> Response:
    """Redo what one undid last, as a new version; a change made since leaves nothing to redo (409)."""
    return post.once(
        lambda session: written_answer(history.step(session, post.asker, map_id, redo=True), prefer)
    )


@router.post("/versions/{version}/restore", operation_id="restore_version", response_model=MapOut)
def restore_version(
    map_id: EditableMap, version: Version, if_match: IfMatch, post: Post
) -> Response:
    """Bring a whole earlier version back as a new one."""
    expected = if_match.version()
    return post.once(
        lambda session: whole(
            history.restore(session, post.asker, map_id, version, expected).stored,
        )
    )

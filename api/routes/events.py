"""The event stream of a map: every change as it happens, and who is there."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.auth import Member, Reader, reader
from api.deps import Data, Watching
from api.live import Live, Room, access_name
from api.requests.body import StrictRoute
from api.responses.answers import gone
from api.responses.events import HEARTBEAT, EventStream, event, retry
from api.responses.problems import ProblemError
from argmap.errors import ArgmapError, NotFound
from argmap.store import Database, accounts
from argmap.store.records import Access, Asker, Standing
from schemas.base import In, Version
from schemas.events import (
    AccessEvent,
    ChangeEvent,
    EndEvent,
    OpenEvent,
    PeopleEvent,
    PersonOut,
    PresenceIn,
    ResetEvent,
    Tab,
)

MOST_STREAMS = 2_000  # of one process
MOST_MISSED = 500  # versions that are sent one by one to somebody who was away
BATCH = 50
HEARTBEAT_SECONDS = 15.0
PEOPLE_SECONDS = 0.25  # between two lists of who is there
MOST_PEOPLE = 100  # that a list names
TROUBLE_SECONDS = 1.0  # to wait when the database does not answer
RETRY_MILLISECONDS = 1_000

router = APIRouter(prefix="/maps/{map_id}", tags=["events"], route_class=StrictRoute)


class EventsQuery(In):
    """Where the stream begins, and who looks."""

    after: Version | None = Field(
        None, description="The version that one has; `Last-Event-ID` goes before it"
    )
    tab: Tab | None = Field(
        None, description="A name of one's own making for this window, to be shown to others in it"
    )
    share: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="A share token of something unlisted"
    )


_EVENTS: dict[str, type[BaseModel]] = {
    "open": OpenEvent,
    "change": ChangeEvent,
    "reset": ResetEvent,
    "access": AccessEvent,
    "people": PeopleEvent,
    "end": EndEvent,
}


@router.get(
    "/events",
    operation_id="stream_map",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events. "
            + " ".join(f"`{name}`: {kind.__name__}." for name, kind in _EVENTS.items()),
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def stream_map(
    map_id: str,
    request: Request,
    query: Annotated[EventsQuery, Query()],
    asker: Reader,
    database: Data,
    live: Watching,
    last_event_id: Annotated[
        str | None, Header(description="The id of the last event that one has: a version")
    ] = None,
) -> Response:
    """Stream a map's changes as they happen, as server-sent events.

    The id of an event is the map's version. The stream begins after `Last-Event-ID`, or after the version in `after`,
    without a gap; without both, with what comes next. It ends when one may no longer read the map. A comment comes
    every 15 seconds when nothing happens.
    """
    standing = await database.hot.standing(map_id, asker)
    if standing is None:
        raise NotFound("the map does not exist")
    if live.streams >= MOST_STREAMS:
        raise ProblemError("busy", "Too many event streams are open; try again later.")
    after = query.after
    if last_event_id is not None and re.fullmatch(r"[0-9]{1,9}", last_event_id.strip()):
        after = int(last_event_id)
    person = None
    if query.tab is not None and asker.account_id is not None:
        name = await run_in_threadpool(_name, database, asker.account_id)
        person = PersonOut(
            tab=query.tab, account_id=asker.account_id, name=name, claim=None, editing=False
        )
    return EventStream(
        _Stream(map_id, request, live, person, asker.account_id).events(standing, after)
    )


@router.put("/presence", status_code=204, operation_id="set_presence")
async def set_presence(
    map_id: str, body: PresenceIn, asker: Member, database: Data, live: Watching
) -> Response:
    """Say at which claim one is, in a window whose event stream is open. It is shown to those who may edit the map."""
    if await database.hot.standing(map_id, asker) is None:
        raise NotFound("the map does not exist")
    with live.room(map_id) as room:
        room.people.move(body.tab, asker.account_id or "", body.claim, body.editing)
    return gone()


def _name(database: Database, account_id: str) -> str | None:
    with database.read() as session:
        return accounts.account(session, account_id).name


@dataclass(slots=True)
class _Stream:
    """One client's stream of one map."""

    map_id: str
    request: Request
    live: Live
    person: PersonOut | None
    account_id: str | None

    async def events(self, standing: Standing, after: int | None) -> AsyncGenerator[bytes, None]:
        """Write what the client has not got yet, then what happens, until there is a reason to end."""
        headers = self.request.headers
        who = headers.get("authorization"), headers.get("cookie"), self.request.url.query
        with ExitStack() as stack:
            room = stack.enter_context(self.live.room(self.map_id))
            woken = stack.enter_context(self.live.watching(("map", self.map_id)))
            self.request.scope["state"]["on_stopping"] = woken.set
            room.people.come(self.person)
            stack.callback(room.people.go, self.person)
            yield retry(RETRY_MILLISECONDS)
            access, sent = standing.access, standing.version if after is None else after
            yield event(
                "open", OpenEvent(version=standing.version, access=access_name(standing.access))
            )
            told, told_at = -1, 0.0
            while True:
                woken.clear()
                try:
                    now = await room.standing(who, self._asker)
                except ArgmapError:
                    await asyncio.sleep(TROUBLE_SECONDS)
                    yield HEARTBEAT
                    continue
                if getattr(self.request.state, "stopping", False):
                    yield event("end", EndEvent(reason="stopping"))
                    return
                if now is None:
                    yield event("end", EndEvent(reason="access"))
                    return
                if now.access != access:
                    access = now.access
                    yield event("access", AccessEvent(access=access_name(access)))
                if sent > now.version or now.version - sent > MOST_MISSED:
                    sent = now.version
                    yield event("reset", ResetEvent(version=sent), sent)
                while sent < now.version:
                    entries = await room.after(sent, BATCH)
                    if not entries:
                        break
                    for entry in entries:
                        bare = not now.article_visible
                        data = room.written(entry, self.account_id, bare=bare)
                        yield event("change", data, entry.version)
                        sent = entry.version
                wait = HEARTBEAT_SECONDS
                if access >= Access.EDIT and room.people.revision != told:
                    wait = told_at + PEOPLE_SECONDS - time.monotonic()
                    if wait <= 0:
                        told, told_at = room.people.revision, time.monotonic()
                        yield event("people", _people(room))
                        wait = HEARTBEAT_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await woken.wait()
                        continue
                if wait == HEARTBEAT_SECONDS:
                    room.forget_standings()  # tokens and links end by themselves
                    room.people.still_here()
                    yield HEARTBEAT

    async def _asker(self) -> Asker:
        """Say who asks, by what is known of the credentials now."""
        try:
            return await reader(self.request)
        except ProblemError:  # a token that was revoked
            return Asker()


def _people(room: Room) -> PeopleEvent:
    people, readers = room.people.listed()
    return PeopleEvent(people=people[:MOST_PEOPLE], readers=readers)

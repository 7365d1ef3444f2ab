"""What can be said about a map: computed in bounded time, kept by the map's version, never stored."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth import Reader
from api.deps import Data, Drawing, Post
from api.jobs.analyses import analysed, analysed_order, counted, review_log
from api.jobs.desk import Desk
from api.jobs.sources import bare_source
from api.requests.body import StrictRoute
from api.requests.preconditions import not_modified
from api.resources import EditableMap, ReadableMap
from api.responses.answers import answer
from api.responses.maps import unchanged, whole_tag
from api.routes.maps import filter_of
from api.routes.pictures import stored_at
from argmap import __version__, analysis
from argmap.analysis.comparison import Comparison, compare
from argmap.analysis.explanation import Explanation, explain
from argmap.analysis.questions import Questions, questions_of, raise_question
from argmap.analysis.review import Review, review
from argmap.analysis.statistics import Collection, Statistics, statistics_of
from argmap.analysis.what_if import Consequences, suppose
from argmap.drawing.orders import Order
from argmap.errors import Fault, InvalidMap, NotFound
from argmap.model import ArgumentMap
from argmap.store import Database, Session
from argmap.store.maps import maps
from argmap.store.records import Asker, StoredMap
from schemas.analysis import (
    AcceptQuery,
    CompareQuery,
    ExplainQuery,
    RaisedOut,
    RaiseIn,
    ReviewQuery,
    StrengthQuery,
    WhatIf,
)
from schemas.maps import MapQuery
from schemas.pictures import FileQuery

router = APIRouter(tags=["analysis"], route_class=StrictRoute)

P = ParamSpec("P")
T = TypeVar("T")

_SECONDS = 5.0  # how long a search may take
_COLLECTED = 1_000  # maps in one collection
_COLLECTED_BYTES = 64 << 20  # of their JSON, after which no more are counted


@router.get("/maps/{map_id}/review", operation_id="review_map", response_model=Review)
async def review_map(
    newest: ReadableMap,
    request: Request,
    query: Annotated[ReviewQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Mark what a coach would mark: each finding with its code, severity, claims and one sentence of advice."""
    stored = await stored_at(newest, query.version, asker, database)
    work = partial(review, without=query.codes())
    return await _computed(request, stored, asker, database, desk, work, 1.5, parameter="without")


@router.get(
    "/maps/{map_id}/review.sarif",
    operation_id="review_map_as_sarif",
    response_class=Response,
    responses={200: {"content": {"application/sarif+json": {}}, "description": "A SARIF log"}},
)
async def review_map_as_sarif(
    newest: ReadableMap,
    request: Request,
    query: Annotated[ReviewQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Review a map and write the findings as a SARIF 2.1.0 log."""
    stored = await stored_at(newest, query.version, asker, database)
    work = partial(review_log, name=f"{newest.id}.json", without=query.codes())
    return await _computed(
        request,
        stored,
        asker,
        database,
        desk,
        work,
        1.5,
        media_type="application/sarif+json",
        parameter="without",
    )


@router.get("/maps/{map_id}/statistics", operation_id="count_map", response_model=Statistics)
async def count_map(
    newest: ReadableMap,
    request: Request,
    query: Annotated[FileQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Count kinds, depth, breadth, linked and convergent reasons, coverage of the article, shares of speakers."""
    stored = await stored_at(newest, query.version, asker, database)
    return await _computed(request, stored, asker, database, desk, statistics_of, 0.5, whole=True)


@router.get("/statistics", operation_id="count_maps", response_model=Collection)
async def count_maps(
    request: Request,
    query: Annotated[MapQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Count over all maps that fit (as in the list of maps, at most the 1,000 last changed)."""
    found = await run_in_threadpool(_fitting, query, asker, database)
    return answer(await _maps_counted(request, asker, desk, found))


def _fitting(query: MapQuery, asker: Asker, database: Database) -> list[StoredMap]:
    """Return the maps that fit, as long as they are not too many or too large to be counted at once."""
    wanted = filter_of(query)
    found: list[StoredMap] = []
    cursor, size = query.cursor, 0
    with database.read() as session:
        while True:
            page = maps.maps(session, asker, wanted, cursor, 200)
            for each in page.items:
                found.append(maps.map(session, asker, each.id))
                size += len(found[-1].body)
                if len(found) == _COLLECTED or size > _COLLECTED_BYTES:
                    return found
            cursor = page.next
            if cursor is None:
                return found


@router.get(
    "/maps/{map_id}/acceptability",
    operation_id="accept_claims",
    response_model=analysis.Acceptance,
)
async def accept_claims(
    newest: ReadableMap,
    request: Request,
    query: Annotated[AcceptQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Say which claims can be accepted together, by one of Dung's semantics.

    `exhaustive` is false when the limit or the time ended the list.
    """
    stored = await stored_at(newest, query.version, asker, database)
    work = partial(
        analysis.accept,
        semantics=query.semantics,
        support=query.support,
        limit=query.limit,
        seconds=_SECONDS,
    )
    return await _computed(request, stored, asker, database, desk, work, 5)


@router.get(
    "/maps/{map_id}/strength", operation_id="weigh_claims", response_model=analysis.Strengths
)
async def weigh_claims(
    newest: ReadableMap,
    request: Request,
    query: Annotated[StrengthQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Say how strong each claim is, 0 to 1, supports and attacks counted in."""
    stored = await stored_at(newest, query.version, asker, database)
    work = partial(analysis.strength, semantics=query.semantics, linked=query.linked)
    return await _computed(request, stored, asker, database, desk, work, 1)


@router.get("/maps/{map_id}/explanation", operation_id="explain_claim", response_model=Explanation)
async def explain_claim(
    newest: ReadableMap,
    request: Request,
    query: Annotated[ExplainQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Say what the strength of a claim hangs on, what would overturn it, and why, in words."""
    stored = await stored_at(newest, query.version, asker, database)
    work = partial(
        explain,
        claim=query.claim,
        semantics=query.semantics,
        linked=query.linked,
        seconds=_SECONDS,
    )
    return await _computed(request, stored, asker, database, desk, work, 30, parameter="claim")


@router.get("/maps/{map_id}/questions", operation_id="list_questions", response_model=Questions)
async def list_questions(
    newest: ReadableMap,
    request: Request,
    query: Annotated[FileQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Ask of each step the critical questions of its scheme: which are answered, which are open."""
    stored = await stored_at(newest, query.version, asker, database)
    return await _computed(request, stored, asker, database, desk, questions_of, 1)


@router.post(
    "/maps/{map_id}/questions",
    status_code=201,
    operation_id="raise_critical_question",
    response_model=RaisedOut,
)
def raise_critical_question(map_id: EditableMap, body: RaiseIn, post: Post) -> Response:
    """Turn an open critical question into a rebuttal that attacks what a bad answer hits."""

    def make(session: Session) -> Response:
        made: list[str] = []

        def change(map: ArgumentMap) -> ArgumentMap:
            after, claim, relation = _checked(
                "question", raise_question, map, body.relation, body.question, body.text
            )
            made[:] = [claim, relation]
            return after

        written = maps.write_map(session, post.asker, map_id, change, action="question raised")
        raised = RaisedOut(claim=made[0], relation=made[1], version=written.stored.version)
        return answer(raised, 201, location=f"/maps/{map_id}/claims/{made[0]}")

    return post.once(make)


@router.post("/maps/{map_id}/what-if", operation_id="suppose", response_model=Consequences)
async def suppose_otherwise(
    newest: ReadableMap,
    body: WhatIf,
    request: Request,
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Say what would be different if some claims were gone, weighed otherwise, or new. Nothing is stored."""
    stored = newest
    work = partial(
        suppose,
        supposition=body.supposition(),
        semantics=body.semantics,
        linked=body.linked,
        support=body.support,
    )
    wanted = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    key = f"{newest.id}:{whole_tag(stored)}:what-if:{wanted}"
    return answer(
        await analysed(request, asker, database, desk, key, work, (stored,), 3, "", whole=False)
    )


@router.get("/maps/{map_id}/comparison", operation_id="compare_maps", response_model=Comparison)
async def compare_maps(
    newest: ReadableMap,
    request: Request,
    query: Annotated[CompareQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Hold a map against a reference: aligned claims and relations, precision, recall, F1, kappa, CASS."""
    stored = await stored_at(newest, query.version, asker, database)
    reference = await database.hot.map(query.reference, asker)
    if reference is None:
        raise InvalidMap((Fault("reference", "unknown_id", "is not a map that you may see"),))
    return await _computed(
        request, stored, asker, database, desk, compare, 10, whole=True, other=reference
    )


async def _computed(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    work: Callable[..., object],
    pace: float,
    *,
    media_type: str = "application/json",
    parameter: str = "",
    whole: bool = False,
    other: StoredMap | None = None,
) -> Response:
    """Answer an analysis of a map at a version, computed once for each version and set of parameters.

    `pace`: microseconds that it takes for each byte of the map, roughly. `parameter`: the one whose fault it is when
    something is not found. `whole`: with the article. `other`: a second map that it takes.
    """
    asked = f"{request.url.path}?{sorted(request.query_params.multi_items())} {__version__}"
    if other is not None:
        asked += f" {whole_tag(other)}"
    tag = f"{whole_tag(stored)}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"
    if not_modified(request, tag):
        return unchanged(asker, tag)
    key = f"{stored.id}:{tag}"
    maps = (stored,) if other is None else (stored, other)
    data = await analysed(request, asker, database, desk, key, work, maps, pace, parameter, whole)
    return Response(data, headers={"ETag": f'"{tag}"'}, media_type=media_type)


async def _maps_counted(
    request: Request, asker: Asker, desk: Desk, found: Sequence[StoredMap]
) -> bytes:
    """Count over maps, each of them once for each of its versions."""
    digest = hashlib.sha256(__version__.encode())
    for stored in found:
        digest.update(f"{stored.id}:{whole_tag(stored)} ".encode())
    key = f"statistics:{digest.hexdigest()}"
    order = Order(tuple(bare_source(stored) for stored in found), counted)
    size = sum(len(stored.body) for stored in found)
    return await analysed_order(request, asker, desk, key, order, 1e-6 * size)


def _checked(place: str, ask: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Ask, and take what is not found for a fault of the parameter, not of the address."""
    try:
        return ask(*arguments, **named)
    except NotFound as error:
        raise InvalidMap((Fault(place, "unknown_id", str(error)),)) from None

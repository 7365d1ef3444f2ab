"""What can be said about a map: computed in bounded time, kept by the map's version, never stored."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from api.auth import Reader
from api.deps import Analysing, Data, Post
from api.jobs.desk import Desk
from api.requests.body import StrictRoute
from api.responses.answers import answer
from api.responses.caching import not_modified
from api.responses.maps import map_tag, unchanged, with_article
from api.routes.pictures import stored_at
from argmap import __version__, analysis
from argmap.analysis.comparison import Comparison, compare
from argmap.analysis.explanation import Explanation, explain
from argmap.analysis.questions import Questions, questions_of, raise_question
from argmap.analysis.review import RULES, Review, review, sarif
from argmap.analysis.statistics import Collection, Statistics, collect, statistics_of
from argmap.analysis.what_if import Consequences, suppose
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


@router.get("/maps/{map_id}/review", operation_id="review_map", response_model=Review)
async def review_map(
    map_id: str,
    request: Request,
    query: Annotated[ReviewQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Mark what a coach would mark: each finding with its code, severity, claims and one sentence of advice."""
    stored = await stored_at(map_id, query.version, asker, database)
    return await _computed(
        request, stored, asker, desk, lambda: _checked("without", review, stored.map, query.codes())
    )


@router.get(
    "/maps/{map_id}/review.sarif",
    operation_id="review_map_as_sarif",
    response_class=Response,
    responses={200: {"content": {"application/sarif+json": {}}, "description": "A SARIF log"}},
)
async def review_map_as_sarif(
    map_id: str,
    request: Request,
    query: Annotated[ReviewQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Review a map and write the findings as a SARIF 2.1.0 log."""
    stored = await stored_at(map_id, query.version, asker, database)

    def log() -> dict[str, Any]:
        found = _checked("without", review, stored.map, query.codes())
        return sarif([(f"{map_id}.json", found)], RULES, __version__)

    return await _computed(request, stored, asker, desk, log, "application/sarif+json")


@router.get("/maps/{map_id}/statistics", operation_id="count_map", response_model=Statistics)
async def count_map(
    map_id: str,
    request: Request,
    query: Annotated[FileQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Count kinds, depth, breadth, linked and convergent reasons, coverage of the article, shares of speakers."""
    stored = await stored_at(map_id, query.version, asker, database)
    return await _computed(
        request, stored, asker, desk, lambda: statistics_of(_whole(stored, asker, database))
    )


@router.get("/statistics", operation_id="count_maps", response_model=Collection)
def count_maps(query: Annotated[MapQuery, Query()], asker: Reader, database: Data) -> Response:
    """Count over all maps that fit (as in the list of maps, at most the 1,000 last changed)."""
    wanted = maps.MapFilter(**query.model_dump(exclude={"cursor", "limit", "share"}))
    found: list[Statistics] = []
    cursor = query.cursor
    with database.read() as session:
        while len(found) < _COLLECTED:
            page = maps.maps(session, asker, wanted, cursor, 200)
            for each in page.items:
                found.append(statistics_of(maps.map(session, asker, each.id).map))
            cursor = page.next
            if cursor is None:
                break
    return answer(collect(found))


@router.get(
    "/maps/{map_id}/acceptability",
    operation_id="accept_claims",
    response_model=analysis.Acceptance,
)
async def accept_claims(
    map_id: str,
    request: Request,
    query: Annotated[AcceptQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Say which claims can be accepted together, by one of Dung's semantics.

    `exhaustive` is false when the limit or the time ended the list.
    """
    stored = await stored_at(map_id, query.version, asker, database)
    return await _computed(
        request,
        stored,
        asker,
        desk,
        lambda: analysis.accept(
            stored.map, query.semantics, query.support, limit=query.limit, seconds=_SECONDS
        ),
    )


@router.get(
    "/maps/{map_id}/strength", operation_id="weigh_claims", response_model=analysis.Strengths
)
async def weigh_claims(
    map_id: str,
    request: Request,
    query: Annotated[StrengthQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Say how strong each claim is, 0 to 1, supports and attacks counted in."""
    stored = await stored_at(map_id, query.version, asker, database)
    return await _computed(
        request,
        stored,
        asker,
        desk,
        lambda: analysis.strength(stored.map, query.semantics, query.linked),
    )


@router.get("/maps/{map_id}/explanation", operation_id="explain_claim", response_model=Explanation)
async def explain_claim(
    map_id: str,
    request: Request,
    query: Annotated[ExplainQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Say what the strength of a claim hangs on, what would overturn it, and why, in words."""
    stored = await stored_at(map_id, query.version, asker, database)

    def explanation() -> Explanation:
        return explain(stored.map, query.claim, query.semantics, query.linked, seconds=_SECONDS)

    return await _computed(request, stored, asker, desk, lambda: _checked("claim", explanation))


@router.get("/maps/{map_id}/questions", operation_id="list_questions", response_model=Questions)
async def list_questions(
    map_id: str,
    request: Request,
    query: Annotated[FileQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Ask of each step the critical questions of its scheme: which are answered, which are open."""
    stored = await stored_at(map_id, query.version, asker, database)
    return await _computed(request, stored, asker, desk, lambda: questions_of(stored.map))


@router.post(
    "/maps/{map_id}/questions",
    status_code=201,
    operation_id="raise_critical_question",
    response_model=RaisedOut,
)
def raise_critical_question(map_id: str, body: RaiseIn, post: Post) -> Response:
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
    map_id: str, body: WhatIf, asker: Reader, database: Data, desk: Analysing
) -> Response:
    """Say what would be different if some claims were gone, weighed otherwise, or new. Nothing is stored."""
    stored = await stored_at(map_id, None, asker, database)

    def consequences() -> bytes:
        found = _checked(
            "", suppose, stored.map, body.supposition(), body.semantics, body.linked, body.support
        )
        return found.model_dump_json().encode()

    wanted = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    return answer(await desk.get(f"{map_id}:{map_tag(stored)}:what-if:{wanted}", consequences))


@router.get("/maps/{map_id}/comparison", operation_id="compare_maps", response_model=Comparison)
async def compare_maps(
    map_id: str,
    request: Request,
    query: Annotated[CompareQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Analysing,
) -> Response:
    """Hold a map against a reference: aligned claims and relations, precision, recall, F1, kappa, CASS."""
    stored = await stored_at(map_id, query.version, asker, database)
    reference = await database.hot.map(query.reference, asker)
    if reference is None:
        raise InvalidMap((Fault("reference", "unknown_id", "is no map that you may see"),))

    def comparison() -> Comparison:
        return compare(_whole(stored, asker, database), _whole(reference, asker, database))

    return await _computed(request, stored, asker, desk, comparison, other=map_tag(reference))


async def _computed(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    desk: Desk,
    compute: Callable[[], BaseModel | dict[str, Any]],
    media_type: str = "application/json",
    other: str = "",
) -> Response:
    """Answer an analysis of a map at a version, computed once for each version and set of parameters."""
    asked = f"{request.url.path}?{sorted(request.query_params.multi_items())} {__version__} {other}"
    tag = f"{map_tag(stored)}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"
    if not_modified(request, tag):
        return unchanged(asker, tag)
    data = await desk.get(f"{stored.id}:{tag}", lambda: to_json(compute()))
    return Response(data, headers={"ETag": f'"{tag}"'}, media_type=media_type)


def _whole(stored: StoredMap, asker: Asker, database: Database) -> ArgumentMap:
    with database.read() as session:
        return with_article(session, stored, asker)


def _checked(place: str, ask: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Ask, and take what is not found for a fault of the parameter, not of the address."""
    try:
        return ask(*arguments, **named)
    except NotFound as error:
        raise InvalidMap((Fault(place, "unknown_id", str(error)),)) from None

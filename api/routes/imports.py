"""Imports: files or zips of them sent in, read into maps one by one, their progress polled or streamed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.auth import Member, Person
from api.deps import Data, Key, Posting, Watching, Write, fingerprint
from api.jobs.imports import Importer
from api.requests.body import StrictRoute
from api.requests.uploads import Uploaded, unpacked
from api.responses.answers import PREFIX, answer, gone, listed
from api.responses.problems import ProblemError, base_url
from argmap import formats
from argmap.errors import Fault
from argmap.store import Database, Session, articles, imports
from argmap.store.imports import ImportJob, JobState, Sent
from argmap.store.maps import maps
from argmap.store.records import Asker
from schemas.base import Page, PageQuery
from schemas.imports import ImportOut, ImportProgress, ImportQuery

MOST_UNFINISHED = 20  # imports of one account at a time
WAIT_SECONDS = 2.0  # that sending in waits for the result
SHORTEST_SECONDS = 0.1  # between looks at a job, of which files may be done by the hundred
SLOW_LOOK_SECONDS = 10.0  # after which a stream looks, told or not

router = APIRouter(prefix="/imports", tags=["imports"], route_class=StrictRoute)

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One file, or a zip of up to 2,000",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


async def _importer(request: Request) -> Importer:
    return request.app.state.importer  # type: ignore[no-any-return]  # app.state is untyped


@router.post(
    "",
    operation_id="import_files",
    response_model=ImportOut,
    responses={202: {"model": ImportOut, "description": "It goes on; look again at Location"}},
    openapi_extra=_BODY,
)
async def import_files(
    request: Request,
    query: Annotated[ImportQuery, Query()],
    asker: Person,
    key: Key,
    upload: Uploaded,
    database: Data,
    importer: Annotated[Importer, Depends(_importer)],
    live: Watching,
) -> Response:
    """Read a file, or each file of a zip, into a map of one's own; the body is the file as it is, of any content type.

    Every file is stored whole or not at all, whatever becomes of the others, with the article that it carries. A text
    (`.txt`) beside a file of the same name is what that annotates. After about two seconds the answer is 202, and
    the import goes on, also over a restart of the service. What became of it can be read for seven days.
    """
    _check_format(query.format)
    name, limit = query.name or upload.name, request.app.state.settings.import_bytes
    files = await run_in_threadpool(unpacked, upload.file, name, limit)
    post = Posting(request, database, asker, key, fingerprint(request, upload.digest.encode()))
    begun = await run_in_threadpool(
        post.once, lambda session: _begin(session, post.account, asker, query, files)
    )
    job_id = begun.headers["location"].rpartition("/")[2]
    with live.watching(("import", job_id)) as moved:
        importer.wake()
        until = time.monotonic() + WAIT_SECONDS
        while True:
            moved.clear()
            response = await run_in_threadpool(_state, request, database, asker, job_id, _WHOLE)
            if response.status_code == 200 or time.monotonic() > until:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(WAIT_SECONDS):
                    await moved.wait()
            await asyncio.sleep(WAIT_SECONDS / 100)  # files may be done by the hundred
    response.headers["Location"] = begun.headers["location"]
    if "Idempotency-Replayed" in begun.headers:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@router.get("", operation_id="list_imports", response_model=Page[ImportProgress])
def list_imports(
    request: Request, query: Annotated[PageQuery, Query()], asker: Member, database: Data
) -> Response:
    """List one's own imports of the last seven days, newest first, without their files."""
    with database.read() as session:
        page = imports.jobs(session, asker.account_id or "", query.cursor, query.limit)
    return listed(request, page, ImportProgress)


@router.get("/{import_id}", operation_id="read_import", response_model=ImportOut)
def read_import(
    import_id: str,
    request: Request,
    query: Annotated[PageQuery, Query()],
    asker: Member,
    database: Data,
) -> Response:
    """Say how far an import of one's own is, and page by page what became of its files."""
    response = _state(request, database, asker, import_id, query)
    response.status_code = 200
    return response


async def _own_import(import_id: str, asker: Member, database: Data) -> ImportJob:
    """Return one's own import before the answer begins, so that there can be a 404."""
    return await run_in_threadpool(_job, database, asker, import_id)


@router.get(
    "/{import_id}/events",
    operation_id="stream_import",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Events"}},
)
async def stream_import(
    request: Request,
    job: Annotated[ImportJob, Depends(_own_import)],
    asker: Member,
    database: Data,
    live: Watching,
) -> AsyncIterator[ServerSentEvent]:
    """Stream how far an import is as server-sent events.

    While it runs the events are `progress`; the last is `finished` or `cancelled`. The data are those of the import
    without its files. A stream that ends without one of these was ended by a restart of the service: open it again.
    """
    told = None
    with live.watching(("import", job.id)) as moved:
        request.scope["state"]["on_stopping"] = moved.set  # as api.connection says
        while not getattr(request.state, "stopping", False):
            moved.clear()
            job = await run_in_threadpool(_job, database, asker, job.id)
            if job != told:
                event = "progress" if job.state is JobState.RUNNING else job.state.value
                yield ServerSentEvent(event=event, data=ImportProgress.of(job))
                told = job
            if job.state is not JobState.RUNNING:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(SLOW_LOOK_SECONDS):
                    await moved.wait()
            await asyncio.sleep(SHORTEST_SECONDS)


@router.delete("/{import_id}", status_code=204, operation_id="cancel_import")
def cancel_import(import_id: str, write: Write) -> Response:
    """Import no more files of an import; the maps that are stored stay. A finished one stays as it is."""
    with write.session() as session:
        imports.cancel(session, write.account, import_id)
    return gone()


_WHOLE = PageQuery(limit=200)


def _check_format(name: str | None) -> None:
    if name is None:
        return
    readable = [format.name for format in formats.FORMATS.values() if format.load is not None]
    if name not in readable:
        fault = Fault("format", "unknown", f"is one of {', '.join(readable)}")
        raise ProblemError("bad-parameter", str(fault), faults=(fault,))


def _begin(
    session: Session, account_id: str, asker: Asker, query: ImportQuery, files: list[Sent]
) -> Response:
    if imports.unfinished(session, account_id) >= MOST_UNFINISHED:
        detail = (
            f"{MOST_UNFINISHED} of your imports are under way; send this one when some are done."
        )
        raise ProblemError("busy", detail)
    if query.article_id is not None:
        article = articles.article(session, asker, query.article_id)
        maps.check_publishing(query.visibility, False, article.visibility)
    job_id = imports.add_job(
        session,
        account_id,
        files,
        format=query.format,
        visibility=query.visibility,
        article_id=query.article_id,
    )
    return answer(b"{}", 202, location=f"/imports/{job_id}")


def _job(database: Database, asker: Asker, job_id: str) -> ImportJob:
    with database.read() as session:
        return imports.job(session, asker.account_id or "", job_id)


def _state(
    request: Request, database: Database, asker: Asker, job_id: str, query: PageQuery
) -> Response:
    """Answer an import with a page of its files: 202 while it runs."""
    account_id = asker.account_id or ""
    with database.read() as session:
        job = imports.job(session, account_id, job_id)
        page = imports.files(session, account_id, job_id, query.cursor, query.limit)
    running = job.state is JobState.RUNNING
    response = answer(ImportOut.of_page(job, page, base_url(request)), 202 if running else 200)
    if running:
        response.headers["Retry-After"] = "1"
    if page.next is not None:
        address = f"{base_url(request)}{PREFIX}/imports/{job_id}"
        response.headers["Link"] = f'<{address}?cursor={page.next}&limit={query.limit}>; rel="next"'
    return response

"""Articles: create, list, read, correct, delete, and the maps of one."""

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from api.auth import Person, Reader
from api.deps import Data, Drawing, Key, Post, Posting, Write, fingerprint
from api.jobs.anchoring import anchored
from api.jobs.reading import previewed
from api.requests.body import StrictRoute
from api.requests.preconditions import IfMatch
from api.requests.uploads import Uploaded
from api.responses.answers import answer, gone, listed
from api.routes.maps import create_one, list_of
from argmap.errors import Fault
from argmap.model import Article
from argmap.model.edits import patched, refusing, refusing_with
from argmap.store import Session, articles
from argmap.store.access import sharing
from argmap.store.maps.anchoring import NOT_ANCHORED, Anchored
from argmap.store.records import ChangedArticle, StoredArticle, Subject, Visibility
from schemas.articles import (
    ArticleFileQuery,
    ArticleIn,
    ArticleOut,
    ArticlePatch,
    ArticlePreviewOut,
    ArticleQuery,
    ArticleSummaryOut,
    ChangedArticleOut,
)
from schemas.base import Page, Version
from schemas.maps import MapIn, MapOut, MapQuery, MapSummaryOut

router = APIRouter(prefix="/articles", tags=["articles"], route_class=StrictRoute)


_FILES = {
    "text/html": "A web page",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "A Word file",
    "text/plain": "Pasted text",
    "multipart/form-data": "A form with the file in `file`",
    "multipart/related": "A web page as MHTML",
    "application/octet-stream": "Any of them",
}
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FORM: dict[str, Any] = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}
_CONTENT = {
    name: _FORM if name == "multipart/form-data" else _BINARY
    for name in _FILES
    if name != "multipart/related"
}


class FileRoute(StrictRoute):
    """A route that takes files: it matches their content types, and leaves others to the next."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match an address when the body is a file."""
        match, found = super().matches(scope)
        if match is Match.FULL:
            given = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
            if given not in _FILES:
                return Match.NONE, {}
        return match, found


files = APIRouter(prefix="/articles", route_class=FileRoute)


@files.post("", status_code=201, include_in_schema=False, openapi_extra={"requestBody": {}})
async def create_article_of_file(
    request: Request,
    query: Annotated[ArticleFileQuery, Query()],
    asker: Person,
    key: Key,
    upload: Uploaded,
    database: Data,
    desk: Drawing,
) -> Response:
    """Store an article from a file, with the paragraphs that look like the author's."""
    read = await previewed(request, asker, desk, upload, query.name or upload.name)
    post = Posting(request, database, asker, key, fingerprint(request, upload.digest.encode()))

    def create(session: Session) -> Response:
        stored = articles.create_article(session, asker, read.to_model(), query.visibility)
        return _article(stored, 201)

    return await run_in_threadpool(post.once, create)


@router.post(
    "/preview",
    operation_id="preview_article",
    response_model=ArticlePreviewOut,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file as it is: a web page, a Word file or text, up to 8 MiB",
            "content": _CONTENT,
        }
    },
)
async def preview_article(
    request: Request,
    asker: Person,
    upload: Uploaded,
    desk: Drawing,
    name: Annotated[
        str | None, Query(max_length=255, description="What the file is called")
    ] = None,
) -> Response:
    """Read an article from a file and store nothing: its paragraphs, which of them look like a website's, its facts.

    Title, authors, publication and day are what the file says of itself, else guesses from its first lines.
    """
    return answer(await previewed(request, asker, desk, upload, name or upload.name))


@router.post(
    "",
    status_code=201,
    operation_id="create_article",
    response_model=ArticleOut,
    openapi_extra={"requestBody": {"content": _CONTENT}},
)
def create_article(body: ArticleIn, post: Post) -> Response:
    """Store an article; it belongs to the caller and is private unless it says otherwise.

    Sent as HTML, DOCX or plain text (its content type says which) it is read as in `/articles/preview`, and stored
    with the paragraphs that look like the author's; `?visibility=` and `?name=` (of the file) may be given then.
    """

    def create(session: Session) -> Response:
        stored = articles.create_article(session, post.asker, body.to_model(), body.visibility)
        return _article(stored, 201)

    return post.once(create)


@router.get("", operation_id="list_articles", response_model=Page[ArticleSummaryOut])
def list_articles(
    request: Request, query: Annotated[ArticleQuery, Query()], asker: Reader, database: Data
) -> Response:
    """List the articles that one may see, the newest first, without their texts."""
    wanted = articles.ArticleFilter(**query.model_dump(exclude={"cursor", "limit", "share"}))
    with database.read() as session:
        page = articles.articles(session, asker, wanted, query.cursor, query.limit)
    return listed(request, page, ArticleSummaryOut)


@router.get("/{article_id}", operation_id="read_article", response_model=ArticleOut)
def read_article(article_id: str, asker: Reader, database: Data) -> Response:
    """Read an article with its newest text."""
    with database.read() as session:
        stored = articles.article(session, asker, article_id)
    return _article(stored)


@router.get(
    "/{article_id}/versions/{version}",
    operation_id="read_article_version",
    response_model=ArticleOut,
)
def read_article_version(
    article_id: str, version: Version, asker: Reader, database: Data
) -> Response:
    """Read an article as it was at one of its versions."""
    with database.read() as session:
        return _article(articles.article(session, asker, article_id, version))


@router.patch("/{article_id}", operation_id="change_article", response_model=ChangedArticleOut)
async def change_article(
    article_id: str, body: ArticlePatch, if_match: IfMatch, write: Write, desk: Drawing
) -> Response:
    """Change an article by a merge patch.

    A new text appends an article version and re-anchors every quote of every map of the article; the answer says
    which quotes became orphans. `visibility` is the owner's to change.
    """
    patch = body.model_dump(exclude_unset=True)
    shown = "visibility" in patch
    visibility = patch.pop("visibility", None)
    faults = []
    if shown and visibility not in list(Visibility):
        faults.append(Fault("visibility", "enum", f"is one of {', '.join(Visibility)}"))

    def change(old: Article) -> Article:
        with refusing_with(faults), refusing():
            return patched(old, patch)

    def moved() -> tuple[str | None, tuple[bytes, ...]]:
        with write.database.read() as session:
            return articles.to_reanchor(session, write.asker, article_id, change)

    def store(expected: int | None, known: Anchored) -> ChangedArticle:
        with write.session() as session:
            changed = ChangedArticle(articles.article(session, write.asker, article_id))
            if patch or faults or not shown:
                changed = articles.change_article(
                    session, write.asker, article_id, change, expected, known
                )
                expected = None
            if shown:
                sharing.set_visibility(
                    session,
                    write.asker,
                    Subject.ARTICLE,
                    article_id,
                    Visibility(visibility),
                    expected=expected,
                )
                stored = articles.article(session, write.asker, article_id)
                changed = dataclasses.replace(changed, stored=stored)
        return changed

    expected, known = if_match.version(), NOT_ANCHORED
    if "text" in patch and not faults:
        text, bodies = await run_in_threadpool(moved)
        known = await anchored(write.request, write.asker, desk, text, bodies)
    changed = await run_in_threadpool(store, expected, known)
    return answer(ChangedArticleOut.of_change(changed), tag=str(changed.stored.version))


@router.delete("/{article_id}", status_code=204, operation_id="delete_article")
def delete_article(
    article_id: str,
    if_match: IfMatch,
    write: Write,
    detach: Annotated[
        bool, Query(description="Let other people's maps of it live on with its citation alone")
    ] = False,
) -> Response:
    """Delete an article; it can be undeleted for 30 days. Refused when other people's maps use it."""
    with write.session() as session:
        articles.delete_article(session, write.asker, article_id, detach, if_match.version())
    return gone()


@router.post("/{article_id}/undelete", operation_id="undelete_article", response_model=ArticleOut)
def undelete_article(article_id: str, post: Post) -> Response:
    """Take the deletion of an article back."""
    return post.once(
        lambda session: _article(articles.undelete_article(session, post.asker, article_id))
    )


@router.get(
    "/{article_id}/maps",
    operation_id="list_maps_of_article",
    response_model=Page[MapSummaryOut],
    tags=["maps"],
)
def list_maps_of_article(
    article_id: str,
    request: Request,
    query: Annotated[MapQuery, Query()],
    asker: Reader,
    database: Data,
) -> Response:
    """List the maps of an article that one may see."""
    with database.read() as session:
        articles.article(session, asker, article_id)
    return list_of(request, query.model_copy(update={"article_id": article_id}), asker, database)


@router.post(
    "/{article_id}/maps",
    status_code=201,
    operation_id="create_map_of_article",
    response_model=MapOut,
    tags=["maps"],
)
def create_map_of_article(article_id: str, body: MapIn, post: Post) -> Response:
    """Store a map of an article; its quotes are found in the article's newest text."""
    return post.once(
        lambda session: create_one(
            session, post.asker, body.model_copy(update={"article_id": article_id})
        )
    )


def _article(stored: StoredArticle, status: int = 200) -> Response:
    location = f"/articles/{stored.id}" if status == 201 else None
    return answer(ArticleOut.of(stored), status, tag=str(stored.version), location=location)

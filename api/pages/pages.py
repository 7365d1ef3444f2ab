"""The start page, a map's page, signing in, and a page for each kind of problem."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates

from api.auth import Reader, cookie_name, is_same_origin
from api.deps import Data
from api.problems import KINDS, ProblemError
from api.routes.answers import PREFIX
from argmap.errors import ArgmapError, NotFound
from argmap.store import accounts, articles, maps
from argmap.store.records import Asker

router = APIRouter()
FORM_BYTES = 4096
_templates = Jinja2Templates(Path(__file__).parent / "templates")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@router.get("/")
def start(request: Request, asker: Reader, database: Data, cursor: str | None = None) -> Response:
    """Show the maps that one may see, each with its picture."""
    with database.read() as session:
        page = maps.maps(session, asker, cursor=cursor, limit=24)
        me = accounts.account(session, asker.account_id) if asker.account_id else None
    return _page(request, "start.html", asker, maps=page.items, next=page.next, me=me)


@router.get("/maps/{map_id}")
def show_map(
    map_id: str, request: Request, asker: Reader, database: Data, share: str | None = None
) -> Response:
    """Show one map: its picture, its article, its files."""
    with database.read() as session:
        stored = maps.map(session, asker, map_id)
        article = None
        if stored.article_id is not None and stored.article_visible:
            article = articles.article(session, asker, stored.article_id).article
    map = stored.map
    return _page(
        request,
        "map.html",
        asker,
        stored=stored,
        map=map,
        article=article or map.article,
        share=f"?share={share}" if share else "",
        address=f"{PREFIX}/maps/{map_id}",
    )


@router.get("/sign-in")
def ask_to_sign_in(request: Request, asker: Reader, token: str = "") -> Response:
    """Ask to sign in with the one-time token of the link; a look at the link alone does not use it up."""
    return _page(request, "sign-in.html", asker, token=token, wrong=False)


@router.post("/sign-in", max_body_size=FORM_BYTES)
def sign_in(
    request: Request, asker: Reader, database: Data, token: Annotated[str, Form(max_length=200)]
) -> Response:
    """Use the one-time token up and begin a session."""
    if not is_same_origin(request):
        raise ProblemError("not-permitted", "A page of another site may not sign you in.")
    try:
        with database.write() as session:
            _, _, plain = accounts.redeem_sign_in(session, token)
    except ArgmapError:
        return _page(request, "sign-in.html", asker, status=401, token="", wrong=True)
    response = RedirectResponse("/", status_code=303)
    name = cookie_name(request.url)
    response.set_cookie(
        name, plain, max_age=30 * 86400, path="/", secure=name.startswith("__Host-"),
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


@router.post("/sign-out", max_body_size=FORM_BYTES)
def sign_out(request: Request, database: Data) -> Response:
    """End the session, also for whoever may have copied its cookie."""
    if not is_same_origin(request):
        raise ProblemError("not-permitted", "A page of another site may not sign you out.")
    name = cookie_name(request.url)
    token = request.cookies.get(name)
    if token is not None:
        with database.write() as session:
            accounts.sign_out(session, token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(
        name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax"
    )
    return response


@router.get("/problems/{slug}")
def explain_problem(slug: str, request: Request, asker: Reader) -> Response:
    """Explain one kind of problem."""
    kind = KINDS.get(slug)
    if kind is None:
        raise NotFound("no such problem")
    return _page(request, "problem.html", asker, kind=kind)


@router.get("/problems")
def list_problems(request: Request, asker: Reader) -> Response:
    """List the kinds of problems."""
    return _page(request, "problems.html", asker, kinds=KINDS.values())


def _page(
    request: Request, template: str, asker: Asker, *, status: int = 200, **values: Any
) -> Response:
    response = _templates.TemplateResponse(
        request, template, {"signed_in": asker.account_id is not None, **values}, status
    )
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response

"""The start page, signing in, and a page for each kind of problem."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.agents import named
from api.auth import Reader, cookie, cookie_name, own_address
from api.deps import Data
from api.responses.html import html_page
from api.responses.problems import KINDS, ProblemError, base_url
from api.routes.sessions import (
    Hashing,
    check_same_origin,
    drop_cookie,
    end_by_secret,
    set_cookie,
    signed_in,
    signed_up,
)
from argmap.errors import ArgmapError, NotFound
from argmap.store import Database, accounts, sessions
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS, Asker

router = APIRouter()
FORM_BYTES = 4096
EXAMPLES = 3  # beside the box of the start page
TILES = 24  # maps on a page of them


@router.get("/")
def start(
    request: Request,
    asker: Reader,
    database: Data,
    words: Annotated[str, Query(max_length=200)] = "",
    public: str = "",
    cursor: str | None = None,
) -> Response:
    """Show a box for an op-ed, finished examples, and one's own maps with their pictures."""
    all_public = public == "all" or asker.account_id is None
    wanted = maps.MapFilter(words=words.strip() or None)
    if not all_public:
        wanted = replace(wanted, owner=asker.account_id)
    with database.read() as session:
        examples = maps.maps(session, ANONYMOUS, limit=EXAMPLES + 1)
        page = maps.maps(
            session, ANONYMOUS if all_public else asker, wanted, cursor=cursor, limit=TILES
        )
        me = accounts.account(session, asker.account_id) if asker.account_id else None
    beside = {map.id for map in examples.items[:EXAMPLES]}
    more = {"words": words, "public": public, "cursor": page.next or ""}
    return html_page(
        request,
        "start.html",
        asker,
        trusted=True,
        examples=examples.items[:EXAMPLES],
        more_public=len(examples.items) > EXAMPLES and not all_public,
        all_public=all_public,
        maps=[map for map in page.items if words or not all_public or map.id not in beside],
        next=page.next,
        service=base_url(request),
        more=urlencode({name: value for name, value in more.items() if value}),
        words=words,
        me=me,
    )


@router.get("/new")
def check_article(request: Request, asker: Reader) -> Response:
    """Show an article before it is stored; the browser has it from the start page."""
    return html_page(request, "check.html", asker, trusted=True)


@router.get("/account")
def keep_account(request: Request, asker: Reader, database: Data) -> Response:
    """Show one's password, sessions and tokens, to keep them."""
    if asker.account_id is None:
        return RedirectResponse(f"{request.scope['root_path']}/sign-in?next=/account", 303)
    with database.read() as session:
        me = accounts.account(session, asker.account_id)
    return html_page(request, "account.html", asker, trusted=True, me=me)


Form200 = Annotated[str, Form(max_length=200)]


@router.get("/sign-in")
def ask_to_sign_in(request: Request, asker: Reader, token: str = "", next: str = "") -> Response:
    """Ask to sign in, by name and password or with the one-time token of a link; a look does not use that up."""
    return _sign_in_page(request, asker, token=token, next=next)


@router.post("/sign-in", max_body_size=FORM_BYTES)
async def sign_in(
    request: Request,
    asker: Reader,
    database: Data,
    passwords: Hashing,
    token: Form200 = "",
    name: Form200 = "",
    password: Form200 = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Begin a session by name and password, or by a one-time token, and go on where one was."""
    check_same_origin(request)
    try:
        if token:
            plain = await run_in_threadpool(_redeemed, request, database, token)
        else:
            plain = await signed_in(request, database, passwords, name, password)
    except NotFound:
        return _sign_in_page(request, asker, status=401, wrong="token", next=next)
    except ProblemError as error:
        wrong = "password" if error.status_code == 401 else "limit"
        status = error.status_code
        return _sign_in_page(request, asker, status=status, wrong=wrong, name=name, next=next)
    response = RedirectResponse(_local(request, next), status_code=303)
    set_cookie(request, response, plain)
    return response


@router.post("/sign-up", max_body_size=FORM_BYTES)
async def sign_up(
    request: Request,
    asker: Reader,
    database: Data,
    passwords: Hashing,
    name: Form200 = "",
    password: Form200 = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Make an account, where the service lets people do so, and begin a session."""
    check_same_origin(request)
    try:
        plain = await signed_up(request, database, passwords, name, password)
    except (ArgmapError, ProblemError) as error:
        if isinstance(error, NotFound):
            raise
        status = error.status_code if isinstance(error, ProblemError) else 422
        said = error.detail if isinstance(error, ProblemError) else str(error)
        return _sign_in_page(
            request, asker, status=status, wrong="sign-up", said=said, name=name, next=next
        )
    response = RedirectResponse(_local(request, next), status_code=303)
    set_cookie(request, response, plain)
    return response


@router.post("/sign-out", max_body_size=FORM_BYTES)
def sign_out(request: Request, database: Data) -> Response:
    """End the session, also for whoever may have copied its cookie."""
    check_same_origin(request)
    end_by_secret(database, cookie(request, cookie_name(own_address(request))))
    response = RedirectResponse(_local(request, ""), status_code=303)
    drop_cookie(request, response)
    return response


def _redeemed(request: Request, database: Database, token: str) -> str:
    with database.write() as session:
        account_id = accounts.use_sign_in(session, token)
        agent = named(request.headers.get("user-agent"))
        return sessions.begin(session, account_id, agent, sessions.BY_LINK)


def _sign_in_page(
    request: Request,
    asker: Asker,
    *,
    status: int = 200,
    token: str = "",
    wrong: str = "",
    said: str = "",
    name: str = "",
    next: str = "",
) -> Response:
    """Answer the page: `wrong` is token, password, limit or sign-up, `said` what was wrong with signing up."""
    return html_page(
        request,
        "sign-in.html",
        asker,
        status=status,
        token=token,
        wrong=wrong,
        said=said,
        name=name,
        next=next,
        may_sign_up=request.app.state.settings.sign_up,
    )


def _local(request: Request, next: str) -> str:
    """Return where to go on: an address of our own pages, never one of another site."""
    own = next.startswith("/") and not next.startswith(("//", "/\\")) and next.isprintable()
    return next if own and "\\" not in next else "/"


@router.get("/problems/{slug}")
def explain_problem(slug: str, request: Request, asker: Reader) -> Response:
    """Explain one kind of problem."""
    kind = KINDS.get(slug)
    if kind is None:
        raise NotFound("no such problem")
    return html_page(request, "problem.html", asker, kind=kind)


@router.get("/problems")
def list_problems(request: Request, asker: Reader) -> Response:
    """List the kinds of problems."""
    return html_page(request, "problems.html", asker, kinds=KINDS.values())

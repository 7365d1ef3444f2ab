"""The start page, signing in, and a page for each kind of problem."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import Reader, cookie, cookie_name, is_same_origin, own_address
from api.deps import Data
from api.responses.html import html_page
from api.responses.problems import KINDS, ProblemError, base_url
from argmap.errors import ArgmapError, NotFound
from argmap.store import accounts
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS

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


@router.get("/sign-in")
def ask_to_sign_in(request: Request, asker: Reader, token: str = "") -> Response:
    """Ask to sign in with the one-time token of the link; a look at the link alone does not use it up."""
    return html_page(request, "sign-in.html", asker, token=token, wrong=False)


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
        return html_page(request, "sign-in.html", asker, status=401, token="", wrong=True)
    response = RedirectResponse("/", status_code=303)
    name = cookie_name(own_address(request))
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
    name = cookie_name(own_address(request))
    token = cookie(request, name)
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
    return html_page(request, "problem.html", asker, kind=kind)


@router.get("/problems")
def list_problems(request: Request, asker: Reader) -> Response:
    """List the kinds of problems."""
    return html_page(request, "problems.html", asker, kinds=KINDS.values())

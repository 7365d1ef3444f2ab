"""Signing in with a browser, by name and password or by a one-time link; one's sessions, password and account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.agents import named
from api.auth import (
    Administrator,
    Member,
    Writer,
    cookie_name,
    is_same_origin,
    own_address,
    token_of,
)
from api.deps import Data, Post
from api.passwords import Passwords, check_new_password
from api.requests.body import StrictRoute
from api.responses.answers import answer, gone
from api.responses.problems import ProblemError, base_url
from api.routes.accounts import me, sign_in_link
from argmap.errors import NotFound
from argmap.store import Database, Session, accounts, sessions
from argmap.store.accounts import token_hash
from argmap.store.records import Asker
from schemas.accounts import (
    MeOut,
    NewPassword,
    PasswordSignIn,
    ResetOut,
    SessionOut,
)
from schemas.base import Page

router = APIRouter(tags=["accounts"], route_class=StrictRoute)

RESET_MINUTES = 60


async def _passwords(request: Request) -> Passwords:
    return request.app.state.passwords  # type: ignore[no-any-return]  # app.state is untyped


Hashing = Annotated[Passwords, Depends(_passwords)]


@router.post("/session", operation_id="begin_session", response_model=MeOut)
async def begin_session(
    body: PasswordSignIn, request: Request, database: Data, passwords: Hashing
) -> Response:
    """Sign a browser in by name and password: the answer sets a cookie. For programs there are API tokens.

    A wrong name and a wrong password are answered alike. After 10 tries at a name in 15 minutes the answer is 429.
    """
    check_same_origin(request)
    plain = await signed_in(request, database, passwords, body.name, body.password)
    response = await run_in_threadpool(_me_of, database, plain)
    set_cookie(request, response, plain)
    return response


@router.delete("/session", status_code=204, operation_id="end_session")
async def end_session(request: Request, asker: Writer, database: Data) -> Response:
    """Sign out: end the session that the request belongs to."""
    plain = token_of(request)
    await run_in_threadpool(end_by_secret, database, plain)
    response = gone()
    drop_cookie(request, response)
    return response


@router.get("/sessions", operation_id="list_sessions", response_model=Page[SessionOut])
def list_sessions(request: Request, asker: Member, database: Data) -> Response:
    """List where one is signed in, newest first."""
    here = token_hash(token_of(request) or "")
    with database.read() as session:
        found = sessions.sessions(session, asker.account_id or "")
    items = [
        SessionOut(
            id=each.id,
            created=each.created,
            last_used=each.last_used,
            expires=each.expires,
            agent=each.agent,
            current=each.hash == here,
        )
        for each in found
    ]
    return answer(Page[SessionOut](items=items))


@router.delete("/sessions", status_code=204, operation_id="end_sessions")
def end_sessions(
    request: Request,
    asker: Writer,
    database: Data,
    others: Annotated[bool, Query(description="Keep the session that asks")] = False,
) -> Response:
    """Sign out everywhere. API tokens stay."""
    with database.write() as session:
        keep = token_hash(token_of(request) or "") if others else None
        sessions.end_all(session, asker.account_id or "", keep)
    response = gone()
    if not others:
        drop_cookie(request, response)
    return response


@router.delete("/sessions/{session_id}", status_code=204, operation_id="end_one_session")
def end_one_session(session_id: str, asker: Writer, database: Data) -> Response:
    """Sign out of one browser."""
    with database.write() as session:
        sessions.end(session, asker.account_id or "", session_id)
    return gone()


@router.put("/me/password", status_code=204, operation_id="set_password")
async def set_password(
    body: NewPassword, request: Request, asker: Writer, database: Data, passwords: Hashing
) -> Response:
    """Set one's password, which ends one's other sessions.

    It takes the present one (`current`), but for whoever has none yet or has just signed in by a one-time link.
    """
    account_id, own = asker.account_id or "", token_hash(token_of(request) or "")

    def looked() -> tuple[str | None, bool, str | None]:
        with database.read() as session:
            name = accounts.account(session, account_id).name
            fresh = sessions.is_fresh(session, account_id, own)
            return sessions.own_password(session, account_id), fresh, name

    present, fresh, name = await run_in_threadpool(looked)
    if present is None or fresh:
        if "authorization" in request.headers:
            raise ProblemError("not-permitted", "A first password is set in a browser, signed in.")
    else:
        passwords.count_try(request, f"\n{account_id}")
        if body.current is None or not await passwords.fits(body.current, present):
            raise ProblemError("not-permitted", "The present password is missing or wrong.")
    check_new_password(body.password, name)
    hashed = await passwords.hash(body.password)

    def write() -> None:
        with database.write() as session:
            sessions.set_password(session, account_id, hashed, keep=own)

    await run_in_threadpool(write)
    return gone()


@router.post("/sign-up", status_code=201, operation_id="sign_up", response_model=MeOut)
async def sign_up(
    body: PasswordSignIn, request: Request, database: Data, passwords: Hashing
) -> Response:
    """Make an account of one's own, where the service lets people do so (`ARGMAP_SIGN_UP`), and sign in."""
    check_same_origin(request)
    plain = await signed_up(request, database, passwords, body.name, body.password)
    response = await run_in_threadpool(_me_of, database, plain)
    response.status_code = 201
    set_cookie(request, response, plain)
    return response


@router.post(
    "/accounts/{account_id}/reset",
    status_code=201,
    operation_id="reset_account",
    response_model=ResetOut,
)
def reset_account(account_id: str, asker: Administrator, post: Post) -> Response:
    """Make a one-time link by which somebody signs in and can set a new password (administrators)."""

    def make(session: Session) -> Response:
        plain = accounts.add_sign_in(session, account_id, RESET_MINUTES)
        link = sign_in_link(base_url(post.request), plain)
        return answer(ResetOut(link=link, minutes=RESET_MINUTES), 201)

    return post.once(make, secret=True)


async def signed_in(
    request: Request, database: Database, passwords: Passwords, name: str, password: str
) -> str:
    """Begin a session by name and password and return its secret. Raises ProblemError (401, 429)."""
    passwords.count_try(request, name)

    def looked() -> tuple[str, str] | None:
        with database.read() as session:
            return sessions.password_of(session, name)

    found = await run_in_threadpool(looked)
    fits = await passwords.fits(password, None if found is None else found[1])
    if found is None or not fits:
        raise ProblemError("unauthenticated", "The name or the password is wrong.")
    how = sessions.BY_PASSWORD
    return await run_in_threadpool(begun, request, database, found[0], how)


async def signed_up(
    request: Request, database: Database, passwords: Passwords, name: str, password: str
) -> str:
    """Make an account, begin a session of it and return its secret. Raises NotFound, Conflict, InvalidMap; 429."""
    if not request.app.state.settings.sign_up:
        raise NotFound("people do not make accounts here")
    passwords.count_sign_up(request)
    check_new_password(password, name)
    hashed = await passwords.hash(password)

    def write() -> str:
        with database.write() as session:
            account = accounts.create_account(session, name)
            sessions.set_password(session, account.id, hashed)
            agent = named(request.headers.get("user-agent"))
            return sessions.begin(session, account.id, agent, sessions.BY_PASSWORD)

    return await run_in_threadpool(write)


def begun(request: Request, database: Database, account_id: str, how: str) -> str:
    """Begin a session and return its secret."""
    with database.write() as session:
        return sessions.begin(session, account_id, named(request.headers.get("user-agent")), how)


def end_by_secret(database: Database, plain: str | None) -> None:
    """End the session, or revoke the token, of a secret."""
    if plain is not None:
        with database.write() as session:
            accounts.sign_out(session, plain)


def check_same_origin(request: Request) -> None:
    """Refuse what a page of another site sends. Raises ProblemError (403)."""
    if not is_same_origin(request):
        raise ProblemError("not-permitted", "A page of another site may not sign you in or out.")


def set_cookie(request: Request, response: Response, plain: str) -> None:
    """Have the browser keep a session's secret, out of the reach of scripts and other sites."""
    name = cookie_name(own_address(request))
    response.set_cookie(
        name, plain, max_age=sessions.DAYS * 86400, path="/", secure=name.startswith("__Host-"),
        httponly=True, samesite="lax",
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"


def drop_cookie(request: Request, response: Response) -> None:
    """Have the browser forget a session's secret."""
    name = cookie_name(own_address(request))
    secure = name.startswith("__Host-")
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _me_of(database: Database, plain: str) -> Response:
    with database.read() as session:
        asker = accounts.token_asker(session, plain) or Asker()
        return answer(me(session, asker))

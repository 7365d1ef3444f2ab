"""Who asks: from a bearer token, a session cookie or a share token to an Asker, as types in a route's signature."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import URL

from api.responses.problems import ProblemError, base_url
from argmap.store.access.loading import NO_PERSON
from argmap.store.accounts import token_hash
from argmap.store.records import ANONYMOUS, AccountKind, Asker, Scope

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def cookie_name(url: URL) -> str:
    """Return the session cookie's name: `__Host-` where browsers take Secure cookies, plain on bare HTTP."""
    secure = url.scheme == "https" or url.hostname in _LOOPBACK
    return "__Host-argmap" if secure else "argmap"


def own_address(request: Request) -> URL:
    """Return the service's address as its visitors see it: behind a proxy that speaks TLS the request does not tell."""
    return URL(base_url(request))


def cookie(request: Request, name: str) -> str | None:
    """Return a cookie of ours, which needs no decoding; the standard library's takes quadratic time for some."""
    for part in request.headers.get("cookie", "").split(";"):
        given, _, value = part.strip().partition("=")
        if given == name:
            return value
    return None


def token_of(request: Request) -> str | None:
    """Return the token that a request comes with, in its header or as a cookie. Raises ProblemError (401)."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise ProblemError(
                "unauthenticated", "Send the token as `Authorization: Bearer TOKEN`."
            )
        return token.strip()
    if "cookie" in request.headers:
        return cookie(request, cookie_name(own_address(request)))
    return None


async def reader(request: Request) -> Asker:
    """Anybody, known or not. Raises ProblemError (401) for a token that is not valid."""
    asker = await _identified(request)
    request.scope["argmap.asker"] = asker  # see api.responses.caching
    return asker


async def _identified(request: Request) -> Asker:
    headers = request.headers
    authorization = headers.get("authorization")
    share = request.query_params.get("share") if request.scope["query_string"] else None
    token = token_of(request)
    if token is None and share is None:
        return ANONYMOUS
    asker = await request.app.state.database.hot.asker(
        None if token is None else token_hash(token),
        None if share is None else token_hash(share),
    )
    if asker is not None:
        return asker  # type: ignore[no-any-return]  # app.state is untyped
    if authorization is None:  # a cookie of a session that has ended
        return ANONYMOUS if share is None else Asker(share=token_hash(share))
    raise ProblemError("unauthenticated", "The token is unknown, has expired or was revoked.")


async def member(request: Request, asker: Annotated[Asker, Depends(reader)]) -> Asker:
    """Somebody with an account. Raises ProblemError (401)."""
    if asker.account_id is None:
        raise ProblemError("unauthenticated", "Send a token as `Authorization: Bearer TOKEN`.")
    return asker


async def writer(request: Request, asker: Annotated[Asker, Depends(member)]) -> Asker:
    """Somebody whose token may write. Raises ProblemError (401, 403)."""
    if asker.scope is not Scope.WRITE:
        raise ProblemError("not-permitted", "The token may only read; writing needs scope write.")
    if "authorization" not in request.headers and not is_same_origin(request):
        raise ProblemError("not-permitted", "A page of another site may not write in your name.")
    return asker


async def person(asker: Annotated[Asker, Depends(writer)]) -> Asker:
    """Somebody who may own what they create: a person, not a pupil. Raises ProblemError (401, 403)."""
    if asker.kind is not AccountKind.PERSON:
        raise ProblemError("not-permitted", f"{NO_PERSON[0].upper()}{NO_PERSON[1:]}.")
    return asker


async def administrator(asker: Annotated[Asker, Depends(writer)]) -> Asker:
    """An administrator. Raises ProblemError (401, 403)."""
    if not asker.admin:
        raise ProblemError("not-permitted", "Only an administrator keeps accounts.")
    return asker


def is_same_origin(request: Request) -> bool:
    """Tell whether a request with a cookie comes from one of our own pages."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    own = own_address(request)
    return origin in (
        f"{own.scheme}://{own.netloc}",
        f"{request.url.scheme}://{request.url.netloc}",
    )


Reader = Annotated[Asker, Depends(reader)]
Member = Annotated[Asker, Depends(member)]
Writer = Annotated[Asker, Depends(writer)]
Person = Annotated[Asker, Depends(person)]
Administrator = Annotated[Asker, Depends(administrator)]

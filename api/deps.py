"""What routes ask for in their signatures: the database, the desk, and writing once."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from api.auth import Writer
from api.jobs.desk import Desk
from api.live import Live
from api.responses.problems import KINDS, ProblemError, problem
from argmap.store import Database, Session, articles, idempotency
from argmap.store.maps import maps
from argmap.store.records import Asker


def database(request: Request) -> Database:
    """Return the service's database."""
    return request.app.state.database  # type: ignore[no-any-return]  # app.state is untyped


async def _database(request: Request) -> Database:
    return database(request)


async def _live(request: Request) -> Live:
    return request.app.state.live  # type: ignore[no-any-return]  # app.state is untyped


async def _desk(request: Request) -> Desk:
    return request.app.state.desk  # type: ignore[no-any-return]  # app.state is untyped


@dataclass(frozen=True, slots=True)
class Writing:
    """A request that may write: who asks, and the database."""

    request: Request
    database: Database
    asker: Asker

    @property
    def account(self) -> str:
        """The id of the account that writes."""
        return self.asker.account_id or ""

    def session(self) -> "AbstractContextManager[Session]":
        """Begin a transaction that is committed when its block ends without an error."""
        return self.database.write()


@dataclass(frozen=True, slots=True)
class Posting(Writing):
    """A POST that may carry an Idempotency-Key: sent again with the same key it is answered, not done, again."""

    key: str | None
    fingerprint: str

    def once(self, make: "Callable[[Session], Response]", *, secret: bool = False) -> Response:
        """Do the work in one transaction and return its answer, or the answer that was given before.

        An answer that holds a `secret` is not kept: the repeated request learns that the work is done.
        Raises IdempotencyMismatch when the key was used for another request.
        """
        with self.database.write() as session:
            if self.key is None:
                return make(session)
            before = idempotency.begin(session, self.account, self.key, self.fingerprint)
            if before is not None:
                self._check_access(session)  # which may have been taken away since
                headers = {**before.headers, "Idempotency-Replayed": "true"}
                return Response(before.body, before.status, headers)
            response = make(session)
            kept = self._without_secret() if secret else response
            headers = {
                name: value
                for name, value in kept.headers.items()
                if name in ("content-type", "location", "etag", "cache-control")
            }
            idempotency.finish(
                session, self.account, self.key, kept.status_code, headers, bytes(kept.body)
            )
            return response

    def _check_access(self, session: Session) -> None:
        """Raise NotFound when what the address names is not for the asker any more."""
        named = self.request.path_params
        if "map_id" in named:
            maps.map(session, self.asker, named["map_id"])
        if "article_id" in named:
            articles.article(session, self.asker, named["article_id"])

    def _without_secret(self) -> Response:
        detail = (
            "This was done when the key was first sent. Its secret was shown then and is not kept;"
            " revoke it and make a new one if it is lost."
        )
        return problem(self.request, KINDS["conflict"], detail)


async def _writing(request: Request, asker: Writer) -> Writing:
    return Writing(request, database(request), asker)


async def _key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Any text of your own; a repeated request with the same key is done once"
        ),
    ] = None,
) -> str | None:
    if idempotency_key is not None and not (
        0 < len(idempotency_key) <= 200
        and idempotency_key.isascii()
        and idempotency_key.isprintable()
    ):
        raise ProblemError("bad-request", "An Idempotency-Key is 1 to 200 printable ASCII letters.")
    return idempotency_key


Key = Annotated[str | None, Depends(_key)]


async def _posting(request: Request, asker: Writer, key: Key) -> Posting:
    asked = "" if key is None else fingerprint(request, await request.body())
    return Posting(request, database(request), asker, key, asked)


def fingerprint(request: Request, body: bytes) -> str:
    """Return a hash of what a request asks for: its method, its address, and its body or a hash of that."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + body).hexdigest()


async def _minimal(
    prefer: Annotated[
        str | None,
        Header(
            description="`return=minimal` (RFC 7240): answer what was changed, not the whole map"
        ),
    ] = None,
) -> bool:
    return any(
        each.partition(";")[0].replace(" ", "").lower() in ("return=minimal", 'return="minimal"')
        for each in (prefer or "")[:1000].split(",")
    )


Preferred = Annotated[bool, Depends(_minimal)]
Data = Annotated[Database, Depends(_database)]
Watching = Annotated[Live, Depends(_live)]
Drawing = Annotated[Desk, Depends(_desk)]
Write = Annotated[Writing, Depends(_writing)]
Post = Annotated[Posting, Depends(_posting)]

"""Accounts, API tokens and signing in."""

import tempfile
from typing import IO, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from api.auth import Administrator, Member, Person, Writer
from api.deps import Data, Post, Write, database
from api.requests.body import StrictRoute
from api.responses.answers import answer, chunks, gone
from api.responses.problems import ProblemError, base_url
from argmap.errors import NotFound
from argmap.store import Database, Session, accounts, sessions
from argmap.store.export_and_erase import write_account
from argmap.store.records import Account, Asker, Scope
from schemas.accounts import (
    AccountIn,
    AccountOut,
    MeOut,
    NewAccountOut,
    NewTokenOut,
    SignedInOut,
    SignIn,
    TokenIn,
    TokenOut,
)
from schemas.base import Page

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/me", operation_id="read_me", response_model=MeOut)
def read_me(asker: Member, database: Data) -> Response:
    """Say which account the token belongs to and what it may do."""
    with database.read() as session:
        return answer(me(session, asker))


def me(session: Session, asker: Asker) -> MeOut:
    """Return what somebody may know of their own account."""
    account = accounts.account(session, asker.account_id or "")
    has_password = sessions.own_password(session, account.id) is not None
    fields = AccountOut.of(account).model_dump()
    return MeOut(**fields, scope=asker.scope or Scope.READ, has_password=has_password)


@router.post("/sign-in", operation_id="sign_in", response_model=SignedInOut)
def sign_in(body: SignIn, database: Data) -> Response:
    """Change a one-time sign-in token for an API token with scope write. It works once.

    It takes no `Idempotency-Key`: nobody is known yet whose key it could be, and the answer is a secret, which is
    never kept to be given again. Who lost the answer asks for another link.
    """
    with database.write() as session:
        try:
            account, token, plain = accounts.redeem_sign_in(session, body.token)
        except NotFound:
            raise ProblemError(
                "unauthenticated", "The sign-in token is unknown, has expired or was used."
            ) from None
    return answer(
        SignedInOut(
            account=AccountOut.of(account),
            token=NewTokenOut(**TokenOut.of(token).model_dump(), token=plain),
        )
    )


@router.get("/tokens", operation_id="list_tokens", response_model=Page[TokenOut])
def list_tokens(asker: Member, database: Data) -> Response:
    """List one's own API tokens, without their secrets."""
    with database.read() as session:
        found = accounts.tokens(session, asker.account_id or "")
    return answer(Page[TokenOut](items=[TokenOut.of(each) for each in found]))


@router.post("/tokens", status_code=201, operation_id="create_token", response_model=NewTokenOut)
def create_token(body: TokenIn, asker: Person, post: Post) -> Response:
    """Make an API token; its secret is shown only now."""

    def make(session: Session) -> Response:
        token, plain = accounts.add_token(
            session, post.account, body.name, body.scope, body.expires
        )
        return answer(NewTokenOut(**TokenOut.of(token).model_dump(), token=plain), 201)

    return post.once(make, secret=True)


@router.delete("/tokens/{token_id}", status_code=204, operation_id="revoke_token")
def revoke_token(token_id: str, write: Write) -> Response:
    """Revoke one of one's own API tokens; it takes effect at once."""
    with write.session() as session:
        accounts.revoke_token(session, write.account, token_id)
    return gone()


@router.get("/accounts", operation_id="list_accounts", response_model=Page[AccountOut])
def list_accounts(asker: Administrator, database: Data) -> Response:
    """List all accounts (administrators)."""
    with database.read() as session:
        found = accounts.accounts(session)
    return answer(Page[AccountOut](items=[AccountOut.of(each) for each in found]))


@router.post(
    "/accounts", status_code=201, operation_id="create_account", response_model=NewAccountOut
)
def create_account(body: AccountIn, asker: Administrator, post: Post) -> Response:
    """Create an account (administrators); the answer has the link by which its owner signs in."""

    def make(session: Session) -> Response:
        account = accounts.create_account(session, body.name, body.admin)
        plain = accounts.add_sign_in(session, account.id)
        link = sign_in_link(base_url(post.request), plain)
        made = NewAccountOut(**AccountOut.of(account).model_dump(), sign_in=link)
        return answer(made, 201, location=f"/accounts/{account.id}")

    return post.once(make, secret=True)


@router.get("/accounts/{account_id}", operation_id="read_account", response_model=AccountOut)
def read_account(account_id: str, asker: Member, database: Data) -> Response:
    """Read an account: one's own, or as administrator anybody's."""
    return answer(AccountOut.of(_own(account_id, asker, database)))


@router.get(
    "/accounts/{account_id}/export",
    operation_id="export_account",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "A zip"}},
)
def export_account(account_id: str, asker: Member, database: Data) -> Response:
    """Write everything that is kept of one's own account into a zip: articles, maps, histories, tokens, grants."""
    if account_id != asker.account_id:
        raise NotFound("no such account")
    file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115  closed by the stream
    with database.read() as session:
        write_account(session, account_id, cast(IO[bytes], file))
    file.seek(0)
    sent = {
        "Content-Disposition": 'attachment; filename="argmap-account.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(
        chunks(cast(IO[bytes], file)), headers=sent, media_type="application/zip"
    )


@router.delete("/accounts/{account_id}", status_code=204, operation_id="erase_account")
def erase_account(account_id: str, request: Request, asker: Writer) -> Response:
    """Erase an account for good: one's own, or as administrator anybody's.

    With it go its tokens, grants, share links, idempotency records and its name in histories.
    """
    store = database(request)
    _own(account_id, asker, store)
    with store.write() as session:
        accounts.erase_account(session, account_id)
    store.scrub()
    return gone()


def sign_in_link(base: str, plain: str) -> str:
    """Return the address by which a one-time sign-in token is used."""
    return f"{base}/sign-in?token={plain}"


def _own(account_id: str, asker: Asker, database: Database) -> Account:
    if account_id != asker.account_id and not asker.admin:
        raise NotFound("no such account")
    with database.read() as session:
        return accounts.account(session, account_id)

"""Who may see and edit an article or a map: grants, share tokens, transfer."""

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api.auth import Member
from api.deps import Data, Post, Write
from api.requests.body import StrictRoute
from api.responses.answers import PREFIX, answer, gone
from api.responses.problems import base_url
from api.routes.sessions import Hashing
from argmap.store import Session
from argmap.store.access import sharing
from argmap.store.records import Grant, Share, Subject
from schemas.accounts import (
    GrantIn,
    GrantOut,
    NewShareOut,
    PersonIn,
    ShareIn,
    ShareOut,
    TransferIn,
)
from schemas.base import Page


def sharing_router(subject: Subject) -> APIRouter:
    """Build the routes of one noun; only the owner may use them."""
    noun = f"{subject}s"
    router = APIRouter(prefix=f"/{noun}/{{id}}", tags=["sharing"], route_class=StrictRoute)

    @router.get("/grants", operation_id=f"list_{subject}_grants", response_model=Page[GrantOut])
    def list_grants(id: str, asker: Member, database: Data) -> Response:
        """List who has a role by grant."""
        with database.read() as session:
            found = sharing.grants(session, asker, subject, id)
        return answer(Page[GrantOut](items=[GrantOut.of(each) for each in found]))

    @router.put("/grants/{account_id}", operation_id=f"grant_{subject}", response_model=GrantOut)
    def grant(id: str, account_id: str, body: GrantIn, write: Write) -> Response:
        """Give an account a role, or change it."""
        with write.session() as session:
            given = sharing.grant(session, write.asker, subject, id, account_id, body.role)
        return answer(GrantOut.of(given))

    @router.put("/people", operation_id=f"share_{subject}_with", response_model=GrantOut)
    async def grant_by_name(id: str, body: PersonIn, write: Write, passwords: Hashing) -> Response:
        """Give a person a role, or change it, by their name; names can be tried a few times only."""
        passwords.count_lookup(write.account)

        def give() -> Grant:
            with write.session() as session:
                return sharing.grant_by_name(
                    session, write.asker, subject, id, body.name, body.role
                )

        return answer(GrantOut.of(await run_in_threadpool(give)))

    @router.delete("/grants/{account_id}", status_code=204, operation_id=f"revoke_{subject}_grant")
    def revoke_grant(id: str, account_id: str, write: Write) -> Response:
        """Take an account's role away; it takes effect at once."""
        with write.session() as session:
            sharing.ungrant(session, write.asker, subject, id, account_id)
        return gone()

    @router.get("/shares", operation_id=f"list_{subject}_shares", response_model=Page[ShareOut])
    def list_shares(id: str, asker: Member, database: Data) -> Response:
        """List the share tokens, without their secrets."""
        with database.read() as session:
            found = sharing.shares(session, asker, subject, id)
        return answer(Page[ShareOut](items=[ShareOut.of(each) for each in found]))

    @router.post(
        "/shares",
        status_code=201,
        operation_id=f"share_{subject}",
        response_model=NewShareOut,
    )
    def share(id: str, body: ShareIn, post: Post) -> Response:
        """Make a link; whoever has it may read what is unlisted, or edit it if they have an account.

        Its token is shown only now. A link to a map opens the article beside it, where both are one's own.
        """

        def make(session: Session) -> Response:
            made, plain = sharing.add_share(
                session,
                post.asker,
                subject,
                id,
                label=body.label or "",
                role=body.role,
                expires=body.expires,
            )
            base, of_it = base_url(post.request), f"{noun}/{id}?share={plain}"
            page = f"{base}/{of_it}" if subject is Subject.MAP else None
            return answer(_with_secret(made, plain, f"{base}{PREFIX}/{of_it}", page), 201)

        return post.once(make, secret=True)

    @router.delete("/shares/{share_id}", status_code=204, operation_id=f"revoke_{subject}_share")
    def revoke_share(id: str, share_id: str, write: Write) -> Response:
        """Revoke a share token; it takes effect at once."""
        with write.session() as session:
            sharing.revoke_share(session, write.asker, subject, id, share_id)
        return gone()

    @router.post("/transfer", status_code=204, operation_id=f"transfer_{subject}")
    def transfer(id: str, body: TransferIn, post: Post) -> Response:
        """Make another account the owner; the owner until now keeps the role viewer."""

        def make(session: Session) -> Response:
            sharing.transfer(session, post.asker, subject, id, body.account_id)
            return gone()

        return post.once(make)

    return router


def _with_secret(share: Share, plain: str, link: str, page: str | None) -> NewShareOut:
    return NewShareOut(**ShareOut.of(share).model_dump(), token=plain, link=link, page=page)

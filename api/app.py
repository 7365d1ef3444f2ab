"""Wiring: settings to a service with its database, its desk, its routes and pages."""

import asyncio
import datetime
import logging
import os
import secrets
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api import logs, openapi
from api.examples import store_examples
from api.jobs.desk import Desk
from api.jobs.imports import Importer
from api.live import Live
from api.middleware.compression import Compression
from api.middleware.hot_reads import FastLane
from api.middleware.proxy_and_head import Edge
from api.pages import map_pages, pages
from api.pages.assets import Assets
from api.passwords import Passwords
from api.responses import problems
from api.responses.answers import PREFIX
from api.responses.kept import Kept
from api.routes import (
    accounts,
    analysis,
    articles,
    events,
    formats,
    health,
    history,
    imports,
    items,
    maps,
    oembed,
    pictures,
    sessions,
)
from api.routes.accounts import sign_in_link
from api.routes.sharing import sharing_router
from api.settings import CHECKOUT, Settings
from argmap import __version__
from argmap.errors import StoreFull, StoreUnavailable
from argmap.store import Database
from argmap.store.accounts import add_sign_in, has_session, note_uses, owner
from argmap.store.maps import maps as maps_of
from argmap.store.purge import purge
from argmap.store.records import Subject
from argmap.store.sql.database import MOST_WRITERS

WELCOMED = "_ARGMAP_WELCOMED"  # set where whoever started several processes has welcomed the owner
PURGE_SECONDS = 24 * 3600.0  # at most between two removals of what was deleted long ago

THREADS = MOST_WRITERS + 32  # of which those who wait to write leave some to those who read

logger = logging.getLogger("argmap.api")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the service. Without `settings` they are read from the environment."""
    logs.install()
    settings = settings or Settings()
    app = FastAPIOffline(  # the API reference works without a network
        redoc_url=None,
        favicon_url=f"{settings.prefix}/static/argmap.svg",
        title="argmap",
        version=__version__,
        summary="Op-eds as theses, premises, evidence and rebuttals, drawn as argument maps",
        description=openapi.DESCRIPTION,
        openapi_tags=openapi.TAGS,
        lifespan=_lifespan,
        redirect_slashes=False,
        root_path_in_servers=False,  # the document names the whole public address
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.kept = Kept(settings.picture_cache_bytes)
    problems.install(app)
    app.include_router(pictures.router, prefix=PREFIX)  # the hot reads come first
    for router in (
        maps.router,
        items.router,
        history.router,
        events.router,
        analysis.router,
        formats.router,
        imports.router,
        articles.files,
        articles.router,
        sharing_router(Subject.MAP),
        sharing_router(Subject.ARTICLE),
        accounts.router,
        sessions.router,
    ):
        app.include_router(router, prefix=PREFIX)
    app.include_router(oembed.router)
    app.include_router(health.router)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(map_pages.router, include_in_schema=False)
    app.mount("/static", Assets(directory=CHECKOUT / "web"), name="static")
    app.add_middleware(FastLane)
    app.add_middleware(Compression)
    app.add_middleware(Edge, prefix=settings.prefix)
    openapi.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    settings: Settings = app.state.settings
    if settings.database_url is None:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.url, synchronous=settings.synchronous)
    database.migrate()
    if WELCOMED not in os.environ:
        welcome(database, settings)
    app.state.database = database
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    desk = Desk(
        settings.workers,
        settings.picture_queue,
        app.state.kept,
        settings.picture_seconds,
    )
    app.state.live = Live(database)
    app.state.passwords = Passwords()
    app.state.desk = desk
    app.state.importer = Importer(database, settings.workers > 0)
    tasks = [
        asyncio.create_task(_note_uses(database)),
        asyncio.create_task(app.state.importer.run()),
        asyncio.create_task(desk.start()),
        asyncio.create_task(_purge(database)),
    ]
    try:
        yield {"on_stop": desk.stop}  # called by api.connection as soon as the service is told to
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        app.state.live.close()
        app.state.passwords.close()
        await desk.close()
        database.dispose()


def welcome(database: Database, settings: Settings) -> None:
    """See to it that there are an owner and, the first time, examples; let an owner in who is not signed in."""
    with database.write() as session:
        account = owner(session)
        if not maps_of.was_used(session):
            store_examples(session, account, settings.examples)
        if has_session(session, account.id):
            return
        plain = add_sign_in(session, account.id, minutes=24 * 60)
    link = sign_in_link(settings.public_url or settings.served_at, plain)
    sys.stderr.write(
        f"\n    You are the owner of this service ({account.name}). Sign in once with this link:"
        f"\n\n        {link}\n\n"
    )
    sys.stderr.flush()
    if settings.open_browser:
        webbrowser.open(link)


async def _note_uses(database: Database) -> None:
    """Once a minute write down when tokens were last used."""
    while True:
        try:
            await asyncio.sleep(60)
        finally:
            uses = database.hot.take_uses()
            if uses:
                await asyncio.to_thread(_write_uses, database, uses)


async def _purge(database: Database) -> None:
    """Once a day, at an hour of this process's own, remove for good what was deleted long ago."""
    while True:
        await asyncio.sleep(secrets.randbelow(int(PURGE_SECONDS / 2)) + PURGE_SECONDS / 2)
        try:
            await asyncio.to_thread(purge, database)
        except (StoreUnavailable, StoreFull) as error:
            logger.warning("what was deleted long ago could not be removed: %s", error)


def _write_uses(database: Database, uses: dict[str, datetime.datetime]) -> None:
    try:
        with database.write() as session:
            note_uses(session, uses)
    except (StoreUnavailable, StoreFull) as error:
        logger.warning("when tokens were used could not be noted: %s", error)

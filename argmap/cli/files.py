"""Files read and written for the command line: "-" is standard input or output, results appear whole or not at all."""

import os
import sys
from pathlib import Path

import typer

from argmap.files import replace

MAX_BYTES = (
    64 * 2**20
)  # so that a wrong name such as /dev/zero ends; formats have limits of their own


def read(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for "-".

    Raises typer.TyperException with one sentence when that is not possible.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise typer.TyperException(f"cannot read it: {_reason(error)}") from error
    if len(data) > MAX_BYTES:
        raise typer.TyperException(f"cannot read it: it is larger than {MAX_BYTES // 2**20} MiB")
    return data


def write(path: str, data: bytes) -> None:
    """Write a file whole or not at all, or to standard output for "-".

    An existing file keeps its permissions and, behind a symbolic link, its place.
    Raises typer.TyperException with one sentence when that is not possible.
    """
    if path == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        replace(Path(os.path.realpath(path)), data)
    except (OSError, ValueError) as error:
        raise typer.TyperException(f"cannot write {path}: {_reason(error)}") from error


def make_folder(path: str, mode: int = 0o777) -> None:
    """Make a folder unless it is there. Raises typer.TyperException with one sentence."""
    try:
        os.makedirs(path, mode, exist_ok=True)
    except OSError as error:
        raise typer.TyperException(f"cannot make the folder {path}: {_reason(error)}") from error


def _reason(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason[:1].lower() + reason[1:]

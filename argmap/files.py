"""Files that appear whole or not at all."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path


def replace(path: Path, data: bytes) -> None:
    """Write a file in one step; an existing one keeps its permissions. Raises OSError, and ValueError for a NUL."""
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(
        mode
    ):  # a pipe or device cannot be replaced; a folder says so itself
        path.write_bytes(data)
        return
    if mode is not None and not os.access(path, os.W_OK):  # replacing it would pass over that
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask

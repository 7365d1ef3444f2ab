"""An installed `dot` as layout engine: a process of its own for each picture, bounded in time and memory."""

import contextlib
import math
import os
import shutil
import signal
import subprocess
import tempfile

from argmap.errors import EngineTimeout, EngineUnavailable
from argmap.picture.engine.sandbox import MEMORY_LIMIT

_SHARED_CODE = 256 * 1024 * 1024  # address space that dot takes before it has read anything


def run(dot: str, deadline: float) -> bytes:
    """Lay out a graph in the DOT language with the installed `dot` and return its `plain` text.

    deadline: seconds that it may take; then its whole process group is killed.
    Raises EngineTimeout, EngineUnavailable.
    """
    found = program()
    if found is None:
        raise EngineUnavailable("the layout engine dot is not installed; install Graphviz")
    # SERVER_NAME and GV_FILE_PATH keep dot from reading files; our graphs name none either.
    environment = {"PATH": os.defpath, "SERVER_NAME": "argmap", "GV_FILE_PATH": "/nowhere"}
    with tempfile.TemporaryFile() as output:  # not a pipe: nothing to drain when it is killed
        process = subprocess.Popen(
            ["/bin/sh", "-c", bounded('exec "$3" -Tplain'), "sh", *limits(deadline), found],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        try:
            process.communicate(dot.encode(), timeout=deadline)
        except subprocess.TimeoutExpired:
            raise EngineTimeout(f"the layout took longer than {deadline:g} s") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode != 0:
            raise EngineUnavailable(f"the layout engine dot ended with status {process.returncode}")
        output.seek(0)
        return output.read()


def program() -> str | None:
    """Return where dot is installed, if it is."""
    return shutil.which("dot")


def bounded(command: str) -> str:
    """Return a shell command with limits: it ends by itself even when nobody is left to end it."""
    return f'ulimit -t "$1"; ulimit -v "$2"; {command}'


def limits(deadline: float) -> tuple[str, str]:
    """Return the limits of one layout: processor seconds, and kilobytes of address space."""
    return str(math.ceil(deadline) + 1), str((MEMORY_LIMIT + _SHARED_CODE) // 1024)

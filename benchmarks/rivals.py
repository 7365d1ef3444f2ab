"""The tools of others that argmap is compared with: where they are, and how to ask one again and again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

JUDGES = os.environ.get("ARGMAP_JUDGES", "")  # the folder that install.sh fills


def python_with_arguebuf() -> Path | None:
    """Return the Python that can import arguebuf, if there is one."""
    python = Path(JUDGES) / "python" / "bin" / "python"
    return python if JUDGES and python.exists() else None


def node_with(package: str) -> str | None:
    """Return Node, if it is there and can load that package of Argdown from the folder."""
    there = JUDGES and (Path(JUDGES) / "node_modules" / "@argdown" / package).is_dir()
    return shutil.which("node") if there else None


@contextmanager
def started(command: list[str | Path]) -> Iterator[Callable[[str], str]]:
    """Start a rival in the folder; give what asks it a line and returns the line of its answer."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=JUDGES
    ) as process:
        asked, answers = process.stdin, process.stdout
        if asked is None or answers is None:
            sys.exit("a rival without standard streams")

        def ask(line: str) -> str:
            print(line, file=asked, flush=True)
            return answers.readline()

        yield ask
        asked.close()

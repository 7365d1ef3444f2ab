"""From a clone to an answering service: the first and the second start, against a plain pip install."""

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import ROOT, Row

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".dev", ".data", ".*_cache", "__pycache__", "node_modules"
)
REQUIREMENTS = "requirements/runtime.txt"
SECONDS = 600


def rows() -> list[Row]:
    """Return what both starts take on the processor and by the clock; nothing is in a cache before the first."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        shutil.copytree(ROOT, clone, ignore=LEFT_OUT)
        first, second = started(clone, Path(folder, "home")), started(clone, Path(folder, "home"))
        bare = installed(clone, Path(folder, "bare"))
    return [
        row("first start of ./dev serve / pip install alone, processor", first[0], bare[0], "<= 1"),
        row("first start of ./dev serve / pip install alone, clock", first[1], bare[1], "<= 1"),
        row("second start of ./dev serve / pip install alone, processor", second[0], bare[0], ""),
        row("second start of ./dev serve / pip install alone, clock", second[1], bare[1], ""),
    ]


def row(what: str, ours: float, bare: float, goal: str) -> Row:
    """Return a row of two times in seconds."""
    return what, f"{ours:.1f} s", f"{bare:.1f} s", ours / bare, goal


def started(clone: Path, home: Path) -> tuple[float, float]:
    """Start the service until it answers; return the processor time and the time of the clock, in seconds."""
    home.mkdir(exist_ok=True)
    used, begun = processor(), time.perf_counter()
    with subprocess.Popen(
        [clone / "dev", "serve", "--port", "0", "--no-browser"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as service:
        assert service.stdout is not None
        serves = any(re.match("argmap serves on ", line) for line in service.stdout)
        took = time.perf_counter() - begun
        service.terminate()
        service.wait(SECONDS)
    assert serves, "the service did not start"
    return processor() - used, took


def installed(clone: Path, home: Path) -> tuple[float, float]:
    """Install the same packages with pip alone; return the processor time and the time of the clock, in seconds."""
    home.mkdir()
    used, begun = processor(), time.perf_counter()
    python = home / "venv" / "bin" / "python"
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    for command in (
        [base(), "-m", "venv", str(home / "venv")],
        [str(python), "-m", "pip", "install", *options, "-r", str(clone / REQUIREMENTS)],
    ):
        subprocess.run(command, env=environment(home), check=True, timeout=SECONDS)
    return processor() - used, time.perf_counter() - begun


def environment(home: Path) -> dict[str, str]:
    """Return an environment with an empty home, the Python of this run and the programs of the system alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARGMAP_")}
    return {**kept, "HOME": str(home), "XDG_CACHE_HOME": "", "PYTHON": base(), "PATH": os.defpath}


def base() -> str:
    """Return the Python that this environment was made of."""
    return str(getattr(sys, "_base_executable", sys.executable))


def processor() -> float:
    """Return the processor time that the programs started so far have used, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""Importers against the bare parser of their syntax, and against the tools that others use for the same files."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from argmap import formats

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "formats" / "mill-street.aif.json"
ROUNDS = 7

Row = tuple[str, str, str, float, str]

_ARGUEBUF = """
import io, json, logging, sys, time, arguebuf
logging.disable(logging.CRITICAL)
texts, best = json.load(sys.stdin), 1e9
for _ in range(3):
    loaded, begun = 0, time.perf_counter()
    for text in texts:
        try:
            arguebuf.load.aif(json.loads(text))
            loaded += 1
        except Exception:
            pass
    best = min(best, time.perf_counter() - begun)
print(json.dumps([best, loaded]))
"""
_ARGDOWN = """
const { argdown } = require("@argdown/core/dist/argdown.js");
const input = require("fs").readFileSync(0, "utf8");
let best = 1e9;
for (let round = 0; round < 7; round++) {
  const begun = performance.now();
  argdown.run({ input, process: ["parse-input", "build-model"], logLevel: "error", throwExceptions: true });
  best = Math.min(best, performance.now() - begun);
}
console.log(best / 1000);
"""


def rows() -> list[Row]:
    """Return the rows. ARGMAP_CORPORA names real AIF files (else the example, many times), ARGMAP_JUDGES the rivals."""
    files = _aif_files()
    texts = [data.decode("utf-8-sig") for data in files]
    ours = _best(lambda: [formats.load(data) for data in files])
    bare = _best(lambda: [json.loads(data) for data in files])
    found = [
        (
            f"{len(files)} AIF files / json.loads alone",
            _rate(files, ours),
            _rate(files, bare),
            bare / ours,
            ">= 0.15",
        )
    ]
    rival = _arguebuf(texts)
    if rival is not None:
        seconds, loaded = rival
        name = f"{len(files)} AIF files / arguebuf, which loads {loaded}"
        found.append((name, _rate(files, ours), _rate(files, seconds), seconds / ours, ">= 5"))
    return [*found, *_argdown()]


def _argdown() -> list[Row]:
    short, long = _debate(1_000), _debate(10_000)
    ours = _best(lambda: formats.load(short, format="argdown"))
    grown = _best(lambda: formats.load(long, format="argdown"), rounds=3)
    found = [
        (
            "Argdown, 10,000 statements / 1,000 statements",
            _ms(grown),
            _ms(ours),
            grown / ours,
            "<= 12",
        )
    ]
    folder, node = os.environ.get("ARGMAP_JUDGES"), shutil.which("node")
    if (
        not folder
        or node is None
        or not (Path(folder) / "node_modules" / "@argdown" / "core").is_dir()
    ):
        print("formats: no @argdown/core in ARGMAP_JUDGES, NOT COMPARED with it", file=sys.stderr)
        return found
    done = subprocess.run(
        [node, "-e", _ARGDOWN], input=short, cwd=folder, capture_output=True, check=True
    )
    rival = float(done.stdout)
    return [
        (
            "Argdown, 1,000 statements / @argdown/core, warm",
            _ms(ours),
            _ms(rival),
            ours / rival,
            "<= 0.2",
        ),
        *found,
    ]


def _debate(statements: int) -> bytes:
    """Write a debate of that many statements: titles, tags, marks, relations of two levels, comments."""
    blocks = [
        f"[S{n}]: A **statement** with number {n}, which says what @[S0] does not. #tag\n"
        f"  + <A{n}>: A reason, with a [link](https://example.org/{n}).\n"
        f"    - [S{n + 1}] // and what speaks against it\n"
        for n in range(0, statements, 2)
    ]
    return "\n".join(blocks).encode()


def _aif_files() -> list[bytes]:
    corpora = os.environ.get("ARGMAP_CORPORA")
    if corpora:
        return [path.read_bytes() for path in sorted((Path(corpora) / "aif").rglob("*.json"))]
    return [EXAMPLE.read_bytes()] * 100


def _arguebuf(texts: list[str]) -> tuple[float, int] | None:
    """Return how long arguebuf takes for the files, in seconds, and how many it loads; None where it is not at hand."""
    python = Path(os.environ.get("ARGMAP_JUDGES", "")) / "python" / "bin" / "python"
    if not os.environ.get("ARGMAP_JUDGES") or not python.exists():
        print("formats: no arguebuf in ARGMAP_JUDGES, NOT COMPARED with it", file=sys.stderr)
        return None
    done = subprocess.run(
        [python, "-c", _ARGUEBUF],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, loaded = json.loads(done.stdout)
    return seconds, loaded


def _best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def _rate(files: list[bytes], seconds: float) -> str:
    return f"{len(files) / seconds:,.0f} files/s"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"

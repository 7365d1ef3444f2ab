"""Importers against the bare parser of their syntax, and against the tools that others use for the same files."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from argmap import formats
from benchmarks.rivals import node_with, python_with_arguebuf, started

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "formats" / "mill-street.aif.json"
ROUNDS = 12

Row = tuple[str, str, str, float, str]
Rival = tuple[float, Callable[[], float]]  # what it answers at first, and a round of it, in seconds

# Rivals stay running: they read their input from the first line, then load all of it once for each further line, and
# answer the processor time in seconds. The first answer, after a round to warm up, is what they could load.
_ARGUEBUF = """
import json, logging, sys, time, arguebuf
logging.disable(logging.CRITICAL)
files = [text.encode() for text in json.loads(sys.stdin.readline())]
def load(data):
    try:
        arguebuf.load.aif(json.loads(data))
        return 1
    except Exception:
        return 0
print(sum(map(load, files)), flush=True)
for _ in sys.stdin:
    begun = time.process_time()
    for data in files:
        load(data)
    print(time.process_time() - begun, flush=True)
"""
_ARGDOWN = """
const { argdown } = require("@argdown/core/dist/argdown.js");
let input = null;
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const load = () =>
    argdown.run({ input, process: ["parse-input", "build-model"], logLevel: "error", throwExceptions: true });
  if (input === null) {
    input = JSON.parse(line);
    for (let round = 0; round < 10; round++) load();
    console.log(1);
    return;
  }
  const begun = process.cpuUsage();
  load();
  const spent = process.cpuUsage(begun);
  console.log((spent.user + spent.system) / 1e6);
});
"""


def rows() -> list[Row]:
    """Return the rows. ARGMAP_CORPORA names real AIF files (else the example, many times), ARGMAP_JUDGES the rivals.

    Everyone reads the same bytes from memory, warm, in rounds that alternate; least processor time counts.
    """
    return [row for name, files in _aif_files() for row in _aif(name, files)] + _argdown()


def _aif(name: str, files: list[bytes]) -> list[Row]:
    actions = [
        lambda: _spent(lambda: [formats.load(data) for data in files]),
        lambda: _spent(lambda: [json.loads(data) for data in files]),
    ]
    with _arguebuf(files) as rival:
        ours, bare, *others = _least([*actions, *([rival[1]] if rival else [])])
    found = [
        (
            f"{name} / json.loads alone",
            _rate(files, ours),
            _rate(files, bare),
            bare / ours,
            ">= 0.15",
        )
    ]
    for other in others:
        which = f"{name} / arguebuf, which loads {rival[0] if rival else 0:.0f}"
        found.append((which, _rate(files, ours), _rate(files, other), other / ours, ">= 5"))
    return found


def _argdown() -> list[Row]:
    short, long = _debate(1_000), _debate(10_000)

    def ten() -> float:
        return _spent(lambda: [formats.load(short, format="argdown") for _ in range(10)]) / 10

    actions = [ten, lambda: _spent(lambda: formats.load(long, format="argdown"))]
    with _argdown_core(short) as rival:
        ours, grown, *others = _least([*actions, *([rival[1]] if rival else [])])
    name = "Argdown, 1,000 statements / @argdown/core, warm"
    found = [(name, _ms(ours), _ms(other), other / ours, ">= 5") for other in others]
    times = len(long) / len(short)
    growth = f"Argdown, a text {times:.1f} times as long / 1,000 statements"
    return [*found, (growth, _ms(grown), _ms(ours), grown / ours, "<= 12")]


def _debate(statements: int) -> bytes:
    """Write a debate of that many statements: titles, tags, marks, relations of two levels, comments."""
    blocks = [
        f"[S{n}]: A **statement** with number {n}, which says what @[S0] does not. #tag\n"
        f"  + <A{n}>: A reason, with a [link](https://example.org/{n}).\n"
        f"    - [S{n + 1}] // and what speaks against it\n"
        for n in range(0, statements, 2)
    ]
    return "\n".join(blocks).encode()


def _aif_files() -> Iterator[tuple[str, list[bytes]]]:
    """Yield each set of files with its name: every folder of real ones, and all of them together."""
    corpora = os.environ.get("ARGMAP_CORPORA")
    if not corpora:
        yield "AIF, our example 100 times", [EXAMPLE.read_bytes()] * 100
        return
    together: list[bytes] = []
    for folder in sorted(path for path in (Path(corpora) / "aif").iterdir() if path.is_dir()):
        files = [path.read_bytes() for path in sorted(folder.rglob("*.json"))]
        together += files
        size = sum(map(len, files)) / len(files) / 1000
        yield f"AIF, {folder.name}, {len(files)} files of {size:.1f} kB", files
    yield f"AIF, all {len(together)} files", together


@contextmanager
def _rival(command: list[str | Path], question: object) -> Iterator[Rival]:
    """Start a rival and give it its input."""
    with started(command) as ask:
        yield float(ask(json.dumps(question))), lambda: float(ask("again"))


def _arguebuf(files: list[bytes]) -> AbstractContextManager[Rival | None]:
    python = python_with_arguebuf()
    if python is None:
        print("formats: no arguebuf in ARGMAP_JUDGES, NOT COMPARED with it", file=sys.stderr)
        return nullcontext()
    return _rival([python, "-c", _ARGUEBUF], [data.decode("utf-8-sig") for data in files])


def _argdown_core(text: bytes) -> AbstractContextManager[Rival | None]:
    node = node_with("core")
    if node is None:
        print("formats: no @argdown/core in ARGMAP_JUDGES, NOT COMPARED with it", file=sys.stderr)
        return nullcontext()
    return _rival([node, "-e", _ARGDOWN], text.decode())


def _least(actions: list[Callable[[], float]]) -> list[float]:
    """Return the least time that each action tells, in seconds, over rounds in which they alternate."""
    times = [[action() for action in actions] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*times, strict=True)]


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _rate(files: list[bytes], seconds: float) -> str:
    return f"{len(files) / seconds:,.0f} files/s"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"

"""Pictures of the same maps by Argdown, arguebuf and `dot`: how long they take, and how many bytes they are."""

import gzip
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from argmap import formats, picture
from argmap.model import ArgumentMap
from benchmarks.bench_picture import LAYERED, best, tree, with_labels
from benchmarks.rivals import JUDGES, node_with, python_with_arguebuf, started

SIZES = {30: 40, 100: 15, 300: 4}  # claims: rounds
COMMANDS = 3  # rounds of whole commands

Row = tuple[str, str, str, float, str]
Drawing = tuple[float, str]  # processor time in seconds, SVG

# Each reads a line of its standard input, draws once, and answers with the processor time and the SVG.
_ARGDOWN = """
const { argdown } = require("@argdown/node");
const input = require("fs").readFileSync(process.argv[1], "utf8");
const steps = ["parse-input", "build-model", "build-map", "transform-closed-groups", "colorize", "export-dot",
               "export-svg"];
require("readline").createInterface({ input: process.stdin }).on("line", async () => {
  const begun = process.cpuUsage();
  const { svg } = await argdown.runAsync({ input, process: steps, logLevel: "error", throwExceptions: true });
  const { user, system } = process.cpuUsage(begun);
  console.log(JSON.stringify([(user + system) / 1e6, svg]));
});
"""
_ARGUEBUF = """
import json, logging, pathlib, resource, sys, arguebuf
logging.disable(logging.CRITICAL)
graph = arguebuf.load.json(open(sys.argv[1], encoding="utf-8"))
svg = pathlib.Path(sys.argv[2])
def spent():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
for _ in sys.stdin:
    begun = spent()
    arguebuf.render.graphviz(arguebuf.dump.graphviz(graph), svg)
    print(json.dumps([spent() - begun, svg.read_text()]), flush=True)
"""


def rows() -> list[Row]:
    """Return the rows: drawing in warm processes that take turns, whole commands, and bytes. ARGMAP_JUDGES: the rivals.

    All times are processor time. A rival that is not at hand has a row that says so.
    """
    found: list[Row] = []
    sizes: list[Row] = []
    for size, rounds in SIZES.items():
        map = tree(size)
        svg = picture.draw(map, LAYERED)
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            text = folder / "map.argdown"
            text.write_bytes(formats.dump(map, "argdown").data)

            def from_text(text: Path = text) -> None:
                picture.draw(formats.load(text.read_bytes(), "argdown").map, LAYERED)

            def from_map(map: ArgumentMap = map) -> None:
                picture.draw(map, LAYERED)

            for rival, ours, starting, goal in (
                ("@argdown/node, text to SVG", from_text, argdown(text), ">= 5"),
                ("arguebuf, graph to SVG", from_map, arguebuf(map, folder), ">= 12"),
            ):
                what = f"{rival}, warm, {size} claims / argmap"
                if starting is None:
                    found.append(absent(what))
                    continue
                draw = stack.enter_context(starting)
                our_time, their_time, theirs = alternating(ours, draw, rounds)
                goal = goal if size == 30 else ""
                found.append((what, ms(our_time), ms(their_time), their_time / our_time, goal))
                sizes += bytes_of(svg, theirs, rival.partition(",")[0], size)
            found += commands(map, text, folder, size)
        sizes += by_dot(map, svg, size)
    return found + sizes


def commands(map: ArgumentMap, text: Path, folder: Path, size: int) -> list[Row]:
    """Compare whole commands, from the start of the process to its end."""
    file = folder / "map.json"
    file.write_bytes(formats.dump(map, "json").data)
    rival = Path(JUDGES) / "node_modules" / ".bin" / "argdown"
    named = {"Argdown": text, "argmap JSON": file}
    what = "`argdown map`, whole command, {} claims / `argmap render` of {}"
    if not JUDGES or not rival.exists():
        return [absent(what.format(size, name)) for name in named]
    ours = [sys.executable, "-m", "argmap", "render", "--layout", "layered", "-o", folder / "x.svg"]
    theirs = [rival, "map", "--format", "svg", text, folder / "theirs"]
    times = best(
        [lambda c=command: run(c) for command in ([*ours, text], [*ours, file], theirs)],  # type: ignore[misc]
        COMMANDS,
    )
    return [
        (what.format(size, name), ms(ours), ms(times[-1]), times[-1] / ours, ">= 4" * (size == 30))
        for name, ours in zip(named, times[:-1], strict=True)
    ]


def run(command: list[str | Path]) -> None:
    """Run a command as an installed one runs: with its bytecode at hand."""
    kept = {name: set_ for name, set_ in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, env=kept, capture_output=True, check=True)


def by_dot(map: ArgumentMap, svg: str, size: int) -> list[Row]:
    """Compare bytes with the picture that `dot` draws of the same texts."""
    if shutil.which("dot") is None:
        return [absent(f"bytes of SVG, {size} claims / `dot -Tsvg`")]
    done = subprocess.run(
        ["dot", "-Tsvg"], input=with_labels(map), capture_output=True, text=True, check=True
    )
    return bytes_of(svg, done.stdout, "`dot -Tsvg`", size)


def bytes_of(ours: str, theirs: str, rival: str, size: int) -> list[Row]:
    """Compare the bytes of two pictures, as they are and compressed. Neither has a font in it."""
    found: list[Row] = []
    for how, packed in (("", bytes), (", gzip", gzip.compress)):
        our_bytes, their_bytes = (len(packed(svg.encode())) for svg in (ours, theirs))
        goal = "<= 0.5" if "dot" in rival else ""
        name = f"bytes of SVG{how}, {size} claims / {rival}"
        found.append((name, kb(our_bytes), kb(their_bytes), our_bytes / their_bytes, goal))
    return found


def alternating(
    ours: Callable[[], None], theirs: Callable[[], Drawing], rounds: int
) -> tuple[float, float, str]:
    """Return the least processor time of both, over rounds that take turns, and the SVG of theirs."""
    our_time = their_time = math.inf
    svg = ""
    for _ in range(rounds):
        begun = time.thread_time()
        ours()
        our_time = min(our_time, time.thread_time() - begun)
        seconds, svg = theirs()
        their_time = min(their_time, seconds)
    return our_time, their_time, svg


Started = AbstractContextManager[Callable[[], Drawing]]


def argdown(text: Path) -> Started | None:
    """Start Argdown on a file, unless it is not at hand."""
    node = node_with("node")
    return None if node is None else drawing([node, "-e", _ARGDOWN, text])


def arguebuf(map: ArgumentMap, folder: Path) -> Started | None:
    """Start arguebuf on a map, unless it is not at hand."""
    python = python_with_arguebuf()
    if python is None or shutil.which("dot") is None:
        return None
    file = folder / "map.arguebuf.json"
    file.write_bytes(formats.dump(map, "arguebuf").data)
    return drawing([python, "-c", _ARGUEBUF, file, folder / "arguebuf.svg"])


@contextmanager
def drawing(command: list[str | Path]) -> Iterator[Callable[[], Drawing]]:
    """Start a rival that draws whenever it is asked to."""
    with started(command) as ask:

        def draw() -> Drawing:
            seconds, svg = json.loads(ask(""))
            return seconds, svg

        yield draw


def absent(what: str) -> Row:
    """Return the row of a rival that is not at hand."""
    print(f"rivals: NOT COMPARED: {what} (benchmarks/install.sh)", file=sys.stderr)
    return f"{what}: NOT COMPARED, not installed", "", "", math.nan, ""


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def kb(count: int) -> str:
    return f"{count / 1e3:.1f} kB"

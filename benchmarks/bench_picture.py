"""A cold picture against the bare layout of the same boxes, and against a `dot` process.

The bare layout is what anyone who asks Graphviz gets: boxes in, places of boxes and the curves of lines out, as json0,
in the same sandbox.
"""

import json
import math
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache

from argmap import picture
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from argmap.picture import dot
from argmap.picture.engine import sandbox

TEXT = """
    the state border cartel policy evidence suggests that any government would rather claim control than lose
    territory because voters notice what happens near home and journalists report figures slowly
"""
SIZES = {10: 60, 30: 60, 100: 30, 300: 10, 1000: 3, 3000: 2}  # claims: rounds
SECONDS = 60.0

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """Return a row for each size and rival. All times are processor time of this thread and its children."""
    found: list[Row] = []
    rival = shutil.which("dot")
    paged_times: dict[int, float] = {}
    for size, rounds in SIZES.items():
        map = tree(size)
        cards = picture.cards_of(map)
        graph = dot.graph(map, cards)

        def bare(graph: dot.Graph = graph) -> object:
            return laid_out(boxes(graph))

        def ours(map: ArgumentMap = map) -> object:
            return picture.draw(map, LAYERED, deadline=SECONDS)

        def paged(map: ArgumentMap = map) -> object:
            return picture.draw(map, PAGE, deadline=SECONDS)

        our_time, paged_time, bare_time = best([ours, paged, bare], rounds)
        goal = "<= 1.5" if size >= 30 else ""
        found.append(row(f"cold SVG, {size} claims / bare layout", our_time, bare_time, goal))
        found.append(
            row(f"cold SVG for a page, {size} claims / bare layout", paged_time, bare_time, "")
        )
        goal = "<= 4" if size == 30 else ""
        found.append(
            row(f"cold SVG for a page / in ranks, {size} claims", paged_time, our_time, goal)
        )
        paged_times[size] = paged_time
        if rival and size <= 300:
            labelled = with_labels(map).encode()

            def process(labelled: bytes = labelled) -> object:
                command = [str(rival), "-Tsvg"]
                return subprocess.run(command, input=labelled, capture_output=True, check=True)

            our_time, process_time = best([ours, process], rounds)
            goal = ">= 6" if size == 30 else ""
            found.append(
                (
                    f"a `dot -Tsvg` process / cold SVG, {size} claims",
                    f"{our_time * 1e3:.2f} ms",
                    f"{process_time * 1e3:.2f} ms",
                    process_time / our_time,
                    goal,
                )
            )
    least, most = min(SIZES), max(SIZES)
    for few in (least, most // 10):
        first, last = paged_times[few], paged_times[most]
        exponent = math.log(last / first, most / few)
        name = f"cold SVG for a page, growth exponent from {few} to {most} claims"
        found.append((name, f"{last * 1e3:.2f} ms", f"{first * 1e3:.2f} ms", exponent, "<= 1.1"))
    if rival:
        found.append(on_same_boxes(str(rival), most))
    return found


def on_same_boxes(rival: str, size: int) -> Row:
    """Compare the layout for a page with a `dot` process that lays out the same boxes; both route the lines."""
    map = tree(size)
    cards = picture.cards_of(map)
    source = boxes(dot.graph(map, cards)).encode()

    def ours() -> object:
        return picture.arrange(map, cards, PAGE)

    def process() -> object:
        return subprocess.run([rival, "-Tplain"], input=source, capture_output=True, check=True)

    our_time, process_time = best([ours, process], 3)
    return (
        f"a `dot` process on the same boxes / layout for a page, {size} claims",
        f"{our_time * 1e3:.2f} ms",
        f"{process_time * 1e3:.2f} ms",
        process_time / our_time,
        ">= 2",
    )


def boxes(graph: dot.Graph) -> str:
    """Write a graph as anyone would: boxes of both sizes in inches, with curves between them."""

    def in_inches(size: re.Match[str]) -> str:
        return f"{size[1]}={int(size[2]) * dot.POINTS / 72:.3f}"

    def with_height(node: re.Match[str]) -> str:
        return f"{node[0]}height={graph.cards[int(node[1])].height / 72:.3f} "

    source = dot.write(graph, False).replace(" ranksep=1", "").replace(" splines=none", "")
    source = source.replace(" height=1 style=invis", " fixedsize=true")
    source = re.sub(r"(nodesep|width)=(\d+)", in_inches, source)
    return re.sub(r"^n(\d+)\[(?=width)", with_height, source, flags=re.MULTILINE)


def laid_out(source: str) -> tuple[dict[str, str], list[str]]:
    """Return where Graphviz sets the boxes and how it draws the lines, with its defaults."""
    answer = json.loads(graphviz().run(source, SECONDS))
    boxes = {box["name"]: box["pos"] for box in answer["objects"]}
    return boxes, [line["pos"] for line in answer["edges"]]


@cache
def graphviz() -> sandbox._Instance:
    """Return a Graphviz that answers in json0."""
    instance = sandbox._Instance()
    instance.format = instance._text("json0")
    return instance


LAYERED = picture.Options(layout=picture.Arrangement.LAYERED)
PAGE = picture.Options(layout=picture.Arrangement.PAGE)


def row(name: str, ours: float, bare: float, goal: str) -> Row:
    """Return times in seconds as a row of the table."""
    return name, f"{ours * 1e3:.2f} ms", f"{bare * 1e3:.2f} ms", ours / bare, goal


def best(runs: list[Callable[[], object]], rounds: int) -> list[float]:
    """Return the least processor time of each run in seconds, over rounds that take turns."""
    least = [float("inf")] * len(runs)
    for _ in range(rounds):
        for place, run in enumerate(runs):
            begun = _processor_time()
            run()
            least[place] = min(least[place], _processor_time() - begun)
    return least


def _processor_time() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


def tree(size: int, seed: int = 1) -> ArgumentMap:
    """Return a map: a tree of claims of 5 to 25 words with a few cross links, as performance.md describes."""
    generator = random.Random(seed)
    claims, relations = [], []
    for number in range(1, size + 1):
        kind = ClaimKind.THESIS if number == 1 else generator.choice(list(ClaimKind)[1:])
        words = " ".join(generator.choices(TEXT.split(), k=generator.randint(5, 25)))
        claims.append(Claim(id=f"c{number}", kind=kind, text=words))
        if number > 1:
            attack = kind is ClaimKind.REBUTTAL
            relations.append(
                Relation(
                    id=f"r{number}",
                    kind=RelationKind.ATTACKS if attack else RelationKind.SUPPORTS,
                    sources=(f"c{number}",),
                    target=f"c{generator.randint(max(1, number // 3 - 1), max(1, number // 2))}",
                )
            )
    for number in range(size // 20):
        source = generator.randint(size // 2 + 1, size)
        target = generator.randint(2, size // 2)
        relations.append(
            Relation(
                id=f"x{number}",
                kind=RelationKind.ATTACKS,
                sources=(f"c{source}",),
                target=f"c{target}",
            )
        )
    return ArgumentMap(claims=tuple(claims), relations=tuple(relations))


def with_labels(map: ArgumentMap) -> str:
    """Return the map as DOT with wrapped labels, for a Graphviz that draws them itself."""
    lines = ['digraph { node [shape=box fontname="Helvetica" fontsize=10]']
    for claim in map.claims:
        words = claim.text.split()
        broken = "\\n".join(" ".join(words[n : n + 5]) for n in range(0, len(words), 5))
        lines.append(f'{claim.id} [label="{broken}"]')
    lines += [f"{r.target} -> {r.sources[0]} [dir=back]" for r in map.relations]
    return "\n".join([*lines, "}"])


if __name__ == "__main__":
    for name, ours_, bare_, ratio, goal_ in rows():
        sys.stdout.write(f"{name:48} {ours_:>12} {bare_:>12} {ratio:6.2f} {goal_}\n")

"""`./dev bench`: runs every bench_*.py here and prints one table of ratios, all taken in this run."""

import argparse
import importlib
import math
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"

# What is measured, our figure and the bare one with their units, ours as a share of the bare one, and the goal.
Row = tuple[str, str, str, float, str]


def main() -> None:
    """Measure what the arguments name, everything without any, and print the table."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only bench_NAME.py")
    parser.add_argument(
        "--write", action="store_true", help=f"put the table into {DOCUMENT.relative_to(ROOT)}"
    )
    options = parser.parse_args()
    known = sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )
    unknown = sorted(set(options.names) - set(known))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
    if options.write and options.names:
        parser.error("--write measures everything, so that the table is of one run")
    rows: list[Row] = []
    for name in options.names or known:
        print(f"measuring {name} ...", file=sys.stderr)
        rows += importlib.import_module(f"benchmarks.bench_{name}").rows()
    text = table(rows)
    print(text)
    if options.write:
        write(DOCUMENT, text)
        print(f"written to {DOCUMENT.relative_to(ROOT)}", file=sys.stderr)


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table, with the machine that they were measured on above it."""
    lines = [
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}.",
        "",
        "| what | argmap | bare | ratio | goal |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {ours} | {bare} | {'' if math.isnan(ratio) else f'{ratio:.2f}'} | {goal} |"
            for name, ours, bare, ratio, goal in rows
        ),
    ]
    return "\n".join(lines)


def write(document: Path, text: str) -> None:
    """Put the table between the two markers of the document."""
    before, begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{document.name} lacks the lines {BEGIN} and {END}")
    document.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

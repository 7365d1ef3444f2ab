"""The garbage collector belongs to the program: the library never touches it, ours set it once."""

import gc
import subprocess
import sys
from pathlib import Path

import argmap
from argmap import picture
from argmap.collector import collect_seldom
from argmap.model import ArgumentMap, Claim


def test_reading_and_drawing_leave_the_collector_as_it_is(root: Path) -> None:
    before = gc.isenabled(), gc.get_threshold()
    map = argmap.load(root / "examples" / "formats" / "mill-street.argdown")
    picture.draw(map, picture.Options(layout="page"))
    assert (gc.isenabled(), gc.get_threshold()) == before
    for path in (root / "argmap").rglob("*.py"):
        if path.name != "collector.py":
            assert "gc.disable" not in path.read_text(encoding="utf-8"), path


def test_garbage_in_circles_is_still_collected_where_it_is_seldom() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        collected = gc.get_stats()[0]["collections"]
        for _ in range(300_000):
            circle: list[object] = []
            circle.append(circle)
        assert gc.get_stats()[0]["collections"] > collected
    finally:
        gc.set_threshold(*before)


def test_the_command_line_sets_it() -> None:
    program = (
        "import gc, sys; from argmap import cli; sys.argv = ['argmap', '--version']\n"
        "try: cli.main()\nexcept SystemExit: print(gc.isenabled(), gc.get_threshold()[0] > 10_000)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "True True"
    assert ArgumentMap(claims=(Claim(id="c1", kind="thesis", text="x"),)).claims

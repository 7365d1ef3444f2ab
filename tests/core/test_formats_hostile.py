"""Texts written to make a reader slow: eight times as much of any of them takes about eight times as long."""

import time
from contextlib import suppress

import pytest

from argmap import formats
from argmap.errors import FormatError, InvalidMap, UnknownFormat

SHORT, TIMES = 6_000, 8  # letters, and how many times as many
BOUND = 24  # times as long; twice as long for each letter looked at again would be 64
READ = [name for name, format in formats.FORMATS.items() if format.load is not None]
REPEATED = (
    "[", "(", "{", "<", ">", '"', "'", "\\", "=", "a", "1", "1.", " ", "\t", "\n", "\r", "**", "_a ", "* a ",
    "@[", "@[a] ", "[a](b ", "[a]: ", "[a]:\n", "#(", "# ", "a\n#\n", "::a:", ".A", "/* ", "<!--", "</", "<a>",
    "&lt;", "{a: ", "{a: [", "{a: '", '{"a":', '{"a": 1, ', '["', "(1) a\n", "(1) a\n--\n", "(1) a\n-- b, {a: \n",
    "--\n", "- x\n", " - x", "<a\n", "1 -> ", "1 2\n", "arg(", 'arg("', "arg(a). ", "att(a, ", "%",
    "T1\tclaim 0 5\ta\n", "T1\tclaim 0 1;", "T1\tclaim ", "R1\ta Arg1:T1 ",
    "1.1. Pro: a\n", "1.1. Pro: ", "Discussion Title: ", "===\n",
)  # fmt: skip


@pytest.mark.parametrize("name", [*READ, None])  # None: the content decides
def test_hostile_texts_take_time_in_proportion_to_their_length(name: str | None) -> None:
    for part in REPEATED:
        _check(name, part * (SHORT // len(part)), part * (SHORT * TIMES // len(part)))


@pytest.mark.parametrize("part", ["a: b\n", "a: [\n", " ", "\n", "==\n", "a"])
def test_front_matter_without_an_end_takes_time_in_proportion_to_its_length(part: str) -> None:
    count = SHORT // len(part)
    _check("argdown", "===\n" + part * count, "===\n" + part * count * TIMES)


def test_deeply_nested_relations_take_time_in_proportion_to_the_text() -> None:
    few, many = (
        "[S]: a\n" + "".join(" " * n + "- x\n" for n in range(depth)) for depth in (500, 1420)
    )
    assert TIMES - 1 < len(many) / len(few) < TIMES
    _check("argdown", few, many)


def _check(name: str | None, short: str, long: str) -> None:
    ratios: list[float] = []
    while len(ratios) < 4 and min(ratios, default=99) > BOUND:  # a busy machine has hiccups
        ratios.append(_seconds(long, name) / max(_seconds(short, name), 0.002))
    assert min(ratios) <= BOUND, (short[:40], ratios)


def _seconds(text: str, name: str | None) -> float:
    """Return the processor time of reading, or of refusing."""
    data = text.encode()
    begun = time.process_time()
    with suppress(FormatError, InvalidMap, UnknownFormat):
        formats.load(data, format=name)
    return time.process_time() - begun

"""Texts written to make a reader slow: eight times as much of any of them takes about eight times as long."""

import time

import pytest

from argmap import formats
from argmap.errors import FormatError, InvalidMap, UnknownFormat

SHORT, TIMES = 3_000, 8  # letters, and how many times as many
BOUND = 24  # times as long; twice as long for each letter looked at again would be 64
READ = [name for name, format in formats.FORMATS.items() if format.load is not None]
REPEATED = (
    "[", "[[", "(", "{", "<", ">", '"', "'", "' ", "\\", "=", "a", "a b ", "1", "1.", " ", "\t", "\n", "\r", "\u2028",
    "**", "_a ", "_ ", "* a ", "@[", "@[a] ", "[a](", "[a](b ", "[a]: ", "[a]:\n", "#(", "# ", "# a\n", "a\n#\n",
    "a:b:", "::a:", ".A", ".A.", "/* ", "//", "<!--", "</", "<a>", "&lt;", "&#", "{a: ", "{a: [", "{a: '",
    "{a: {b: [\n", '{"a":', '{"a": 1, ', '{"nodes":[', '["', "(1) a\n", "(1) a\n--\n", "(1) a\n-- b, {a: \n", "--\n",
    "- x\n", " - x", "  - a\n", "1. a\n", "<a\n", "1 -> ", "1 2\n", "-> See ", "arg(", 'arg("', "arg(a). ", "att(a, ",
    "att(a,", "%", "T1\tclaim 0 5\ta\n", "T1\tClaim 0 1\t", "T1\tclaim 0 1;", "T1\tclaim ", "R1\ta Arg1:T1 ",
    "R1\tsupports Arg1:", "1.1. Pro: a\n", "1.1. Pro: ", "Discussion Title: ", "===\n",
    "[" * 30 + "<!-- {a: [ **b _c `@[\n",
)  # fmt: skip
# What must stand before a text for the format's reader to come to it.
HEADS = {
    "kialo": "Discussion Title: t\n\n1. ",
    "argdown": "[a]: ",
    "json": '{"claims": [{"text": "',
}
CASES = [*((name, "") for name in READ), (None, ""), *HEADS.items()]  # None: the content decides


@pytest.mark.parametrize(("name", "head"), CASES)
def test_hostile_texts_take_time_in_proportion_to_their_length(name: str | None, head: str) -> None:
    for part in REPEATED:
        short, long = (head + part * (count // len(part)) for count in (SHORT, SHORT * TIMES))
        _check(name, short, long)


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
        ratios.append(_seconds(long, name) / max(_seconds(short, name), 0.001))
    assert min(ratios) <= BOUND, (short[:40], ratios)


def _seconds(text: str, name: str | None) -> float:
    """Return the processor time of reading, or of refusing in one line."""
    data, refusal = text.encode(), "none at all"
    begun = time.process_time()
    try:
        formats.load(data, format=name)
    except (FormatError, InvalidMap, UnknownFormat) as error:
        refusal = str(error)
    taken = time.process_time() - begun
    assert 5 < len(refusal) < 2_000
    assert refusal.isprintable()
    return taken

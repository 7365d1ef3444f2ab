"""Texts written to make a reader slow: eight times as much of any of them makes about eight times the work.

Work is counted, not timed, so that a busy machine changes nothing: calls of any function, and the letters that methods
of the text look at. What a regular expression looks at is not seen from outside; that none goes back over the same
letters again and again is looked up in the expressions themselves.
"""

import cProfile
from collections.abc import Callable
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError, InvalidMap, UnknownFormat
from argmap.formats.source import content, decoding

SHORT, TIMES = 600, 8  # letters, and how many times as many
BOUND = 24  # times the work; as much again for each letter would be 64
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
    "markdown": "- a\n  - b ",
    "text": "a\n  because ",
    "csv": "id,text,parent\n1,",
    "html-list": "<ul><li>a<ul><li>b</ul>",
    "mermaid": "graph TD\na",
    "yaml": "a:\n  r1:\n    b:",
    "iccma23": "p af 3\n",
}
CASES = [*((name, "") for name in READ), (None, ""), *HEADS.items()]  # None: the content decides


class Watched(str):
    """A text that counts the letters which its methods look at, as do the parts that are cut from it."""

    __slots__ = ()
    seen = 0


def watch(name: str) -> Callable[..., Any]:
    plain = getattr(str, name)

    def watched(text: Watched, *given: Any) -> Any:
        found = plain(text, *given)
        if name in ("find", "index"):  # from where to where it was looked
            start, end = (*given[1:], *(0, len(text))[len(given) - 1 :])
            Watched.seen += (found if found >= 0 else min(end, len(text))) - start
        else:
            Watched.seen += len(found) if name == "__getitem__" else len(text)
        if isinstance(found, str):
            return Watched(found)
        return type(found)(map(Watched, found)) if isinstance(found, list | tuple) else found

    return watched


for method in (
    "__add__", "__contains__", "__getitem__", "__iter__", "count", "find", "index", "isprintable", "isspace", "lower",
    "lstrip", "partition", "replace", "rfind", "rpartition", "rstrip", "split", "splitlines", "strip", "translate",
):  # fmt: skip
    setattr(Watched, method, watch(method))


@pytest.fixture(autouse=True)
def watched_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader gets is watched."""

    def decode(data: bytes) -> tuple[str, bool]:
        text, guessed = decoding.decode(data)
        return Watched(text), guessed

    monkeypatch.setattr(content, "decode", decode)


@pytest.mark.parametrize(("name", "head"), CASES)
def test_hostile_texts_make_work_in_proportion_to_their_length(name: str | None, head: str) -> None:
    for part in REPEATED:
        count = SHORT // len(part)
        _check(name, head + part * count, head + part * count * TIMES)


@pytest.mark.parametrize("part", ["a: b\n", "a: [\n", " ", "\n", "==\n", "a"])
def test_front_matter_without_an_end_makes_work_in_proportion_to_its_length(part: str) -> None:
    count = SHORT // len(part)
    _check("argdown", "===\n" + part * count, "===\n" + part * count * TIMES)


def test_deeply_nested_relations_make_work_in_proportion_to_the_text() -> None:
    few, many = (
        "[S]: a\n" + "".join(" " * n + "- x\n" for n in range(depth)) for depth in (200, 572)
    )
    assert TIMES - 1 < len(many) / len(few) < TIMES
    _check("argdown", few, many)


def _check(name: str | None, short: str, long: str) -> None:
    few, many = _work(short, name), _work(long, name)
    assert many <= BOUND * few, (short[:40], few, many)


def _work(text: str, name: str | None) -> int:
    """Count the calls and the letters of reading, or of refusing in one line."""
    data, refusal, profile, Watched.seen = text.encode(), "none at all", cProfile.Profile(), 0
    profile.enable()
    try:
        formats.load(data, format=name)
    except (FormatError, InvalidMap, UnknownFormat) as error:
        refusal = str(error)
    finally:
        profile.disable()
    assert 5 < len(refusal) < 2_000
    assert refusal.isprintable()
    return Watched.seen + sum(entry.callcount for entry in profile.getstats())

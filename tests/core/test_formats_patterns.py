"""No regular expression of a format can go back over the same letters again and again, whatever the text.

It could where a repetition stands in a repetition, or beside another one, and both take the same letters: then there
are many ways to share these out, and all of them are tried before a text is found not to fit.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as sre
from re import _parser as parser
from typing import Any, NamedTuple

import pytest

from argmap import formats

LETTERS = frozenset(map(chr, [*range(0x250), 0x2003, 0x2028, 0x4E00, 0xD800, 0xFFFF, 0x1F600]))
MANY = 100  # repetitions of at most fewer are no danger
CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


class Part(NamedTuple):
    """What one part of an expression takes: which letters, which at first, which without end at its end.

    `endless`: whether anywhere without end; `empty`: whether it can take nothing.
    """

    letters: frozenset[str]
    first: frozenset[str]
    last: frozenset[str]
    endless: bool
    empty: bool


def patterns() -> Iterator[tuple[str, str]]:
    """Every expression that a module of the formats keeps, with its name."""
    for info in pkgutil.walk_packages(formats.__path__, "argmap.formats."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for found in value if isinstance(value, tuple) else (value,):
                if isinstance(found, re.Pattern) and isinstance(found.pattern, str):
                    yield f"{info.name.removeprefix('argmap.formats.')}.{name}", found.pattern


def dangers(pattern: str) -> list[str]:
    """What could make an expression slow, in words."""
    found: list[str] = []
    parts(list(parser.parse(pattern)), found, inside=False)
    return found


def parts(sequence: list[Any], found: list[str], inside: bool = True) -> list[Part]:
    """Return the parts of a sequence in their order, and add the dangers in it; at its end nothing can fail to fit."""
    line = [part for kind, value in sequence for part in parts_of(kind, value, found)]
    for index, part in enumerate(line):
        for place in range(index + 1, len(line)) if part.last else ():
            after = line[place]
            can_fail = inside or not all(more.empty for more in line[place + 1 :])
            if can_fail and after.endless and part.last & after.first:
                found.append(f"two repetitions take {sorted(part.last & after.first)[:3]}")
            if not after.empty:
                break
    return line


def parts_of(kind: Any, value: Any, found: list[str]) -> list[Part]:
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, body = value
        inner = parts(list(body), found)
        if most >= MANY:
            endless = [part for part in inner if part.endless]
            if endless and (inner[0].empty or any(p.letters & inner[0].letters for p in endless)):
                found.append("a repetition stands in a repetition")
            whole = joined([inner])
            empty = least == 0 or whole.empty
            return [whole._replace(last=whole.letters, endless=True, empty=empty)]
        return [joined([inner])._replace(empty=True)] if least == 0 else inner
    if kind is sre.SUBPATTERN:
        return parts(list(value[-1]), found)
    if kind is sre.BRANCH:
        ways = [parts(list(way), found) for way in value[1]]
        return [joined(ways)]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        parts(list(value[1]), found)
        return []
    if kind is sre.AT:
        return []
    taken = letters(kind, value)
    return [Part(taken, taken, frozenset(), False, kind is sre.GROUPREF)]


def joined(ways: list[list[Part]]) -> Part:
    """Take one of several sequences for a single part."""
    first, last = frozenset[str](), frozenset[str]()
    for way in ways:
        for part in way:
            first |= part.first
            if not part.empty:
                break
        for part in reversed(way):
            last |= part.last
            if not part.empty:
                break
    every = frozenset[str]().union(*(part.letters for way in ways for part in way))
    endless = any(part.endless for way in ways for part in way)
    empty = any(all(part.empty for part in way) for way in ways)
    return Part(every, first, last, endless, empty)


def letters(kind: Any, value: Any) -> frozenset[str]:
    """Which letters a part takes that takes one of them."""
    if kind is sre.LITERAL:
        return frozenset({chr(value)})
    if kind is sre.NOT_LITERAL:
        return LETTERS - {chr(value)}
    if kind is sre.RANGE:
        return frozenset(letter for letter in LETTERS if value[0] <= ord(letter) <= value[1])
    if kind is sre.CATEGORY:
        return frozenset(letter for letter in LETTERS if re.fullmatch(CATEGORIES[value], letter))
    if kind is sre.IN:
        negated = value[0][0] is sre.NEGATE
        every = frozenset().union(*(letters(*item) for item in (value[1:] if negated else value)))
        return LETTERS - every if negated else every
    return LETTERS


@pytest.mark.parametrize(("name", "pattern"), list(patterns()))
def test_no_expression_goes_back_over_the_same_letters(name: str, pattern: str) -> None:
    assert dangers(pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|b)*b*c",
        r"\s*x?\s*y",
        "(?:a*b?)*c",
        r"(\w+\s?)*!",
        '("[^"]*"|[^)]*) *;',
        "x(?=a*a*b)",
        "a*b*a*c",
        "(?:x *)? *y",
    ],
)
def test_expressions_that_go_back_are_found(pattern: str) -> None:
    assert dangers(pattern) != []


@pytest.mark.parametrize(
    "pattern",
    ["(?:,[^,]*)*", "[^:]*(?::[^:]*)*;", "[a-z]{1,20} *x", '"(?:[^"\\\\]|\\\\.)*"', " *(.*)"],
)
def test_expressions_that_do_not_go_back_pass(pattern: str) -> None:
    assert dangers(pattern) == []

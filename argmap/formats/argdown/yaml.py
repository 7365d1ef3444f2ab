"""The small part of YAML that Argdown's data needs: `{key: value, other: [1, 2]}`, in bounded size and depth."""

import json
import re
from typing import Any

MAX_LENGTH = 65_536
MAX_DEPTH = 8
_SPACE = re.compile(r"[ \t\n]*")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SINGLE = re.compile(r"'((?:[^'\n]|'')*)'")
_PLAIN = re.compile(r"[^\[\]{},\n:]*(?::(?![ \t\n,\]}]|$)[^\[\]{},\n:]*)*")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def parse_flow(text: str, start: int) -> tuple[dict[str, Any], int] | None:
    """Read the mapping that starts with "{" at `start`: its value and where it ends; None when there is none.

    Line breaks separate entries as commas do, which also reads Argdown's block form. No aliases, no tags.
    """
    end = min(len(text), start + MAX_LENGTH)
    try:
        value, place = _value(text, start, end, 0)
    except ValueError:
        return None
    return (value, place) if isinstance(value, dict) else None


def scalar(text: str) -> Any:
    """Read one value that stands alone on a line: a quoted text, a number, a word, or the text as it is."""
    text = text.strip()
    for pattern in (_QUOTED, _SINGLE):
        match = pattern.fullmatch(text)
        if match:
            return _unquoted(match)
    return _plain(text)


def _value(text: str, place: int, end: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    mark = text[place : place + 1]
    if mark == "{":
        return _mapping(text, place + 1, end, depth)
    if mark == "[":
        return _sequence(text, place + 1, end, depth)
    match = _QUOTED.match(text, place, end) or _SINGLE.match(text, place, end)
    if match:
        return _unquoted(match), match.end()
    match = _PLAIN.match(text, place, end)
    if match is None:
        raise ValueError("no value")
    return _plain(match[0].strip()), match.end()


def _mapping(text: str, place: int, end: int, depth: int) -> tuple[dict[str, Any], int]:
    result: dict[str, Any] = {}
    while True:
        place = _skip(text, place, end)
        if text[place : place + 1] == "}":
            return result, place + 1
        if text[place : place + 1] in ("{", "["):
            raise ValueError("a key is one word")
        key, place = _value(text, place, end, depth)
        if key is None or text[place : place + 1] != ":":
            raise ValueError("no key")
        match = _SPACE.match(text, place + 1, end)
        place = match.end() if match else place + 1
        if text[place : place + 1] in (",", "}"):
            value = None
        else:
            value, place = _value(text, place, end, depth + 1)
        result[str(key)] = value
        place = _separator(text, place, end, "}")


def _sequence(text: str, place: int, end: int, depth: int) -> tuple[list[Any], int]:
    result: list[Any] = []
    while True:
        place = _skip(text, place, end)
        if text[place : place + 1] == "]":
            return result, place + 1
        value, place = _value(text, place, end, depth + 1)
        result.append(value)
        place = _separator(text, place, end, "]")


def _separator(text: str, place: int, end: int, closing: str) -> int:
    """Pass over spaces, and over a comma, a semicolon or a line break between two entries."""
    after = _skip(text, place, end)
    mark = text[after : after + 1]
    if mark in (",", ";"):
        return after + 1
    if mark == closing or "\n" in text[place:after]:
        return after
    raise ValueError("entries run together")


def _skip(text: str, place: int, end: int) -> int:
    match = _SPACE.match(text, place, end)
    return match.end() if match else place


def _unquoted(match: re.Match[str]) -> str:
    if match[0].startswith("'"):
        return match[1].replace("''", "'")
    try:
        value = json.loads(match[0], strict=False)
    except ValueError:
        value = match[0][1:-1]
    return str(value).encode("utf-8", "replace").decode()


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text

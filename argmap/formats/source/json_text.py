"""JSON parsed with bounds: no key twice, no number without end, nothing nested without end."""

import json
import re
from typing import Any

from argmap.errors import FormatError

MAX_DEPTH = 64
MAX_DIGITS = 40  # of one number
_STRING = r'"(?:[^"\\]|\\.)*"'
_NUMBER = re.compile(rf"{_STRING}|-?(?:Infinity|NaN|[0-9][0-9.eE+-]*)", re.DOTALL)
_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(text: str, strictly: bool = False) -> Any:
    """Parse JSON: no duplicate keys, no NaN or Infinity, bounded numbers, nesting within Python's own limit.

    `strictly`, as our own format is read, also refuses lone surrogates, bare control characters in texts, and more than
    MAX_DEPTH levels. Raises FormatError with the line, or with the key that occurs twice.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    try:
        if strictly:
            value = _STRICT_DECODER.decode(text)
        else:
            value = _FAST_DECODER.decode(text)
            if not _keys_are_unique(text, value):
                value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"this is not valid JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise _too_deep(text) from None
    except FormatError as error:
        if not error.place:
            _refuse_number(text)
        raise
    if strictly:
        if "\\ud" in text or "\\uD" in text:
            _refuse_surrogates(text)
        refuse_depth(value, text)
    return value


def _keys_are_unique(text: str, value: Any) -> bool:
    """Say whether an object of lists of flat objects, as large files are, has as many keys as the text has.

    Then looking at each object again can be spared. (A key that is told twice with a blank before the colon passes
    here; our own format, whose reader is strict, is parsed without this.)
    """
    if type(value) is not dict:
        return False
    items = [item for items in value.values() if type(items) is list for item in items]
    if set(map(type, items)) - {dict}:
        return False
    return text.count('":') == len(value) + sum(map(len, items))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise FormatError(
                    f"the key {_short(key)} occurs twice in one JSON object", place=_plain(key)
                )
            seen.add(key)
    return result


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise FormatError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if len(digits) > 10 * MAX_DIGITS or value in (float("inf"), float("-inf")):
        raise FormatError("a number is too large or has too many digits")
    return value


def _refuse_number(text: str) -> None:
    """Refuse the first number that is none or too long with its line, which the parser does not tell."""
    for match in _NUMBER.finditer(text):
        if match[0][0] == '"':
            continue
        try:
            _FAST_DECODER.decode(match[0])
        except json.JSONDecodeError:
            continue
        except FormatError as error:
            raise FormatError(str(error), line=_line_of(text, match)) from None


def _line_of(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def _constant(name: str) -> None:
    raise FormatError(f"{name} is not a JSON value")


_FAST_DECODER = json.JSONDecoder(
    parse_int=_integer, parse_float=_number, parse_constant=_constant, strict=False
)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
    strict=False,
)
_STRICT_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def _refuse_surrogates(text: str) -> None:
    """Refuse an escaped half of a surrogate pair: it is no character and cannot be written again."""
    for match in re.finditer(_STRING, text, re.DOTALL):
        if "\\u" in match[0] and _SURROGATE.search(json.loads(match[0], strict=False)):
            raise FormatError(
                "a text has a lone surrogate, which is not a character", line=_line_of(text, match)
            )


def refuse_depth(value: Any, text: str = "") -> None:
    """Raise FormatError for JSON that is nested more than MAX_DEPTH levels deep, with its line in the text."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for item in level
            if type(item) is dict or type(item) is list
            for child in (item.values() if type(item) is dict else item)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise _too_deep(text)


def _too_deep(text: str) -> FormatError:
    depth, line = 0, None
    for match in _BRACKET.finditer(text):
        depth += (match[0] in ("[", "{")) - (match[0] in ("]", "}"))
        if depth > MAX_DEPTH:
            line = _line_of(text, match)
            break
    return FormatError(f"it is nested more than {MAX_DEPTH} levels deep", line=line)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:80]


def _short(text: str) -> str:
    return repr(_plain(text))

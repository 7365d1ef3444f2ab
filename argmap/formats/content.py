"""The bytes of a file, decoded, parsed as JSON or XML at most once, and refused when they are hostile."""

import codecs
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from argmap.errors import FormatError
from argmap.formats.report import Losses, LossKind

MAX_BYTES = 16 * 2**20  # of one file
MAX_DEPTH = 64  # of nested JSON or XML
MAX_DIGITS = 40  # of one number
_SURROGATE = re.compile("[\ud800-\udfff]")


class Content:
    """One file to be read, with what stands beside it.

    `data` are its bytes, `name` what it is called, `beside` the bytes of the plain text that it annotates (the `.txt`
    of the same name), where there is one. `text`, `json` and `xml` raise FormatError.
    """

    def __init__(self, data: bytes, name: str | None = None, beside: bytes | None = None) -> None:
        if len(data) > MAX_BYTES or (beside is not None and len(beside) > MAX_BYTES):
            raise FormatError(f"the file is larger than {MAX_BYTES // 2**20} MiB")
        self.data = data
        self.name = name
        self.beside = beside

    @cached_property
    def _decoded(self) -> tuple[str, bool]:
        return decode(self.data)

    @property
    def title(self) -> str | None:
        """Return what the file is called without its ending, as a title for the text that it annotates."""
        stem = (self.name or "").rpartition("/")[2].split(".")[0].strip()
        return stem or None

    @property
    def text(self) -> str:
        """Return the file as text with "\\n" line breaks."""
        return self._decoded[0]

    @cached_property
    def lead(self) -> str:
        """Return the first thousand characters without white space before them; "" where it is no text."""
        try:
            return self.text[:2_000].lstrip()[:1_000]
        except FormatError:
            return ""

    @cached_property
    def json(self) -> Any:
        """Return the file parsed as JSON."""
        return parse_json(self.text)

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """Return the top object of a JSON file; empty when it is no JSON object, or broken."""
        if not self.lead.startswith("{"):
            return {}
        try:
            value = self.json
        except FormatError:
            return {}
        return value if isinstance(value, dict) else {}

    @cached_property
    def xml(self) -> Element:
        """Return the root element of an XML file, parsed without entities and external access."""
        return self._parsed[0]

    @cached_property
    def _parsed(self) -> tuple[Element, list[int]]:
        return parse_xml(self.data)

    def note_reading(self, losses: Losses) -> None:
        """Report comments of XML, and bytes that were not UTF-8 and had to be guessed; XML tells its encoding."""
        if "_parsed" in self.__dict__:
            lines = (f"line {line}" for line in self._parsed[1])
            losses.add(LossKind.NOTE, "A comment was left out.", lines)
        elif "_decoded" in self.__dict__ and self._decoded[1]:
            losses.add(
                LossKind.ENCODING, "The file is not valid UTF-8; it was read as Windows-1252."
            )


def decode(data: bytes) -> tuple[str, bool]:
    """Decode UTF-8 or UTF-16, else Windows-1252; says whether that had to be guessed.

    Line breaks become "\\n". Raises FormatError for bytes that are no text.
    """
    text, guessed = decode_as_it_is(data)
    nul = text.find("\x00")
    if nul >= 0:
        raise FormatError(
            "the file has a NUL character; it is no text", line=text.count("\n", 0, nul) + 1
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, guessed


def decode_as_it_is(data: bytes) -> tuple[str, bool]:
    """Decode as `decode` does, without looking at what comes out.

    UTF-16 is known by its byte order mark, or by a NUL beside a first letter of ASCII.
    """
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), False
        if len(data) % 2 == 0 and len(data) > 1 and (data[0] == 0) != (data[1] == 0):
            return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le"), False
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("\ufffd", "?"), True


def parse_json(text: str, strictly: bool = False) -> Any:
    """Parse JSON: no duplicate keys, no NaN or Infinity, bounded numbers, nesting within Python's own limit.

    `strictly`, as our own format is read, also refuses lone surrogates, bare control characters in texts, and more than
    MAX_DEPTH levels. Raises FormatError with the line, or with the key where the parser does not tell the line.
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
        raise FormatError(f"this is no valid JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise _too_deep() from None
    if strictly:
        if "\\ud" in text or "\\uD" in text:
            _refuse_surrogates(text)
        refuse_depth(value)
    return value


def _keys_are_unique(text: str, value: Any) -> bool:
    """Say whether an object of lists of flat objects, as large files are, has as many keys as the text has.

    Then looking at each object again can be spared. (A key that is told twice with a blank before the colon passes
    here; our own format, whose reader is strict, is parsed without this.)
    """
    if type(value) is not dict:
        return False
    lists = [item for item in value.values() if type(item) is list]
    try:
        keys = len(value) + sum(sum(map(len, items)) for items in lists)
    except TypeError:
        return False
    return text.count('":') == keys and text.count("{") == 1 + sum(map(len, lists))


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


def _constant(name: str) -> None:
    raise FormatError(f"{name} is no JSON value")


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
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL):
        if "\\u" in match[0] and _SURROGATE.search(json.loads(match[0], strict=False)):
            raise FormatError(
                "a text has a lone surrogate, which is no character",
                line=text.count("\n", 0, match.start()) + 1,
            )


def refuse_depth(value: Any) -> None:
    """Raise FormatError for JSON that is nested more than MAX_DEPTH levels deep."""
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
    raise _too_deep()


def _too_deep() -> FormatError:
    return FormatError(f"it is nested more than {MAX_DEPTH} levels deep")


class _Builder(TreeBuilder):
    """Builds elements, and keeps the lines where the comments between them begin."""

    def __init__(self) -> None:
        super().__init__()
        self.parser = defusedxml.ElementTree.DefusedXMLParser(target=self)
        self.comments: list[int] = []

    def comment(self, text: str | None) -> None:  # type: ignore[override]  # it builds no element
        self.comments.append(self.parser.parser.CurrentLineNumber)


def parse_xml(data: bytes) -> tuple[Element, list[int]]:
    """Parse XML with entities and external access off, and bounded depth; return its root and the lines of comments.

    Raises FormatError.
    """
    builder = _Builder()
    try:
        builder.parser.feed(data)
        root: Element = builder.parser.close()
    except ParseError as error:
        raise FormatError(f"this is no valid XML: {error.msg}", line=error.position[0]) from None
    except DefusedXmlException:
        raise FormatError("entities and external references in XML are not read") from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise FormatError(f"this XML cannot be decoded: {_plain(str(error))}") from None
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in item]
        if not level:
            return root, builder.comments
    raise _too_deep()


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:80]


def _short(text: str) -> str:
    return repr(_plain(text))

"""The bytes of a file, decoded, parsed as JSON or XML at most once, and refused when they are hostile."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.containers import container_of
from argmap.formats.source.decoding import decode
from argmap.formats.source.json_text import parse_json
from argmap.formats.source.xml_text import parse_xml

MAX_BYTES = 16 * 2**20  # of one file


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
        self._beside = beside
        self.beside_read = beside is None

    @property
    def beside(self) -> bytes | None:
        """Return the bytes of the text beside the file, and note that they are read."""
        self.beside_read = True
        return self._beside

    @cached_property
    def container(self) -> str | None:
        """Return what kind of container the file is by its first bytes ("docx", "pdf"), None where it is none."""
        return container_of(self.data)

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

    def head(self, letters: int) -> str:
        """Return that many characters from the beginning; "" where the file is no text."""
        try:
            return self.text[:letters]
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

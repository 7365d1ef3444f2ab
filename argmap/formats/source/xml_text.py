"""XML parsed without entities and external access, in bounded depth."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from argmap.errors import FormatError

MAX_DEPTH = 64


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
        raise FormatError(f"this is not valid XML: {error.msg}", line=error.position[0]) from None
    except DefusedXmlException:
        line = builder.parser.parser.CurrentLineNumber
        refused = "entities and external references in XML are not read"
        raise FormatError(refused, line=line) from None
    except (LookupError, UnicodeError, ValueError) as error:
        said = str(error).encode("utf-8", "replace").decode()[:80]
        raise FormatError(f"this XML cannot be decoded: {said}") from None
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in item]
        if not level:
            return root, builder.comments
    raise FormatError(f"it is nested more than {MAX_DEPTH} levels deep")

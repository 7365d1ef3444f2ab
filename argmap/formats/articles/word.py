"""Word files: paragraphs and tables in their order; a zip that would unpack to too much is refused before it does."""

import io
import zipfile
from typing import Any

from argmap.errors import FormatError, UnknownFormat
from argmap.formats.articles.junk import by_words
from argmap.formats.articles.paragraphs import Paragraph, ReadArticle, Why, one_line

MOST_ENTRIES = 2_000
MOST_UNPACKED = 64 * 2**20
MOST_RATIO = 200  # of a part to its packed size
_SMALL = 1 << 20  # bytes that may be packed as tightly as one likes


def of_word(data: bytes) -> ReadArticle:
    """Read a Word file (DOCX). Raises FormatError for a broken or hostile one, UnknownFormat for other zips."""
    _check(data)
    from docx import Document
    from docx.table import Table

    try:
        document: Any = Document(io.BytesIO(data))
        found: list[Paragraph] = []
        for section in document.sections:
            if not section.header.is_linked_to_previous:
                found += _marked(section.header.paragraphs, Why.BOILERPLATE)
        titled = None
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    text = one_line(" | ".join(dict.fromkeys(cell.text for cell in row.cells)))
                    found += [Paragraph(text)] if text else []
                continue
            text = one_line(block.text)
            if text and titled is None and block.style is not None and block.style.name == "Title":
                titled = text
            found += [Paragraph(text, by_words(text))] if text else []
        for section in document.sections:
            if not section.footer.is_linked_to_previous:
                found += _marked(section.footer.paragraphs, Why.BOILERPLATE)
        about = document.core_properties
        title = titled or one_line(about.title or "")
        author = one_line(about.author or "")
        language = about.language or None
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
    ):
        raise FormatError("the Word file is broken") from None
    # the name that Word puts there is whoever typed it, and python-docx's own where nobody did
    authors = (
        (author,) if author and author.lower() not in ("python-docx", "user", "author") else ()
    )
    return ReadArticle("docx", tuple(found), title or None, authors, language=language)


def _marked(paragraphs: Any, why: Why) -> list[Paragraph]:
    return [Paragraph(text, why) for each in paragraphs if (text := one_line(each.text))]


def _check(data: bytes) -> None:
    """Refuse a zip that is no Word file, or that is made to unpack to a great deal."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise FormatError("the file is a broken zip") from None
    names = {entry.filename for entry in entries}
    if "word/document.xml" not in names:
        raise UnknownFormat("this is a zip, but not a Word file (.docx)")
    unpacked = sum(entry.file_size for entry in entries)
    tight = any(
        entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or tight
        or len(names) != len(entries)
    ):
        raise FormatError("the Word file would unpack to too much")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FormatError("the Word file is encrypted; save it without a password")

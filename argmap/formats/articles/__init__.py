"""Articles as people have them, pasted, as a web page or from Word: their paragraphs in order, and what they are.

Every text of the file is in the result. What looks like the website's and not the author's is marked with a reason,
never dropped, so that a person may look.
"""

from argmap.errors import FormatError, UnknownFormat
from argmap.formats.articles.guesses import guessed
from argmap.formats.articles.paragraphs import Paragraph, ReadArticle, Why
from argmap.formats.source.content import Content
from argmap.model import limits

__all__ = ["MOST_BYTES", "Paragraph", "ReadArticle", "Why", "read_article"]

MOST_BYTES = 8 * 2**20
MOST_PARAGRAPHS = 10_000


def read_article(data: bytes, name: str | None = None) -> ReadArticle:
    """Read the text of an article from HTML, DOCX, MHTML or plain text; `name`: of the file, if it has one.

    Raises FormatError for what is broken, hostile or too long, UnknownFormat for files of other kinds.
    """
    if len(data) > MOST_BYTES:
        raise FormatError(f"the file is larger than {MOST_BYTES // 2**20} MiB")
    content = Content(data, name)
    ending = (name or "").lower().rpartition(".")[2]
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from argmap.formats.articles.word import of_word

        found = of_word(data)
    elif data.startswith(b"%PDF"):
        raise UnknownFormat("this is a PDF: open it, copy the text and paste that")
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnknownFormat("this is an old Word file (.doc): save it as .docx and send that")
    elif data[:6].lower() == b"{\\rtf1"[:6]:
        raise UnknownFormat("this is an RTF file: save it as .docx and send that")
    else:
        from argmap.formats.articles.html import is_html, is_mhtml, of_html, of_mhtml

        if is_mhtml(data):
            found = of_mhtml(data)
        elif is_html(data, ending):
            found = of_html(data)
        else:
            from argmap.formats.articles.plain import of_text

            found = of_text(content.text)
    found = guessed(found)
    if not found.paragraphs:
        raise FormatError("the file has no text")
    if len(found.paragraphs) > MOST_PARAGRAPHS:
        raise FormatError(f"the file has more than {MOST_PARAGRAPHS:,} paragraphs")
    if len(found.text) > limits.ARTICLE_TEXT:
        raise FormatError(f"the text has more than {limits.ARTICLE_TEXT:,} characters")
    return found

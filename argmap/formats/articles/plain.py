"""Pasted text: paragraphs parted by blank lines, or a line each where there are none."""

from argmap.formats.articles.junk import by_words
from argmap.formats.articles.paragraphs import Paragraph, ReadArticle, one_line

_WRAPPED = 90  # letters that a line of wrapped text has at most


def of_text(text: str) -> ReadArticle:
    """Read plain text."""
    lines = text.split("\n")
    parts: list[list[str]] = [[]]
    if any(not line.strip() for line in lines[:-1]):
        for line in lines:
            if line.strip():
                parts[-1].append(line)
            elif parts[-1]:
                parts.append([])
        parts = [piece for part in parts for piece in _of_block(part)]
    else:
        parts = _unwrapped(lines)
    found = [one_line(" ".join(part)) for part in parts]
    return ReadArticle("text", tuple(Paragraph(each, by_words(each)) for each in found if each))


def _of_block(lines: list[str]) -> list[list[str]]:
    """Return lines that stand together as one paragraph, or as one each where they are as long as paragraphs."""
    return [lines] if all(len(line) <= _WRAPPED for line in lines) else [[line] for line in lines]


def _unwrapped(lines: list[str]) -> list[list[str]]:
    """Return lines as one paragraph where they look wrapped, else as one paragraph each."""
    full = [line for line in lines[:-1] if line.strip()]
    wrapped = full and all(len(line) <= _WRAPPED for line in lines)
    broken = sum(line.rstrip()[-1] not in '.!?:”"»' for line in full)
    if wrapped and broken * 2 >= len(full) and sum(map(len, full)) >= 45 * len(full):
        return [lines]
    return [[line] for line in lines]

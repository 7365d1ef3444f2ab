"""A CSV table of claims and relations for spreadsheets, in which no cell can start a formula."""

import csv
import io
from collections.abc import Iterator

from argmap.errors import FormatError
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.tables.columns import COLUMNS, fields_of, rows_of
from argmap.formats.tables.reader import TableReader
from argmap.model import ArgumentMap

_STARTS_FORMULA = tuple("=+-@\t\r＝＋－＠")
_HEADER = 4_000  # letters that the names of columns take at most


def sniff(content: Content) -> bool:
    """Recognise the names of the columns of a table of claims."""
    return (
        content.lead[:1] not in ("", "{", "[", "<")
        and _begun(content.head(_HEADER).lstrip("\n")) is not None
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a claim from each row; columns are known by their names (see `argmap.formats.tables.columns`).

    Comma, semicolon or tab part the cells. Raises FormatError where no column of texts is named, and with the line of
    what is no CSV.
    """
    text = content.text.lstrip("\n")
    begun = _begun(text[:_HEADER])
    if begun is None:
        raise FormatError(
            'the first line names no columns such as "id, kind, text, parent, relation, source"'
        )
    comma, columns, names, start = begun
    draft = Draft("csv", losses)
    reader = TableReader(columns, names, draft)
    reader.read(_rows(text[start:], comma, text.count("\n", 0, start)))
    reader.finish()
    return draft.build()


def _begun(head: str) -> tuple[str, dict[str, int], list[str], int] | None:
    """Return the comma of a table, where its fields stand, the names of its columns, and where its rows begin."""
    start = 0
    commas = [",", ";", "\t"]
    if (
        head.startswith("sep=") and head[5:6] == "\n" and head[4] in ",;\t|"
    ):  # as spreadsheets write it
        commas, start = [head[4]], 6
    for comma in commas:
        rows = csv.reader(io.StringIO(head[start:], newline=""), delimiter=comma)
        try:
            names = next(rows, [])
        except csv.Error:
            continue
        columns = fields_of(names) if len(names) > 1 else None
        if columns is not None:
            lines = head[start:].split("\n", rows.line_num)
            return (
                comma,
                columns,
                names,
                start + sum(len(line) + 1 for line in lines[: rows.line_num]),
            )
    return None


def _rows(text: str, comma: str, before: int) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    try:
        for row in rows:
            yield before + rows.line_num, [_bare(cell) for cell in row]
    except csv.Error as error:
        raise FormatError(f"this is not CSV: {error}", line=before + rows.line_num) from None


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a row for each claim, then for each relation; several values of one cell are joined by "; ".

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cells in rows_of(map, "csv", losses):
        written = {name: _inert(value) for name, value in cells.items()}
        if written != cells:
            marked = "A cell that would start a formula got an apostrophe in front."
            losses.add(LossKind.TEXT, marked, (cells["id"],))
        writer.writerow([written.get(name, "") for name in COLUMNS])
    return out.getvalue()


def _starts_formula(text: str) -> bool:
    return text.lstrip("'").lstrip(" \n").startswith(_STARTS_FORMULA)


def _inert(text: str) -> str:
    return f"'{text}" if _starts_formula(text) else text


def _bare(text: str) -> str:
    """Take the apostrophe off that `_inert` put there."""
    return text[1:] if text.startswith("'") and _starts_formula(text[1:]) else text

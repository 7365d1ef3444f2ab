"""An Excel workbook with a sheet of claims and relations, in the columns of the CSV table."""

import io
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from argmap.errors import FormatError
from argmap.formats.outlines.tree import plant
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.packages import entry_names, open_package, undated
from argmap.formats.tables.columns import COLUMNS, fields_of, rows_of
from argmap.formats.tables.reader import MAX_ROWS, TableReader
from argmap.model import ArgumentMap, limits

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_COLUMNS = 64
MAX_SHEETS = 50
_HEADER_ROWS = 5  # in which the names of columns are looked for
_CELL = 32_767  # letters that a cell of Excel takes
_WIDTHS = {
    "text": 60,
    "label": 24,
    "source": 40,
    "source_url": 30,
    "quotes": 50,
    "note": 40,
    "speaker": 20,
}
_FILLS = {"thesis": "FFE699", "premise": "DDEBF7", "evidence": "E2EFDA", "rebuttal": "FCE4D6"}


def is_workbook(content: Content) -> bool:
    """Say whether a file is an Excel workbook."""
    return "xl/workbook.xml" in entry_names(content.data)


def sniff(content: Content) -> bool:
    """Recognise a workbook with a sheet whose columns are those of a table of claims."""
    if not is_workbook(content):
        return False
    try:
        return any(_columns(head) or _speeches(head) is not None for head in _heads(content))
    except FormatError:
        return True  # and say so when it is read


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a claim from each row of the first sheet that names its columns as a table of claims does, else a flow.

    Cells of formulas count with the value that was saved with them. Raises FormatError for a broken or hostile file,
    and where no sheet has such columns.
    """
    draft = Draft("xlsx", losses)
    book = open_workbook(content.data)
    try:
        heads = [
            (sheet, list(itertools.islice(rows_in(sheet), _HEADER_ROWS)))
            for sheet in book.worksheets[:MAX_SHEETS]
        ]
        found = next((each for each in heads if _columns(each[1]) is not None), None)
        if found is not None:
            _read_table(found[0], _columns(found[1]), draft)
            for sheet, head in heads:
                if sheet is not found[0]:
                    _leave_out(sheet, head, losses)
        elif any(_speeches(head) is not None for _, head in heads):
            _read_flow(book, heads, draft)
        else:
            raise FormatError(
                'no sheet of this workbook names columns such as "id, kind, text, parent, relation", nor speeches'
            )
        _read_properties(book, draft)
    finally:
        book.close()
    return draft.build()


def _read_table(
    sheet: Any, begun: tuple[int, dict[str, int], list[str]] | None, draft: Draft
) -> None:
    assert begun is not None  # noqa: S101  the caller looked
    at, fields, names = begun
    reader = TableReader(fields, names, draft)
    numbered = enumerate(rows_in(sheet), start=1)
    reader.read((number, row) for number, row in numbered if number > at)
    reader.finish()


def _heads(content: Content) -> Iterator[list[list[str]]]:
    book = open_workbook(content.data)
    try:
        for sheet in book.worksheets[:MAX_SHEETS]:
            yield list(itertools.islice(rows_in(sheet), _HEADER_ROWS))
    finally:
        book.close()


def _speeches(head: list[list[str]]) -> int | None:
    """Return in which row speeches or sides are named, None where they are not: then it is no flow sheet."""
    from argmap.formats.tables.flow import are_speeches

    return next((at for at, row in enumerate(head, start=1) if are_speeches(row)), None)


def _read_flow(book: "Workbook", heads: list[tuple[Any, list[list[str]]]], draft: Draft) -> None:
    """Read the sheets of a flow: answers stand to the right of what they answer."""
    from argmap.formats.tables.flow import lines_of

    for sheet, head in heads:
        at = _speeches(head)
        if at is None:
            _leave_out(sheet, head, draft.losses)
            continue
        numbered = enumerate(rows_in(sheet), start=1)
        roots = lines_of((number, row) for number, row in numbered if number > at)
        for root in roots:
            root.extra["sheet"] = sheet.title
        plant(roots, draft)


def _leave_out(sheet: Any, head: list[list[str]], losses: Losses) -> None:
    left = "A sheet that has no table of claims was left out."
    losses.add(LossKind.STRUCTURE, left, (sheet.title,) if any(map(any, head)) else ())


def _columns(head: list[list[str]]) -> tuple[int, dict[str, int], list[str]] | None:
    """Return in which row the names of columns stand, where fields stand, and the names."""
    for at, row in enumerate(head, start=1):
        columns = fields_of(row)
        if columns is not None:
            return at, columns, row
    return None


def open_workbook(data: bytes) -> "Workbook":
    """Open a workbook to be read. Raises FormatError for a broken or hostile one, and where openpyxl is missing."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise FormatError("Excel files need the package openpyxl; install argmap[office]") from None

    open_package(data, "an Excel file").close()
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001  openpyxl lets whatever goes wrong inside come out
        raise _broken(error) from None


def _broken(error: Exception) -> FormatError:
    return FormatError(f"an Excel file that is broken cannot be read ({type(error).__name__})")


def rows_in(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts. Raises FormatError for more rows than a map may have claims."""
    rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=MAX_ROWS + 2)
    try:
        for count, row in enumerate(rows):
            if count > MAX_ROWS:
                raise FormatError(f"a sheet has at most {MAX_ROWS:,} rows")
            yield [_text(value) for value in row]
    except FormatError:
        raise
    except Exception as error:  # noqa: BLE001  openpyxl lets whatever goes wrong inside come out
        raise _broken(error) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _read_properties(book: "Workbook", draft: Draft) -> None:
    properties = book.properties
    draft.fields["title"] = fit_fields.one_line(properties.title, limits.TITLE, draft.losses)
    if properties.language:
        draft.fields["language"] = fit_fields.language(properties.language, draft.losses)


def dump(map: ArgumentMap, losses: Losses) -> bytes:
    """Write a row for each claim, then for each relation, as texts, so that none of them is a formula.

    Raises FormatError where openpyxl is missing.
    """
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    rows = rows_of(map, "xlsx", losses)
    long = "A text longer than a cell can be was cut."
    losses.add(
        LossKind.QUOTE, long, (row["id"] for row in rows if len(row.get("quotes", "")) > _CELL)
    )
    book = new_workbook(map)
    sheet = book.create_sheet("Claims")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 11)
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    fills = {kind: PatternFill("solid", fgColor=colour) for kind, colour in _FILLS.items()}
    sheet.append([text_cell(sheet, name, font=bold) for name in COLUMNS])
    for row in rows:
        fill = fills.get(row["kind"])
        sheet.append(
            [
                text_cell(
                    sheet,
                    row.get(name, "")[:_CELL],
                    alignment=wrapped,
                    fill=fill if name == "kind" else None,
                )
                if row.get(name)
                else None
                for name in COLUMNS
            ]
        )
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    return saved(book)


def new_workbook(map: ArgumentMap) -> "Workbook":
    """Return an empty workbook that is written row by row and has the title and language of a map.

    Raises FormatError where openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise FormatError("Excel files need the package openpyxl; install argmap[office]") from None

    book = Workbook(write_only=True)
    book.properties.creator = "argmap"
    book.properties.title = map.title or None
    book.properties.language = map.language
    return book


def text_cell(sheet: Any, text: str, **style: Any) -> Any:
    """Return a cell that is text whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    for name, value in style.items():
        if value is not None:
            setattr(cell, name, value)
    return cell


def saved(book: "Workbook") -> bytes:
    """Return the bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())

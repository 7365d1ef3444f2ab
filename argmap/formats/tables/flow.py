"""A flow sheet as debaters keep it: answers stand to the right of what they answer, what nobody answered is marked."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from argmap.formats.outlines.tree import Node
from argmap.formats.report import Losses, LossKind
from argmap.formats.tables.xlsx import new_workbook, saved, text_cell
from argmap.formats.writing.report_unsaid import report_flattened, report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

DROPPED = "dropped"
MAX_COLUMNS = 20  # deeper answers go on below, at the first column
_SAID = frozenset({"title", "language", "claim.label", "claim.speaker", "claim.source"})
_SPEECH = re.compile(
    r"[12] ?(?:AC|NC|AR|NR)|BLOCK|(?:AFF|NEG|PRO|CON|FOR|AGAINST|PROP|OPP|GOV)(?:IRMATIVE|ATIVE|OSITION)?(?: \d)?"
    r"|(?:PM|LO|MG|MO|LOR|PMR|DPM|DLO)C?"
)
_NOT_SHEET = re.compile(r"[\[\]:*?/\\]")


class _Cell(NamedTuple):
    row: int
    column: int
    text: str
    claim: str | None  # None for a mark


def dump(map: ArgumentMap, losses: Losses) -> bytes:
    """Write a sheet for each thesis, with a column for each depth of attack and a row for each line of argument.

    Reasons stand below what they support, in its column; an answer stands to the right of what it answers. Where nobody
    answers a claim or its reasons, the column after it says "dropped". Raises FormatError where openpyxl is missing.
    """
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    report_unsaid(map, "flow", _SAID, losses)
    report_flattened(map, [r for r in map.relations if map.claim(r.target) is not None], losses)
    named = (claim.id for claim in map.claims if claim.label)
    losses.add(LossKind.TEXT, "A claim with a label shows that alone.", named)
    cited = (claim.id for claim in map.claims if claim.source is not None)
    losses.add(
        LossKind.SOURCE, "Only author and date of a source, or else its title, are kept.", cited
    )
    book = new_workbook(map)
    wrapped = Alignment(wrap_text=True, vertical="top")
    colours = ("1F4E9E", "B3261E")
    sheets = sheets_of(map)
    names: set[str] = set()
    for title, cells in sheets:
        sheet = book.create_sheet(_sheet_name(title, names))
        width = max((cell.column for cell in cells), default=0) + 1
        sheet.freeze_panes = "A2"
        for column in range(1, width + 1):
            sheet.column_dimensions[get_column_letter(column)].width = 34
        heads = [Font(bold=True, color=colours[column % 2]) for column in range(width)]
        sheet.append(
            [text_cell(sheet, _head(column), font=heads[column]) for column in range(width)]
        )
        by_row: defaultdict[int, dict[int, _Cell]] = defaultdict(dict)
        for cell in cells:
            by_row[cell.row][cell.column] = cell
        for row in range(max(by_row, default=-1) + 1):
            filled = by_row.get(row, {})
            line: list[Any] = []
            for column in range(width):
                cell_here = filled.get(column)
                if cell_here is None:
                    line.append(None)
                    continue
                mark = cell_here.claim is None and cell_here.text == DROPPED
                colour = "7A7A7A" if mark else colours[column % 2]
                font = Font(color=colour, italic=mark)
                line.append(text_cell(sheet, cell_here.text, font=font, alignment=wrapped))
            sheet.append(line)
    if not sheets:
        book.create_sheet("Flow").append([])
    return saved(book)


def _head(column: int) -> str:
    side = "Against" if column % 2 else "For"
    return f"{side} {column // 2 + 1}"


def _sheet_name(title: str, taken: set[str]) -> str:
    base = " ".join(_NOT_SHEET.sub(" ", title).split()).strip("'")[:24] or "Flow"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base} {number}"
    taken.add(name.lower())
    return name


class _Flow:
    """Places claims in rows and columns; every claim has one cell, and where it comes up again the cell says so."""

    def __init__(self, map: ArgumentMap) -> None:
        self._map = map
        self.into: defaultdict[str, list[Relation]] = defaultdict(list)
        for relation in map.relations:
            if relation.kind is not RelationKind.RESTATES:
                self.into[relation.target].append(relation)
        self._on_steps: defaultdict[str, list[Relation]] = defaultdict(list)
        for relation in map.relations:
            step = map.relation(relation.target)
            if step is not None:
                self._on_steps[step.sources[0]].append(relation)
        self.placed: set[str] = set()
        self._answered = self._answers()

    def _answers(self) -> set[str]:
        """Return the claims that are attacked, that rest on one that is, or whose step is."""
        found: set[str] = set()
        supported: defaultdict[str, set[str]] = defaultdict(set)
        waiting: list[str] = []
        for relation in self._map.relations:
            step = self._map.relation(relation.target)
            if relation.kind is RelationKind.ATTACKS:
                waiting.extend(step.sources if step is not None else (relation.target,))
            elif relation.kind is RelationKind.SUPPORTS and step is None:
                for source in relation.sources:
                    supported[source].add(relation.target)
        while waiting:
            claim = waiting.pop()
            if claim not in found:
                found.add(claim)
                waiting.extend(supported[claim])
        return found

    def place(self, root: Claim) -> list[_Cell]:
        """Return the cells of a sheet that begins with a claim."""
        cells: list[_Cell] = []
        row = 0
        roots = [root.id]
        while roots:
            start = roots.pop(0)
            if start in self.placed:
                continue
            # What is still to be placed, the next last: a claim, its column, whether it goes on in the present row, and
            # whether the claim above it was marked already.
            waiting = [(start, 0, "", False, False)]
            while waiting:
                id, column, lead, beside, marked = waiting.pop()
                if not beside and cells:
                    row += 1
                claim = self._map.claim(id)
                if claim is None:
                    continue
                if id in self.placed:
                    cells.append(_Cell(row, column, f"{lead}see: {_short(claim)}", None))
                    continue
                if column >= MAX_COLUMNS:
                    cells.append(_Cell(row, column, f"{lead}goes on below: {_short(claim)}", None))
                    roots.append(id)
                    continue
                self.placed.add(id)
                cells.append(_Cell(row, column, f"{lead}{_words(claim)}", id))
                dropped = id not in self._answered and claim.kind is not ClaimKind.THESIS
                if dropped and not marked:
                    cells.append(_Cell(row, column + 1, DROPPED, None))
                waiting += self._below(id, column, marked or dropped)
        return cells

    def _named(self, id: str) -> str:
        claim = self._map.claim(id)
        return _short(claim)[:60] if claim is not None else id

    def _below(self, id: str, column: int, marked: bool) -> list[tuple[str, int, str, bool, bool]]:
        answers: list[tuple[str, str]] = []
        reasons: list[tuple[str, str]] = []
        for relation in self.into.get(id, ()):
            for number, source in enumerate(relation.sources):
                following = relation.sources[number + 1 : number + 2]
                lead = f"together with “{self._named(following[0])}”: " if following else ""
                (answers if relation.kind is RelationKind.ATTACKS else reasons).append(
                    (source, lead)
                )
        for relation in self._on_steps.get(id, ()):  # stands beside the first of its sources
            if relation.kind is RelationKind.ATTACKS:
                answers += [(source, "on the step: ") for source in relation.sources]
            else:
                reasons += [(source, "for the step: ") for source in relation.sources]
        first = [
            (source, column + 1, lead, at == 0, False) for at, (source, lead) in enumerate(answers)
        ]
        later = [(source, column, lead, False, marked) for source, lead in reasons]
        return [*reversed(later), *reversed(first)]


def sheets_of(map: ArgumentMap) -> list[tuple[str, list[_Cell]]]:
    flow = _Flow(map)
    leads = {source for relation in map.relations for source in relation.sources}
    roots = [claim for claim in map.claims if claim.kind is ClaimKind.THESIS]
    roots += [c for c in map.claims if c.kind is not ClaimKind.THESIS and c.id not in leads]
    sheets: list[tuple[str, list[_Cell]]] = []
    loose: list[_Cell] = []
    for root in (*roots, *map.claims):
        if root.id in flow.placed:
            continue
        cells = flow.place(root)
        if len(cells) < 3 and root.kind is not ClaimKind.THESIS:
            row = loose[-1].row + 1 if loose else 0
            loose += [cell._replace(row=cell.row + row) for cell in cells]
        else:
            sheets.append((_short(root), cells))
    if loose:
        sheets.append(("Other claims", loose))
    return sheets


def _short(claim: Claim) -> str:
    return " ".join((claim.label or claim.text).split())[:120]


def _words(claim: Claim) -> str:
    words = claim.label or claim.text
    source = claim.source
    cite = None
    if source is not None:
        cite = " ".join(part for part in (source.author, source.date) if part) or source.citation()
    who = "; ".join(part for part in (claim.speaker, cite) if part)
    return f"{words}\n({who})" if who else words


def are_speeches(head: list[str]) -> bool:
    """Say whether the first row of a sheet names the speeches of a debate, or the sides."""
    names = [name.strip().upper() for name in head if name.strip()]
    return len(names) > 1 and all(_SPEECH.fullmatch(name) for name in names)


def lines_of(rows: Iterable[tuple[int, list[str]]]) -> list[Node]:
    """Return the trees of a flow sheet: a cell answers the one to its left, or the last one above that.

    Sides take turns from column to column: what stands two columns on is the same side's, and restates.

    Cells that only say "dropped" mark nothing else, and are left out.
    """
    roots: list[Node] = []
    last: dict[int, Node] = {}
    for number, row in rows:
        before: int | None = None
        for column, text in enumerate(row):
            words = text.strip()
            if not words or words.strip("?!. ").lower() == DROPPED:
                continue
            node = Node(words, f"row {number}", does=RelationKind.ATTACKS, plain=True)
            left = (
                before
                if before is not None
                else max((at for at in last if at < column), default=None)
            )
            if left is None:
                node.does = None
                roots.append(node)
            else:
                if (column - left) % 2 == 0:  # the same side again, which keeps its argument up
                    node.does = RelationKind.RESTATES
                last[left].children.append(node)
            last = {at: other for at, other in last.items() if at < column}
            last[column] = node
            before = column
    return roots

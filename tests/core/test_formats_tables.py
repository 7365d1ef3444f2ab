"""Tables of claims as people keep them in CSV and Excel, and as argmap writes them."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from openpyxl import Workbook, load_workbook

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.formats.tables.flow import sheets_of
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from tests.support.strategies import examples, maps

POOL = {
    ("Healthy", "supports", "Keep the pool"),
    ("Dear", "attacks", "Keep the pool"),
    ("The grant pays", "attacks", "Dear"),
}
TABLES = {
    "columns for each side": "id,kind,text,supports,attacks\nc1,thesis,Keep the pool,,\nc2,premise,Healthy,c1,\n"
    "c3,rebuttal,Dear,,c1\nc4,,The grant pays,,c3\n",
    "a parent and a relation": "Claim;ID;Parent ID;Pro/Con\nKeep the pool;1;;\nHealthy;2;1;pro\nDear;3;1;con\n"
    "The grant pays;4;3;-\n",
    "a parent and a kind": "text\ttype\tparent\nKeep the pool\tthesis\t\nHealthy\tPro\tKeep the pool\n"
    "Dear\trebuttal\tKeep the pool\nThe grant pays\tCon\tDear\n",
    "numbers of rows": "statement,answers,side\nKeep the pool,,\nHealthy,1,for\nDear,1,against\n"
    "The grant pays,3,against\n",
    "levels": "level,claim,relation\n0,Keep the pool,\n1,Healthy,supports\n1,Dear,attacks\n2,The grant pays,attacks\n",
    "as Excel saves it": "sep=;\n\"text\";\"id\";\"attacks\";\"supports\"\n\"Keep the pool\";1;;\n\"Healthy\";2;;1\n"
    "\"Dear\";3;1;\n\"The grant pays\";4;3;\n",
}  # fmt: skip


def joined(map: ArgumentMap) -> set[tuple[str, str, str]]:
    text = {claim.id: claim.text for claim in map.claims}
    return {
        (text[source], relation.kind.value, text[relation.target])
        for relation in map.relations
        for source in relation.sources
    }


def workbook(text: str) -> bytes:
    """The table of a text as an Excel file, below a line of words."""
    comma = ";" if ";" in text else "\t" if "\t" in text else ","
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Our class"])
    for line in text.split("\n"):
        cells = [cell.strip('"') for cell in line.split(comma)]
        if not line.startswith("sep="):
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("make", [str.encode, workbook], ids=["csv", "xlsx"])
@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES.keys())
def test_tables_are_read_however_they_say_what_hangs_together(
    text: str, make: Callable[[str], bytes]
) -> None:
    loaded = formats.load(make(text))
    assert loaded.format in ("csv", "xlsx")
    assert joined(loaded.map) == POOL
    assert loaded.map.claims[0].kind is ClaimKind.THESIS
    assert not loaded.report


def test_further_columns_are_fields_and_what_is_unknown_is_kept() -> None:
    text = (
        "text,kind,parent,speaker,source,url,quote,tags,mood\n"
        "Keep it,thesis,,,,,,,\n"
        '"Healthy, and fun",evidence,Keep it,Dr Lane,The Lancet,https://example.org/a,"It is, she says",a;b,glad\n'
    )
    claim = formats.load(text.encode()).map.claims[1]
    assert (claim.text, claim.speaker, claim.tags) == ("Healthy, and fun", "Dr Lane", ("a", "b"))
    assert claim.source is not None
    assert (claim.source.title, claim.source.url) == ("The Lancet", "https://example.org/a")
    assert [quote.exact for quote in claim.quotes] == ["It is, she says"]
    assert claim.origin is not None
    assert claim.origin.extra == {"data": {"mood": "glad"}}


LOST = {
    "a second id": ("id,text\n1,a\n1,b\n", LossKind.DUPLICATE),
    "no text": ("id,text\n1,\n2,b\n", LossKind.STRUCTURE),
    "a parent that is not there": ("id,text,parent\n1,a,7\n", LossKind.DANGLING),
    "a kind of its own": ("id,text,kind\n1,a,poem\n", LossKind.KIND),
}


@pytest.mark.parametrize(("text", "kind"), LOST.values(), ids=LOST.keys())
def test_what_is_odd_in_a_table_is_told(text: str, kind: LossKind) -> None:
    assert kind in formats.load(text.encode()).report.kinds()


@pytest.mark.parametrize(
    "text", ["name,price\nmilk,1\n", "Dear all, it was fine\nand so on, he said\n", "text,\na,b\n"]
)
def test_other_tables_are_no_tables_of_claims(text: str) -> None:
    sniff = formats.FORMATS["csv"].sniff
    assert sniff is not None
    assert not sniff(formats.Content(text.encode()))


def test_what_could_be_a_formula_is_text_in_excel_and_comes_back() -> None:
    texts = ("=1+1", "'=1+1", "+a", "@b", "_x0041_", " padded ", "two\nlines")
    map = ArgumentMap(
        title="On =formulas",
        claims=tuple(
            Claim(id=f"c{number}", kind=ClaimKind.PREMISE, text=text)
            for number, text in enumerate(texts, start=1)
        ),
    )
    for name in ("xlsx", "csv"):
        again = formats.load(formats.dump(map, name).data).map
        assert [claim.text for claim in again.claims] == list(texts)
    data = formats.dump(map, "xlsx").data
    assert formats.load(data).map.title == map.title
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def rezipped(data: bytes, **entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, entries.get(name, old.read(name)))
        for name, content in entries.items():
            if name not in old.namelist():
                new.writestr(name, content)
    return out.getvalue()


def hostile() -> dict[str, bytes]:
    good = workbook(TABLES["levels"])
    sheet = "xl/worksheets/sheet1.xml"
    entity = b'<!DOCTYPE a [<!ENTITY b "bb">]><worksheet><sheetData/></worksheet>'
    rows = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    rows += b"".join(b'<row r="%d"><c t="str"><v>a</v></c></row>' % n for n in range(1, 200_000, 3))
    return {
        "a zip bomb": rezipped(good, **{"xl/media/a.bin": b"\0" * (101 * 2**20)}),
        "entities": rezipped(good, **{sheet: entity}),
        "entities in UTF-16": rezipped(good, **{sheet: entity.decode().encode("utf-16")}),
        "broken XML": rezipped(good, **{sheet: b"<worksheet><sheetData>"}),
        "too many rows": rezipped(good, **{sheet: rows + b"</sheetData></worksheet>"}),
        "cut off": good[: len(good) // 2],
        "no workbook at all": rezipped(good, **{"xl/workbook.xml": b"<a/>"}),
    }


@pytest.mark.parametrize("case", hostile().items(), ids=lambda case: case[0])
def test_a_hostile_workbook_is_refused_in_one_line(case: tuple[str, bytes]) -> None:
    with pytest.raises((FormatError, UnknownFormat)) as refused:
        formats.load(case[1], format="xlsx")
    assert str(refused.value).isprintable()
    with pytest.raises((FormatError, UnknownFormat)):
        formats.load(case[1])


def test_a_row_that_names_many_claims_supports_each_of_them() -> None:
    text = 'id,text,supports\n1,a,\n2,b,\n3,c,1; 2\n4,d,"1,2"\n'
    map = formats.load(text.encode()).map
    assert [(r.kind, r.sources, r.target) for r in map.relations] == [
        (RelationKind.SUPPORTS, (source,), target)
        for source, target in (("c3", "c1"), ("c3", "c2"), ("c4", "c1"), ("c4", "c2"))
    ]


def flow(*rows: tuple[str | None, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_flow_of_speeches_is_read_to_the_right() -> None:
    data = flow(
        ("1AC", "1NC", "2AC", "Block", "1AR"),
        ("Votes at 16", "Impulsive", "Calm choices", None, "extend calm"),
        (None, "No knowledge", "Schools teach", None, None),
        ("Habit", "dropped?", None, None, None),
    )
    loaded = formats.load(data)
    assert loaded.format == "xlsx"
    assert joined(loaded.map) == {
        ("Impulsive", "attacks", "Votes at 16"),
        ("Calm choices", "attacks", "Impulsive"),
        ("extend calm", "restates", "Calm choices"),
        ("No knowledge", "attacks", "Votes at 16"),
        ("Schools teach", "attacks", "No knowledge"),
    }
    assert [claim.text for claim in loaded.map.claims][-1] == "Habit"


def test_a_flow_is_written_with_answers_to_the_right_and_what_is_dropped_marked() -> None:
    kinds = (
        ClaimKind.THESIS,
        ClaimKind.PREMISE,
        ClaimKind.REBUTTAL,
        ClaimKind.REBUTTAL,
        ClaimKind.PREMISE,
    )
    steps = (
        ("supports", "c2", "c1"),
        ("attacks", "c3", "c2"),
        ("attacks", "c4", "c3"),
        ("supports", "c5", "c1"),
    )
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{number}", kind=kind, text=f"text {number}")
            for number, kind in enumerate(kinds, start=1)
        ),
        relations=tuple(
            Relation(id=f"r{number}", kind=RelationKind(kind), sources=(source,), target=target)
            for number, (kind, source, target) in enumerate(steps, start=1)
        ),
    )
    data = formats.dump(map, "flow").data
    (sheet,) = load_workbook(io.BytesIO(data)).worksheets
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["For 1", "Against 1", "For 2", "Against 2"],
        ["text 1", None, None, None],
        ["text 2", "text 3", "text 4", "dropped"],
        ["text 5", "dropped", None, None],
    ]
    attacks = {step for step in joined(map) if step[1] == "attacks"}
    assert joined(formats.load(data).map) == attacks


@given(maps(max_claims=12, max_relations=20))
@examples(40)
def test_every_claim_has_one_cell_of_a_flow(map: ArgumentMap) -> None:
    placed = [cell.claim for _, cells in sheets_of(map) for cell in cells if cell.claim]
    assert sorted(placed) == sorted(claim.id for claim in map.claims)
    for _, cells in sheets_of(map):
        assert len({(cell.row, cell.column) for cell in cells}) == len(cells)

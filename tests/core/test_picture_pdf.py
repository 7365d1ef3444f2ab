"""Pictures on paper."""

import io
import math
import re
import sys

import pytest
from hypothesis import given, settings
from pypdf import PdfReader

from argmap import picture
from argmap.errors import BadValue, EngineUnavailable, PictureTooLarge
from argmap.model import ArgumentMap, Article, Claim, Relation, Source
from argmap.picture import Options
from argmap.picture.outline import outline
from tests.support.strategies import HOSTILE, maps

MAP = ArgumentMap(
    title="Borders",
    article=Article(title="An op-ed", authors=("A. Writer",)),
    claims=(
        Claim(id="c1", kind="thesis", text="The border is badly kept."),
        Claim(
            id="c2",
            kind="evidence",
            text="A figure that speaks for it.",
            speaker="A. Speaker",
            source=Source(title="A report", url="https://example.org/report"),
        ),
        Claim(id="c3", kind="rebuttal", text="The figure is old."),
        Claim(id="c4", kind="premise", text="Nobody looks.", implicit=True),
    ),
    relations=(
        Relation(id="r1", kind="supports", sources=("c2", "c4"), target="c1"),
        Relation(id="r2", kind="attacks", sources=("c3",), target="r1"),
    ),
)


def read(pdf: bytes) -> PdfReader:
    assert pdf.startswith(b"%PDF")
    return PdfReader(io.BytesIO(pdf))


def words(reader: PdfReader, page: int) -> str:
    return " ".join(reader.pages[page].extract_text().split())


def test_a_pdf_is_one_sheet_of_the_page_asked_for_with_text_that_can_be_selected():
    for page, size in (("A4", (842, 595)), ("16:9", (960, 540)), ("800x600", (800, 600))):
        reader = read(picture.draw_pdf(MAP, Options(page=page)))
        assert len(reader.pages) == 1
        box = reader.pages[0].mediabox
        assert (round(box.width), round(box.height)) == size
        assert "A figure that speaks for it." in words(reader, 0)
        assert reader.metadata is not None
        assert reader.metadata.title == "Borders"


def test_a_pdf_explains_its_shapes_and_lines_unless_told_otherwise():
    for legend, explained in ((None, True), (True, True), (False, False)):
        text = words(read(picture.draw_pdf(MAP, Options(legend=legend))), 0)
        assert ("only together" in text and "about a step" in text) is explained


def test_its_fonts_are_inter_and_part_of_the_file():
    reader = read(picture.draw_pdf(MAP))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    names = {str(font.get_object()["/BaseFont"]) for font in fonts}
    assert names
    assert all("Inter" in name for name in names)


def test_a_handout_lists_every_claim_with_its_number_and_source():
    reader = read(picture.draw_pdf(MAP, handout=True))
    assert len(reader.pages) == 2
    text = words(reader, 1)
    assert "Borders A. Writer, “An op-ed”" in text
    for part in (
        "1 THESIS c1 The border is badly kept.",
        "1.1 FOR, TOGETHER WITH 1.2 · EVIDENCE c2 A figure that speaks for it. — A. Speaker “A report”",
        "1.1.1 UNDERCUTS THE STEP FROM 1.1 AND 1.2 TO 1 · REBUTTAL c3 The figure is old.",
        "1.2 FOR, TOGETHER WITH 1.1 · PREMISE, IMPLICIT c4 Nobody looks.",
    ):
        assert part in text, text
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[1]["/Annots"]]
    assert links == ["https://example.org/report"]


def test_a_poster_takes_as_many_sheets_as_it_needs_and_loses_nothing():
    reader = read(picture.draw_pdf(MAP, Options(page="400x300"), poster=2))
    assert len(reader.pages) > 2
    assert "Borders · A1" in words(reader, 0)
    assert "Borders · B1" in " ".join(words(reader, n) for n in range(len(reader.pages)))
    assert len(read(picture.draw_pdf(MAP, poster=0.1)).pages) == 1


def test_a_poster_of_too_many_sheets_is_refused():
    with pytest.raises(PictureTooLarge, match="sheets"):
        picture.draw_pdf(MAP, Options(page="100x100"), poster=20)


def test_a_sheet_that_would_show_none_or_only_a_strip_of_a_poster_is_refused():
    for page in ("99x500", "20000x50"):
        with pytest.raises(BadValue, match="100 points"):
            picture.draw_pdf(MAP, Options(page=page), poster=1)
    with pytest.raises(BadValue, match="41 points"):
        picture.draw_pdf(MAP, Options(page="40x500"))


def test_a_handout_of_a_small_sheet_is_set_on_a4():
    reader = read(picture.draw_pdf(MAP, Options(page="100x100"), handout=True))
    assert [tuple(page.mediabox[2:]) for page in reader.pages] == [(100, 100), (595, 842)]
    assert "A figure that speaks for it." in words(reader, 1)


def test_words_longer_than_a_line_stay_on_the_pages_of_a_handout():
    for letter in ("W", "م"):
        map = ArgumentMap(claims=(Claim(id="c1", kind="thesis", text=letter * 400),))
        page = read(picture.draw_pdf(map, handout=True)).pages[1]
        lines = page.extract_text().replace("\u200b", "").splitlines()
        assert 0 < max(line.count(letter) for line in lines) < 250


def test_a_long_title_leaves_room_for_the_number_of_its_sheet():
    claims = tuple(Claim(id=f"c{n}", kind="thesis", text="Words " * 300) for n in range(1, 13))
    map = ArgumentMap(title="Title " * 40 + "end", claims=claims)
    reader = read(picture.draw_pdf(map, poster=picture.Spread.BRANCHES))
    assert len(reader.pages) > 2
    assert re.search(r"Title Title… · sheet 2 of [0-9]+$", words(reader, 1))


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, math.inf])
def test_a_scale_of_a_poster_that_is_none_is_refused(scale):
    with pytest.raises(BadValue, match="poster"):
        picture.draw_pdf(MAP, poster=scale)


def test_a_missing_typesetter_is_said_plainly(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(EngineUnavailable, match=r"argmap\[paper\]"):
        picture.draw_pdf(MAP)


def test_words_that_look_like_markup_stay_words():
    hostile = (
        *HOSTILE,
        '#read("/etc/passwd")',
        "= Heading",
        "*bold* $x^2$",
        '#import "@preview/x:1"',
    )
    claims = tuple(Claim(id=f"c{n}", kind="premise", text=text) for n, text in enumerate(hostile))
    map = ArgumentMap(title='#panic("x")', claims=claims)
    reader = read(picture.draw_pdf(map, handout=True))
    text = " ".join(words(reader, n) for n in range(1, len(reader.pages)))
    for plain in ('#read("/etc/passwd")', "= Heading", "*bold* $x^2$", '#panic("x")'):
        assert plain in text


def test_letters_of_all_scripts_are_set_as_pdf_and_png():
    texts = (
        "漢字の文章",
        "جملة بالعربية",
        "משפט בעברית",
        "👩‍👩‍👧‍👦 👋🏽",
        "e\u0301" * 40,
        "\u202eabc",
        "W" * 400,
    )
    map = ArgumentMap(
        claims=tuple(Claim(id=f"c{n}", kind="premise", text=t) for n, t in enumerate(texts))
    )
    assert len(read(picture.draw_pdf(map, handout=True)).pages) == 2
    assert picture.draw_png(map, scale=1).startswith(b"\x89PNG")


@settings(max_examples=40)
@given(map=maps(max_claims=9, max_relations=12, rich=False))
def test_an_outline_has_every_claim_once_below_one_that_it_concerns(map):
    entries = outline(map)
    assert sorted(entry.claim.id for entry in entries) == sorted(c.id for c in map.claims)
    numbers = {entry.number for entry in entries}
    assert len(numbers) == len(entries)
    for entry in entries:
        above, _, _ = entry.number.rpartition(".")
        assert (above in numbers) is (entry.relation is not None)
        assert entry.relation is None or entry.claim.id in entry.relation.sources

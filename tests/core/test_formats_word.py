"""Word files: debate cards in and out, outlines and articles told apart, hostile files refused."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from pypdf import PdfReader

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, RelationKind

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "old-enough-at-sixteen.json"


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def verbatim() -> Any:
    """A document with the styles of debate cards, some of them only by what they are based on."""
    document = docx.Document()
    for name in ("Style 13 pt Bold", "Style Underline"):
        document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    document.styles["Style Underline"].font.underline = True
    document.styles["Emphasis"].font.underline = True
    tag = document.styles.add_style("My Tag", WD_STYLE_TYPE.PARAGRAPH)
    tag.base_style = document.styles["Heading 4"]
    return document


def card(document: Any, tag: str, cite: list[tuple[str, bool]], body: list[str]) -> None:
    """A tag, a cite of runs with or without the style of cites, and words marked "_read_" or "=spoken="."""
    document.add_paragraph(tag, style="My Tag")
    document.add_paragraph("")
    paragraph = document.add_paragraph()
    for words, marked in cite:
        paragraph.add_run(words, style="Style 13 pt Bold" if marked else None)
    for text in body:
        paragraph = document.add_paragraph()
        for word in text.split("|"):
            run = paragraph.add_run(
                word.strip("_="), style="Style Underline" if word[:1] in "_=" else None
            )
            if word.startswith("="):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def speech() -> bytes:
    document = verbatim()
    document.add_paragraph("1AC", style="Heading 1")
    document.add_paragraph("Votes", style="Heading 2")
    document.add_paragraph("Turnout", style="Heading 3")
    card(
        document,
        "Habit forms early",
        [("Franklin", True), (" 04", True), (' (Mark, professor, "Voter Turnout", Cambridge, ', False),
         ("5-14-2004, https://example.org/f)", False)],
        ["Most people |_vote as they did| before, |=the first vote sets a habit|.", "More |_words|."],
    )  # fmt: skip
    card(
        document,
        "They can judge",
        [("Icenogle et al.", True), (" no year at all", False)],
        ["|_It is so|."],
    )
    document.add_paragraph("They will not say why", style="Heading 4")
    document.add_paragraph("They dropped turnout.")
    return saved(document)


def words(map: ArgumentMap, claim: Claim) -> list[str]:
    assert map.article is not None
    assert map.article.text is not None
    return [map.article.text[quote.start : quote.end] for quote in claim.quotes]


def spoken(map: ArgumentMap, claim: Claim) -> list[str]:
    assert claim.origin is not None
    assert map.article is not None
    start = claim.origin.extra["body"][0]
    text = str(map.article.text)
    return [text[start + at : start + at + length] for at, length in claim.origin.extra["spoken"]]


def check_speech(map: ArgumentMap) -> None:
    habit, judge, dropped, analytic = map.claims
    assert [claim.text for claim in map.claims] == [
        "Habit forms early", "They can judge", "They will not say why", "They dropped turnout.",
    ]  # fmt: skip
    assert [claim.kind for claim in map.claims] == [
        ClaimKind.EVIDENCE, ClaimKind.EVIDENCE, ClaimKind.PREMISE, ClaimKind.PREMISE,
    ]  # fmt: skip
    assert habit.source is not None
    assert habit.source.model_dump() == {
        "author": "Franklin", "title": "Voter Turnout", "publication": "Cambridge", "date": "5-14-2004",
        "url": "https://example.org/f",
    }  # fmt: skip
    assert words(map, habit) == ["vote as they did", "the first vote sets a habit", "words"]
    assert spoken(map, habit) == ["the first vote sets a habit"]
    assert habit.note is not None
    assert "professor" in habit.note
    assert habit.tags == ("Turnout",)
    assert judge.source is not None
    assert judge.source.author == "Icenogle et al."
    assert habit.origin is not None
    assert habit.origin.extra["groups"] == {"pocket": "1AC", "hat": "Votes", "block": "Turnout"}
    (step,) = map.relations
    assert (step.kind, step.sources, step.target) == (
        RelationKind.SUPPORTS, (analytic.id,), dropped.id,
    )  # fmt: skip


def test_cards_are_read_written_and_read_again() -> None:
    first = formats.load(speech())
    assert first.format == "docx"
    assert not first.report
    check_speech(first.map)
    again = formats.load(formats.dump(first.map, "docx").data)
    check_speech(again.map)
    assert first.map.article == again.map.article
    assert formats.dump(again.map, "docx").data == formats.dump(first.map, "docx").data


def test_a_cite_without_its_style_is_known_by_what_is_read_below_it() -> None:
    document = verbatim()
    card(document, "So it is", [("Lee, 17", False)], ["|=aloud|"])
    document.add_paragraph("Bold", style="My Tag")
    (claim, _) = formats.load(saved(document)).map.claims
    assert claim.kind is ClaimKind.EVIDENCE
    assert claim.source is not None
    assert claim.source.author == "Lee"


def test_more_stretches_than_quotes_are_joined_and_told() -> None:
    document = verbatim()
    card(document, "Many", [("Lee 17", True)], ["|".join("_read| left " for _ in range(150))])
    loaded = formats.load(saved(document))
    assert len(loaded.map.claims[0].quotes) == 100
    assert loaded.report.kinds() == {LossKind.QUOTE}


def test_an_outline_in_word_is_an_outline() -> None:
    document = docx.Document()
    document.add_paragraph("The pool", style="Title")
    for style, text in (
        ("List Bullet", "The pool should stay"),
        ("List Bullet 2", "Pro: healthy"),
        ("List Bullet 3", "But few swim"),
        ("List Bullet 2", "Con: dear"),
    ):
        document.add_paragraph(text, style=style)
    map = formats.load(saved(document)).map
    assert map.title == "The pool"
    assert [claim.text for claim in map.claims] == [
        "The pool should stay",
        "healthy",
        "Few swim",
        "dear",
    ]
    assert [(r.kind.value, r.sources[0], r.target) for r in map.relations] == [
        ("supports", "c2", "c1"), ("attacks", "c3", "c2"), ("attacks", "c4", "c1"),
    ]  # fmt: skip


def test_an_op_ed_in_word_is_the_text_of_an_article() -> None:
    document = docx.Document()
    document.add_paragraph("Keep the pool")
    document.add_paragraph("It is healthy. It is cheap, too, and old people need it.")
    document.add_paragraph("It should stay.")
    map = formats.load(saved(document)).map
    assert not map.claims
    assert map.article is not None
    assert map.article.title == "Keep the pool"
    assert map.article.text == (
        "It is healthy. It is cheap, too, and old people need it.\n\nIt should stay."
    )


def test_a_brief_has_the_styles_of_cards_and_answers_stand_below_what_they_answer() -> None:
    map = formats.load(EXAMPLE.read_bytes()).map
    written = formats.dump(map, "docx").data
    document = docx.Document(io.BytesIO(written))
    tags = [p.text for p in document.paragraphs if p.style.style_id == "Heading4"]
    assert [p.text for p in document.paragraphs if p.style.style_id == "Heading3"] == [
        "Votes at sixteen"
    ]
    assert tags.index("It proves too much") == tags.index("The brain is unfinished") + 1
    styled = {run.style.style_id: run.text for p in document.paragraphs for run in p.runs}
    assert {"Style13ptBold", "StyleUnderline"} <= styled.keys()
    again = formats.load(written).map
    assert {(r.id, r.kind, r.sources, r.target) for r in again.relations} == {
        (r.id, r.kind, r.sources, r.target) for r in map.relations
    }
    quoted = {claim.id: [quote.exact for quote in claim.quotes] for claim in map.claims}
    assert {claim.id: [q.exact for q in claim.quotes] for claim in again.claims} == quoted


def with_entry(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(speech())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip bomb": lambda: with_entry("word/media/a.png", b"\0" * (101 * 2**20)),
    "entities": lambda: with_entry("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'),
    "depth": lambda: with_entry("word/document.xml", BODY.format("<w:p>" * 5_000 + "</w:p>" * 5_000).encode()),
    "many paragraphs": lambda: with_entry("word/document.xml", BODY.format("<w:p/>" * 200_001).encode()),
    "cut off": lambda: speech()[:3_000],
    "no document": lambda: with_entry("word/document.xml", b"<a/>"),
    "no words": lambda: saved(docx.Document()),
}  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_word_file_is_refused_in_one_line(make: Callable[[], bytes]) -> None:
    with pytest.raises((FormatError, UnknownFormat)) as refused:
        formats.load(make(), format="docx")
    assert str(refused.value).isprintable()


def test_libreoffice_opens_a_brief(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: NOT TESTED that it opens a brief")
    map = formats.load(EXAMPLE.read_bytes()).map
    (tmp_path / "brief.docx").write_bytes(formats.dump(map, "docx").data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        tmp_path,
        tmp_path / "brief.docx",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pages = " ".join(page.extract_text() for page in PdfReader(tmp_path / "brief.pdf").pages)
    flat = " ".join(pages.split())
    for claim in map.claims:
        assert " ".join((claim.label or claim.text).split()) in flat

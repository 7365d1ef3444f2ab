"""Articles from web pages, Word files and pasted text: every text is there, junk is marked, facts are found."""

import contextlib
import datetime
import io
import time
import zipfile

import pytest
from docx import Document

from argmap.errors import FormatError, UnknownFormat
from argmap.formats.articles import Why, read_article
from argmap.formats.articles.guesses import day_of
from argmap.formats.articles.junk import by_words

BODY = """<body class="has-ads page-comments"><nav><a href="/">Home</a> <a href="/o">Opinion</a></nav>
<div id="cookie-banner">We value your privacy. Accept all</div>
<article><h1>Keep the ferry</h1><p class="byline">By Nora Ahn and Tom Reed, 14 May 2026</p>
<p>The ferry should be kept, <em>whatever</em> it costs 🙂.</p><div class="ad-slot">Advertisement</div>
<figure><img src="x.png"><figcaption>The ferry in May. Photo: N. Ahn</figcaption></figure>
<p>It carries&nbsp;900 people
a day.</p><p><a href="/more">Read more: Ten ferries</a></p><blockquote>“We need it,” says the mayor.</blockquote>
<ul><li>It is quick.</li><li>It is cheap.</li></ul></article>
<aside><h2>Most read</h2><p>Ten harbours</p></aside><form>Sign up for our newsletter</form>
<section class="comments"><p>Great piece!</p></section><footer>© The Port Courier</footer>
<script>alert("never text")</script><style>p{}</style></body>"""
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Keep the ferry | The Port Courier</title>
<meta property="og:site_name" content="The Port Courier"><link rel="canonical" href="https://port.example/ferry">
<meta name="author" content="Nora Ahn"></head>{BODY}</html>"""
KEPT = [
    "The ferry should be kept, whatever it costs 🙂.", "It carries 900 people a day.",
    "“We need it,” says the mayor.", "It is quick.", "It is cheap.",
]  # fmt: skip


def marks(found: object) -> dict[str, Why | None]:
    return {each.text: each.why for each in found.paragraphs}  # type: ignore[attr-defined]


def test_a_page_gives_the_authors_paragraphs_and_marks_the_others() -> None:
    found = read_article(PAGE.encode())
    assert found.text.split("\n\n") == KEPT
    assert marks(found) | dict.fromkeys(KEPT) == {
        "Home Opinion": Why.NAVIGATION,
        "We value your privacy. Accept all": Why.COOKIE,
        "Keep the ferry": Why.TITLE,
        "By Nora Ahn and Tom Reed, 14 May 2026": Why.BYLINE,
        "Advertisement": Why.ADVERTISEMENT,
        "The ferry in May. Photo: N. Ahn": Why.CAPTION,
        "Read more: Ten ferries": Why.RELATED,
        "Most read": Why.RELATED,
        "Ten harbours": Why.RELATED,
        "Sign up for our newsletter": Why.NEWSLETTER,
        "Great piece!": Why.COMMENTS,
        "© The Port Courier": Why.BOILERPLATE,
        **dict.fromkeys(KEPT),
    }


def test_the_facts_of_a_page_are_found() -> None:
    found = read_article(PAGE.encode())
    assert found.format == "html"
    assert (found.title, found.publication) == ("Keep the ferry", "The Port Courier")
    assert "Nora Ahn" in found.authors
    assert found.published == datetime.date(2026, 5, 14)
    assert (found.url, found.language) == ("https://port.example/ferry", "en-GB")


@pytest.mark.parametrize("code", ["utf-8", "utf-16", "windows-1252"])
def test_a_page_is_read_in_the_code_that_it_is_in(code: str) -> None:
    page = PAGE.replace("🙂", "é").replace("<head>", f'<head><meta charset="{code}">')
    assert "whatever it costs é." in read_article(page.encode(code), "ferry.html").text


def test_a_page_saved_as_one_file_is_read() -> None:
    mhtml = (
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        ' type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{PAGE}\r\n--b--\r\n"
    )
    assert read_article(mhtml.encode()).text.split("\n\n") == KEPT


def test_what_surrounds_a_long_main_text_is_marked_though_nothing_names_it() -> None:
    sentence = (
        "The council has never said what the ferry would cost if it were run by the town itself. "
    )
    main = "".join(f"<p>{number}. {sentence * 3}</p>" for number in range(8))
    page = f"<html><body><div><p>Weather: 12 degrees in the harbour</p></div><article>{main}</article></body></html>"
    found = read_article(page.encode())
    assert [each.why for each in found.paragraphs[1:]] == [None] * 8
    assert found.paragraphs[0].why is Why.BOILERPLATE


def word(*paragraphs: str, title: str = "") -> bytes:
    document = Document()
    if title:
        document.add_heading(title, 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_file_gives_its_paragraphs_tables_and_title() -> None:
    document = Document()
    document.add_heading("Keep the ferry", 0)
    document.add_paragraph("By Nora Ahn, The Port Courier, May 14, 2026")
    document.add_paragraph("The ferry should be kept 🙂.")
    row = document.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "2025", "900"
    document.add_paragraph("Advertisement")
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    file = io.BytesIO()
    document.save(file)
    found = read_article(file.getvalue(), "ferry.docx")
    assert found.text.split("\n\n") == ["The ferry should be kept 🙂.", "2025 | 900"]
    assert marks(found)["Advertisement"] is Why.ADVERTISEMENT
    assert marks(found)["Page 1"] is Why.BOILERPLATE
    assert (found.title, found.authors, found.publication, found.published) == (
        "Keep the ferry", ("Nora Ahn",), "The Port Courier", datetime.date(2026, 5, 14),
    )  # fmt: skip


def test_pasted_text_gives_its_paragraphs_and_facts() -> None:
    text = "Keep the ferry\n\nBy Nora Ahn\n\n14 May 2026\n\nThe ferry should\nbe kept.\n\nShare\n\nIt is quick.\n"
    found = read_article(text.encode())
    assert found.text.split("\n\n") == ["The ferry should be kept.", "It is quick."]
    assert (found.title, found.authors) == ("Keep the ferry", ("Nora Ahn",))
    assert found.published == datetime.date(2026, 5, 14)
    assert marks(found)["Share"] is Why.SHARE


def test_lines_without_blank_lines_are_a_paragraph_each_unless_they_are_wrapped() -> None:
    long = (
        "A sentence of an op-ed that is as long as a whole paragraph may be, and ends with a stop. "
        * 2
    )
    assert len(read_article(f"{long}\n{long}\n{long}".encode()).paragraphs) == 3
    wrapped = (
        "the ferry has carried people over the river for a hundred\nyears and should go on to do so,"
        " whatever the bridge may\ncost the town and the county."
    )
    assert len(read_article(wrapped.encode()).paragraphs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Advertisement",
        "ADVERTISEMENT",
        "Share this article",
        "Read more",
        "Read more: Ten ferries",
        "Tags: ferry, port",
        "Photo: Getty Images",
        "Sign up for our weekly newsletter",
        "12 comments",
        "© 2026 Courier. All rights reserved.",
        "We use cookies to improve your experience.",
        "5 min read",
        "Story continues below advertisement",
    ],
)
def test_words_of_websites_are_known(text: str) -> None:
    assert by_words(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Share the burden, and it is half as heavy.",
        "More is not always better.",
        "Advertisements should be banned in schools.",
        "Comments like these are dangerous.",
        "Home is where the vote is.",
        "Print is dead, they said.",
        "Cookies are eaten, not signed.",
        "Letters arrived by the hundred.",
        "Search for the truth and you may find it.",
    ],
)
def test_sentences_of_authors_are_not_taken_for_a_websites(text: str) -> None:
    assert by_words(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6 March 2026", (2026, 3, 6)),
        ("March 6th, 2026", (2026, 3, 6)),
        ("2026-03-06", (2026, 3, 6)),
        ("6.3.2026", (2026, 3, 6)),
        ("Mar. 6, 2026", (2026, 3, 6)),
        ("31 February 2026", None),
        ("in 2026", None),
    ],
)
def test_days_are_read(text: str, day: tuple[int, int, int] | None) -> None:
    assert day_of(text) == (None if day is None else datetime.date(*day))


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"a" * (100 << 20))
    return file.getvalue()


def other_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (bomb(), FormatError, "unpack to too much"),
        (other_zip(), UnknownFormat, "not a Word file"),
        (b"PK\x03\x04broken", FormatError, "broken zip"),
        (b"%PDF-1.7 ...", UnknownFormat, "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1", UnknownFormat, "old Word"),
        (b"{\\rtf1 x}", UnknownFormat, "RTF"),
        (b"ab\x00\x00b\x00c", FormatError, "NUL"),
        (b"<html>" + b"<div>" * 2_000 + b"x", FormatError, "nests"),
        (b" \n ", FormatError, "no text"),
        (b"<html><script>x</script></html>", FormatError, "no text"),
        (b"long line " * 60_000, FormatError, "characters"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        read_article(data)


def test_a_document_with_a_broken_part_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("x"))) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, data[:50] if entry.filename == "word/document.xml" else data)
    with pytest.raises(FormatError, match="broken"):
        read_article(file.getvalue())


HOSTILE = {
    "nested": lambda size: b"<html>" + b"<div>" * min(size, 900) + b"text" * size,
    "unclosed": lambda size: b"<html><p " + b"a=" * size,
    "brackets": lambda size: b"<html>" + b"<" * size,
    "comments": lambda size: b"<html><p>x</p>" + b"<!--" * size,
    "links": lambda size: b"<html>" + b"<a href=x>y" * size,
    "entities": lambda size: b"<html><p>" + b"&amp" * size,
    "charset": lambda size: b"<html><meta " * size,
    "words": lambda size: b"read more more from " * size,
    "names": lambda size: b"By " + b"Ann and " * size,
    "class": lambda size: b'<html><p class="' + b"aB" * size + b'">x</p>',
    "lines": lambda size: b"x\n" * size,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_input_takes_no_more_than_its_share(kind: str) -> None:
    """Twice as much takes about twice as long; quadratic work would take four times."""
    times = []
    for size in (4_000, 8_000, 16_000):
        data = HOSTILE[kind](size)
        best = float("inf")
        for _ in range(2):
            began = time.process_time()
            with contextlib.suppress(FormatError, UnknownFormat):
                read_article(data)
            best = min(best, time.process_time() - began)
        times.append(best)
    assert times[2] < 0.3 or times[2] / times[0] < 9, times

"""Title, author, publication and day of an article, guessed from its first paragraphs where the file does not say."""

import datetime
import re
from dataclasses import replace

from argmap.formats.articles.paragraphs import Paragraph, ReadArticle, Why

_FIRST = 8  # paragraphs that are looked at
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_BY = re.compile(r"(?:by|von|par|por)[:\s]\s*(.{2,200})", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+){0,4}")
_DAYS = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)? (?P<n>[A-Za-z]{3,9})\.?,? (?P<y>(?:19|20)\d\d)\b"
    ),
    re.compile(
        r"\b(?P<n>[A-Za-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)\b"
    ),
    re.compile(r"\b(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>(?:19|20)\d\d)\b"),
)
_PAPER = re.compile(
    r"\b(?:Times|Post|Courier|Guardian|News|Herald|Journal|Tribune|Gazette|Review|Star|Observer|Independent|Telegraph"
    r"|Magazine|Daily|Weekly|Chronicle|Examiner|Globe|Mail|Press|Zeitung|Monde)\b"
)


def guessed(article: ReadArticle) -> ReadArticle:
    """Fill in what the file did not say, and mark the paragraphs that say only that."""
    marked = list(article.paragraphs)
    title = article.title
    if title is None and article.format != "html":
        title = _title(marked)
    authors, published, publication = article.authors, article.published, article.publication
    for place, paragraph in enumerate(marked[: _FIRST + 4]):
        text = paragraph.text
        if paragraph.why not in (None, Why.BYLINE, Why.DATE):
            continue
        if title is not None and _letters(text) == _letters(title):
            marked[place] = Paragraph(text, Why.TITLE)
        elif (by := _BY.fullmatch(text)) and (names := _names(by[1])):
            marked[place] = Paragraph(text, Why.BYLINE)
            # what a page or a file says of itself may be whoever typed it; what is printed is the author
            authors = names if article.format != "html" or not authors else authors
            published = published or day_of(text)
            publication = publication or next(
                (part.strip() for part in by[1].split(",") if _PAPER.search(part)), None
            )
        elif len(text) <= 60 and (day := day_of(text)) is not None:
            marked[place] = Paragraph(text, paragraph.why or Why.DATE)
            published = published or day
        elif text in authors:
            marked[place] = Paragraph(text, Why.BYLINE)
        elif _is_paper(text) and publication in (None, text):
            publication = text
            marked[place] = Paragraph(text, Why.BYLINE)
    return replace(
        article,
        paragraphs=tuple(marked),
        title=title,
        authors=tuple(name for name in (re.sub(r"^by ", "", each, flags=re.I) for each in authors)),
        published=published,
        publication=publication,
    )


def day_of(text: str) -> datetime.date | None:
    """Return the first day that a short text names, as in "6 March 2026" or "March 6, 2026"."""
    for pattern in _DAYS:
        for match in pattern.finditer(text[:300]):
            given = match.groupdict()
            name = (given.get("n") or "").lower()
            month = next(
                (n for n, full in enumerate(_MONTHS, 1) if name and full.startswith(name)), None
            )
            try:
                return datetime.date(
                    int(given["y"]), month or int(given.get("m") or 0), int(given["d"])
                )
            except ValueError:
                continue
    return None


def _title(paragraphs: list[Paragraph]) -> str | None:
    first = next((each.text for each in paragraphs if each.why is None), "")
    is_title = len(paragraphs) > 1 and len(first) <= 150 and first[-1:] not in (".", ":", ";", ",")
    return first if is_title and not _BY.fullmatch(first) and day_of(first) is None else None


def _names(text: str) -> tuple[str, ...]:
    """Return the names of a byline, up to the first part that is something else."""
    found = []
    for part in re.split(r",| and | und | et | y |&|\|", text):
        name = part.strip(" .")
        if not _NAME.fullmatch(name) or day_of(name) or _PAPER.search(name) or name[:1].islower():
            break
        if name.split(" ")[0].lower() in _MONTHS:
            break
        found.append(name)
    return tuple(found)


def _is_paper(text: str) -> bool:
    return len(text) <= 60 and _PAPER.search(text) is not None and text[-1] not in '.!?:”"'


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()

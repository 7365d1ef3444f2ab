"""Cites of debate cards taken apart: who, when, what it is called, where it appeared and its link."""

import re
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.report import Losses
from argmap.model import limits

_URL = re.compile(r"https?://[^\s<>\"“”\]]{1,2000}", re.IGNORECASE)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY = re.compile(
    rf"\b(?:\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:{_MONTHS})[a-z]{{0,6}}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{1,2}} (?:{_MONTHS})[a-z]{{0,6}}\.?,? \d{{4}})\b"
)
_YEAR = re.compile(r"(?:\b(?:19|20)\d{2}|['’]\d{2}|\b\d{2})\b(?![-/.]?\d)")
_TITLE = re.compile(r"“([^“”]{2,300})”|\"([^\"]{2,300})\"|«([^«»]{2,300})»")
_HEAD = 120  # letters in which author and year of a cite stand


def looks_like_cite(text: str) -> bool:
    """Say whether a paragraph begins as cites do: a name, then a year or a day, and then more about the source."""
    head = text.strip()[:_HEAD]
    dated = _DAY.search(head) or _YEAR.search(head)
    if dated is None or not head[:1].isalpha() or dated.start() > 60 or len(text) > 2_500:
        return False
    words = head[: dated.start()].split()
    more = any(mark in text for mark in ("(", "[", "“", '"', "http", "//", "–", "—", " - "))
    return 0 < len(words) <= 8 and words[0][:1].isupper() and more


def source_of_cite(
    whole: str, marked: str, links: list[str], losses: Losses, place: str
) -> dict[str, Any] | None:
    """Return the source that a cite names: `marked` are its words in the style of cites, `links` where it leads.

    Where neither an author nor a title can be told, all of it is the title.
    """
    found = _URL.search(whole)
    url = fit_fields.url(next((link for link in links if fit_fields.url(link)), None))
    url = url or fit_fields.url(found[0].rstrip(".,;)") if found else None)
    head = " ".join((marked or whole[:_HEAD]).split())
    year = _YEAR.search(head)
    day = _DAY.search(head)
    first = min((match.start() for match in (year, day) if match), default=None)
    author = (
        head[:first].strip(" ,;:-–—(['’&") if first else "" if not marked else head.strip(" ,;:")
    )
    whole_day = _DAY.search(whole)
    date = whole_day[0] if whole_day else year[0] if year else None
    title = _TITLE.search(whole)
    name = next(group for group in title.groups() if group) if title else None
    publication = None
    if title is not None:
        after = whole[title.end() : title.end() + 200].lstrip(" ,.;")
        piece = re.split(r"[,;()\[\]]|\.\s|https?:|\b\d{4}\b", after, maxsplit=1)[0].strip(" .,-–—")
        publication = (
            piece if 2 < len(piece) <= 80 and "://" not in piece and not _DAY.match(piece) else None
        )
    if not author or len(author) > 100:
        author = ""
    if not author and not name:
        name = " ".join(whole.split())[: limits.TITLE - 1]
    fields = {
        "author": fit_fields.one_line(author or None, limits.NAME, losses, place),
        "title": fit_fields.one_line(name, limits.TITLE, losses, place),
        "publication": fit_fields.one_line(publication, limits.NAME, losses, place),
        "date": fit_fields.one_line(date, limits.LABEL, losses, place),
        "url": url,
    }
    return {key: value for key, value in fields.items() if value} or None

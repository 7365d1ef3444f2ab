"""Foreign text, numbers and spans made to fit the model, with a report of what had to change."""

import re
from collections.abc import Iterable
from typing import Any

from argmap.formats.report import Losses, LossKind
from argmap.model import limits

NO_TEXT = "(no text)"
NO_SUCH_TEXT = "A quote of a text that is not the article's is kept without its place."
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def printable(text: str) -> str:
    """Put U+FFFD in the place of every character that the model refuses; the length stays the same."""
    return text if text.isprintable() else _FORBIDDEN.sub("\ufffd", text.replace("\r", "\n"))


def _cleaned(text: str, losses: Losses, place: str) -> str:
    if text.isprintable() or not _FORBIDDEN.search(text.replace("\r", "\n")):
        return text if "\r" not in text else text.replace("\r", "\n")
    losses.add(LossKind.TEXT, "A text had control characters; they were replaced.", (place,))
    return printable(text)


def is_clean(text: str) -> bool:
    """Tell whether the model takes the text as it is, but for its line breaks."""
    return text.isprintable() or _FORBIDDEN.search(text.replace("\r", "\n")) is None


def claim_text(
    value: object, losses: Losses, place: str, noted: bool = False
) -> tuple[str, str | None]:
    """Return the text of a claim and, where it had to be cut, the whole of it for the note, if that is not `noted`."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if not text.isprintable():
        text = _cleaned(text, losses, place)
    if not text or text.isspace():
        losses.add(LossKind.TEXT, f"A claim had no text; it reads {NO_TEXT} now.", (place,))
        return NO_TEXT, None
    if len(text) <= limits.CLAIM_TEXT:
        return text, None
    cut = f"A text longer than {limits.CLAIM_TEXT:,} characters was cut"
    kept = "" if noted else "; its note has the whole"
    losses.add(LossKind.TEXT, f"{cut}{kept}.", (place,))
    whole = None if noted else many_lines(text, limits.NOTE, losses, place)
    return text[: limits.CLAIM_TEXT - 1] + "…", whole


def one_line(value: object, limit: int, losses: Losses, place: str = "title") -> str | None:
    """Return a text as one line of at most `limit` characters, or None when there is nothing in it."""
    if value is None:
        return None
    if isinstance(value, (dict, list)):
        left_out(value, losses, place)
        return None
    text = value if isinstance(value, str) else str(value)
    if not text.isprintable():
        if _BREAK.search(text):
            losses.add(LossKind.TEXT, "Line breaks in a title or name became blanks.", (place,))
            text = " ".join(text.split())
        text = _cleaned(text, losses, place)
    if len(text) > limit:
        losses.add(
            LossKind.TEXT, f"A title or name longer than {limit} characters was cut.", (place,)
        )
        text = text[: limit - 1].rstrip() + "…"
    return text if text and not text.isspace() else None


def left_out(value: object, losses: Losses, place: str) -> None:
    """Report a value that is of no type that its field can have; nothing where it says nothing."""
    if value not in (None, "", [], {}):
        unfit = "A value that does not fit its field was left out."
        losses.add(LossKind.METADATA, unfit, (place,))


def many_lines(value: object, limit: int, losses: Losses, place: str = "") -> str | None:
    """Return a text of at most `limit` characters, or None when there is nothing in it."""
    if not isinstance(value, str):
        left_out(value, losses, place)
        return None
    if not value or value.isspace():
        return None
    text = _cleaned(value, losses, place)
    if len(text) > limit:
        losses.add(LossKind.TEXT, f"A text longer than {limit:,} characters was cut.", (place,))
        text = text[: limit - 1] + "…"
    return text


def tags(values: Iterable[object], losses: Losses, place: str = "") -> tuple[str, ...]:
    """Return tags in their order, each once, as many as a claim may have."""
    found = dict.fromkeys(one_line(value, limits.TAG, losses, place) for value in values)
    kept = [tag for tag in found if tag is not None]
    if len(kept) > limits.TAGS:
        losses.add(
            LossKind.TAGS, f"A claim has at most {limits.TAGS} tags; more were dropped.", (place,)
        )
    return tuple(kept[: limits.TAGS])


def weight(value: object, losses: Losses, place: str = "") -> float | None:
    """Return a number from 0 to 1, or None; what lies outside is reported and left out."""
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    losses.add(LossKind.WEIGHT, "Dropped a weight that is not between 0 and 1.", (place,))
    return None


def language(value: object, losses: Losses, place: str = "language") -> str | None:
    """Return a BCP 47 tag; what is none is reported and left out."""
    if isinstance(value, str) and len(value) <= 35 and _LANGUAGE.fullmatch(value):
        return value
    left_out(value, losses, place)
    return None


def url(value: object) -> str | None:
    """Return a link that starts with http:// or https://, or None when the value is none."""
    if not isinstance(value, str) or len(value) > limits.URL or not _URL.fullmatch(value):
        return None
    return value if _FORBIDDEN.search(value) is None else None


def article_text(value: object, losses: Losses) -> str | None:
    """Return the text of an article; positions in it stay what they were."""
    if not isinstance(value, str):
        left_out(value, losses, "the text")
        return None
    if not value.strip():
        return None
    text = _cleaned(value, losses, "")
    if len(text) > limits.ARTICLE_TEXT:
        losses.add(
            LossKind.ARTICLE,
            f"The article's text was cut after {limits.ARTICLE_TEXT:,} characters.",
        )
        text = text[: limits.ARTICLE_TEXT]
    return text


def span(text: str, start: int, end: int) -> dict[str, Any] | None:
    """Return the quote that stands from `start` to `end` in an article's text, or None when nothing stands there."""
    if (
        not 0 <= start < end <= len(text)
        or end - start > limits.QUOTE_EXACT
        or text[start:end].isspace()
    ):
        return None
    return {
        "exact": text[start:end],
        "prefix": text[max(0, start - limits.QUOTE_CONTEXT) : start],
        "suffix": text[end : end + limits.QUOTE_CONTEXT],
        "start": start,
        "end": end,
        "state": "anchored",
    }


def loose_quote(value: object, losses: Losses, place: str = "") -> dict[str, Any] | None:
    """Return a quote of words whose place in the article is not known."""
    exact = many_lines(value, limits.QUOTE_EXACT, losses, place)
    return None if exact is None else {"exact": exact, "state": "unanchored"}


def quotes(
    found: Iterable[dict[str, Any] | None], losses: Losses, place: str
) -> tuple[dict[str, Any], ...] | None:
    """Return the quotes of a claim, as many as it may have, or None when there are none."""
    kept = [quote for quote in found if quote is not None]
    if len(kept) > limits.QUOTES_PER_CLAIM:
        more = f"A claim has at most {limits.QUOTES_PER_CLAIM} quotes; more were dropped."
        losses.add(LossKind.QUOTE, more, (place,))
    return tuple(kept[: limits.QUOTES_PER_CLAIM]) or None


def is_key(value: str) -> bool:
    """Say whether a text may be the key of a scheme."""
    return _KEY.fullmatch(value) is not None


def quote_at(
    text: str | None, start: object, words: object, losses: Losses, place: str
) -> dict[str, Any] | None:
    """Return the quote of these words at a place of the article; if they are not there, elsewhere or an orphan."""
    if not isinstance(words, str) or not words.strip():
        left_out(words, losses, place)
        return None
    words = printable(words)
    if text is None:
        return loose_quote(words, losses, place)
    if (
        not isinstance(start, int)
        or isinstance(start, bool)
        or not text.startswith(words, max(0, start))
    ):
        start = text.find(words)
        moved = "A quote does not stand where the file says; it was looked for."
        losses.add(LossKind.QUOTE, moved, (place,))
    found = span(text, start, start + len(words)) if start >= 0 else None
    return found or {
        "exact": many_lines(words, limits.QUOTE_EXACT, losses, place),
        "state": "orphan",
    }

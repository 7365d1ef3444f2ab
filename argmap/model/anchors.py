"""Finding a quote's words in an article's text, exactly or approximately, also after the text was corrected."""

import re
from dataclasses import dataclass

from argmap.model.claim import Claim, Quote, QuoteState
from argmap.model.limits import QUOTE_CONTEXT
from argmap.model.map import ArgumentMap

# Weights of the parts of a match as Hypothesis's client uses them (match-quote: quote, prefix, suffix, position).
_QUOTE, _PREFIX, _SUFFIX, _POSITION = 50, 20, 20, 2
_WORD = re.compile(r"\w+|[^\w\s]")
FLOOR = 0.7  # under this confidence an approximate match is no match, and the quote an orphan


@dataclass(frozen=True, slots=True)
class Anchoring:
    """A map whose quotes were anchored in a text, and which quotes moved or were lost: (claim id, quote index)."""

    map: ArgumentMap
    moved: tuple[tuple[str, int], ...]
    orphaned: tuple[tuple[str, int], ...]


def anchored_map(map: ArgumentMap, text: str | None) -> Anchoring:
    """Anchor every quote of the map in the article's text (None: the article has no stored text).

    `moved` lists quotes whose words or place differ from before, `orphaned` those that were not
    found and were not orphans already.
    """
    moved: list[tuple[str, int]] = []
    orphaned: list[tuple[str, int]] = []
    claims: list[Claim] = []
    for claim in map.claims:
        quotes = tuple(anchor(quote, text) for quote in claim.quotes)
        for index, (old, new) in enumerate(zip(claim.quotes, quotes, strict=True)):
            if new.state is QuoteState.ORPHAN and old.state is not QuoteState.ORPHAN:
                orphaned.append((claim.id, index))
            elif new.state is QuoteState.ANCHORED and (old.start, old.exact) != (
                new.start,
                new.exact,
            ):
                moved.append((claim.id, index))
        claims.append(claim if quotes == claim.quotes else claim.replace(quotes=quotes))
    result = (
        map
        if all(a is b for a, b in zip(claims, map.claims, strict=True))
        else map.replace(claims=tuple(claims))
    )
    return Anchoring(result, tuple(moved), tuple(orphaned))


def anchor(quote: Quote, text: str | None) -> Quote:
    """Find a quote in the article's text and return it anchored there, as an orphan, or unanchored without a text.

    An exact match wins over an approximate one; of several the one whose surroundings and old
    position fit best. An anchored quote always holds the words that stand at its place;
    `confidence` is 1 (left out) when they are the same as before, else 0..1, and never under
    FLOOR.
    """
    if text is None:
        return Quote(exact=quote.exact, prefix=quote.prefix, suffix=quote.suffix)
    start = quote.start
    if (
        start is not None
        and text.startswith(quote.exact, start)
        and _context_fits(quote, text, start)
    ):
        return _at(text, start, start + len(quote.exact), quote.confidence)
    exact = _best_exact(quote, text)
    if exact is not None:
        return _at(text, exact, exact + len(quote.exact), quote.confidence)
    found = _best_approximate(quote, text)
    if found is not None:
        begin, end, confidence = found
        return _at(text, begin, end, confidence)
    return Quote(
        exact=quote.exact, prefix=quote.prefix, suffix=quote.suffix, state=QuoteState.ORPHAN
    )


def _at(text: str, start: int, end: int, confidence: float | None) -> Quote:
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - QUOTE_CONTEXT) : start],
        suffix=text[end : end + QUOTE_CONTEXT],
        start=start,
        end=end,
        state=QuoteState.ANCHORED,
        confidence=confidence,
    )


def _context_fits(quote: Quote, text: str, start: int) -> bool:
    end = start + len(quote.exact)
    return text[:start].endswith(quote.prefix) and text.startswith(quote.suffix, end)


def _best_exact(quote: Quote, text: str) -> int | None:
    best: tuple[float, int] | None = None
    place = text.find(quote.exact)
    seen = 0
    while (
        place >= 0 and seen < 1_000
    ):  # a one-letter quote occurs often; the nearest of the first thousand will do
        score = _score(quote, text, place, place + len(quote.exact), 1.0)
        if best is None or score > best[0]:
            best = (score, place)
        place = text.find(quote.exact, place + 1)
        seen += 1
    return None if best is None else best[1]


def _best_approximate(quote: Quote, text: str) -> tuple[int, int, float] | None:
    """Find the span most like the quote: (start, end, confidence), or None under the floor."""
    if len(quote.exact) > len(text) * 2:
        return None
    from rapidfuzz import fuzz  # most maps have no quote that needs it

    match = fuzz.partial_ratio_alignment(quote.exact, text, score_cutoff=50)
    if match is None:
        return None
    start, end = _to_words(text, match.dest_start, match.dest_end)
    if end <= start or not text[start:end].strip():
        return None
    start, end = _best_ends(quote, text, start, end)
    similarity = _similarity(quote.exact, text[start:end])
    confidence = round(_score(quote, text, start, end, similarity), 3)
    return (start, end, confidence) if similarity >= FLOOR and confidence >= FLOOR else None


def _best_ends(quote: Quote, text: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a match to the words near them at which quote and surroundings fit best.

    The matcher looks through windows as long as the quote: where a correction made it longer or
    shorter, a match lacks words at one end or has some too many.
    """

    def fit(span: tuple[int, int]) -> float:
        similarity = _similarity(quote.exact, text[span[0] : span[1]])
        return _score(quote, text, *span, similarity)

    starts = [start, *(at for at, _ in _words_near(text, start))]
    ends = [end, *(at for _, at in _words_near(text, end))]
    return max(((first, last) for first in starts for last in ends if first < last), key=fit)


def _similarity(one: str, other: str) -> float:
    """Say how much two texts have in common, from 0 to 1."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other)


def _words_near(text: str, place: int) -> list[tuple[int, int]]:
    """Return where the words and marks within 24 characters of a place start and end."""
    return [match.span() for match in _WORD.finditer(text, max(0, place - 24), place + 24)]


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words (at most 20 letters each way) and cut white space at its ends."""
    for _ in range(20):
        if start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _score(quote: Quote, text: str, start: int, end: int, similarity: float) -> float:
    """Weigh words, surroundings and nearness to the old position; parts the quote does not have do not count."""
    total, weight = _QUOTE * similarity, float(_QUOTE)
    if quote.prefix:
        total += _PREFIX * _similarity(
            quote.prefix, text[max(0, start - len(quote.prefix)) : start]
        )
        weight += _PREFIX
    if quote.suffix:
        total += _SUFFIX * _similarity(quote.suffix, text[end : end + len(quote.suffix)])
        weight += _SUFFIX
    if quote.start is not None and text:
        total += _POSITION * (1 - min(1.0, abs(quote.start - start) / len(text)))
        weight += _POSITION
    return total / weight

"""Finding a quote's words in an article's text, exactly or in another typography, also after the text was corrected.

A quote is never anchored at other words than it has: what a correction changed in it is told by an orphan with the
nearest passage beside it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from argmap.model import limits
from argmap.model.claim import Claim, Passage, Quote, QuoteState
from argmap.model.limits import QUOTE_CONTEXT
from argmap.model.map import ArgumentMap
from argmap.model.offsets import AS_TOLD, Counting, counting_of
from argmap.model.wording import Span, Wording, Work, plain, weighty

# Weights of the parts of a match as Hypothesis's client uses them (match-quote: quote, prefix, suffix, position).
_QUOTE, _PREFIX, _SUFFIX, _POSITION = 50, 20, 20, 2
_NEARLY = 0.99  # what another typography leaves of the confidence at most
_AROUND = (
    3 * QUOTE_CONTEXT
)  # letters beside a place in which the surroundings of a quote are looked for
_APART = 2_000  # letters that an ellipsis may stand for
_PARTS_TRIED = 100  # places of the first part of a quote with an ellipsis
_ELLIPSIS = re.compile(
    r"\[ ?(?:…|\. ?\. ?\.|sic) ?\]|\( ?(?:…|\. ?\. ?\.) ?\)|…|\. ?\. ?\.(?: ?\.)?"
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]{0,3}(?:\s|$)|\n[ \t]*\n")
_CLAUSE = re.compile("[,;:.!?()\u2013\u2014]")
_NEGATIONS = frozenset(
    {"not", "no", "never", "neither", "nor", "none", "nobody", "nothing", "cannot", "nicht", "kein", "keine",
     "keiner", "nie", "niemals", "ne", "pas", "jamais", "non", "nunca", "jamás", "nem", "não", "nooit", "geen",
     "niet", "ikke", "inte", "ej", "لا", "لم", "لن", "ليس", "לא", "אין"}
)  # fmt: skip
_ENDING = re.compile("(?:ing|es|ed|s|d|e|'s)$")
_SAYING = frozenset({"say", "says", "said", "saying"})


@dataclass(frozen=True, slots=True)
class Anchoring:
    """A map whose quotes were anchored in a text, and which quotes moved or were lost: (claim id, quote index).

    `counting` says how the places told were counted, where the words show that they were counted otherwise than here.
    """

    map: ArgumentMap
    moved: tuple[tuple[str, int], ...]
    orphaned: tuple[tuple[str, int], ...]
    counting: str | None = None


def anchored_map(map: ArgumentMap, text: str | None) -> Anchoring:
    """Anchor every quote of the map in the article's text (None: the article has no stored text).

    `moved` lists quotes whose words or place differ from before, or whose surroundings do; `orphaned` those that were
    not found and were not orphans already. The work is bounded: what is not found within the bound is an orphan.
    """
    moved: list[tuple[str, int]] = []
    orphaned: list[tuple[str, int]] = []
    changed: dict[str, Claim] = {}
    anchors = Anchors(text, (quote for claim in map.claims for quote in claim.quotes))
    for claim in map.claims:
        if not claim.quotes:
            continue
        found = [(old, anchors.of(old)) for old in claim.quotes]
        quotes = _as_many_as_fit(found)
        for index, (old, new) in enumerate(found):
            if new[0].state is QuoteState.ORPHAN and old.state is not QuoteState.ORPHAN:
                orphaned.append((claim.id, index))
            elif new[0].state is QuoteState.ANCHORED and (old.start, old.exact, old.confidence) != (
                new[0].start,
                new[0].exact,
                new[0].confidence,
            ):
                moved.append((claim.id, index))
        if quotes != claim.quotes:
            changed[claim.id] = claim.replace(quotes=quotes)
    result = (
        map.replace(claims=tuple(changed.get(claim.id, claim) for claim in map.claims))
        if changed
        else map
    )
    return Anchoring(result, tuple(moved), tuple(orphaned), anchors.counting.told)


def anchored_quotes(quotes: Iterable[Quote], text: str | None) -> tuple[Quote, ...]:
    """Anchor the quotes of one claim in the article's text, as `anchored_map` does."""
    old = tuple(quotes)
    return Anchors(text, old).of_claim(old)


def anchor(quote: Quote, text: str | None) -> Quote:
    """Find a quote in the article's text and return it anchored there, as an orphan, or unanchored without a text.

    The words decide. That very string wins over the same words in another typography (case, punctuation, quotation
    marks, hyphens, ligatures, white space), and whole words alone count. Of several places the one is taken whose
    surroundings and old position fit best. Where the surroundings that a quote has contradict every place, it is an
    orphan. Where they hold, articles and the tense of "be" and "have" may differ.

    An anchored quote always holds the words that stand at its place, and `given` those that were given where the text
    writes them otherwise; `confidence` is 1 (left out) when all is as given. Of a quote with an ellipsis
    that takes several places the first is returned.
    """
    return Anchors(text, (quote,)).of(quote)[0]


class Anchors:
    """The places of quotes in one text; what is found out about the text serves all of them."""

    def __init__(self, text: str | None, quotes: Iterable[Quote], work: Work | None = None) -> None:
        self._wording = None if text is None else Wording(text)
        self._work = work or Work()
        self.counting: Counting = AS_TOLD
        if text is not None:
            places = ((quote.exact, quote.start) for quote in quotes if quote.start is not None)
            self.counting = counting_of(places, text)

    def of(self, quote: Quote) -> tuple[Quote, ...]:
        """Return a quote as it stands in the text: once, or, with an ellipsis, as its parts."""
        wording = self._wording
        if wording is None:
            return (_bare(quote, QuoteState.UNANCHORED),)
        text, start = wording.text, quote.start
        hint = None if start is None else self.counting.place(start)
        if not quote.prefix and not quote.suffix:
            start = hint  # otherwise the surroundings say whether the place is right as it was told
        if (
            start is not None
            and text.startswith(quote.exact, start)
            and _context_fits(quote, text, start)
        ):
            return (_at(quote, text, (start, start + len(quote.exact)), quote.confidence),)
        if not self._work.begin(quote.exact):
            return (_bare(quote, QuoteState.ORPHAN),)
        found = self._found(quote, wording, hint)
        if found is not None:
            return (_at(quote, text, *found),)
        parts = self._parts(quote, wording, hint)
        if parts is not None:
            return parts
        near = self._nearest(quote, wording)
        return (_bare(quote, QuoteState.ORPHAN, near),)

    def of_claim(
        self, quotes: tuple[Quote, ...], known: tuple[Quote, ...] = ()
    ) -> tuple[Quote, ...]:
        """Return the quotes of a claim as they stand in the text; the `known` stay as they are."""
        return _as_many_as_fit(
            [(quote, (quote,) if quote in known else self.of(quote)) for quote in quotes]
        )

    def _found(
        self, quote: Quote, wording: Wording, hint: int | None
    ) -> tuple[Span, float | None] | None:
        """Return where the words stand and with which confidence, None where they stand nowhere or elsewhere."""
        text, exact = wording.text, quote.exact
        spans = _best(quote, text, wording.literal(exact, self._work), hint)
        if spans is not None:
            if _sides(quote, text, spans).count(False) == 0:
                return spans, quote.confidence
            doubt = min(_NEARLY, round(_score(quote, text, spans, hint, 1.0), 3))
            return spans, doubt if quote.confidence is None else min(doubt, quote.confidence)
        spans = _best(quote, text, wording.alike(exact, self._work), hint)
        if spans is None and (quote.prefix or quote.suffix):
            spans = _best(quote, text, wording.reworded(exact, self._work), hint, sure=True)
        if spans is None:
            return None
        alike = _similarity(plain(exact), plain(text[slice(*spans)]))
        return spans, min(_NEARLY, round(_score(quote, text, spans, hint, alike), 3))

    def _parts(self, quote: Quote, wording: Wording, hint: int | None) -> tuple[Quote, ...] | None:
        """Return the parts of a quote with an ellipsis, in their order and near together, None where one lacks."""
        parts = [part.strip() for part in _ELLIPSIS.split(quote.exact)]
        parts = [part for part in parts if weighty(part)]
        if not 1 < len(parts) <= limits.QUOTES_PER_CLAIM:
            return None
        places: list[list[tuple[Span, bool]]] = []
        for part in parts:
            found = [(span, True) for span in wording.literal(part, self._work)]
            found = found or [(span, False) for span in wording.alike(part, self._work)]
            if not found:
                return None
            places.append(found)
        best: tuple[tuple[int, int], list[tuple[Span, bool]]] | None = None
        for first in places[0][:_PARTS_TRIED]:
            chain = [first]
            for others in places[1:]:
                end = chain[-1][0][1]
                after = next((other for other in others if other[0][0] >= end), None)
                if after is None or after[0][0] - end > _APART:
                    break
                if _hides_negation(wording.text[end : after[0][0]]):
                    break
                chain.append(after)
            else:
                whole = (first[0][0], chain[-1][0][1])
                if _contradicted(_sides(quote, wording.text, whole)):
                    continue
                away = 0 if hint is None else abs(hint - whole[0])
                rank = (away, whole[1] - whole[0])
                if best is None or rank < best[0]:
                    best = rank, chain
        if best is None:
            return None
        return tuple(
            _at(quote, wording.text, span, None if literal else _NEARLY)
            for span, literal in best[1]
        )

    def _nearest(self, quote: Quote, wording: Wording) -> Passage | None:
        span = _best_span(wording.literal(quote.exact, self._work))
        span = span or wording.nearest(quote.exact, self._work)
        if span is None:
            return None
        return Passage(exact=wording.text[slice(*span)], start=span[0], end=span[1])


def _hides_negation(gap: str) -> bool:
    """Say whether what an ellipsis leaves out turns the sentence round: a negation that is in no clause of its own."""
    if _CLAUSE.search(gap):
        return False
    return any(word in _NEGATIONS or word.endswith("n't") for word in weighty(gap))


def _as_many_as_fit(found: list[tuple[Quote, tuple[Quote, ...]]]) -> tuple[Quote, ...]:
    """Return the quotes of a claim; one that came apart into more than a claim may have is an orphan."""
    total = len(found)
    kept: list[Quote] = []
    for old, new in found:
        total += len(new) - 1
        if total > limits.QUOTES_PER_CLAIM:
            total -= len(new) - 1
            new = (_bare(old, QuoteState.ORPHAN),)
        kept += new
    return tuple(kept)


def _bare(quote: Quote, state: QuoteState, nearest: Passage | None = None) -> Quote:
    return Quote(
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        state=state,
        given=quote.given,
        nearest=nearest,
    )


def _at(quote: Quote, text: str, span: Span, confidence: float | None) -> Quote:
    start, end = span
    exact = text[start:end]
    given = quote.given or (quote.exact if quote.exact != exact else None)
    return Quote(
        exact=exact,
        prefix=text[max(0, start - QUOTE_CONTEXT) : start],
        suffix=text[end : end + QUOTE_CONTEXT],
        start=start,
        end=end,
        state=QuoteState.ANCHORED,
        confidence=confidence,
        given=given if given != exact else None,
    )


def _context_fits(quote: Quote, text: str, start: int) -> bool:
    end = start + len(quote.exact)
    return text.endswith(quote.prefix, 0, start) and text.startswith(quote.suffix, end)


def _best(
    quote: Quote, text: str, spans: Iterator[Span], hint: int | None, sure: bool = False
) -> Span | None:
    """Return the place whose surroundings and position fit best, None where the surroundings contradict each.

    `sure`: the surroundings have to speak for the place.
    """
    best: tuple[float, Span] | None = None
    for span in spans:
        sides = _sides(quote, text, span)
        if _contradicted(sides) or (sure and (True not in sides or False in sides)):
            continue
        score = _score(quote, text, span, hint, 1.0)
        if best is None or score > best[0]:
            best = score, span
    return None if best is None else best[1]


def _best_span(spans: Iterator[Span]) -> Span | None:
    return next((span for span in spans if span[1] - span[0] <= limits.QUOTE_EXACT), None)


def _contradicted(sides: tuple[bool | None, bool | None]) -> bool:
    return False in sides and True not in sides


def _sides(quote: Quote, text: str, span: Span) -> tuple[bool | None, bool | None]:
    """Say of what stood before and after a quote whether it stands beside a place too; None where it says nothing.

    What belongs to the sentence of the quote has to be there in all its words, for they say who speaks; where the
    quote is a whole sentence, half the words of its neighbours have to be there.
    """
    if not quote.prefix and not quote.suffix:
        return None, None
    before, after = text[max(0, span[0] - _AROUND) : span[0]], text[span[1] : span[1] + _AROUND]
    own_before = _words_of(_last_sentence(quote.prefix), quote.prefix, first=False)
    own_after = _words_of(_first_sentence(quote.suffix), quote.suffix, first=True)
    if own_before or own_after:
        return (
            _all_there(own_before, weighty(_last_sentence(before))),
            _all_there(own_after, weighty(_first_sentence(after))),
        )
    return (
        _half_there(_words_of(quote.prefix, quote.prefix, first=False), weighty(before)),
        _half_there(_words_of(quote.suffix, quote.suffix, first=True), weighty(after)),
    )


def _words_of(part: str, context: str, first: bool) -> list[str]:
    """Return the weighty words of a part of a quote's surroundings, without one that their end has cut."""
    words = weighty(part)
    cut = len(part) == len(context) >= QUOTE_CONTEXT
    if cut and len(words) > 1 and part[-1 if first else 0].isalnum():
        return words[:-1] if first else words[1:]
    return words


def _last_sentence(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[ends[-1] :] if ends else text


def _first_sentence(text: str) -> str:
    match = _SENTENCE_END.search(text)
    return text[: match.start()] if match else text


def _all_there(wanted: list[str], found: list[str]) -> bool | None:
    if not wanted:
        return None
    there = {_stem(word) for word in found}
    return all(_stem(word) in there for word in wanted)


def _half_there(wanted: list[str], found: list[str]) -> bool | None:
    if not wanted:
        return None
    there = {_stem(word) for word in found}
    return 2 * sum(_stem(word) in there for word in wanted) >= len(wanted)


def _stem(word: str) -> str:
    """Return a word without what tense and number change, so that "argues" is "argued"."""
    if word in _SAYING:
        return "say"
    return _ENDING.sub("", word) if len(word) > 4 and word.isalpha() else word


def _similarity(one: str, other: str) -> float:
    """Say how much two texts have in common, from 0 to 1."""
    from rapidfuzz.distance import Indel  # most maps have no quote that needs it

    return Indel.normalized_similarity(one, other)


def _score(quote: Quote, text: str, span: Span, hint: int | None, similarity: float) -> float:
    """Weigh words, surroundings and nearness to the old position; parts the quote does not have do not count."""
    start, end = span
    total, weight = _QUOTE * similarity, float(_QUOTE)
    if quote.prefix:
        total += _PREFIX * _similarity(
            quote.prefix, text[max(0, start - len(quote.prefix)) : start]
        )
        weight += _PREFIX
    if quote.suffix:
        total += _SUFFIX * _similarity(quote.suffix, text[end : end + len(quote.suffix)])
        weight += _SUFFIX
    if hint is not None and text:
        total += _POSITION * (1 - min(1.0, abs(hint - start) / len(text)))
        weight += _POSITION
    return total / weight

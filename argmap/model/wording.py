"""Where words stand in a text, whatever either makes of quotation marks, hyphens, ligatures, case and white space."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import log

from argmap.model import limits

Span = tuple[int, int]

_MANY = 1_000  # of a word that stands often, as many places are looked at
_LETTERS_A_PLACE = 5_000  # what weighing a place costs
_LETTERS_A_STEP = 200  # what a step of our own costs beside the letters that str.find passes
# Scripts without blanks between words: any letter may begin or end a quote. Korean joins particles to words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_HYPHENS = "-\u2010\u2011\u00ad"
_JOINT = re.compile(rf"[{_HYPHENS}]\s{{0,8}}")
_EDITED = re.compile(r"\[(\w)\](?=\w)")  # "[T]he": a quote that was fitted into a sentence
_SYMBOLS = "%‰$€£¥¢=<>±×÷°+§"  # signs that say something, unlike punctuation
_SIGN = "(?:(?<![\\w.,:;%)\\]'\"’”])[-+−–±])?"
_CLITICS = re.compile(
    "[\u0641\u0648\u0628\u0644\u0643\u05d4\u05d5\u05d1\u05dc\u05de\u05e9\u05db]{1,2}"
)
# Optional marks of Arabic and Hebrew, and signs that only steer how text is set.
_UNSEEN = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_APOSTROPHES = str.maketrans("’ʼ＇‘", "''''")
_THOUSANDS = re.compile(r"([+-]?\d{1,3}(?:,\d{3})+)(?![\d,])")
_SIGNS = str.maketrans("−–", "--")
_LIGHT = frozenset({"a", "an", "the", "that"})
_SAME = {
    **dict.fromkeys(("is", "are", "was", "were"), "be"),
    **dict.fromkeys(("has", "have", "had"), "have"),
}


@dataclass(slots=True)
class Work:
    """How much may still be done for one map, counted in letters looked at, so that it is bounded before it begins."""

    left: int = 2_000_000_000

    def begin(self, quote: str) -> bool:
        """Count what it takes to look at a quote itself; say whether it may be looked for at all."""
        return self.spend(_LETTERS_A_PLACE + _LETTERS_A_STEP * len(quote))

    def spend(self, letters: int) -> bool:
        """Count work to be done; say whether it may be."""
        self.left -= letters
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Words:
    """A text as its words: folded, with their places, and whether a hyphen joins each to the next."""

    folded: list[str]
    starts: list[int]
    ends: list[int]
    joined: list[bool]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(text: str) -> "Words":
        """Return the words of a text."""
        plain = text.isascii()
        folded: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        joined: list[bool] = []
        last = 0
        for match in (_ascii_word() if plain else _any_word()).finditer(text):
            start, end = match.span()
            if folded:
                joint = start > last and bool(_JOINT.fullmatch(text, last, start))
                joined.append(joint and not (text[last - 1].isdigit() and match[0][0].isdigit()))
            folded.append(_folded(match[0]))
            starts.append(start)
            ends.append(end)
            last = end
        joined.append(False)
        return Words(folded, starts, ends, joined)


class Wording:
    """A text, to look for words in."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> Words:
        """Return the words of the text."""
        return Words.of(self.text)

    @cached_property
    def _squeezed(self) -> tuple[str, list[int]]:
        """Return the words without anything between them, and where each begins in that."""
        return _squeeze(self.words.folded)

    @cached_property
    def _known(self) -> frozenset[str]:
        """Return the words that occur, and what hyphens join as one word."""
        known = set(self.words.folded)
        known.update(_compounds(self.words))
        return frozenset(known)

    @cached_property
    def _has_joints(self) -> bool:
        return True in self.words.joined or bool(_one_unspaced().search(self.text))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words.folded):
            places[word].append(number)
        return dict(places)

    @cached_property
    def _weighty(self) -> tuple[str, list[int], list[int]]:
        """Return the words but articles, tenses of "be" and "have" made one; and the number of each."""
        kept = [n for n, word in enumerate(self.words.folded) if word not in _LIGHT]
        text, at = _squeeze([f"{_SAME.get(w := self.words.folded[n], w)} " for n in kept])
        return text, at, kept

    def literal(self, exact: str, work: Work) -> Iterator[Span]:
        """Yield where that very string stands and cuts no word in two."""
        place, seen = -1, 0
        while seen < _MANY:
            before = place + 1
            place = self.text.find(exact, before)
            found = place if place >= 0 else len(self.text)
            if not work.spend(found - before + _LETTERS_A_PLACE) or place < 0:
                return
            seen += 1
            if self._whole(place, place + len(exact)):
                yield place, place + len(exact)

    def alike(self, exact: str, work: Work) -> Iterator[Span]:
        """Yield where the same words stand whole, in the same order, in whatever typography."""
        exact = _EDITED.sub(r"\1", exact)
        wanted = Words.of(exact)
        if not wanted.folded or not self._may_have(wanted):
            return
        needle, cuts = _squeeze(wanted.folded)
        seen = False
        for place in self._begins(wanted, needle, cuts, work):
            span = self._alike_at(place, needle, wanted, cuts, exact)
            if span is not None:
                seen = True
                yield span
        if not seen and (True in wanted.joined or self._has_joints):
            for place in self._squeezed_places(needle, cuts, work):
                span = self._alike_at(place, needle, wanted, cuts, exact)
                if span is not None:
                    yield span

    def _begins(self, wanted: Words, needle: str, cuts: list[int], work: Work) -> Iterator[int]:
        """Yield where the words stand as they are cut, found by the rarest of them."""
        text, at = self._squeezed
        rarest = min(
            range(len(cuts) - 1), key=lambda n: len(self._places.get(wanted.folded[n], ()))
        )
        for number in self._places.get(wanted.folded[rarest], ())[:_MANY]:
            place = at[number] - cuts[rarest]
            if not work.spend(_LETTERS_A_STEP):
                return
            if place >= 0 and text.startswith(needle, place):
                if not work.spend(_LETTERS_A_PLACE + _LETTERS_A_STEP * len(cuts)):
                    return
                yield place

    def _squeezed_places(self, needle: str, cuts: list[int], work: Work) -> Iterator[int]:
        """Yield where the letters stand, however they are cut into words."""
        text, _ = self._squeezed
        place = -1
        for _ in range(_MANY):
            before = place + 1
            place = text.find(needle, before)
            found = place if place >= 0 else len(text)
            cost = found - before + _LETTERS_A_PLACE + _LETTERS_A_STEP * len(cuts)
            if not work.spend(cost) or place < 0:
                return
            yield place

    def _alike_at(
        self, place: int, needle: str, wanted: Words, cuts: list[int], exact: str
    ) -> Span | None:
        _, at = self._squeezed
        first, last = bisect_left(at, place), bisect_left(at, place + len(needle))
        if at[first] != place or at[last] != place + len(needle):
            return None
        if not self._same_cuts(first, last, wanted, cuts):
            return None
        return self._with_marks(
            exact, wanted, (self.words.starts[first], self.words.ends[last - 1])
        )

    def reworded(self, exact: str, work: Work) -> Iterator[Span]:
        """Yield where the same words stand but for articles and the tense of "be" and "have"."""
        kept = [w for w in Words.of(exact).folded if w not in _LIGHT]
        needle = "".join(f"{_SAME.get(word, word)} " for word in kept)
        if len(kept) < 2:
            return
        text, at, numbers = self._weighty
        place, seen = -1, 0
        while seen < _MANY:
            before = place + 1
            place = text.find(needle, before)
            found = place if place >= 0 else len(text)
            if not work.spend(found - before + _LETTERS_A_PLACE) or place < 0:
                return
            seen += 1
            first, last = bisect_left(at, place), bisect_left(at, place + len(needle))
            if at[first] == place:
                begin = numbers[first]
                if begin and self.words.folded[begin - 1] in _LIGHT and _begins_light(exact):
                    begin -= 1
                yield self.words.starts[begin], self.words.ends[numbers[last - 1]]

    def nearest(self, exact: str, work: Work) -> Span | None:
        """Return the passage that has most of the words, None where half of them stand nowhere together.

        The words vote for the place where the quote would begin; as many places of a word count as keep this linear.
        """
        wanted = Words.of(exact).folded[:400]
        if len(wanted) < 2:
            return None
        places, total = self._places, len(self.words.folded)
        width = max(6, len(wanted) // 3)
        votes: defaultdict[int, float] = defaultdict(float)
        hits: list[tuple[int, int]] = []
        most = max(20, 8_000 // len(wanted))
        for index, word in enumerate(wanted):
            found = places.get(word, ())
            if len(found) > most * 4:
                continue
            for place in found[:most]:
                votes[(place - index) // width] += 1 / (1 + log(len(found)))
                hits.append((place, index))
        if not work.spend(_LETTERS_A_STEP * len(hits)) or not hits:
            return None
        best = max(votes, key=lambda bucket: votes[bucket] + votes.get(bucket + 1, 0))
        near = [p for p, i in hits if best <= (p - i) // width <= best + 1]
        first, last = max(0, min(near)), min(total - 1, max(near))
        # Frequent words did not vote, but they may begin or end the passage.
        wider = range(max(0, first - width), min(total, last + width + 1))
        rest = Counter(wanted)
        rest.subtract(self.words.folded[first : last + 1])
        while first - 1 in wider and rest[self.words.folded[first - 1]] > 0:
            first -= 1
            rest[self.words.folded[first]] -= 1
        while last + 1 in wider and rest[self.words.folded[last + 1]] > 0:
            last += 1
            rest[self.words.folded[last]] -= 1
        while first < last and rest[self.words.folded[last]] < 0:
            rest[self.words.folded[last]] += 1
            last -= 1
        while first < last and rest[self.words.folded[first]] < 0:
            rest[self.words.folded[first]] += 1
            first += 1
        shared = Counter(wanted) & Counter(self.words.folded[first : last + 1])
        if shared.total() < max(2, len(wanted) / 2):
            return None
        start, end = self.words.starts[first], self.words.ends[last]
        return (start, end) if end - start <= limits.QUOTE_EXACT else None

    def _with_marks(self, exact: str, wanted: Words, span: Span) -> Span:
        """Return a span with the marks around it that the words looked for have too."""
        start, end = span
        for mark in reversed(exact[: wanted.starts[0]]):
            if start and _plain_mark(self.text[start - 1]) == _plain_mark(mark):
                start -= 1
        for mark in exact[wanted.ends[-1] :]:
            if end < len(self.text) and _plain_mark(self.text[end]) == _plain_mark(mark):
                end += 1
        while self.text[start].isspace():
            start += 1
        while self.text[end - 1].isspace():
            end -= 1
        return start, end

    def _whole(self, start: int, end: int) -> bool:
        """Say whether a span cuts no word in two, and no words that a hyphen joins."""
        words = self.words
        first = bisect_right(words.ends, start)
        last = bisect_left(words.starts, end) - 1
        if first > last:
            return True  # nothing but punctuation
        if words.starts[first] < start:
            if not _CLITICS.fullmatch(self.text, words.starts[first], start):
                return False
        elif first and words.joined[first - 1]:
            return False
        if words.ends[last] > end:
            return self.text[end : words.ends[last]] in ("'s", "’s")
        return not words.joined[last]

    def _may_have(self, wanted: Words) -> bool:
        """Say whether every word occurs, alone or as a part of a word or of words that a hyphen joins."""
        known = self._known
        lacking = [n for n, word in enumerate(wanted.folded) if word not in known]
        if not lacking:
            return True
        return all(wanted.joined[n] or (n > 0 and wanted.joined[n - 1]) for n in lacking) and any(
            compound in known for compound in _compounds(wanted)
        )

    def _same_cuts(self, first: int, last: int, wanted: Words, cuts: list[int]) -> bool:
        """Say whether words begin and end alike, but where a hyphen stands on either side."""
        words, (_, at) = self.words, self._squeezed
        if (first and words.joined[first - 1]) or words.joined[last - 1]:
            return False
        base = at[first]
        mine = {at[n] - base: n for n in range(first + 1, last)}
        theirs = {cuts[n]: n for n in range(1, len(wanted.folded))}
        if mine.keys() == theirs.keys():
            return True
        return all(
            words.joined[mine[cut] - 1] or _unspaced(words.folded[mine[cut]])
            for cut in mine.keys() - theirs.keys()
        ) and all(
            wanted.joined[theirs[cut] - 1] or _unspaced(wanted.folded[theirs[cut]])
            for cut in theirs.keys() - mine.keys()
        )


def weighty(text: str) -> list[str]:
    """Return the folded words of a text but articles and "that"."""
    return [word for word in Words.of(text).folded if word not in _LIGHT]


def plain(text: str) -> str:
    """Return a text in one typography, to say how much two differ."""
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(_BROKEN.sub("", text).casefold().split())


def _plain_mark(letter: str) -> str:
    return " " if letter.isspace() else letter.translate(_PLAIN)


_BROKEN = re.compile(rf"[{_HYPHENS}]\s*")
_PLAIN = str.maketrans("’ʼ＇‘‚‹›`´“”„‟«»–—―−", "'''''''''\"\"\"\"\"\"----")


def _begins_light(text: str) -> bool:
    first = _any_word().search(text)
    return first is not None and first[0].casefold() in _LIGHT


def _squeeze(words: Sequence[str]) -> tuple[str, list[int]]:
    at = [0]
    place = 0
    for word in words:
        place += len(word)
        at.append(place)
    return "".join(words), at


def _compounds(words: Words) -> Iterator[str]:
    """Yield what hyphens join, as one word; of long chains no more than pairs."""
    for number, joint in enumerate(words.joined):
        if joint:
            yield words.folded[number] + words.folded[number + 1]
            if words.joined[number + 1]:
                yield "".join(words.folded[number : number + 3])


@cache
def _ascii_word() -> re.Pattern[str]:
    return re.compile(
        rf"{_SIGN}[0-9]+(?:[.,:][0-9]+)*[A-Za-z0-9]*"
        "|(?<![A-Za-z0-9])(?:[cdjlmstCDJLMST]|[Qq]u)'(?=[A-Za-z])"
        "|[A-Za-z](?:[A-Za-z0-9]|'(?=[A-Za-z]))*|[%$<=>+]"
    )


@cache
def _any_word() -> re.Pattern[str]:
    """Return the pattern of a word in any script; vowel signs and accents that stand apart belong to it."""
    marks = "".join(
        chr(code)
        for code in range(0x300, 0x1E950)
        if unicodedata.category(chr(code)) in ("Mn", "Mc")
    )
    letter = f"(?![{_UNSPACED}])[^\\W_]"
    within = f"[{marks}\u0640\u200c\u200d\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]"
    apostrophe = f"['’ʼ＇](?=(?![{_UNSPACED}])[^\\W\\d_])"
    return re.compile(
        rf"{_SIGN}\d+(?:[.,:٫٬]\d+)*(?:{letter})*"
        f"|[{_UNSPACED}][{marks}]*"
        rf"|(?<![^\W_])(?:[cdjlmstCDJLMST]|[Qq]u)['’](?=[^\W\d_])"
        rf"|{letter}(?:{letter}|{within}|{apostrophe})*"
        f"|[{_SYMBOLS}]"
    )


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    if not word.isascii():
        word = _UNSEEN.sub("", word).translate(_APOSTROPHES)
        word = "".join(
            letter if unicodedata.category(letter) in ("No", "Nl") else _compatible(letter)
            for letter in unicodedata.normalize("NFC", word)
        )
    if word[-1:] == "'":
        word = word[:-1]
    if word[0:1] in "+-−–±" or word[0:1].isdigit():
        word = word.translate(_SIGNS)
        match = _THOUSANDS.match(word)
        if match is not None:
            word = match[1].replace(",", "") + word[match.end() :]
    return word.casefold()


def _compatible(letter: str) -> str:
    digit = unicodedata.digit(letter, None)
    return str(digit) if digit is not None else unicodedata.normalize("NFKC", letter)


def _unspaced(word: str) -> bool:
    return _one_unspaced().match(word) is not None


@cache
def _one_unspaced() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")

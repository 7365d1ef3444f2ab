"""How the places of annotations were counted, found out from the words that should stand there."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

_FURTHEST = 1_000  # letters by which all places may be off
_LOOKED_AT = 200  # places that decide


@dataclass(frozen=True, slots=True)
class Counting:
    """Where in a text a told place is, and what the difference is called; None where places are as told."""

    place: Callable[[int], int]
    told: str | None = None


AS_TOLD = Counting(lambda start: start)


def counting_of(places: Iterable[tuple[str, int]], text: str) -> Counting:
    """Return how most places (words, told start) were counted: as told, in other units, or off by a fixed number.

    Another counting needs two words that show it, or the only one, and more than show the telling right.
    """
    looked = list(islice(places, _LOOKED_AT))
    wrong = [(words, start) for words, start in looked if not text.startswith(words, start)]
    if not wrong:
        return AS_TOLD
    best, most = AS_TOLD, len(looked) - len(wrong)
    for counting in _countings(wrong, text):
        fits = sum(text.startswith(words, counting.place(start)) for words, start in looked)
        if fits > most and (fits > 1 or len(looked) == 1):
            best, most = counting, fits
    # Whether few places are wrong by themselves or all by a rule is told by how many the rule makes right.
    return best if most * 2 > len(looked) else AS_TOLD


def _countings(wrong: Sequence[tuple[str, int]], text: str) -> Iterable[Counting]:
    if not text.isascii():
        yield from _units("UTF-16 units", "[\U00010000-\U0010ffff]", text, _one_more)
        yield from _units("bytes of UTF-8", "[^\x00-\x7f]", text, _bytes_more)
    yield from _units("line breaks as two characters", "\n", text, _one_more)
    shifts: Counter[int] = Counter()
    for words, start in wrong:
        low = max(0, start - _FURTHEST)
        before = text.rfind(words, low, max(0, start) + len(words))
        after = text.find(words, start, start + _FURTHEST + len(words))
        near = min(
            (p for p in (before, after) if p >= 0), key=lambda p: abs(p - start), default=None
        )
        if near is not None:
            shifts[near - start] += 1
    if shifts:
        yield _off_by(shifts.most_common(1)[0][0])


def _off_by(shift: int) -> Counting:
    letters = "one character" if abs(shift) == 1 else f"{abs(shift)} characters"
    way = "before" if shift < 0 else "after"
    return Counting(lambda start: max(0, start + shift), f"{letters} {way} the places told")


def _units(name: str, wide: str, text: str, more: Callable[[str], int]) -> Iterable[Counting]:
    """Yield a counting in which some letters count for more than one, where the text has such letters."""
    found = list(re.finditer(wide, text))
    if not found:
        return
    at = [match.start() for match in found]
    added = [0, *accumulate(more(match[0]) for match in found)]
    counted = [place + extra for place, extra in zip(at, added[:-1], strict=True)]

    def place(start: int) -> int:
        return start - added[bisect_left(counted, start)]

    yield Counting(place, name)


def _one_more(letter: str) -> int:
    return 1


def _bytes_more(letter: str) -> int:
    return len(letter.encode("utf-8", "surrogatepass")) - 1

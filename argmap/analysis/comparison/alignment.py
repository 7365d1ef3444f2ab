"""Which claims of two maps are the same: by their quotes, then by their texts, one to one."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process, utils

from argmap.analysis.comparison.assignment import assign
from argmap.analysis.weighted import Numbers
from argmap.model import ArgumentMap, Claim

LEAST_OVERLAP = 0.5  # of the characters that two claims quote together
LEAST_LIKENESS = 0.6  # of two texts, rapidfuzz's token_sort_ratio / 100
MOST_COMPARED = 4_000_000  # pairs of claims


class Aligned(NamedTuple):
    """Two claims taken for the same one: their ids, how alike they are (0..1), and by what."""

    one: str
    other: str
    likeness: float
    by: str


class Alignment(NamedTuple):
    """The aligned claims, in the first map's order; `exhaustive` is False where they were too many to compare."""

    pairs: tuple[Aligned, ...]
    exhaustive: bool


def align(
    one: ArgumentMap,
    other: ArgumentMap,
    *,
    same: Mapping[str, str] | None = None,
    apart: Collection[tuple[str, str]] = (),
) -> Alignment:
    """Align the claims of two maps one to one.

    First claims whose quotes overlap: of the characters that both quote, at least half are quoted by both, and the sum
    over all pairs is largest. That needs one text for both; where both maps carry different texts, quotes are not
    looked at. Then, of the claims left over, those whose texts are alike by 0.6 or more. Of maps with more than four
    million pairs of claims only those of equal texts are aligned.

    `same` maps claims of the first map to claims of the other that a person took for the same: they are aligned before
    all others, by "hand". Pairs in `apart` are never aligned. Ids that are not in the maps, and a claim of the other
    map that is named a second time, are passed over.
    """
    exhaustive = len(one.claims) * len(other.claims) <= MOST_COMPARED
    pairs = _by_hand(one, other, same or {})
    decided_one, decided_other = {pair.one for pair in pairs}, {pair.other for pair in pairs}
    forbidden = frozenset(apart)
    if exhaustive and _one_text(one, other):
        pairs += _by_quotes(
            tuple(claim for claim in one.claims if claim.id not in decided_one),
            tuple(claim for claim in other.claims if claim.id not in decided_other),
            forbidden,
        )
    taken_one, taken_other = {pair.one for pair in pairs}, {pair.other for pair in pairs}
    rest_one = [claim for claim in one.claims if claim.id not in taken_one]
    rest_other = [claim for claim in other.claims if claim.id not in taken_other]
    pairs += (
        _by_texts(rest_one, rest_other, forbidden)
        if exhaustive
        else _by_equal_texts(rest_one, rest_other, forbidden)
    )
    place = {claim.id: number for number, claim in enumerate(one.claims)}
    return Alignment(tuple(sorted(pairs, key=lambda pair: place[pair.one])), exhaustive)


def _by_hand(one: ArgumentMap, other: ArgumentMap, same: Mapping[str, str]) -> list[Aligned]:
    here, free = {claim.id for claim in one.claims}, {claim.id for claim in other.claims}
    pairs = []
    for mine, theirs in same.items():
        if mine in here and theirs in free:
            free.discard(theirs)
            pairs.append(Aligned(mine, theirs, 1.0, "hand"))
    return pairs


def _one_text(one: ArgumentMap, other: ArgumentMap) -> bool:
    here, there = one.article, other.article
    return (
        here is None
        or there is None
        or here.text is None
        or there.text is None
        or here.text == there.text
    )


def _by_quotes(
    ones: tuple[Claim, ...], others: tuple[Claim, ...], apart: frozenset[tuple[str, str]]
) -> list[Aligned]:
    """Sweep over all spans by where they begin, so that only claims whose quotes meet are compared."""
    spans = [(*span, 0, number) for number, claim in enumerate(ones) for span in _spans(claim)]
    spans += [(*span, 1, number) for number, claim in enumerate(others) for span in _spans(claim)]
    shared: dict[tuple[int, int], int] = {}
    open_spans: list[tuple[int, int, int, int]] = []
    for start, end, side, number in sorted(spans):
        open_spans = [span for span in open_spans if span[1] > start]
        for _, its_end, its_side, its_number in open_spans:
            if its_side != side:
                pair = (its_number, number) if side else (number, its_number)
                shared[pair] = shared.get(pair, 0) + min(end, its_end) - start
        open_spans.append((start, end, side, number))
    shared = {
        pair: both
        for pair, both in shared.items()
        if (ones[pair[0]].id, others[pair[1]].id) not in apart
    }
    if not shared:
        return []
    rows, columns = sorted({pair[0] for pair in shared}), sorted({pair[1] for pair in shared})
    row, column = ({number: at for at, number in enumerate(some)} for some in (rows, columns))
    overlap = np.zeros((len(rows), len(columns)))
    for (mine, theirs), both in shared.items():
        together = _length(ones[mine]) + _length(others[theirs]) - both
        overlap[row[mine], column[theirs]] = both / together
    return [
        Aligned(
            ones[rows[mine]].id, others[columns[theirs]].id, float(overlap[mine, theirs]), "quote"
        )
        for mine, theirs in assign(overlap, LEAST_OVERLAP)
    ]


def _spans(claim: Claim) -> list[tuple[int, int]]:
    """Return the stretches of the article that a claim quotes, merged where they overlap."""
    merged: list[tuple[int, int]] = []
    for quote in sorted(claim.quotes, key=lambda quote: quote.start or 0):
        if quote.start is None or quote.end is None:
            continue
        if merged and quote.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], quote.end))
        else:
            merged.append((quote.start, quote.end))
    return merged


def _length(claim: Claim) -> int:
    return sum(end - start for start, end in _spans(claim))


def _by_texts(
    ones: list[Claim], others: list[Claim], apart: frozenset[tuple[str, str]]
) -> list[Aligned]:
    if not ones or not others:
        return []
    likeness: Numbers = process.cdist(
        [_sorted_words(claim) for claim in ones],
        [_sorted_words(claim) for claim in others],
        scorer=fuzz.ratio,
        score_cutoff=100 * LEAST_LIKENESS,
        dtype=np.float64,
    )
    if apart:
        row = {claim.id: number for number, claim in enumerate(ones)}
        column = {claim.id: number for number, claim in enumerate(others)}
        for mine, theirs in apart:
            if mine in row and theirs in column:
                likeness[row[mine], column[theirs]] = 0
    return [
        Aligned(ones[mine].id, others[theirs].id, float(likeness[mine, theirs]) / 100, "text")
        for mine, theirs in assign(likeness / 100, LEAST_LIKENESS)
    ]


def _sorted_words(claim: Claim) -> str:
    """Return a claim's words as token_sort_ratio compares them, sorted once and not for every comparison."""
    return " ".join(sorted(utils.default_process(claim.text).split()))


def _by_equal_texts(
    ones: list[Claim], others: list[Claim], apart: frozenset[tuple[str, str]]
) -> list[Aligned]:
    left: dict[str, list[str]] = {}
    for claim in reversed(others):
        left.setdefault(utils.default_process(claim.text), []).append(claim.id)
    found = []
    for claim in ones:
        same = left.get(utils.default_process(claim.text))
        if same and (claim.id, same[-1]) not in apart:
            found.append(Aligned(claim.id, same.pop(), 1.0, "text"))
    return found

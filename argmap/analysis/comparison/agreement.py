"""Measures of agreement: precision, recall and F1, Cohen's kappa, segmentation similarity."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from argmap.model.base import Value


class Score(Value):
    """How well what was found matches what was expected, by counts.

    `precision` is matched / found, `recall` matched / expected, `f1` their harmonic mean, each in 0..1 and 1 where
    there was nothing to find or to expect.
    """

    matched: int
    found: int
    expected: int
    precision: float
    recall: float
    f1: float


def score(matched: int, found: int, expected: int) -> Score:
    """Score `matched` agreements among `found` and `expected` things."""
    precision = matched / found if found else 1.0 if not expected else 0.0
    recall = matched / expected if expected else 1.0 if not found else 0.0
    total = found + expected
    f1 = 2 * matched / total if total else 1.0
    return Score(
        matched=matched, found=found, expected=expected, precision=precision, recall=recall, f1=f1
    )


def kappa(counts: Sequence[Sequence[int]] | NDArray[np.intp]) -> float:
    """Return Cohen's kappa (1960) of a square table: counts[i][j] things are i for the one and j for the other.

    Where chance alone would agree on everything (one category on both sides) kappa is undefined; then the
    prevalence-free 2p - 1 of the observed agreement p is given (Byrt, Bishop and Carlin 1993), and 1 for an empty
    table.
    """
    table = np.asarray(counts, dtype=np.float64)
    total = table.sum()
    if not total:
        return 1.0
    observed = float(np.trace(table) / total)
    chance = float(table.sum(axis=0) @ table.sum(axis=1) / total**2)
    if chance == 1:
        return 2 * observed - 1
    return (observed - chance) / (1 - chance)


def segmentation_similarity(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Return how alike two segmentations of the same words are, in 0..1 (Fournier and Inkpen 2012).

    Each is the number of words of every segment in turn. Of the possible boundaries between words, 1 less the share of
    edits that make them equal: a boundary added or taken away, or moved by one word, is one edit. None when they do
    not have the same number of words.
    """
    if sum(one) != sum(other):
        return None
    places = sum(one) - 1
    if places < 1:
        return 1.0
    here, there = _boundaries(one), _boundaries(other)
    only_here, only_there = sorted(here - there), here ^ there
    edits = len(only_there)
    left = there - here
    for place in only_here:
        for moved in (place - 1, place + 1):
            if moved in left:
                left.discard(moved)
                edits -= 1
                break
    return 1 - edits / places


def _boundaries(sizes: Sequence[int]) -> set[int]:
    ends = np.cumsum([size for size in sizes if size])
    return set(ends[:-1].tolist())

"""CASS: how alike two annotations of one text are (Duthie, Lawrence, Budzynska and Reed 2016)."""

from collections.abc import Callable
from itertools import zip_longest

import numpy as np
from rapidfuzz import fuzz, process

from argmap.analysis.comparison.agreement import kappa, segmentation_similarity
from argmap.analysis.comparison.annotation import (
    ILLOCUTION,
    LOCUTION,
    PROPOSITION,
    STEPS,
    TRANSITION,
    Annotation,
)
from argmap.model.base import Value

_Pair = tuple[str | None, str | None]
_Table = list[list[int]]


class Cass(Value):
    """The CASS score of two annotations: the harmonic mean 2MS / (M + S), 0 where M is not above 0.

    `matching` (M) is the mean of `aspects`, Cohen's kappas of what the annotations say about matched nodes.
    `segmentation` (S) says how alike the text was cut into segments. `score` and `segmentation` are None where the
    texts are not there or have different numbers of words.
    """

    score: float | None
    matching: float
    segmentation: float | None
    aspects: dict[str, float]


def cass(one: Annotation, other: Annotation) -> Cass:
    """Compare two annotations of one text.

    Propositions and locutions are matched one to one by the likeness of their texts, the likest first. With
    dialogue annotated there are six aspects, as in the evaluation service of the paper's authors, whose results this
    reproduces. Without (no illocutions on either side, as in an argument map) only "relations" is left, which
    compares how many supports, attacks and restatements lead to each proposition.
    """
    one, other = one.without_analysts(), other.without_analysts()
    propositions = _matched(one, other, PROPOSITION)
    aspects = {"relations": kappa(_relations(one, other, propositions))}
    if one.of_type(ILLOCUTION) or other.of_type(ILLOCUTION):
        locutions = _matched(one, other, LOCUTION)
        aspects |= {
            "step anchors": kappa(_step_anchors(one, other)),
            "locution illocutions": kappa(_locution_illocutions(one, other, locutions)),
            "proposition illocutions": kappa(_proposition_illocutions(one, other, propositions)),
            "transitions": kappa(_transitions(one, other, locutions)),
            "proposition anchors": kappa(_proposition_anchors(one, other, propositions)),
        }
    matching = sum(aspects.values()) / len(aspects)
    segmentation = None
    if one.segments is not None and other.segments is not None:
        segmentation = segmentation_similarity(one.segments, other.segments)
    return Cass(
        score=None if segmentation is None else cass_of(matching, segmentation),
        matching=matching,
        segmentation=segmentation,
        aspects=aspects,
    )


def cass_of(matching: float, segmentation: float) -> float:
    """Return the harmonic mean of the two measures, 0 where one of them is not above 0."""
    if matching <= 0 or segmentation <= 0:
        return 0.0
    return 2 * matching * segmentation / (matching + segmentation)


def _matched(one: Annotation, other: Annotation, type: str) -> list[_Pair]:
    """Pair the nodes of a type, the likest texts first; what is left over stands alone."""
    mine, theirs = one.of_type(type), other.of_type(type)
    swapped = len(mine) < len(theirs)
    rows, columns = (theirs, mine) if swapped else (mine, theirs)
    first, second = (other, one) if swapped else (one, other)
    likeness = np.rint(
        process.cdist(
            [first.nodes[id].text.lower() for id in rows],
            [second.nodes[id].text.lower() for id in columns],
            scorer=fuzz.ratio,
        )
    )
    pairs: list[_Pair] = []
    left = dict.fromkeys(rows)
    for flat in np.argsort(-likeness, axis=None, kind="stable"):
        row, column = divmod(int(flat), len(columns))
        if likeness[row, column] > 0:
            pairs.append((rows[row], columns[column]))
            del left[rows[row]]
            likeness[row], likeness[:, column] = 0, 0
        if len(pairs) == len(columns):
            break
    taken = {pair[1] for pair in pairs}
    pairs += [(id, None) for id in left]
    pairs += [(None, id) for id in columns if id not in taken]
    return [(second_id, first_id) for first_id, second_id in pairs] if swapped else pairs


def _relations(one: Annotation, other: Annotation, pairs: list[_Pair]) -> _Table:
    def counts(annotation: Annotation, id: str) -> list[int]:
        types = [annotation.nodes[step].type for step in annotation.before[id]]
        return [types.count(type) for type in STEPS]

    return _compared_counts(one, other, pairs, counts)


def _transitions(one: Annotation, other: Annotation, pairs: list[_Pair]) -> _Table:
    def counts(annotation: Annotation, id: str) -> list[int]:
        return [sum(annotation.nodes[next].type == TRANSITION for next in annotation.after[id])]

    return _compared_counts(one, other, pairs, counts)


def _compared_counts(
    one: Annotation,
    other: Annotation,
    pairs: list[_Pair],
    counts: Callable[[Annotation, str], list[int]],
) -> _Table:
    """Count equal numbers, numbers that are larger here or there, and as agreement that nothing is there the rest of
    all pairs of nodes."""
    equal = more = fewer = 0
    for mine, theirs in pairs:
        if mine is None or theirs is None:
            more, fewer = more + (theirs is None), fewer + (mine is None)
            continue
        for here, there in zip(counts(one, mine), counts(other, theirs), strict=True):
            equal, more, fewer = (
                equal + (here == there),
                more + (here > there),
                fewer + (here < there),
            )
    nothing = max(0, len(pairs) ** 2 - equal - more - fewer)
    return [[equal, fewer], [more, nothing]]


def _step_anchors(one: Annotation, other: Annotation) -> _Table:
    """Compare by which illocution each step is anchored, step by step in the order of the annotation.

    Where the numbers of steps of a type differ, the order does not tell which is which, and none counts as agreed.
    """
    equal = more = fewer = nothing = 0
    for type in STEPS:
        mine, theirs = one.of_type(type), other.of_type(type)
        nothing += not mine and not theirs
        for here, there in zip_longest(mine, theirs):
            same_number = len(mine) == len(theirs)
            agree = same_number and _illocution_before(one, here) == _illocution_before(
                other, there
            )
            equal += agree
            more += not agree and len(mine) >= len(theirs)
            fewer += not agree and len(mine) < len(theirs)
    return [[equal, fewer], [more, nothing]]


def _locution_illocutions(one: Annotation, other: Annotation, pairs: list[_Pair]) -> _Table:
    """Compare the illocutions of locutions and of the transitions that leave them."""
    found: list[tuple[str, str]] = []
    for mine, theirs in pairs:
        if mine is not None and theirs is not None:
            found.append((_illocution_after(other, theirs), _illocution_after(one, mine)))
        else:
            found.append((_illocution_after(one, mine), _illocution_after(other, theirs)))
        here, there = _transitions_of(one, mine), _transitions_of(other, theirs)
        if not here and not there:
            found.append(("", ""))
        for step, (left, right) in enumerate(zip_longest(here, there)):
            if step < len(here) and step < len(there):
                found.append((_illocution_after(other, right), _illocution_after(one, left)))
            else:
                found.append((_illocution_after(one, left), _illocution_after(other, right)))
    return _table(found)


def _proposition_illocutions(one: Annotation, other: Annotation, pairs: list[_Pair]) -> _Table:
    found = []
    for mine, theirs in pairs:
        here, there = _illocution_before(one, mine), _illocution_before(other, theirs)
        found.append((there, here) if mine is not None and theirs is not None else (here, there))
    return _table(found)


def _proposition_anchors(one: Annotation, other: Annotation, pairs: list[_Pair]) -> _Table:
    """Compare the words of the locution or transition by which each proposition is said."""
    equal = more = fewer = 0
    for mine, theirs in pairs:
        if mine is None or theirs is None:
            more, fewer = more + (theirs is None), fewer + (mine is None)
            continue
        agree = _anchor(one, mine) == _anchor(other, theirs)
        equal, more = equal + agree, more + (not agree)
    return [[equal, fewer], [more, 0]]


def _anchor(annotation: Annotation, id: str) -> str:
    for said in annotation.before[id]:
        if annotation.nodes[said].type == ILLOCUTION:
            return _text(annotation, annotation.before[said], (LOCUTION, TRANSITION))
    return ""


def _transitions_of(annotation: Annotation, id: str | None) -> list[str]:
    if id is None:
        return []
    return [next for next in annotation.after[id] if annotation.nodes[next].type == TRANSITION]


def _illocution_before(annotation: Annotation, id: str | None) -> str:
    return "" if id is None else _text(annotation, annotation.before[id], (ILLOCUTION,))


def _illocution_after(annotation: Annotation, id: str | None) -> str:
    return "" if id is None else _text(annotation, annotation.after[id], (ILLOCUTION,))


def _text(annotation: Annotation, ids: list[str], types: tuple[str, ...]) -> str:
    return next((annotation.nodes[id].text for id in ids if annotation.nodes[id].type in types), "")


def _table(pairs: list[tuple[str, str]]) -> _Table:
    number = {text: at for at, text in enumerate(sorted({text for pair in pairs for text in pair}))}
    table = [[0] * len(number) for _ in number]
    for here, there in pairs:
        table[number[here]][number[there]] += 1
    return table

"""Which claims can be accepted together: the extensions of a map under Dung's semantics."""

from collections.abc import Iterator
from enum import StrEnum
from time import monotonic
from typing import NamedTuple

import numpy as np

from argmap.analysis.frameworks import Framework, Support, framework_of
from argmap.analysis.grounded import IN, OUT, Labels, grounded, labelling
from argmap.analysis.sat import Labellings
from argmap.errors import AnalysisTimeout
from argmap.model import ArgumentMap
from argmap.model.base import Value

MOST_LABELS = 2_000_000  # of all extensions that are listed


class Semantics(StrEnum):
    """Which sets of arguments count as acceptable.

    complete: it accepts exactly what it defends. grounded: the smallest complete one. preferred: a largest complete
    one. stable: it attacks everything it does not accept (Dung 1995). semi-stable: complete, leaving as little
    undecided as possible (Caminada 2006). ideal: the largest admissible set that every preferred one contains
    (Dung, Mancarella, Toni 2007).
    """

    GROUNDED = "grounded"
    COMPLETE = "complete"
    PREFERRED = "preferred"
    STABLE = "stable"
    SEMI_STABLE = "semi-stable"
    IDEAL = "ideal"


class Label(StrEnum):
    """What a set of accepted claims means for one claim or step: accepted, attacked by what is accepted, or neither."""

    IN = "in"
    OUT = "out"
    UNDECIDED = "undecided"


class Extensions(NamedTuple):
    """Extensions of a framework as sets of argument numbers; `exhaustive` says that there are no others."""

    sets: tuple[frozenset[int], ...]
    exhaustive: bool


class Labelling(Value):
    """One acceptable point of view: the claims it accepts, in the map's order, and a label for each claim and step."""

    accepted: tuple[str, ...]
    labels: dict[str, Label]


class Acceptance(Value):
    """What a semantics says about a map.

    `extensions` are the accepted claims of each point of view of `labellings`. `credulous`: claims that one of them
    accepts; `sceptical`: claims that all of them accept (none, where there is no extension at all). `labels`: in or
    out where all points of view agree, undecided otherwise. Without `exhaustive` the search stopped at its limit of
    number or time: what is listed holds, more may exist, and `sceptical` and `labels` speak of what is listed only.
    """

    semantics: Semantics
    support: Support
    extensions: tuple[tuple[str, ...], ...]
    labellings: tuple[Labelling, ...]
    labels: dict[str, Label]
    credulous: tuple[str, ...]
    sceptical: tuple[str, ...]
    exhaustive: bool


def accept(
    map: ArgumentMap,
    semantics: Semantics = Semantics.GROUNDED,
    support: Support = Support.PLAIN,
    *,
    limit: int = 1_000,
    seconds: float = 10.0,
) -> Acceptance:
    """Say which claims of a map can be accepted together.

    At most `limit` extensions are listed (fewer of a map so large that they would have more than two million labels)
    and at most `seconds` are spent on the search.
    Raises AnalysisTimeout when not even one extension, or not the ideal one, was found in that time.
    """
    whole = framework_of(map, support)
    limit = max(1, min(limit, MOST_LABELS // max(1, len(map.by_id))))
    found = extensions(whole.framework, semantics, limit=limit, seconds=seconds)
    words = {IN: Label.IN, OUT: Label.OUT, 0: Label.UNDECIDED}
    claims = [claim.id for claim in map.claims]
    labellings: dict[tuple[int, ...], Labelling] = {}
    for members in found.sets:
        numbers = labelling(whole.framework, members).tolist()
        key = tuple(numbers[whole.argument[id]] for id in map.by_id)
        if key not in labellings:  # two sets may differ in auxiliary arguments alone
            labels = {id: words[number] for id, number in zip(map.by_id, key, strict=True)}
            accepted = tuple(claim for claim in claims if labels[claim] is Label.IN)
            labellings[key] = Labelling(accepted=accepted, labels=labels)
    order = {claim: place for place, claim in enumerate(claims)}
    views = tuple(
        sorted(labellings.values(), key=lambda view: [order[claim] for claim in view.accepted])
    )
    common = {id: _agreed([view.labels[id] for view in views]) for id in map.by_id}
    return Acceptance(
        semantics=semantics,
        support=support,
        extensions=tuple(view.accepted for view in views),
        labellings=views,
        labels=common,
        credulous=tuple(
            claim for claim in claims if any(view.labels[claim] is Label.IN for view in views)
        ),
        sceptical=tuple(claim for claim in claims if common[claim] is Label.IN),
        exhaustive=found.exhaustive,
    )


def extensions(
    framework: Framework, semantics: Semantics, *, limit: int = 1_000, seconds: float = 10.0
) -> Extensions:
    """Return the extensions of a framework: at most `limit`, found in at most `seconds`.

    Raises AnalysisTimeout when not even one, or not the ideal one, was found in that time.
    """
    labels = grounded(framework)
    nothing_left_open = bool((labels != 0).all())  # then all semantics agree
    if semantics is Semantics.GROUNDED or nothing_left_open:
        return Extensions((_members(labels),), True)
    with Labellings(framework, labels.tolist(), monotonic() + seconds) as labellings:
        if semantics is Semantics.IDEAL:
            return Extensions((_ideal(framework, labellings.credulous()),), True)
        search = {
            Semantics.COMPLETE: labellings.complete,
            Semantics.PREFERRED: labellings.preferred,
            Semantics.STABLE: labellings.stable,
            Semantics.SEMI_STABLE: labellings.semi_stable,
        }[semantics]
        return _collect(search(), limit)


def _collect(search: Iterator[frozenset[int]], limit: int) -> Extensions:
    found: list[frozenset[int]] = []
    try:
        for extension in search:
            if len(found) == limit:
                return Extensions(tuple(found), False)
            found.append(extension)
    except AnalysisTimeout:
        if not found:
            raise
        return Extensions(tuple(found), False)
    return Extensions(tuple(found), True)


def _ideal(framework: Framework, credulous: frozenset[int]) -> frozenset[int]:
    """Return the largest admissible set of credulous arguments that no credulous argument attacks (Dunne 2009)."""
    members = np.fromiter(credulous, dtype=np.intp, count=len(credulous))
    candidates = credulous - set(framework.attacked.of(members).tolist())
    starts, attackers = framework.attackers.starts.tolist(), framework.attackers.values.tolist()
    while True:
        defeated = labelling(framework, candidates)
        kept = frozenset(
            one
            for one in candidates
            if all(defeated[other] == OUT for other in attackers[starts[one] : starts[one + 1]])
        )
        if kept == candidates:
            return kept
        candidates = kept


def _members(labels: Labels) -> frozenset[int]:
    return frozenset(np.flatnonzero(labels == IN).tolist())


def _agreed(labels: list[Label]) -> Label:
    return labels[0] if labels and all(label is labels[0] for label in labels) else Label.UNDECIDED

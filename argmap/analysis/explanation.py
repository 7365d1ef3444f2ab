"""Why a claim is as strong as it is: what each other claim contributes, what it hangs on, what would overturn it."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

import numpy as np

from argmap.analysis.contributions import Lens, gradients, lens, removals, shapley
from argmap.analysis.flip import VERDICT, Flip, flip_of
from argmap.analysis.gradual import Gradual, Linked
from argmap.analysis.naming import name_of
from argmap.analysis.weighted import Numbers, graph_of
from argmap.errors import AnalysisTimeout, NotFound
from argmap.model import ArgumentMap, Claim
from argmap.model.base import Value

T = TypeVar("T")

BEARING = 0.05  # a claim bears load when the explained claim changes by at least this without it


MOST_CLAIMS = 4_000  # whose contributions are asked for


class Verdict(StrEnum):
    """Whether a claim comes out stronger than one half, weaker, or neither."""

    STANDS = "stands"
    OPEN = "open"
    FALLS = "falls"


class Contribution(Value):
    """What one claim contributes to the strength of the explained one.

    `removal`: the strength less what it is without the claim. `shapley`: the claim's fair share of what all of them
    together change, with its standard error (0 where it is exact). `gradient`: how fast the strength changes with the
    claim's own weight. None is what could not be computed in time.
    """

    claim: str
    removal: float | None
    shapley: float | None
    error: float | None
    gradient: float | None


class Explanation(Value):
    """Why a claim is as strong as it is.

    `weight` is its own weight, `strength` what becomes of it. `contributions` are those of the claims that lead to it,
    by the size of their Shapley value; they sum to `strength - weight` as far as their errors allow. `samples` is the
    number of orders drawn for them, 0 where they are exact. `bearing` are the claims without which the strength
    changes by 0.05 or more, the most important first. `gradient` is by its own weight. `words` says it all in two or
    three sentences. `missing` names what was not found in time: `removal`, `shapley`, `gradient`, `flip` (then what
    it has is right, and a smaller change may exist; also where there are too many sets of claims to be tried).
    """

    claim: str
    semantics: Gradual
    linked: Linked
    weight: float
    strength: float
    verdict: Verdict
    contributions: tuple[Contribution, ...]
    samples: int
    bearing: tuple[str, ...]
    gradient: float | None
    flip: Flip
    words: str
    missing: tuple[str, ...] = ()


def explain(
    map: ArgumentMap,
    claim: str | None = None,
    semantics: Gradual = Gradual.QUADRATIC_ENERGY,
    linked: Linked = Linked.MINIMUM,
    *,
    seconds: float = 2.0,
) -> Explanation:
    """Explain the strength of a claim (the first thesis, unless named).

    Claims that restate each other count as one, under the name of the restated one. About `seconds` are spent at most
    on the contributions and as many on a change that overturns the verdict; `missing` names what that was too
    little for. Raises NotFound when there is no such claim, or no thesis to choose, and AnalysisTimeout when more than
    4,000 claims lead to it, or not even its strength was found.
    """
    target = _chosen(map, claim)
    whole = graph_of(map)
    # Claims come first among the nodes; the others are steps, which are never taken out.
    statements = sum(
        name in map.by_id and isinstance(map.by_id[name], Claim) for name in whole.graph.names
    )
    view, players = lens(
        whole.graph, whole.node[target.id], np.arange(statements), semantics, linked
    )
    if players.size > MOST_CLAIMS:
        raise AnalysisTimeout(
            f"{players.size} claims lead to {target.id}; what at most {MOST_CLAIMS} contribute can be explained"
        )
    names = [whole.graph.names[player] for player in players.tolist()]
    strength = float(view.for_seconds(seconds).strength()[0])
    missing: list[str] = []

    def in_time(name: str, compute: Callable[[Lens], T]) -> T | None:
        try:
            return compute(view.for_seconds(seconds / 3))
        except AnalysisTimeout:
            missing.append(name)
            return None

    without = in_time("removal", removals)
    if without is not None and np.isnan(without).any():
        missing.append("removal")
    shares = in_time("shapley", lambda limited: shapley(limited, seconds=seconds / 3))
    slopes = in_time("gradient", gradients)
    contributions = [
        Contribution(claim=name, removal=gone, shapley=share, error=error, gradient=slope)
        for name, gone, share, error, slope in zip(
            names,
            _values(without, len(names)),
            _values(shares and shares.values, len(names)),
            _values(shares and shares.errors, len(names)),
            _values(slopes and slopes[0], len(names)),
            strict=True,
        )
    ]
    contributions.sort(
        key=lambda one: -abs(one.removal or 0 if one.shapley is None else one.shapley)
    )
    bearing = sorted(
        (one for one in contributions if abs(one.removal or 0) >= BEARING),
        key=lambda one: -abs(one.removal or 0),
    )
    flip = flip_of(view, names, seconds)
    if not flip.exhaustive:
        missing.append("flip")
    return Explanation(
        claim=target.id,
        semantics=semantics,
        linked=linked,
        weight=_weight(view),
        strength=strength,
        verdict=verdict_of(strength),
        contributions=tuple(contributions),
        samples=shares.samples if shares else 0,
        bearing=tuple(one.claim for one in bearing),
        gradient=slopes[1] if slopes else None,
        flip=flip,
        words=_words(map, target, strength, _weight(view), contributions, flip),
        missing=tuple(missing),
    )


def _values(found: Numbers | None, count: int) -> Sequence[float | None]:
    if found is None:
        return [None] * count
    return [None if math.isnan(value) else value for value in found.tolist()]


def verdict_of(strength: float) -> Verdict:
    """Say what a strength means: above one half a claim stands, below it falls, at one half it is open."""
    if abs(strength - VERDICT) < 1e-9:
        return Verdict.OPEN
    return Verdict.STANDS if strength > VERDICT else Verdict.FALLS


def _chosen(map: ArgumentMap, id: str | None) -> Claim:
    if id is None:
        thesis = next((claim for claim in map.claims if claim.kind == "thesis"), None)
        if thesis is None:
            raise NotFound("the map has no thesis to explain; name a claim")
        return thesis
    claim = map.claim(id)
    if claim is None:
        raise NotFound(f"there is no claim {id!r} in the map")
    return claim


def _weight(view: Lens) -> float:
    return float(view.graph.base[view.target])


def _words(
    map: ArgumentMap,
    target: Claim,
    strength: float,
    weight: float,
    contributions: list[Contribution],
    flip: Flip,
) -> str:
    said = {Verdict.STANDS: "it stands", Verdict.FALLS: "it falls", Verdict.OPEN: "it stays open"}
    sentences = [
        f"{_named(map, target.id)} has a strength of {strength:.2f}, beginning from its own weight of {weight:.2f}: "
        f"{said[verdict_of(strength)]}."
    ]
    removal = {
        one.claim: one.removal
        for one in contributions
        if one.removal is not None and abs(one.removal) >= 0.005
    }
    parts = []
    for_it = max(removal, key=removal.__getitem__, default=None)
    if for_it is not None and removal[for_it] > 0:
        parts.append(
            f"without {_named(map, for_it)} it would be down to {strength - removal[for_it]:.2f}"
        )
    against = min(removal, key=removal.__getitem__, default=None)
    if against is not None and removal[against] < 0:
        parts.append(
            f"without {_named(map, against)} it would be up to {strength - removal[against]:.2f}"
        )
    if parts:
        text = ", and ".join(parts)
        sentences.append(f"{text[0].upper()}{text[1:]}.")
    elif not contributions:
        sentences.append("Nothing supports or attacks it.")
    elif any(one.removal is None for one in contributions):
        sentences.append("What single claims change about that was not found in time.")
    else:
        sentences.append("No single claim makes much of a difference to it.")
    if flip.removal:
        gone = " and ".join(_named(map, claim) for claim in flip.removal)
        reached = flip.removal_strength
        if reached is not None and verdict_of(reached) is Verdict.OPEN:
            sentences.append(f"It would be left open if {gone} could not be held.")
        else:
            sentences.append(f"To overturn that it is enough that {gone} cannot be held.")
    elif flip.reweigh:
        sentences.append(
            f"It would be left open if {_named(map, flip.reweigh.claim)} weighed {flip.reweigh.after:.2f} "
            f"instead of {flip.reweigh.before:.2f}; beyond that it is overturned."
        )
    elif flip.exhaustive and contributions and verdict_of(strength) is not Verdict.OPEN:
        sentences.append("No one claim's weight and no three claims taken out would overturn that.")
    return " ".join(sentences)


def _named(map: ArgumentMap, id: str) -> str:
    claim = map.claim(id)
    return name_of(claim, words=8) if claim else id

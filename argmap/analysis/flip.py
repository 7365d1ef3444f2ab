"""The smallest change that overturns whether a claim stands: claims taken out, or one claim's weight."""

from itertools import combinations, islice
from math import comb

import numpy as np

from argmap.analysis.contributions import Lens
from argmap.analysis.weighted import Numbers
from argmap.errors import AnalysisTimeout
from argmap.model.base import Value

VERDICT = 0.5  # a claim stands above this strength and falls below it
MOST_REMOVED = 3
_SETS_AT_ONCE = 2_000
_MOST_SETS = 200_000
_HALVINGS = 40


class Reweigh(Value):
    """One claim's weight before and after a change, and the strength of the explained claim after it."""

    claim: str
    before: float
    after: float
    strength: float


class Flip(Value):
    """The smallest changes that overturn a verdict.

    `removal`: the fewest claims without which it changes, and of those sets the one that changes it most, with the
    strength then; empty when up to three claims do not suffice or the verdict is open. `exhaustive` says that all
    sets up to that size were tried, and each weight. `reweigh`: the smallest change of one claim's weight that brings
    the strength to one half; None when no single weight can.
    """

    removal: tuple[str, ...] = ()
    removal_strength: float | None = None
    reweigh: Reweigh | None = None
    exhaustive: bool = True


def flip_of(view: Lens, names: list[str], seconds: float = 5.0) -> Flip:
    """Find the smallest changes that bring the target from above one half to it or below, or the other way round.

    `names` are those of the view's players. At most about `seconds` are spent; what was not found until then is left
    out, and `exhaustive` says so.
    """
    view = view.for_seconds(seconds)
    strength = float(view.strength()[0])
    if abs(strength - VERDICT) < 1e-9 or not names:
        return Flip()
    side = 1.0 if strength > VERDICT else -1.0
    reweigh: Reweigh | None = None
    whole = True
    try:  # one weight is a search of forty looks at most, so that it comes first
        reweigh = _reweigh(view, names, side)
    except AnalysisTimeout:
        whole = False
    removal, reached, exhaustive = _removal(view, side)
    return Flip(
        removal=tuple(names[player] for player in removal),
        removal_strength=reached,
        reweigh=reweigh,
        exhaustive=exhaustive and whole,
    )


def _removal(view: Lens, side: float) -> tuple[tuple[int, ...], float | None, bool]:
    count, tried = view.players.size, 0
    for size in range(1, min(MOST_REMOVED, count) + 1):
        if tried + comb(count, size) > _MOST_SETS:
            return (), None, False
        best: tuple[int, ...] = ()
        reached: float | None = None
        every = combinations(range(count), size)
        while chosen := list(islice(every, _SETS_AT_ONCE)):
            without = np.zeros((count, len(chosen)))
            without[np.array(chosen).T, np.arange(len(chosen))] = 1.0
            try:
                found = view.strength(without=without)
            except AnalysisTimeout:
                return best, reached, False
            first = int(np.argmin(side * found))
            if side * (found[first] - VERDICT) <= 1e-12 and (
                reached is None or side * (found[first] - reached) < 0
            ):
                best, reached = chosen[first], float(found[first])
            tried += len(chosen)
        if best:
            return best, reached, True
    return (), None, True


def _reweigh(view: Lens, names: list[str], side: float) -> Reweigh | None:
    """Halve, for each player and towards both ends of its weight, the stretch on which the verdict changes."""
    count = view.players.size
    own = view.graph.base[view.players]
    near = np.concatenate([own, own])
    far = np.concatenate([np.zeros(count), np.ones(count)])
    player = np.concatenate([np.arange(count), np.arange(count)])

    def overturned(weights: Numbers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        base = np.repeat(view.graph.base[:, None], weights.size, axis=1)
        base[view.players[player], np.arange(weights.size)] = weights
        changed: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
            side * (view.strength(base=base) - VERDICT) <= 0
        )
        return changed

    possible = np.flatnonzero(overturned(far))
    if not possible.size:
        return None
    near, far, player = near[possible], far[possible], player[possible]
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        done = overturned(middle)
        near, far = np.where(done, near, middle), np.where(done, middle, far)
    best = int(np.argmin(np.abs(far - own[player])))
    base = view.graph.base[:, None].copy()
    base[view.players[player[best]], 0] = far[best]
    return Reweigh(
        claim=names[int(player[best])],
        before=float(own[player[best]]),
        after=float(far[best]),
        strength=float(view.strength(base=base)[0]),
    )

"""What each argument contributes to the strength of one: by removal, by Shapley value, by gradient."""

from math import comb, inf
from time import monotonic
from typing import NamedTuple

import numpy as np

from argmap.analysis.frameworks import Indices
from argmap.analysis.gradual import Gradual, Linked, strengths
from argmap.analysis.weighted import Numbers, WeightedGraph
from argmap.errors import AnalysisTimeout

MOST_EXACT = (
    12  # arguments whose Shapley values are computed over all coalitions; 8 where there is a circle
)
_CELLS = 2_000_000  # strengths evaluated side by side, at most
_AT_ONCE = 100  # players taken out side by side, so that some are found where time is short for all
_STEP = 1e-5  # of a weight, for gradients


class Shapley(NamedTuple):
    """Shapley values and their standard errors (zero where exact); `samples` are orders of arrival, 0 where exact."""

    values: Numbers
    errors: Numbers
    samples: int


class Lens(NamedTuple):
    """One argument of a graph and what it depends on, ready to be evaluated in many variants.

    `graph` is the part that `target` depends on, `players` those of its nodes whose contribution is asked for.
    After `until`, a time of `time.monotonic()`, everything raises AnalysisTimeout.
    """

    graph: WeightedGraph
    target: int
    players: Indices
    semantics: Gradual
    linked: Linked
    until: float = inf

    def for_seconds(self, seconds: float) -> "Lens":
        """Return the lens to be looked through for that long."""
        return self._replace(until=monotonic() + seconds)

    def strength(self, *, without: Numbers | None = None, base: Numbers | None = None) -> Numbers:
        """Return the target's strength in each variant.

        Each column of `without` takes out the players where it is 1; each column of `base` gives base scores.
        """
        variants = without if without is not None else base
        if variants is None:
            found, _ = strengths(self.graph, self.semantics, self.linked, until=self.until)
            return found[self.target : self.target + 1]
        width = max(1, _CELLS // max(1, len(self.graph)))
        parts = []
        for begin in range(0, variants.shape[1], width):
            part = variants[:, begin : begin + width]
            if without is None:
                found, _ = strengths(
                    self.graph, self.semantics, self.linked, base=part, until=self.until
                )
            else:
                present = np.ones((len(self.graph), part.shape[1]))
                present[self.players] -= part
                found, _ = strengths(
                    self.graph, self.semantics, self.linked, present=present, until=self.until
                )
            parts.append(found[self.target])
        return np.concatenate(parts)


def lens(
    graph: WeightedGraph, target: int, players: Indices, semantics: Gradual, linked: Linked
) -> tuple[Lens, Indices]:
    """Look at one node of a graph; returns the lens and those of `players` (node numbers) that matter to the target.

    The target itself is no player. Players that do not lead to it contribute nothing and are left out.
    """
    part, nodes = graph.leading_to(target)
    place = np.full(len(graph), -1, dtype=np.intp)
    place[nodes] = np.arange(nodes.size)
    mattering: Indices = players[(place[players] >= 0) & (players != target)]
    return Lens(part, int(place[target]), place[mattering], semantics, linked), mattering


def removals(view: Lens) -> Numbers:
    """Return, for each player, the target's strength less what it is without the player (Kampik et al. 2024).

    NaN is what was not found in time. Raises AnalysisTimeout when nothing was.
    """
    every = view.strength()
    count = view.players.size
    change: Numbers = np.full(count, np.nan)
    for begin in range(0, count, _AT_ONCE):
        end = min(begin + _AT_ONCE, count)
        without = np.zeros((count, end - begin))
        without[np.arange(begin, end), np.arange(end - begin)] = 1.0
        try:
            change[begin:end] = every - view.strength(without=without)
        except AnalysisTimeout:
            if not begin:
                raise
            break
    return change


def gradients(view: Lens) -> tuple[Numbers, float]:
    """Return the derivative of the target's strength by each player's base score, and by its own.

    Central differences of width 2e-5, all in one evaluation; exact to about 1e-9 without circles, to 1e-4 with them.
    Where several linked premises tie for the weakest the derivative is half of that downwards.
    """
    nodes = np.append(view.players, view.target)
    steps = np.zeros((len(view.graph), nodes.size))
    steps[nodes, np.arange(nodes.size)] = _STEP
    base = view.graph.base[:, None]
    change = view.strength(base=base + steps) - view.strength(base=base - steps)
    slopes: Numbers = change / (2 * _STEP)
    return slopes[:-1], float(slopes[-1])


def shapley(
    view: Lens,
    *,
    samples: int = 4_000,
    precision: float = 1e-3,
    seconds: float = 5.0,
    seed: int = 0,
) -> Shapley:
    """Return the Shapley value of each player for the target's strength (Shapley 1953; Kampik et al. 2024).

    The values sum to the target's strength less what it is without any player. Up to 12 players (8 in a graph
    with circles) all coalitions are evaluated. For more, orders of arrival are drawn, each together with its reverse,
    until every standard error is at most `precision` or `samples` or `seconds` are used up; the same seed gives the
    same draw. Raises AnalysisTimeout when not even two pairs of orders could be evaluated in that time.
    """
    view = view.for_seconds(seconds)
    count = view.players.size
    most = MOST_EXACT if view.graph.layers is not None else MOST_EXACT - 4
    if count <= most:
        return Shapley(_exact(view), np.zeros(count), 0)
    return _sampled(view, samples, precision, seed)


def _exact(view: Lens) -> Numbers:
    count = view.players.size
    if not count:
        return np.zeros(0)
    coalitions = np.arange(2**count)
    inside = (coalitions >> np.arange(count)[:, None]) & 1
    absent: Numbers = (1 - inside).astype(np.float64)
    worth = view.strength(without=absent)
    size = inside.sum(axis=0)
    share = np.array([1 / (count * comb(count - 1, members)) for members in range(count)])
    values = np.empty(count)
    for player in range(count):
        with_it = coalitions[inside[player] == 1]
        without_it = with_it ^ (1 << player)
        values[player] = np.sum(share[size[without_it]] * (worth[with_it] - worth[without_it]))
    return values


def _sampled(view: Lens, samples: int, precision: float, seed: int) -> Shapley:
    random = np.random.default_rng(seed)
    count = view.players.size
    pairs_at_once = max(1, min(64, _CELLS // (2 * (count + 1) * len(view.graph))))
    total, squares, pairs = np.zeros(count), np.zeros(count), 0
    errors = np.full(count, np.inf)
    while True:
        try:
            found = _gains(view, random, pairs_at_once)
        except AnalysisTimeout:
            if pairs < 2:
                raise
            return Shapley(total / pairs, errors, 2 * pairs)
        for gains in found:
            total += gains
            squares += gains * gains
            pairs += 1
        if pairs > 1:
            variance = np.maximum(squares / pairs - (total / pairs) ** 2, 0) * pairs / (pairs - 1)
            errors = np.sqrt(variance / pairs)
        enough = pairs >= 16 and float(errors.max()) <= precision
        if pairs > 1 and (enough or 2 * pairs >= samples):
            return Shapley(total / pairs, errors, 2 * pairs)


def _gains(view: Lens, random: np.random.Generator, pairs: int) -> Numbers:
    """Return what each player adds on arrival, the mean over a random order and its reverse, for several such pairs."""
    count = view.players.size
    drawn = np.stack([random.permutation(count) for _ in range(pairs)])
    orders = np.concatenate([drawn, drawn[:, ::-1]])
    arrival = np.argsort(orders, axis=1)
    # Variant k of an order has let in the first k players.
    absent = arrival[:, :, None] >= np.arange(count + 1)[None, None, :]
    flat = absent.transpose(1, 0, 2).reshape(count, -1).astype(np.float64)
    worth = view.strength(without=flat).reshape(2 * pairs, count + 1)
    added = np.diff(worth, axis=1)
    gains = np.take_along_axis(added, arrival, axis=1)
    mean: Numbers = (gains[:pairs] + gains[pairs:]) / 2
    return mean

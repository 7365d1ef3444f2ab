"""Gradual semantics: how strong each argument of a weighted bipolar graph is, in 0..1."""

import math
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

import numpy as np

from argmap.analysis.frameworks import Indices
from argmap.analysis.weighted import Group, Layer, Numbers, WeightedGraph
from argmap.errors import AnalysisTimeout


class Gradual(StrEnum):
    """How supports and attacks change a base score b.

    df-quad (Rago, Toni, Aurisicchio, Baroni 2016): attackers combine to 1 - product(1 - s), supporters likewise; b
    moves by their difference of the way to 0 or 1. quadratic-energy (Potyka 2018): with E = sum of supporters - sum of
    attackers and h(x) = x^2 / (1 + x^2), b moves by h(|E|) of the way to 0 or 1. euler (Amgoud and Ben-Naim 2017, the
    Euler-based semantics): 1 - (1 - b^2) / (1 + b e^E).
    """

    DF_QUAD = "df-quad"
    QUADRATIC_ENERGY = "quadratic-energy"
    EULER = "euler"


class Linked(StrEnum):
    """What linked premises carry over together: the strength of the weakest, or the product of all."""

    MINIMUM = "minimum"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the strengths of a cyclic graph were found.

    `steps` of continuous time up to `time` were made; `residual` is the largest speed of change at the end; `converged`
    says that it fell under 1e-9. Without convergence the strengths are the last ones seen, not an answer.
    """

    converged: bool
    steps: int
    time: float
    residual: float


_STILL = 1e-9
_MAX_STEPS = 5_000
_SHARE, _FINEST = (
    0.03,
    1e-12,
)  # of a step's way by which it may miss the path, and what is never worth a finer step


def strengths(
    graph: WeightedGraph,
    semantics: Gradual,
    linked: Linked = Linked.MINIMUM,
    *,
    base: Numbers | None = None,
    present: Numbers | None = None,
    until: float = math.inf,
) -> tuple[Numbers, Convergence | None]:
    """Return the strength of each node, and how it was found where the graph has a cycle (None without).

    `base` replaces the base scores, `present` (0 or 1 per node) takes nodes out: an absent one has strength 0, which
    under all three semantics is to be without influence, and takes the step with it that needs it. Both may have a
    second axis of variants that are evaluated side by side; the answer then has it too.

    Without a cycle one pass in dependency order is exact. With one, the strengths are the limit of ds/dt = f(s) - s
    from s = base (Potyka 2018), followed with the Runge-Kutta pair of Bogacki and Shampine (1989) and adaptive steps;
    of several variants all must come to rest.

    Raises AnalysisTimeout when that is not done until a time of `time.monotonic()`.
    """
    base = graph.base if base is None else base
    if present is not None and base.ndim < present.ndim:
        base = base[:, None]
    shape = base.shape if present is None else np.broadcast_shapes(base.shape, present.shape)
    result: Numbers = np.array(np.broadcast_to(base, shape))
    if present is not None:
        result *= present
    if graph.layers is not None:
        for layer in graph.layers[1:]:  # the first layer keeps its base scores
            check_time(until)
            _update(result, base, present, layer, semantics, linked)
        return result, None
    return _settle(graph, base, present, result, semantics, linked, until)


def check_time(until: float) -> None:
    """Raise AnalysisTimeout after a time of `time.monotonic()`."""
    if monotonic() > until:
        raise AnalysisTimeout("the analysis was not done in its time; a smaller map may be")


def _settle(
    graph: WeightedGraph,
    base: Numbers,
    present: Numbers | None,
    strength: Numbers,
    semantics: Gradual,
    linked: Linked,
    until: float,
) -> tuple[Numbers, Convergence]:
    def speed(at: Numbers) -> Numbers:
        after = at.copy()
        _update(after, base, present, graph.whole, semantics, linked)
        change: Numbers = after - at
        return change

    time, width = 0.0, 0.5
    here = speed(strength)
    for step in range(_MAX_STEPS):
        check_time(until)
        residual = _largest(here)
        if residual < _STILL:
            return strength, Convergence(True, step, time, residual)
        second = speed(strength + width / 2 * here)
        third = speed(strength + width * 3 / 4 * second)
        after = np.clip(strength + width / 9 * (2 * here + 3 * second + 4 * third), 0.0, 1.0)
        there = speed(after)
        error = width / 72 * _largest(6 * second + 8 * third - 5 * here - 9 * there)
        allowed = max(_FINEST, _SHARE * residual * width)
        if error <= allowed:
            strength, here, time = after, there, time + width
        width *= min(2.0, max(0.2, 0.9 * (allowed / max(error, 1e-300)) ** (1 / 3)))
        width = min(width, 2.0)
    return strength, Convergence(False, _MAX_STEPS, time, _largest(here))


def _largest(change: Numbers) -> float:
    return float(np.abs(change).max(initial=0.0))


def _update(
    strength: Numbers,
    base: Numbers,
    present: Numbers | None,
    layer: Layer,
    semantics: Gradual,
    linked: Linked,
) -> None:
    """Set the strengths of a layer's nodes from those of the nodes that they depend on."""
    nodes, own = layer.nodes, base[layer.nodes]
    if own.ndim < strength.ndim:
        own = own[:, None]
    if semantics is Gradual.DF_QUAD:
        push = _gathered(strength, layer.attacks, nodes.size, np.multiply, 1.0, inverse=True)
        push -= _gathered(strength, layer.supports, nodes.size, np.multiply, 1.0, inverse=True)
        changed = own + np.where(push > 0, (1 - own) * push, own * push)
    else:
        energy = _gathered(strength, layer.supports, nodes.size, np.add, 0.0)
        energy -= _gathered(strength, layer.attacks, nodes.size, np.add, 0.0)
        if semantics is Gradual.QUADRATIC_ENERGY:
            squared = energy * energy
            push = squared / (1 + squared)
            changed = own + np.where(energy > 0, (1 - own) * push, -own * push)
        else:
            changed = _euler(own, energy, layer.premises.target)
    if layer.premises.target.size:
        join = np.minimum if linked is Linked.MINIMUM else np.multiply
        changed = changed * _gathered(strength, layer.premises, nodes.size, join, 1.0)
    strength[nodes] = changed if present is None else changed * present[nodes]


def _euler(own: Numbers, energy: Numbers, steps: Indices) -> Numbers:
    """Move base scores by an energy, and those of steps as far as it would move a neutral argument.

    A base score of 1 is beyond attack under this semantics, so that no undercut could touch an unweighted step. What
    a step loses or gains is therefore the part of the way to 0 or 1 that an argument with base score 1/2 would go;
    under the other two semantics every base score goes the same part of the way, so that this is no exception there.
    """
    lift = np.exp(np.minimum(energy, 700.0))
    changed: Numbers = 1 - (1 - own * own) / (1 + own * lift)
    if steps.size:
        part = 1 - 1.5 / (
            1 + 0.5 * lift[steps]
        )  # from -1 to 1: twice the neutral argument's strength, less 1
        weight = own[steps]
        changed[steps] = weight + np.where(part > 0, (1 - weight) * part, weight * part)
    return changed


def _gathered(
    strength: Numbers,
    group: Group,
    size: int,
    join: np.ufunc,
    neutral: float,
    inverse: bool = False,
) -> Numbers:
    """Join the strengths (or 1 minus them) of the edges of each of a layer's nodes; `neutral` for nodes without any."""
    result: Numbers = np.full((size, *strength.shape[1:]), neutral)
    if group.target.size:
        incoming = strength[group.source]
        if inverse:
            incoming = 1 - incoming
        result[group.target] = join.reduceat(incoming, group.start, axis=0)
    return result

"""How strong each claim of a map is once its supports and attacks are counted in."""

from time import monotonic

from argmap.analysis.gradual import Convergence, Gradual, Linked, strengths
from argmap.analysis.weighted import graph_of
from argmap.model import ArgumentMap
from argmap.model.base import Value


class Iteration(Value):
    """How the strengths of a map with circles were found: see argmap.analysis.gradual.Convergence."""

    converged: bool
    steps: int
    time: float
    residual: float


class Strengths(Value):
    """The strength of each claim and relation, in 0..1.

    `claims` and `relations` are by id, in the map's order; a relation's strength is what the step carries over.
    `iteration` is None for a map without circles, whose strengths are exact.
    """

    semantics: Gradual
    linked: Linked
    claims: dict[str, float]
    relations: dict[str, float]
    iteration: Iteration | None = None


def strength(
    map: ArgumentMap,
    semantics: Gradual = Gradual.QUADRATIC_ENERGY,
    linked: Linked = Linked.MINIMUM,
    *,
    seconds: float = 60.0,
) -> Strengths:
    """Return the strength of every claim and relation of a map under a gradual semantics.

    Raises AnalysisTimeout when a map with circles does not come to rest in that many seconds.
    """
    whole = graph_of(map)
    found, convergence = strengths(whole.graph, semantics, linked, until=monotonic() + seconds)
    values = found.tolist()
    return Strengths(
        semantics=semantics,
        linked=linked,
        claims={claim.id: values[whole.node[claim.id]] for claim in map.claims},
        relations={relation.id: values[whole.node[relation.id]] for relation in map.relations},
        iteration=None if convergence is None else _iteration(convergence),
    )


def _iteration(convergence: Convergence) -> Iteration:
    return Iteration(
        converged=convergence.converged,
        steps=convergence.steps,
        time=convergence.time,
        residual=convergence.residual,
    )

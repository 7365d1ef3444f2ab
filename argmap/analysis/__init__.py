"""What can be said about a map: review, structure, acceptability, strength, explanation, questions, comparison."""

from argmap.analysis.acceptability import (
    Acceptance,
    Extensions,
    Label,
    Labelling,
    Semantics,
    accept,
    extensions,
)
from argmap.analysis.frameworks import Framework, MapFramework, Support, framework_of
from argmap.analysis.gradual import Convergence, Gradual, Linked, strengths
from argmap.analysis.strength import Iteration, Strengths, strength
from argmap.analysis.weighted import MapGraph, WeightedGraph, graph_of

__all__ = [
    "Acceptance",
    "Convergence",
    "Extensions",
    "Framework",
    "Gradual",
    "Iteration",
    "Label",
    "Labelling",
    "Linked",
    "MapFramework",
    "MapGraph",
    "Semantics",
    "Strengths",
    "Support",
    "WeightedGraph",
    "accept",
    "extensions",
    "framework_of",
    "graph_of",
    "strength",
    "strengths",
]

"""What can be said about a map: review, structure, acceptability, strength, explanation, questions, comparison.

The review has a package of its own (`from argmap.analysis.review import review`); the rest is imported from here.
"""

from argmap.analysis.acceptability import (
    Acceptance,
    Extensions,
    Label,
    Labelling,
    Semantics,
    accept,
    extensions,
)
from argmap.analysis.comparison import Comparison, compare
from argmap.analysis.explanation import Explanation, Verdict, explain
from argmap.analysis.frameworks import Framework, MapFramework, Support, framework_of
from argmap.analysis.gradual import Convergence, Gradual, Linked, strengths
from argmap.analysis.questions import (
    Asked,
    Questions,
    questions_of,
    raise_question,
    with_open_questions,
)
from argmap.analysis.schemes import KnownScheme, known_schemes
from argmap.analysis.statistics import Collection, Statistics, collect, statistics_of
from argmap.analysis.strength import Iteration, Strengths, strength
from argmap.analysis.weighted import MapGraph, WeightedGraph, graph_of
from argmap.analysis.what_if import Consequences, Supposition, suppose

__all__ = [
    "Acceptance",
    "Asked",
    "Collection",
    "Comparison",
    "Consequences",
    "Convergence",
    "Explanation",
    "Extensions",
    "Framework",
    "Gradual",
    "Iteration",
    "KnownScheme",
    "Label",
    "Labelling",
    "Linked",
    "MapFramework",
    "MapGraph",
    "Questions",
    "Semantics",
    "Statistics",
    "Strengths",
    "Support",
    "Supposition",
    "Verdict",
    "WeightedGraph",
    "accept",
    "collect",
    "compare",
    "explain",
    "extensions",
    "framework_of",
    "graph_of",
    "known_schemes",
    "questions_of",
    "raise_question",
    "statistics_of",
    "strength",
    "strengths",
    "suppose",
    "with_open_questions",
]

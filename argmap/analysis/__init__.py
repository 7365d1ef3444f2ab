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

__all__ = [
    "Acceptance",
    "Extensions",
    "Framework",
    "Label",
    "Labelling",
    "MapFramework",
    "Semantics",
    "Support",
    "accept",
    "extensions",
    "framework_of",
]

"""Marking a class: where a team's map stands against a reference, which points that suggests, what a class found."""

from argmap.analysis.marking.placement import (
    FoundClaim,
    Joint,
    Placed,
    Placement,
    SamePoint,
    place,
)
from argmap.analysis.marking.points import (
    Criterion,
    Deduction,
    Proposal,
    default_stars,
    propose,
)
from argmap.analysis.marking.tally import Count, Tally, tally

__all__ = [
    "Count",
    "Criterion",
    "Deduction",
    "FoundClaim",
    "Joint",
    "Placed",
    "Placement",
    "Proposal",
    "SamePoint",
    "Tally",
    "default_stars",
    "place",
    "propose",
    "tally",
]

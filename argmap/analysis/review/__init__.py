"""What a coach would mark in a map: rules that each have a code, a severity and one sentence of advice."""

from collections.abc import Collection

from argmap.analysis.review import structure, wording
from argmap.analysis.review.finding import Finding, Review, Rule, Severity
from argmap.analysis.review.report import lines, sarif
from argmap.analysis.shape import Shape
from argmap.errors import NotFound
from argmap.model import ArgumentMap

RULES = (*structure.RULES, *wording.RULES)

__all__ = ["RULES", "Finding", "Review", "Rule", "Severity", "lines", "review", "sarif"]


def review(map: ArgumentMap, without: Collection[str] = ()) -> Review:
    """Review a map by all rules except those whose codes are in `without`.

    Raises NotFound when `without` names a rule that does not exist.
    """
    unknown = sorted(set(without) - {rule.code for rule in RULES})
    if unknown:
        raise NotFound(f"there is no review rule named {', '.join(unknown)}")
    shape = Shape(map)
    rules = [rule for rule in RULES if rule.code not in without]
    return Review(
        findings=tuple(
            Finding(
                code=rule.code,
                severity=rule.severity,
                claims=found.claims,
                relations=found.relations,
                advice=found.advice,
            )
            for rule in rules
            for found in rule.check(shape)
        ),
        rules=tuple(rule.code for rule in rules),
    )

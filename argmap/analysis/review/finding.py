"""What a review finds, and what a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from argmap.analysis.shape import Shape
from argmap.model.base import Value


class Severity(StrEnum):
    """How much a finding matters: an error breaks the argument, a warning is a gap, a note is advice on style."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Value):
    """One thing that a coach would mark.

    `code` is the rule's, stable for programs. `claims` and `relations` are the ids concerned, the most important
    first. `advice` is one sentence that says what was found and what to do about it.
    """

    code: str
    severity: Severity
    claims: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    advice: str


class Review(Value):
    """The findings about one map, in the order of the rules, and the codes of the rules that were applied."""

    findings: tuple[Finding, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule's check yields: a finding still without its rule's code and severity."""

    advice: str
    claims: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the review: its code, what it looks for in a few words, why that matters, and the check."""

    code: str
    severity: Severity
    title: str
    reason: str
    check: Callable[[Shape], Iterator[Found]]

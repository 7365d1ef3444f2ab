"""Figures about a map: how many of what, how deep and wide, how much of the article it covers, who speaks."""

import statistics
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from argmap.analysis.shape import Shape
from argmap.model import ArgumentMap, ClaimKind, QuoteState, RelationKind
from argmap.model.base import Value

_Kind = TypeVar("_Kind", bound=StrEnum)


class Statistics(Value):
    """Figures about one map.

    `depth`: steps between the theses and the claim farthest from them. `breadth`: the most claims at one distance.
    `unconnected`: claims that lead to no thesis. `linked`: steps with several premises. `convergent`: claims and
    steps with several independent supports. `undercuts`: attacks on steps. `implicit`: claims that the author never
    says. `coverage`: the share of the article's text, without white space, that quotes cover, in 0..1; None without
    a stored text. `speakers`: the share of claims by speaker, in 0..1, most first; what nobody else says is the
    author's, under the empty name.
    """

    claims: int
    relations: int
    kinds: dict[ClaimKind, int]
    relation_kinds: dict[RelationKind, int]
    depth: int
    breadth: int
    unconnected: int
    linked: int
    convergent: int
    undercuts: int
    implicit: int
    words: int
    quotes: dict[QuoteState, int]
    coverage: float | None
    speakers: dict[str, float]


class Distribution(Value):
    """How one figure is spread over several maps."""

    total: float
    least: float
    mean: float
    median: float
    most: float


class Collection(Value):
    """Figures over several maps: their number, and the spread of each figure over the maps that have it."""

    maps: int
    figures: dict[str, Distribution]


def statistics_of(map: ArgumentMap) -> Statistics:
    """Count what a map consists of."""
    shape = Shape(map)
    relation_ids = {relation.id for relation in map.relations}
    levels = Counter(shape.depth[claim.id] for claim in map.claims if claim.id in shape.depth)
    speakers = Counter(claim.speaker or "" for claim in map.claims)
    return Statistics(
        claims=len(map.claims),
        relations=len(map.relations),
        kinds=_counts(ClaimKind, (claim.kind for claim in map.claims)),
        relation_kinds=_counts(RelationKind, (relation.kind for relation in map.relations)),
        depth=max(levels, default=0),
        breadth=max(levels.values(), default=0),
        unconnected=len(map.claims) - levels.total(),
        linked=sum(len(relation.sources) > 1 for relation in map.relations),
        convergent=sum(len(shape.supports_of(id)) > 1 for id in shape.into),
        undercuts=sum(
            relation.kind is RelationKind.ATTACKS and relation.target in relation_ids
            for relation in map.relations
        ),
        implicit=sum(claim.implicit for claim in map.claims),
        words=sum(len(claim.text.split()) for claim in map.claims),
        quotes=_counts(QuoteState, (quote.state for claim in map.claims for quote in claim.quotes)),
        coverage=_coverage(map),
        speakers={name: count / len(map.claims) for name, count in speakers.most_common()},
    )


def collect(maps: Iterable[Statistics]) -> Collection:
    """Summarise the figures of several maps."""
    every = list(maps)
    values: dict[str, list[float]] = {}
    for one in every:
        for name, value in _figures(one):
            values.setdefault(name, []).append(value)
    return Collection(
        maps=len(every),
        figures={
            name: Distribution(
                total=sum(found),
                least=min(found),
                mean=statistics.fmean(found),
                median=statistics.median(found),
                most=max(found),
            )
            for name, found in values.items()
        },
    )


def _counts(kinds: Iterable[_Kind], found: Iterable[_Kind]) -> dict[_Kind, int]:
    counted = Counter(found)
    return {kind: counted[kind] for kind in kinds}


def _coverage(map: ArgumentMap) -> float | None:
    text = map.article.text if map.article else None
    if text is None:
        return None
    spans = sorted(
        (quote.start, quote.end)
        for claim in map.claims
        for quote in claim.quotes
        if quote.start is not None and quote.end is not None
    )
    covered, reached = 0, 0
    for start, end in spans:
        covered += _ink(text[max(start, reached) : end])
        reached = max(reached, end)
    return covered / _ink(text)


def _ink(text: str) -> int:
    return sum(map(len, text.split()))


def _figures(one: Statistics) -> Iterable[tuple[str, float]]:
    for name, value in one:
        if isinstance(value, int | float):
            yield name, value
    yield from ((f"kinds.{kind}", count) for kind, count in one.kinds.items())
    yield from ((f"relation_kinds.{kind}", count) for kind, count in one.relation_kinds.items())
    yield from ((f"quotes.{state}", count) for state, count in one.quotes.items())

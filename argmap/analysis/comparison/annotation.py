"""An annotated text in the terms of the Argument Interchange Format, and how a map becomes one."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from argmap.model import ArgumentMap, RelationKind

PROPOSITION, LOCUTION, ILLOCUTION, TRANSITION = "I", "L", "YA", "TA"
STEPS = ("RA", "CA", "MA")
_STEP_OF = dict(zip(RelationKind, STEPS, strict=True))


class Node(NamedTuple):
    """A node of an annotation: its AIF type (I, L, YA, TA, RA, CA, MA) and text."""

    type: str
    text: str


@dataclass(frozen=True, eq=False)
class Annotation:
    """An annotated text in the terms of the Argument Interchange Format: nodes by id, edges, and segments.

    `segments` is the number of words of every segment of the text in turn, None where the text is not known.
    """

    nodes: dict[str, Node]
    edges: Sequence[tuple[str, str]]
    segments: Sequence[int] | None = None

    @cached_property
    def after(self) -> dict[str, list[str]]:
        """Nodes by the nodes that lead to them directly, in the order of the edges."""
        found: dict[str, list[str]] = {id: [] for id in self.nodes}
        for one, other in self.edges:
            found[one].append(other)
        return found

    @cached_property
    def before(self) -> dict[str, list[str]]:
        """Nodes by the nodes that they lead to directly, in the order of the edges."""
        found: dict[str, list[str]] = {id: [] for id in self.nodes}
        for one, other in self.edges:
            found[other].append(one)
        return found

    def of_type(self, type: str) -> list[str]:
        """Return the ids of the nodes of a type."""
        return [id for id, node in self.nodes.items() if node.type == type]

    def without_analysts(self) -> "Annotation":
        """Leave out the analysts' own locutions and the illocutions "Analysing" that they lead through."""
        analysing = {
            id
            for id, node in self.nodes.items()
            if node.type == ILLOCUTION and node.text == "Analysing"
        }
        gone = analysing | {one for one, other in self.edges if other in analysing}
        return Annotation(
            {id: node for id, node in self.nodes.items() if id not in gone},
            [pair for pair in self.edges if pair[0] not in gone and pair[1] not in gone],
            self.segments,
        )


def annotation_of(map: ArgumentMap) -> Annotation:
    """Return a map as an annotation: claims as propositions, relations as steps, quotes as segments of its article."""
    nodes = {claim.id: Node(PROPOSITION, claim.text) for claim in map.claims}
    nodes |= {relation.id: Node(_STEP_OF[relation.kind], "") for relation in map.relations}
    edges = [(source, relation.id) for relation in map.relations for source in relation.sources]
    edges += [(relation.id, relation.target) for relation in map.relations]
    return Annotation(nodes, edges, _segments(map))


def _segments(map: ArgumentMap) -> list[int] | None:
    text = map.article.text if map.article else None
    if text is None:
        return None
    quotes = [quote for claim in map.claims for quote in claim.quotes]
    cuts = [place for quote in quotes for place in (quote.start, quote.end) if place is not None]
    return segments_of(text, cuts)


def segments_of(text: str, cuts: Iterable[int]) -> list[int]:
    """Return the number of words of each segment of a text that is cut at some places (counted in code points).

    A word that is cut belongs to the segment that it begins in.
    """
    places = sorted({place for place in cuts if place > 0})
    sizes = [0] * (len(places) + 1)
    for word in re.finditer(r"\S+", text):
        sizes[bisect_right(places, word.start())] += 1
    return sizes

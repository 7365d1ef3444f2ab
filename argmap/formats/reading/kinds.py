"""The rule that gives a claim its kind where a format does not say it."""

import re
from collections.abc import Iterable

from argmap.formats.reading.draft_items import DraftRelation
from argmap.model import ClaimKind, Relation, RelationKind

_FIGURE = re.compile(r"\d")


def infer_kinds(
    claims: Iterable[tuple[str, str, bool]], relations: Iterable[Relation | DraftRelation]
) -> dict[str, ClaimKind]:
    """Give each claim (id, text, has it a source) its kind by its place in the map, the first rule that fits:

    1. A source of an attack is a rebuttal.
    2. A claim that supports nothing is a thesis (a sink); one that only restates another has that one's kind.
    3. A claim that supports, is itself unsupported, and has a source or a figure (a digit in its text) is evidence.
    4. Every other claim is a premise.
    """
    attacking: set[str] = set()
    supporting: set[str] = set()
    supported: set[str] = set()
    restated: dict[str, str] = {}
    for relation in relations:
        if relation.kind is RelationKind.ATTACKS:
            attacking.update(relation.sources)
        elif relation.kind is RelationKind.SUPPORTS:
            supporting.update(relation.sources)
            supported.add(relation.target or "")
        else:
            for source in relation.sources:
                restated.setdefault(source, relation.target or "")
    kinds: dict[str, ClaimKind] = {}
    for id, text, has_source in claims:
        if id in attacking:
            kinds[id] = ClaimKind.REBUTTAL
        elif id not in supporting:
            kinds[id] = ClaimKind.THESIS
        elif id not in supported and (has_source or _FIGURE.search(text)):
            kinds[id] = ClaimKind.EVIDENCE
        else:
            kinds[id] = ClaimKind.PREMISE
    settled = attacking | supporting
    for id in restated:
        if id in kinds and id not in settled:
            _take_restated_kind(id, restated, kinds, settled)
    return kinds


def _take_restated_kind(
    id: str, restated: dict[str, str], kinds: dict[str, ClaimKind], settled: set[str]
) -> None:
    """Follow a chain of restatements to its end and give every claim on the way the kind found there."""
    path: list[str] = []
    current = id
    while current in restated and current not in settled:
        settled.add(current)
        path.append(current)
        current = restated[current]
    kind = kinds.get(current, ClaimKind.THESIS)
    for passed in path:
        kinds[passed] = kind

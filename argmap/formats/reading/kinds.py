"""The rule that gives a claim its kind where a format does not say it."""

import re
from collections.abc import Iterable

from argmap.formats.reading.draft_items import DraftRelation
from argmap.model import ClaimKind, Relation, RelationKind

# A measured figure: with a unit, a currency or a decimal, or a large number that is no year. Names ("G7", "Covid-19"),
# dates, times and numbers of a list are none.
_UNITS = (
    "%|‰|per ?cent|percentage|pct|prozent|pour cent|por ciento|thousand|hundred|tausend|(?:m|b|tr)illion(?:s|en)?|"
    "milliarden?|milliards?|euros?|dollars?|pounds?|kg|km|miles?|tons?|tonnes?|[mg]w|°[cf]"
)
_LARGE = r"\d{1,3}(?:[,.' ]\d{3})+|\d{5,9}|[3-9]\d{3}|\d{3}|\d{1,9}[.,]\d{1,2}"
_FIGURE = re.compile(
    rf"[$€£¥]\s?\d|\d\s?[$€£¥]|\d[ -]?(?:{_UNITS})(?![^\W\d_])|(?<![\w.,:/-])(?:{_LARGE})(?![\w/:-]|[.,]\d)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


def _has_figure(text: str) -> bool:
    return _DIGIT.search(text) is not None and _FIGURE.search(text) is not None


def infer_kinds(
    claims: Iterable[tuple[str, str, bool]], relations: Iterable[Relation | DraftRelation]
) -> dict[str, ClaimKind]:
    """Give each claim (id, text, has it a source) its kind by its place in the map, the first rule that fits:

    1. A source of an attack is a rebuttal.
    2. A claim that supports nothing, and that something supports or attacks, is a thesis; so is a map's only claim.
       One that only restates another has that one's kind.
    3. A claim that supports, is itself unsupported, and has a source or a measured figure in its text is evidence.
    4. Every other claim is a premise, a loose one too.
    """
    attacking: set[str] = set()
    supporting: set[str] = set()
    supported: set[str] = set()
    bearing: set[str] = set()  # what something supports or attacks
    restated: dict[str, str] = {}
    for relation in relations:
        if relation.kind is RelationKind.ATTACKS:
            attacking.update(relation.sources)
            bearing.add(relation.target or "")
        elif relation.kind is RelationKind.SUPPORTS:
            supporting.update(relation.sources)
            supported.add(relation.target or "")
            bearing.add(relation.target or "")
        else:
            for source in relation.sources:
                restated.setdefault(source, relation.target or "")
    kinds: dict[str, ClaimKind] = {}
    claims = list(claims)
    for id, text, has_source in claims:
        if id in attacking:
            kinds[id] = ClaimKind.REBUTTAL
        elif id not in supporting and (id in bearing or len(claims) == 1):
            kinds[id] = ClaimKind.THESIS
        elif id in supporting and id not in supported and (has_source or _has_figure(text)):
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
    kind = kinds.get(current, ClaimKind.PREMISE)
    for passed in path:
        kinds[passed] = kind

"""A map in words: the order in which to read its claims, and a name for each claim and relation."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, QuoteState, Relation, RelationKind
from argmap.model.order import Forest, forest

# One source does, several do, what it is doing, what was done to the target.
_DOES = {
    RelationKind.SUPPORTS: ("supports", "support", "supporting", "supported"),
    RelationKind.ATTACKS: ("attacks", "attack", "attacking", "attacked"),
    RelationKind.RESTATES: ("restates", "restate", "restating", "restated"),
}
_ASKED = "cq_"
_NAMED = 12  # ids in one list; the rest is counted
_QUOTES = "“”„«»‹›‘\"'"
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # of direction
_BREAK = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_ISOLATE, _END = "\u2068", "\u2069"


class Reading(NamedTuple):
    """Claims in reading order, with the names of claims and relations by id."""

    claims: list[Claim]
    names: dict[str, str]


def reading(map: ArgumentMap, trees: Forest | None = None) -> Reading:
    """Put a map into words for those who do not see it; `trees` are those of the map, where known.

    A thesis comes first, each claim is followed by what speaks for and against it, and loose claims come last.
    """
    called = {claim.id: f"{claim.kind} {claim.id}" for claim in map.claims}
    aimed: dict[str, list[Relation]] = defaultdict(list)
    for relation in map.relations:
        aimed[relation.target].append(relation)
    for relation in map.relations:
        if relation.id in aimed:
            called[relation.id] = (
                f"the step from {listed(relation.sources)} to {_end(map, relation)}"
            )
    names: dict[str, str] = {}
    steps: dict[str, str] = defaultdict(str)  # by claim, what it does
    fates: dict[str, str] = {}  # by claim, what is done to it
    for target, relations in aimed.items():
        object = called[target]
        by_kind: dict[RelationKind, list[Relation]] = {}
        for relation in relations:
            by_kind.setdefault(relation.kind, []).append(relation)
        fate = ""
        for kind, same in by_kind.items():
            one, several, doing, done = _DOES[kind]
            acting: list[str] = []
            for place, relation in enumerate(same, 1):
                sources = relation.sources
                which = f", {place} of {len(same)} " if len(same) > 1 else ", "
                scheme = f" (scheme: {spoken(scheme_of(relation))})" if scheme_of(relation) else ""
                acting += sources
                if len(sources) == 1:
                    names[relation.id] = f"{sources[0]} {one} {object}{scheme}"
                    steps[sources[0]] += f"{which}{doing} {object}"
                    continue
                names[relation.id] = f"{listed(sources)} together {several} {object}{scheme}"
                for source in sources:
                    others = listed([id for id in sources if id != source])
                    steps[source] += f"{which}together with {others} {doing} {object}"
            fate += f"; {done} by {listed(acting)}"
        fates[target] = fate
    claims = _order(map, trees or forest(map))
    for claim in claims:
        id = claim.id
        is_a = f"Implicit {claim.kind}" if claim.implicit else claim.kind.capitalize()
        label = f"{spoken(claim.label)}: " if claim.label else ""
        speaker = f", said by {spoken(claim.speaker)}" if claim.speaker else ""
        words = spoken(words_of(claim).strip())
        names[id] = f"{is_a} {id}{steps.get(id, '')}: {label}{words}{speaker}{fates.get(id, '')}"
    return Reading(claims, names)


def _end(map: ArgumentMap, relation: Relation) -> str:
    """Name what a step leads to: a claim, or another step by where that one leads."""
    target = map.by_id[relation.target]
    if isinstance(target, Claim):
        return target.id
    return f"the step from {listed(target.sources)}"


def words_of(claim: Claim) -> str:
    """Return what a claim says, in quotation marks where those are the words of its article.

    They are when a quote of the claim has the same words and was not lost; the article's text need not be stored.
    """
    words = claim.text.split() if claim.quotes else []
    for quote in claim.quotes:
        if quote.state is not QuoteState.ORPHAN and quote.exact.split() == words:
            text = claim.text.strip()
            has_marks = text[0] in _QUOTES and text[-1] in _QUOTES
            return claim.text if has_marks else f"“{text}”"
    return claim.text


def scheme_of(relation: Relation) -> str:
    """Return the name of a relation's scheme, made of its key where it has no name; "" without a scheme."""
    scheme = relation.scheme
    if scheme and not scheme.name and (scheme.key or "").startswith(_ASKED):
        return ""  # the key of a critical question, which stands on the card itself
    return (scheme.name or (scheme.key or "").replace("_", " ")) if scheme else ""


def spoken(words: str) -> str:
    """Return words as they can stand in a sentence: on one line, and with their direction kept to themselves."""
    if not words.isprintable():
        words = _BREAK.sub(" ", words)
    if words.isascii():
        return words
    words = words.translate(_CONTROLS)
    leftwards = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in words)
    return f"{_ISOLATE}{words}{_END}" if leftwards else words


def _order(map: ArgumentMap, trees: Forest) -> list[Claim]:
    """Return the claims of a map as its outline has them, but what is about a step right after that step's sources."""
    found: list[Claim] = []
    todo = [claim.id for claim in reversed((*trees.roots, *trees.loose))]
    while todo:
        id = todo.pop()
        if (claim := map.claim(id)) is not None:
            found.append(claim)
        for relation in reversed(trees.below.get(id, ())):
            todo.append(relation.id)
            todo.extend(reversed(trees.own(relation)))
    return found


def listed(ids: Sequence[str]) -> str:
    """List ids in words; of very many the first ones and how many more there are."""
    if len(ids) == 1:
        return ids[0]
    if len(ids) > _NAMED + 1:
        return f"{', '.join(ids[:_NAMED])} and {len(ids) - _NAMED} more"
    return f"{', '.join(ids[:-1])} and {ids[-1]}"

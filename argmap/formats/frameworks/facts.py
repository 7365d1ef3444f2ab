"""Facts like `arg(a).` and `att(a, b).`, in which abstract and weighted argumentation frameworks are written."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from argmap.errors import FormatError
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.writing.report_unsaid import (
    foreign_ids,
    report_flattened,
    report_ids,
    report_unsaid,
)
from argmap.model import ArgumentMap, RelationKind, limits

_TERM = r'(\s*"(?:[^"\\]|\\.)*"|[^,()"]*)'
_FACT = re.compile(rf"\s*([a-z_]{{1,20}})\s*\({_TERM}(?:,{_TERM})?\)\s*\.?")
_TEXT = re.compile(r'%\s*("(?:[^"\\]|\\.)*"|[^\s:"]+):\s+(\S.*)')
_PLAIN = re.compile(r"[a-z][A-Za-z0-9_]*")
_LEAD = 100_000  # characters that are looked at to recognise the format
_KINDS = {
    "att": RelationKind.ATTACKS,
    "attack": RelationKind.ATTACKS,
    "sup": RelationKind.SUPPORTS,
    "support": RelationKind.SUPPORTS,
}


class Fact(NamedTuple):
    """One fact: its word, one or two terms, the line it stands on, and the comment after it.

    A line that is a comment has the word "%", and the name of the argument that it begins with ("% a: text").
    """

    word: str
    first: str
    second: str | None
    line: int
    comment: str


def facts(text: str) -> Iterator[Fact]:
    """Yield the facts of a text; "%" and "#" begin comments. Raises FormatError with the line of what is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        place = 0
        found: list[Fact] = []
        while True:
            match = _FACT.match(line, place)
            if match is None:
                break
            first, second = _term(match[2]), _term(match[3]) if match[3] is not None else None
            found.append(Fact(match[1], first, second, number, ""))
            place = match.end()
            if len(found) > limits.CLAIMS + limits.RELATIONS:
                raise FormatError("this line has more facts than a map may have", line=number)
        rest = line[place:].strip()
        for fact in found:
            yield fact._replace(comment=rest[1:].strip())
        if rest and rest[0] not in "%#":
            raise FormatError("expected arg(a) or att(a, b)", line=number)
        if rest and not found:
            named = _TEXT.fullmatch(rest)
            name, words = (_term(named[1]), named[2]) if named else ("", rest[1:].strip())
            yield Fact("%", name, None, number, words)


def _term(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def are_facts(content: Content) -> list[Fact]:
    """Return some facts that a file begins with, up to where it is broken; none where no argument is among them."""
    found: list[Fact] = []
    if content.lead and content.lead[0] in "aspt%#":
        with suppress(FormatError):  # what stands before the fault is found all the same
            found.extend(facts(content.text[:_LEAD]))
    return found if any(fact.word == "arg" for fact in found) else []


def load_facts(content: Content, draft: Draft) -> ArgumentMap:
    """Read `arg` as claims, with their weight where one is told, and `att` and `sup` as relations.

    The text of a claim is the comment after its fact, or on a line that begins with its name, else its name.
    """
    losses = draft.losses
    for fact in facts(content.text):
        draft.refuse_many()
        place = f"line {fact.line}"
        claim = draft.claims.get(fact.first)
        if fact.word == "%" and claim is not None and claim.text == fact.first:
            claim.text = fact.comment
            continue
        if fact.comment and fact.word != "arg":
            losses.add(LossKind.NOTE, "A comment was left out.", (place,))
        if fact.word == "arg":
            if claim is not None or not fact.first:
                losses.add(
                    LossKind.DUPLICATE, "A second argument of the same name was left out.", (place,)
                )
                continue
            weight = _weight(fact, losses)
            draft.claims[fact.first] = DraftClaim(
                fact.first, fact.comment or fact.first, None, {"weight": weight}
            )
        elif fact.word in _KINDS and fact.second is not None:
            relation = DraftRelation(None, _KINDS[fact.word], [fact.first], fact.second)
            draft.relations[f"{place}, {len(draft.relations)}"] = relation
        elif fact.word != "%":
            losses.add(LossKind.STRUCTURE, "A fact of another kind was left out.", (place,))
    return draft.build()


def _weight(fact: Fact, losses: Losses) -> float | None:
    if fact.second is None:
        return None
    try:
        weight = float(fact.second)
    except ValueError:
        weight = -1.0
    if 0 <= weight <= 1:
        return weight
    losses.add(
        LossKind.WEIGHT,
        "Dropped a weight that is not between 0 and 1.",
        (f"line {fact.line}",),
    )
    return None


def dump_facts(map: ArgumentMap, format: str, weighted: bool, losses: Losses) -> str:
    """Write claims and the relations between them; a weighted framework has supports, an abstract one has not."""
    kinds = {RelationKind.ATTACKS: "att"} | ({RelationKind.SUPPORTS: "sup"} if weighted else {})
    written = [r for r in map.relations if r.kind in kinds and map.claim(r.target) is not None]
    report_unsaid(map, format, frozenset({"claim.weight"} if weighted else ()), losses, written)
    report_flattened(map, written, losses)
    ids = foreign_ids(map, format)
    report_ids(map, format, ids, losses)
    lines: list[str] = []
    for claim in map.claims:
        text = " ".join(claim.text.split())
        if text != claim.text:
            losses.add(LossKind.TEXT, "Line breaks became blanks.", (claim.id,))
        weight = ""
        if weighted:
            weight = f", {0.5 if claim.weight is None else claim.weight}"
            if claim.weight is None:
                losses.add(LossKind.WEIGHT, "A claim without a weight counts 0.5.", (claim.id,))
        name = _written(ids[claim.id])
        lines.append(f"arg({name}{weight}).")
        if text != ids[claim.id] and weighted:
            lines[-1] += f" % {text}"
        elif text != ids[claim.id]:
            lines.append(f"% {name}: {text}")
    comma = (
        ", " if weighted else ","
    )  # solvers of abstract frameworks know no blank, and no comment after a fact
    for relation in written:
        target = _written(ids[relation.target])
        for source in relation.sources:
            lines.append(f"{kinds[relation.kind]}({_written(ids[source])}{comma}{target}).")
    if written:
        losses.add(
            LossKind.ID,
            "Relations have no names of their own.",
            (relation.id for relation in written),
        )
    return "\n".join(lines) + ("\n" if lines else "")


def _written(name: str) -> str:
    """Write a name as it is where every reader takes it, else in quotes."""
    if _PLAIN.fullmatch(name) or re.fullmatch(r"[A-Za-z0-9_]+", name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

"""Trivial graph format, in which abstract argumentation frameworks are exchanged: arguments, then attacks."""

import re

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
from argmap.model import ArgumentMap, RelationKind

_NAME = re.compile(r"(?!#)\S+")
_BLANKS = re.compile(r"[ \t]+")
_SUPPORTS = frozenset({"support", "supports", "sup", "+"})
_ATTACKS = frozenset({"", "attack", "attacks", "att", "-"})


def sniff(content: Content) -> bool:
    """Recognise a line "#" after lines of arguments, and lines of two names after it, among them names of these.

    The last line may be broken off.
    """
    if not content.lead or content.lead[0] in "{<[":
        return False
    head, found, tail = content.text.partition("\n#\n")
    if not found:
        head, found, tail = (content.text.rstrip() + "\n").partition("\n#\n")
    names = {line.split()[0] for line in head.split("\n") if line.split()}
    edges = [line.split() for line in tail.split("\n")[:50] if line.strip()]
    if not found or not names or any(len(edge) < 2 for edge in edges[:-1]):
        return False
    return not edges or any({*edge[:2]} <= names for edge in edges)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read arguments as claims, whose text is their label or else their name, and edges as attacks.

    An edge labelled "supports" is one. Raises FormatError with the line for an edge without two ends.
    """
    draft = Draft("tgf", losses)
    in_edges = False
    for number, line in enumerate(content.text.split("\n"), start=1):
        if not line.strip():
            continue
        if line.strip() == "#" and not in_edges:
            in_edges = True
        elif not in_edges:
            name, label = _parted(line)
            if name in draft.claims:
                losses.add(
                    LossKind.DUPLICATE,
                    "A second argument of the same name was left out.",
                    (f"line {number}",),
                )
                continue
            draft.claims[name] = DraftClaim(name, label or name)
            draft.refuse_many()
        else:
            source, rest = _parted(line)
            target, label = _parted(rest)
            if not target:
                raise FormatError("an edge has no second argument", line=number)
            _read_edge(draft, number, source, target, label)
            draft.refuse_many()
    if draft.claims and not in_edges:
        unmarked = 'There is no line "#", after which attacks would stand.'
        losses.add(LossKind.STRUCTURE, unmarked)
    return draft.build()


def _parted(line: str) -> tuple[str, str]:
    """Return the first word of a line and the rest."""
    first, *rest = _BLANKS.split(line.strip(), 1)
    return first, rest[0] if rest else ""


def _read_edge(draft: Draft, number: int, source: str, target: str, label: str) -> None:
    kind = RelationKind.SUPPORTS if label.lower() in _SUPPORTS else RelationKind.ATTACKS
    if label.lower() not in _SUPPORTS | _ATTACKS:
        draft.losses.add(LossKind.LABEL, "The label of an edge was left out.", (f"line {number}",))
    draft.relations[f"line {number}"] = DraftRelation(None, kind, [source], target)


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write claims with their text as label, and the attacks of claims on claims; supports have no place here."""
    written = [
        r
        for r in map.relations
        if r.kind is RelationKind.ATTACKS and map.claim(r.target) is not None
    ]
    report_unsaid(map, "tgf", frozenset(), losses, written)
    report_flattened(map, written, losses)
    ids = foreign_ids(map, "tgf", fits=_NAME)
    report_ids(map, "tgf", ids, losses)
    lines: list[str] = []
    for claim in map.claims:
        text = " ".join(claim.text.split())
        if text != claim.text:
            losses.add(LossKind.TEXT, "Line breaks became blanks.", (claim.id,))
        lines.append(ids[claim.id] if text == ids[claim.id] else f"{ids[claim.id]} {text}")
    lines.append("#")
    lines += [f"{ids[source]} {ids[r.target]}" for r in written for source in r.sources]
    if written:
        losses.add(
            LossKind.ID,
            "Attacks have no names of their own.",
            (relation.id for relation in written),
        )
    return "\n".join(lines) + "\n"

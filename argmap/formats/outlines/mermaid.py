"""A Mermaid flowchart, which Markdown pages of many hosts draw."""

import re
import textwrap

from argmap.formats.report import Losses
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

_SAID = frozenset(
    {"kind", "claim.label", "claim.implicit", "claim.speaker", "relation.scheme", "relation.label"}
)  # fmt: skip
_SHAPES = {
    ClaimKind.THESIS: ("[[", "]]"),
    ClaimKind.PREMISE: ("[", "]"),
    ClaimKind.EVIDENCE: ("[/", "/]"),
    ClaimKind.REBUTTAL: ("{{", "}}"),
}
_ARROWS = {RelationKind.SUPPORTS: "-->", RelationKind.ATTACKS: "--x", RelationKind.RESTATES: "-.->"}
_UNSAFE = re.compile(r"[^\w\s.,:!?()/-]")
_CLASSES = (
    "  classDef thesis stroke-width:3px",
    "  classDef implicit stroke-dasharray:5 5",
)


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the map as a flowchart from the bottom up; steps that are linked or led to have a node of their own.

    No text of the map can become Mermaid: every mark in it is written as a code.
    """
    report_unsaid(map, "mermaid", _SAID, losses)
    report_schemes(map.relations, losses)
    names = {claim.id: f"n{number}" for number, claim in enumerate(map.claims)}
    targeted = {relation.target for relation in map.relations}
    joined = [r for r in map.relations if len(r.sources) > 1 or r.id in targeted]
    names |= {relation.id: f"r{number}" for number, relation in enumerate(joined)}
    lines = ["flowchart BT"]
    for claim in map.claims:
        left, right = _SHAPES[claim.kind]
        lines.append(f'  {names[claim.id]}{left}"{_label(claim)}"{right}')
    lines += [f'  {names[relation.id]}((" "))' for relation in joined]
    for relation in map.relations:
        lines += _arrows(relation, names)
    lines += _CLASSES
    for name, chosen in (
        ("thesis", [c for c in map.claims if c.kind is ClaimKind.THESIS]),
        ("implicit", [c for c in map.claims if c.implicit]),
    ):
        if chosen:
            lines.append(f"  class {','.join(names[claim.id] for claim in chosen)} {name}")
    return "\n".join(lines) + "\n"


def _arrows(relation: Relation, names: dict[str, str]) -> list[str]:
    arrow = _ARROWS[relation.kind]
    scheme = name_of(relation.scheme) if relation.scheme else None
    words = " · ".join(part for part in (relation.kind.value, relation.label, scheme) if part)
    point = names.get(relation.id)
    target = names[relation.target]
    if point is None:
        return [f'  {names[relation.sources[0]]} {arrow}|"{_safe(words)}"| {target}']
    return [
        *(f"  {names[source]} --- {point}" for source in relation.sources),
        f'  {point} {arrow}|"{_safe(words)}"| {target}',
    ]


def _label(claim: Claim) -> str:
    head = f"{claim.kind.value} {claim.id}" + (f": {claim.label}" if claim.label else "")
    lines = [head]
    for paragraph in claim.text.split("\n"):
        lines += textwrap.wrap(paragraph, 40)
    if claim.speaker:
        lines.append(f"({claim.speaker})")
    return "<br/>".join(_safe(line) for line in lines)


def _safe(text: str) -> str:
    return _UNSAFE.sub(
        lambda match: f"#{ord(match[0])};", text.replace("\n", " ").replace("\t", " ")
    )

"""A Mermaid flowchart, which Markdown pages of many hosts draw; read again, as are other flowcharts and mind maps."""

import re
import textwrap

from argmap.errors import FormatError
from argmap.formats.outlines.mermaid_reader import (
    Chart,
    head_of,
    kind_of,
    plain,
    read_chart,
    read_mindmap,
)
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.naming import names_of
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes, scheme_of
from argmap.formats.source.content import Content
from argmap.formats.writing.report_unsaid import report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, limits

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


_OWN = re.compile(
    r"(thesis|premise|evidence|rebuttal) ([A-Za-z][A-Za-z0-9_-]{0,63})(?:: (.{1,200}))?"
)


def sniff(content: Content) -> bool:
    """Recognise the word with which a flowchart or a mind map begins."""
    return head_of(content.head(4_000)) is not None


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read nodes as claims and arrows as relations, or a mind map as an outline.

    What an arrow does is told by its words ("supports", "con"), by a cross at its end, or else it supports. A node
    without words joins what leads to it, as in our own charts. Raises FormatError for a line that is none of Mermaid's.
    """
    head = head_of(content.text)
    if head is None:
        raise FormatError("this does not begin as a Mermaid flowchart or mind map does")
    draft = Draft("mermaid", losses)
    if head == "mindmap":
        read_mindmap(content.text, draft)
        return draft.build()
    chart = read_chart(content.text)
    for name, words in chart.nodes.items():
        if words.strip():
            draft.claims[name] = _claim(name, words, chart, losses)
    _read_edges(chart, draft)
    return draft.build()


def _claim(name: str, words: str, chart: Chart, losses: Losses) -> DraftClaim:
    first, _, rest = words.partition("\n")
    own = _OWN.fullmatch(first)
    if own is None or not rest:
        return DraftClaim(name, " ".join(words.split()))
    fields: dict[str, object] = {}
    if own[3]:
        fields["label"] = fit_fields.one_line(own[3], limits.LABEL, losses, own[2])
    lines = rest.split("\n")
    if len(lines) > 1 and lines[-1].startswith("— "):
        fields["speaker"] = fit_fields.one_line(lines.pop()[2:], limits.NAME, losses, own[2])
    if "implicit" in chart.classes.get(name, "").split():
        fields["implicit"] = True
    return DraftClaim(own[2], " ".join(lines), ClaimKind(own[1]), fields)


def _read_edges(chart: Chart, draft: Draft) -> None:
    """Read arrows in their order; those to and from a node without words are one relation together."""
    joins = {name for name, words in chart.nodes.items() if not words.strip()}
    sources: dict[str, list[str]] = {name: [] for name in joins}
    for edge in chart.edges:
        if edge.target in joins and edge.source not in joins and not edge.head:
            sources[edge.target].append(edge.source)
    for number, edge in enumerate(chart.edges):
        if edge.target in joins and edge.source not in joins and not edge.head:
            continue
        key = edge.source if edge.source in joins else f"edge {number}"
        if key in draft.relations:
            draft.losses.add(
                LossKind.RELATION, "A second arrow from a join was left out.", (edge.place,)
            )
            continue
        from_nodes = sources.get(edge.source, [edge.source])
        kind = kind_of(edge, draft.losses)
        draft.relations[key] = DraftRelation(None, kind, from_nodes, edge.target, _step(edge.words))
        draft.refuse_many()


def _step(words: str) -> dict[str, object]:
    """Read the label and the scheme of a step from the words of our own arrows ("supports · “label” · scheme")."""
    parts = words.split(" · ")[1:]
    fields: dict[str, object] = {}
    if parts and parts[0][:1] == "“" and parts[0][-1:] == "”":
        fields["label"] = fit_fields.one_line(parts.pop(0)[1:-1], limits.LABEL, Losses())
    if parts and (scheme := scheme_of(" · ".join(parts))):
        fields["scheme"] = scheme
    return {name: value for name, value in fields.items() if value is not None}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the map as a flowchart from the bottom up; steps that are linked or led to have a node of their own.

    No text of the map can become Mermaid: every mark in it is written as a code.
    """
    report_unsaid(map, "mermaid", _SAID, losses)
    report_schemes(map.relations, losses)
    _report_changes(map, losses)
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


def _report_changes(map: ArgumentMap, losses: Losses) -> None:
    """Report what is read otherwise than it was: texts on several lines, marks that look like ours, numbers."""
    report_ids(map, "mermaid", {claim.id: claim.id for claim in map.claims}, losses)
    for claim in map.claims:
        read = _claim("n", plain(_label(claim)), Chart(), Losses())
        for name, told, kind in (
            ("text", claim.text, LossKind.TEXT),
            ("label", claim.label, LossKind.LABEL),
            ("speaker", claim.speaker, LossKind.SPEAKER),
        ):
            again = read.text if name == "text" else read.fields.get(name)
            if again != told:
                losses.add(
                    kind, f"The {name} of a claim is read otherwise than it was.", (claim.id,)
                )
    for relation in map.relations:
        scheme = scheme_of(name_of(relation.scheme)) if relation.scheme else None
        read_step = _step(plain(_step_words(relation)))
        for name, value, kind in (
            ("label", relation.label, LossKind.LABEL),
            ("scheme", scheme, LossKind.SCHEME),
        ):
            if read_step.get(name) != value:
                losses.add(
                    kind, f"The {name} of a step is read otherwise than it was.", (relation.id,)
                )
    again_named = names_of(
        [(claim.id, claim.id) for claim in map.claims],
        [(relation.id, None) for relation in map.relations],
    )
    numbered = "Relations are numbered anew."
    losses.add(LossKind.ID, numbered, (id for id, name in again_named.items() if id != name))


def _step_words(relation: Relation) -> str:
    scheme = name_of(relation.scheme) if relation.scheme else None
    label = f"“{relation.label}”" if relation.label else None
    words = " · ".join(part for part in (relation.kind.value, label, scheme) if part)
    return _safe(words)


def _arrows(relation: Relation, names: dict[str, str]) -> list[str]:
    arrow = _ARROWS[relation.kind]
    words = _step_words(relation)
    point = names.get(relation.id)
    target = names[relation.target]
    if point is None:
        return [f'  {names[relation.sources[0]]} {arrow}|"{words}"| {target}']
    return [
        *(f"  {names[source]} --- {point}" for source in relation.sources),
        f'  {point} {arrow}|"{words}"| {target}',
    ]


def _label(claim: Claim) -> str:
    head = f"{claim.kind.value} {claim.id}" + (f": {claim.label}" if claim.label else "")
    lines = [head]
    for paragraph in claim.text.split("\n"):
        lines += textwrap.wrap(paragraph, 40, break_long_words=False, break_on_hyphens=False)
    if claim.speaker:
        lines.append(f"— {claim.speaker}")
    return "<br/>".join(_safe(line) for line in lines)


def _safe(text: str) -> str:
    return _UNSAFE.sub(
        lambda match: f"#{ord(match[0])};", text.replace("\n", " ").replace("\t", " ")
    )
